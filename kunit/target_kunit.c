// SPDX-License-Identifier: GPL-2.0
/*
 * Remote interfaces and targets (K), the importing side.
 */
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "../kmod/devif/query/query.h"
#include "client.h"
#include "errand.h"
#include "fixture.h"
#include "parcel.h"
#include "pipe.h"
#include "scene.h"

/*
 * Remote interfaces
 */

static void k3_remote_stands_for_its_interface(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	KUNIT_ASSERT_NOT_NULL(test, client->remote);
	KUNIT_EXPECT_PTR_EQ(test, devif_remote_interface(client->remote),
			    scene.devif);
}

static void k3_remote_of_a_disabled_interface(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	KUNIT_ASSERT_EQ(test, devif_disable(scene.devif), 0);
	KUNIT_EXPECT_EQ(test, client_attach(client, scene.devif), -ENODEV);
	KUNIT_ASSERT_EQ(test, devif_enable(scene.devif), 0);
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_EQ(test, client_attach(client, scene.devif), -ENODEV);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->removals), 0);
}

static void k3_arguments_are_checked(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	KUNIT_EXPECT_EQ(test, client_attach(client, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_remote_create(scene.devif, NULL,
						  &client->remote), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_remote_create(scene.devif,
						  &client->remote_desc, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, client_aim(client), -EINVAL);
	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	KUNIT_EXPECT_EQ(test, devif_target_create(client->remote, NULL,
						  &client->target), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_create(client->remote,
						  &client->target_desc, NULL),
			-EINVAL);
	devif_remote_destroy(NULL);
	devif_remote_destroy(ERR_PTR(-ENOMEM));
	devif_target_destroy(NULL);
	devif_target_destroy(ERR_PTR(-ENOMEM));
}

/* Expect no second removal: it would come before the removal of another remote interface. */
static void expect_no_second_removal(struct kunit *test, struct scene *scene,
				     struct client *client)
{
	struct client *other = client_new(test);

	KUNIT_ASSERT_EQ(test, devif_enable(scene->devif), 0);
	KUNIT_ASSERT_EQ(test, client_attach(other, scene->devif), 0);
	KUNIT_ASSERT_EQ(test, devif_disable(scene->devif), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(other, &other->removals, 1));
	KUNIT_EXPECT_EQ(test, atomic_read(&client->removals), 1);
}

static void k6_told_once_of_disabling(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	KUNIT_ASSERT_EQ(test, devif_disable(scene.devif), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removals, 1));
	expect_no_second_removal(test, &scene, client);
	fixture_unplug(scene.fixture);
	client_leave(client);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->removals), 1);
}

static void k6_told_once_of_unbinding(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	fixture_unbind(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removals, 1));
	KUNIT_ASSERT_TRUE(test, fixture_bind(scene.fixture));
	expect_no_second_removal(test, &scene, client);
}

static void k6_told_once_of_unplugging(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removals, 1));
	client_leave(client);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->removals), 1);
}

static void k6_told_once_of_unregistering(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct client *client = client_new(test);
	struct devif *devif;

	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid_a, NULL,
					  DEVIF_AUTO, &devif), 0);
	KUNIT_ASSERT_EQ(test, client_attach(client, devif), 0);
	devif_unregister(devif);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removals, 1));
}

static void k6_not_told_of_other_interfaces(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct devif *sibling = client_door(test, &scene.fixture->dev, "other");
	struct client *client = client_new(test), *other = client_new(test);

	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	KUNIT_ASSERT_EQ(test, client_attach(other, sibling), 0);
	KUNIT_ASSERT_EQ(test, devif_disable(sibling), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(other, &other->removals, 1));
	KUNIT_EXPECT_EQ(test, atomic_read(&client->removals), 0);
}

static void k6_callbacks_may_be_missing(struct kunit *test)
{
	static const struct devif_remote_desc remote_desc;
	static const struct devif_target_desc target_desc;
	struct scene scene = scene_new(test);
	struct client *client = client_new(test), *other = client_new(test);

	client->remote_desc = remote_desc;
	client->target_desc = target_desc;
	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	KUNIT_ASSERT_EQ(test, client_aim(client), 0);
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	KUNIT_ASSERT_EQ(test, client_attach(other, scene.devif), 0);
	KUNIT_EXPECT_EQ(test, devif_post_event(&scene.fixture->dev, &guid_b,
					       NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	devif_cancel_remove(&scene.fixture->dev);
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(other, &other->removals, 1));
}

/* A callback that blocks until @leave. */
struct staying {
	struct completion entered, leave;
};

static void stay(struct client *client)
{
	struct staying *staying = client->data;

	complete(&staying->entered);
	/* a failed test does not complete @leave */
	if (!wait_for_completion_timeout(&staying->leave, PATIENCE))
		atomic_inc(&client->mistakes);
}

static long leave_it(void *arg)
{
	client_leave(arg);
	return 0;
}

static void destroying_waits(struct kunit *test, struct client *client,
			     const atomic_t *counter, struct fixture *fixture)
{
	struct staying staying;
	struct errand *errand;

	init_completion(&staying.entered);
	init_completion(&staying.leave);
	client->data = &staying;
	fixture_unplug(fixture);
	errand_await(test, &staying.entered);
	errand = errand_start(test, leave_it, client);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errand));
	KUNIT_EXPECT_EQ(test, atomic_read(counter), 0);
	complete(&staying.leave);
	errand_finish(errand);
	KUNIT_EXPECT_EQ(test, atomic_read(counter), 1);
}

static void destroying_waits_for_a_removal(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	client->hooks.removal = stay;
	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	destroying_waits(test, client, &client->removals, scene.fixture);
}

static void destroying_waits_for_removed(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);

	client->hooks.removed = stay;
	destroying_waits(test, client, &client->removed, scene.fixture);
}

