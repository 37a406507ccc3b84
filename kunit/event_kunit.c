// SPDX-License-Identifier: GPL-2.0
/*
 * Device events (L): receivers, order, and loss.
 */
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "client.h"
#include "errand.h"
#include "fixture.h"

#define GUID_EVENT(n)							\
	GUID_INIT(0x0e5a3fe0 + (n), 0x5d0c, 0x4f5e,			\
		  0x9a, 0x11, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60)

static const guid_t event_a = GUID_EVENT(0), event_b = GUID_EVENT(1);

/* Number of events that the registry keeps for a slow receiver. */
#define KEPT	64

#define MOST	200

/**
 * struct entry - an event in a diary
 * @number: its data
 * @lost: number of events lost before it
 */
struct entry {
	int number;
	unsigned long lost;
};

/**
 * struct diary - events that a client received
 * @client: client with the remote interface and the target
 * @entries: events of the remote interface
 * @count: number of entries
 * @guid: GUID of the last event of either
 * @size: size of its data
 * @has_data: whether it had data
 * @sum: sum of the bytes of its data
 * @staying: block in the next callback of the remote interface
 * @entered: completed when a callback blocks
 * @leave: completed to unblock the callback
 */
struct diary {
	struct client *client;
	struct entry entries[MOST];
	int count;
	guid_t guid;
	size_t size;
	bool has_data;
	unsigned int sum;
	bool staying;
	struct completion entered, leave;
};

static unsigned int sum_up(const u8 *data, size_t size)
{
	unsigned int sum = 0;

	while (size--)
		sum = sum * 31 + *data++;
	return sum;
}

static void look_at(struct diary *diary, const struct devif_event *event)
{
	diary->guid = event->guid;
	diary->size = event->size;
	diary->has_data = event->data;
	diary->sum = sum_up(event->data, event->size);
}

static void write_down(struct client *client, const struct devif_event *event)
{
	struct diary *diary = client->data;
	struct entry *entry = &diary->entries[diary->count];

	look_at(diary, event);
	if (diary->count == MOST) {
		atomic_inc(&client->mistakes);
		return;
	}
	if (event->size == sizeof(entry->number))
		memcpy(&entry->number, event->data, sizeof(entry->number));
	entry->lost = event->lost;
	diary->count++;
	if (!diary->staying)
		return;
	diary->staying = false;
	complete(&diary->entered);
	wait_for_completion(&diary->leave);
}

static void look_only(struct client *client, const struct devif_event *event)
{
	look_at(client->data, event);
}

static void end_diary(void *arg)
{
	struct diary *diary = arg;

	complete_all(&diary->leave);
	client_leave(diary->client);
	kfree(diary);
}

/* Make a client with a remote interface and, with @aim, a target, which keeps a diary. */
static struct diary *diary_new(struct kunit *test, struct devif *devif,
			       bool aim)
{
	struct diary *diary = kzalloc(sizeof(*diary), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, diary);
	init_completion(&diary->entered);
	init_completion(&diary->leave);
	diary->client = client_new(test);
	fixture_defer(test, end_diary, diary);
	diary->client->data = diary;
	diary->client->hooks.remote_event = write_down;
	KUNIT_ASSERT_EQ(test, client_attach(diary->client, devif), 0);
	if (aim)
		KUNIT_ASSERT_EQ(test, client_aim(diary->client), 0);
	return diary;
}

static bool told(struct diary *diary, int number)
{
	return client_awaits(diary->client, &diary->client->remote_events,
			     number);
}

static bool target_told(struct diary *diary, int number)
{
	return client_awaits(diary->client, &diary->client->target_events,
			     number);
}

static int post_number(struct device *dev, int number)
{
	return devif_post_event(dev, &event_a, &number, sizeof(number));
}

/*
 * Receivers
 */

