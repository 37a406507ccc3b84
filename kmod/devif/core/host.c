// SPDX-License-Identifier: GPL-2.0
/*
 * Hosts: the devices that have interfaces. life.c handles the events of their life.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "core/core.h"
#include "lib/wait.h"

static struct rhashtable hosts;

static void host_free(struct devif_member *member)
{
	struct devif_host *host = container_of(member, struct devif_host, member);

	kfree(host->for_user);
	kfree(host->id);
	kfree_rcu(host, rcu);
}

/* All hosts that were in the table once, and still have memory. */
static struct devif_roll all_hosts = DEVIF_ROLL_INIT(all_hosts, host_free);

/*
 * Number of used hosts, of sentries, and of devices of interfaces: until it is 0, the driver
 * core may call our code.
 */
static atomic_t active = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(inactive);

/**
 * devif_unload_hold() - hold the unloading of this module up
 *
 * Context: Any.
 */
void devif_unload_hold(void)
{
	atomic_inc(&active);
}

/**
 * devif_unload_allow() - undo devif_unload_hold()
 *
 * The unloading also waits until the calling task has left our code, see
 * devif_preempted_wait().
 *
 * Context: Any.
 */
void devif_unload_allow(void)
{
	if (atomic_dec_and_test(&active))
		wake_up(&inactive);
}

static const struct rhashtable_params hosts_params = {
	.head_offset = offsetof(struct devif_host, node),
	.key_offset = offsetof(struct devif_host, dev),
	.key_len = sizeof(struct device *),
	.automatic_shrinking = true,
};

static struct devif_host *host_lookup(struct device *dev)
{
	return rhashtable_lookup_fast(&hosts, &dev, hosts_params);
}

static void host_unlist(struct devif_host *host)
{
	lockdep_assert_held(&devif_registry_lock);
	if (host->listed)
		rhashtable_remove_fast(&hosts, &host->node, hosts_params);
	host->listed = false;
}

/* Has a probe() of the device begun, and not succeeded or failed yet? */
static bool is_starting(const struct device *dev)
{
	/* a refused probe() leaves the status, but no driver */
	return READ_ONCE(dev->links.status) == DL_DEV_PROBING &&
	       READ_ONCE(dev->driver);
}

/* Is the device lock held by the current task? The driver core does not tell. */
static bool is_locked_by_us(struct device *dev)
{
#ifdef CONFIG_PREEMPT_RT
	unsigned long owner = (unsigned long)READ_ONCE(dev->mutex.rtmutex.owner);
#else
	unsigned long owner = atomic_long_read(&dev->mutex.owner);
#endif

	/* the low bits are the lock's */
	return (owner & ~7UL) == (unsigned long)current;
}

/**
 * devif_in_probe() - tell whether the current task is in probe() of a device
 * @dev: the device
 *
 * The requests of a probe() end when it fails, and no others. A probe() runs under the
 * device lock, so that the requests of other tasks meanwhile are not taken for its own.
 *
 * Context: Any task.
 *
 * Return: whether the task is in probe(), or in the remove() that undoes this probe()
 */
bool devif_in_probe(struct device *dev)
{
	return is_starting(dev) && is_locked_by_us(dev);
}

/**
 * devif_phase_of() - tell the phase that a device is in
 * @dev: the device
 *
 * The driver core changes the members that this reads first, and then sends the event.
 *
 * Context: Any task.
 *
 * Return: the phase
 */
enum devif_phase devif_phase_of(struct device *dev)
{
	if (is_starting(dev))
		return is_locked_by_us(dev) ? DEVIF_PHASE_STARTING :
					      DEVIF_PHASE_UNKNOWN;

	switch (READ_ONCE(dev->links.status)) {
	case DL_DEV_DRIVER_BOUND:
		return DEVIF_PHASE_BOUND;
	case DL_DEV_UNBINDING:
		return DEVIF_PHASE_LEAVING;
	default:
		return DEVIF_PHASE_IDLE;
	}
}

/* The managed resource on a device without a bus. */
struct removal_sentry {
	struct devif_host *host;
};

static void sentry_release(struct device *dev, void *res)
{
	struct removal_sentry *sentry = res;

	devif_life->gone(sentry->host);
	devif_host_put(sentry->host);
	devif_unload_allow();
}

static int sentry_match(struct device *dev, void *res, void *data)
{
	struct removal_sentry *sentry = res;

	return sentry->host == data;
}

/**
 * devif_host_is_going() - tell whether a device without a bus is being removed
 * @host: a host of a device that is there
 *
 * The driver core takes all managed resources from the device before it releases the
 * first of them; the sentry is the last to be released. A group of resources that the
 * sentry is in looks the same.
 *
 * Context: Release of a managed resource of the device.
 *
 * Return: whether the sentry has been taken; also if @host has no users
 */
bool devif_host_is_going(struct devif_host *host)
{
	return !host->on_bus &&
	       !devres_find(host->dev, sentry_release, sentry_match, host);
}

