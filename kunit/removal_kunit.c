// SPDX-License-Identifier: GPL-2.0
/*
 * Orderly removal (G9, K7): query-remove, remove-cancelled and removed callbacks of targets.
 */
#include <linux/delay.h>
#include <linux/sched.h>

#include "../kmod/devif/lib/wait.h"
#include "client.h"
#include "errand.h"
#include "fixture.h"
#include "pipe.h"
#include "scene.h"

/*
 * Query-remove
 */

static atomic_t order;

static int note_order(struct client *client)
{
	client->data = (void *)(long)atomic_inc_return(&order);
	msleep(20);	/* a concurrent callback would run meanwhile */
	if ((long)client->data != atomic_read(&order))
		atomic_inc(&client->mistakes);
	return 0;
}

static int refuse(struct client *client)
{
	return note_order(client) ?: -EPERM;
}

static void k7_asked_one_after_the_other(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct devif *second = client_door(test, &scene.fixture->dev, "second");
	struct client *clients[4];
	int i;

	atomic_set(&order, 0);
	for (i = 0; i < ARRAY_SIZE(clients); i++) {
		clients[i] = client_opened(test, i % 2 ? second : scene.devif);
		clients[i]->hooks.query_remove = note_order;
	}
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&order), ARRAY_SIZE(clients));
	/* all clients agreed, which closed their targets */
	pipe_expect_released(scene.pipe, ARRAY_SIZE(clients));
	for (i = 0; i < ARRAY_SIZE(clients); i++) {
		KUNIT_EXPECT_EQ(test, atomic_read(&clients[i]->queries), 1);
		KUNIT_EXPECT_EQ(test, client_write(clients[i], "a"), -EBADF);
		KUNIT_EXPECT_EQ(test, atomic_read(&clients[i]->cancels), 0);
	}
	devif_cancel_remove(&scene.fixture->dev);
	for (i = 0; i < ARRAY_SIZE(clients); i++)
		KUNIT_EXPECT_TRUE(test, client_awaits(clients[i],
						      &clients[i]->cancels,
						      1));
}

/* Only clients asked before the refusing one are told that the removal is cancelled. */
static void k7_one_refuses(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *clients[4], *refuser;
	int i;

	atomic_set(&order, 0);
	for (i = 0; i < ARRAY_SIZE(clients); i++) {
		clients[i] = client_opened(test, scene.devif);
		clients[i]->hooks.query_remove = note_order;
	}
	refuser = clients[2];
	refuser->hooks.query_remove = refuse;
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), -EBUSY);
	KUNIT_EXPECT_EQ(test, (long)refuser->data, atomic_read(&order));
	KUNIT_EXPECT_EQ(test, client_write(refuser, "a"), 1);
	for (i = 0; i < ARRAY_SIZE(clients); i++) {
		if (clients[i] == refuser)
			continue;
		KUNIT_EXPECT_TRUE(test, client_awaits(clients[i],
						      &clients[i]->cancels,
						      !!clients[i]->data));
		/* only clients that have agreed are closed */
		KUNIT_EXPECT_EQ(test, client_write(clients[i], "a"),
				clients[i]->data ? -EBADF : 1);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&refuser->cancels), 0);
	/* after the refusal, the interface can be opened */
	KUNIT_EXPECT_EQ(test, client_open(clients[0]), clients[0]->data ? 0 :
			-EBUSY);
}

static void k7_asked_in_order(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *clients[3];
	int i;

	atomic_set(&order, 0);
	for (i = 0; i < ARRAY_SIZE(clients); i++) {
		clients[i] = client_opened(test, scene.devif);
		clients[i]->hooks.query_remove = i == 1 ? refuse : note_order;
	}
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), -EBUSY);
	KUNIT_EXPECT_EQ(test, (long)clients[0]->data, 1);
	KUNIT_EXPECT_EQ(test, (long)clients[1]->data, 2);
	KUNIT_EXPECT_EQ(test, atomic_read(&clients[2]->queries), 0);
}