static void l1_event_has_guid_and_data(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *diary = diary_new(test, devif, false);
	char data[] = "data";

	KUNIT_ASSERT_EQ(test, devif_post_event(&fixture->dev, &event_a, data,
					       sizeof(data)), 0);
	/* the registry has copied the data */
	memset(data, 0, sizeof(data));
	KUNIT_EXPECT_TRUE(test, told(diary, 1));
	KUNIT_EXPECT_TRUE(test, guid_equal(&diary->guid, &event_a));
	KUNIT_EXPECT_EQ(test, diary->size, sizeof(data));
	KUNIT_EXPECT_EQ(test, diary->sum, sum_up("data", sizeof(data)));
	KUNIT_EXPECT_EQ(test, diary->entries[0].lost, 0);

	KUNIT_ASSERT_EQ(test, devif_post_event(&fixture->dev, &event_b, "x", 1),
			0);
	KUNIT_EXPECT_TRUE(test, told(diary, 2));
	KUNIT_EXPECT_TRUE(test, guid_equal(&diary->guid, &event_b));
	KUNIT_EXPECT_EQ(test, diary->sum, 'x');
}

static void l2_all_of_the_device_and_nobody_else(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct fixture *stranger = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, "one");
	struct devif *other = client_door(test, &fixture->dev, "two");
	struct devif *strange = client_door(test, &stranger->dev, "one");
	struct diary *diaries[] = {
		diary_new(test, devif, true), diary_new(test, devif, true),
		diary_new(test, other, true), diary_new(test, other, false),
	};
	struct diary *outside = diary_new(test, strange, true);
	int i;

	KUNIT_ASSERT_EQ(test, post_number(&fixture->dev, 1), 0);
	for (i = 0; i < ARRAY_SIZE(diaries); i++) {
		KUNIT_EXPECT_TRUE(test, told(diaries[i], 1));
		KUNIT_EXPECT_EQ(test, diaries[i]->entries[0].number, 1);
		KUNIT_EXPECT_TRUE(test, target_told(diaries[i],
						    !!diaries[i]->client->target));
	}
	KUNIT_ASSERT_EQ(test, post_number(&stranger->dev, 2), 0);
	KUNIT_EXPECT_TRUE(test, told(outside, 1));
	KUNIT_EXPECT_TRUE(test, target_told(outside, 1));
	KUNIT_EXPECT_EQ(test, outside->entries[0].number, 2);
	for (i = 0; i < ARRAY_SIZE(diaries); i++)
		KUNIT_EXPECT_EQ(test, diaries[i]->count, 1);
}

static void l2_target_gets_guid_and_data(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *diary = diary_new(test, devif, true);

	diary->client->hooks.remote_event = NULL;
	diary->client->hooks.target_event = look_only;
	devif_remote_destroy(diary->client->remote);
	diary->client->remote = NULL;
	KUNIT_ASSERT_EQ(test, devif_post_event(&fixture->dev, &event_b, "xy",
					       2), 0);
	KUNIT_EXPECT_TRUE(test, target_told(diary, 1));
	KUNIT_EXPECT_TRUE(test, guid_equal(&diary->guid, &event_b));
	KUNIT_EXPECT_EQ(test, diary->sum, sum_up("xy", 2));
	KUNIT_EXPECT_EQ(test, diary->count, 0);
}

static void l2_no_matter_whether_it_is_enabled(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *diary = diary_new(test, devif, true);

	KUNIT_ASSERT_EQ(test, devif_disable(devif), 0);
	KUNIT_EXPECT_EQ(test, post_number(&fixture->dev, 1), 0);
	KUNIT_EXPECT_TRUE(test, target_told(diary, 1));
	/* the remote interface has been removed */
	KUNIT_EXPECT_TRUE(test, client_awaits(diary->client,
					      &diary->client->removals, 1));
	KUNIT_EXPECT_EQ(test, diary->count, 0);
}

