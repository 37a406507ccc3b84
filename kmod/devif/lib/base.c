// SPDX-License-Identifier: GPL-2.0
/*
 * What all floors stand on: the registry lock, the workqueue, and managed resources.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

#include "lib/lib.h"

/* The tables, and what is in them; see main.c. */
DEFINE_MUTEX(devif_registry_lock);

struct workqueue_struct *devif_wq;

/**
 * devif_managed_begin() - a device has got a managed resource of ours
 *
 * What a module has left to a device that is not its own stays with the device when
 * the module is unloaded, and so must the code that releases it.
 *
 * Context: Any; the caller's module uses ours.
 */
void devif_managed_begin(void)
{
	__module_get(THIS_MODULE);
}

/**
 * devif_managed_end() - a managed resource of ours is released
 *
 * The last thing that a release function does; devif_unload() waits until it has
 * returned.
 *
 * Context: Any.
 */
void devif_managed_end(void)
{
	module_put(THIS_MODULE);
}

/**
 * devif_wait_for_table() - wait for a table that is just growing
 * @tries: how often that was waited for already
 *
 * Context: May sleep; no lock held.
 *
 * Return: -EAGAIN, -ENOMEM if it does not grow, or -EINTR if the process is killed
 */
int devif_wait_for_table(int tries)
{
	if (tries == 100)
		return -ENOMEM;
	if (msleep_interruptible(20) && fatal_signal_pending(current))
		return -EINTR;
	return -EAGAIN;
}
