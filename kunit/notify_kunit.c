// SPDX-License-Identifier: GPL-2.0
/*
 * Notification of subscribers: which arrivals and removals they get, and when (B5, D11,
 * E8, E9, E26, H).
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "fixture.h"
#include "subscriber.h"
#include "thing.h"

/*
 * Arrivals and removals
 */

static void h1_existing_are_told_as_arrivals(struct kunit *test)
{
	struct devif *first = fixture_interface(test, "a", true);
	struct devif *second = fixture_interface(test, "b", true);
	struct devif *disabled = fixture_interface(test, "c", false);
	struct subscriber *subscriber;

	subscriber = subscriber_start(test, &guid_a, DEVIF_EXISTING);
	subscriber_sync(subscriber);
	KUNIT_EXPECT_EQ(test, subscriber->told, 2);
	KUNIT_EXPECT_EQ(test, subscriber_count(subscriber, first, true), 1);
	KUNIT_EXPECT_EQ(test, subscriber_count(subscriber, second, true), 1);
	KUNIT_EXPECT_FALSE(test, subscriber_has_seen(subscriber, disabled));
}

static void h1_existing_is_an_option(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", true);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);

	subscriber_expect(subscriber, "");
	devif_disable(devif);
	devif_enable(devif);
	subscriber_expect(subscriber, "-a +a");
}

static void h1_existing_are_told_before_what_follows(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", true);
	struct devif *other = fixture_interface(test, "b", false);
	struct subscriber *subscriber;

	subscriber = subscriber_new(test, &guid_a, DEVIF_EXISTING);
	subscriber->act = subscriber_stay;
	KUNIT_ASSERT_EQ(test, subscriber_try(subscriber), 0);
	wait_for_completion(&subscriber->entered);
	devif_enable(other);
	devif_disable(devif);
	complete_all(&subscriber->leave);
	subscriber_expect(subscriber, "+a +b -a");
}

/* Findings about an interface in a callback. */
struct look {
	char name[256];
	guid_t class;
	bool enabled, found, has_device;
	int result;
};

/* Look at an interface; the findings of the last callback stay. */
static void act_looks(struct subscriber *subscriber, struct devif *devif,
		      bool arrival)
{
	struct look *look = subscriber->data;
	struct device *dev = devif_get_device(devif);
	struct devif *found = devif_find_by_name(devif_link_name(devif));

	strscpy(look->name, devif_link_name(devif), sizeof(look->name));
	look->class = *devif_class_guid(devif);
	look->enabled = devif_is_enabled(devif);
	look->found = found;
	look->has_device = dev;
	devif_put(found);
	put_device(dev);
}

static struct look *look_from(struct subscriber *subscriber)
{
	struct look *look = kunit_kzalloc(subscriber->test, sizeof(*look),
					  GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(subscriber->test, look);
	subscriber->data = look;
	subscriber->act = act_looks;
	return look;
}

static void h2_arrival_tells_class_and_name(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct look *look = look_from(subscriber);

	devif_enable(devif);
	subscriber_wait(subscriber, 1);
	KUNIT_EXPECT_STREQ(test, look->name, devif_link_name(devif));
	KUNIT_EXPECT_TRUE(test, guid_equal(&look->class, &guid_a));
	KUNIT_EXPECT_TRUE(test, look->enabled);
	KUNIT_EXPECT_TRUE(test, look->found);
	KUNIT_EXPECT_TRUE(test, look->has_device);
}

static void h2_each_time(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);

	fixture_toggle(test, devif);
	fixture_toggle(test, devif);
	/* a call that changes nothing notifies no subscriber */
	KUNIT_EXPECT_EQ(test, devif_disable(devif), -EALREADY);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), -EALREADY);
	subscriber_expect(subscriber, "+a -a +a -a +a");
}

static void d11_name_is_told_of_what_has_gone(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct subscriber *subscriber = subscriber_new(test, &guid_a, 0);
	struct look *look = look_from(subscriber);
	struct devif *devif;
	char name[256];

	subscriber->act = subscriber_stay;
	KUNIT_ASSERT_EQ(test, subscriber_try(subscriber), 0);
	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid_a, "a", 0,
					  &devif), 0);
	strscpy(name, devif_link_name(devif), sizeof(name));
	devif_enable(devif);
	wait_for_completion(&subscriber->entered);
	subscriber->act = act_looks;
	fixture_unplug(fixture);
	devif_unregister(devif);
	complete(&subscriber->leave);

	subscriber_expect(subscriber, "+a -a");
	KUNIT_EXPECT_STREQ(test, look->name, name);
	KUNIT_EXPECT_TRUE(test, guid_equal(&look->class, &guid_a));
	KUNIT_EXPECT_FALSE(test, look->enabled);
	KUNIT_EXPECT_FALSE(test, look->found);
	KUNIT_EXPECT_FALSE(test, look->has_device);
}

static void expect_removal_by(struct kunit *test,
			      void (*end)(struct fixture *fixture))
{
	struct fixture *fixture = fixture_add_bound(test);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);

	fixture->devif = fixture_register(test, &fixture->dev, &guid_a, "a", 0);
	devif_enable(fixture->devif);
	end(fixture);
	subscriber_expect(subscriber, "+a -a");
}

static void end_by_disabling(struct fixture *fixture)
{
	devif_disable(fixture->devif);
}

static void h3_removal_when_disabled(struct kunit *test)
{
	expect_removal_by(test, end_by_disabling);
}

static void h3_removal_when_unbound(struct kunit *test)
{
	expect_removal_by(test, fixture_unbind);
}

static void h3_removal_when_unplugged(struct kunit *test)
{
	expect_removal_by(test, fixture_unplug);
}

