// SPDX-License-Identifier: GPL-2.0
/*
 * An exporter for a test: its files are detached, and a read of one stays inside until
 * the export has ended, and for a while after that, when only the unload of this module
 * waits for it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/devif.h>
#include <linux/device.h>
#include <linux/module.h>

static const guid_t lingering_class = GUID_INIT(0x6f1d3c52, 0x8a4e, 0x4b0d,
	0x9c, 0x11, 0x5e, 0x27, 0x90, 0x3a, 0x1b, 0x64);

static struct device *lingering_root;
static struct devif *lingering_devif;
static struct devif_export *lingering_export;

static ssize_t lingering_read(void *context, struct devif_file *file,
			      struct iov_iter *to, loff_t *pos)
{
	pr_info("call begins\n");
	while (!devif_is_gone(context))
		msleep(20);
	/* long enough for an unload that does not wait */
	msleep(1000);
	pr_info("call ends\n");
	return 0;
}

static void lingering_release(void *context)
{
	pr_info("context is released\n");
}

static const struct devif_file_interface lingering_table = {
	.header = DEVIF_INTERFACE_INIT(struct devif_file_interface, 1),
	.read = lingering_read,
};

static int lingering_register(void)
{
	const struct devif_desc desc = {
		.class = &lingering_class,
		.flags = DEVIF_AUTO | DEVIF_NODE,
	};
	const struct devif_export_desc export_desc = {
		.guid = &devif_file_guid,
		.table = devif_header(&lingering_table),
		.release = lingering_release,
		.flags = DEVIF_EXPORT_DETACHED,
	};
	int ret = devif_export(lingering_root, &export_desc, &lingering_export);

	if (ret)
		return ret;
	ret = devif_register(lingering_root, &desc, &lingering_devif);
	if (ret >= 0)
		return 0;
	devif_unexport(lingering_export);
	return ret;
}

static int __init lingering_load(void)
{
	int ret;

	lingering_root = root_device_register(KBUILD_MODNAME);
	if (IS_ERR(lingering_root))
		return PTR_ERR(lingering_root);
	ret = lingering_register();
	if (ret)
		root_device_unregister(lingering_root);
	return ret;
}

static void __exit lingering_unload(void)
{
	devif_unregister(lingering_devif);
	devif_unexport(lingering_export);
	root_device_unregister(lingering_root);
	pr_info("exit function ends\n");
}

module_init(lingering_load);
module_exit(lingering_unload);

MODULE_DESCRIPTION("Device interfaces: calls that outlast their export, for a test");
MODULE_LICENSE("GPL");
MODULE_IMPORT_DEVIF();