static void k7_without_a_callback_it_is_closed(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	client->target_desc.query_remove = NULL;
	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	KUNIT_ASSERT_EQ(test, client_aim(client), 0);
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	pipe_expect_released(scene.pipe, 1);
	devif_cancel_remove(&scene.fixture->dev);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->cancels, 1));
}

static void reopen(struct client *client)
{
	if (client_open(client))
		atomic_inc(&client->mistakes);
}

static void k7_reopened_when_called_off(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct client *refuser = client_opened(test, scene.devif);
	int i;

	client->hooks.remove_cancelled = reopen;
	for (i = 1; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev),
				0);
		devif_cancel_remove(&scene.fixture->dev);
		KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->cancels,
						      i));
		KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
		KUNIT_EXPECT_EQ(test, atomic_read(&client->queries), i);
	}
	/* the same if another client refuses */
	KUNIT_ASSERT_EQ(test, client_open(refuser), 0);
	refuser->hooks.query_remove = refuse;
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), -EBUSY);
	if (atomic_read(&client->queries) == i)
		KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->cancels,
						      i));
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
}

static void g9_not_opened_while_removal_is_pending(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct devif *sibling = client_door(test, &scene.fixture->dev, "other");
	struct client *client = client_aimed(test, scene.devif);
	struct client *other = client_aimed(test, sibling);

	KUNIT_ASSERT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, client_open(client), -ENODEV);
	KUNIT_EXPECT_EQ(test, client_open(other), -ENODEV);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->calls[PIPE_OPEN]), 0);
	devif_cancel_remove(&scene.fixture->dev);
	KUNIT_EXPECT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_EQ(test, client_open(other), 0);
}

static void g9_pending_removal_ends_with_a_new_driver(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client;
	struct pipe *pipe;

	KUNIT_ASSERT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	fixture_unbind(scene.fixture);
	KUNIT_ASSERT_TRUE(test, fixture_bind(scene.fixture));
	pipe = pipe_export(test, &scene.fixture->dev);
	KUNIT_ASSERT_EQ(test, devif_enable(scene.devif), 0);
	client = client_opened(test, scene.devif);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->opens), 1);
}

static void g9_other_devices_are_not_concerned(struct kunit *test)
{
	struct scene scene = scene_new(test), other = scene_new(test);
	struct client *client = client_opened(test, other.devif);

	KUNIT_ASSERT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->queries), 0);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
	client_opened(test, other.devif);
}

static int ask_again(struct client *client)
{
	struct device *dev = devif_get_device(client->data);
	int ret = devif_query_remove(dev);

	put_device(dev);
	return ret == -EBUSY ? 0 : -EINVAL;
}

static void g9_not_opened_while_removal_of_the_parent_is_pending(struct kunit *test)
{
	struct fixture *parent = fixture_add_bound(test);
	struct scene scene = scene_below(test, parent);
	struct client *client = client_aimed(test, scene.devif);

	KUNIT_ASSERT_EQ(test, devif_query_remove(&parent->dev), 0);
	KUNIT_EXPECT_EQ(test, client_open(client), -ENODEV);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), -EBUSY);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->calls[PIPE_OPEN]), 0);
	devif_cancel_remove(&parent->dev);
	KUNIT_EXPECT_EQ(test, client_open(client), 0);
	devif_target_close(client->target);

	KUNIT_ASSERT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&parent->dev), -EBUSY);
	devif_cancel_remove(&scene.fixture->dev);
}

/* A cancelled query for the parent does not concern a client that has agreed below. */
static void k7_agreed_below_and_asked_above(struct kunit *test)
{
	struct fixture *parent = fixture_add_bound(test);
	struct scene scene = scene_below(test, parent);
	struct client *client = client_opened(test, scene.devif);
	struct device *dev = &scene.fixture->dev;

	KUNIT_ASSERT_EQ(test, devif_query_remove(dev), 0);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&parent->dev), -EBUSY);
	devif_cancel_remove(&parent->dev);
	/* the event comes after all callbacks that were due before */
	KUNIT_EXPECT_EQ(test, devif_post_event(dev, &guid_a, NULL, 0), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->target_events, 1));
	KUNIT_EXPECT_EQ(test, atomic_read(&client->cancels), 0);
	devif_cancel_remove(dev);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->cancels, 1));
}

