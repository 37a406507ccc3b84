// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces in sysfs, and their uevents. user/attributes.c has the attributes.
 *
 * The device of an interface is no child of its host, because drivers walk the children of
 * their device and cast or unregister them: it has no parent, and its kobject is below the
 * host's. Unloading waits for the release of each (devif_host_wait_unused()).
 */
#include <linux/device.h>
#include <linux/kdev_t.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "events/events.h"
#include "file/file.h"
#include "registry/registry.h"

static bool has_entry(struct kernfs_node *directory, const char *name)
{
	struct kernfs_node *node = sysfs_get_dirent(directory, name);

	kernfs_put(node);
	return node;
}

/*
 * The link below "registered" keeps the kernfs node of the device. Its "uevent"
 * file goes early in device_del(), before the last notification of the removal,
 * which waits for interfaces on their way in. So while the file exists, the
 * device cannot go before the device of its interface has been added.
 */
static bool host_takes_interfaces(struct devif_class *class, const char *name)
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

static void interface_device_release(struct device *dev)
{
	kfree(dev);
	devif_unload_allow();
}

static struct device *interface_device_alloc(struct devif *devif)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return NULL;
	devif_unload_hold();
	device_initialize(dev);
	dev->release = interface_device_release;
	dev->bus = &devif_interface_bus;
	dev->type = devif_interface_type;
	dev->devt = devif->devt;
	dev_set_drvdata(dev, devif);
	return dev;
}

/* Return the device, for device_unregister(), or an error. */
static struct device *interface_device_add(struct devif *devif)
{
	struct device *dev = interface_device_alloc(devif);
	int ret;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	/* device_add() keeps this, as the device has neither a parent nor a class */
	dev->kobj.parent = &devif->host->dev->kobj;
	ret = dev_set_name(dev, "%s", devif->name);
	if (!ret)
		ret = device_add(dev);
	if (!ret)
		return dev;
	put_device(dev);
	return ERR_PTR(ret);
}

/**
 * devif_sysfs_add() - add the device of an interface
 * @devif: an interface in the tables
 *
 * Context: May sleep; no lock of ours held.
 *
 * Return: 0, -ENODEV if its host is being removed, or an errno of the driver core
 */
int devif_sysfs_add(struct devif *devif)
{
	struct devif_class *class = devif->record->class;
	struct kobject *class_kobj = &class->dev->kobj;
	char *name = devif->name;
	struct device *dev;
	int ret;

	ret = devif_number_take(devif);
	if (ret)
		return ret;

	ret = sysfs_add_link_to_group(class_kobj, "registered",
				      &devif->host->dev->kobj, name);
	if (ret == -ENOENT)
		ret = -ENODEV;
	if (ret)
		goto err_id;
	if (!host_takes_interfaces(class, name)) {
		ret = -ENODEV;
		goto err_registered;
	}

	if (devif->flags & DEVIF_NODE) {
		ret = devif_minor_take(devif);
		if (ret)
			goto err_registered;
	}
	dev = interface_device_add(devif);
	if (IS_ERR(dev)) {
		ret = PTR_ERR(dev);
		goto err_number;
	}
	if (!has_entry(dev->kobj.sd, DEVIF_CLASS_LINK) ||
	    !has_entry(dev->kobj.sd, DEVIF_HOST_LINK)) {
		ret = -ENOMEM;
		goto err_device;
	}
	devif->dev = get_device(dev);
	return 0;

err_device:
	device_unregister(dev);
err_number:
	devif_minor_leave(devif);
err_registered:
	sysfs_remove_link_from_group(class_kobj, "registered", name);
err_id:
	devif_number_give(devif);
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

	sysfs_remove_link(&devif->dev->kobj, DEVIF_CLASS_LINK);
	device_unregister(devif->dev);
	devif_minor_leave(devif);
	sysfs_remove_link_from_group(class_kobj, "registered", devif->name);
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
 * sysfs is authoritative.
 */
void devif_sysfs_event(struct devif *devif, const char *event)
{
	char variable[sizeof("DEVIF_EVENT=arrival")];
	char *envp[2] = { variable, NULL };

	snprintf(variable, sizeof(variable), "DEVIF_EVENT=%s", event);
	kobject_uevent_env(&devif->dev->kobj, KOBJ_CHANGE, envp);
}

/* Largest data shown in a uevent: the limit of %*ph. */
#define SHOWN_DATA	64

/**
 * devif_sysfs_device_event() - tell user space of an event of the device
 * @devif: an interface of the device
 * @item: the event
 * @lost: number of events lost before it
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
