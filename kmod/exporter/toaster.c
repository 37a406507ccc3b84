// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual toasters.
 *
 *	echo 7 > /sys/bus/toaster/plug		plug toaster7 in
 *	echo 7 > /sys/bus/toaster/unplug	pull it out, as from a live socket
 *	echo 7 > /sys/bus/toaster/eject		the same, if all its holders agree
 *	echo 1 > /sys/bus/toaster/devices/toaster7/hidden
 *						disable its interface, as a driver does
 *						whose device does not respond
 *
 * The driver is a model of a driver with interfaces: it registers and exports in
 * probe(), and needs no more code for them.
 */
#include <linux/atomic.h>
#include <linux/devif.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "../compat.h"
#include "toaster.h"
#include "toaster_interface.h"

static const guid_t toaster_guid = TOASTER_CLASS_GUID;

/*
 * The driver
 */

/* Count the probes of a toaster, also before the last boot if the registry was saved. */
static void count_plugging_in(struct device *dev, struct devif *devif)
{
	struct devif_properties *properties = devif_properties(devif);
	u32 count = 0;
	int ret;

	ret = devif_property_get_u32(properties, TOASTER_PLUGGED_IN, &count);
	if (!ret || ret == -ENOENT)
		ret = devif_property_set_u32(properties, TOASTER_PLUGGED_IN,
					     count + 1);
	/* user space may have changed the type of the property */
	if (ret)
		dev_warn(dev, "cannot count how often it comes: error %d\n",
			 ret);
}

static int toaster_probe(struct device *dev)
{
	const struct devif_desc desc = {
		.class = &toaster_guid,
		.flags = DEVIF_AUTO | DEVIF_NODE |
			 (public_events ? DEVIF_PUBLIC_EVENTS : 0),
		.mode = node_mode,
	};
	struct devif *devif;
	int ret;

	ret = devm_devif_register(dev, &desc, &devif);
	if (ret < 0)
		return ret;
	dev_set_drvdata(dev, devif);
	count_plugging_in(dev, devif);
	dev_info(dev, "%s %s\n", devif_name(devif),
		 ret == DEVIF_EXISTED ? "is back" : "is new");
	return toaster_export(dev);
}

/* The system goes down: toasters are not to be opened any more. */
static void toaster_shutdown(struct device *dev)
{
	devif_shutdown(dev);
}

static ssize_t hidden_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%d\n", !devif_is_enabled(dev_get_drvdata(dev)));
}

static ssize_t hidden_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	struct devif *devif = dev_get_drvdata(dev);
	bool hide;
	int ret;

	ret = kstrtobool(buf, &hide);
	if (ret)
		return ret;
	ret = hide ? devif_disable(devif) : devif_enable(devif);
	return ret && ret != -EALREADY ? ret : count;
}

static DEVICE_ATTR_RW(hidden);

static struct attribute *toaster_attrs[] = {
	&dev_attr_hidden.attr,
	NULL,
};
ATTRIBUTE_GROUPS(toaster);

static ssize_t plug_store(compat_bus_t *bus, const char *buf, size_t count);
static ssize_t unplug_store(compat_bus_t *bus, const char *buf,
			    size_t count);
static ssize_t eject_store(compat_bus_t *bus, const char *buf, size_t count);
static BUS_ATTR_WO(plug);
static BUS_ATTR_WO(unplug);
static BUS_ATTR_WO(eject);

static struct attribute *toaster_bus_attrs[] = {
	&bus_attr_plug.attr,
	&bus_attr_unplug.attr,
	&bus_attr_eject.attr,
	NULL,
};
ATTRIBUTE_GROUPS(toaster_bus);

static struct bus_type toaster_bus = {
	.name = "toaster",
	.probe = toaster_probe,
	.shutdown = toaster_shutdown,
	.bus_groups = toaster_bus_groups,
};

static struct device_driver toaster_driver = {
	.name = "toaster",
	.bus = &toaster_bus,
	.owner = THIS_MODULE,
	.dev_groups = toaster_groups,
};

/*
 * The devices
 */

/* Serialises plugging in, pulling out, and the end. */
static DEFINE_MUTEX(socket_lock);
static bool closed;

/* Number of toasters in memory; unloading waits for their release. */
static atomic_t toasters = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(released);

/* Parent of all toasters. */
static struct device *kitchen;

