// SPDX-License-Identifier: GPL-2.0
/*
 * The life of devices that have interfaces: events of the driver core.
 *
 * Nothing here depends on the driver of a device, which may know nothing of interfaces. A
 * device on a bus is followed by the notifier of the bus. A device without a bus never has
 * a driver; its removal is learned from a managed resource that the driver core releases
 * on the way.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/jiffies.h>

#include "file/file.h"
#include "lib/wait.h"
#include "registry/registry.h"

/* A new driver has other holders than those who agree to the removal. */
static void life_drop_removal(struct devif_host *host)
{
	if (host->removal != DEVIF_REMOVAL_PENDING)
		return;
	WRITE_ONCE(host->removal, host->removal_asks ? DEVIF_REMOVAL_CALLED_OFF :
						       DEVIF_REMOVAL_NONE);
}

static void life_enter_phase(struct devif_host *host, enum devif_phase phase)
{
	struct devif *devif;
	unsigned long index;

	lockdep_assert_held(&devif_registry_lock);
	host->phase = phase;
	if (phase == DEVIF_PHASE_STARTING)
		life_drop_removal(host);
	xa_for_each(&host->interfaces, index, devif)
		devif_adjust_want(devif, phase);
}

static void life_sync(struct devif_host *host)
{
	unsigned long index = 0;
	struct devif *devif;

	while ((devif = devif_host_next(host, &index))) {
		devif_sync_state(devif);
		devif_put(devif);
	}
}

/*
 * A device enters a phase other than DEVIF_PHASE_GONE. Return false if it is being removed,
 * in another task.
 */
static bool life_set_phase(struct devif_host *host, enum devif_phase phase)
{
	bool gone;

	mutex_lock(&devif_registry_lock);
	gone = host->phase == DEVIF_PHASE_GONE;
	if (!gone)
		life_enter_phase(host, phase);
	mutex_unlock(&devif_registry_lock);
	if (gone)
		return false;
	life_sync(host);
	if (phase == DEVIF_PHASE_STARTING)
		devif_host_end_removal(host);
	return true;
}

/*
 * Enter the phase that a device was in after the host had entered the table, unless an
 * event has set a phase since.
 */
static void life_settled(struct devif_host *host, enum devif_phase phase)
{
	mutex_lock(&devif_registry_lock);
	if (host->phase == DEVIF_PHASE_UNKNOWN)
		life_enter_phase(host, phase);
	mutex_unlock(&devif_registry_lock);
	life_sync(host);
}

/* Time between looks at a probe() in another task, whose end may send no event. */
#define LOOK_AGAIN	msecs_to_jiffies(20)

/* End the exports and files that a phase ends; then notify listeners, which run later. */
static void life_revoke(struct devif_host *host, enum devif_phase phase)
{
	devif_host_revoke(host, phase);
	if (phase != DEVIF_PHASE_LEAVING && phase != DEVIF_PHASE_GONE)
		return;

	devif_files_left(host, phase);
	guard(mutex)(&devif_registry_lock);
	if (host->phase == phase)
		devif_listeners_left(host);
}

/*
 * Find out the phase that a device is in when it gets a host. The host is in the table
 * by then: the phase seen here is either still true, or an event has set a later one,
 * which prevails. A probe() that fails in another task may send no event: look at it
 * again.
 */
static enum devif_phase life_settle(struct devif_host *host)
{
	enum devif_phase phase = devif_phase_of(host->dev);

	if (phase == DEVIF_PHASE_UNKNOWN)
		queue_delayed_work(devif_wq, &host->settle, LOOK_AGAIN);
	else
		life_settled(host, phase);
	return phase;
}

static void life_settle_work(struct work_struct *work)
{
	struct devif_host *host = container_of(to_delayed_work(work),
					       struct devif_host, settle);
	bool unknown;

	mutex_lock(&devif_registry_lock);
	unknown = host->phase == DEVIF_PHASE_UNKNOWN;
	mutex_unlock(&devif_registry_lock);
	if (unknown)
		life_settle(host);
}

/* Take away all interfaces and exports of a device that is being removed. */
static void life_gone(struct devif_host *host)
{
	unsigned long index = 0;
	struct devif *devif;
	bool detached;

	mutex_lock(&devif_registry_lock);
	host->phase = DEVIF_PHASE_GONE;
	mutex_unlock(&devif_registry_lock);

	while ((devif = devif_host_next(host, &index))) {
		mutex_lock(&devif_registry_lock);
		detached = devif_detach(devif);
		mutex_unlock(&devif_registry_lock);

		devif_end(devif, detached);
		devif_put(devif);
	}
	life_revoke(host, DEVIF_PHASE_GONE);

	devif_host_end_removal(host);
	devif_host_end(host);
}

/*
 * A device enters @phase. When this returns, its interfaces are in the state that @phase
 * wants, and the exports and files that @phase ends have ended.
 */
static void life_event(struct device *dev, enum devif_phase phase)
{
	struct devif_host *host = devif_host_find(dev);

	if (!host)
		return;
	if (phase == DEVIF_PHASE_GONE)
		life_gone(host);
	else if (life_set_phase(host, phase))
		life_revoke(host, phase);
	else
		/* the removal ends all; let the driver core go on only when it has */
		devif_wait(&host->ended,
			   "%s: waiting for its removal to end its interfaces",
			   host->id);
	devif_host_put(host);
}

void devif_shutdown(struct device *dev)
{
	might_sleep();
	if (IS_ERR_OR_NULL(dev)) {
		pr_err_ratelimited("shutdown: no device\n");
		return;
	}
	life_event(dev, DEVIF_PHASE_LEAVING);
}
EXPORT_SYMBOL_DEVIF(devif_shutdown);

static void life_init(struct devif_host *host)
{
	INIT_DELAYED_WORK(&host->settle, life_settle_work);
	INIT_DELAYED_WORK(&host->tell_user, devif_tell_user_work);
}

static void life_found(struct devif_host *host)
{
	if (life_settle(host) == DEVIF_PHASE_LEAVING)
		life_revoke(host, DEVIF_PHASE_LEAVING);
}

const struct devif_life_ops devif_life_ops = {
	.init = life_init,
	.found = life_found,
	.event = life_event,
	.gone = life_gone,
};
