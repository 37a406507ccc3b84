// SPDX-License-Identifier: GPL-2.0
/*
 * Changes of the registry: how many there have been, for those who make and follow images.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "lib/lib.h"

/* Changes are told together, and not more often than that. */
#define TELL_AFTER	HZ

static atomic64_t generation = ATOMIC64_INIT(0);

static atomic64_t version = ATOMIC64_INIT(0);

/* Set before anything changes. */
static void (*changes_tell)(u64 generation);

static void changes_work(struct work_struct *work)
{
	changes_tell(devif_generation());
}

static DECLARE_DELAYED_WORK(changes_tell_work, changes_work);

/**
 * devif_generation() - how often the registry has changed
 *
 * Context: Any.
 *
 * Return: a count of what an image of it would remember
 */
u64 devif_generation(void)
{
	return atomic64_read(&generation);
}

/**
 * devif_version() - how often has changed what an image of the registry shows
 *
 * Context: Any; with the registry lock held nothing goes from its lists meanwhile.
 *
 * Return: a count of these changes
 */
u64 devif_version(void)
{
	return atomic64_read(&version);
}

/**
 * devif_shown_changed() - what an image of the registry shows has changed
 *
 * It need not be something that is remembered. To be called after the change; under the
 * registry lock, if something has gone from its lists.
 *
 * Context: Any.
 */
void devif_shown_changed(void)
{
	atomic64_inc(&version);
}

/**
 * devif_changed() - what an image of the registry would remember has changed
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
 * Context: Nothing can change yet.
 */
void devif_changes_init(void (*tell)(u64 generation))
{
	changes_tell = tell;
}

/**
 * devif_changes_exit() - tell of no more changes
 *
 * Context: May sleep; nothing changes any more.
 */
void devif_changes_exit(void)
{
	cancel_delayed_work_sync(&changes_tell_work);
}
