// SPDX-License-Identifier: GPL-2.0
/*
 * A subscriber that records its callbacks, and reports those that must never come.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "fixture.h"
#include "subscriber.h"

#define MARKER		"sync"

/**
 * struct subscriber_view - a subscriber's knowledge of an interface
 * @entry: entry in the subscriber's list
 * @devif: the interface, referenced, so that no other gets its address
 * @enabled: whether the last callback was an arrival
 * @arrivals: number of arrivals
 * @removals: number of removals
 */
struct subscriber_view {
	struct list_head entry;
	struct devif *devif;
	bool enabled;
	unsigned int arrivals, removals;
};

static void find_fault(struct subscriber *subscriber, const char *fault)
{
	if (!subscriber->fault)
		subscriber->fault = fault;
}

/*
 * Callbacks
 */

static struct subscriber_view *find_view(struct subscriber *subscriber,
					 const struct devif *devif)
{
	struct subscriber_view *view;

	lockdep_assert_held(&subscriber->lock);
	list_for_each_entry(view, &subscriber->views, entry)
		if (view->devif == devif)
			return view;
	return NULL;
}

static struct subscriber_view *add_view(struct subscriber *subscriber,
					struct devif *devif)
{
	struct subscriber_view *view = kzalloc(sizeof(*view), GFP_ATOMIC);

	if (!view)
		return NULL;
	view->devif = devif_get(devif);
	list_add_tail(&view->entry, &subscriber->views);
	return view;
}

static void note_first(struct subscriber *subscriber, struct devif *devif,
		       struct subscriber_view *view, bool arrival)
{
	if (!arrival && subscriber->desc.arrival &&
	    subscriber->desc.flags & DEVIF_EXISTING)
		find_fault(subscriber, "begins with a removal");
	if (!guid_equal(devif_class_guid(devif), &subscriber->class))
		find_fault(subscriber, "told of another class");
	view->enabled = !arrival;
}

static void note_view(struct subscriber *subscriber, struct devif *devif,
		      bool arrival)
{
	struct subscriber_view *view = find_view(subscriber, devif);

	if (!view) {
		view = add_view(subscriber, devif);
		if (!view) {
			find_fault(subscriber, "out of memory");
			return;
		}
		note_first(subscriber, devif, view, arrival);
	}
	if (view->enabled == arrival && subscriber->desc.arrival &&
	    subscriber->desc.removal)
		find_fault(subscriber, "told the same twice");
	view->enabled = arrival;
	if (arrival)
		view->arrivals++;
	else
		view->removals++;
}

static void note(struct subscriber *subscriber, struct devif *devif,
		 bool arrival)
{
	size_t length = strlen(subscriber->text);

	note_view(subscriber, devif, arrival);
	subscriber->told++;
	scnprintf(subscriber->text + length, sizeof(subscriber->text) - length,
		  "%s%c%s", length ? " " : "", arrival ? '+' : '-',
		  devif_reference_string(devif));
}

static bool is_marker(struct devif *devif)
{
	return !strcmp(devif_reference_string(devif), MARKER);
}

static void begin_callback(struct subscriber *subscriber, struct devif *devif,
			   bool arrival)
{
	spin_lock(&subscriber->lock);
	if (subscriber->inside++)
		find_fault(subscriber, "two callbacks at a time");
	if (subscriber->ended)
		find_fault(subscriber, "told after it has unsubscribed");
	if (!is_marker(devif))
		note(subscriber, devif, arrival);
	else if (devif == subscriber->marker)
		subscriber->marks++;
	wake_up_all(&subscriber->changed);
	spin_unlock(&subscriber->lock);
}

static void end_callback(struct subscriber *subscriber)
{
	spin_lock(&subscriber->lock);
	subscriber->inside--;
	wake_up_all(&subscriber->changed);
	/* @subscriber may be freed now */
	spin_unlock(&subscriber->lock);
}

static void callback(struct subscriber *subscriber, struct devif *devif,
		     bool arrival)
{
	begin_callback(subscriber, devif, arrival);
	if (subscriber->act && !is_marker(devif))
		subscriber->act(subscriber, devif, arrival);
	end_callback(subscriber);
}

static void callback_arrival(struct devif *devif, void *data)
{
	callback(data, devif, true);
}

static void callback_removal(struct devif *devif, void *data)
{
	callback(data, devif, false);
}

/* Block in the callback until the test completes @leave. */
void subscriber_stay(struct subscriber *subscriber, struct devif *devif,
		     bool arrival)
{
	complete(&subscriber->entered);
	wait_for_completion(&subscriber->leave);
}

/*
 * Creation and destruction
 */

void subscriber_init(struct subscriber *subscriber, struct kunit *test,
		     const guid_t *class, unsigned int flags)
{
	memset(subscriber, 0, sizeof(*subscriber));
	subscriber->test = test;
	subscriber->class = *class;
	subscriber->desc = (struct devif_subscribe_desc) {
		.class = &subscriber->class,
		.arrival = callback_arrival,
		.removal = callback_removal,
		.data = subscriber,
		.flags = flags,
	};
	spin_lock_init(&subscriber->lock);
	init_waitqueue_head(&subscriber->changed);
	INIT_LIST_HEAD(&subscriber->views);
	init_completion(&subscriber->entered);
	init_completion(&subscriber->leave);
}

/* Return whether no callback runs, even one that has unsubscribed. */
static bool is_left(struct subscriber *subscriber)
{
	bool left;

	spin_lock(&subscriber->lock);
	left = !subscriber->inside;
	spin_unlock(&subscriber->lock);
	return left;
}

