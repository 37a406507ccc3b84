/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The modules are written for the newest kernel. Differences of older kernels are mended
 * here, each under a name of its own.
 */
#ifndef COMPAT_H
#define COMPAT_H

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/device/bus.h>
#include <linux/device/class.h>
#include <linux/version.h>

/* 6.4: class_create() has no owner, registry functions take const types */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define compat_class_create(name)	class_create(name)
#define compat_bus_t			const struct bus_type
#else
#define compat_class_create(name)	class_create(THIS_MODULE, name)
#define compat_bus_t			struct bus_type
#endif

/* 6.4: a device's class is const */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define compat_class_t			const struct class
#else
#define compat_class_t			struct class
#endif

/* 6.4: callbacks for devices of a class do not get the class_interface */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define compat_class_callback(name)	name(struct device *dev)
#else
#define compat_class_callback(name)					\
	name(struct device *dev, struct class_interface *interface)
#endif

/* 6.2: timer_delete_sync(); 6.15: no other name for it */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define compat_timer_delete_sync(timer)	timer_delete_sync(timer)
#else
#define compat_timer_delete_sync(timer)	del_timer_sync(timer)
#endif

/*
 * 6.4: the release of a bus no longer writes to the bus_type. Before, the bus's
 * module has to wait for the release: CONFIG_DEBUG_KOBJECT_RELEASE, or a holder of
 * the bus, delays it.
 */
static inline void compat_bus_unregister(struct bus_type *bus)
{
	bus_unregister(bus);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	while (READ_ONCE(bus->p))
		msleep(20);
#endif
}

#endif /* COMPAT_H */
