// SPDX-License-Identifier: GPL-2.0
/*
 * Toasters used by other drivers: a query interface in two versions.
 *
 * Methods work on struct toaster. Each export, also the one in slots.c, has a
 * reference to it, which the export's release gives back.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/devif.h>
#include <linux/device.h>
#include <linux/slab.h>

#include "toaster.h"
#include "toaster_interface.h"

/* Counts since the module was loaded; slices of released toasters only. */
static atomic_long_t made, released, slices_toasted;

static void release_toaster(struct kref *ref)
{
	struct toaster *toaster = container_of(ref, struct toaster, ref);

	atomic_long_add(atomic_long_read(&toaster->slices), &slices_toasted);
	atomic_long_inc(&released);
	kfree(toaster);
}

/**
 * toaster_put() - give a reference to the state of a toaster back
 * @toaster: struct toaster
 */
void toaster_put(void *toaster)
{
	kref_put(&((struct toaster *)toaster)->ref, release_toaster);
}

/**
 * toaster_set_level() - say how brown the toast is to be
 * @toaster: the toaster
 * @level: 0 to %TOASTER_MAX_LEVEL
 *
 * Return: 0 or -EINVAL
 */
int toaster_set_level(struct toaster *toaster, unsigned int level)
{
	if (level > TOASTER_MAX_LEVEL)
		return -EINVAL;
	WRITE_ONCE(toaster->level, level);
	return 0;
}

static int set_level(void *context, unsigned int level)
{
	if (devif_is_gone(context))
		return -ENODEV;
	return toaster_set_level(devif_context(context), level);
}

static int get_level(void *context)
{
	struct toaster *toaster = devif_context(context);

	/* memory only, which stays as long as methods can be called */
	return READ_ONCE(toaster->level);
}

static int toast(void *context, unsigned int slices)
{
	struct toaster *toaster = devif_context(context);

	if (devif_is_gone(context))
		return -ENODEV;
	fsleep(READ_ONCE(toaster->level) * 100);
	atomic_long_add(slices, &toaster->slices);
	return 0;
}

static const guid_t interface_guid = TOASTER_INTERFACE_GUID;

static const struct toaster_interface version_1 = {
	.header = { .size = TOASTER_SIZE_1, .version = 1 },
	.set_level = set_level,
	.level = get_level,
};

static const struct toaster_interface version_2 = {
	.header = DEVIF_INTERFACE_INIT(struct toaster_interface, 2),
	.set_level = set_level,
	.level = get_level,
	.toast = toast,
};

static int export(struct device *dev, struct toaster *toaster,
		  const struct devif_interface *table)
{
	const struct devif_export_desc desc = {
		.guid = &interface_guid,
		.table = table,
		.context = toaster,
		.release = toaster_put,
	};
	int ret;

	kref_get(&toaster->ref);
	ret = devm_devif_export(dev, &desc, NULL);
	if (ret)
		toaster_put(toaster);
	return ret;
}

/**
 * toaster_export() - let other drivers use a toaster, and any program open it
 * @dev: the toaster, whose probe() is calling
 *
 * Return: 0 or a negative errno
 */
int toaster_export(struct device *dev)
{
	struct toaster *toaster = kzalloc(sizeof(*toaster), GFP_KERNEL);
	int ret;

	if (!toaster)
		return -ENOMEM;
	kref_init(&toaster->ref);
	atomic_long_inc(&made);

	ret = export(dev, toaster, devif_header(&version_1));
	if (!ret)
		ret = export(dev, toaster, devif_header(&version_2));
	if (!ret)
		ret = slots_export(dev, toaster);
	toaster_put(toaster);
	return ret;
}

/**
 * toaster_report() - log the counts since the module was loaded
 */
void toaster_report(void)
{
	pr_info("contexts=%ld released=%ld slices=%ld\n",
		atomic_long_read(&made), atomic_long_read(&released),
		atomic_long_read(&slices_toasted));
}