static void nobody_is_told_after_destroying(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct client *other = client_opened(test, scene.devif);

	client_leave(client);
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(other, &other->removals, 1));
	KUNIT_EXPECT_TRUE(test, client_awaits(other, &other->removed, 1));
	KUNIT_EXPECT_EQ(test, atomic_read(&client->removals), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->removed), 0);
}

static void destroyed_in_its_own_callback(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);
	struct client *other = client_opened(test, scene.devif);

	client->hooks.removal = client_leave;
	other->hooks.removed = client_leave;
	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removals, 1));
	KUNIT_EXPECT_TRUE(test, client_awaits(other, &other->removed, 1));
	KUNIT_EXPECT_NULL(test, client->remote);
	KUNIT_EXPECT_NULL(test, other->target);
	pipe_expect_released(scene.pipe, 1);
}

static int leave_when_asked(struct client *client)
{
	client_leave(client);
	return 0;
}

static void destroyed_when_asked(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);

	client->hooks.query_remove = leave_when_asked;
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->queries, 1));
	pipe_expect_released(scene.pipe, 1);
	devif_cancel_remove(&scene.fixture->dev);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->cancels), 0);
}

static int stay_when_asked(struct client *client)
{
	stay(client);
	return -EPERM;
}

/* A target that is being destroyed agrees to the removal, but not before it is closed. */
static void destroyed_while_it_is_asked(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct errand *asking, *leaving;
	struct staying staying;

	init_completion(&staying.entered);
	init_completion(&staying.leave);
	client->data = &staying;
	client->hooks.query_remove = stay_when_asked;
	scene.pipe->stay = PIPE_RELEASE;
	asking = errand_start(test, scene_query_remove, &scene);
	errand_await(test, &staying.entered);
	leaving = errand_start(test, leave_it, client);
	errand_await(test, &scene.pipe->entered);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(asking));
	complete_all(&scene.pipe->leave);
	KUNIT_EXPECT_EQ(test, errand_finish(asking), 0);
	pipe_expect_released(scene.pipe, 1);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(leaving));
	complete(&staying.leave);
	errand_finish(leaving);
}

static void destroy_other_remote(struct client *client,
				 const struct devif_event *event)
{
	struct client *other = client->data;

	devif_remote_destroy(other->remote);
	other->remote = NULL;
}

static void destroy_other_target(struct client *client,
				 const struct devif_event *event)
{
	struct client *other = client->data;

	devif_target_destroy(other->target);
	other->target = NULL;
}

/* For lockdep: one call site makes both objects. */
static void destroyed_in_the_callback_of_another(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *other = client_aimed(test, scene.devif);
	struct client *client = client_aimed(test, scene.devif);

	client->data = other;
	client->hooks.remote_event = destroy_other_remote;
	client->hooks.target_event = destroy_other_target;
	KUNIT_ASSERT_EQ(test, devif_post_event(&scene.fixture->dev, &guid_a,
					       NULL, 0), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->remote_events,
					      1));
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->target_events,
					      1));
	KUNIT_EXPECT_NULL(test, other->remote);
	KUNIT_EXPECT_NULL(test, other->target);
}

static DEFINE_MUTEX(taken_by_callbacks);

static void take_and_give(struct client *client, const struct devif_event *event)
{
	mutex_lock(&taken_by_callbacks);
	mutex_unlock(&taken_by_callbacks);
}

/* For lockdep: a failed creation does not wait for callbacks. */
static void not_made_under_a_lock_of_callbacks(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct client *second = client_new(test), *third = client_new(test);

	client->hooks.remote_event = take_and_give;
	client->hooks.target_event = take_and_give;
	KUNIT_ASSERT_EQ(test, client_attach(second, scene.devif), 0);
	KUNIT_ASSERT_EQ(test, devif_post_event(&scene.fixture->dev, &guid_a,
					       NULL, 0), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->remote_events,
					      1));
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->target_events,
					      1));
	fixture_unplug(scene.fixture);
	mutex_lock(&taken_by_callbacks);
	KUNIT_EXPECT_EQ(test, client_aim(second), -ENODEV);
	KUNIT_EXPECT_EQ(test, client_attach(third, scene.devif), -ENODEV);
	mutex_unlock(&taken_by_callbacks);
}

/*
 * States of a target
 */

static void k4_target_without_interface(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_EQ(test, client_aim(client), -ENODEV);
}

static void k4_target_lives_without_the_remote(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);

	devif_remote_destroy(client->remote);
	client->remote = NULL;
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
	KUNIT_EXPECT_EQ(test, atomic_read(&client->removals), 0);
}

/**
 * struct early - an importer that is early
 * @pipe: exported by probe()
 * @devif: interface that may be opened when probe() has succeeded
 * @client: importer that tries it in probe()
 */
struct early {
	struct pipe *pipe;
	struct devif *devif;
	struct client *client;
};

/* Try to open in a probe() that has done all that opening needs. */
static int probe_opens(struct fixture *fixture)
{
	struct early *early = fixture->data;
	struct kunit *test = fixture->test;

	KUNIT_EXPECT_EQ(test, pipe_try(early->pipe, &fixture->dev), 0);
	if (!early->client->remote)
		fixture->result = client_attach(early->client, early->devif);
	else
		fixture->result = client_open(early->client);
	return 0;
}

static void expect_not_opened_early(struct kunit *test, struct fixture *fixture,
				    struct early *early)
{
	fixture->data = early;
	fixture->probe = probe_opens;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_EQ(test, atomic_read(&early->pipe->opens), 0);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(early->devif));
}

