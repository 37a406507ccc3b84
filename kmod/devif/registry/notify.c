// SPDX-License-Identifier: GPL-2.0
/*
 * Notification: subscribers of a class are told of arrivals and removals.
 *
 * A class that has subscribers keeps a log of notices to tell. Each subscription knows
 * its next notice, and has a runner that goes on from there. A notice counts the
 * subscriptions that have not read it, and leaves the log when the last one has. The
 * state of an interface changes, and the notice is added, under one lock; a new
 * subscription finds out the enabled interfaces, and its place in the log, under the same
 * lock. So no change is told twice, and none is missed.
 *
 * A callback may block for ever, and the log behind it must not grow for ever. Beyond the
 * last %NOTICES_KEPT notices an arrival and the removal after it leave the log together,
 * once the same subscriptions have yet to be told both: since all read in one order, that
 * is so when the two counts are equal. For each interface, a removal and an arrival at
 * most stay for a subscription.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "core/keeper.h"
#include "lib/managed.h"
#include "lib/runner.h"
#include "registry/registry.h"

/* Number of the last notices, all of which are told; documented in devif_notify.h. */
#define NOTICES_KEPT	256

/**
 * struct devif_notice - an arrival or a removal
 * @entry: in the log of the class, or in @replay of a subscription
 * @devif: the interface, referenced
 * @other: the removal that ends an arrival, or the arrival that a removal ends, if it is
 *	in the log or the removal is to come; guarded by log_lock, as the members below
 * @unread: number of subscriptions that have yet to be told
 * @arrival: the notice is of an arrival, not of a removal
 * @old: not among the last %NOTICES_KEPT notices
 */
struct devif_notice {
	struct list_head entry;
	struct devif *devif;
	struct devif_notice *other;
	unsigned int unread;
	bool arrival;
	bool old;
};

/**
 * struct devif_subscription - a subscriber's subscription to a class
 * @runner: calls back
 * @entry: in the list of the class
 * @class: the class, used
 * @replay: arrivals to tell first, not in the log
 * @next: next notice in the log, %NULL if all have been read; guarded by log_lock
 * @desc: callbacks
 * @keeper: shows the subscription
 */
struct devif_subscription {
	struct devif_runner runner;
	struct list_head entry;
	struct devif_class *class;
	struct list_head replay;
	struct devif_notice *next;
	struct devif_subscribe_desc desc;
	struct devif_keeper keeper;
};

/*
 * Notices
 */

static struct devif_notice *notice_new(struct devif *devif, bool arrival)
{
	struct devif_notice *notice = kzalloc(sizeof(*notice), GFP_KERNEL);

	if (!notice)
		return NULL;
	INIT_LIST_HEAD(&notice->entry);
	notice->devif = devif_get(devif);
	notice->arrival = arrival;
	return notice;
}

static void notice_free(struct devif_notice *notice)
{
	devif_put(notice->devif);
	kfree(notice);
}

/* Not under log_lock: the device of an interface may go with a notice. */
static void notices_free(struct list_head *notices)
{
	struct devif_notice *notice, *next;

	list_for_each_entry_safe(notice, next, notices, entry)
		notice_free(notice);
}

/*
 * The log
 */

static struct devif_notice *notice_after(const struct devif_class *class,
					 struct devif_notice *notice)
{
	return list_is_last(&notice->entry, &class->log) ?
	       NULL : list_next_entry(notice, entry);
}

static void notice_part(struct devif_notice *notice)
{
	if (notice->other)
		notice->other->other = NULL;
	notice->other = NULL;
}

/* Take a notice that is no subscription's next out of the log. */
static void notice_drop(struct devif_class *class, struct devif_notice *notice,
			struct list_head *dropped)
{
	lockdep_assert_held(&class->log_lock);
	notice_part(notice);
	if (!notice->old)
		class->recent--;
	else if (notice == class->last_old)
		class->last_old = list_is_first(&notice->entry, &class->log) ?
				  NULL : list_prev_entry(notice, entry);
	list_move_tail(&notice->entry, dropped);
}

static void notice_skip(struct devif_class *class, struct devif_notice *notice,
			struct list_head *dropped)
{
	struct devif_subscription *subscription;

	list_for_each_entry(subscription, &class->subscriptions, entry)
		if (subscription->next == notice)
			subscription->next = notice_after(class, notice);
	notice_drop(class, notice, dropped);
}

/* Drop an old removal, and the arrival that it ends, if the same subscriptions miss both. */
static void log_forget_pair(struct devif_class *class, struct devif_notice *removal,
			    struct list_head *dropped)
{
	struct devif_notice *arrival = removal->other;

