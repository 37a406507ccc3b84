// SPDX-License-Identifier: GPL-2.0
/*
 * The base of all floors: the registry lock, the workqueue, and tables that grow.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

#include "lib/lib.h"

/* Guards the tables and their objects; see main.c. */
DEFINE_MUTEX(devif_registry_lock);

struct workqueue_struct *devif_wq;

/* See <linux/devif_query.h>; here, because all files of ours refer to it, too. */
const char devif_anchor;
EXPORT_SYMBOL_DEVIF(devif_anchor);

/**
 * devif_wait_for_table() - wait for a table that is growing
 * @tries: number of waits so far
 *
 * Context: May sleep; no lock held.
 *
 * Return: -EAGAIN, -ENOMEM if the table does not grow, or -EINTR if the process is killed
 */
int devif_wait_for_table(int tries)
{
	if (tries == 100)
		return -ENOMEM;
	if (msleep_interruptible(20) && fatal_signal_pending(current))
		return -EINTR;
	return -EAGAIN;
}