static void l2_nobody_is_told_of_what_was_before(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *diary;

	KUNIT_EXPECT_EQ(test, post_number(&fixture->dev, 1), 0);
	diary = diary_new(test, devif, false);
	KUNIT_EXPECT_EQ(test, post_number(&fixture->dev, 2), 0);
	KUNIT_EXPECT_TRUE(test, told(diary, 1));
	KUNIT_EXPECT_EQ(test, diary->entries[0].number, 2);
	KUNIT_EXPECT_EQ(test, diary->entries[0].lost, 0);
}

/*
 * Posting
 */

/* An interrupt that posts an event; with PREEMPT_RT a thread, as most interrupts are. */
struct interrupt {
	struct irq_work work;
	struct device *dev;
	int result;
};

static void post_in_interrupt(struct irq_work *work)
{
	struct interrupt *interrupt = container_of(work, struct interrupt,
						   work);

	interrupt->result = post_number(interrupt->dev, 2);
}

static void l4_posted_from_any_context(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *diary = diary_new(test, devif, true);
	struct interrupt interrupt = {
		.work = IRQ_WORK_INIT(post_in_interrupt),
		.dev = &fixture->dev,
	};
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&lock, flags);
	ret = post_number(&fixture->dev, 1);
	spin_unlock_irqrestore(&lock, flags);
	KUNIT_EXPECT_EQ(test, ret, 0);
	irq_work_queue(&interrupt.work);
	irq_work_sync(&interrupt.work);
	KUNIT_EXPECT_EQ(test, interrupt.result, 0);
	KUNIT_EXPECT_TRUE(test, told(diary, 2));
	KUNIT_EXPECT_TRUE(test, target_told(diary, 2));
	KUNIT_EXPECT_EQ(test, diary->entries[0].number, 1);
	KUNIT_EXPECT_EQ(test, diary->entries[1].number, 2);
}

static void l5_without_data(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *diary = diary_new(test, devif, false);
	int i;

	for (i = 0; i < 2; i++) {
		diary->has_data = true;
		KUNIT_EXPECT_EQ(test, devif_post_event(&fixture->dev, &event_a,
						       i ? "" : NULL, 0), 0);
		KUNIT_EXPECT_TRUE(test, told(diary, i + 1));
		KUNIT_EXPECT_EQ(test, diary->size, 0);
		KUNIT_EXPECT_FALSE(test, diary->has_data);
	}
}

static void l5_as_much_as_possible(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *diary = diary_new(test, devif, false);
	u8 *data = kunit_kmalloc(test, DEVIF_EVENT_MAX + 1, GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, data);
	for (i = 0; i <= DEVIF_EVENT_MAX; i++)
		data[i] = i / 256 + i;
	KUNIT_EXPECT_EQ(test, devif_post_event(&fixture->dev, &event_a, data,
					       DEVIF_EVENT_MAX + 1), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, devif_post_event(&fixture->dev, &event_a, data,
					       SIZE_MAX), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, devif_post_event(&fixture->dev, &event_a, data,
					       DEVIF_EVENT_MAX), 0);
	KUNIT_EXPECT_TRUE(test, told(diary, 1));
	KUNIT_EXPECT_EQ(test, diary->size, DEVIF_EVENT_MAX);
	KUNIT_EXPECT_EQ(test, diary->sum, sum_up(data, DEVIF_EVENT_MAX));
}

