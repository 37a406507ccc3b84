// SPDX-License-Identifier: GPL-2.0
/*
 * The lock of the exporter's device, for methods. Unbinding waits for calls while it holds
 * that lock, so a method that waits for the lock must give up when its export ends, or
 * when the file ends that it was called for.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "query/query.h"

/* Time between attempts to lock a device. */
#define LOCK_LOOK_AGAIN		msecs_to_jiffies(15)

static struct devif_export *export_of_hold(const struct devif_hold *hold)
{
	return container_of(hold->gate, struct devif_export, gate);
}

static bool hold_is_over(const struct devif_hold *hold)
{
	if (devif_is_gone(hold))
		return true;
	/* a table without counted references has no handle */
	return hold != &export_of_hold(hold)->noop &&
	       READ_ONCE(container_of(hold, struct devif_handle, hold)->cut_off);
}

static int lock_unless_over(const struct devif_hold *hold, struct device *dev)
{
	while (!device_trylock(dev)) {
		if (hold_is_over(hold))
			return -ENODEV;
		if (fatal_signal_pending(current))
			return -EINTR;
		schedule_timeout_killable(LOCK_LOOK_AGAIN);
	}
	if (!hold_is_over(hold))
		return 0;
	device_unlock(dev);
	return -ENODEV;
}

int devif_lock_device(const void *context)
{
	const struct devif_hold *hold = context;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(hold)) {
		pr_err_ratelimited("lock device: no context\n");
		return -EINVAL;
	}
	/* until the lock is released, the gate keeps the device */
	if (!devif_gate_enter(hold->gate))
		return -ENODEV;
	ret = lock_unless_over(hold, export_of_hold(hold)->host->dev);
	if (ret)
		devif_gate_leave(hold->gate);
	return ret;
}
EXPORT_SYMBOL_DEVIF(devif_lock_device);

void devif_unlock_device(const void *context)
{
	const struct devif_hold *hold = context;

	device_unlock(export_of_hold(hold)->host->dev);
	devif_gate_leave(hold->gate);
}
EXPORT_SYMBOL_DEVIF(devif_unlock_device);
