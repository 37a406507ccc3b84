// SPDX-License-Identifier: GPL-2.0
/*
 * Subscriptions end: from outside, from their own callbacks, with the driver, with the
 * device. No callback runs afterwards (H8).
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "fixture.h"
#include "subscriber.h"

static void h8_nothing_is_told_after_unsubscribing(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", true);
	struct subscriber *subscriber, *other;

	subscriber = subscriber_start(test, &guid_a, DEVIF_EXISTING);
	subscriber_wait(subscriber, 1);
	subscriber_stop(subscriber);
	other = subscriber_start(test, &guid_a, 0);
	devif_disable(devif);
	fixture_toggle(test, devif);
	subscriber_expect(other, "-a +a -a");
	KUNIT_EXPECT_STREQ(test, subscriber->text, "+a");
}

static void h8_unsubscribing_nothing(struct kunit *test)
{
	devif_unsubscribe(NULL);
	devif_unsubscribe(ERR_PTR(-ENOMEM));
}

/* A thread that ends a subscription, one way or the other. */
struct leaver {
	struct subscriber *subscriber;
	struct fixture *fixture;
	unsigned int inside;
	bool waits;
	struct completion done;
};

static int leave(void *data)
{
	struct leaver *leaver = data;

	if (leaver->fixture) {
		fixture_unbind(leaver->fixture);
		subscriber_has_ended(leaver->subscriber);
	} else {
		subscriber_stop(leaver->subscriber);
	}
	leaver->inside = leaver->subscriber->inside;
	kthread_complete_and_exit(&leaver->done, 0);
}

/* Expect that unsubscribing waits for a callback, and discards pending notices. */
static void expect_to_wait(struct kunit *test, struct subscriber *subscriber,
			   struct fixture *fixture)
{
	struct devif *devif = fixture_interface(test, "b", false);
	struct leaver leaver = {
		.subscriber = subscriber,
		.fixture = fixture,
	};

	wait_for_completion(&subscriber->entered);
	fixture_toggle(test, devif);
	init_completion(&leaver.done);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, kthread_run(leave, &leaver,
						       "leaver"));
	leaver.waits = !wait_for_completion_timeout(&leaver.done, HZ / 5);
	KUNIT_EXPECT_TRUE(test, leaver.waits);
	fixture_toggle(test, devif);
	complete_all(&subscriber->leave);
	if (leaver.waits)
		wait_for_completion(&leaver.done);
	KUNIT_EXPECT_EQ(test, leaver.inside, 0);
	KUNIT_EXPECT_STREQ(test, subscriber->text, "+a");
}

static void h8_unsubscribing_waits_for_the_callback(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);

	subscriber->act = subscriber_stay;
	devif_enable(devif);
	expect_to_wait(test, subscriber, NULL);
}

static void h8_unsubscribing_waits_for_the_replay(struct kunit *test)
{
	struct subscriber *subscriber;

	fixture_interface(test, "a", true);
	fixture_interface(test, "a", true);
	subscriber = subscriber_new(test, &guid_a, DEVIF_EXISTING);
	subscriber->act = subscriber_stay;
	KUNIT_ASSERT_EQ(test, subscriber_try(subscriber), 0);
	expect_to_wait(test, subscriber, NULL);
}

static void h8_unbinding_waits_for_the_managed_callback(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct subscriber *subscriber = subscriber_new(test, &guid_a,
						       DEVIF_EXISTING);

	fixture_interface(test, "a", true);
	subscriber->act = subscriber_stay;
	KUNIT_ASSERT_EQ(test, subscriber_try_managed(subscriber, &fixture->dev),
			0);
	expect_to_wait(test, subscriber, fixture);
}

static void act_leaves_on_arrival(struct subscriber *subscriber,
				  struct devif *devif, bool arrival)
{
	if (arrival) {
		subscriber->result = !subscriber->subscription;
		subscriber_stop(subscriber);
	}
}

static void act_leaves_on_removal(struct subscriber *subscriber,
				  struct devif *devif, bool arrival)
{
	if (!arrival)
		subscriber_stop(subscriber);
}

/* Toggle the interface, and expect that the ended subscriber gets no more notices. */
static void expect_last_text(struct kunit *test, struct subscriber *subscriber,
			     struct devif *devif, const char *text)
{
	struct subscriber *other = subscriber_start(test, &guid_a, 0);

	fixture_toggle(test, devif);
	fixture_toggle(test, devif);
	subscriber_expect(other, "+a -a +a -a");
	KUNIT_EXPECT_STREQ(test, subscriber->text, text);
}

static void h8_unsubscribing_in_an_arrival(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);

	subscriber->act = act_leaves_on_arrival;
	devif_enable(devif);
	subscriber_wait(subscriber, 1);
	devif_disable(devif);
	expect_last_text(test, subscriber, devif, "+a");
}