void subscriber_exit(struct subscriber *subscriber)
{
	struct subscriber_view *view, *next;

	complete_all(&subscriber->leave);
	subscriber_stop(subscriber);
	wait_event(subscriber->changed, is_left(subscriber));
	if (subscriber->fault)
		KUNIT_FAIL(subscriber->test, "subscriber: %s: %s",
			   subscriber->fault, subscriber->text);
	list_for_each_entry_safe(view, next, &subscriber->views, entry) {
		list_del(&view->entry);
		devif_put(view->devif);
		kfree(view);
	}
}

static void free_subscriber(void *arg)
{
	subscriber_exit(arg);
	kfree(arg);
}

struct subscriber *subscriber_new(struct kunit *test, const guid_t *class,
				  unsigned int flags)
{
	struct subscriber *subscriber = kmalloc(sizeof(*subscriber),
						GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, subscriber);
	subscriber_init(subscriber, test, class, flags);
	fixture_defer(test, free_subscriber, subscriber);
	return subscriber;
}

int subscriber_try(struct subscriber *subscriber)
{
	return devif_subscribe(&subscriber->desc, &subscriber->subscription);
}

/* Subscribe, managed by @dev; the subscription must end before the test does. */
int subscriber_try_managed(struct subscriber *subscriber, struct device *dev)
{
	return devm_devif_subscribe(dev, &subscriber->desc);
}

struct subscriber *subscriber_start(struct kunit *test, const guid_t *class,
				    unsigned int flags)
{
	struct subscriber *subscriber = subscriber_new(test, class, flags);

	KUNIT_ASSERT_EQ(test, subscriber_try(subscriber), 0);
	return subscriber;
}

/* From now on, any callback is a fault. */
void subscriber_has_ended(struct subscriber *subscriber)
{
	spin_lock(&subscriber->lock);
	subscriber->ended = true;
	spin_unlock(&subscriber->lock);
}

/* Unsubscribe, unless already done; also from callbacks. */
void subscriber_stop(struct subscriber *subscriber)
{
	struct devif_subscription *subscription;

	subscription = xchg(&subscriber->subscription, NULL);
	if (!subscription)
		return;
	devif_unsubscribe(subscription);
	subscriber_has_ended(subscriber);
}

/*
 * Waiting for callbacks
 */

static bool was_told(struct subscriber *subscriber, unsigned int told)
{
	bool was;

	spin_lock(&subscriber->lock);
	was = subscriber->told >= told && !subscriber->inside;
	spin_unlock(&subscriber->lock);
	return was;
}

/* Expect @told callbacks, and wait for the end of the last one. */
void subscriber_wait(struct subscriber *subscriber, unsigned int told)
{
	wait_event_timeout(subscriber->changed, was_told(subscriber, told),
			   PATIENCE);
	KUNIT_EXPECT_EQ_MSG(subscriber->test, subscriber->told, told, "%s",
			    subscriber->text);
}

static bool is_marked(struct subscriber *subscriber, unsigned int marks)
{
	bool is;

	spin_lock(&subscriber->lock);
	is = subscriber->marks == marks && !subscriber->inside;
	spin_unlock(&subscriber->lock);
	return is;
}

static void add_marker(struct subscriber *subscriber)
{
	struct fixture *fixture = fixture_add(subscriber->test);
	struct devif *marker;

	marker = fixture_register(subscriber->test, &fixture->dev,
				  &subscriber->class, MARKER, 0);
	spin_lock(&subscriber->lock);
	subscriber->marker = marker;
	spin_unlock(&subscriber->lock);
}

/*
 * Wait until the subscriber has got all notices. They come in order, so toggle a marker
 * interface, which callbacks do not record, and wait for its notices.
 */
void subscriber_sync(struct subscriber *subscriber)
{
	struct kunit *test = subscriber->test;
	unsigned int marks = subscriber->marks;

	if (!subscriber->marker)
		add_marker(subscriber);
	marks += subscriber->desc.arrival ? 1 : 0;
	marks += subscriber->desc.removal ? 1 : 0;
	KUNIT_EXPECT_EQ(test, devif_enable(subscriber->marker), 0);
	KUNIT_EXPECT_EQ(test, devif_disable(subscriber->marker), 0);
	KUNIT_EXPECT_NE_MSG(test, 0,
			    wait_event_timeout(subscriber->changed,
					       is_marked(subscriber, marks),
					       PATIENCE),
			    "is not told any more: %s", subscriber->text);
}

/* Expect exactly these callbacks. */
void subscriber_expect(struct subscriber *subscriber, const char *text)
{
	subscriber_sync(subscriber);
	KUNIT_EXPECT_STREQ(subscriber->test, subscriber->text, text);
}

/*
 * Findings
 */

bool subscriber_believes(struct subscriber *subscriber,
			 const struct devif *devif)
{
	struct subscriber_view *view;
	bool enabled;

	spin_lock(&subscriber->lock);
	view = find_view(subscriber, devif);
	enabled = view && view->enabled;
	spin_unlock(&subscriber->lock);
	return enabled;
}

bool subscriber_has_seen(struct subscriber *subscriber,
			 const struct devif *devif)
{
	bool seen;

	spin_lock(&subscriber->lock);
	seen = find_view(subscriber, devif);
	spin_unlock(&subscriber->lock);
	return seen;
}

unsigned int subscriber_count(struct subscriber *subscriber,
			      const struct devif *devif, bool arrivals)
{
	struct subscriber_view *view;
	unsigned int count = 0;

	spin_lock(&subscriber->lock);
	view = find_view(subscriber, devif);
	if (view)
		count = arrivals ? view->arrivals : view->removals;
	spin_unlock(&subscriber->lock);
	return count;
}
