// SPDX-License-Identifier: GPL-2.0
/*
 * Enabling and disabling.
 *
 * The state that an interface should have follows from the requests and from the
 * phase of its device; the registry lock guards both. A task that changes either
 * calls devif_sync_state(), which brings the interface into that state before it
 * returns. So the order of such tasks does not matter, and a phase that lets no
 * interface be enabled is known to have taken effect.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/sched/mm.h>

#include <trace/events/devif.h>

#include "registry/registry.h"

static bool should_be_enabled(const struct devif *devif)
{
	lockdep_assert_held(&devif_registry_lock);
	if (devif->life != DEVIF_LIFE_ACTIVE)
		return false;

	switch (devif->host->phase) {
	case DEVIF_PHASE_BOUND:
	case DEVIF_PHASE_IDLE:
		return devif->want != DEVIF_WANT_OFF;
	case DEVIF_PHASE_UNKNOWN:
	case DEVIF_PHASE_STARTING:
		return devif->want != DEVIF_WANT_OFF && devif->enabled;
	case DEVIF_PHASE_LEAVING:
	case DEVIF_PHASE_GONE:
		break;
	}
	return false;
}

static int go_up(struct devif *devif)
{
	int ret;

	ret = devif_sysfs_link(devif);
	if (ret)
		return ret;
	ret = devif_notify_enabled(devif);
	if (ret) {
		devif_sysfs_unlink(devif);
		return ret;
	}
	trace_devif_enable(devif_name(devif), devif_class_guid(devif));
	devif_sysfs_event(devif, "arrival");
	return 0;
}

static void go_down(struct devif *devif)
{
	devif_notify_disabled(devif);
	devif_listeners_disabled(devif);
	devif_sysfs_unlink(devif);
	trace_devif_disable(devif_name(devif), devif_class_guid(devif));
	devif_sysfs_event(devif, "removal");
}

/* Give a request up that cannot be fulfilled, so that it is not retried. */
static void state_call_off(struct devif *devif, int error)
{
	guard(mutex)(&devif_registry_lock);
	devif->want = DEVIF_WANT_OFF;
	devif->error = error;
}

/**
 * devif_sync_state() - bring an interface into the state that it should have
 * @devif: the interface
 *
 * An interface that cannot be enabled stays disabled, with an errno in @devif->error.
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_sync_state(struct devif *devif)
{
	bool should;
	unsigned int noio;
	int ret;

	/* device removal waits for state_lock */
	noio = memalloc_noio_save();
	mutex_lock(&devif->state_lock);
	for (;;) {
		mutex_lock(&devif_registry_lock);
		should = should_be_enabled(devif);
		mutex_unlock(&devif_registry_lock);

		if (should == devif->enabled)
			break;
		if (!should) {
			go_down(devif);
			continue;
		}
		ret = go_up(devif);
		if (ret) {
			dev_err_ratelimited(devif->dev,
					    "cannot be enabled: error %d\n", ret);
			state_call_off(devif, ret);
		}
	}
	mutex_unlock(&devif->state_lock);
	memalloc_noio_restore(noio);
}

static enum devif_want state_automatic(const struct devif *devif)
{
	return devif->automatic ? DEVIF_WANT_AUTO : DEVIF_WANT_OFF;
}

/**
 * devif_auto_begins() - enable an interface that has become automatic, if there is a
 *	driver to follow
 * @devif: an interface with its first automatic registration, new or not
 *
 * Context: Registry lock held. The caller goes on to devif_sync_state().
 */
void devif_auto_begins(struct devif *devif)
{
	lockdep_assert_held(&devif_registry_lock);
	switch (devif->host->phase) {
	case DEVIF_PHASE_UNKNOWN:
	case DEVIF_PHASE_STARTING:
	case DEVIF_PHASE_BOUND:
		if (devif->want == DEVIF_WANT_OFF)
			devif->want = DEVIF_WANT_AUTO;
		break;
	default:
		break;
	}
}

/**
 * devif_auto_ends() - no longer want an interface that was wanted only as automatic
 * @devif: an interface that has lost a registration, automatic or not
 *
 * Context: Registry lock held. The caller goes on to devif_sync_state().
 */
void devif_auto_ends(struct devif *devif)
{
	lockdep_assert_held(&devif_registry_lock);
	if (devif->want == DEVIF_WANT_AUTO)
		devif->want = state_automatic(devif);
}

/*
 * The device has had no probe(), or one that failed or was undone: drop requests made in
 * the probe() (E9), and no others.
 */
static void forget_probe(struct devif *devif)
{
	if (devif->want == DEVIF_WANT_AUTO || devif->want == DEVIF_WANT_PROBE)
		devif->want = DEVIF_WANT_OFF;
}

/**
 * devif_adjust_want() - adjust earlier requests to a new phase
 * @devif: the interface
 * @phase: the phase that its device enters
 *
 * Context: Registry lock held.
 */
void devif_adjust_want(struct devif *devif, enum devif_phase phase)
{
	switch (phase) {
	case DEVIF_PHASE_STARTING:
		forget_probe(devif);
		if (devif->want == DEVIF_WANT_OFF)
			devif->want = state_automatic(devif);
		break;
	case DEVIF_PHASE_LEAVING:
		devif->want = DEVIF_WANT_OFF;
		break;
	case DEVIF_PHASE_IDLE:
		forget_probe(devif);
		break;
	default:
		break;
	}
}

/*
 * User space may request a state from the "add" event on, while the interface is not
 * active yet. The end of the registration brings it into that state.
 */
static int ask_for_on(struct devif *devif)
{
	enum devif_want want;

	if (devif->life == DEVIF_LIFE_ENDED)
		return -ENODEV;

	switch (devif->host->phase) {
	case DEVIF_PHASE_LEAVING:
	case DEVIF_PHASE_GONE:
		return -ENODEV;
	default:
		break;
	}
	want = devif->want;
	devif->want = max(want, devif_in_probe(devif->host->dev) ?
				DEVIF_WANT_PROBE : DEVIF_WANT_ON);
	if (want != DEVIF_WANT_OFF)
		return -EALREADY;
	devif->error = 0;
	return 0;
}

/* A caller that ignores the result of registering passes an error pointer. */
static int check_interface(const struct devif *devif, const char *call)
{
	if (!IS_ERR_OR_NULL(devif))
		return 0;
	pr_err_ratelimited("%s: no interface\n", call);
	return -EINVAL;
}

int devif_enable(struct devif *devif)
{
	int ret;

	might_sleep();
	ret = check_interface(devif, "enable");
	if (ret)
		return ret;
	mutex_lock(&devif_registry_lock);
	ret = ask_for_on(devif);
	mutex_unlock(&devif_registry_lock);
	if (ret)
		return ret;
	devif_sync_state(devif);
	return READ_ONCE(devif->error);
}
EXPORT_SYMBOL_DEVIF(devif_enable);

static int ask_for_off(struct devif *devif)
{
	if (devif->life == DEVIF_LIFE_ENDED || devif->want == DEVIF_WANT_OFF)
		return -EALREADY;
	devif->want = DEVIF_WANT_OFF;
	return 0;
}

int devif_disable(struct devif *devif)
{
	int ret;

	might_sleep();
	ret = check_interface(devif, "disable");
	if (ret)
		return ret;
	mutex_lock(&devif_registry_lock);
	ret = ask_for_off(devif);
	mutex_unlock(&devif_registry_lock);
	if (!ret)
		devif_sync_state(devif);
	return ret;
}
EXPORT_SYMBOL_DEVIF(devif_disable);