static void h3_removal_when_unregistered(struct kunit *test)
{
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid_a, "a", 0,
					  &devif), 0);
	devif_enable(devif);
	devif_unregister(devif);
	subscriber_expect(subscriber, "+a -a");

	/* unregistering has disabled the interface, not deleted it */
	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid_a, "a", 0,
					  &devif), DEVIF_EXISTED);
	devif_unregister(devif);
	subscriber_expect(subscriber, "+a -a");
}

static void h3_removal_when_a_device_without_bus_goes(struct kunit *test)
{
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct device *root = __root_device_register("devif-kunit-told", NULL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, root);
	fixture_register(test, root, &guid_a, "a", DEVIF_AUTO);
	root_device_unregister(root);
	subscriber_expect(subscriber, "+a -a");
}

static void remove_expects_to_be_known(struct fixture *fixture)
{
	subscriber_expect(fixture->data, "+a -a");
	fixture->result++;
}

static void h3_removal_is_told_while_remove_runs(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);

	subscriber_expect(subscriber, "");
	fixture->data = subscriber;
	fixture->remove = remove_expects_to_be_known;
	fixture_register(test, &fixture->dev, &guid_a, "a", DEVIF_AUTO);
	fixture_unbind(fixture);
	KUNIT_EXPECT_EQ(test, fixture->result, 1);
}

static void act_sleeps(struct subscriber *subscriber, struct devif *devif,
		       bool arrival)
{
	might_sleep();
	subscriber->result += in_task() && !irqs_disabled();
	usleep_range(100, 200);
}

static void h4_callbacks_may_sleep(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", true);
	struct subscriber *subscriber;

	subscriber = subscriber_new(test, &guid_a, DEVIF_EXISTING);
	subscriber->act = act_sleeps;
	KUNIT_ASSERT_EQ(test, subscriber_try(subscriber), 0);
	devif_disable(devif);
	subscriber_wait(subscriber, 2);
	KUNIT_EXPECT_EQ(test, subscriber->result, 2);
}

/* A blocked callback blocks no other callback or call. */
static void h4_blocked_callback_blocks_nobody(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", true);
	struct subscriber *blocked, *other;
	struct fixture *fixture;

	blocked = subscriber_new(test, &guid_a, DEVIF_EXISTING);
	blocked->act = subscriber_stay;
	KUNIT_ASSERT_EQ(test, subscriber_try(blocked), 0);
	wait_for_completion(&blocked->entered);

	other = subscriber_start(test, &guid_a, 0);
	devif_disable(devif);
	fixture_toggle(test, devif);
	subscriber_expect(other, "-a +a -a");
	fixture = fixture_add_bound(test);
	fixture_register(test, &fixture->dev, &guid_a, "b", DEVIF_AUTO);
	fixture_unplug(fixture);
	subscriber_expect(other, "-a +a -a +b -b");
	subscriber_stop(other);

	KUNIT_EXPECT_STREQ(test, blocked->text, "+a");
	complete_all(&blocked->leave);
	subscriber_expect(blocked, "+a -a +a -a +b -b");
}

/**
 * struct crowd - subscribers that wait in a callback for each other
 * @missing: number of subscribers that are not in their callback yet
 * @complete: completed when @missing is 0
 * @alone: number of subscribers that have given up
 */
struct crowd {
	atomic_t missing;
	struct completion complete;
	atomic_t alone;
};

static void wait_for_the_crowd(struct devif *devif, void *data)
{
	struct crowd *crowd = data;

	if (atomic_dec_and_test(&crowd->missing))
		complete_all(&crowd->complete);
	if (!wait_for_completion_timeout(&crowd->complete, PATIENCE))
		atomic_inc(&crowd->alone);
}

static void subscribe_crowd(struct kunit *test, struct crowd *crowd,
			    struct devif_subscription **subscriptions, int size)
{
	const struct devif_subscribe_desc desc = {
		.class = &guid_a,
		.arrival = wait_for_the_crowd,
		.data = crowd,
	};
	int i;

	atomic_set(&crowd->missing, size);
	init_completion(&crowd->complete);
	for (i = 0; i < size; i++)
		KUNIT_EXPECT_EQ(test, 0,
				devif_subscribe(&desc, &subscriptions[i]));
}

/* More callbacks than a workqueue runs at a time: each runs though all others block. */
static void h4_as_many_block_as_there_are(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	int i, size = WQ_UNBOUND_MAX_ACTIVE + 1;
	struct devif_subscription **subscriptions;
	struct crowd crowd = {};

	subscriptions = kunit_kzalloc(test, size * sizeof(*subscriptions),
				      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, subscriptions);
	subscribe_crowd(test, &crowd, subscriptions, size);
	devif_enable(devif);
	KUNIT_EXPECT_NE(test, 0,
			wait_for_completion_timeout(&crowd.complete, PATIENCE));
	for (i = 0; i < size; i++)
		devif_unsubscribe(subscriptions[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&crowd.alone), 0);
}

static void act_keeps(struct subscriber *subscriber, struct devif *devif,
		      bool arrival)
{
	if (arrival)
		subscriber->data = devif_get(devif);
}

static void h6_interface_can_be_kept(struct kunit *test)
{
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	subscriber->act = act_keeps;
	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid_a, "a", 0,
					  &devif), 0);
	devif_enable(devif);
	devif_unregister(devif);
	subscriber_wait(subscriber, 2);
	devif = subscriber->data;
	KUNIT_EXPECT_STREQ(test, devif_reference_string(devif), "a");
	KUNIT_EXPECT_EQ(test, devif_enable(devif), -ENODEV);
	devif_put(devif);
}

static void act_looks_at_arrivals(struct subscriber *subscriber,
				  struct devif *devif, bool arrival)
{
	if (!arrival)
		return;
	act_looks(subscriber, devif, arrival);
	subscriber->result += devif_is_enabled(devif);
}

