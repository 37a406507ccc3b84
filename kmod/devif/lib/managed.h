/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Managed objects: interfaces, exports and subscriptions that end with the binding of a
 * device.
 */
#ifndef DEVIF_MANAGED_H
#define DEVIF_MANAGED_H

struct device;
struct module;

/**
 * struct devif_managed - a managed resource of a device
 * @end: ends the object, and gives a reference to it back
 * @object: the object
 * @owner: module of the object
 */
struct devif_managed {
	void (*end)(const struct devif_managed *managed);
	void *object;
	struct module *owner;
};

struct devif_managed *devif_managed_alloc(void (*end)(const struct devif_managed *managed));
void devif_managed_free(struct devif_managed *managed);
void devif_managed_add(struct device *dev, struct devif_managed *managed,
		       void *object, struct module *owner);

#endif /* DEVIF_MANAGED_H */