/* An open does not succeed until the START has (G2). */
static void e8_not_opened_while_probe_runs(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct early early = { .pipe = pipe_new(test) };

	early.client = client_new(test);
	early.devif = fixture_register(test, &fixture->dev, &guid_a, NULL,
				       DEVIF_AUTO);
	expect_not_opened_early(test, fixture, &early);
	KUNIT_EXPECT_EQ(test, fixture->result, -ENODEV);
	KUNIT_ASSERT_EQ(test, client_attach(early.client, early.devif), 0);
	KUNIT_ASSERT_EQ(test, client_aim(early.client), 0);
	KUNIT_EXPECT_EQ(test, client_open(early.client), 0);
}

/* So it is if the interface was enabled before a driver came. */
static void e8_not_opened_while_probe_runs_though_enabled(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct early early = { .pipe = pipe_new(test) };

	early.devif = client_door(test, &fixture->dev, NULL);
	early.client = client_aimed(test, early.devif);
	expect_not_opened_early(test, fixture, &early);
	KUNIT_EXPECT_EQ(test, fixture->result, -ENODEV);
	KUNIT_EXPECT_EQ(test, client_open(early.client), 0);
}

static void k4_opened_once_at_a_time(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);

	KUNIT_EXPECT_EQ(test, client_open(client), -EBUSY);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->opens), 1);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
	devif_target_close(client->target);
	KUNIT_EXPECT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->opens), 2);
}

static void k4_not_open(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	char data[1];
	int i;

	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_EQ(test, client_read(client, data, 1), -EBADF);
		KUNIT_EXPECT_EQ(test, client_write(client, "a"), -EBADF);
		KUNIT_EXPECT_EQ(test, devif_target_ioctl(client->target,
							 PIPE_IOC_NOTHING,
							 NULL), -EBADF);
		devif_target_close(client->target);
		KUNIT_ASSERT_EQ(test, client_open(client), 0);
		devif_target_close(client->target);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->calls[PIPE_READ]), 0);
}

static void k4_destroying_closes(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);

	client_leave(client);
	pipe_expect_released(scene.pipe, 1);
}

static long open_it(void *arg)
{
	return client_open(arg);
}

static long read_one(void *arg)
{
	char data;
	ssize_t ret = client_read(arg, &data, 1);

	return ret == 1 ? data : ret;
}

static void k8_close_ends_a_call_that_waits(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct errand *errand;

	errand = errand_start(test, read_one, client);
	pipe_await_refusal(scene.pipe, PIPE_READ, 1);
	devif_target_close(client->target);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ECANCELED);
	pipe_expect_released(scene.pipe, 1);
}

/* Closing a file does not call the exporter again for a waiter of another file. */
static void k8_close_leaves_other_files_alone(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct client *other = client_opened(test, scene.devif);
	struct errand *errand;
	int refusals;

	errand = errand_start(test, read_one, other);
	/* one refusal before the wait, and one when it is on the wait queue */
	pipe_await_refusal(scene.pipe, PIPE_READ, 2);
	refusals = atomic_read(&scene.pipe->refusals[PIPE_READ]);
	devif_target_close(client->target);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errand));
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->refusals[PIPE_READ]),
			refusals);
	pipe_feed(scene.pipe, "a");
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 'a');
}

static void k8_close_ends_an_open_that_waits(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct errand *errand;

	scene.pipe->verdict = -EAGAIN;
	errand = errand_start(test, open_it, client);
	pipe_await_refusal(scene.pipe, PIPE_OPEN, 1);
	/* the target is being opened */
	KUNIT_EXPECT_EQ(test, client_open(client), -EBUSY);
	devif_target_close(client->target);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ECANCELED);
	pipe_expect_released(scene.pipe, 0);
	pipe_accept(scene.pipe);
	KUNIT_EXPECT_EQ(test, client_open(client), 0);
}

/* Lock of an exporter on top of another. */
static DEFINE_MUTEX(stack_lock);

static int open_below(void *context, struct devif_file *file)
{
	struct pipe *pipe = devif_context(context);
	int ret;

	mutex_lock(&stack_lock);
	ret = client_open(pipe->on_open_data);
	mutex_unlock(&stack_lock);
	return ret;
}

static void close_below(void *context, struct devif_file *file)
{
	struct pipe *pipe = devif_context(context);
	struct client *below = pipe->on_open_data;

	mutex_lock(&stack_lock);
	devif_target_close(below->target);
	mutex_unlock(&stack_lock);
}

/* For lockdep: no lock of the upper target is held when the lower one is closed. */
static void k8_exporter_closes_a_target_of_its_own(struct kunit *test)
{
	struct scene below = scene_new(test);
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_new(test);
	struct client *client;

	pipe->on_open_data = client_aimed(test, below.devif);
	pipe->table.open = open_below;
	pipe->table.release = close_below;
	KUNIT_ASSERT_EQ(test, pipe_try(pipe, &fixture->dev), 0);
	client = client_opened(test, client_door(test, &fixture->dev, NULL));
	KUNIT_EXPECT_EQ(test, atomic_read(&below.pipe->opens), 1);
	devif_target_close(client->target);
	pipe_expect_released(below.pipe, 1);
}

/*
 * Requests
 */

static void k5_requests_of_each_type(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel;

	parcel = parcels_new(client, 1, DEVIF_REQUEST_WRITE);
	memcpy(parcel->data, "abc", 3);
	parcel->request.size = 3;
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 3);
	KUNIT_EXPECT_EQ(test, parcel->request.pos, 3);
	KUNIT_EXPECT_EQ(test, scene.pipe->level, 3);

	parcel = parcels_new(client, 1, DEVIF_REQUEST_READ);
	parcel->request.size = sizeof(parcel->data);
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 3);
	KUNIT_EXPECT_STREQ(test, parcel->data, "abc");
	KUNIT_EXPECT_EQ(test, parcel->request.pos, 3);

	parcel = parcels_new(client, 1, DEVIF_REQUEST_IOCTL);
	parcel->number = 4;
	parcel->request.cmd = PIPE_IOC_TWICE;
	parcel->request.buffer = &parcel->number;
	parcel->request.size = sizeof(parcel->number);
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 0);
	KUNIT_EXPECT_EQ(test, parcel->number, 8);
	parcel->request.cmd = _IOWR('k', 99, u32);
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -ENOTTY);
}

