// SPDX-License-Identifier: GPL-2.0
/*
 * Device numbers of interfaces: a number stays with the name.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/module.h>
#include <linux/xarray.h>

#include "core/core.h"

static dev_t minor_base;

/* Limit of the numbers given out. */
static unsigned int minors = DEVIF_MINORS;
module_param(minors, uint, 0444);
MODULE_PARM_DESC(minors, "device numbers for interfaces with a character device (default and maximum 1048576)");

/*
 * The records by minor number; RCU. A record keeps its number while its interface is
 * absent, so that for user space a device that comes back is the one that left: udev keeps
 * its books by device number. The node of an earlier registration opens the same interface.
 */
static DEFINE_XARRAY_ALLOC(nodes);

/* Record without a live interface: gives its number up when no other is free. */
#define MARK_ABSENT	XA_MARK_1

/* Freed numbers are reused late: a program may still have the old node. */
static u32 next_minor;

static struct devif_record *find_absent(unsigned long *minor)
{
	struct devif_record *record;

	*minor = next_minor;
	record = xa_find(&nodes, minor, minors - 1, MARK_ABSENT);
	if (record)
		return record;
	*minor = 0;
	return xa_find(&nodes, minor, minors - 1, MARK_ABSENT);
}

/* Context: the lock of the numbers held. Storing allocates nothing: the number is in use. */
static int take_from_absent(struct devif_record *record)
{
	struct devif_record *absent;
	unsigned long minor;

	absent = find_absent(&minor);
	if (!absent)
		return -ENOSPC;
	__xa_store(&nodes, minor, record, GFP_NOWAIT);
	absent->minor = DEVIF_NO_MINOR;
	record->minor = minor;
	next_minor = minor + 1;
	return 0;
}

/* Context: the lock of the numbers held, which this may drop for a while. */
static int take_number(struct devif_record *record)
{
	u32 minor;
	int ret;

	ret = __xa_alloc_cyclic(&nodes, &minor, record,
				XA_LIMIT(0, minors - 1), &next_minor,
				GFP_KERNEL);
	if (ret == -EBUSY)
		return take_from_absent(record);
	if (ret < 0)
		return ret;
	record->minor = minor;
	return 0;
}

/**
 * devif_minor_take() - give an interface a device number
 * @devif: an interface, with %DEVIF_NODE
 *
 * Context: May sleep.
 *
 * Return: 0, -ENOSPC or -ENOMEM
 */
int devif_minor_take(struct devif *devif)
{
	struct devif_record *record = devif->record;
	int ret = 0;

	xa_lock(&nodes);
	if (record->minor == DEVIF_NO_MINOR)
		ret = take_number(record);
	if (!ret) {
		__xa_clear_mark(&nodes, record->minor, MARK_ABSENT);
		devif->devt = MKDEV(MAJOR(minor_base), record->minor);
	}
	xa_unlock(&nodes);
	return ret;
}

/**
 * devif_minor_leave() - an interface no longer uses its device number
 * @devif: the interface, which may have none
 *
 * Context: May sleep.
 */
void devif_minor_leave(struct devif *devif)
{
	if (devif->devt)
		xa_set_mark(&nodes, MINOR(devif->devt), MARK_ABSENT);
	devif->devt = 0;
}

/**
 * devif_minor_forget() - a record no longer keeps a device number
 * @record: the record, which may have none, and has no interface
 *
 * Context: Process context; the registry lock may be held.
 */
void devif_minor_forget(struct devif_record *record)
{
	xa_lock(&nodes);
	if (record->minor != DEVIF_NO_MINOR)
		__xa_erase(&nodes, record->minor);
	record->minor = DEVIF_NO_MINOR;
	xa_unlock(&nodes);
}

/**
 * devif_minor_find() - find the interface that has a device number
 * @minor: the number, perhaps of a node that is left of an earlier registration
 *
 * Context: Any.
 *
 * Return: the interface, with a reference for devif_put(), or %NULL
 */
struct devif *devif_minor_find(unsigned int minor)
{
	struct devif_record *record;
	struct devif *devif = NULL;

	rcu_read_lock();
	record = xa_load(&nodes, minor);
	if (record)
		devif = rcu_dereference(record->live);
	/* the present registration may have no node, unlike an earlier one */
	if (devif && (!(devif->flags & DEVIF_NODE) || !devif_tryget(devif)))
		devif = NULL;
	rcu_read_unlock();
	return devif;
}

/**
 * devif_minor_init() - get a range of device numbers
 * @first: the first of them
 *
 * Context: May sleep.
 *
 * Return: 0 or a negative errno
 */
int devif_minor_init(dev_t *first)
{
	int ret;

	if (!minors || minors > DEVIF_MINORS) {
		pr_err("minors: %u is none, or more than %u\n", minors,
		       DEVIF_MINORS);
		return -EINVAL;
	}
	ret = alloc_chrdev_region(&minor_base, 0, DEVIF_MINORS, "devif");
	*first = minor_base;
	return ret;
}

/**
 * devif_minor_exit() - give all device numbers back
 *
 * Context: May sleep; no interface exists.
 */
void devif_minor_exit(void)
{
	unregister_chrdev_region(minor_base, DEVIF_MINORS);
	xa_destroy(&nodes);
}
