// SPDX-License-Identifier: GPL-2.0
/*
 * Watches: the notifier of each bus that has devices with interfaces.
 *
 * The first device of its bus sets the watch up, which stays until the module of the bus, or
 * ours, is unloaded. Registering a notifier takes a semaphore for writing that running
 * notifiers of the bus hold for reading. A driver may be below such a notifier, so a work
 * item registers ours, and the driver waits for it a limited time.
 *
 * Even the work item must not queue for the semaphore while a notifier runs: a notifier
 * that adds a device to its own bus causes another notification, which would queue
 * behind the work item, and neither would ever end. So the work item looks at the semaphore
 * first. The driver core keeps it private; its place is found by trial.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/device/bus.h>
#include <linux/jiffies.h>
#include <linux/kernfs.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "core/core.h"
#include "lib/wait.h"

/**
 * struct watch - the watch on a bus
 * @entry: in the list of watches; guarded by watch_lock
 * @bus: the bus
 * @id: id of the bus's directory in sysfs, which tells the bus from one registered before
 * @kset: kset of @bus, referenced until @ready is completed; no longer, because up to 6.3
 *	its release writes to @bus
 * @nb: our notifier
 * @work: registers @nb
 * @ready: completed when @nb is registered, or registering it has failed with @error
 * @error: errno of registering @nb, or 0
 * @dropped: @work is to give up
 * @ref: held by the list, @work and tasks that wait for @ready
 */
struct watch {
	struct list_head entry;
	compat_bus_t *bus;
	u64 id;
	struct kset *kset;
	struct notifier_block nb;
	struct work_struct work;
	struct completion ready;
	int error;
	bool dropped;
	struct kref ref;
};

/*
 * Longest time that a driver waits for the notifier. Notifiers that bind slow drivers take
 * seconds; if one waits for this very driver, no time is long enough.
 */
#define WATCH_PATIENCE	(10UL * HZ)

/* Milliseconds between two looks at a bus with a running notifier. */
#define WATCH_LOOK_AGAIN	20

/* Set before the first watch is. */
const struct devif_life_ops *devif_life;

/*
 * Guards the list. Not held while a notifier is registered or unregistered: a
 * callback of one bus may lead to the first interface on another.
 */
static DEFINE_MUTEX(watch_lock);
static LIST_HEAD(watches);

/*
 * Is a notifier of the bus running?
 */

/* More than the driver core's data of a bus takes, lock debugging included. */
#define BUS_DATA_MOST	4096

/* Offset of the head of a bus's notifiers from the bus's kset; 0 if it is not known. */
static size_t head_offset;

static struct notifier_block sample_nb;

/* Find the head by its pointer to the only notifier. */
static size_t find_head(const struct kset *kset, const struct notifier_block *nb)
{
	const struct notifier_block *word;
	size_t at;

	for (at = sizeof(*kset); at < BUS_DATA_MOST; at += sizeof(word)) {
		if (copy_from_kernel_nofault(&word, (void *)kset + at, sizeof(word)))
			break;
		if (word == nb)
			return at - offsetof(struct blocking_notifier_head, head);
	}
	return 0;
}

static bool is_notifying(const struct watch *watch)
{
	struct blocking_notifier_head *head = (void *)watch->kset + head_offset;

	return head_offset && rwsem_is_locked(&head->rwsem);
}

/**
 * devif_watch_init() - find out where the driver core has the notifiers of a bus
 *
 * The bus of the devices of interfaces, which has no notifiers, serves as a sample.
 *
 * Context: May sleep; that bus is registered, and the first watch is not set up yet.
 *
 * Return: 0, or an errno of the driver core
 */
int devif_watch_init(void)
{
	int ret = bus_register_notifier(&devif_interface_bus, &sample_nb);

	if (ret)
		return ret;
	head_offset = find_head(bus_get_kset(&devif_interface_bus), &sample_nb);
	bus_unregister_notifier(&devif_interface_bus, &sample_nb);
	if (!head_offset)
		pr_warn("unknown kind of bus: a notifier that adds devices to its own bus may hang, if it runs while the first interface on that bus is registered\n");
	return ret;
}

/*
 * Setting up
 */

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

static void watch_free(struct kref *ref)
{
	kfree(container_of(ref, struct watch, ref));
}

static void watch_put(struct watch *watch)
{
	kref_put(&watch->ref, watch_free);
}

/* Return the id of a bus that is registered. */
static u64 bus_id(const struct kset *kset)
{
	const struct kernfs_node *dir = READ_ONCE(kset->kobj.sd);

	return dir ? dir->id : 0;
}