/* Openers of the child are asked for the parent's removal, before its own openers. */
static void k7_asked_for_the_parent(struct kunit *test)
{
	struct fixture *parent = fixture_add_bound(test);
	struct scene scene = scene_below(test, parent);
	struct devif *devif = client_door(test, &parent->dev, NULL);
	struct client *above = client_opened(test, devif);
	struct client *below = client_opened(test, scene.devif);

	atomic_set(&order, 0);
	below->hooks.query_remove = refuse;
	KUNIT_EXPECT_EQ(test, devif_query_remove(&parent->dev), -EBUSY);
	KUNIT_EXPECT_EQ(test, atomic_read(&above->queries), 0);
	KUNIT_EXPECT_EQ(test, client_write(below, "a"), 1);

	below->hooks.query_remove = note_order;
	below->hooks.remove_cancelled = reopen;
	above->hooks.query_remove = refuse;
	KUNIT_EXPECT_EQ(test, devif_query_remove(&parent->dev), -EBUSY);
	KUNIT_EXPECT_LT(test, (long)below->data, (long)above->data);
	KUNIT_EXPECT_TRUE(test, client_awaits(below, &below->cancels, 1));

	above->hooks.query_remove = NULL;
	KUNIT_EXPECT_EQ(test, devif_query_remove(&parent->dev), 0);
	pipe_expect_released(scene.pipe, 3);
	devif_cancel_remove(&parent->dev);
	KUNIT_EXPECT_TRUE(test, client_awaits(below, &below->cancels, 2));
	KUNIT_EXPECT_TRUE(test, client_awaits(above, &above->cancels, 1));
	/* the cancelled callback has opened the target again */
	KUNIT_EXPECT_EQ(test, client_write(below, "a"), 1);
}

static void k7_one_asks_at_a_time(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);

	client->data = scene.devif;
	client->hooks.query_remove = ask_again;
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->queries), 1);
}

static void k7_nobody_to_ask(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);

	KUNIT_EXPECT_EQ(test, devif_query_remove(NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&fixture->dev), 0);
	devif_cancel_remove(&fixture->dev);
	client_door(test, &fixture->dev, NULL);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&fixture->dev), 0);
	devif_cancel_remove(&fixture->dev);
}

/* Unplug the device from the query-remove callback. */
static int unplug_when_asked(struct client *client)
{
	fixture_unplug(client->data);
	return 0;
}

static void k7_unplugged_while_it_is_asked(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct client *other = client_opened(test, scene.devif);

	client->data = scene.fixture;
	client->hooks.query_remove = unplug_when_asked;
	devif_query_remove(&scene.fixture->dev);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
	KUNIT_EXPECT_TRUE(test, client_awaits(other, &other->removed, 1));
	pipe_expect_released(scene.pipe, 2);
	KUNIT_EXPECT_EQ(test, client_open(client), -ENODEV);
}

/* Control of a callback that blocks until the next query. */
struct telling {
	struct device *dev;
	struct completion entered, leave;
	char text[8];
	unsigned int told;
};

static void note(struct client *client, char what)
{
	struct telling *telling = client->data;

	if (telling->told < sizeof(telling->text) - 1)
		telling->text[telling->told++] = what;
}

static int note_query(struct client *client)
{
	note(client, 'q');
	return 0;
}

static void note_cancel(struct client *client)
{
	note(client, 'c');
}

static void stay_in_event(struct client *client, const struct devif_event *event)
{
	struct telling *telling = client->data;

	complete(&telling->entered);
	/* a failed test does not complete @leave */
	if (!wait_for_completion_timeout(&telling->leave, PATIENCE))
		atomic_inc(&client->mistakes);
}