	lockdep_assert_held(&class->log_lock);
	if (removal->arrival || !removal->old || !arrival ||
	    arrival->unread != removal->unread)
		return;
	notice_skip(class, arrival, dropped);
	notice_skip(class, removal, dropped);
}

/* Make the oldest of the last notices an old one. */
static void log_age(struct devif_class *class, struct list_head *dropped)
{
	struct devif_notice *notice = class->last_old;

	notice = notice ? notice_after(class, notice) :
		 list_first_entry(&class->log, struct devif_notice, entry);
	notice->old = true;
	class->last_old = notice;
	class->recent--;
	log_forget_pair(class, notice, dropped);
}

static void log_add(struct devif_class *class, struct devif_notice *notice,
		    struct list_head *dropped)
{
	struct devif_subscription *subscription;

	lockdep_assert_held(&class->log_lock);
	list_add_tail(&notice->entry, &class->log);
	notice->unread = class->subscribers;
	list_for_each_entry(subscription, &class->subscriptions, entry)
		if (!subscription->next)
			subscription->next = notice;
	if (++class->recent > NOTICES_KEPT)
		log_age(class, dropped);
}

static void log_kick(struct devif_class *class)
{
	struct devif_subscription *subscription;

	lockdep_assert_held(&class->notify_lock);
	list_for_each_entry(subscription, &class->subscriptions, entry)
		devif_runner_kick(&subscription->runner);
}

/*
 * Changes of interfaces
 */

static void set_enabled(struct devif *devif, bool enabled)
{
	struct devif_record *record = devif->record;
	struct devif_class *class = record->class;

	lockdep_assert_held(&class->notify_lock);
	WRITE_ONCE(devif->enabled, enabled);
	if (enabled)
		xa_set_mark(&class->records, record->index, DEVIF_MARK_ENABLED);
	else
		xa_clear_mark(&class->records, record->index,
			      DEVIF_MARK_ENABLED);
	devif_shown_changed();
}

static void post_arrival(struct devif *devif, struct devif_notice *arrival)
{
	struct devif_class *class = devif->record->class;
	LIST_HEAD(dropped);

	spin_lock(&class->log_lock);
	arrival->other = devif->removal_notice;
	devif->removal_notice->other = arrival;
	log_add(class, arrival, &dropped);
	spin_unlock(&class->log_lock);
	notices_free(&dropped);
	log_kick(class);
}

static void post_removal(struct devif *devif)
{
	struct devif_class *class = devif->record->class;
	struct devif_notice *removal = devif->removal_notice;
	LIST_HEAD(dropped);

	spin_lock(&class->log_lock);
	if (class->subscribers) {
		log_add(class, removal, &dropped);
	} else {
		notice_part(removal);
		list_add(&removal->entry, &dropped);
	}
	spin_unlock(&class->log_lock);
	notices_free(&dropped);
	log_kick(class);
}

/**
 * devif_notify_enabled() - enable an interface, and notify subscribers
 * @devif: the interface
 *
 * The notice of its removal is made too, for disabling must not fail.
 *
 * Context: May sleep; state_lock of @devif held.
 *
 * Return: 0, or -ENOMEM: the interface stays disabled
 */
int devif_notify_enabled(struct devif *devif)
{
	struct devif_class *class = devif->record->class;
	struct devif_notice *arrival = NULL;

	devif->removal_notice = notice_new(devif, false);
	if (!devif->removal_notice)
		return -ENOMEM;

	mutex_lock(&class->notify_lock);
	if (class->subscribers) {
		arrival = notice_new(devif, true);
		if (!arrival)
			goto err_unlock;
	}
	set_enabled(devif, true);
	if (arrival)
		post_arrival(devif, arrival);
	mutex_unlock(&class->notify_lock);
	return 0;

err_unlock:
	mutex_unlock(&class->notify_lock);
	notice_free(devif->removal_notice);
	return -ENOMEM;
}

/**
 * devif_notify_disabled() - disable an interface, and notify subscribers
 * @devif: the interface
 *
 * Context: May sleep; state_lock of @devif held.
 */
void devif_notify_disabled(struct devif *devif)
{
	struct devif_class *class = devif->record->class;

	guard(mutex)(&class->notify_lock);
	set_enabled(devif, false);
	post_removal(devif);
}

/*
 * Calling back
 */

