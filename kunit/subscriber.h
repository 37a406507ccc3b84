/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A subscriber that remembers what it is told, and finds fault with what it must
 * never be told.
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
 * struct subscriber - somebody who is told
 * @test: the test
 * @desc: what to be told; may be changed before subscriber_try()
 * @act: called in each callback, after it was noted; %NULL for nothing
 * @data: for @act
 * @result: for @act
 * @subscription: while there is one that is not managed
 * @entered: somebody is in subscriber_stay()
 * @leave: who is in subscriber_stay() may go
 * @class: for @desc
 * @lock: guards what follows
 * @changed: woken when what follows has changed
 * @views: what is known of each interface
 * @text: what was told, "+a -a" for an arrival and a removal of an interface with
 *	the reference string "a"; as much as there is room for
 * @told: how often it was told something
 * @inside: callbacks under way
 * @ended: what has ended the subscription has returned
 * @fault: what must not happen and did, or %NULL
 * @marker: see subscriber_sync()
 * @marks: how often it was told of @marker
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
	spinlock_t lock;	/* for what follows */
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
