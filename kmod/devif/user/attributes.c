// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes of interfaces in sysfs, and variables of their uevents.
 *
 * Documentation/ABI/testing/sysfs-bus-devif describes the attributes. No show function
 * and no uevent takes a lock; enabled_store() takes the locks of devif_enable().
 */
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "user/user.h"

static ssize_t class_guid_show(struct device *dev, struct device_attribute *attr,
			       char *buf)
{
	struct devif *devif = dev_get_drvdata(dev);

	return sysfs_emit(buf, DEVIF_GUID_FMT "\n", devif_class_guid(devif));
}
static DEVICE_ATTR_RO(class_guid);

static ssize_t reference_string_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	struct devif *devif = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n", devif_reference_string(devif));
}
static DEVICE_ATTR_RO(reference_string);

static ssize_t symbolic_link_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	struct devif *devif = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n", devif_link_name(devif));
}
static DEVICE_ATTR_RO(symbolic_link);

static ssize_t enabled_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct devif *devif = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", devif_is_enabled(devif));
}

static ssize_t enabled_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	struct devif *devif = dev_get_drvdata(dev);
	bool enable;
	int ret;

	ret = kstrtobool(buf, &enable);
	if (ret)
		return ret;
	ret = enable ? devif_enable(devif) : devif_disable(devif);
	/* the interface already is as the writer wants it */
	return ret && ret != -EALREADY ? ret : count;
}
static DEVICE_ATTR_RW(enabled);

static struct attribute *interface_attrs[] = {
	&dev_attr_reference_string.attr,
	&dev_attr_symbolic_link.attr,
	&dev_attr_enabled.attr,
	NULL,
};

static umode_t interface_attr_visible(struct kobject *kobj,
				      struct attribute *attr, int n)
{
	struct devif *devif = dev_get_drvdata(kobj_to_dev(kobj));

	if (attr == &dev_attr_reference_string.attr &&
	    !*devif_reference_string(devif))
		return 0;
	return attr->mode;
}

static const struct attribute_group interface_group = {
	.attrs = interface_attrs,
	.is_visible = interface_attr_visible,
};

/* The class: its GUID, and a link to it; and a link to the device. */
static struct attribute *guid_attrs[] = {
	&dev_attr_class_guid.attr,
	NULL,
};

static void interface_link(struct kobject *kobj, struct device *target,
			   const char *name)
{
	if (sysfs_create_link(kobj, &target->kobj, name))
		dev_err_ratelimited(kobj_to_dev(kobj), "no link \"%s\"\n", name);
}

/*
 * The links are made while the attribute is about to be, because a listener for "add" is to
 * find them, and the driver core calls no other function of ours in between.
 * devif_sysfs_add() checks for the links.
 */
static umode_t guid_attr_visible(struct kobject *kobj, struct attribute *attr,
				 int n)
{
	struct devif *devif = dev_get_drvdata(kobj_to_dev(kobj));

	interface_link(kobj, devif->record->class->dev, DEVIF_CLASS_LINK);
	interface_link(kobj, devif->host->dev, DEVIF_HOST_LINK);
	return attr->mode;
}

static const struct attribute_group guid_group = {
	.attrs = guid_attrs,
	.is_visible = guid_attr_visible,
};

static const struct attribute_group *interface_groups[] = {
	&interface_group,
	&guid_group,
	NULL,
};

/* Room for the variable that the driver core appends: SEQNUM and its number. */
#define UEVENT_RESERVE	64

/* Add a variable, or leave it out: an overflow would lose the whole event. */
static int add_if_it_fits(struct kobj_uevent_env *env, const char *key,
			  const char *value)
{
	size_t size = strlen(key) + 1 + strlen(value) + 1;

	if (env->buflen + size + UEVENT_RESERVE > sizeof(env->buf))
		return 0;
	return add_uevent_var(env, "%s=%s", key, value);
}

static int interface_uevent(compat_uevent_device *dev,
			    struct kobj_uevent_env *env)
{
	const struct devif *devif = dev_get_drvdata(dev);
	const guid_t *guid = devif_class_guid(devif);
	int ret;

	ret = add_uevent_var(env, "MODALIAS=devif:" DEVIF_GUID_FMT, guid);
	if (!ret)
		ret = add_uevent_var(env, "DEVIF_CLASS_GUID=" DEVIF_GUID_FMT,
				     guid);
	if (!ret)
		ret = add_uevent_var(env, "DEVIF_ENABLED=%d",
				     devif_is_enabled(devif));
	if (!ret)
		ret = add_if_it_fits(env, "DEVIF_SYMBOLIC_LINK",
				     devif_link_name(devif));
	if (!ret && *devif_reference_string(devif))
		ret = add_if_it_fits(env, "DEVIF_REFERENCE_STRING",
				     devif_reference_string(devif));
	return ret;
}

/*
 * Name and permissions of the node, for devtmpfs and udev. Permissions only if the driver
 * has asked for them, and only until the interface is active, that is for devtmpfs and with
 * "add": udev sets the mode in an event over that of a rule or an administrator.
 */
static char *interface_devnode(compat_uevent_device *dev, umode_t *mode,
			       kuid_t *uid, kgid_t *gid)
{
	const struct devif *devif = dev_get_drvdata(dev);

	if (mode && devif->mode && READ_ONCE(devif->life) == DEVIF_LIFE_NEW)
		*mode = devif->mode;
	return kasprintf(GFP_KERNEL, "devif/%s", dev_name(dev));
}

static const struct device_type interface_type = {
	.groups = interface_groups,
	.uevent = interface_uevent,
	.devnode = interface_devnode,
};

int devif_attributes_init(void)
{
	int ret;

	devif_interface_type = &interface_type;
	ret = bus_register(&devif_interface_bus);
	if (ret)
		return ret;
	ret = devif_class_attributes_init();
	if (ret)
		compat_bus_unregister(&devif_interface_bus);
	return ret;
}

void devif_attributes_exit(void)
{
	devif_class_attributes_exit();
	compat_bus_unregister(&devif_interface_bus);
}
