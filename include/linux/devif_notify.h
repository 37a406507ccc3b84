/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notification: being told when interfaces of a class arrive and are removed.
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
 * interface of it is enabled, and for each removal, when one is disabled or its
 * device goes. Removal means "disabled", not "deleted" (H3).
 *
 * Each subscriber is told of every change, once, in the order in which they
 * happened; arrivals and removals of one interface alternate. It is told a moment
 * later, from a work item of its own: a slow subscriber does not hold up those who
 * enable and disable, nor other subscribers, however many are slow. By the time a
 * callback runs the interface may be in another state again (H7); every call copes
 * with that.
 *
 * What a subscriber has not been told yet is kept for it. That does not grow without
 * bound: if more than 256 changes of its class wait, an interface that has arrived and
 * was removed before the last 256 may be left out, the arrival together with the
 * removal. A removal of what the subscriber was told to have arrived is never left out,
 * and arrivals and removals of one interface alternate all the same (H9).
 *
 * Callbacks may sleep, as long as they like, also until another subscriber has been
 * told. They hold no lock of the registry's, and may make any call, also to end their
 * own subscription. Two callbacks of one subscription never run at the same time. A
 * callback that has ended its own subscription, and has yet to return, is waited for when
 * the module is unloaded.
 *
 * The removal of an interface is told with the &struct devif of its arrival, and until
 * that callback has returned no other interface has this address: a subscriber may
 * compare pointers, and needs devif_get() only for what it does between. An interface
 * that is registered anew, after its device was away or after it was unregistered, is
 * another &struct devif, with the symbolic link name that it had.
 */

/**
 * enum devif_subscribe_flags - what to be told
 * @DEVIF_EXISTING: Begin with an arrival of each interface that is enabled (H1).
 *	None is missed and none is told twice (H9). Without this flag, of an
 *	interface that is enabled at the time of subscribing the removal is the
 *	first that is told.
 */
enum devif_subscribe_flags {
	DEVIF_EXISTING = BIT(0),
};

/**
 * struct devif_subscribe_desc - what to be told, and how
 * @class: GUID of the interface class; not the null GUID. Borrowed. Nobody needs
 *	to have registered it yet (B5, H11).
 * @arrival: called when an interface has been enabled (H2), or %NULL. Class and
 *	symbolic link name are those of devif_class_guid() and devif_link_name()
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
 * devif_subscribe() - be told of the interfaces of a class
 * @desc: what to be told, and how
 * @subscription: where to put the subscription, for devif_unsubscribe(); not
 *	%NULL. It is there before the first callback runs.
 *
 * The subscription does not keep the calling module, as no notifier of Linux does; on
 * Windows it pins the driver (H8). Instead the module ends it before it goes, in its
 * exit function for instance. What it has not ended is ended once its exit function has
 * run, with a line in the log, and its unloading waits for a callback that still runs;
 * but what callbacks use may have been freed by then. Who has subscribed is shown in
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
 * devm_devif_subscribe() - be told of the interfaces of a class, managed
 * @dev: device of the caller
 * @desc: what to be told, and how
 *
 * As devif_subscribe(), but the subscription ends when the driver is unbound from
 * @dev, or with @dev if it has none. A module that unregisters its driver, or its
 * device, when it is unloaded has ended it by then.
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
 * devif_unsubscribe() - be told no more
 * @subscription: the subscription; %NULL and error pointers are ignored
 *
 * When this returns no callback runs, and none will (H8). Called from a callback
 * of the same subscription it does not wait for that one, which is the last. It is
 * called once.
 *
 * Context: May sleep. No lock may be held that a callback takes.
 */
void devif_unsubscribe(struct devif_subscription *subscription);

#endif /* _LINUX_DEVIF_NOTIFY_H */
