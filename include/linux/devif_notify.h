/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notification: callbacks when interfaces of a class arrive and are removed.
 *
 * Part of <linux/devif.h>, which is the header to include. References such as H9
 * name the items of the Windows model.
 */
#ifndef _LINUX_DEVIF_NOTIFY_H
#define _LINUX_DEVIF_NOTIFY_H

#include <linux/bits.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/uuid.h>

struct device;
struct devif;
struct devif_subscription;

/**
 * DOC: Notification
 *
 * A subscriber names a class and is called back for each arrival, when an
 * interface of the class is enabled, and for each removal, when an interface is disabled
 * or its device is removed. Removal means "disabled", not "deleted" (H3).
 *
 * Each subscriber is told of every change, once, in the order of the changes; arrivals
 * and removals of one interface alternate. Each subscription has a work item
 * of its own, which calls back asynchronously: slow subscribers delay neither callers of
 * devif_enable() and devif_disable() nor other subscribers. When a callback runs the
 * interface may have changed its state again (H7); every call is safe then.
 *
 * The queue of a subscriber is bounded: if more than 256 changes of its class are
 * pending, an interface that has arrived and was removed before the last 256 may be left
 * out, the arrival together with the removal. The removal of an interface is never left
 * out if its arrival was told, and arrivals and removals of one interface alternate all
 * the same (H9).
 *
 * Callbacks may sleep for any time, and may wait for callbacks of other
 * subscribers. They hold no lock of the registry, and may make any call, also to end
 * their own subscription. Two callbacks of one subscription never run at the same time.
 * Unloading the module waits for a callback that has ended its own subscription, and has
 * yet to return.
 *
 * A removal is told with the &struct devif of the arrival, and no other interface gets
 * this address before the removal callback has returned: a subscriber may compare
 * pointers, and needs devif_get() only to use the interface between the callbacks. An
 * interface that is registered anew, after its device was absent or after it was
 * unregistered, is another &struct devif with the same symbolic link name.
 */

/**
 * enum devif_subscribe_flags - options of a subscription
 * @DEVIF_EXISTING: Begin with an arrival of each interface that is enabled (H1).
 *	No interface is missed or told twice (H9). Without this flag, the first
 *	notification of an interface that is enabled already is its removal.
 */
enum devif_subscribe_flags {
	DEVIF_EXISTING = BIT(0),
};

/**
 * struct devif_subscribe_desc - description of a subscription
 * @class: GUID of the interface class; not the null GUID. Borrowed. The class need
 *	not be registered yet (B5, H11).
 * @arrival: called when an interface has been enabled (H2), or %NULL. Use
 *	devif_class_guid() and devif_link_name() for class and symbolic link name
 *	(D11). The interface is borrowed for the time of the call (H6), see
 *	devif_get().
 * @removal: called when an interface has been disabled (H3), or %NULL
 * @data: for the callbacks
 * @flags: enum devif_subscribe_flags
 */
struct devif_subscribe_desc {
	const guid_t *class;
	void (*arrival)(struct devif *devif, void *data);
	void (*removal)(struct devif *devif, void *data);
	void *data;
	unsigned int flags;
};

int __devif_subscribe(const struct devif_subscribe_desc *desc,
		      struct module *owner, struct lock_class_key *key,
		      struct devif_subscription **subscription);
int __devm_devif_subscribe(struct device *dev,
			   const struct devif_subscribe_desc *desc,
			   struct module *owner, struct lock_class_key *key);

/**
 * devif_subscribe() - subscribe to the interfaces of a class
 * @desc: class, callbacks and flags
 * @subscription: receives the subscription, for devif_unsubscribe(); not
 *	%NULL. Set before the first callback runs.
 *
 * The subscription does not pin the calling module, as no notifier of Linux does; on
 * Windows it pins the driver (H8). Instead the module ends the subscription, at the
 * latest in its exit function. The registry ends subscriptions left after the exit
 * function, with a line in the log, and the unload waits for a callback that still runs;
 * but data that callbacks use may have been freed by then. Subscribers are listed in
 * /sys/kernel/debug/devif/users.
 *
 * Twin: IoRegisterPlugPlayNotification, RegisterRemoteInterfaceNotification.
 * Implements H1, H2, H9 to H11, K1.
 *
 * Context: May sleep.
 *
 * Return: 0, -EINVAL if an argument or both callbacks are missing, the GUID is
 * null or a flag is unknown, -ENODEV if the calling module is being unloaded, or
 * -ENOMEM
 */
#define devif_subscribe(desc, subscription) ({				\
	static struct lock_class_key __key;				\
									\
	__devif_subscribe(desc, THIS_MODULE, &__key, subscription);	\
})

/**
 * devm_devif_subscribe() - subscribe to the interfaces of a class, managed by a device
 * @dev: device of the caller
 * @desc: class, callbacks and flags
 *
 * As devif_subscribe(), but the subscription ends when the driver is unbound from
 * @dev, or with @dev if it has no driver. A module that unregisters its driver, or its
 * device, in its exit function has thereby ended the subscription.
 *
 * Context: May sleep.
 *
 * Return: As devif_subscribe().
 */
#define devm_devif_subscribe(dev, desc) ({				\
	static struct lock_class_key __key;				\
									\
	__devm_devif_subscribe(dev, desc, THIS_MODULE, &__key);		\
})

/**
 * devif_unsubscribe() - end a subscription
 * @subscription: the subscription; %NULL and error pointers are ignored
 *
 * When this returns no callback runs, and none will (H8). Called from a callback
 * of the same subscription it does not wait for that callback, which is the last.
 * @subscription must not be used afterwards.
 *
 * Context: May sleep. No lock may be held that a callback takes.
 */
void devif_unsubscribe(struct devif_subscription *subscription);

#endif /* _LINUX_DEVIF_NOTIFY_H */