static void k5_request_waits(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcel_submitted(client, DEVIF_REQUEST_READ);

	pipe_await_refusal(scene.pipe, PIPE_READ, 1);
	KUNIT_EXPECT_FALSE(test, wait_for_completion_timeout(&parcel->done,
							     HZ / 10));
	pipe_wake_in_vain(scene.pipe, PIPE_READ);
	KUNIT_EXPECT_FALSE(test, wait_for_completion_timeout(&parcel->done,
							     HZ / 10));
	pipe_feed(scene.pipe, "a");
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 1);
	KUNIT_EXPECT_EQ(test, parcel->data[0], 'a');
	client_leave(client);
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 1);
}

static void k5_request_must_not_wait(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct parcel *parcel;

	KUNIT_ASSERT_EQ(test, devif_target_open(client->target, NULL,
						DEVIF_READ | DEVIF_NONBLOCK),
			0);
	parcel = parcel_submitted(client, DEVIF_REQUEST_READ);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -EAGAIN);
}

static void k5_bad_requests(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct parcel *parcel = parcels_new(client, 1, DEVIF_REQUEST_READ);

	KUNIT_EXPECT_EQ(test, parcel_submit(client, parcel), -EBADF);
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_EQ(test, devif_target_submit(client->target, NULL),
			-EINVAL);
	parcel->request.complete = NULL;
	KUNIT_EXPECT_EQ(test, parcel_submit(client, parcel), -EINVAL);
	parcel->request.complete = parcel_completed;
	parcel->request.type = 77;
	KUNIT_EXPECT_EQ(test, parcel_submit(client, parcel), -EINVAL);
	devif_target_close(client->target);
	parcel->request.type = DEVIF_REQUEST_READ;
	KUNIT_EXPECT_EQ(test, parcel_submit(client, parcel), -EBADF);
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->calls[PIPE_READ]), 0);
}

/* The exporter relies on the size in the command. */
static void k5_argument_of_an_ioctl_is_large_enough(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcels = parcels_new(client, 2, DEVIF_REQUEST_IOCTL);

	parcels[0].request.cmd = PIPE_IOC_TWICE;
	parcels[0].request.size = sizeof(u32) - 1;
	KUNIT_EXPECT_EQ(test, parcel_submit(client, &parcels[0]), -EINVAL);
	parcels[1].request.cmd = PIPE_IOC_TWICE;
	parcels[1].request.size = sizeof(u32);
	parcels[1].request.buffer = NULL;
	KUNIT_EXPECT_EQ(test, parcel_submit(client, &parcels[1]), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(client->target, PIPE_IOC_TWICE,
						 NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->calls[PIPE_IOCTL]), 0);
}

/* An ioctl whose command has no argument gets none. */
static void k5_ioctl_without_argument(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcels_new(client, 1, DEVIF_REQUEST_IOCTL);

	parcel->request.cmd = PIPE_IOC_NOTHING;
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 0);
	parcel->request.buffer = NULL;
	parcel->request.size = 0;
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 0);
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(client->target,
						 PIPE_IOC_NOTHING,
						 parcel->data), 0);
}

/* The error may come from the submission or the completion. */
static void k5_request_that_it_was_not_opened_for(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct parcel *parcel = parcels_new(client, 1, DEVIF_REQUEST_READ);

	KUNIT_ASSERT_EQ(test, devif_target_open(client->target, NULL,
						DEVIF_WRITE), 0);
	KUNIT_EXPECT_EQ(test, parcel_submit(client, parcel) ?: parcel_await(test, parcel),
			-EBADF);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->calls[PIPE_READ]), 0);
}

static void k5_claims_of_the_exporter_are_checked(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel;

	scene.pipe->claim = 1;
	pipe_feed(scene.pipe, "a");
	parcel = parcel_submitted(client, DEVIF_REQUEST_READ);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -EIO);
	parcel = parcel_submitted(client, DEVIF_REQUEST_WRITE);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -EIO);
}

static void k5_cancelled_while_it_waits(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcel_submitted(client, DEVIF_REQUEST_READ);
	struct parcel *other = parcel_submitted(client, DEVIF_REQUEST_READ);

	pipe_await_refusal(scene.pipe, PIPE_READ, 2);
	devif_request_cancel(&parcel->request);
	devif_request_cancel(&parcel->request);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -ECANCELED);
	/* the cancelled request takes no data */
	pipe_feed(scene.pipe, "a");
	KUNIT_EXPECT_EQ(test, parcel_await(test, other), 1);
	devif_request_cancel(&parcel->request);
	devif_request_cancel(&other->request);
	client_leave(client);
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&other->completions), 1);
	KUNIT_EXPECT_EQ(test, other->result, 1);
}

static void k5_cancelled_while_the_exporter_is_at_work(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel;

	pipe_feed(scene.pipe, "a");
	scene.pipe->stay = PIPE_READ;
	parcel = parcel_submitted(client, DEVIF_REQUEST_READ);
	errand_await(test, &scene.pipe->entered);
	devif_request_cancel(&parcel->request);
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 0);
	complete_all(&scene.pipe->leave);
	/* the running read finishes all the same */
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 1);
	KUNIT_EXPECT_EQ(test, parcel->data[0], 'a');
}

/* A read that finds no data, and was cancelled meanwhile, does not wait. */
static void k5_cancelled_before_it_waits(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel;

	scene.pipe->stay = PIPE_READ;
	parcel = parcel_submitted(client, DEVIF_REQUEST_READ);
	errand_await(test, &scene.pipe->entered);
	devif_request_cancel(&parcel->request);
	complete_all(&scene.pipe->leave);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -ECANCELED);
}

