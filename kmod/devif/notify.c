// SPDX-License-Identifier: GPL-2.0
/*
 * Notification: who subscribes to a class is told of arrivals and removals.
 *
 * A class that has subscribers keeps a log of what has happened, a list of notices.
 * Each subscription has a place in it, and a runner that goes on from there. A
 * notice is kept by the one before it, by those whose place it is, and, the last
 * one, by the class; so it is freed when everybody has read on. The state of an
 * interface changes, and the notice is added, under one lock; who subscribes finds
 * out what is enabled, and gets its place, under the same lock. So nothing is told
 * twice, and nothing is missed.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "internal.h"
#include "runner.h"

/**
 * struct devif_notice - something that has happened, or the place before the first
 * @next: what happened next, referenced; written once, under the class's lock
 * @in_replay: in the list of what a new subscription begins with
 * @devif: interface, referenced; %NULL for a mere place
 * @arrival: or else removal
 * @ref: see above
 */
struct devif_notice {
	struct devif_notice *next;
	struct list_head in_replay;
	struct devif *devif;
	bool arrival;
	refcount_t ref;
};

/**
 * struct devif_subscription - who wants to be told
 * @runner: calls back
 * @entry: in the list of the class
 * @class: the class, used
 * @replay: notices to begin with
 * @place: the last notice that was read, referenced
 * @desc: what to call
 */
struct devif_subscription {
	struct devif_runner runner;
	struct list_head entry;
	struct devif_class *class;
	struct list_head replay;
	struct devif_notice *place;
	struct devif_subscribe_desc desc;
};

/*
 * Notices
 */

static struct devif_notice *new_notice(struct devif *devif, bool arrival)
{
	struct devif_notice *notice = kzalloc(sizeof(*notice), GFP_KERNEL);

	if (!notice)
		return NULL;
	notice->devif = devif_get(devif);
	notice->arrival = arrival;
	refcount_set(&notice->ref, 1);
	return notice;
}

/* With a notice goes its hold on the next one. */
static void put_notice(struct devif_notice *notice)
{
	struct devif_notice *next;

	while (notice && refcount_dec_and_test(&notice->ref)) {
		next = notice->next;
		devif_put(notice->devif);
		kfree(notice);
		notice = next;
	}
}

/* Add a notice to the log, which takes the reference. */
static void post(struct devif_class *class, struct devif_notice *notice)
{
	struct devif_subscription *subscription;
	struct devif_notice *last = class->last_notice;

	lockdep_assert_held(&class->notify_lock);
	refcount_inc(&notice->ref);
	class->last_notice = notice;
	/* pairs with the acquire in next_notice() */
	smp_store_release(&last->next, notice);
	put_notice(last);
	list_for_each_entry(subscription, &class->subscriptions, entry)
		devif_runner_kick(&subscription->runner);
}

/*
 * What happens to interfaces
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
}

/**
 * devif_notify_enabled() - an interface becomes enabled
 * @devif: the interface
 *
 * The notice of its removal is made too, for that must not fail.
 *
 * Context: May sleep; state_lock of @devif held.
 *
 * Return: 0, or -ENOMEM: it has not become enabled
 */
int devif_notify_enabled(struct devif *devif)
{
	struct devif_class *class = devif->record->class;
	struct devif_notice *arrival = NULL;

	devif->removal_notice = new_notice(devif, false);
	if (!devif->removal_notice)
		return -ENOMEM;

	mutex_lock(&class->notify_lock);
	if (class->last_notice) {
		arrival = new_notice(devif, true);
		if (!arrival)
			goto err_unlock;
	}
	set_enabled(devif, true);
	if (arrival)
		post(class, arrival);
	mutex_unlock(&class->notify_lock);
	return 0;

err_unlock:
	mutex_unlock(&class->notify_lock);
	put_notice(devif->removal_notice);
	return -ENOMEM;
}

/**
 * devif_notify_disabled() - an interface becomes disabled
 * @devif: the interface
 *
 * Context: May sleep; state_lock of @devif held.
 */
void devif_notify_disabled(struct devif *devif)
{
	struct devif_class *class = devif->record->class;
	struct devif_notice *removal = devif->removal_notice;

	mutex_lock(&class->notify_lock);
	set_enabled(devif, false);
	if (class->last_notice)
		post(class, removal);
	else
		put_notice(removal);
	mutex_unlock(&class->notify_lock);
}

/*
 * Calling back
 */

static struct devif_notice *next_replayed(struct devif_subscription *subscription)
{
	struct devif_notice *notice;

	notice = list_first_entry_or_null(&subscription->replay,
					  struct devif_notice, in_replay);
	if (notice)
		list_del(&notice->in_replay);
	return notice;
}

/* The next notice, with a reference. */
static struct devif_notice *next_notice(struct devif_subscription *subscription)
{
	struct devif_notice *last = subscription->place;
	struct devif_notice *notice = next_replayed(subscription);

