// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's device classes by name. Most are not exported to modules. A device points
 * to its class, so walk the set of all devices.
 */
#include <linux/device/class.h>
#include <linux/kobject.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "wellknown.h"

/**
 * wk_find_kernel_class() - find a class of the kernel
 * @name: name of a class that is never unloaded
 *
 * Context: Process context.
 *
 * Return: the class; %NULL if it has no device.
 */
compat_class_t *wk_find_kernel_class(const char *name)
{
	compat_class_t *found = NULL;
	struct kset *devices = platform_bus.kobj.kset;
	struct kobject *kobj;
	struct device *dev;

	spin_lock(&devices->list_lock);
	list_for_each_entry(kobj, &devices->list, entry) {
		dev = kobj_to_dev(kobj);
		if (!dev->class || strcmp(dev->class->name, name))
			continue;
		found = dev->class;
		break;
	}
	spin_unlock(&devices->list_lock);
	return found;
}