static void h7_arrival_is_told_though_disabled_again(struct kunit *test)
{
	struct devif *gate = fixture_interface(test, "gate", false);
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct look *look = look_from(subscriber);

	subscriber->act = subscriber_stay;
	devif_enable(gate);
	wait_for_completion(&subscriber->entered);
	fixture_toggle(test, devif);
	fixture_toggle(test, devif);
	subscriber->act = act_looks_at_arrivals;
	complete(&subscriber->leave);

	subscriber_expect(subscriber, "+gate +a -a +a -a");
	KUNIT_EXPECT_EQ(test, subscriber->result, 0);
	KUNIT_EXPECT_TRUE(test, look->found);
}

static void changes_are_told_in_their_order(struct kunit *test)
{
	struct devif *first = fixture_interface(test, "a", false);
	struct devif *second = fixture_interface(test, "b", false);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);

	devif_enable(second);
	devif_enable(first);
	devif_disable(first);
	devif_disable(second);
	devif_enable(first);
	devif_enable(second);
	subscriber_expect(subscriber, "+b +a -a -b +a +b");
}

static void h10_each_subscriber_of_the_class_is_told(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *told[5], *other;
	int i;

	for (i = 0; i < ARRAY_SIZE(told); i++)
		told[i] = subscriber_start(test, &guid_a, 0);
	other = subscriber_start(test, &guid_b, 0);
	fixture_toggle(test, devif);
	for (i = 0; i < ARRAY_SIZE(told); i++)
		subscriber_expect(told[i], "+a -a");
	subscriber_expect(other, "");

	/* the others miss nothing when one unsubscribes */
	subscriber_stop(told[2]);
	fixture_toggle(test, devif);
	for (i = 0; i < ARRAY_SIZE(told); i++)
		if (i != 2)
			subscriber_expect(told[i], "+a -a +a -a");
	KUNIT_EXPECT_STREQ(test, told[2]->text, "+a -a");
}

static void h11_subscribing_before_there_is_a_class(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct subscriber *subscriber;
	struct devif *devif;
	guid_t guid;

	guid_gen(&guid);
	subscriber = subscriber_start(test, &guid, DEVIF_EXISTING);
	devif = fixture_register(test, &fixture->dev, &guid, "a", 0);
	fixture_toggle(test, devif);
	subscriber_expect(subscriber, "+a -a");
}

static void b5_class_is_there_while_somebody_subscribes(struct kunit *test)
{
	struct device *dev = &fixture_add(test)->dev;
	struct subscriber *first, *second;
	guid_t guid;
	int i;

	guid_gen(&guid);
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_FALSE(test,
				   fixture_class_is_shown(test, dev, &guid));
		first = subscriber_start(test, &guid, 0);
		second = subscriber_start(test, &guid, DEVIF_EXISTING);
		KUNIT_EXPECT_TRUE(test,
				  fixture_class_is_shown(test, dev, &guid));
		subscriber_stop(first);
		KUNIT_EXPECT_TRUE(test,
				  fixture_class_is_shown(test, dev, &guid));
		subscriber_stop(second);
		KUNIT_EXPECT_TRUE(test, fixture_class_goes(test, dev, &guid));
	}
}

static void either_callback_may_be_missing(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", true);
	struct subscriber *arrivals, *removals;

	arrivals = subscriber_new(test, &guid_a, DEVIF_EXISTING);
	arrivals->desc.removal = NULL;
	removals = subscriber_new(test, &guid_a, DEVIF_EXISTING);
	removals->desc.arrival = NULL;
	KUNIT_ASSERT_EQ(test, subscriber_try(arrivals), 0);
	KUNIT_ASSERT_EQ(test, subscriber_try(removals), 0);
	devif_disable(devif);
	fixture_toggle(test, devif);
	subscriber_expect(arrivals, "+a +a");
	subscriber_expect(removals, "-a -a");
}

/*
 * Following the driver
 */

struct probing {
	struct subscriber *subscriber;
	struct devif *wanted, *automatic;
	int result;
};

static int probe_enables(struct fixture *fixture)
{
	struct probing *probing = fixture->data;
	struct kunit *test = fixture->test;
	struct device *dev = &fixture->dev;

	KUNIT_EXPECT_GE(test, fixture_try(dev, &guid_a, "a", 0,
					  &probing->wanted), 0);
	KUNIT_EXPECT_GE(test, fixture_try(dev, &guid_a, "b", DEVIF_AUTO,
					  &probing->automatic), 0);
	KUNIT_EXPECT_EQ(test, devif_enable(probing->wanted), 0);
	subscriber_expect(probing->subscriber, "");
	return probing->result;
}

static void expect_told_of_probe(struct kunit *test, struct probing *probing,
				 const char *text)
{
	struct fixture *fixture = fixture_add(test);

	probing->subscriber = subscriber_start(test, &guid_a, DEVIF_EXISTING);
	subscriber_expect(probing->subscriber, "");
	fixture->data = probing;
	fixture->probe = probe_enables;
	KUNIT_EXPECT_EQ(test, fixture_bind(fixture), !probing->result);
	subscriber_expect(probing->subscriber, text);
	devif_unregister(probing->wanted);
	devif_unregister(probing->automatic);
}

static void e8_nothing_is_told_while_probe_runs(struct kunit *test)
{
	struct probing probing = {};

	expect_told_of_probe(test, &probing, "+a +b");
}

static void e9_nothing_is_told_of_a_failed_probe(struct kunit *test)
{
	struct probing probing = { .result = -EIO };

	expect_told_of_probe(test, &probing, "");
	/* no removal is told either */
	subscriber_expect(probing.subscriber, "");
}

/* Neither the order of names nor that of registering again counts. */
static void e18_enabled_in_the_order_of_registration(struct kunit *test)
{
	static const char *const references[] = { "d", "a", "e", "b" };
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct fixture *fixture = fixture_add(test);
	int i;

	/* the interfaces become automatic from the last to the first */
	for (i = 0; i < ARRAY_SIZE(references); i++)
		fixture_register(test, &fixture->dev, &guid_a, references[i], 0);
	for (i = ARRAY_SIZE(references) - 1; i >= 0; i--)
		fixture_register(test, &fixture->dev, &guid_a, references[i],
				 DEVIF_AUTO);
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	subscriber_expect(subscriber, "+d +a +e +b");
	fixture_unbind(fixture);
	subscriber_expect(subscriber, "+d +a +e +b -d -a -e -b");
}