#define MANY	100

/* Feed one byte at a time, so that many requests find none and wait again. */
static void feed_many(struct scene *scene, int number)
{
	int i, tries = 100 * MANY;

	for (i = 0; i < number; i++) {
		while (READ_ONCE(scene->pipe->level) && tries--)
			usleep_range(50, 200);
		pipe_feed(scene->pipe, "a");
	}
}

static void k5_many_requests(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcels = parcels_new(client, MANY, DEVIF_REQUEST_READ);
	int i;

	for (i = 0; i < MANY; i++)
		KUNIT_ASSERT_EQ(test, parcel_submit(client, &parcels[i]), 0);
	feed_many(&scene, MANY);
	for (i = 0; i < MANY; i++) {
		KUNIT_EXPECT_EQ(test, parcel_await(test, &parcels[i]), 1);
		KUNIT_EXPECT_EQ(test, parcels[i].data[0], 'a');
	}
	client_leave(client);
	for (i = 0; i < MANY; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&parcels[i].completions), 1);
}

/* List the waiting requests, in the order in which they will be woken. */
static int waiting(struct pipe *pipe, struct parcel **parcels, int most)
{
	struct wait_queue_head *queue = &pipe->export->wait;
	struct wait_queue_entry *entry;
	int n = 0;

	spin_lock_irq(&queue->lock);
	list_for_each_entry(entry, &queue->head, entry)
		if (n < most)
			parcels[n++] = container_of(entry, struct parcel,
						    request.wait);
	spin_unlock_irq(&queue->lock);
	return n;
}

/* Wait until @number completions have come, and both requests wait again. */
static void await_turn(struct kunit *test, struct pipe *pipe,
		       struct parcel *parcels, int number, struct parcel **order)
{
	unsigned long end = jiffies + PATIENCE;

	while ((atomic_read(&parcels[0].completions) +
		atomic_read(&parcels[1].completions) < number ||
		waiting(pipe, order, 2) != 2) && time_before(jiffies, end))
		msleep(20);
	KUNIT_ASSERT_EQ(test, waiting(pipe, order, 2), 2);
}

/*
 * A request is submitted again when it has got a byte, and waits behind the other. The
 * scheduler decides which of two woken requests runs first.
 */
static void k5_requests_take_turns(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcels = parcels_new(client, 2, DEVIF_REQUEST_READ);
	struct parcel *order[2];
	int i, before;

	for (i = 0; i < 2; i++) {
		parcels[i].again = MANY;
		KUNIT_ASSERT_EQ(test, parcel_submit(client, &parcels[i]), 0);
		pipe_await_refusal(scene.pipe, PIPE_READ, 2 * (i + 1));
	}
	await_turn(test, scene.pipe, parcels, 0, order);
	KUNIT_EXPECT_PTR_EQ(test, order[0], &parcels[0]);
	for (i = 1; i <= MANY / 2; i++) {
		before = atomic_read(&parcels[0].completions);
		pipe_feed(scene.pipe, "a");
		await_turn(test, scene.pipe, parcels, i, order);
		/* the request that has got the byte is last now */
		if (atomic_read(&parcels[0].completions) == before)
			KUNIT_EXPECT_PTR_EQ(test, order[1], &parcels[1]);
		else
			KUNIT_EXPECT_PTR_EQ(test, order[1], &parcels[0]);
	}
}

static void k5_submitted_again_from_its_completion(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcels_new(client, 1, DEVIF_REQUEST_READ);

	parcel->again = MANY - 1;
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	feed_many(&scene, MANY);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), MANY);
	KUNIT_EXPECT_EQ(test, parcel->refused, 0);
}

static void k5_freed_in_its_completion(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	int i;

	for (i = 0; i < 50; i++) {
		parcel_submit_to_be_freed(client, 0);
		pipe_feed(scene.pipe, "a");
		errand_await(test, &parcel_freed);
		KUNIT_EXPECT_EQ(test, atomic_read(&parcel_freed_result), 1);
	}
}

static void k8_close_ends_all_requests(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcels = parcels_new(client, MANY, DEVIF_REQUEST_READ);
	int i;

	for (i = 0; i < MANY; i++) {
		/* some requests would be submitted again */
		parcels[i].again = i % 3;
		KUNIT_ASSERT_EQ(test, parcel_submit(client, &parcels[i]), 0);
	}
	devif_target_close(client->target);
	pipe_expect_released(scene.pipe, 1);
	pipe_feed(scene.pipe, "abcdefgh");
	for (i = 0; i < MANY; i++) {
		KUNIT_EXPECT_TRUE(test, completion_done(&parcels[i].done));
		KUNIT_EXPECT_EQ(test, parcels[i].result, -ECANCELED);
		KUNIT_EXPECT_EQ(test, parcels[i].refused, i % 3 ? -EBADF : 0);
		KUNIT_EXPECT_EQ(test, atomic_read(&parcels[i].completions), 1);
	}
	KUNIT_EXPECT_EQ(test, scene.pipe->level, 8);
}

static long close_it(void *arg)
{
	struct client *client = arg;

	devif_target_close(client->target);
	return 0;
}

static void k8_close_waits_for_a_request_at_work(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel;
	struct errand *errand;

	pipe_feed(scene.pipe, "a");
	scene.pipe->stay = PIPE_READ;
	parcel = parcel_submitted(client, DEVIF_REQUEST_READ);
	errand_await(test, &scene.pipe->entered);
	errand = errand_start(test, close_it, client);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errand));
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 0);
	complete_all(&scene.pipe->leave);
	errand_finish(errand);
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 1);
	KUNIT_EXPECT_EQ(test, parcel->result, 1);
}

