// SPDX-License-Identifier: GPL-2.0
/*
 * Appliances: devices on a bus of their own, and their driver.
 *
 * An appliance does nothing but keep a note. The driver knows neither the maker of the
 * device nor its openers: it exports a query interface.
 */
#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include "../compat.h"
#include "appliance.h"
#include "ondemand.h"

/* {3d0b5c52-8c1f-4f0a-bb9e-7a4419c3e7d8} */
static const guid_t appliance_guid =
	GUID_INIT(0x3d0b5c52, 0x8c1f, 0x4f0a,
		  0xbb, 0x9e, 0x7a, 0x44, 0x19, 0xc3, 0xe7, 0xd8);

/**
 * struct note - state of a driver's binding
 * @lock: guards the rest
 * @length: of @text
 * @text: text that was written
 */
struct note {
	struct mutex lock;	/* for the note */
	size_t length;
	char text[APPLIANCE_NOTE];
};

/*
 * The driver
 */

static ssize_t note_read(void *context, struct iov_iter *to, loff_t *pos)
{
	struct note *note = devif_context(context);
	size_t n = 0;

	mutex_lock(&note->lock);
	if (*pos >= 0 && *pos < note->length)
		n = copy_to_iter(note->text + *pos, note->length - *pos, to);
	mutex_unlock(&note->lock);
	*pos += n;
	return n;
}

static ssize_t note_write(void *context, struct iov_iter *from, loff_t *pos)
{
	struct note *note = devif_context(context);
	size_t n;

	if (*pos < 0)
		return -EINVAL;
	if (*pos >= APPLIANCE_NOTE)
		return iov_iter_count(from) ? -ENOSPC : 0;
	guard(mutex)(&note->lock);
	n = copy_from_iter(note->text + *pos, APPLIANCE_NOTE - *pos, from);
	*pos += n;
	note->length = max_t(size_t, note->length, *pos);
	return n;
}

static const struct appliance_interface note_interface = {
	.header = DEVIF_INTERFACE_INIT(struct appliance_interface, 1),
	.read = note_read,
	.write = note_write,
};

static void note_free(void *context)
{
	kfree(context);
}

static int appliance_probe(struct device *dev)
{
	struct devif_export_desc desc = {
		.guid = &appliance_guid,
		.table = devif_header(&note_interface),
		.release = note_free,
	};
	struct note *note = kzalloc(sizeof(*note), GFP_KERNEL);
	int ret;

	if (!note)
		return -ENOMEM;
	mutex_init(&note->lock);
	desc.context = note;
	ret = devm_devif_export(dev, &desc, NULL);
	if (ret)
		kfree(note);
	return ret;
}

static struct bus_type ondemand_bus = {
	.name = "ondemand",
	.probe = appliance_probe,
};

static struct device_driver appliance_driver = {
	.name = "appliance",
	.bus = &ondemand_bus,
	.owner = THIS_MODULE,
};

/*
 * The devices
 */

/* Number of appliances in memory; unloading waits for their release. */
static atomic_t appliances = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(released);

static void appliance_release(struct device *dev)
{
	kfree(dev);
	if (atomic_dec_and_test(&appliances))
		wake_up(&released);
}

/**
 * appliance_add() - make an appliance
 * @parent: parent device
 * @name: name of the appliance
 *
 * Context: May sleep; not from a method that is called between devif_enter() and
 * devif_exit().
 *
 * Return: the appliance, for device_unregister(), or an error pointer
 */
struct device *appliance_add(struct device *parent, const char *name)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int ret;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	atomic_inc(&appliances);
	dev->bus = &ondemand_bus;
	dev->parent = parent;
	dev->release = appliance_release;
	device_initialize(dev);
	ret = dev_set_name(dev, "%s", name);
	if (!ret)
		ret = device_add(dev);
	if (ret) {
		put_device(dev);
		return ERR_PTR(ret);
	}
	return dev;
}

/**
 * appliance_query() - query an appliance for its interface
 * @dev: the appliance
 * @table: where to put the interface, held revocable
 *
 * Return: 0, -ENODEV if no driver is bound to @dev, or -ENOMEM
 */
int appliance_query(struct device *dev, struct appliance_interface *table)
{
	const struct devif_query_desc desc = {
		.guid = &appliance_guid,
		.version = 1,
		.flags = DEVIF_REVOCABLE,
		.holder = dev->parent,
	};
	int ret = devif_query(dev, &desc, table);

	return ret == -EOPNOTSUPP || ret == -EPROBE_DEFER ? -ENODEV : ret;
}

int appliance_init(void)
{
	int ret = bus_register(&ondemand_bus);

	if (ret)
		return ret;
	ret = driver_register(&appliance_driver);
	if (ret)
		compat_bus_unregister(&ondemand_bus);
	return ret;
}

/**
 * appliance_exit() - wait for the last appliance to be released, and clean up
 */
void appliance_exit(void)
{
	wait_event(released, !atomic_read(&appliances));
	/* the task that released the last is about to return from our code */
	devif_preempted_wait();
	driver_unregister(&appliance_driver);
	compat_bus_unregister(&ondemand_bus);
}