	if (notice)
		return notice;
	/* pairs with the release in post() */
	notice = smp_load_acquire(&last->next);
	if (!notice)
		return NULL;
	refcount_inc(&notice->ref);
	refcount_inc(&notice->ref);
	subscription->place = notice;
	put_notice(last);
	return notice;
}

static void tell(const struct devif_subscribe_desc *desc,
		 const struct devif_notice *notice)
{
	if (notice->arrival && desc->arrival)
		desc->arrival(notice->devif, desc->data);
	if (!notice->arrival && desc->removal)
		desc->removal(notice->devif, desc->data);
}

static struct devif_subscription *to_subscription(struct devif_runner *runner)
{
	return container_of(runner, struct devif_subscription, runner);
}

static void run_subscription(struct devif_runner *runner)
{
	struct devif_subscription *subscription = to_subscription(runner);
	struct devif_notice *notice;

	while (!devif_runner_is_closed(runner) &&
	       (notice = next_notice(subscription))) {
		tell(&subscription->desc, notice);
		put_notice(notice);
	}
}

/*
 * Subscribing
 */

/* Log what happens from now on, if nobody has until now. */
static int begin_log(struct devif_class *class)
{
	lockdep_assert_held(&class->notify_lock);
	if (!class->last_notice)
		class->last_notice = new_notice(NULL, false);
	return class->last_notice ? 0 : -ENOMEM;
}

static void end_log(struct devif_class *class)
{
	lockdep_assert_held(&class->notify_lock);
	if (!list_empty(&class->subscriptions) || !class->last_notice)
		return;
	put_notice(class->last_notice);
	class->last_notice = NULL;
}

/* What is enabled cannot become disabled while we hold the lock. */
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
		notice = new_notice(devif, true);
		if (!notice)
			return -ENOMEM;
		list_add_tail(&notice->in_replay, &subscription->replay);
	}
	return 0;
}

static void free_replay(struct devif_subscription *subscription)
{
	struct devif_notice *notice;

	while ((notice = next_replayed(subscription)))
		put_notice(notice);
}

/* From here on callbacks run; by then @result is where the caller wants it. */
static int take_place(struct devif_subscription *subscription,
		      struct devif_subscription **result)
{
	struct devif_class *class = subscription->class;
	unsigned int noio;
	int ret;

	/* device removal takes the lock too */
	noio = memalloc_noio_save();
	mutex_lock(&class->notify_lock);
	ret = begin_log(class);
	if (!ret && subscription->desc.flags & DEVIF_EXISTING)
		ret = make_replay(subscription);
	if (!ret) {
		subscription->place = class->last_notice;
		refcount_inc(&subscription->place->ref);
		list_add_tail(&subscription->entry, &class->subscriptions);
		*result = subscription;
		devif_runner_kick(&subscription->runner);
	} else {
		end_log(class);
	}
	mutex_unlock(&class->notify_lock);
	memalloc_noio_restore(noio);
	return ret;
}

static void leave_place(struct devif_subscription *subscription)
{
	struct devif_class *class = subscription->class;

	mutex_lock(&class->notify_lock);
	list_del(&subscription->entry);
	end_log(class);
	mutex_unlock(&class->notify_lock);
}

static void discard_subscription(struct devif_subscription *subscription)
{
	free_replay(subscription);
	put_notice(subscription->place);
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
	leave_place(to_subscription(runner));
	devif_runner_close(runner);
}

static const struct devif_runner_ops subscription_ops = {
	.kind = "subscription",
	.run = run_subscription,
	.end = end_subscription,
	.free = free_subscription,
};

static int check_desc(const struct devif_subscribe_desc *desc)
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
	pr_err_ratelimited("devif: subscribe: %s\n", why);
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
	/* the caller's may not be there any longer */
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
	ret = check_desc(result ? desc : NULL);
	if (ret)
		return ret;
	/* what ends the subscriptions of a module has run, or is about to */
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
	ret = take_place(subscription, result);
	if (ret)
		devif_runner_discard(&subscription->runner);
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devif_subscribe);

static void managed_release(struct device *dev, void *res)
{
	struct devif_subscription **subscription = res;

	devif_unsubscribe(*subscription);
	devif_runner_put(&(*subscription)->runner);
	devif_managed_end();
}

int __devm_devif_subscribe(struct device *dev,
			   const struct devif_subscribe_desc *desc,
			   struct module *owner, struct lock_class_key *key)
{
	struct devif_subscription **subscription;
	int ret;

	ret = check_desc(dev ? desc : NULL);
	if (ret)
		return ret;
	subscription = devres_alloc(managed_release, sizeof(*subscription),
				    GFP_KERNEL);
	if (!subscription)
		return -ENOMEM;
	ret = __devif_subscribe(desc, owner, key, subscription);
	if (ret) {
		devres_free(subscription);
		return ret;
	}
	/* also if the module has gone, and its subscription with it */
	devif_runner_get(&(*subscription)->runner);
	devif_managed_begin();
	devres_add(dev, subscription);
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