static DECLARE_COMPLETION(completion_entered);
static DECLARE_COMPLETION(completion_may_leave);

static void stay_in_completion(struct devif_request *request, ssize_t result)
{
	complete(&completion_entered);
	/* longer than any wait of a test, which must see that this completion blocks */
	wait_for_completion_timeout(&completion_may_leave, 3 * PATIENCE);
	parcel_completed(request, result);
}

static void k8_close_waits_for_a_completion(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcels_new(client, 1, DEVIF_REQUEST_READ);
	struct errand *errand;

	pipe_feed(scene.pipe, "a");
	parcel->request.complete = stay_in_completion;
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	errand_await(test, &completion_entered);
	errand = errand_start(test, close_it, client);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errand));
	complete(&completion_may_leave);
	errand_finish(errand);
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 1);
}

/* As many blocked completions as a workqueue can run delay no other. */
static void k5_completions_that_block_hold_up_nobody_else(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *blocked = client_opened(test, scene.devif);
	struct client *client = client_opened(test, scene.devif);
	int i, number = WQ_UNBOUND_MAX_ACTIVE;
	struct parcel *parcels, *parcel;

	parcels = parcels_new(blocked, number, DEVIF_REQUEST_IOCTL);
	for (i = 0; i < number; i++) {
		parcels[i].request.cmd = PIPE_IOC_NOTHING;
		parcels[i].request.complete = stay_in_completion;
		KUNIT_ASSERT_EQ(test, parcel_submit(blocked, &parcels[i]), 0);
	}
	for (i = 0; i < number; i++)
		errand_await(test, &completion_entered);
	parcel = parcels_new(client, 1, DEVIF_REQUEST_IOCTL);
	parcel->request.cmd = PIPE_IOC_NOTHING;
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 0);
	for (i = 0; i < number; i++)
		complete(&completion_may_leave);
	for (i = 0; i < number; i++)
		KUNIT_EXPECT_EQ(test, parcel_await(test, &parcels[i]), 0);
}

static struct devif_target *sent_on_to;
static DECLARE_COMPLETION(sent_on);
static bool sent_on_in_time;

/* Submit the same request again: the registry treats it as a new one at its address. */
static void send_on(struct devif_request *request, ssize_t result)
{
	struct parcel *parcel = to_parcel(request);

	request->complete = parcel_completed;
	parcel_prepare(parcel);
	parcel->refused = devif_target_submit(sent_on_to, request);
	sent_on_in_time = !parcel->refused &&
			  wait_for_completion_timeout(&parcel->done, PATIENCE);
	complete(&sent_on);
}

static void k5_completion_holds_up_nobody_at_its_address(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct client *other = client_opened(test, scene.devif);
	struct parcel *parcel = parcels_new(client, 1, DEVIF_REQUEST_IOCTL);

	sent_on_to = other->target;
	parcel->request.cmd = PIPE_IOC_NOTHING;
	parcel->request.complete = send_on;
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	wait_for_completion(&sent_on);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 0);
	KUNIT_EXPECT_EQ(test, parcel->refused, 0);
	KUNIT_EXPECT_TRUE(test, sent_on_in_time);
}

static void open_in_completion(struct devif_request *request, ssize_t result)
{
	struct parcel *parcel = to_parcel(request);

	parcel->refused = devif_target_open(parcel->target, NULL, DEVIF_READ);
	parcel_completed(request, result);
}

static void k8_not_opened_while_it_is_closed(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcels_new(client, 1, DEVIF_REQUEST_READ);
	struct errand *errand;

	parcel->request.complete = open_in_completion;
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	pipe_await_refusal(scene.pipe, PIPE_READ, 1);
	errand = errand_start(test, close_it, client);
	errand_finish(errand);
	KUNIT_EXPECT_EQ(test, parcel->result, -ECANCELED);
	KUNIT_EXPECT_EQ(test, parcel->refused, -EBUSY);
	pipe_expect_released(scene.pipe, 1);
}

static void requests_end_with(struct kunit *test,
			      void (*leave)(struct scene *scene))
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcels = parcels_new(client, MANY, DEVIF_REQUEST_READ);
	int i;

	for (i = 0; i < MANY; i++)
		KUNIT_ASSERT_EQ(test, parcel_submit(client, &parcels[i]), 0);
	leave(&scene);
	for (i = 0; i < MANY; i++)
		KUNIT_EXPECT_EQ(test, parcel_await(test, &parcels[i]), -ENODEV);
	/* a new request ends likewise */
	KUNIT_EXPECT_EQ(test, parcel_submit(client, &parcels[0]) ?:
			      parcel_await(test, &parcels[0]), -ENODEV);
	client_leave(client);
	for (i = 1; i < MANY; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&parcels[i].completions), 1);
	pipe_expect_released(scene.pipe, 1);
}

static void unplugging_ends_all_requests(struct kunit *test)
{
	requests_end_with(test, scene_unplug);
}

static void unbinding_ends_all_requests(struct kunit *test)
{
	requests_end_with(test, scene_unbind);
}

static void unexporting_ends_all_requests(struct kunit *test)
{
	requests_end_with(test, scene_unexport);
}

static int close_when_asked(struct client *client)
{
	devif_target_close(client->target);
	return 0;
}

static void k7_closed_by_its_holder(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcel_submitted(client, DEVIF_REQUEST_READ);

	client->hooks.query_remove = close_when_asked;
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -ECANCELED);
	pipe_expect_released(scene.pipe, 1);
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
	KUNIT_EXPECT_EQ(test, atomic_read(&client->cancels), 0);
}

static void k7_agreeing_ends_requests(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcel_submitted(client, DEVIF_REQUEST_READ);

	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_TRUE(test, completion_done(&parcel->done));
	KUNIT_EXPECT_EQ(test, parcel->result, -ECANCELED);
}