/* Refuse once, when the other callback is running. */
static int refuse_when_busy(struct client *client)
{
	struct telling *telling = client->data;

	if (atomic_read(&client->queries))
		return 0;
	if (devif_post_event(telling->dev, &guid_a, NULL, 0) ||
	    !wait_for_completion_timeout(&telling->entered, PATIENCE))
		atomic_inc(&client->mistakes);
	return -EPERM;
}

static void k7_called_off_before_asked_again(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct telling telling = { .dev = &scene.fixture->dev };
	struct client *client = client_opened(test, scene.devif);
	struct client *refuser = client_opened(test, scene.devif);
	struct errand *second;

	init_completion(&telling.entered);
	init_completion(&telling.leave);
	client->data = &telling;
	client->hooks.query_remove = note_query;
	client->hooks.remove_cancelled = note_cancel;
	client->hooks.target_event = stay_in_event;
	refuser->data = &telling;
	refuser->hooks.query_remove = refuse_when_busy;
	KUNIT_EXPECT_EQ(test, devif_query_remove(telling.dev), -EBUSY);
	second = errand_start(test, scene_query_remove, &scene);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(second));
	complete_all(&telling.leave);
	KUNIT_EXPECT_EQ(test, errand_finish(second), 0);
	KUNIT_EXPECT_STREQ(test, telling.text, "qcq");
	client_leave(client);
	client_leave(refuser);
}

static int note_query_and_stay(struct client *client)
{
	struct telling *telling = client->data;

	note(client, 'q');
	complete(&telling->entered);
	/* a failed test does not complete @leave */
	if (!wait_for_completion_timeout(&telling->leave, PATIENCE))
		atomic_inc(&client->mistakes);
	return 0;
}

/* Query @client, which blocks in the callback, and kill the waiting task. */
static void k7_ask_and_be_killed(struct kunit *test, struct scene *scene,
				 struct client *client)
{
	struct telling *telling = client->data;
	struct errand *errand;

	init_completion(&telling->entered);
	init_completion(&telling->leave);
	client->hooks.query_remove = note_query_and_stay;
	client->hooks.remove_cancelled = note_cancel;
	errand = errand_start(test, scene_query_remove, scene);
	errand_await(test, &telling->entered);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errand));
	errand_kill(errand);
	/* if the killed task does not return, the test has failed: unblock the callback */
	if (!wait_for_completion_timeout(&errand->done, PATIENCE))
		complete_all(&telling->leave);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -EINTR);
}

/*
 * A new driver while the device is asked for
 */

/* Have a new driver export and enable what the last one did. */
static void removal_rebind(struct kunit *test, struct scene *scene)
{
	fixture_unbind(scene->fixture);
	KUNIT_ASSERT_TRUE(test, fixture_bind(scene->fixture));
	scene->pipe = pipe_export(test, &scene->fixture->dev);
	KUNIT_ASSERT_EQ(test, devif_enable(scene->devif), 0);
}

static int refuse_and_stay(struct client *client)
{
	note_query_and_stay(client);
	return -EPERM;
}

/* The holders of the new driver have not been asked. */
static void k7_new_driver_while_it_is_asked(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct telling telling = { .dev = &scene.fixture->dev };
	struct client *client = client_opened(test, scene.devif);
	struct errand *errand;

	init_completion(&telling.entered);
	init_completion(&telling.leave);
	client->data = &telling;
	client->hooks.query_remove = note_query_and_stay;
	errand = errand_start(test, scene_query_remove, &scene);
	errand_await(test, &telling.entered);
	removal_rebind(test, &scene);
	complete_all(&telling.leave);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -EBUSY);
	client_leave(client);
	client_opened(test, scene.devif);
	KUNIT_EXPECT_EQ(test, devif_query_remove(telling.dev), 0);
	devif_cancel_remove(telling.dev);
}