static void toaster_release(struct device *dev)
{
	kfree(dev);
	if (atomic_dec_and_test(&toasters))
		wake_up(&released);
}

static struct device *find_toaster(unsigned int number)
{
	char name[20];

	snprintf(name, sizeof(name), "toaster%u", number);
	return bus_find_device_by_name(&toaster_bus, NULL, name);
}

static int add_toaster(unsigned int number)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int ret;

	if (!dev)
		return -ENOMEM;
	atomic_inc(&toasters);
	dev->bus = &toaster_bus;
	dev->parent = kitchen;
	dev->release = toaster_release;
	device_initialize(dev);
	ret = dev_set_name(dev, "toaster%u", number);
	if (!ret)
		ret = device_add(dev);
	if (ret)
		put_device(dev);
	return ret;
}

static int plug(unsigned int number)
{
	struct device *dev;
	int ret = -ENODEV;

	if (mutex_lock_killable(&socket_lock))
		return -EINTR;
	dev = find_toaster(number);
	if (dev) {
		put_device(dev);
		ret = -EEXIST;
	} else if (!closed) {
		ret = add_toaster(number);
	}
	mutex_unlock(&socket_lock);
	return ret;
}

static int pull_out(struct device *dev)
{
	bool there;

	if (mutex_lock_killable(&socket_lock))
		return -EINTR;
	there = device_is_registered(dev);
	if (there)
		device_unregister(dev);
	mutex_unlock(&socket_lock);
	return there ? 0 : -ENODEV;
}

static int unplug(unsigned int number)
{
	struct device *dev = find_toaster(number);
	int ret;

	if (!dev)
		return -ENODEV;
	ret = pull_out(dev);
	put_device(dev);
	return ret;
}

static int eject(unsigned int number)
{
	struct device *dev = find_toaster(number);
	int ret;

	if (!dev)
		return -ENODEV;
	ret = devif_query_remove(dev);
	if (!ret) {
		ret = pull_out(dev);
		/* the process is killed, and the toaster stays */
		if (ret == -EINTR)
			devif_cancel_remove(dev);
	}
	put_device(dev);
	return ret;
}

static ssize_t plug_store(compat_bus_t *bus, const char *buf, size_t count)
{
	unsigned int number;
	int ret;

	ret = kstrtouint(buf, 0, &number) ?: plug(number);
	return ret ?: count;
}

static ssize_t unplug_store(compat_bus_t *bus, const char *buf, size_t count)
{
	unsigned int number;
	int ret;

	ret = kstrtouint(buf, 0, &number) ?: unplug(number);
	return ret ?: count;
}

static ssize_t eject_store(compat_bus_t *bus, const char *buf, size_t count)
{
	unsigned int number;
	int ret;

	ret = kstrtouint(buf, 0, &number) ?: eject(number);
	return ret ?: count;
}

static int remove_toaster(struct device *dev, void *data)
{
	device_unregister(dev);
	return 0;
}

/* Unplug all toasters, for good, and wait until their memory is released. */
static void empty_kitchen(void)
{
	mutex_lock(&socket_lock);
	closed = true;
	device_for_each_child(kitchen, NULL, remove_toaster);
	mutex_unlock(&socket_lock);
	wait_event(released, !atomic_read(&toasters));
	/* the task that released the last is about to return from our code */
	devif_preempted_wait();
}

int toaster_init(unsigned int count)
{
	unsigned int i;
	int ret;

	kitchen = root_device_register("kitchen");
	if (IS_ERR(kitchen))
		return PTR_ERR(kitchen);
	ret = bus_register(&toaster_bus);
	if (ret)
		goto err_kitchen;
	ret = driver_register(&toaster_driver);
	if (ret)
		goto err_bus;

	for (i = 0; i < count; i++) {
		ret = plug(i);
		/* user space may have been quicker */
		if (ret && ret != -EEXIST)
			goto err_toasters;
	}
	return 0;

err_toasters:
	toaster_exit();
	return ret;
err_bus:
	/* user space may have plugged toasters in */
	empty_kitchen();
	compat_bus_unregister(&toaster_bus);
err_kitchen:
	root_device_unregister(kitchen);
	return ret;
}

void toaster_exit(void)
{
	empty_kitchen();
	driver_unregister(&toaster_driver);
	compat_bus_unregister(&toaster_bus);
	root_device_unregister(kitchen);
	toaster_report();
	slots_report();
}