/* Register the notifier when no other one runs. */
static int watch_register(struct watch *watch)
{
	while (bus_id(watch->kset) == watch->id && !READ_ONCE(watch->dropped)) {
		if (!is_notifying(watch))
			return bus_register_notifier(watch->bus, &watch->nb);
		msleep(WATCH_LOOK_AGAIN);
	}
	return -ENODEV;
}

static void watch_work(struct work_struct *work)
{
	struct watch *watch = container_of(work, struct watch, work);

	watch->error = watch_register(watch);
	kset_put(watch->kset);
	complete_all(&watch->ready);
	watch_put(watch);
}

static struct watch *new_watch(compat_bus_t *bus, struct kset *kset)
{
	struct watch *watch = kzalloc(sizeof(*watch), GFP_KERNEL);

	lockdep_assert_held(&watch_lock);
	if (!watch)
		return NULL;
	watch->bus = bus;
	watch->id = bus_id(kset);
	watch->kset = kset_get(kset);
	watch->nb.notifier_call = bus_event;
	INIT_WORK(&watch->work, watch_work);
	init_completion(&watch->ready);
	kref_init(&watch->ref);
	list_add(&watch->entry, &watches);
	kref_get(&watch->ref);
	queue_work(devif_wq, &watch->work);
	return watch;
}

static void watch_unlist(struct watch *watch)
{
	list_del(&watch->entry);
	watch_put(watch);
}

/* Find the watch on a bus, and forget those that have failed or that have lost their bus. */
static struct watch *find_watch(compat_bus_t *bus, u64 id)
{
	struct watch *watch, *next;
	bool done;

	lockdep_assert_held(&watch_lock);
	list_for_each_entry_safe(watch, next, &watches, entry) {
		if (watch->bus != bus)
			continue;
		done = completion_done(&watch->ready);
		if (watch->id == id && !(done && watch->error))
			return watch;
		if (done)
			watch_unlist(watch);
	}
	return NULL;
}

static struct watch *get_watch(compat_bus_t *bus, struct kset *kset)
{
	struct watch *watch;

	guard(mutex)(&watch_lock);
	watch = find_watch(bus, bus_id(kset)) ?: new_watch(bus, kset);
	if (watch)
		kref_get(&watch->ref);
	return watch;
}

static int watch_await(struct watch *watch)
{
	if (wait_for_completion_timeout(&watch->ready, WATCH_PATIENCE))
		return watch->error;
	pr_err_ratelimited("bus %s: no interface or export yet, because a notifier of the bus does not end; it may be waiting for this call\n",
			   watch->bus->name);
	return -EDEADLK;
}

/**
 * devif_watch_bus() - watch a bus from now on
 * @bus: the bus of a registered device
 *
 * Context: May sleep; no lock held that a notifier of another bus takes. If the caller is
 * below a notifier of @bus, or holds a lock that one waits for, this succeeds only if
 * @bus is watched already.
 *
 * Return: 0, -ENODEV if the bus is not registered, -EDEADLK if notifiers of the bus
 * have been running for too long, -ENOMEM, or an errno of the driver core
 */
int devif_watch_bus(compat_bus_t *bus)
{
	struct kset *kset = bus_get_kset(bus);
	struct watch *watch;
	int ret;

	if (!kset)
		return -ENODEV;
	watch = get_watch(bus, kset);
	if (!watch)
		return -ENOMEM;
	ret = watch_await(watch);
	watch_put(watch);
	return ret;
}

/*
 * Dropping
 */

/* Return whether @watch is on a bus of @module, or of any if that is %NULL. */
static bool is_bus_of(const struct watch *watch, const struct module *module)
{
	return !module || within_module((unsigned long)watch->bus, module);
}

/* Return the next watch to drop, with the reference of the list. */
static struct watch *take_watch(const struct module *module)
{
	struct watch *watch;

	guard(mutex)(&watch_lock);
	list_for_each_entry(watch, &watches, entry)
		if (is_bus_of(watch, module)) {
			list_del(&watch->entry);
			return watch;
		}
	return NULL;
}

static void drop_watch(struct watch *watch)
{
	WRITE_ONCE(watch->dropped, true);
	devif_wait(&watch->ready, "bus %s: waiting for an end of the registration of its notifier",
		   watch->bus->name);
	/* an unregistered bus has taken its notifiers along */
	if (!watch->error && bus_get_kset(watch->bus))
		bus_unregister_notifier(watch->bus, &watch->nb);
	watch_put(watch);
}

/**
 * devif_watch_drop() - drop watches
 * @module: owner of the buses, whose exit function has run and which is being
 *	unloaded; %NULL for all buses
 *
 * Context: May sleep; no lock held. The module notifier, or ours is about to be
 * unregistered.
 */
void devif_watch_drop(const struct module *module)
{
	struct watch *watch;

	while ((watch = take_watch(module)))
		drop_watch(watch);
}
