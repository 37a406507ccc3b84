// SPDX-License-Identifier: GPL-2.0
/*
 * Watches: the notifier of each bus that has devices with interfaces.
 *
 * A watch is set up by the first device of its bus and dropped a moment after
 * the last one, by work: a notifier cannot be unregistered from inside the chain,
 * which is where devices leave. A watch holds the bus's kset, so that a bus which
 * was unregistered, or unregistered and registered again, is recognised.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device/bus.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "core/core.h"
#include "lib/wait.h"

/**
 * struct devif_watch - the watch on a bus
 * @entry: in the list of watches, or of those being dropped; guarded by watch_lock
 * @bus: the bus
 * @kset: kset of @bus, referenced: tells whether @bus is still this bus
 * @nb: our notifier
 * @ready: completed when @nb is registered, or registering it has failed with @error
 * @error: errno of registering @nb, or 0
 * @users: number of devices with interfaces; guarded by devif_registry_lock
 * @dropped: about to be freed; guarded by watch_lock
 * @drop: unregisters @nb when @users is 0
 */
struct devif_watch {
	struct list_head entry;
	compat_bus_t *bus;
	struct kset *kset;
	struct notifier_block nb;
	struct completion ready;
	int error;
	unsigned int users;
	bool dropped;
	struct delayed_work drop;
};

/* Long enough to serve a device that comes right back. */
#define DROP_DELAY	msecs_to_jiffies(50)

/* Set before the first watch is. */
const struct devif_life_ops *devif_life;

/*
 * Guards the list. Not held while a notifier is registered or unregistered: a
 * callback of one bus may lead to the first interface on another.
 */
static DEFINE_MUTEX(watch_lock);
static LIST_HEAD(watches);

/* Watches that are being dropped. */
static DEFINE_SPINLOCK(dying_lock);
static LIST_HEAD(dying);
static DECLARE_WAIT_QUEUE_HEAD(freed);

static int bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct device *dev = data;

	switch (event) {
	case BUS_NOTIFY_BIND_DRIVER:
		devif_life->event(dev, DEVIF_PHASE_STARTING);
		break;
	case BUS_NOTIFY_BOUND_DRIVER:
		devif_life->event(dev, DEVIF_PHASE_BOUND);
		break;
	case BUS_NOTIFY_UNBIND_DRIVER:
		devif_life->event(dev, DEVIF_PHASE_LEAVING);
		break;
	case BUS_NOTIFY_UNBOUND_DRIVER:
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
		devif_life->event(dev, DEVIF_PHASE_IDLE);
		break;
	case BUS_NOTIFY_DEL_DEVICE:
	case BUS_NOTIFY_REMOVED_DEVICE:
		devif_life->event(dev, DEVIF_PHASE_GONE);
		break;
	}
	return NOTIFY_DONE;
}

static bool is_registered(const struct devif_watch *watch)
{
	return watch->kset->kobj.state_in_sysfs;
}

static void free_watch(struct devif_watch *watch)
{
	/* an unregistered bus has taken its chain along */
	if (!watch->error && is_registered(watch))
		bus_unregister_notifier(watch->bus, &watch->nb);
	kset_put(watch->kset);

	spin_lock(&dying_lock);
	list_del(&watch->entry);
	spin_unlock(&dying_lock);
	wake_up_all(&freed);
	kfree(watch);
}

/* Decide that a watch is dropped, unless it has users or is being dropped. */
static bool detach_watch(struct devif_watch *watch)
{
	bool unused;

	lockdep_assert_held(&watch_lock);
	mutex_lock(&devif_registry_lock);
	unused = !watch->users && !watch->dropped;
	mutex_unlock(&devif_registry_lock);
	if (unused) {
		watch->dropped = true;
		spin_lock(&dying_lock);
		list_move(&watch->entry, &dying);
		spin_unlock(&dying_lock);
	}
	return unused;
}

static void drop_watch(struct work_struct *work)
{
	struct devif_watch *watch = container_of(to_delayed_work(work),
						 struct devif_watch, drop);
	bool detached;

	mutex_lock(&watch_lock);
	detached = detach_watch(watch);
	mutex_unlock(&watch_lock);
	if (!detached)
		return;

	/* a user that came and went since may have queued this work again */
	cancel_delayed_work(&watch->drop);
	free_watch(watch);
}

