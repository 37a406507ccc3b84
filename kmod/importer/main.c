// SPDX-License-Identifier: GPL-2.0
/*
 * Sample importer: follows the interfaces of one class, opens them, and calls the
 * toasters behind them, if any.
 *
 *	/sys/devices/devif-importer/class_guid		the class
 *	/sys/devices/devif-importer/arrivals		number of arrivals seen
 *	/sys/devices/devif-importer/removals		and of removals
 *	/sys/devices/devif-importer/calls		calls made to toasters
 *	/sys/devices/devif-importer/refused		calls refused, the toaster gone
 *	/sys/devices/devif-importer/interfaces/devifN	a file for each enabled
 *							interface: its name
 *	/sys/devices/devif-importer/targets/devifN/	see display.c
 *
 * The importer can be unloaded, and the devices that it uses can leave, at any time.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/devif.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/sysfs.h>

#include "importer.h"

struct importer_options importer_options = { .read_ms = 100 };

/* GUID_DEVINTERFACE_TOASTER */
static char *class = "781ef630-72b2-11d2-b852-00c04fad5171";
module_param(class, charp, 0444);
MODULE_PARM_DESC(class, "GUID of the interface class to follow (default: toasters)");

module_param_named(read_ms, importer_options.read_ms, uint, 0444);
MODULE_PARM_DESC(read_ms, "milliseconds from read to read (default 100)");

module_param_named(path, importer_options.path, charp, 0444);
MODULE_PARM_DESC(path, "what to add to the names of interfaces; they are opened for reading only");

module_param_named(refuse, importer_options.refuse, bool, 0444);
MODULE_PARM_DESC(refuse, "refuse removals, until told otherwise in sysfs (default N)");

module_param_named(pinned, importer_options.pinned, bool, 0444);
MODULE_PARM_DESC(pinned, "hold toasters so that the exporter cannot be unloaded (default N)");

module_param_named(keep, importer_options.keep, bool, 0444);
MODULE_PARM_DESC(keep, "be careless: do not let go of what has been removed (default N)");

static struct device *importer;

static ssize_t class_guid_show(struct device *dev, struct device_attribute *attr,
			       char *buf)
{
	return sysfs_emit(buf, DEVIF_GUID_FMT "\n", &importer_class);
}
static DEVICE_ATTR_RO(class_guid);

static ssize_t arrivals_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%lu\n", READ_ONCE(importer_arrivals));
}
static DEVICE_ATTR_RO(arrivals);

static ssize_t removals_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%lu\n", READ_ONCE(importer_removals));
}
static DEVICE_ATTR_RO(removals);

static ssize_t calls_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%ld\n", atomic_long_read(&importer_calls.calls));
}
static DEVICE_ATTR_RO(calls);

static ssize_t refused_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%ld\n",
			  atomic_long_read(&importer_calls.refused));
}
static DEVICE_ATTR_RO(refused);

static struct attribute *importer_attrs[] = {
	&dev_attr_class_guid.attr,
	&dev_attr_arrivals.attr,
	&dev_attr_removals.attr,
	&dev_attr_calls.attr,
	&dev_attr_refused.attr,
	NULL,
};

static const struct attribute_group importer_group = {
	.attrs = importer_attrs,
};

static struct attribute *no_attrs[] = {
	NULL,
};

static const struct attribute_group interfaces_group = {
	.name = "interfaces",
	.attrs = no_attrs,
};

static const struct attribute_group *importer_groups[] = {
	&importer_group,
	&interfaces_group,
	NULL,
};

static int __init importer_init(void)
{
	int ret;

	ret = strlen(class) == UUID_STRING_LEN ?
	      guid_parse(class, &importer_class) : -EINVAL;
	if (ret) {
		pr_err("class: \"%s\" is not a GUID\n", class);
		return ret;
	}
	ret = second_init();
	if (ret)
		return ret;
	importer = root_device_register("devif-importer");
	if (IS_ERR(importer)) {
		ret = PTR_ERR(importer);
		goto err_second;
	}
	ret = sysfs_create_groups(&importer->kobj, importer_groups);
	if (ret)
		goto err_importer;
	ret = display_init(importer);
	if (ret)
		goto err_groups;
	/* last: callbacks begin here */
	ret = follow_start(importer);
	if (ret)
		goto err_display;
	return 0;

err_display:
	display_exit();
err_groups:
	sysfs_remove_groups(&importer->kobj, importer_groups);
err_importer:
	root_device_unregister(importer);
err_second:
	second_exit();
	return ret;
}

static void __exit importer_exit(void)
{
	follow_stop();
	display_exit();
	sysfs_remove_groups(&importer->kobj, importer_groups);
	root_device_unregister(importer);
	second_exit();
}

module_init(importer_init);
module_exit(importer_exit);

MODULE_DESCRIPTION("Device interfaces: sample importer");
MODULE_AUTHOR("The devif authors");
MODULE_VERSION(DEVIF_VERSION);
MODULE_LICENSE("GPL");
MODULE_DEVIF_ALIAS("781ef630-72b2-11d2-b852-00c04fad5171");
MODULE_IMPORT_DEVIF();