/* Read the next notice in the log; return its interface, referenced, or %NULL. */
static struct devif *log_read_next(struct devif_subscription *subscription,
				   bool *arrival, struct list_head *dropped)
{
	struct devif_class *class = subscription->class;
	struct devif_notice *notice = subscription->next;
	struct devif *devif;

	lockdep_assert_held(&class->log_lock);
	if (!notice)
		return NULL;
	devif = devif_get(notice->devif);
	*arrival = notice->arrival;
	subscription->next = notice_after(class, notice);
	if (!--notice->unread)
		notice_drop(class, notice, dropped);
	else
		log_forget_pair(class, notice, dropped);
	return devif;
}

static void notify_tell(const struct devif_subscribe_desc *desc, struct devif *devif,
			bool arrival)
{
	if (arrival && desc->arrival)
		desc->arrival(devif, desc->data);
	if (!arrival && desc->removal)
		desc->removal(devif, desc->data);
}

/* A subscription that is ending does not tell; log_leave() reads its notices. */
static bool notify_tell_next(struct devif_subscription *subscription)
{
	struct devif_class *class = subscription->class;
	struct devif *devif = NULL;
	LIST_HEAD(dropped);
	bool arrival;

	spin_lock(&class->log_lock);
	if (!devif_runner_is_closed(&subscription->runner))
		devif = log_read_next(subscription, &arrival, &dropped);
	spin_unlock(&class->log_lock);
	notices_free(&dropped);
	if (!devif)
		return false;
	notify_tell(&subscription->desc, devif, arrival);
	devif_put(devif);
	return true;
}

static bool tell_replayed(struct devif_subscription *subscription)
{
	struct devif_notice *notice;

	notice = list_first_entry_or_null(&subscription->replay,
					  struct devif_notice, entry);
	if (!notice || devif_runner_is_closed(&subscription->runner))
		return false;
	list_del(&notice->entry);
	notify_tell(&subscription->desc, notice->devif, true);
	notice_free(notice);
	return true;
}

static struct devif_subscription *to_subscription(struct devif_runner *runner)
{
	return container_of(runner, struct devif_subscription, runner);
}

static void run_subscription(struct devif_runner *runner)
{
	struct devif_subscription *subscription = to_subscription(runner);

	while (tell_replayed(subscription) || notify_tell_next(subscription))
		cond_resched();
}

/*
 * Subscribing
 */

/* An enabled interface cannot become disabled while we hold notify_lock. */
static int make_replay(struct devif_subscription *subscription)
{
	struct devif_class *class = subscription->class;
	struct devif_record *record;
	struct devif_notice *notice;
	unsigned long index;
	struct devif *devif;

	lockdep_assert_held(&class->notify_lock);
	xa_for_each_marked(&class->records, index, record, DEVIF_MARK_ENABLED) {
		devif = rcu_dereference_protected(record->live, true);
		notice = notice_new(devif, true);
		if (!notice)
			return -ENOMEM;
		list_add_tail(&notice->entry, &subscription->replay);
	}
	return 0;
}

static void log_join(struct devif_subscription *subscription)
{
	struct devif_class *class = subscription->class;

	lockdep_assert_held(&class->notify_lock);
	spin_lock(&class->log_lock);
	list_add_tail(&subscription->entry, &class->subscriptions);
	class->subscribers++;
	spin_unlock(&class->log_lock);
}

static void log_read_to_the_end(struct devif_subscription *subscription)
{
	struct devif_class *class = subscription->class;
	struct devif *devif;
	LIST_HEAD(dropped);
	bool arrival;

	do {
		spin_lock(&class->log_lock);
		devif = log_read_next(subscription, &arrival, &dropped);
		spin_unlock(&class->log_lock);
		devif_put(devif);
		notices_free(&dropped);
		INIT_LIST_HEAD(&dropped);
		cond_resched();
	} while (devif);
}

static void log_leave(struct devif_subscription *subscription)
{
	struct devif_class *class = subscription->class;

	/* a long log takes time: not yet under notify_lock, which device removal takes */
	log_read_to_the_end(subscription);
	mutex_lock(&class->notify_lock);
	log_read_to_the_end(subscription);
	spin_lock(&class->log_lock);
	list_del(&subscription->entry);
	class->subscribers--;
	spin_unlock(&class->log_lock);
	mutex_unlock(&class->notify_lock);
}

/* From here on callbacks run; they may use @result, which is set by then. */
static int log_enter(struct devif_subscription *subscription,
		     struct devif_subscription **result)
{
	struct devif_class *class = subscription->class;
	unsigned int noio;
	int ret = 0;

	/* device removal takes notify_lock too */
	noio = memalloc_noio_save();
	mutex_lock(&class->notify_lock);
	if (subscription->desc.flags & DEVIF_EXISTING)
		ret = make_replay(subscription);
	if (!ret) {
		log_join(subscription);
		*result = subscription;
		devif_runner_kick(&subscription->runner);
	}
	mutex_unlock(&class->notify_lock);
	memalloc_noio_restore(noio);
	return ret;
}

