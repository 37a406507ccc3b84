// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces in sysfs, and their uevents.
 *
 * What is shown is described in Documentation/ABI/testing/sysfs-class-devif. The
 * devices are made by device_create(), whose release function is the driver core's, so
 * none of our code runs when user space drops the last reference. No show function and
 * no uevent takes a lock; enabled_store() takes those of devif_enable().
 */
#include <linux/device.h>
#include <linux/idr.h>
#include <linux/kdev_t.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "file.h"
#include "listener.h"

static struct class *interface_sysfs;
static DEFINE_IDA(interface_ids);

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
	/* that it is so already is what was asked for */
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

/* The class: its GUID, and a link to it. */
static struct attribute *guid_attrs[] = {
	&dev_attr_class_guid.attr,
	NULL,
};

#define CLASS_LINK	"interface_class"

/*
 * The link is made where the attribute is about to be, because whoever is told of the
 * interface by "add" is to find both, and the driver core calls nothing else in between.
 * devif_sysfs_add() sees whether the link is there.
 */
static umode_t guid_attr_visible(struct kobject *kobj, struct attribute *attr,
				 int n)
{
	struct devif *devif = dev_get_drvdata(kobj_to_dev(kobj));

	if (sysfs_create_link(kobj, &devif->record->class->dev->kobj,
			      CLASS_LINK))
		dev_err_ratelimited(kobj_to_dev(kobj), "no link to the class\n");
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

/* What the driver core adds behind us: SEQNUM and its number. */
#define UEVENT_RESERVE	64

/* Add a property, or leave it out: an overflow would lose the whole event. */
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
 * has asked for them, and only until the interface is there, that is for devtmpfs and with
 * "add": udev sets what an event carries, over what a rule or an administrator has set.
 */
static char *interface_devnode(compat_uevent_device *dev, umode_t *mode)
{
	const struct devif *devif = dev_get_drvdata(dev);

	if (mode && devif->mode && READ_ONCE(devif->life) == DEVIF_LIFE_NEW)
		*mode = devif->mode;
	return kasprintf(GFP_KERNEL, "devif/%s", dev_name(dev));
}

static bool has_entry(struct kernfs_node *directory, const char *name)
{
	struct kernfs_node *node = sysfs_get_dirent(directory, name);

	kernfs_put(node);
	return node;
}

/*
 * The link below "registered" has made the kernfs node of the device stay. Its
 * "uevent" file goes early in device_del(), before the last call that tells us
 * of the removal, and that call waits for interfaces on their way in. So while
 * the file is there, the device cannot go before we have added its child.
 */
static bool device_can_have_children(struct devif_class *class,
				     const char *name)
{
	struct kernfs_node *group, *link = NULL;
	bool can = false;

	group = sysfs_get_dirent(class->dev->kobj.sd, "registered");
	if (group)
		link = sysfs_get_dirent(group, name);
	if (link)
		can = has_entry(link->symlink.target_kn, "uevent");
	kernfs_put(link);
	kernfs_put(group);
	return can;
}

/**
 * devif_sysfs_add() - add the device of an interface
 * @devif: an interface in the tables
 *
 * Context: May sleep; no lock of ours held.
 *
 * Return: 0, -ENODEV if its host is being removed, or what the driver core says
 */
int devif_sysfs_add(struct devif *devif)
{
	struct devif_class *class = devif->record->class;
	struct kobject *class_kobj = &class->dev->kobj;
	struct device *host = devif->host->dev;
	char *name = devif->name;
	struct device *dev;
	int ret;

	ret = ida_alloc(&interface_ids, GFP_KERNEL);
	if (ret < 0)
		return ret;
	devif->id = ret;
	snprintf(name, DEVIF_NAME_SIZE, "devif%u", devif->id);

	ret = sysfs_add_link_to_group(class_kobj, "registered", &host->kobj,
				      name);
	if (ret == -ENOENT)
		ret = -ENODEV;
	if (ret)
		goto err_id;
	if (!device_can_have_children(class, name)) {
		ret = -ENODEV;
		goto err_registered;
	}

	if (devif->flags & DEVIF_NODE) {
		ret = devif_chardev_add(devif);
		if (ret)
			goto err_registered;
	}
	dev = device_create(interface_sysfs, host, devif->devt, devif, "%s",
			    name);
	if (IS_ERR(dev)) {
		ret = PTR_ERR(dev);
		goto err_number;
	}
	if (!has_entry(dev->kobj.sd, CLASS_LINK)) {
		ret = -ENOMEM;
		goto err_device;
	}
	devif->dev = get_device(dev);
	return 0;

err_device:
	device_unregister(dev);
err_number:
	devif_chardev_remove(devif);
err_registered:
	sysfs_remove_link_from_group(class_kobj, "registered", name);
err_id:
	ida_free(&interface_ids, devif->id);
	return ret;
}

/**
 * devif_sysfs_remove() - remove the device of an interface
 * @devif: a disabled interface
 *
 * Context: May sleep; no lock of ours held. Waits for readers of attributes.
 */
void devif_sysfs_remove(struct devif *devif)
{
	struct kobject *class_kobj = &devif->record->class->dev->kobj;

	sysfs_remove_link(&devif->dev->kobj, CLASS_LINK);
	device_unregister(devif->dev);
	devif_chardev_remove(devif);
	sysfs_remove_link_from_group(class_kobj, "registered", devif->name);
}

/**
 * devif_sysfs_release() - nobody holds an interface any more
 * @devif: an interface that was added, or could not be
 *
 * Its number is free only now: who holds an interface may call things by its
 * name without meeting another of that name.
 */
void devif_sysfs_release(struct devif *devif)
{
	if (!devif->dev)
		return;
	put_device(devif->dev);
	ida_free(&interface_ids, devif->id);
}

/**
 * devif_sysfs_link() - show an interface among the enabled ones of its class
 * @devif: the interface
 *
 * Return: 0 or -ENOMEM
 */
int devif_sysfs_link(struct devif *devif)
{
	return sysfs_add_link_to_group(&devif->record->class->dev->kobj,
				       "interfaces", &devif->dev->kobj,
				       devif->name);
}

/**
 * devif_sysfs_unlink() - no longer show an interface among the enabled ones
 * @devif: the interface
 */
void devif_sysfs_unlink(struct devif *devif)
{
	sysfs_remove_link_from_group(&devif->record->class->dev->kobj,
				     "interfaces", devif->name);
}

/**
 * devif_sysfs_event() - tell user space of a change of state
 * @devif: the interface
 * @event: "arrival" or "removal"
 *
 * An event that cannot be sent is lost, as always with uevents; the state in
 * sysfs is what counts.
 */
void devif_sysfs_event(struct devif *devif, const char *event)
{
	char variable[sizeof("DEVIF_EVENT=arrival")];
	char *envp[2] = { variable, NULL };

	snprintf(variable, sizeof(variable), "DEVIF_EVENT=%s", event);
	kobject_uevent_env(&devif->dev->kobj, KOBJ_CHANGE, envp);
}

/* More data than that is never shown in a uevent: %*ph shows no more. */
#define SHOWN_DATA	64

/**
 * devif_sysfs_device_event() - tell user space of an event of the device
 * @devif: an interface of the device
 * @item: the event
 * @lost: how many events before it have not been told
 *
 * Context: May sleep; state_lock of @devif held, which keeps it from being removed.
 */
void devif_sysfs_device_event(struct devif *devif,
			      const struct devif_event_item *item,
			      unsigned long lost)
{
	char guid[sizeof("DEVIF_EVENT_GUID=") + UUID_STRING_LEN];
	char size[sizeof("DEVIF_EVENT_SIZE=65536")];
	char missing[sizeof("DEVIF_EVENT_LOST=18446744073709551615")];
	char *envp[6] = { "DEVIF_EVENT=device", guid, size, missing };
	char *data = NULL;

	snprintf(guid, sizeof(guid), "DEVIF_EVENT_GUID=%pUl", &item->guid);
	snprintf(size, sizeof(size), "DEVIF_EVENT_SIZE=%zu", item->size);
	snprintf(missing, sizeof(missing), "DEVIF_EVENT_LOST=%lu", lost);
	if (devif->flags & DEVIF_PUBLIC_EVENTS && item->size &&
	    item->size <= SHOWN_DATA)
		data = kasprintf(GFP_KERNEL, "DEVIF_EVENT_DATA=%*phN",
				 (int)item->size, item->data);
	envp[4] = data;
	kobject_uevent_env(&devif->dev->kobj, KOBJ_CHANGE, envp);
	kfree(data);
}

int devif_sysfs_init(void)
{
	int ret;

	interface_sysfs = compat_class_create("devif");
	if (IS_ERR(interface_sysfs))
		return PTR_ERR(interface_sysfs);
	interface_sysfs->dev_groups = interface_groups;
	interface_sysfs->dev_uevent = interface_uevent;
	interface_sysfs->devnode = interface_devnode;

	ret = devif_sysfs_class_init();
	if (ret)
		class_destroy(interface_sysfs);
	return ret;
}

void devif_sysfs_exit(void)
{
	devif_sysfs_class_exit();
	class_destroy(interface_sysfs);
	ida_destroy(&interface_ids);
}
