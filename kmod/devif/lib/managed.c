// SPDX-License-Identifier: GPL-2.0
/*
 * Managed objects: a device has one ended when its driver is unbound.
 *
 * A module may have left a managed object to a device of another driver. The managed
 * resource stays with the device when that module is unloaded, and so must the code that
 * releases it: each resource holds a reference to this module.
 */
#include <linux/device.h>
#include <linux/module.h>

#include "lib/managed.h"

static void managed_release(struct device *dev, void *res)
{
	struct devif_managed *managed = res;

	managed->end(managed);
	/* the last thing: devif_unload() waits until we have returned */
	module_put(THIS_MODULE);
}

/**
 * devif_managed_alloc() - prepare to have an object ended
 * @end: ends the object, and gives a reference to it back
 *
 * Context: May sleep.
 *
 * Return: the managed resource, for devif_managed_add() or devif_managed_free(), or %NULL
 */
struct devif_managed *devif_managed_alloc(void (*end)(const struct devif_managed *managed))
{
	struct devif_managed *managed;

	managed = devres_alloc(managed_release, sizeof(*managed), GFP_KERNEL);
	if (managed)
		managed->end = end;
	return managed;
}

/**
 * devif_managed_free() - undo devif_managed_alloc()
 * @managed: the managed resource, which was not added
 *
 * Context: Any.
 */
void devif_managed_free(struct devif_managed *managed)
{
	devres_free(managed);
}

/**
 * devif_managed_add() - have an object ended with the binding of a device
 * @dev: the device
 * @managed: the managed resource
 * @object: the object; the resource has a reference, since the object may end before, with
 *	its module
 * @owner: module of the object
 *
 * Context: Any that may take a spinlock; the module of the caller uses this one.
 */
void devif_managed_add(struct device *dev, struct devif_managed *managed,
		       void *object, struct module *owner)
{
	managed->object = object;
	managed->owner = owner;
	__module_get(THIS_MODULE);
	devres_add(dev, managed);
}
