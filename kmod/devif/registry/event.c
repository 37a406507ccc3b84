// SPDX-License-Identifier: GPL-2.0
/*
 * Device events: posted in any context, delivered later.
 *
 * A posted event is one piece of memory, which its listeners share. User space is told
 * by uevents of the device's interfaces, from a ring of the device; like every listener
 * it loses the oldest events when it is slow. The rate of uevents is limited: each is work
 * for udev, and any process that has the device open may have caused it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#define dev_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include <trace/events/devif.h>

#include "events/events.h"
#include "lib/wait.h"
#include "registry/registry.h"

/*
 * The rate of uevents
 */

/* A uevent costs its device, and all devices together, time; a burst is paid in advance. */
#define DEVICE_PAYS	(HZ / 10)
#define DEVICE_BURST	(16 * DEVICE_PAYS)
#define ALL_PAY		DIV_ROUND_UP(HZ, 100)
#define ALL_BURST	(100 * ALL_PAY)

/* A payment so far in advance is an old one, and jiffies have wrapped since. */
#define LONG_AGO	(60 * HZ)

/* Guards the payments: all_paid, and for_user_paid of all hosts. */
static DEFINE_SPINLOCK(paid_lock);
static unsigned long all_paid = INITIAL_JIFFIES;

static long paid_ahead(unsigned long paid)
{
	long ahead = paid - jiffies;

	return ahead > 0 && ahead < LONG_AGO ? ahead : 0;
}

static void event_pay(unsigned long *paid, unsigned long price)
{
	*paid = jiffies + min_t(long, paid_ahead(*paid) + price, LONG_AGO - 1);
}

static void pay_for_uevent(struct devif_host *host)
{
	spin_lock(&paid_lock);
	event_pay(&host->for_user_paid, DEVICE_PAYS);
	event_pay(&all_paid, ALL_PAY);
	spin_unlock(&paid_lock);
}

/*
 * Return the time until a device may send uevents, in jiffies; a second at most, then the
 * caller asks again. A device without interfaces sends none, and need not wait.
 */
static unsigned long has_to_wait(struct devif_host *host)
{
	long ahead;

	if (xa_empty(&host->interfaces))
		return 0;
	spin_lock(&paid_lock);
	ahead = max(paid_ahead(host->for_user_paid) -
		    (DEVICE_BURST - DEVICE_PAYS),
		    paid_ahead(all_paid) - (ALL_BURST - ALL_PAY));
	spin_unlock(&paid_lock);
	return clamp_t(long, ahead, 0, HZ);
}

/*
 * User space
 */

/* Number of devices that are telling user space of events, or wait until they may. */
static atomic_t telling = ATOMIC_INIT(0);

static void end_telling(struct devif_host *host)
{
	devif_host_put(host);
	if (atomic_dec_and_test(&telling))
		wake_up_var(&telling);
}

/* Have a work item tell of a device's events; it holds the host until it has run. */
static void tell_later(struct devif_host *host, unsigned long delay)
{
	devif_host_get(host);
	atomic_inc(&telling);
	if (!queue_delayed_work(devif_wq, &host->tell_user, delay))
		end_telling(host);
}

/**
 * devif_events_exit() - wait until no device tells of events any more
 *
 * Context: May sleep; no device has interfaces, so that nothing is told.
 */
void devif_events_exit(void)
{
	devif_wait_var_event(&telling, !atomic_read(&telling),
			     "unloading waits for %d devices that tell of events",
			     atomic_read(&telling));
}

static struct devif_event_item *take_for_user(struct devif_host *host,
					      unsigned long *lost)
{
	struct devif_event_item *item;

	spin_lock_irq(&host->listeners_lock);
	item = devif_ring_take(host->for_user, lost);
	spin_unlock_irq(&host->listeners_lock);
	return item;
}

/* state_lock keeps an interface that is active from being removed meanwhile. */
static void tell_by(struct devif *devif, const struct devif_event_item *item,
		    unsigned long lost)
{
	guard(mutex)(&devif->state_lock);
	/* pairs with the release in registry_publish(): its device is there */
	if (smp_load_acquire(&devif->life) == DEVIF_LIFE_ACTIVE) {
		devif_sysfs_device_event(devif, item, lost);
		pay_for_uevent(devif->host);
	}
}