static void errors_of_posting(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct device *dev = &fixture->dev;
	struct diary *diary;

	/* the device has no interface, and so no listener */
	KUNIT_EXPECT_EQ(test, devif_post_event(dev, &event_a, NULL, 0),
			-ENODEV);
	diary = diary_new(test, client_door(test, dev, NULL), true);
	KUNIT_EXPECT_EQ(test, devif_post_event(NULL, &event_a, NULL, 0),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, devif_post_event(dev, NULL, NULL, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_post_event(dev, &guid_null, NULL, 0),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, devif_post_event(dev, &event_a, NULL, 1),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, post_number(dev, 1), 0);
	KUNIT_EXPECT_TRUE(test, told(diary, 1));
	KUNIT_EXPECT_EQ(test, diary->entries[0].number, 1);
	fixture_unplug(fixture);
	KUNIT_EXPECT_EQ(test, post_number(dev, 2), -ENODEV);
}

static void nobody_needs_to_listen(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	int i;

	fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	for (i = 0; i < 2 * KEPT; i++)
		KUNIT_EXPECT_EQ(test, post_number(&fixture->dev, i), 0);
}

/*
 * Order
 */

#define POSTERS	3
#define EACH	20

/* A posting thread; an event's number tells the thread and its sequence. */
struct poster {
	struct device *dev;
	int first;
	int result;
};

static long post_some(void *arg)
{
	struct poster *poster = arg;
	int i, ret = 0;

	for (i = 0; i < EACH && !ret; i++)
		ret = post_number(poster->dev, poster->first + i);
	return ret;
}

/* Expect the events of each thread in the order in which it posted them. */
static void expect_order(struct kunit *test, const struct entry *entries)
{
	int next[POSTERS], i, number;

	for (i = 0; i < POSTERS; i++)
		next[i] = i * EACH;
	for (i = 0; i < POSTERS * EACH; i++) {
		number = entries[i].number;
		KUNIT_ASSERT_GE(test, number, 0);
		KUNIT_ASSERT_LT(test, number, POSTERS * EACH);
		KUNIT_EXPECT_EQ(test, number, next[number / EACH]++);
		KUNIT_EXPECT_EQ(test, entries[i].lost, 0);
	}
}

static void post_from_all_sides(struct kunit *test, struct device *dev)
{
	struct poster posters[POSTERS];
	struct errand *errands[POSTERS];
	int i;

	for (i = 0; i < POSTERS; i++) {
		posters[i].dev = dev;
		posters[i].first = i * EACH;
		errands[i] = errand_start(test, post_some, &posters[i]);
	}
	for (i = 0; i < POSTERS; i++)
		KUNIT_EXPECT_EQ(test, errand_finish(errands[i]), 0);
}

static void l4_all_see_the_same_order(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, "one");
	struct devif *other = client_door(test, &fixture->dev, "two");
	struct diary *diaries[] = {
		diary_new(test, devif, false), diary_new(test, devif, false),
		diary_new(test, other, false),
	};
	int i, round, number = POSTERS * EACH;

	BUILD_BUG_ON(POSTERS * EACH > KEPT);
	for (round = 1; round <= 20; round++) {
		for (i = 0; i < ARRAY_SIZE(diaries); i++)
			diaries[i]->count = 0;
		post_from_all_sides(test, &fixture->dev);
		for (i = 0; i < ARRAY_SIZE(diaries); i++)
			KUNIT_ASSERT_TRUE(test, told(diaries[i],
						     round * number));
		expect_order(test, diaries[0]->entries);
		for (i = 1; i < ARRAY_SIZE(diaries); i++)
			KUNIT_EXPECT_EQ(test, memcmp(diaries[i]->entries,
						     diaries[0]->entries,
						     number *
						     sizeof(struct entry)), 0);
	}
}

/*
 * Slow receivers
 */

/* Post an event, whose callback at the remote interface blocks. */
static void make_stay(struct kunit *test, struct diary *diary,
		      struct device *dev)
{
	diary->staying = true;
	KUNIT_ASSERT_EQ(test, post_number(dev, -1), 0);
	errand_await(test, &diary->entered);
}

