// SPDX-License-Identifier: GPL-2.0
/*
 * The device and its driver. Binding and unbinding in sysfs plugs and unplugs all of
 * its functions.
 */
#include <linux/module.h>
#include <linux/platform_device.h>

#include "hardware.h"

static bool fail;
module_param(fail, bool, 0644);
MODULE_PARM_DESC(fail, "Let probe() fail when all functions are there");

static char *disk = "dvf0";
module_param(disk, charp, 0444);
MODULE_PARM_DESC(disk, "Name of the first disk, that of the second has n7 behind it");

static struct platform_device *device;

static int hardware_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	char second[16];
	int ret;

	snprintf(second, sizeof(second), "%sn7", disk);

	/* two ports of one number, and one of another */
	ret = hardware_add_net(dev, 0) ?:
	      hardware_add_net(dev, 0) ?:
	      hardware_add_net(dev, 2) ?:
	      hardware_add_disk(dev, disk) ?:
	      hardware_add_disk(dev, second) ?:
	      hardware_add_battery(dev) ?:
	      hardware_add_hid(dev);
	if (ret)
		return ret;
	return fail ? -EIO : 0;
}

static struct platform_driver driver = {
	.probe = hardware_probe,
	.driver = {
		.name = "devif-hardware",
	},
};

static int __init hardware_init(void)
{
	int ret;

	ret = hardware_init_hid();
	if (ret)
		return ret;
	ret = platform_driver_register(&driver);
	if (ret)
		goto err_hid;
	device = platform_device_register_simple("devif-hardware",
						 PLATFORM_DEVID_NONE, NULL, 0);
	ret = PTR_ERR_OR_ZERO(device);
	if (ret)
		goto err_driver;
	return 0;

err_driver:
	platform_driver_unregister(&driver);
err_hid:
	hardware_exit_hid();
	return ret;
}

static void __exit hardware_exit(void)
{
	platform_device_unregister(device);
	platform_driver_unregister(&driver);
	hardware_exit_hid();
}

module_init(hardware_init);
module_exit(hardware_exit);

MODULE_DESCRIPTION("Hardware that is not there, for tests of devif");
MODULE_LICENSE("GPL");