/* An interrupt for calls that must not sleep. */
struct interrupt {
	struct irq_work work;
	struct client *client;
	struct parcel *parcels;
	int result;
};

static void submit_two_and_cancel_one(struct interrupt *interrupt)
{
	struct parcel *parcels = interrupt->parcels;

	interrupt->result = parcel_submit(interrupt->client, &parcels[0]) ?:
			    parcel_submit(interrupt->client, &parcels[1]);
	if (!interrupt->result)
		devif_request_cancel(&parcels[0].request);
}

static void submit_in_interrupt(struct irq_work *work)
{
	submit_two_and_cancel_one(container_of(work, struct interrupt, work));
}

static void k5_any_context_submits_and_cancels(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct interrupt interrupt = {
		.work = IRQ_WORK_INIT(submit_in_interrupt),
		.client = client,
	};
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;
	int i;

	for (i = 0; i < 2; i++) {
		interrupt.parcels = parcels_new(client, 2, DEVIF_REQUEST_READ);
		if (i) {
			irq_work_queue(&interrupt.work);
			irq_work_sync(&interrupt.work);
		} else {
			spin_lock_irqsave(&lock, flags);
			submit_two_and_cancel_one(&interrupt);
			spin_unlock_irqrestore(&lock, flags);
		}
		KUNIT_ASSERT_EQ(test, interrupt.result, 0);
		KUNIT_EXPECT_EQ(test, parcel_await(test, &interrupt.parcels[0]),
				-ECANCELED);
		pipe_feed(scene.pipe, "a");
		KUNIT_EXPECT_EQ(test, parcel_await(test, &interrupt.parcels[1]), 1);
	}
}

/* Submit and cancel requests while the target closes. */
static long submit_and_cancel(void *arg)
{
	struct interrupt *interrupt = arg;
	struct parcel *parcel;
	int accepted = 0;

	do {
		parcel = &interrupt->parcels[accepted];
		interrupt->result = parcel_submit(interrupt->client, parcel);
		if (interrupt->result)
			break;
		if (accepted % 2)
			devif_request_cancel(&parcel->request);
	} while (++accepted < MANY);
	return accepted;
}

static void k8_close_races_with_requests(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct interrupt interrupt = { .client = client };
	struct errand *errand;
	int i, round, accepted;

	for (round = 0; round < 20; round++) {
		interrupt.parcels = parcels_new(client, MANY, DEVIF_REQUEST_READ);
		KUNIT_ASSERT_EQ(test, client_open(client), 0);
		errand = errand_start(test, submit_and_cancel, &interrupt);
		if (round % 2)
			usleep_range(10, 500);
		devif_target_close(client->target);
		accepted = errand_finish(errand);
		if (accepted < MANY)
			KUNIT_EXPECT_EQ(test, interrupt.result, -EBADF);
		for (i = 0; i < accepted; i++) {
			KUNIT_EXPECT_EQ(test, interrupt.parcels[i].result,
					-ECANCELED);
			KUNIT_EXPECT_EQ(test, atomic_read(&interrupt.parcels[i].completions),
					1);
		}
	}
}

/*
 * From the arrival on
 */

/**
 * struct newcomer - a subscriber that uses arriving interfaces at once
 * @client: client with the remote interface and the target
 * @result: result of that use
 * @parent: device that makes a child when it is opened
 * @child: the child
 * @pipe: exporter of the parent
 * @make_child: work that makes the child
 * @done: completed at the end
 */
struct newcomer {
	struct client *client;
	int result;
	struct fixture *parent, *child;
	struct pipe *pipe;
	struct work_struct make_child;
	struct completion done;
};

static void use_arrival(struct devif *devif, void *data)
{
	struct newcomer *newcomer = data;
	struct client *client = newcomer->client;

	if (client->remote)
		return;
	newcomer->result = client_attach(client, devif) ?:
			   client_aim(client) ?:
			   client_open(client);
	if (!newcomer->result && client_write(client, "a") != 1)
		newcomer->result = -EIO;
	complete(&newcomer->done);
}

static struct newcomer *newcomer_new(struct kunit *test)
{
	struct newcomer *newcomer = kunit_kzalloc(test, sizeof(*newcomer),
						  GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, newcomer);
	newcomer->client = client_new(test);
	newcomer->client->data = newcomer;
	newcomer->result = -EINPROGRESS;
	init_completion(&newcomer->done);
	return newcomer;
}

static void end_subscription(void *arg)
{
	devif_unsubscribe(arg);
}

static void subscribe(struct kunit *test, struct newcomer *newcomer)
{
	const struct devif_subscribe_desc desc = {
		.class = &guid_a,
		.arrival = use_arrival,
		.data = newcomer,
		.flags = DEVIF_EXISTING,
	};
	struct devif_subscription *subscription;

	KUNIT_ASSERT_EQ(test, devif_subscribe(&desc, &subscription), 0);
	fixture_defer(test, end_subscription, subscription);
}

static void k1_opened_from_the_arrival(struct kunit *test)
{
	struct newcomer *newcomer = newcomer_new(test);
	struct client *client = newcomer->client;
	struct scene scene = scene_new(test);

	subscribe(test, newcomer);
	errand_await(test, &newcomer->done);
	KUNIT_EXPECT_EQ(test, newcomer->result, 0);
	KUNIT_EXPECT_PTR_EQ(test, devif_remote_interface(client->remote),
			    scene.devif);
	KUNIT_EXPECT_EQ(test, scene.pipe->level, 1);
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removals, 1));
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
}

/*
 * A bus that makes its devices on demand: a device is added, bound and gets an interface
 * of the same class, while a subscriber's arrival callback waits to open the bus. It must
 * hold none of the locks that this needs.
 */
