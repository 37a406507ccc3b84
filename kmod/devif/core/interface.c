// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces: their memory, and the queries answered from it alone.
 */
#include <linux/device.h>
#include <linux/idr.h>
#include <linux/slab.h>

#include "core/property.h"

static DEFINE_IDA(interface_ids);

/*
 * The bus of the devices of interfaces. No driver of it exists. Its notifier chain stays
 * empty: chains of all buses are one lock to lockdep, and interfaces are removed below the
 * chain of their device's bus.
 */
struct bus_type devif_interface_bus = {
	.name = "devif",
};

/* Attributes and uevents of the devices of interfaces; set before the first of these. */
const struct device_type *devif_interface_type;

/**
 * devif_number_take() - give an interface a number, and the name made of it
 * @devif: the interface
 *
 * Context: May sleep.
 *
 * Return: 0, -ENOMEM or -ENOSPC
 */
int devif_number_take(struct devif *devif)
{
	int ret = ida_alloc(&interface_ids, GFP_KERNEL);

	if (ret < 0)
		return ret;
	devif->id = ret;
	snprintf(devif->name, DEVIF_NAME_SIZE, "devif%u", devif->id);
	return 0;
}

/**
 * devif_number_give() - give the number of an interface back
 * @devif: the interface
 *
 * Context: Any.
 */
void devif_number_give(struct devif *devif)
{
	ida_free(&interface_ids, devif->id);
}

/*
 * The number of an interface is freed with its last reference: a holder may name things
 * after the interface and never meets another of that name.
 */
static void release_device(struct devif *devif)
{
	if (!devif->dev)
		return;
	put_device(devif->dev);
	devif_number_give(devif);
}

static void release_devif(struct kref *ref)
{
	struct devif *devif = container_of(ref, struct devif, ref);

	release_device(devif);
	devif_host_put(devif->host);
	devif_record_put(devif->record);
	kfree_rcu(devif, rcu);
}

struct devif *devif_get(struct devif *devif)
{
	if (!IS_ERR_OR_NULL(devif))
		kref_get(&devif->ref);
	return devif;
}
EXPORT_SYMBOL_DEVIF(devif_get);

void devif_put(struct devif *devif)
{
	if (!IS_ERR_OR_NULL(devif))
		kref_put(&devif->ref, release_devif);
}
EXPORT_SYMBOL_DEVIF(devif_put);

struct devif_properties *devif_properties(struct devif *devif)
{
	return IS_ERR_OR_NULL(devif) ? NULL : &devif->record->properties;
}
EXPORT_SYMBOL_DEVIF(devif_properties);

/**
 * devif_host_next() - walk the interfaces of a device, in any state of life
 * @host: the device
 * @index: where to begin; moved past the interface that is returned
 *
 * Context: May sleep.
 *
 * Return: the interface, with a reference for devif_put(), or %NULL at the end.
 */
struct devif *devif_host_next(struct devif_host *host, unsigned long *index)
{
	struct devif *devif;

	/* the table holds a reference to each of its interfaces */
	mutex_lock(&devif_registry_lock);
	devif = devif_get(xa_find(&host->interfaces, index, ULONG_MAX,
				  XA_PRESENT));
	mutex_unlock(&devif_registry_lock);
	++*index;
	return devif;
}

const char *devif_link_name(const struct devif *devif)
{
	return IS_ERR_OR_NULL(devif) ? "" : devif->record->name;
}
EXPORT_SYMBOL_DEVIF(devif_link_name);

const char *devif_reference_string(const struct devif *devif)
{
	return IS_ERR_OR_NULL(devif) ? "" : devif->record->reference;
}
EXPORT_SYMBOL_DEVIF(devif_reference_string);

const guid_t *devif_class_guid(const struct devif *devif)
{
	return IS_ERR_OR_NULL(devif) ? &guid_null : &devif->record->class->guid;
}
EXPORT_SYMBOL_DEVIF(devif_class_guid);

const char *devif_name(const struct devif *devif)
{
	return IS_ERR_OR_NULL(devif) ? "" : devif->name;
}
EXPORT_SYMBOL_DEVIF(devif_name);

struct device *devif_get_device(struct devif *devif)
{
	if (IS_ERR_OR_NULL(devif))
		return NULL;
	guard(mutex)(&devif_registry_lock);
	return devif->life == DEVIF_LIFE_ACTIVE ? get_device(devif->host->dev) : NULL;
}
EXPORT_SYMBOL_DEVIF(devif_get_device);

bool devif_is_enabled(const struct devif *devif)
{
	return !IS_ERR_OR_NULL(devif) && READ_ONCE(devif->enabled);
}
EXPORT_SYMBOL_DEVIF(devif_is_enabled);

/**
 * devif_interface_exit() - free the memory of the numbers
 *
 * Context: No interface exists.
 */
void devif_interface_exit(void)
{
	ida_destroy(&interface_ids);
}
