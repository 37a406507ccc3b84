// SPDX-License-Identifier: GPL-2.0
/*
 * What all floors stand on: the registry lock, the workqueue, and tables that grow.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

#include "lib/lib.h"

/* The tables, and what is in them; see main.c. */
DEFINE_MUTEX(devif_registry_lock);

struct workqueue_struct *devif_wq;

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