static void slow_receiver_loses_the_oldest(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *slow = diary_new(test, devif, false);
	struct diary *fast = diary_new(test, devif, false);
	int i, more = 7;

	make_stay(test, slow, &fixture->dev);
	for (i = 0; i < KEPT + more; i++) {
		KUNIT_EXPECT_EQ(test, post_number(&fixture->dev, i), 0);
		/* the other receiver is not delayed and loses no event */
		KUNIT_ASSERT_TRUE(test, told(fast, i + 2));
		KUNIT_EXPECT_EQ(test, fast->entries[i + 1].number, i);
		KUNIT_EXPECT_EQ(test, fast->entries[i + 1].lost, 0);
	}
	complete(&slow->leave);
	KUNIT_EXPECT_TRUE(test, told(slow, 1 + KEPT));
	for (i = 0; i < KEPT; i++) {
		KUNIT_EXPECT_EQ(test, slow->entries[i + 1].number, more + i);
		KUNIT_EXPECT_EQ(test, slow->entries[i + 1].lost, i ? 0 : more);
	}
	/* no further events are lost */
	KUNIT_EXPECT_EQ(test, post_number(&fixture->dev, 1000), 0);
	KUNIT_EXPECT_TRUE(test, told(slow, 2 + KEPT));
	KUNIT_EXPECT_EQ(test, slow->entries[1 + KEPT].number, 1000);
	KUNIT_EXPECT_EQ(test, slow->entries[1 + KEPT].lost, 0);
}

static void as_many_as_are_kept_are_not_lost(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *slow = diary_new(test, devif, false);
	int i;

	make_stay(test, slow, &fixture->dev);
	for (i = 0; i < KEPT; i++)
		KUNIT_EXPECT_EQ(test, post_number(&fixture->dev, i), 0);
	complete(&slow->leave);
	KUNIT_EXPECT_TRUE(test, told(slow, 1 + KEPT));
	for (i = 0; i < KEPT; i++) {
		KUNIT_EXPECT_EQ(test, slow->entries[i + 1].number, i);
		KUNIT_EXPECT_EQ(test, slow->entries[i + 1].lost, 0);
	}
}

static void target_is_not_held_up_by_the_remote(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *slow = diary_new(test, devif, true);

	make_stay(test, slow, &fixture->dev);
	KUNIT_EXPECT_TRUE(test, target_told(slow, 1));
	KUNIT_EXPECT_EQ(test, post_number(&fixture->dev, 1), 0);
	KUNIT_EXPECT_TRUE(test, target_told(slow, 2));
	KUNIT_EXPECT_EQ(test, slow->count, 1);
	complete(&slow->leave);
	KUNIT_EXPECT_TRUE(test, told(slow, 2));
}

/* A slow receiver does not delay the removal of the device. */
static void slow_receiver_does_not_hold_up_removal(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *slow = diary_new(test, devif, false);

	make_stay(test, slow, &fixture->dev);
	KUNIT_EXPECT_EQ(test, post_number(&fixture->dev, 1), 0);
	fixture_unplug(fixture);
	KUNIT_EXPECT_EQ(test, slow->count, 1);
	complete(&slow->leave);
	KUNIT_EXPECT_TRUE(test, client_awaits(slow->client,
					      &slow->client->removals, 1));
}

/*
 * Destruction and removal
 */

static long leave_it(void *arg)
{
	client_leave(arg);
	return 0;
}

static void destroying_waits_for_an_event(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *diary = diary_new(test, devif, false);
	struct errand *errand;

	make_stay(test, diary, &fixture->dev);
	KUNIT_EXPECT_EQ(test, post_number(&fixture->dev, 1), 0);
	errand = errand_start(test, leave_it, diary->client);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errand));
	complete(&diary->leave);
	errand_finish(errand);
	/* no further event came */
	KUNIT_EXPECT_EQ(test, atomic_read(&diary->client->remote_events), 1);
	KUNIT_EXPECT_EQ(test, diary->count, 1);
}

static void leave_on_event(struct client *client,
			   const struct devif_event *event)
{
	client_leave(client);
	/* the borrowed event stays valid until the callback returns */
	look_at(client->data, event);
}

static void destroyed_in_an_event(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *diary = diary_new(test, devif, false);
	struct diary *other = diary_new(test, devif, true);
	int i;

	diary->client->hooks.remote_event = leave_on_event;
	other->client->hooks.remote_event = NULL;
	other->client->hooks.target_event = leave_on_event;
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, post_number(&fixture->dev, i), 0);
	KUNIT_EXPECT_TRUE(test, told(diary, 1));
	KUNIT_EXPECT_TRUE(test, target_told(other, 1));
	i = 0;
	KUNIT_EXPECT_EQ(test, diary->sum, sum_up((u8 *)&i, sizeof(i)));
	KUNIT_EXPECT_EQ(test, other->sum, diary->sum);
}