static int add_sentry(struct devif_host *host)
{
	struct removal_sentry *sentry;

	sentry = devres_alloc(sentry_release, sizeof(*sentry), GFP_KERNEL);
	if (!sentry)
		return -ENOMEM;
	sentry->host = devif_host_get(host);
	devif_unload_hold();
	devres_add(host->dev, sentry);
	return 0;
}

/* The sentry is not found if the device is being removed and has released it. */
static void remove_sentry(struct devif_host *host)
{
	if (devres_destroy(host->dev, sentry_release, sentry_match, host))
		return;
	devif_host_put(host);
	devif_unload_allow();
}

static struct devif_host *alloc_host(struct device *dev)
{
	struct devif_host *host = kzalloc(sizeof(*host), GFP_KERNEL);
	int ret = -ENOMEM;

	if (!host)
		return ERR_PTR(-ENOMEM);
	devif_member_init(&host->member, &all_hosts);
	host->dev = get_device(dev);
	host->phase = dev->bus ? DEVIF_PHASE_UNKNOWN : DEVIF_PHASE_BOUND;
	host->users = 1;
	xa_init(&host->interfaces);
	INIT_LIST_HEAD(&host->exports);
	init_completion(&host->ended);
	spin_lock_init(&host->listeners_lock);
	INIT_LIST_HEAD(&host->listeners);
	INIT_LIST_HEAD(&host->files);
	host->for_user_paid = jiffies;
	devif_budget_init(&host->event_files);
	devif_life->init(host);

	host->id = devif_device_id(dev);
	if (!host->id)
		goto err_put;
	host->on_bus = dev->bus;
	ret = host->on_bus ? devif_watch_bus(dev->bus) : add_sentry(host);
	if (ret)
		goto err_put;
	devif_unload_hold();
	return host;

err_put:
	put_device(dev);
	devif_host_put(host);
	return ERR_PTR(ret);
}

/* Put a new host in the table, or use the one that is there by now. Return either. */
static struct devif_host *list_host(struct devif_host *host)
{
	struct devif_host *other;

	lockdep_assert_held(&devif_registry_lock);
	other = host_lookup(host->dev);
	if (other) {
		other->users++;
		return other;
	}
	if (rhashtable_insert_fast(&hosts, &host->node, hosts_params))
		return ERR_PTR(-ENOMEM);
	host->listed = true;
	devif_roll_add(&all_hosts, &host->member);
	return host;
}

static struct devif_host *make_host(struct device *dev)
{
	struct devif_host *host, *listed;

	host = alloc_host(dev);
	if (IS_ERR(host))
		return host;

	mutex_lock(&devif_registry_lock);
	listed = list_host(host);
	mutex_unlock(&devif_registry_lock);

	if (listed != host)
		devif_host_unuse(host);
	else if (dev->bus)
		devif_life->found(host);
	return listed;
}

/**
 * devif_host_use() - become a user of the host of a device
 * @dev: a registered device
 *
 * Context: May sleep; no lock held, other than the lock of @dev.
 *
 * Return: the host, for devif_host_unuse(); -ENODEV, -ENOMEM, or -EDEADLK below a
 * notifier of the bus of @dev, if that has no host yet
 */
struct devif_host *devif_host_use(struct device *dev)
{
	struct devif_host *host;

	scoped_guard(mutex, &devif_registry_lock) {
		host = host_lookup(dev);
		if (host)
			host->users++;
	}
	return host ?: make_host(dev);
}

/**
 * devif_host_unuse() - stop being a user of a host
 * @host: the host
 *
 * Context: May sleep; no lock held.
 */
void devif_host_unuse(struct devif_host *host)
{
	bool last;

	mutex_lock(&devif_registry_lock);
	last = --host->users == 0;
	if (last)
		host_unlist(host);
	mutex_unlock(&devif_registry_lock);

	if (!last)
		return;
	/* the work item uses the device */
	cancel_delayed_work_sync(&host->settle);
	if (!host->on_bus)
		remove_sentry(host);
	/* empty, but a failed insertion may have left nodes */
	xa_destroy(&host->interfaces);
	put_device(host->dev);
	devif_host_put(host);
	devif_unload_allow();
}

/**
 * devif_host_find() - find the host of a device
 * @dev: a device
 *
 * Context: May sleep.
 *
 * Return: the host, with a reference for devif_host_put(), or %NULL.
 */
struct devif_host *devif_host_find(struct device *dev)
{
	struct devif_host *host;

	guard(mutex)(&devif_registry_lock);
	host = host_lookup(dev);
	if (host)
		devif_host_get(host);
	return host;
}

/**
 * devif_host_peek() - as devif_host_find(), in any context
 * @dev: a device
 *
 * Context: Any.
 *
 * Return: the host, with a reference for devif_host_put(), or %NULL.
 */