static struct devif_watch *new_watch(compat_bus_t *bus, struct kset *kset)
{
	struct devif_watch *watch = kzalloc(sizeof(*watch), GFP_KERNEL);

	lockdep_assert_held(&watch_lock);
	if (!watch)
		return NULL;
	watch->bus = bus;
	watch->kset = kset_get(kset);
	watch->nb.notifier_call = bus_event;
	init_completion(&watch->ready);
	INIT_DELAYED_WORK(&watch->drop, drop_watch);
	list_add(&watch->entry, &watches);
	return watch;
}

static void start_watch(struct devif_watch *watch)
{
	watch->error = bus_register_notifier(watch->bus, &watch->nb);
	complete_all(&watch->ready);
}

static struct devif_watch *find_watch(compat_bus_t *bus,
				      const struct kset *kset)
{
	struct devif_watch *watch;

	list_for_each_entry(watch, &watches, entry)
		if (watch->bus == bus && watch->kset == kset)
			return watch;
	return NULL;
}

static void use_watch(struct devif_watch *watch)
{
	guard(mutex)(&devif_registry_lock);
	watch->users++;
}

static struct devif_watch *give_up(struct devif_watch *watch)
{
	int error = watch->error;

	guard(mutex)(&devif_registry_lock);
	devif_watch_unuse(watch);
	return ERR_PTR(error);
}

/**
 * devif_watch_use() - watch a bus on behalf of one of its devices
 * @bus: the bus
 *
 * Context: May sleep; no lock held.
 *
 * Return: the watch, for devif_watch_unuse(), -ENODEV if the bus is not
 * registered, -ENOMEM, or an errno of the driver core
 */
struct devif_watch *devif_watch_use(compat_bus_t *bus)
{
	struct kset *kset = bus_get_kset(bus);
	struct devif_watch *watch;
	bool is_new;

	if (!kset)
		return ERR_PTR(-ENODEV);

	mutex_lock(&watch_lock);
	watch = find_watch(bus, kset);
	is_new = !watch;
	if (is_new)
		watch = new_watch(bus, kset);
	if (watch)
		use_watch(watch);
	mutex_unlock(&watch_lock);

	if (!watch)
		return ERR_PTR(-ENOMEM);
	if (is_new)
		start_watch(watch);
	else
		devif_wait(&watch->ready,
			   "bus %s: waiting for its notifier to be registered",
			   bus->name);
	return watch->error ? give_up(watch) : watch;
}

/**
 * devif_watch_unuse() - stop watching on behalf of a device
 * @watch: the watch
 *
 * Context: Registry lock held.
 */
void devif_watch_unuse(struct devif_watch *watch)
{
	lockdep_assert_held(&devif_registry_lock);
	if (!--watch->users)
		mod_delayed_work(devif_wq, &watch->drop, DROP_DELAY);
}

/* Return whether @watch is on a bus of @module, or of any if that is %NULL. */
static bool is_bus_of(const struct devif_watch *watch,
		      const struct module *module)
{
	return !module || within_module((unsigned long)watch->bus, module);
}

static struct devif_watch *detach_one(const struct module *module)
{
	struct devif_watch *watch;

	guard(mutex)(&watch_lock);
	list_for_each_entry(watch, &watches, entry)
		if (is_bus_of(watch, module) && detach_watch(watch))
			return watch;
	return NULL;
}

static bool is_dying(const struct module *module)
{
	struct devif_watch *watch;
	bool found = false;

	spin_lock(&dying_lock);
	list_for_each_entry(watch, &dying, entry)
		found |= is_bus_of(watch, module);
	spin_unlock(&dying_lock);
	return found;
}

/**
 * devif_watch_drop_unused() - drop watches at once
 * @module: owner of the buses, whose exit function has run and which is being
 *	unloaded; %NULL for all buses
 *
 * On return the watches are gone, also those which another task drops.
 *
 * Context: May sleep; no lock held.
 */
void devif_watch_drop_unused(const struct module *module)
{
	struct devif_watch *watch;

	while ((watch = detach_one(module))) {
		cancel_delayed_work_sync(&watch->drop);
		free_watch(watch);
	}
	devif_wait_event(freed, !is_dying(module),
			 "waiting for the notifier of a bus of %s to be unregistered",
			 module ? module->name : "any module");
}
