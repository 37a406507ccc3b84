// SPDX-License-Identifier: GPL-2.0
/*
 * Counts of changes of the registry, for makers and followers of images.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "lib/lib.h"

/* Changes are told together, and not more often than that. */
#define TELL_AFTER	HZ

static atomic64_t generation = ATOMIC64_INIT(0);

static atomic64_t version = ATOMIC64_INIT(0);

/* Set before the first change. */
static void (*changes_tell)(u64 generation);

static void changes_work(struct work_struct *work)
{
	changes_tell(devif_generation());
}

static DECLARE_DELAYED_WORK(changes_tell_work, changes_work);

/**
 * devif_generation() - how often the remembered part of the registry has changed
 *
 * Context: Any.
 *
 * Return: a count of the changes that restoring an image would bring back
 */
u64 devif_generation(void)
{
	return atomic64_read(&generation);
}

/**
 * devif_version() - how often an image of the registry would have changed
 *
 * Context: Any; with the registry lock held no object leaves its lists meanwhile.
 *
 * Return: a count of these changes
 */
u64 devif_version(void)
{
	return atomic64_read(&version);
}

/**
 * devif_shown_changed() - note a change that an image of the registry shows
 *
 * The change need not be remembered. To be called after the change; under the registry
 * lock, if an object has left its lists.
 *
 * Context: Any.
 */
void devif_shown_changed(void)
{
	atomic64_inc(&version);
}

/**
 * devif_changed() - note a change that an image of the registry remembers
 *
 * Context: Any.
 */
void devif_changed(void)
{
	atomic64_inc(&generation);
	devif_shown_changed();
	queue_delayed_work(devif_wq, &changes_tell_work, TELL_AFTER);
}

/**
 * devif_changes_init() - begin to tell of changes
 * @tell: tells user space; may sleep
 *
 * Context: The registry cannot change yet.
 */
void devif_changes_init(void (*tell)(u64 generation))
{
	changes_tell = tell;
}

/**
 * devif_changes_exit() - tell of no more changes
 *
 * Context: May sleep; the registry does not change any more.
 */
void devif_changes_exit(void)
{
	cancel_delayed_work_sync(&changes_tell_work);
}