static void make_child(struct work_struct *work)
{
	struct newcomer *newcomer = container_of(work, struct newcomer,
						 make_child);
	struct kunit *test = newcomer->client->test;
	struct devif *devif;

	newcomer->child = fixture_add_child(test, &newcomer->parent->dev);
	KUNIT_EXPECT_TRUE(test, fixture_bind(newcomer->child));
	devif = fixture_register(test, &newcomer->child->dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
	pipe_accept(newcomer->pipe);
}

static int open_makes_child(struct pipe *pipe)
{
	struct newcomer *newcomer = pipe->on_open_data;
	int verdict = READ_ONCE(pipe->verdict);

	if (verdict)
		schedule_work(&newcomer->make_child);
	return verdict;
}

static void g14_opened_from_the_arrival_on_demand(struct kunit *test)
{
	struct newcomer *newcomer = newcomer_new(test);

	INIT_WORK(&newcomer->make_child, make_child);
	newcomer->parent = fixture_add_bound(test);
	newcomer->pipe = pipe_export(test, &newcomer->parent->dev);
	newcomer->pipe->verdict = -EAGAIN;
	newcomer->pipe->on_open = open_makes_child;
	newcomer->pipe->on_open_data = newcomer;
	subscribe(test, newcomer);
	client_door(test, &newcomer->parent->dev, "child");
	KUNIT_EXPECT_NE(test, wait_for_completion_timeout(&newcomer->done,
							  PATIENCE), 0);
	flush_work(&newcomer->make_child);
	KUNIT_EXPECT_EQ(test, newcomer->result, 0);
	KUNIT_EXPECT_EQ(test, newcomer->pipe->level, 1);
	KUNIT_EXPECT_NOT_NULL(test, newcomer->child);
}

static struct kunit_case target_cases[] = {
	KUNIT_CASE(k3_remote_stands_for_its_interface),
	KUNIT_CASE(k3_remote_of_a_disabled_interface),
	KUNIT_CASE(k3_arguments_are_checked),
	KUNIT_CASE(k6_told_once_of_disabling),
	KUNIT_CASE(k6_told_once_of_unbinding),
	KUNIT_CASE(k6_told_once_of_unplugging),
	KUNIT_CASE(k6_told_once_of_unregistering),
	KUNIT_CASE(k6_not_told_of_other_interfaces),
	KUNIT_CASE(k6_callbacks_may_be_missing),
	KUNIT_CASE(destroying_waits_for_a_removal),
	KUNIT_CASE(destroying_waits_for_removed),
	KUNIT_CASE(nobody_is_told_after_destroying),
	KUNIT_CASE(destroyed_in_its_own_callback),
	KUNIT_CASE(destroyed_when_asked),
	KUNIT_CASE(destroyed_while_it_is_asked),
	KUNIT_CASE(destroyed_in_the_callback_of_another),
	KUNIT_CASE(not_made_under_a_lock_of_callbacks),
	KUNIT_CASE(k4_target_without_interface),
	KUNIT_CASE(k4_target_lives_without_the_remote),
	KUNIT_CASE(e8_not_opened_while_probe_runs),
	KUNIT_CASE(e8_not_opened_while_probe_runs_though_enabled),
	KUNIT_CASE(k4_opened_once_at_a_time),
	KUNIT_CASE(k4_not_open),
	KUNIT_CASE(k4_destroying_closes),
	KUNIT_CASE(k8_close_ends_a_call_that_waits),
	KUNIT_CASE(k8_close_leaves_other_files_alone),
	KUNIT_CASE(k8_close_ends_an_open_that_waits),
	KUNIT_CASE(k8_exporter_closes_a_target_of_its_own),
	KUNIT_CASE(k5_requests_of_each_type),
	KUNIT_CASE(k5_request_waits),
	KUNIT_CASE(k5_request_must_not_wait),
	KUNIT_CASE(k5_bad_requests),
	KUNIT_CASE(k5_argument_of_an_ioctl_is_large_enough),
	KUNIT_CASE(k5_ioctl_without_argument),
	KUNIT_CASE(k5_request_that_it_was_not_opened_for),
	KUNIT_CASE(k5_claims_of_the_exporter_are_checked),
	KUNIT_CASE(k5_cancelled_while_it_waits),
	KUNIT_CASE(k5_cancelled_while_the_exporter_is_at_work),
	KUNIT_CASE(k5_cancelled_before_it_waits),
	KUNIT_CASE(k5_many_requests),
	KUNIT_CASE(k5_requests_take_turns),
	KUNIT_CASE(k5_submitted_again_from_its_completion),
	KUNIT_CASE(k5_freed_in_its_completion),
	KUNIT_CASE(k5_any_context_submits_and_cancels),
	KUNIT_CASE(k8_close_ends_all_requests),
	KUNIT_CASE(k8_close_waits_for_a_request_at_work),
	KUNIT_CASE(k8_close_waits_for_a_completion),
	KUNIT_CASE(k5_completions_that_block_hold_up_nobody_else),
	KUNIT_CASE(k5_completion_holds_up_nobody_at_its_address),
	KUNIT_CASE(k8_not_opened_while_it_is_closed),
	KUNIT_CASE(k8_close_races_with_requests),
	KUNIT_CASE(unplugging_ends_all_requests),
	KUNIT_CASE(unbinding_ends_all_requests),
	KUNIT_CASE(unexporting_ends_all_requests),
	KUNIT_CASE(k7_closed_by_its_holder),
	KUNIT_CASE(k7_agreeing_ends_requests),
	KUNIT_CASE(k1_opened_from_the_arrival),
	KUNIT_CASE(g14_opened_from_the_arrival_on_demand),
	{}
};

static struct kunit_suite target_suite = {
	.name = "devif_target",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = target_cases,
};

kunit_test_suites(&target_suite);