static void h8_unsubscribing_in_a_removal(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);

	subscriber->act = act_leaves_on_removal;
	fixture_toggle(test, devif);
	subscriber_wait(subscriber, 2);
	expect_last_text(test, subscriber, devif, "+a -a");
}

/* Unsubscribing during the replay is allowed, unlike on Windows. */
static void h8_unsubscribing_in_the_replay(struct kunit *test)
{
	struct subscriber *subscriber;
	struct devif *devif;
	int i;

	for (i = 0; i < 4; i++)
		devif = fixture_interface(test, "a", true);
	for (i = 0; i < 50; i++) {
		subscriber = subscriber_new(test, &guid_a, DEVIF_EXISTING);
		subscriber->act = act_leaves_on_arrival;
		KUNIT_ASSERT_EQ(test, subscriber_try(subscriber), 0);
		subscriber_wait(subscriber, 1);
		KUNIT_EXPECT_EQ(test, subscriber->result, 0);
	}
	devif_disable(devif);
	expect_last_text(test, subscriber, devif, "+a");
}

static void act_leaves_late(struct subscriber *subscriber, struct devif *devif,
			    bool arrival)
{
	subscriber_stay(subscriber, devif, arrival);
	subscriber_stop(subscriber);
}

static void act_makes_other_leave(struct subscriber *subscriber,
				  struct devif *devif, bool arrival)
{
	subscriber_stop(subscriber->data);
}

/* For lockdep: one call site makes both subscriptions. */
static void h8_unsubscribing_another_in_a_callback(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *other = subscriber_start(test, &guid_a, 0);
	struct subscriber *subscriber = subscriber_new(test, &guid_a, 0);

	subscriber->act = act_makes_other_leave;
	subscriber->data = other;
	KUNIT_ASSERT_EQ(test, subscriber_try(subscriber), 0);
	devif_enable(devif);
	subscriber_wait(subscriber, 1);
	KUNIT_EXPECT_NULL(test, other->subscription);
}

/* Unsubscribe in the middle of a list: the subscribers around it still get notices. */
static void h8_unsubscribing_in_the_middle(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *subscribers[3];
	int i;

	for (i = 0; i < ARRAY_SIZE(subscribers); i++)
		subscribers[i] = subscriber_start(test, &guid_a, 0);
	fixture_toggle(test, devif);
	subscriber_stop(subscribers[1]);
	fixture_toggle(test, devif);
	subscriber_expect(subscribers[0], "+a -a +a -a");
	subscriber_expect(subscribers[2], "+a -a +a -a");
	subscriber_stop(subscribers[2]);
	fixture_toggle(test, devif);
	subscriber_expect(subscribers[0], "+a -a +a -a +a -a");
}

/* The last subscriber takes all kept notices with it; the next one gets none of them. */
static void h8_unsubscribing_while_behind(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct subscriber *next;

	subscriber->act = act_leaves_late;
	devif_enable(devif);
	wait_for_completion(&subscriber->entered);
	devif_disable(devif);
	fixture_toggle(test, devif);
	complete_all(&subscriber->leave);
	subscriber_wait(subscriber, 1);
	KUNIT_EXPECT_STREQ(test, subscriber->text, "+a");
	next = subscriber_start(test, &guid_a, DEVIF_EXISTING);
	subscriber_expect(next, "");
	fixture_toggle(test, devif);
	subscriber_expect(next, "+a -a");
}

static void act_unbinds(struct subscriber *subscriber, struct devif *devif,
			bool arrival)
{
	fixture_unbind(subscriber->data);
}

static void h8_managed_subscription_ends_from_inside(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct fixture *fixture = fixture_add_bound(test);
	struct subscriber *subscriber = subscriber_new(test, &guid_a, 0);

	subscriber->act = act_unbinds;
	subscriber->data = fixture;
	KUNIT_ASSERT_EQ(test, subscriber_try_managed(subscriber, &fixture->dev),
			0);
	devif_enable(devif);
	subscriber_wait(subscriber, 1);
	KUNIT_EXPECT_NULL(test, fixture->dev.driver);
	devif_disable(devif);
	expect_last_text(test, subscriber, devif, "+a");
}

/*
 * Managed by a device
 */

static int probe_subscribes(struct fixture *fixture)
{
	return subscriber_try_managed(fixture->data, &fixture->dev) ?:
	       fixture->result;
}

static void managed_subscription_ends_with_the_driver(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *subscriber = subscriber_new(test, &guid_a, 0);
	struct fixture *fixture = fixture_add(test);

	fixture->data = subscriber;
	fixture->probe = probe_subscribes;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	fixture_toggle(test, devif);
	subscriber_expect(subscriber, "+a -a");
	fixture_unbind(fixture);
	expect_last_text(test, subscriber, devif, "+a -a");

	/* the next binding subscribes again */
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	fixture_toggle(test, devif);
	subscriber_expect(subscriber, "+a -a +a -a");
	fixture_unplug(fixture);
	expect_last_text(test, subscriber, devif, "+a -a +a -a");
}