/*
 * Calls from callbacks
 */

static void act_enables(struct subscriber *subscriber, struct devif *devif,
			bool arrival)
{
	if (devif == subscriber->data)
		return;
	subscriber->result = arrival ? devif_enable(subscriber->data) :
				       devif_disable(subscriber->data);
}

static void e26_callback_enables_another_of_the_device(struct kunit *test)
{
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	subscriber->act = act_enables;
	subscriber->data = fixture_register(test, &fixture->dev, &guid_a, "b",
					    0);
	devif = fixture_register(test, &fixture->dev, &guid_a, "a", 0);
	devif_enable(devif);
	subscriber_wait(subscriber, 2);
	KUNIT_EXPECT_EQ(test, subscriber->result, 0);
	devif_disable(devif);
	subscriber_wait(subscriber, 4);
	KUNIT_EXPECT_EQ(test, subscriber->result, 0);
	subscriber_expect(subscriber, "+a +b -a -b");
}

static void act_toggles_back(struct subscriber *subscriber, struct devif *devif,
			     bool arrival)
{
	if (subscriber->told >= 20)
		return;
	subscriber->result += arrival ? devif_disable(devif) :
					devif_enable(devif);
}

static void callback_enables_and_disables_its_interface(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "", false);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);

	subscriber->act = act_toggles_back;
	devif_enable(devif);
	subscriber_wait(subscriber, 20);
	KUNIT_EXPECT_EQ(test, subscriber->result, 0);
	subscriber_expect(subscriber,
			  "+ - + - + - + - + - + - + - + - + - + -");
}

static void act_registers(struct subscriber *subscriber, struct devif *devif,
			  bool arrival)
{
	struct device *dev = devif_get_device(devif);
	struct devif *other;

	if (!strcmp(devif_reference_string(devif), "a") && arrival) {
		subscriber->result = fixture_try(dev, &guid_a, "b", DEVIF_AUTO,
						 &other);
		if (subscriber->result >= 0)
			subscriber->data = other;
	}
	put_device(dev);
}

static void callback_registers(struct kunit *test)
{
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct fixture *fixture = fixture_add_bound(test);

	subscriber->act = act_registers;
	fixture_register(test, &fixture->dev, &guid_a, "a", DEVIF_AUTO);
	subscriber_wait(subscriber, 2);
	KUNIT_EXPECT_EQ(test, subscriber->result, 0);
	devif_unregister(subscriber->data);
	subscriber_expect(subscriber, "+a +b -b");
}

static void act_unregisters(struct subscriber *subscriber, struct devif *devif,
			    bool arrival)
{
	if (arrival)
		devif_unregister(devif);
}

static void callback_unregisters(struct kunit *test)
{
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	subscriber->act = act_unregisters;
	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid_a, "a", 0,
					  &devif), 0);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
	subscriber_wait(subscriber, 2);
	subscriber_expect(subscriber, "+a -a");
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 0);
}

static int count_down(struct devif *devif, void *data)
{
	--*(int *)data;
	return 0;
}

static void act_enumerates(struct subscriber *subscriber, struct devif *devif,
			   bool arrival)
{
	struct device *dev = devif_get_device(devif);
	struct devif *found;

	subscriber->result = 1;
	devif_for_each(&guid_a, dev, DEVIF_ENABLED, &subscriber->result,
		       count_down);
	found = devif_find(&guid_a, dev, devif_reference_string(devif));
	if (found != devif)
		subscriber->result = -ENOENT;
	devif_put(found);
	put_device(dev);
}

static void callback_enumerates(struct kunit *test)
{
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);

	subscriber->act = act_enumerates;
	subscriber->result = -1;
	fixture_interface(test, "a", true);
	subscriber_wait(subscriber, 1);
	KUNIT_EXPECT_EQ(test, subscriber->result, 0);
}

static void act_queries(struct subscriber *subscriber, struct devif *devif,
			bool arrival)
{
	struct device *dev = devif_get_device(devif);
	struct thing thing;

	if (arrival && !thing_ask(dev, DEVIF_REVOCABLE, &thing)) {
		subscriber->result = thing_enter_and_add(&thing, 1);
		thing_drop(&thing);
	}
	put_device(dev);
}

static void callback_queries(struct kunit *test)
{
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct fixture *fixture = fixture_add_bound(test);

	subscriber->act = act_queries;
	thing_export(test, &fixture->dev);
	fixture_register(test, &fixture->dev, &guid_a, "a", DEVIF_AUTO);
	subscriber_wait(subscriber, 1);
	KUNIT_EXPECT_EQ(test, subscriber->result, 1);
}

static void act_subscribes(struct subscriber *subscriber, struct devif *devif,
			   bool arrival)
{
	struct subscriber *other = subscriber->data;

	subscriber->result = devif_subscribe(&other->desc,
					     &other->subscription);
}

static void act_unsubscribes(struct subscriber *subscriber, struct devif *devif,
			     bool arrival)
{
	subscriber_stop(subscriber->data);
}

static void callback_subscribes_and_unsubscribes_others(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *subscriber = subscriber_start(test, &guid_a, 0);
	struct subscriber *other = subscriber_new(test, &guid_a,
						  DEVIF_EXISTING);

	subscriber->data = other;
	subscriber->act = act_subscribes;
	devif_enable(devif);
	subscriber_wait(subscriber, 1);
	KUNIT_EXPECT_EQ(test, subscriber->result, 0);
	subscriber_expect(other, "+a");

	subscriber->act = act_unsubscribes;
	devif_disable(devif);
	subscriber_wait(subscriber, 2);
	KUNIT_EXPECT_NULL(test, other->subscription);
}