/* A killed task does not answer for the holders that another task asks. */
static void k7_new_driver_and_asked_again(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct telling telling = { .dev = &scene.fixture->dev };
	struct client *client = client_opened(test, scene.devif);
	struct errand *first, *second;

	init_completion(&telling.entered);
	init_completion(&telling.leave);
	client->data = &telling;
	client->hooks.query_remove = refuse_and_stay;
	first = errand_start(test, scene_query_remove, &scene);
	errand_await(test, &telling.entered);
	removal_rebind(test, &scene);
	devif_target_close(client->target);
	KUNIT_EXPECT_EQ(test, client_open(client), 0);
	second = errand_start(test, scene_query_remove, &scene);
	errand_takes_its_time(second);
	errand_kill(first);
	KUNIT_EXPECT_EQ(test, errand_finish(first), -EINTR);
	complete_all(&telling.leave);
	KUNIT_EXPECT_EQ(test, errand_finish(second), -EBUSY);
	client_leave(client);
}

#define RACING_ROUNDS	1000

static long removal_ask_on(void *arg)
{
	struct telling *telling = arg;
	unsigned int round = 0;

	while (!completion_done(&telling->leave)) {
		if (!devif_query_remove(telling->dev))
			devif_cancel_remove(telling->dev);
		fixture_breathe(++round);
	}
	return 0;
}

/* A query of a device below that fails at once does not keep its holders from being told. */
static void k7_called_off_while_asked_for_below(struct kunit *test)
{
	struct fixture *parent = fixture_add_bound(test);
	struct scene scene = scene_below(test, parent);
	struct telling telling = { .dev = &scene.fixture->dev };
	struct client *client = client_opened(test, scene.devif);
	struct errand *errand;
	unsigned int i;

	init_completion(&telling.leave);
	errand = errand_start(test, removal_ask_on, &telling);
	for (i = 0; i < RACING_ROUNDS; i++) {
		if (!devif_query_remove(&parent->dev))
			devif_cancel_remove(&parent->dev);
		fixture_breathe(i);
	}
	complete_all(&telling.leave);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->cancels,
					      atomic_read(&client->queries)));
}

static void k7_who_asks_can_be_killed(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct telling telling = { .dev = &scene.fixture->dev };
	struct client *client = client_opened(test, scene.devif);
	struct client *other = client_aimed(test, scene.devif);

	client->data = &telling;
	k7_ask_and_be_killed(test, &scene, client);
	/* the removal was cancelled, without a wait for the blocked callback */
	KUNIT_EXPECT_EQ(test, client_open(other), 0);
	complete_all(&telling.leave);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->cancels, 1));
	KUNIT_EXPECT_STREQ(test, telling.text, "qc");
	client_leave(client);
}

/* The answer to the first query does not count for the second. */
static void k7_asked_again_after_a_kill(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct telling telling = { .dev = &scene.fixture->dev };
	struct client *client = client_opened(test, scene.devif);
	struct errand *second;

	client->data = &telling;
	k7_ask_and_be_killed(test, &scene, client);
	second = errand_start(test, scene_query_remove, &scene);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(second));
	complete_all(&telling.leave);
	KUNIT_EXPECT_EQ(test, errand_finish(second), 0);
	KUNIT_EXPECT_STREQ(test, telling.text, "qcq");
	client_leave(client);
}

/* The log names the client for which a query waits long. */
static void k7_slow_answer_is_mentioned(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct telling telling = { .dev = &scene.fixture->dev };
	struct client *client = client_opened(test, scene.devif);
	struct errand *errand;

	init_completion(&telling.entered);
	init_completion(&telling.leave);
	client->data = &telling;
	client->hooks.query_remove = note_query_and_stay;
	fixture_expect_report("waiting for %s to say", KBUILD_MODNAME);
	errand = errand_start(test, scene_query_remove, &scene);
	errand_await(test, &telling.entered);
	wait_for_completion_timeout(&errand->done, DEVIF_PATIENCE + HZ);
	complete_all(&telling.leave);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
	fixture_expect_end();
	client_leave(client);
}