static void managed_subscription_ends_with_a_failed_probe(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	guid_t guid;

	guid_gen(&guid);
	fixture->data = subscriber_new(test, &guid, 0);
	fixture->probe = probe_subscribes;
	fixture->result = -EIO;
	KUNIT_ASSERT_FALSE(test, fixture_bind(fixture));
	KUNIT_EXPECT_TRUE(test, fixture_class_goes(test, &fixture->dev, &guid));
}

static void managed_subscription_ends_with_a_device_without_bus(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct subscriber *subscriber;
	struct device *root;
	struct devif *devif;
	guid_t guid;

	guid_gen(&guid);
	subscriber = subscriber_new(test, &guid, 0);
	root = __root_device_register("devif-kunit-managed", NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, root);
	KUNIT_EXPECT_EQ(test, subscriber_try_managed(subscriber, root), 0);
	KUNIT_EXPECT_TRUE(test, fixture_class_is_shown(test, &fixture->dev,
						       &guid));
	root_device_unregister(root);
	KUNIT_EXPECT_TRUE(test, fixture_class_goes(test, &fixture->dev, &guid));
	devif = fixture_register(test, &fixture->dev, &guid, "a", 0);
	fixture_toggle(test, devif);
	KUNIT_EXPECT_STREQ(test, subscriber->text, "");
}

/*
 * Modules
 */

/* scripts/tests/subscription.sh tests the unloading of a subscribed module. */
static void h8_subscription_does_not_hold_the_module(struct kunit *test)
{
	struct subscriber *subscriber = subscriber_new(test, &guid_a, 0);
	int references = module_refcount(THIS_MODULE);

	KUNIT_ASSERT_EQ(test, subscriber_try(subscriber), 0);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references);
	subscriber_stop(subscriber);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references);
}

static void managed_subscription_does_not_hold_the_module(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct subscriber *subscriber = subscriber_new(test, &guid_a, 0);
	int references = module_refcount(THIS_MODULE);

	KUNIT_ASSERT_EQ(test, subscriber_try_managed(subscriber, &fixture->dev),
			0);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references);
	fixture_unbind(fixture);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references);
}

static void module_that_goes_cannot_subscribe(struct kunit *test)
{
	struct device *dev = &fixture_add(test)->dev;
	static struct lock_class_key key;
	struct subscriber *subscriber;
	struct module *module;
	guid_t guid;

	guid_gen(&guid);
	module = kunit_kzalloc(test, sizeof(*module), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, module);
	module->state = MODULE_STATE_GOING;
	subscriber = subscriber_new(test, &guid, 0);
	KUNIT_EXPECT_EQ(test, __devif_subscribe(&subscriber->desc, module, &key,
						&subscriber->subscription),
			-ENODEV);
	KUNIT_EXPECT_FALSE(test, fixture_class_is_shown(test, dev, &guid));
}

static struct kunit_case unsubscribe_cases[] = {
	KUNIT_CASE(h8_nothing_is_told_after_unsubscribing),
	KUNIT_CASE(h8_unsubscribing_nothing),
	KUNIT_CASE(h8_unsubscribing_waits_for_the_callback),
	KUNIT_CASE(h8_unsubscribing_waits_for_the_replay),
	KUNIT_CASE(h8_unbinding_waits_for_the_managed_callback),
	KUNIT_CASE(h8_unsubscribing_in_an_arrival),
	KUNIT_CASE(h8_unsubscribing_in_a_removal),
	KUNIT_CASE(h8_unsubscribing_in_the_replay),
	KUNIT_CASE(h8_unsubscribing_another_in_a_callback),
	KUNIT_CASE(h8_unsubscribing_in_the_middle),
	KUNIT_CASE(h8_unsubscribing_while_behind),
	KUNIT_CASE(h8_managed_subscription_ends_from_inside),
	KUNIT_CASE(managed_subscription_ends_with_the_driver),
	KUNIT_CASE(managed_subscription_ends_with_a_failed_probe),
	KUNIT_CASE(managed_subscription_ends_with_a_device_without_bus),
	KUNIT_CASE(h8_subscription_does_not_hold_the_module),
	KUNIT_CASE(managed_subscription_does_not_hold_the_module),
	KUNIT_CASE(module_that_goes_cannot_subscribe),
	{}
};

static struct kunit_suite unsubscribe_suite = {
	.name = "devif_unsubscribe",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = unsubscribe_cases,
};

kunit_test_suites(&unsubscribe_suite);