static void tell_user(struct devif_host *host,
		      const struct devif_event_item *item, unsigned long lost)
{
	unsigned long index = 0;
	struct devif *devif;

	while ((devif = devif_host_next(host, &index))) {
		tell_by(devif, item, lost);
		devif_put(devif);
	}
}

static bool is_to_tell(struct devif_host *host)
{
	return READ_ONCE(host->for_user->count);
}

/**
 * devif_tell_user_work() - tell user space of the events of a device
 * @work: @tell_user of the host
 *
 * Context: Work item; no lock held.
 */
void devif_tell_user_work(struct work_struct *work)
{
	struct devif_host *host = container_of(to_delayed_work(work),
					       struct devif_host, tell_user);
	struct devif_event_item *item;
	unsigned long lost, delay;
	unsigned int noio;

	/* device removal waits for us */
	noio = memalloc_noio_save();
	while (!(delay = has_to_wait(host)) &&
	       (item = take_for_user(host, &lost))) {
		tell_user(host, item, lost);
		devif_event_put(item);
	}
	memalloc_noio_restore(noio);
	if (delay && is_to_tell(host))
		tell_later(host, delay);
	end_telling(host);
}

/*
 * Posting
 */

static int check_event(const struct device *dev, const guid_t *guid,
		       const void *data, size_t size)
{
	if (IS_ERR_OR_NULL(dev) || !guid || guid_is_null(guid)) {
		pr_err_ratelimited("event: no device, or null GUID\n");
		return -EINVAL;
	}
	if (size && !data) {
		dev_err_ratelimited(dev, "event: size without data\n");
		return -EINVAL;
	}
	if (size > DEVIF_EVENT_MAX) {
		dev_err_ratelimited(dev, "event: %zu bytes are too many\n",
				    size);
		return -EMSGSIZE;
	}
	return 0;
}

static struct devif_event_item *new_event(const guid_t *guid, const void *data,
					  size_t size)
{
	struct devif_event_item *item;

	item = kmalloc(struct_size(item, data, size), GFP_ATOMIC | __GFP_NOWARN);
	if (!item)
		return NULL;
	refcount_set(&item->ref, 1);
	guid_copy(&item->guid, guid);
	item->size = size;
	if (size)
		memcpy(item->data, data, size);
	return item;
}

/* Make the ring for user space for the first event, since few devices post any. */
static int event_make_ring(struct devif_host *host)
{
	size_t size = sizeof(struct devif_event_ring);
	struct devif_event_ring *ring;

	if (READ_ONCE(host->for_user))
		return 0;
	ring = kzalloc(size, GFP_ATOMIC | __GFP_NOWARN);
	if (!ring)
		return -ENOMEM;
	/* another poster may have been quicker */
	if (cmpxchg(&host->for_user, NULL, ring))
		kfree(ring);
	return 0;
}

static int event_deliver(struct devif_host *host, struct devif_event_item *item)
{
	unsigned long flags;
	int ret;

	ret = event_make_ring(host);
	if (ret)
		return ret;
	spin_lock_irqsave(&host->listeners_lock, flags);
	devif_listeners_tell(host, item);
	devif_ring_add(host->for_user, item);
	tell_later(host, 0);
	spin_unlock_irqrestore(&host->listeners_lock, flags);
	return 0;
}

int devif_post_event(struct device *dev, const guid_t *event, const void *data,
		     size_t size)
{
	struct devif_event_item *item;
	struct devif_host *host;
	int ret;

	ret = check_event(dev, event, data, size);
	if (ret)
		return ret;
	item = new_event(event, data, size);
	if (!item)
		return -ENOMEM;

	host = devif_host_peek(dev);
	if (host) {
		ret = event_deliver(host, item);
		devif_host_put(host);
	} else {
		ret = -ENODEV;
	}
	devif_event_put(item);
	trace_devif_event(dev, event, size, ret);
	return ret;
}
EXPORT_SYMBOL_DEVIF(devif_post_event);
