// SPDX-License-Identifier: GPL-2.0
/*
 * An interface on any device, for tests: a third module, of which the device's driver knows
 * nothing, registers it.
 */
#include <linux/device.h>
#include <linux/devif.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>

static char *device;
module_param(device, charp, 0444);
MODULE_PARM_DESC(device, "path of the device from /sys/devices/platform on, one name a level");

/* {5f1de0a4-7a41-4c3c-9b0a-0f0d3c5ee8a1} */
static const guid_t door_class = GUID_INIT(0x5f1de0a4, 0x7a41, 0x4c3c, 0x9b, 0x0a,
					   0x0f, 0x0d, 0x3c, 0x5e, 0xe8, 0xa1);

static struct devif *door_interface;

/* Return the device at the path, which is cut up, for put_device(), or %NULL. */
static struct device *door_walk(char *path)
{
	struct device *dev = get_device(&platform_bus), *child;
	char *name;

	while (dev && (name = strsep(&path, "/"))) {
		child = device_find_child_by_name(dev, name);
		put_device(dev);
		dev = child;
	}
	return dev;
}

static struct device *door_find(void)
{
	char *path = kstrdup(device ?: "", GFP_KERNEL);
	struct device *dev = NULL;

	if (path)
		dev = door_walk(path);
	kfree(path);
	return dev;
}

static int __init door_load(void)
{
	const struct devif_desc desc = { .class = &door_class, .flags = DEVIF_AUTO };
	struct device *dev = door_find();
	int ret;

	if (!dev)
		return -ENODEV;
	ret = devif_register(dev, &desc, &door_interface);
	put_device(dev);
	return min(ret, 0);
}

static void __exit door_unload(void)
{
	devif_unregister(door_interface);
}

module_init(door_load);
module_exit(door_unload);

MODULE_DESCRIPTION("Device interfaces: an interface on any device, for tests");
MODULE_AUTHOR("The devif authors");
MODULE_LICENSE("GPL");
MODULE_IMPORT_DEVIF();