static long destroy_target(void *arg)
{
	struct client *client = arg;

	devif_target_destroy(client->target);
	client->target = NULL;
	return 0;
}

static void slow_callback_is_mentioned(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct telling telling = { .dev = &scene.fixture->dev };
	struct client *client = client_aimed(test, scene.devif);
	struct errand *errand;

	init_completion(&telling.entered);
	init_completion(&telling.leave);
	client->data = &telling;
	client->hooks.target_event = stay_in_event;
	KUNIT_ASSERT_EQ(test, devif_post_event(telling.dev, &guid_a, NULL, 0),
			0);
	errand_await(test, &telling.entered);
	fixture_expect_report("waiting for a callback of %s, of a target",
			      KBUILD_MODNAME);
	errand = errand_start(test, destroy_target, client);
	wait_for_completion_timeout(&errand->done, DEVIF_PATIENCE + HZ);
	complete_all(&telling.leave);
	errand_finish(errand);
	fixture_expect_end();
	client_leave(client);
}

/* Post another event, until the client gets a query. */
static void post_another(struct client *client, const struct devif_event *event)
{
	if (atomic_read(&client->queries))
		return;
	if (devif_post_event(client->data, &guid_a, NULL, 0))
		atomic_inc(&client->mistakes);
	cond_resched();
}

static void k7_asked_beside_events(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct errand *errand;

	client->data = &scene.fixture->dev;
	client->hooks.target_event = post_another;
	KUNIT_ASSERT_EQ(test, devif_post_event(&scene.fixture->dev, &guid_a,
					       NULL, 0), 0);
	errand = errand_start(test, scene_query_remove, &scene);
	wait_for_completion_timeout(&errand->done, 10 * HZ);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->queries), 1);
	/* a client that is being destroyed is not waited for */
	client_leave(client);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
}

static void ask_in_event(struct client *client, const struct devif_event *event)
{
	if (devif_query_remove(client->data))
		atomic_inc(&client->mistakes);
}

static void k7_who_asks_is_not_asked(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct client *other = client_opened(test, scene.devif);

	client->data = &scene.fixture->dev;
	client->hooks.target_event = ask_in_event;
	KUNIT_ASSERT_EQ(test, devif_post_event(&scene.fixture->dev, &guid_a,
					       NULL, 0), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->target_events,
					      1));
	KUNIT_EXPECT_EQ(test, atomic_read(&client->queries), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&other->queries), 1);
	pipe_expect_released(scene.pipe, 1);
}

/*
 * Removed
 */

static void expect_told_once(struct kunit *test,
			     void (*leave)(struct scene *scene))
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct client *other = client_opened(test, scene.devif);

	KUNIT_ASSERT_EQ(test, devif_disable(scene.devif), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removals, 1));
	/* disabling alone is no removal of the device */
	KUNIT_EXPECT_EQ(test, atomic_read(&client->removed), 0);
	leave(&scene);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
	KUNIT_EXPECT_TRUE(test, client_awaits(other, &other->removed, 1));
	client_expect_dead(client);
	/* no second callback comes */
	fixture_unbind(scene.fixture);
	fixture_unplug(scene.fixture);
	devif_target_close(client->target);
	KUNIT_EXPECT_NE(test, client_open(client), 0);
	client_leave(client);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->removed), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->queries), 0);
}

static void k7_told_once_of_unplugging(struct kunit *test)
{
	expect_told_once(test, scene_unplug);
}

static void k7_told_once_of_unbinding(struct kunit *test)
{
	expect_told_once(test, scene_unbind);
}

static void k7_told_once_of_unexporting(struct kunit *test)
{
	expect_told_once(test, scene_unexport);
}

static void k7_told_of_the_removal_it_agreed_to(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);

	KUNIT_ASSERT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
	KUNIT_EXPECT_EQ(test, atomic_read(&client->cancels), 0);
}

