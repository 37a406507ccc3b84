// SPDX-License-Identifier: GPL-2.0
/*
 * Device events: posted in any context, delivered later.
 *
 * What is posted is one piece of memory, which those who are to get it share. User
 * space is told by uevents of the device's interfaces, from a queue of the device;
 * like every receiver it loses the oldest when it is slow.
 */
#include <linux/device.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include <trace/events/devif.h>

#include "listener.h"

/**
 * devif_event_put() - give a reference to an event back
 * @item: the event
 *
 * Context: Any.
 */
void devif_event_put(struct devif_event_item *item)
{
	if (refcount_dec_and_test(&item->ref))
		kfree(item);
}

/*
 * User space
 */

static void queue_for_user(struct devif_host *host,
			   struct devif_event_item *item)
{
	struct devif_event_item *oldest;

	lockdep_assert_held(&host->listeners_lock);
	if (host->for_user_count == DEVIF_EVENTS_KEPT) {
		oldest = list_first_entry(&host->for_user,
					  struct devif_event_item, for_user);
		list_del(&oldest->for_user);
		devif_event_put(oldest);
		host->for_user_count--;
		host->for_user_lost++;
	}
	refcount_inc(&item->ref);
	list_add_tail(&item->for_user, &host->for_user);
	host->for_user_count++;
	kref_get(&host->ref);
	if (!queue_work(devif_wq, &host->tell_user))
		devif_host_put(host);
}

static struct devif_event_item *take_for_user(struct devif_host *host,
					      unsigned long *lost)
{
	struct devif_event_item *item;

	spin_lock_irq(&host->listeners_lock);
	item = list_first_entry_or_null(&host->for_user,
					struct devif_event_item, for_user);
	if (item) {
		list_del(&item->for_user);
		host->for_user_count--;
		*lost = host->for_user_lost;
		host->for_user_lost = 0;
	}
	spin_unlock_irq(&host->listeners_lock);
	return item;
}

/* An interface that is there under this lock will not have been removed before. */
static void tell_by(struct devif *devif, const struct devif_event_item *item,
		    unsigned long lost)
{
	mutex_lock(&devif->state_lock);
	/* pairs with the release in publish(): its device is there */
	if (smp_load_acquire(&devif->life) == DEVIF_LIFE_ACTIVE)
		devif_sysfs_device_event(devif, item, lost);
	mutex_unlock(&devif->state_lock);
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

/**
 * devif_tell_user_work() - tell user space of the events of a device
 * @work: of the host
 */
void devif_tell_user_work(struct work_struct *work)
{
	struct devif_host *host = container_of(work, struct devif_host,
					       tell_user);
	struct devif_event_item *item;
	unsigned long lost;
	unsigned int noio;

	/* device removal waits for us */
	noio = memalloc_noio_save();
	while ((item = take_for_user(host, &lost))) {
		tell_user(host, item, lost);
		devif_event_put(item);
	}
	memalloc_noio_restore(noio);
	devif_host_put(host);
}

/*
 * Posting
 */

static int check_event(const struct device *dev, const guid_t *guid,
		       const void *data, size_t size)
{
	if (!dev || !guid || guid_is_null(guid)) {
		pr_err_ratelimited("devif: event: no device, or null GUID\n");
		return -EINVAL;
	}
	if (size && !data) {
		dev_err_ratelimited(dev, "devif: event: size without data\n");
		return -EINVAL;
	}
	if (size > DEVIF_EVENT_MAX) {
		dev_err_ratelimited(dev, "devif: event: %zu bytes are too many\n",
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

static void deliver(struct devif_host *host, struct devif_event_item *item)
{
	unsigned long flags;

	spin_lock_irqsave(&host->listeners_lock, flags);
	devif_listeners_tell(host, item);
	queue_for_user(host, item);
	spin_unlock_irqrestore(&host->listeners_lock, flags);
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
		deliver(host, item);
		devif_host_put(host);
	} else {
		ret = -ENODEV;
	}
	devif_event_put(item);
	trace_devif_event(dev, event, size, ret);
	return ret;
}
EXPORT_SYMBOL_DEVIF(devif_post_event);
