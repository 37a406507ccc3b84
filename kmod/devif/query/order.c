// SPDX-License-Identifier: GPL-2.0
/*
 * Orders: a hold with a holder makes the holder a consumer of the exporter's device, by a
 * stateless device link. So the holder is suspended before that device, and resumed after
 * it.
 *
 * The driver core counts the holds of one holder on one device; it deletes the link when
 * either device is removed, whatever the count. So the link is never remembered here, only
 * its two ends, which are kept until the order ends: at the last reference of the hold or
 * at the end of the export, whichever comes first. A hold that outlives its export does not
 * keep the exporter's device.
 *
 * An order may end in any context, and a link is deleted under mutexes of the driver core:
 * a work item does that, for all orders that have ended since it ran last.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#define dev_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/llist.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "lib/compat.h"
#include "query/query.h"

/**
 * struct devif_order - the order of suspend and resume for one hold
 * @node: in the list of orders that have ended
 * @consumer: device of the holder, referenced
 * @supplier: device of the export, referenced; %NULL before a query is answered
 */
struct devif_order {
	struct llist_node node;
	struct device *consumer;
	struct device *supplier;
};

static struct devif_order *order_new(struct device *holder)
{
	struct devif_order *order = kzalloc(sizeof(*order), GFP_KERNEL);

	if (!order)
		return ERR_PTR(-ENOMEM);
	order->consumer = get_device(holder);
	return order;
}

/**
 * devif_order_alloc() - prepare to order a hold
 * @holder: device of the holder, or %NULL
 *
 * Context: May sleep.
 *
 * Return: the order, for devif_order_begin() or devif_order_free(); %NULL without @holder;
 * or -ENOMEM
 */
struct devif_order *devif_order_alloc(struct device *holder)
{
	return holder ? order_new(holder) : NULL;
}

/**
 * devif_order_free() - free an order that has not begun
 * @order: the order, or %NULL
 *
 * Context: May sleep.
 */
void devif_order_free(struct devif_order *order)
{
	if (!order)
		return;
	put_device(order->consumer);
	put_device(order->supplier);
	kfree(order);
}

/**
 * devif_order_supply() - say what device the holder depends on
 * @order: an order that has not begun, or %NULL
 * @supplier: device of the export that answers
 *
 * Context: Inside the gate of the export, which keeps @supplier.
 */
void devif_order_supply(struct devif_order *order, struct device *supplier)
{
	if (order)
		order->supplier = get_device(supplier);
}

/*
 * In the midst of a transition of the system, a device that is moved in the driver core's
 * lists, as a link does, would miss its resume.
 */
static bool order_is_late(const struct device *dev)
{
#ifdef CONFIG_PM_SLEEP
	return dev->power.is_prepared;
#else
	return false;
#endif
}

static bool order_is_needed(const struct devif_order *order)
{
	struct device *consumer = order->consumer, *supplier = order->supplier;

	/* the driver core would not delete the link of a holder that it has removed */
	return device_is_registered(consumer) &&
	       /* the driver core has a device and those below it in order */
	       !devif_is_below(consumer, supplier) &&
	       !devif_is_below(supplier, consumer) &&
	       !order_is_late(consumer) && !order_is_late(supplier);
}

static bool order_link(const struct devif_order *order, u32 flags)
{
	return device_link_add(order->consumer, order->supplier,
			       DL_FLAG_STATELESS | flags);
}

/*
 * The supplier of an active consumer has to be active from now on. The driver core refuses
 * this if the supplier cannot be resumed.
 */
static bool order_link_runtime(const struct devif_order *order)
{
	if (pm_runtime_enabled(order->supplier) &&
	    !pm_runtime_suspended(order->consumer) &&
	    order_link(order, DL_FLAG_PM_RUNTIME | DL_FLAG_RPM_ACTIVE))
		return true;
	return order_link(order, DL_FLAG_PM_RUNTIME);
}

static bool order_make(const struct devif_order *order, bool runtime_pm)
{
	bool made;

	if (!order_is_needed(order))
		return false;
	made = runtime_pm ? order_link_runtime(order) : order_link(order, 0);
	if (!made)
		dev_dbg(order->consumer, "cannot be a consumer of %s\n",
			dev_name(order->supplier));
	return made;
}

/**
 * devif_order_begin() - order a hold
 * @order: an order with a supplier, or %NULL
 * @handle: the hold, published, but not yet known to its holder
 *
 * Nothing is done if one device is the other, or its ancestor. A link that the driver core
 * refuses, since the exporter's device depends on the holder, is no error.
 *
 * Context: May sleep; no lock of ours held, and not inside the gate.
 */
void devif_order_begin(struct devif_order *order, struct devif_handle *handle)
{
	if (!order)
		return;
	if (!order_make(order, handle->runtime_pm)) {
		devif_order_free(order);
		return;
	}
	WRITE_ONCE(handle->export->ordered, true);
	/* either this sees the end of the export, or devif_orders_end() sees the order */
	xchg(&handle->order, order);
	if (devif_is_gone(&handle->hold))
		devif_order_end(handle);
}

/*
 * The end
 */

static LLIST_HEAD(ended_orders);

/* The oldest first: the driver core looks for a link from the oldest on. */
static void order_drop_work(struct work_struct *work)
{
	struct llist_node *list = llist_reverse_order(llist_del_all(&ended_orders));
	struct devif_order *order, *next;

	llist_for_each_entry_safe(order, next, list, node) {
		device_link_remove(order->consumer, order->supplier);
		devif_order_free(order);
		cond_resched();
	}
}

static DECLARE_WORK(drop_orders, order_drop_work);

/**
 * devif_order_end() - end the order of a hold, if it has one
 * @handle: the hold
 *
 * Context: Any.
 */
void devif_order_end(struct devif_handle *handle)
{
	struct devif_order *order;

	if (!READ_ONCE(handle->order))
		return;
	order = xchg(&handle->order, NULL);
	if (!order)
		return;
	llist_add(&order->node, &ended_orders);
	queue_work(devif_wq, &drop_orders);
}

/**
 * devif_orders_end() - end the orders of all holds on an export
 * @export: the export, its gate closed
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_orders_end(struct devif_export *export)
{
	struct devif_handle *handle = NULL;

	if (!READ_ONCE(export->ordered))
		return;
	while ((handle = devif_handle_next(export, handle))) {
		devif_order_end(handle);
		cond_resched();
	}
}

/**
 * devif_orders_wait() - wait until the devices of all ended orders have been given back
 *
 * A module that is being unloaded may have the devices, or their release functions.
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_orders_wait(void)
{
	flush_work(&drop_orders);
	compat_device_link_wait_removal();
}
