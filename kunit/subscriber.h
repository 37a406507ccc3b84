/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A subscriber that records its callbacks, and reports those that must never come.
 */
#ifndef DEVIF_KUNIT_SUBSCRIBER_H
#define DEVIF_KUNIT_SUBSCRIBER_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/devif.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

/**
 * struct subscriber - a subscriber for tests
 * @test: the test
 * @desc: description of the subscription; a test may change it before subscriber_try()
 * @act: called in each callback, after recording it; %NULL for nothing
 * @data: for @act
 * @result: for @act
 * @subscription: the subscription, unless it is managed or has ended
 * @entered: completed in subscriber_stay()
 * @leave: completed to unblock subscriber_stay()
 * @class: class, for @desc
 * @lock: guards the following members
 * @changed: woken when a following member has changed
 * @views: list of &struct subscriber_view
 * @text: record of callbacks, "+a -a" for an arrival and a removal of an interface with
 *	the reference string "a"; truncated if too long
 * @told: number of callbacks
 * @inside: number of running callbacks
 * @ended: whether the call that ended the subscription has returned
 * @fault: first error found, or %NULL
 * @marker: interface for subscriber_sync()
 * @marks: number of callbacks for @marker
 */
struct subscriber {
	struct kunit *test;
	struct devif_subscribe_desc desc;
	void (*act)(struct subscriber *subscriber, struct devif *devif,
		    bool arrival);
	void *data;
	int result;
	struct devif_subscription *subscription;
	struct completion entered, leave;

	guid_t class;
	spinlock_t lock;	/* for the following members */
	wait_queue_head_t changed;
	struct list_head views;
	char text[128];
	unsigned int told;
	unsigned int inside;
	bool ended;
	const char *fault;
	struct devif *marker;
	unsigned int marks;
};

void subscriber_init(struct subscriber *subscriber, struct kunit *test,
		     const guid_t *class, unsigned int flags);
void subscriber_exit(struct subscriber *subscriber);
struct subscriber *subscriber_new(struct kunit *test, const guid_t *class,
				  unsigned int flags);
int subscriber_try(struct subscriber *subscriber);
int subscriber_try_managed(struct subscriber *subscriber, struct device *dev);
struct subscriber *subscriber_start(struct kunit *test, const guid_t *class,
				    unsigned int flags);
void subscriber_stop(struct subscriber *subscriber);
void subscriber_has_ended(struct subscriber *subscriber);

void subscriber_wait(struct subscriber *subscriber, unsigned int told);
void subscriber_sync(struct subscriber *subscriber);
void subscriber_expect(struct subscriber *subscriber, const char *text);
void subscriber_stay(struct subscriber *subscriber, struct devif *devif,
		     bool arrival);

bool subscriber_believes(struct subscriber *subscriber,
			 const struct devif *devif);
bool subscriber_has_seen(struct subscriber *subscriber,
			 const struct devif *devif);
unsigned int subscriber_count(struct subscriber *subscriber,
			      const struct devif *devif, bool arrivals);

#endif /* DEVIF_KUNIT_SUBSCRIBER_H */