static void discard_subscription(struct devif_subscription *subscription)
{
	notices_free(&subscription->replay);
	devif_class_unuse(subscription->class);
	kfree(subscription);
}

static void free_subscription(struct devif_runner *runner)
{
	discard_subscription(to_subscription(runner));
}

static void end_subscription(struct devif_runner *runner)
{
	if (!devif_runner_begin_close(runner))
		return;
	devif_keeper_remove(&to_subscription(runner)->keeper);
	log_leave(to_subscription(runner));
	devif_runner_close(runner);
}

static const struct devif_runner_ops subscription_ops = {
	.kind = "subscription",
	.run = run_subscription,
	.end = end_subscription,
	.free = free_subscription,
};

static int notify_check_desc(const struct devif_subscribe_desc *desc)
{
	const char *why;

	if (!desc)
		why = "no description or result";
	else if (!desc->class || guid_is_null(desc->class))
		why = "class: null GUID";
	else if (!desc->arrival && !desc->removal)
		why = "no callback";
	else if (desc->flags & ~DEVIF_EXISTING)
		why = "flags: unknown";
	else
		return 0;
	pr_err_ratelimited("subscribe: %s\n", why);
	return -EINVAL;
}

static struct devif_subscription *
alloc_subscription(const struct devif_subscribe_desc *desc)
{
	size_t size = sizeof(struct devif_subscription);
	struct devif_subscription *subscription = kzalloc(size, GFP_KERNEL);
	struct devif_class *class;

	if (!subscription)
		return ERR_PTR(-ENOMEM);
	class = devif_class_use(desc->class);
	if (IS_ERR(class)) {
		kfree(subscription);
		return ERR_CAST(class);
	}
	INIT_LIST_HEAD(&subscription->replay);
	subscription->class = class;
	subscription->desc = *desc;
	/* the caller's GUID may go when we return */
	subscription->desc.class = &class->guid;
	return subscription;
}

int __devif_subscribe(const struct devif_subscribe_desc *desc,
		      struct module *owner, struct lock_class_key *key,
		      struct devif_subscription **result)
{
	struct devif_subscription *subscription;
	int ret;

	might_sleep();
	ret = notify_check_desc(result ? desc : NULL);
	if (ret)
		return ret;
	/* module_event() has ended the module's subscriptions, or is about to */
	if (owner && !module_is_live(owner))
		return -ENODEV;
	subscription = alloc_subscription(desc);
	if (IS_ERR(subscription))
		return PTR_ERR(subscription);
	ret = devif_runner_init(&subscription->runner, &subscription_ops, owner,
				key);
	if (ret) {
		discard_subscription(subscription);
		return ret;
	}
	subscription->keeper.kind = "subscription";
	subscription->keeper.holder = owner ? owner->name : "kernel";
	subscription->keeper.class = &subscription->class->guid;
	/* a callback may end it at once */
	devif_keeper_add(&subscription->keeper);
	ret = log_enter(subscription, result);
	if (ret) {
		devif_keeper_remove(&subscription->keeper);
		devif_runner_discard(&subscription->runner);
	}
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devif_subscribe);

static void notify_end_managed(const struct devif_managed *managed)
{
	struct devif_subscription *subscription = managed->object;

	devif_unsubscribe(subscription);
	devif_runner_put(&subscription->runner);
}

int __devm_devif_subscribe(struct device *dev,
			   const struct devif_subscribe_desc *desc,
			   struct module *owner, struct lock_class_key *key)
{
	struct devif_subscription *subscription;
	struct devif_managed *managed;
	int ret;

	ret = notify_check_desc(IS_ERR_OR_NULL(dev) ? NULL : desc);
	if (ret)
		return ret;
	managed = devif_managed_alloc(notify_end_managed);
	if (!managed)
		return -ENOMEM;
	ret = __devif_subscribe(desc, owner, key, &subscription);
	if (ret) {
		devif_managed_free(managed);
		return ret;
	}
	devif_runner_get(&subscription->runner);
	devif_managed_add(dev, managed, subscription, owner);
	return 0;
}
EXPORT_SYMBOL_DEVIF(__devm_devif_subscribe);

void devif_unsubscribe(struct devif_subscription *subscription)
{
	might_sleep();
	if (!IS_ERR_OR_NULL(subscription))
		end_subscription(&subscription->runner);
}
EXPORT_SYMBOL_DEVIF(devif_unsubscribe);