static long post_until_told(void *arg)
{
	struct diary *diary = arg;
	struct client *client = diary->client;
	struct device *dev = devif_get_device(client->data);
	int posted = 0;

	while (!atomic_read(&client->removals)) {
		devif_post_event(dev, &event_a, NULL, 0);
		posted++;
		cond_resched();
	}
	/* post more events, which the remote interface must not get */
	while (posted++ % 16)
		devif_post_event(dev, &event_a, NULL, 0);
	put_device(dev);
	return 0;
}

static void l2_no_event_after_the_removal(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct diary *diary;
	struct errand *errand;
	int i;

	for (i = 0; i < 100; i++) {
		diary = diary_new(test, devif, false);
		diary->client->hooks.remote_event = NULL;
		diary->client->data = devif;
		errand = errand_start(test, post_until_told, diary);
		client_awaits(diary->client, &diary->client->remote_events, 1);
		KUNIT_ASSERT_EQ(test, devif_disable(devif), 0);
		/* the client counts an event after the removal as a mistake */
		KUNIT_EXPECT_TRUE(test, client_awaits(diary->client,
						      &diary->client->removals,
						      1));
		errand_finish(errand);
		client_leave(diary->client);
		KUNIT_EXPECT_EQ(test, atomic_read(&diary->client->mistakes), 0);
		KUNIT_ASSERT_EQ(test, devif_enable(devif), 0);
	}
}

static void l4_posting_races_with_everything(struct kunit *test)
{
	struct fixture *fixture;
	struct poster posters[2];
	struct errand *errands[2];
	struct devif *devif;
	int i, round;

	for (round = 0; round < 20; round++) {
		fixture = fixture_add_bound(test);
		devif = client_door(test, &fixture->dev, NULL);
		diary_new(test, devif, true);
		for (i = 0; i < ARRAY_SIZE(posters); i++) {
			posters[i].dev = &fixture->dev;
			posters[i].first = 0;
			errands[i] = errand_start(test, post_some, &posters[i]);
		}
		diary_new(test, devif, true);
		fixture_unplug(fixture);
		for (i = 0; i < ARRAY_SIZE(posters); i++) {
			errand_finish(errands[i]);
			if (errands[i]->result)
				KUNIT_EXPECT_EQ(test, errands[i]->result,
						-ENODEV);
		}
	}
}

static struct kunit_case event_cases[] = {
	KUNIT_CASE(l1_event_has_guid_and_data),
	KUNIT_CASE(l2_all_of_the_device_and_nobody_else),
	KUNIT_CASE(l2_target_gets_guid_and_data),
	KUNIT_CASE(l2_no_matter_whether_it_is_enabled),
	KUNIT_CASE(l2_nobody_is_told_of_what_was_before),
	KUNIT_CASE(l4_posted_from_any_context),
	KUNIT_CASE(l5_without_data),
	KUNIT_CASE(l5_as_much_as_possible),
	KUNIT_CASE(errors_of_posting),
	KUNIT_CASE(nobody_needs_to_listen),
	KUNIT_CASE(l4_all_see_the_same_order),
	KUNIT_CASE(slow_receiver_loses_the_oldest),
	KUNIT_CASE(as_many_as_are_kept_are_not_lost),
	KUNIT_CASE(target_is_not_held_up_by_the_remote),
	KUNIT_CASE(slow_receiver_does_not_hold_up_removal),
	KUNIT_CASE(destroying_waits_for_an_event),
	KUNIT_CASE(destroyed_in_an_event),
	KUNIT_CASE(l2_no_event_after_the_removal),
	KUNIT_CASE(l4_posting_races_with_everything),
	{}
};

static struct kunit_suite event_suite = {
	.name = "devif_event",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = event_cases,
};

kunit_test_suites(&event_suite);