/* Make calls on the target from its removed callback. */
static void use_what_has_gone(struct client *client)
{
	client_expect_dead(client);
	devif_target_close(client->target);
	KUNIT_EXPECT_NE(client->test, client_open(client), 0);
}

static void removed_callback_may_make_calls(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);

	client->hooks.removed = use_what_has_gone;
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
	pipe_expect_released(scene.pipe, 1);
}

static int refuse_removal(struct client *client)
{
	return -EPERM;
}

/* Expect no query for a removed target, unless it was opened again, with the new driver. */
static void expect_not_asked_after_the_end(struct scene scene,
					   struct client *client)
{
	struct kunit *test = client->test;

	client->hooks.query_remove = refuse_removal;
	fixture_unbind(scene.fixture);
	KUNIT_ASSERT_TRUE(test, client_awaits(client, &client->removed, 1));
	KUNIT_ASSERT_TRUE(test, fixture_bind(scene.fixture));
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->queries), 0);
	devif_cancel_remove(&scene.fixture->dev);

	devif_target_close(client->target);
	pipe_export(test, &scene.fixture->dev);
	KUNIT_ASSERT_EQ(test, devif_enable(scene.devif), 0);
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), -EBUSY);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->queries), 1);
}

static void k7_not_asked_after_the_end(struct kunit *test)
{
	struct scene scene = scene_new(test);

	expect_not_asked_after_the_end(scene, client_aimed(test, scene.devif));
}

static void k7_not_asked_after_the_end_if_not_closed(struct kunit *test)
{
	struct scene scene = scene_new(test);

	expect_not_asked_after_the_end(scene, client_opened(test, scene.devif));
}

static struct kunit_case removal_cases[] = {
	KUNIT_CASE(k7_new_driver_while_it_is_asked),
	KUNIT_CASE(k7_new_driver_and_asked_again),
	KUNIT_CASE(k7_called_off_while_asked_for_below),
	KUNIT_CASE(k7_asked_one_after_the_other),
	KUNIT_CASE(k7_one_refuses),
	KUNIT_CASE(k7_asked_in_order),
	KUNIT_CASE(k7_without_a_callback_it_is_closed),
	KUNIT_CASE(k7_reopened_when_called_off),
	KUNIT_CASE(g9_not_opened_while_removal_is_pending),
	KUNIT_CASE(g9_pending_removal_ends_with_a_new_driver),
	KUNIT_CASE(g9_other_devices_are_not_concerned),
	KUNIT_CASE(g9_not_opened_while_removal_of_the_parent_is_pending),
	KUNIT_CASE(k7_asked_for_the_parent),
	KUNIT_CASE(k7_agreed_below_and_asked_above),
	KUNIT_CASE(k7_one_asks_at_a_time),
	KUNIT_CASE(k7_nobody_to_ask),
	KUNIT_CASE(k7_unplugged_while_it_is_asked),
	KUNIT_CASE(k7_called_off_before_asked_again),
	KUNIT_CASE(k7_who_asks_can_be_killed),
	KUNIT_CASE(k7_asked_again_after_a_kill),
	KUNIT_CASE(k7_slow_answer_is_mentioned),
	KUNIT_CASE(slow_callback_is_mentioned),
	KUNIT_CASE(k7_asked_beside_events),
	KUNIT_CASE(k7_who_asks_is_not_asked),
	KUNIT_CASE(k7_told_once_of_unplugging),
	KUNIT_CASE(k7_told_once_of_unbinding),
	KUNIT_CASE(k7_told_once_of_unexporting),
	KUNIT_CASE(k7_told_of_the_removal_it_agreed_to),
	KUNIT_CASE(removed_callback_may_make_calls),
	KUNIT_CASE(k7_not_asked_after_the_end),
	KUNIT_CASE(k7_not_asked_after_the_end_if_not_closed),
	{}
};

static struct kunit_suite removal_suite = {
	.name = "devif_removal",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = removal_cases,
};

kunit_test_suites(&removal_suite);