/*
 * Arguments
 */

static void expect_refused(struct kunit *test,
			   const struct devif_subscribe_desc *desc)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif_subscription *subscription;
	int references = module_refcount(THIS_MODULE);

	KUNIT_EXPECT_EQ(test, devif_subscribe(desc, &subscription), -EINVAL);
	KUNIT_EXPECT_EQ(test, devm_devif_subscribe(&fixture->dev, desc),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references);
}

static void wrong_descriptions_are_refused(struct kunit *test)
{
	struct subscriber *subscriber = subscriber_new(test, &guid_a, 0);
	struct devif_subscribe_desc desc;

	expect_refused(test, NULL);
	desc = subscriber->desc;
	desc.class = NULL;
	expect_refused(test, &desc);
	desc.class = &guid_null;
	expect_refused(test, &desc);
	desc = subscriber->desc;
	desc.flags = DEVIF_EXISTING << 1;
	expect_refused(test, &desc);
	desc = subscriber->desc;
	desc.arrival = NULL;
	desc.removal = NULL;
	expect_refused(test, &desc);
}

static void missing_arguments_are_refused(struct kunit *test)
{
	struct subscriber *subscriber = subscriber_new(test, &guid_a, 0);

	KUNIT_EXPECT_EQ(test, devif_subscribe(&subscriber->desc, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, devm_devif_subscribe(NULL, &subscriber->desc),
			-EINVAL);
}

static void description_is_not_needed_afterwards(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct subscriber *subscriber = subscriber_new(test, &guid_a, 0);
	struct devif_subscribe_desc desc = subscriber->desc;
	guid_t class = guid_a;

	desc.class = &class;
	KUNIT_ASSERT_EQ(test, devif_subscribe(&desc, &subscriber->subscription),
			0);
	memset(&desc, 0, sizeof(desc));
	class = guid_null;
	fixture_toggle(test, devif);
	subscriber_expect(subscriber, "+a -a");
}

/*
 * All at once
 */

#define INTERFACES	4
#define TOGGLERS	2
#define CHURNERS	2

/**
 * struct pace - limit on a thread's lead over the main subscriber's callbacks
 * @subscriber: the main subscriber, which must miss nothing
 * @devif: interface of this thread only
 * @rounds: number of rounds of the thread
 * @toggles: number of times that the thread has toggled @devif
 */
struct pace {
	struct subscriber *subscriber;
	struct devif *devif;
	unsigned int rounds, toggles;
};

static bool has_kept_up(const struct pace *pace)
{
	return subscriber_count(pace->subscriber, pace->devif, false) ==
	       pace->toggles;
}

static void pace_init(struct pace *pace, struct kunit *test,
		      struct subscriber *subscriber)
{
	*pace = (struct pace) {
		.subscriber = subscriber,
		.devif = fixture_interface(test, "pace", false),
	};
}

/* Every few rounds, wait until the subscriber has got all notices. */
static void pace_keep(struct pace *pace)
{
	if (++pace->rounds % 8)
		return;
	fixture_toggle(pace->subscriber->test, pace->devif);
	pace->toggles++;
	wait_event_timeout(pace->subscriber->changed, has_kept_up(pace),
			   PATIENCE);
}

/**
 * struct race - interfaces that threads enable and disable continuously
 * @test: the test
 * @subscriber: main subscriber, which misses nothing
 * @devifs: the interfaces; all threads toggle the first, one thread each of the
 *	others, so that each success is a change
 * @ups: number of successful enables of each interface
 * @downs: number of successful disables of each interface
 * @fixture: device that a thread binds and unbinds, or %NULL
 * @rebinding: pace of that thread
 * @plugging: pace of the test itself
 * @gone: interfaces that came and went with their devices, referenced
 * @n_gone: number of interfaces in @gone
 */
struct race {
	struct kunit *test;
	struct subscriber *subscriber;
	struct devif *devifs[INTERFACES];
	unsigned int ups[INTERFACES], downs[INTERFACES];
	struct fixture *fixture;
	struct pace rebinding, plugging;
	struct devif *gone[200];
	unsigned int n_gone;
};

/**
 * struct toggler - a thread that enables and disables
 * @race: the race
 * @number: index of the thread
 * @pace: pace of the thread
 * @task: the thread
 */
struct toggler {
	struct race *race;
	unsigned int number;
	struct pace pace;
	struct task_struct *task;
};

static void toggle_one(struct race *race, unsigned int i)
{
	/* the first interface is shared, so its counts would race and prove nothing */
	if (!devif_enable(race->devifs[i]) && i)
		race->ups[i]++;
	if (!devif_disable(race->devifs[i]) && i)
		race->downs[i]++;
}

static int toggle_all(void *data)
{
	struct toggler *toggler = data;
	unsigned int i;

	while (!kthread_should_stop()) {
		for (i = 0; i < INTERFACES; i++)
			if (!i || i % TOGGLERS == toggler->number)
				toggle_one(toggler->race, i);
		pace_keep(&toggler->pace);
		cond_resched();
	}
	return 0;
}

/**
 * struct churner - a thread that subscribes and unsubscribes
 * @race: the race
 * @number: index of the thread
 * @subscriber: its subscription at the end, if @subscribed
 * @subscribed: whether the thread is subscribed
 * @rounds: number of subscriptions
 * @told: number of callbacks
 * @failures: number of failed subscriptions
 * @task: the thread
 */
struct churner {
	struct race *race;
	unsigned int number;
	struct subscriber subscriber;
	bool subscribed;
	unsigned int rounds, told, failures;
	struct task_struct *task;
};

static bool subscribe_again(struct churner *churner)
{
	unsigned int flags = churner->rounds++ % 3 ? DEVIF_EXISTING : 0;

	subscriber_init(&churner->subscriber, churner->race->test, &guid_a,
			flags);
	churner->subscribed = !subscriber_try(&churner->subscriber);
	churner->failures += !churner->subscribed;
	return churner->subscribed;
}

/* Subscribe and unsubscribe; leave the last subscription for the test to check. */
static int churn(void *data)
{
	struct churner *churner = data;

	for (;;) {
		if (subscribe_again(churner) && churner->rounds % 4)
			usleep_range(50, 1000);
		if (kthread_should_stop())
			return 0;
		if (churner->subscribed)
			subscriber_exit(&churner->subscriber);
		churner->subscribed = false;
		WRITE_ONCE(churner->told,
			   churner->told + churner->subscriber.told);
		cond_resched();
	}
}

static void stop(struct task_struct *task)
{
	if (!IS_ERR_OR_NULL(task))
		kthread_stop(task);
}

static void start_togglers(struct race *race, struct toggler *togglers)
{
	int i;

	for (i = 0; i < TOGGLERS; i++) {
		togglers[i].race = race;
		togglers[i].number = i;
		pace_init(&togglers[i].pace, race->test, race->subscriber);
		togglers[i].task = kthread_run(toggle_all, &togglers[i],
					       "toggler/%d", i);
	}
}

static struct churner *start_churners(struct race *race)
{
	struct churner *churners;
	int i;

	churners = kunit_kzalloc(race->test, CHURNERS * sizeof(*churners),
				 GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(race->test, churners);
	for (i = 0; i < CHURNERS; i++) {
		churners[i].race = race;
		churners[i].number = i;
		churners[i].task = kthread_run(churn, &churners[i],
					       "churner/%d", i);
	}
	return churners;
}

/* Expect that the last notice of each interface is its actual state. */
static void expect_truth(struct race *race, struct subscriber *subscriber)
{
	struct kunit *test = race->test;
	struct devif *devif;
	bool existing = subscriber->desc.flags & DEVIF_EXISTING;
	int i;

	subscriber_sync(subscriber);
	for (i = 0; i < INTERFACES; i++) {
		devif = race->devifs[i];
		if (existing || subscriber_has_seen(subscriber, devif))
			KUNIT_EXPECT_EQ(test, subscriber_believes(subscriber,
								  devif),
					devif_is_enabled(devif));
	}
	KUNIT_EXPECT_PTR_EQ(test, subscriber->fault, NULL);
}

static void expect_no_loss(struct race *race, struct subscriber *subscriber)
{
	struct kunit *test = race->test;
	int i;

	for (i = 1; i < INTERFACES; i++) {
		KUNIT_EXPECT_GT(test, race->ups[i], 0);
		KUNIT_EXPECT_EQ(test, race->ups[i],
				subscriber_count(subscriber, race->devifs[i],
						 true));
		KUNIT_EXPECT_EQ(test, race->downs[i],
				subscriber_count(subscriber, race->devifs[i],
						 false));
	}
}

static void end_churners(struct race *race, struct churner *churners)
{
	struct kunit *test = race->test;
	int i;

	for (i = 0; i < CHURNERS; i++) {
		KUNIT_EXPECT_EQ(test, churners[i].failures, 0);
		KUNIT_EXPECT_GT(test, churners[i].told, 0);
		if (churners[i].subscribed) {
			expect_truth(race, &churners[i].subscriber);
			subscriber_exit(&churners[i].subscriber);
		}
		kunit_info(test, "%u subscriptions were told %u times",
			   churners[i].rounds, churners[i].told);
	}
}

static int rebind(void *data)
{
	struct race *race = data;

	while (!kthread_should_stop()) {
		fixture_unbind(race->fixture);
		fixture_bind(race->fixture);
		race->fixture->result++;
		pace_keep(&race->rebinding);
		cond_resched();
	}
	return 0;
}

/* Return whether each thread has made progress, even on a busy machine. */
static bool is_enough(const struct churner *churners)
{
	int i;

	for (i = 0; i < CHURNERS; i++)
		if (!READ_ONCE(churners[i].told))
			return false;
	return true;
}

static void race_for(struct race *race, unsigned int msecs,
		     void (*meanwhile)(struct race *race))
{
	unsigned long end = jiffies + msecs_to_jiffies(msecs);
	struct toggler togglers[TOGGLERS];
	struct task_struct *rebinder = NULL;
	struct churner *churners;
	int i;

	pace_init(&race->rebinding, race->test, race->subscriber);
	pace_init(&race->plugging, race->test, race->subscriber);
	start_togglers(race, togglers);
	if (race->fixture)
		rebinder = kthread_run(rebind, race, "rebinder");
	churners = start_churners(race);
	while (time_before(jiffies, end) ||
	       (!is_enough(churners) && time_before(jiffies, end + PATIENCE)))
		meanwhile(race);
	/* stop these first: the subscriptions that they leave have many notices pending */
	for (i = 0; i < CHURNERS; i++)
		stop(churners[i].task);
	msleep(20);
	for (i = 0; i < TOGGLERS; i++)
		stop(togglers[i].task);
	stop(rebinder);
	end_churners(race, churners);
}

static void meanwhile_nothing(struct race *race)
{
	msleep(20);
}

static void h9_existing_are_told_once_whatever_happens(struct kunit *test)
{
	struct race race = { .test = test };
	struct subscriber *subscriber;
	int i;

	for (i = 0; i < INTERFACES; i++)
		race.devifs[i] = fixture_interface(test, "", false);
	subscriber = subscriber_start(test, &guid_a, DEVIF_EXISTING);
	race.subscriber = subscriber;
	race_for(&race, 1000, meanwhile_nothing);
	expect_truth(&race, subscriber);
	expect_no_loss(&race, subscriber);
}

/* Unplug a device with a managed subscription, while others get the removal. */
static void plug_out(struct kunit *test, struct fixture *fixture)
{
	struct subscriber *subscriber = subscriber_new(test, &guid_a,
						       DEVIF_EXISTING);

	KUNIT_EXPECT_EQ(test, subscriber_try_managed(subscriber, &fixture->dev),
			0);
	fixture_unplug(fixture);
	subscriber_has_ended(subscriber);
}

/* Add a bound device with an interface; unplug the device, or only unregister. */
static void meanwhile_plug(struct race *race)
{
	struct kunit *test = race->test;
	struct fixture *fixture;
	struct devif *devif;

	if (race->n_gone == ARRAY_SIZE(race->gone)) {
		msleep(20);
		return;
	}
	fixture = fixture_add_bound(test);
	KUNIT_EXPECT_EQ(test, fixture_try(&fixture->dev, &guid_a, "plugged",
					  DEVIF_AUTO, &devif), 0);
	race->gone[race->n_gone++] = devif_get(devif);
	if (race->n_gone % 3)
		plug_out(test, fixture);
	devif_unregister(devif);
	pace_keep(&race->plugging);
}

static void expect_all_gone(struct race *race, struct subscriber *subscriber)
{
	struct kunit *test = race->test;
	unsigned int i;

	KUNIT_EXPECT_GT(test, race->n_gone, 0);
	for (i = 0; i < race->n_gone; i++) {
		KUNIT_EXPECT_EQ(test, 1,
				subscriber_count(subscriber, race->gone[i],
						 true));
		KUNIT_EXPECT_EQ(test, 1,
				subscriber_count(subscriber, race->gone[i],
						 false));
		devif_put(race->gone[i]);
	}
}

static void h9_devices_and_drivers_come_and_go(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct subscriber *subscriber;
	struct race *race;
	int i;

	race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, race);
	race->test = test;
	race->fixture = fixture;
	race->devifs[0] = fixture_register(test, &fixture->dev, &guid_a, "",
					   DEVIF_AUTO);
	for (i = 1; i < INTERFACES; i++)
		race->devifs[i] = fixture_interface(test, "", false);
	subscriber = subscriber_start(test, &guid_a, DEVIF_EXISTING);
	race->subscriber = subscriber;
	race_for(race, 1500, meanwhile_plug);
	KUNIT_EXPECT_GT(test, fixture->result, 0);
	expect_truth(race, subscriber);
	expect_no_loss(race, subscriber);
	expect_all_gone(race, subscriber);
}

/*
 * Far behind
 */

/* Number of changes that a slow subscriber gets one by one, see devif_notify.h. */
#define KEPT	256

/* Make a subscriber that blocks in its first callback. */
static struct subscriber *blocked_new(struct kunit *test, unsigned int flags)
{
	struct subscriber *subscriber = subscriber_new(test, &guid_a, flags);

	subscriber->act = subscriber_stay;
	KUNIT_ASSERT_EQ(test, subscriber_try(subscriber), 0);
	return subscriber;
}

/* Unblock a subscriber, and wait until it has got all notices. */
static void unblock(struct subscriber *subscriber)
{
	subscriber->act = NULL;
	complete_all(&subscriber->leave);
	subscriber_sync(subscriber);
}

static void h9_what_is_kept_for_a_blocked_one_is_bounded(struct kunit *test)
{
	struct devif *there = fixture_interface(test, "a", true);
	struct devif *absent = fixture_interface(test, "b", false);
	struct subscriber *blocked, *other;
	int i, rounds = 4 * KEPT;

	blocked = blocked_new(test, DEVIF_EXISTING);
	wait_for_completion(&blocked->entered);
	other = subscriber_start(test, &guid_a, DEVIF_EXISTING);
	for (i = 0; i < rounds; i++) {
		fixture_toggle(test, absent);
		KUNIT_EXPECT_EQ(test, devif_disable(there), 0);
		KUNIT_EXPECT_EQ(test, devif_enable(there), 0);
		if (i % 16 == 0)
			subscriber_sync(other);
	}
	devif_disable(there);
	devif_enable(absent);

	/* the fast subscriber gets each change */
	subscriber_sync(other);
	KUNIT_EXPECT_EQ(test, subscriber_count(other, there, true), rounds + 1);
	KUNIT_EXPECT_EQ(test, subscriber_count(other, there, false), rounds + 1);
	KUNIT_EXPECT_EQ(test, subscriber_count(other, absent, true), rounds + 1);

	unblock(blocked);
	KUNIT_EXPECT_FALSE(test, subscriber_believes(blocked, there));
	KUNIT_EXPECT_TRUE(test, subscriber_believes(blocked, absent));
	/* the first callback, the kept notices and what remains of older ones */
	KUNIT_EXPECT_LE(test, blocked->told, 1 + KEPT + 4);
	KUNIT_EXPECT_GE(test, blocked->told, KEPT / 2);
}

/* No subscriber reads notices: only new notices displace old ones. */
static void h9_what_is_kept_is_bounded_if_all_block(struct kunit *test)
{
	struct subscriber *blocked[3];
	struct devif *devif;
	int i;

	fixture_interface(test, "a", true);
	for (i = 0; i < ARRAY_SIZE(blocked); i++) {
		blocked[i] = blocked_new(test, DEVIF_EXISTING);
		wait_for_completion(&blocked[i]->entered);
	}
	devif = fixture_interface(test, "b", false);
	for (i = 0; i < 2 * KEPT; i++)
		fixture_toggle(test, devif);
	for (i = 0; i < ARRAY_SIZE(blocked); i++) {
		unblock(blocked[i]);
		KUNIT_EXPECT_FALSE(test, subscriber_believes(blocked[i],
							     devif));
		KUNIT_EXPECT_LE(test, blocked[i]->told, 2 + KEPT);
	}
}

static void h9_what_comes_and_goes_behind_a_blocked_one(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct subscriber *blocked;
	int i;

	fixture_register(test, &fixture->dev, &guid_a, "a", DEVIF_AUTO);
	blocked = blocked_new(test, DEVIF_EXISTING);
	wait_for_completion(&blocked->entered);
	/* the blocked subscriber gets this removal, though many notices follow it */
	fixture_unplug(fixture);
	for (i = 0; i < KEPT; i++) {
		fixture = fixture_add_bound(test);
		fixture_register(test, &fixture->dev, &guid_a, "b", DEVIF_AUTO);
		fixture_unplug(fixture);
	}
	unblock(blocked);
	KUNIT_EXPECT_EQ(test, strncmp(blocked->text, "+a -a +b -b", 11), 0);
	KUNIT_EXPECT_LE(test, blocked->told, 2 + KEPT);
}

/* A subscriber between an arrival and its removal gets only the removal. */
static void h9_each_is_told_what_it_has_not_been(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct devif *filler = fixture_interface(test, "b", false);
	struct devif *gate = fixture_interface(test, "gate", true);
	struct subscriber *first, *second;
	int i;

	first = blocked_new(test, DEVIF_EXISTING);
	wait_for_completion(&first->entered);
	devif_enable(devif);
	second = blocked_new(test, 0);
	devif_disable(gate);
	wait_for_completion(&second->entered);
	devif_disable(devif);
	for (i = 0; i < KEPT; i++)
		fixture_toggle(test, filler);

	unblock(second);
	KUNIT_EXPECT_EQ(test, subscriber_count(second, devif, true), 0);
	KUNIT_EXPECT_EQ(test, subscriber_count(second, devif, false), 1);
	/* arrival and removal cancel out for the remaining subscribers now */
	unblock(first);
	KUNIT_EXPECT_FALSE(test, subscriber_has_seen(first, devif));
	KUNIT_EXPECT_FALSE(test, subscriber_believes(first, gate));
}

/* As above, but the subscriber in between unsubscribes, and gets neither. */
static void h9_one_that_leaves_is_no_loss_to_one_behind(struct kunit *test)
{
	struct devif *devif = fixture_interface(test, "a", false);
	struct devif *gate = fixture_interface(test, "gate", true);
	struct subscriber *first, *second;
	int i;

	first = blocked_new(test, DEVIF_EXISTING);
	wait_for_completion(&first->entered);
	devif_enable(devif);
	second = blocked_new(test, 0);
	devif_disable(gate);
	wait_for_completion(&second->entered);
	for (i = 0; i < 2 * KEPT; i++) {
		devif_disable(devif);
		devif_enable(devif);
	}
	subscriber_exit(second);
	for (i = 0; i < 2 * KEPT; i++) {
		devif_disable(devif);
		devif_enable(devif);
	}
	unblock(first);
	KUNIT_EXPECT_TRUE(test, subscriber_believes(first, devif));
	KUNIT_EXPECT_LE(test, first->told, 2 + KEPT + 2);
}

static struct kunit_case notify_cases[] = {
	KUNIT_CASE(h1_existing_are_told_as_arrivals),
	KUNIT_CASE(h1_existing_is_an_option),
	KUNIT_CASE(h1_existing_are_told_before_what_follows),
	KUNIT_CASE(h2_arrival_tells_class_and_name),
	KUNIT_CASE(h2_each_time),
	KUNIT_CASE(d11_name_is_told_of_what_has_gone),
	KUNIT_CASE(h3_removal_when_disabled),
	KUNIT_CASE(h3_removal_when_unbound),
	KUNIT_CASE(h3_removal_when_unplugged),
	KUNIT_CASE(h3_removal_when_unregistered),
	KUNIT_CASE(h3_removal_when_a_device_without_bus_goes),
	KUNIT_CASE(h3_removal_is_told_while_remove_runs),
	KUNIT_CASE(h4_callbacks_may_sleep),
	KUNIT_CASE(h4_blocked_callback_blocks_nobody),
	KUNIT_CASE(h4_as_many_block_as_there_are),
	KUNIT_CASE(h6_interface_can_be_kept),
	KUNIT_CASE(h7_arrival_is_told_though_disabled_again),
	KUNIT_CASE(changes_are_told_in_their_order),
	KUNIT_CASE(h10_each_subscriber_of_the_class_is_told),
	KUNIT_CASE(h11_subscribing_before_there_is_a_class),
	KUNIT_CASE(b5_class_is_there_while_somebody_subscribes),
	KUNIT_CASE(either_callback_may_be_missing),
	KUNIT_CASE(e8_nothing_is_told_while_probe_runs),
	KUNIT_CASE(e9_nothing_is_told_of_a_failed_probe),
	KUNIT_CASE(e18_enabled_in_the_order_of_registration),
	KUNIT_CASE(e26_callback_enables_another_of_the_device),
	KUNIT_CASE(callback_enables_and_disables_its_interface),
	KUNIT_CASE(callback_registers),
	KUNIT_CASE(callback_unregisters),
	KUNIT_CASE(callback_enumerates),
	KUNIT_CASE(callback_queries),
	KUNIT_CASE(callback_subscribes_and_unsubscribes_others),
	KUNIT_CASE(wrong_descriptions_are_refused),
	KUNIT_CASE(missing_arguments_are_refused),
	KUNIT_CASE(description_is_not_needed_afterwards),
	KUNIT_CASE(h9_existing_are_told_once_whatever_happens),
	KUNIT_CASE(h9_devices_and_drivers_come_and_go),
	KUNIT_CASE(h9_what_is_kept_for_a_blocked_one_is_bounded),
	KUNIT_CASE(h9_what_is_kept_is_bounded_if_all_block),
	KUNIT_CASE(h9_what_comes_and_goes_behind_a_blocked_one),
	KUNIT_CASE(h9_each_is_told_what_it_has_not_been),
	KUNIT_CASE(h9_one_that_leaves_is_no_loss_to_one_behind),
	{}
};

static struct kunit_suite notify_suite = {
	.name = "devif_notify",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = notify_cases,
};

kunit_test_suites(&notify_suite);