struct devif_host *devif_host_peek(struct device *dev)
{
	struct devif_host *host;

	rcu_read_lock();
	host = host_lookup(dev);
	if (host && !kref_get_unless_zero(&host->member.ref))
		host = NULL;
	rcu_read_unlock();
	return host;
}

/**
 * devif_host_walk() - walk all hosts
 * @host: %NULL for the first; or the host returned last, which is given back: until then
 *	it is in the roll
 *
 * Context: May sleep; nothing is locked between two calls.
 *
 * Return: the next host, referenced, or %NULL
 */
struct devif_host *devif_host_walk(struct devif_host *host)
{
	struct devif_member *next = devif_roll_next(&all_hosts,
						    host ? &host->member : NULL);

	return next ? container_of(next, struct devif_host, member) : NULL;
}

/**
 * devif_get_parent() - get the parent of a device
 * @dev: a device
 *
 * Objects of ours may outlast the removal of their device by a moment; a device leaves
 * the set of all devices before it gives its parent up.
 *
 * Context: Any task.
 *
 * Return: the parent, for put_device(), or %NULL
 */
struct device *devif_get_parent(struct device *dev)
{
	struct kset *devices = dev->kobj.kset;
	struct device *parent = NULL;

	spin_lock(&devices->list_lock);
	if (!list_empty(&dev->kobj.entry))
		parent = get_device(dev->parent);
	spin_unlock(&devices->list_lock);
	return parent;
}

/**
 * devif_is_below() - tell whether a device is another one, or below
 * @dev: a device, which may have been removed, or %NULL
 * @above: the other device, which is there
 *
 * A device in the set of all devices has not given its parent up.
 *
 * Context: Any task.
 *
 * Return: whether it is, and so is removed no later than @above
 */
bool devif_is_below(const struct device *dev, const struct device *above)
{
	struct kset *devices = above->kobj.kset;

	spin_lock(&devices->list_lock);
	while (dev && dev != above)
		dev = list_empty(&dev->kobj.entry) ? NULL : dev->parent;
	spin_unlock(&devices->list_lock);
	return dev;
}

/**
 * devif_removal_above() - tell whether an ancestor of a device is about to be removed
 * @dev: the device
 *
 * Context: May sleep: the last reference to an ancestor may be put.
 *
 * Return: the highest value of all ancestors
 */
enum devif_removal devif_removal_above(struct device *dev)
{
	enum devif_removal removal = DEVIF_REMOVAL_NONE;
	struct devif_host *host;
	struct device *parent;

	get_device(dev);
	while ((parent = devif_get_parent(dev))) {
		put_device(dev);
		dev = parent;
		host = devif_host_peek(dev);
		if (!host)
			continue;
		removal = max(removal, READ_ONCE(host->removal));
		devif_host_put(host);
	}
	put_device(dev);
	return removal;
}

/**
 * devif_removal_is_pending() - tell whether a device may be about to be removed
 * @host: a host that has users
 *
 * Context: May sleep.
 *
 * Return: whether removal of the device, or of an ancestor, was agreed to or is being
 * asked for
 */
bool devif_removal_is_pending(struct devif_host *host)
{
	return READ_ONCE(host->removal) == DEVIF_REMOVAL_PENDING ||
	       devif_removal_above(host->dev) == DEVIF_REMOVAL_PENDING;
}

/**
 * devif_host_end_removal() - give back the use of a removal that is not pending any more
 * @host: the device
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_host_end_removal(struct devif_host *host)
{
	bool uses;

	mutex_lock(&devif_registry_lock);
	/* another removal may be pending by now */
	uses = host->removal_uses && (host->removal != DEVIF_REMOVAL_PENDING ||
				      host->phase == DEVIF_PHASE_GONE);
	if (uses)
		host->removal_uses = false;
	mutex_unlock(&devif_registry_lock);
	if (uses)
		devif_host_unuse(host);
}

/**
 * devif_host_end() - take the host of a removed device out of the table
 * @host: the device, which is being removed; its remove() may have registered interfaces
 *	until the last event, which has ended them
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_host_end(struct devif_host *host)
{
	mutex_lock(&devif_registry_lock);
	host_unlist(host);
	mutex_unlock(&devif_registry_lock);
	complete_all(&host->ended);
}

/**
 * devif_host_wait_unused() - wait until the driver core cannot call our code
 *
 * Afterwards no host is used, no device has a sentry, and no device of an interface is left.
 *
 * Context: May sleep.
 */
void devif_host_wait_unused(void)
{
	devif_wait_event(inactive, !atomic_read(&active),
			 "unloading waits for %d devices that are being removed",
			 atomic_read(&active));
}

int devif_host_init(const struct devif_life_ops *life)
{
	int ret = devif_watch_init();

	devif_life = life;
	return ret ?: rhashtable_init(&hosts, &hosts_params);
}

void devif_host_exit(void)
{
	rhashtable_destroy(&hosts);
}
