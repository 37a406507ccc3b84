// SPDX-License-Identifier: GPL-2.0
/*
 * Targets that are opened by symbolic link name (G2, K4).
 */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "client.h"
#include "errand.h"
#include "fixture.h"
#include "pipe.h"
#include "scene.h"

static const char *name_of(const struct scene *scene)
{
	return devif_link_name(scene->devif);
}

static int open_scene(struct client *client, const struct scene *scene)
{
	return client_open_by_name(client, name_of(scene), DEVIF_READ | DEVIF_WRITE);
}

/* A client that opens a scene by name, for an errand. */
struct opener {
	struct client *client;
	const struct scene *scene;
};

static long open_it(void *arg)
{
	struct opener *opener = arg;

	return open_scene(opener->client, opener->scene);
}

/* Start to open by name, and return when the exporter has been asked. */
static struct errand *opening(struct kunit *test, struct opener *opener)
{
	struct errand *errand;

	opener->scene->pipe->verdict = -EAGAIN;
	errand = errand_start(test, open_it, opener);
	/* one refusal before the wait, and one when it is on the wait queue */
	pipe_await_refusal(opener->scene->pipe, PIPE_OPEN, 2);
	return errand;
}

static void k4_opened_by_name(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	KUNIT_ASSERT_EQ(test, open_scene(client, &scene), 0);
	KUNIT_ASSERT_NOT_NULL(test, client->target);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
	KUNIT_EXPECT_EQ(test, scene.pipe->level, 1);
	KUNIT_EXPECT_EQ(test, devif_post_event(&scene.fixture->dev, &guid_b, NULL, 0),
			0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->target_events, 1));
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
	client_expect_dead(client);
	pipe_expect_released(scene.pipe, 1);
}

static void k9_path_and_access_of_an_open_by_name(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	KUNIT_ASSERT_EQ(test,
			devif_target_open_by_name(name_of(&scene), "a/path", DEVIF_READ,
						  &client->target_desc,
						  &client->target), 0);
	KUNIT_EXPECT_STREQ(test, pipe_last_file(scene.pipe)->path, "a/path");
	KUNIT_EXPECT_EQ(test, pipe_last_file(scene.pipe)->access, DEVIF_READ);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), -EBADF);
}

static void expect_not_opened(struct kunit *test, struct scene *scene,
			      unsigned int access, int error)
{
	struct client *client = client_new(test);

	/* a failed call sets it to %NULL */
	client->target = ERR_PTR(-EINPROGRESS);
	KUNIT_EXPECT_EQ(test, client_open_by_name(client, name_of(scene), access),
			error);
	KUNIT_EXPECT_NULL(test, client->target);
	pipe_expect_released(scene->pipe, 0);
}

static void g2_unknown_and_absent_names(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	KUNIT_EXPECT_EQ(test, client_open_by_name(client, "no such name", DEVIF_READ),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, client_open_by_name(client, "", DEVIF_READ), -ENOENT);
	KUNIT_EXPECT_NULL(test, client->target);
	fixture_unplug(scene.fixture);
	expect_not_opened(test, &scene, DEVIF_READ, -ENOENT);
}

static void g2_disabled_interface_is_not_opened_by_name(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);

	KUNIT_ASSERT_EQ(test, devif_disable(scene.devif), 0);
	expect_not_opened(test, &scene, DEVIF_READ, -ENODEV);
	KUNIT_ASSERT_EQ(test, devif_enable(scene.devif), 0);
	KUNIT_EXPECT_EQ(test, open_scene(client, &scene), 0);
}

static void k4_refused_by_name(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);
	char *path = kunit_kzalloc(test, PATH_MAX + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, path);
	scene.pipe->verdict = -EACCES;
	expect_not_opened(test, &scene, DEVIF_READ, -EACCES);
	scene.pipe->verdict = -EAGAIN;
	expect_not_opened(test, &scene, DEVIF_READ | DEVIF_NONBLOCK, -EAGAIN);
	scene.pipe->verdict = 1;
	expect_not_opened(test, &scene, DEVIF_READ, -EIO);
	memset(path, 'a', PATH_MAX);
	KUNIT_EXPECT_EQ(test,
			devif_target_open_by_name(name_of(&scene), path, DEVIF_READ,
						  &client->target_desc,
						  &client->target), -ENAMETOOLONG);
	pipe_unexport(scene.pipe);
	expect_not_opened(test, &scene, DEVIF_READ, -EOPNOTSUPP);
}

static void e6_arguments_of_an_open_by_name(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);
	const char *name = name_of(&scene);

	KUNIT_EXPECT_EQ(test, client_open_by_name(client, NULL, DEVIF_READ), -EINVAL);
	KUNIT_EXPECT_EQ(test, client_open_by_name(client, ERR_PTR(-ENOENT), DEVIF_READ),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_open_by_name(name, NULL, DEVIF_READ, NULL,
							&client->target), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_open_by_name(name, NULL, DEVIF_READ,
							&client->target_desc, NULL),
			-EINVAL);
	expect_not_opened(test, &scene, 0x100, -EINVAL);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->calls[PIPE_OPEN]), 0);
}

/* Callbacks that become due while the target is being opened are called when it is open. */
static void called_back_once_it_is_open(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test), *other = client_new(test);
	struct opener opener = { client, &scene };
	struct errand *errand;

	KUNIT_ASSERT_EQ(test, client_attach(other, scene.devif), 0);
	errand = opening(test, &opener);
	KUNIT_EXPECT_EQ(test, devif_post_event(&scene.fixture->dev, &guid_b, NULL, 0),
			0);
	KUNIT_EXPECT_TRUE(test, client_awaits(other, &other->remote_events, 1));
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errand));
	KUNIT_EXPECT_EQ(test, atomic_read(&client->target_events), 0);
	pipe_accept(scene.pipe);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->target_events, 1));
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
}

static void not_called_back_if_it_fails(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);
	struct client *other = client_opened(test, scene.devif);
	struct opener opener = { client, &scene };
	struct errand *errand = opening(test, &opener);

	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ENODEV);
	KUNIT_EXPECT_NULL(test, client->target);
	KUNIT_EXPECT_TRUE(test, client_awaits(other, &other->removed, 1));
	KUNIT_EXPECT_EQ(test, atomic_read(&client->removed), 0);
	/* only the other target had been opened */
	pipe_expect_released(scene.pipe, 1);
}

/* An importer that has no target yet cannot refuse, and does not hold the removal up. */
static void k7_removal_ends_an_open_by_name(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);
	struct opener opener = { client, &scene };
	struct errand *errand = opening(test, &opener);

	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ENODEV);
	KUNIT_EXPECT_NULL(test, client->target);
	pipe_accept(scene.pipe);
	KUNIT_EXPECT_EQ(test, open_scene(client, &scene), -ENODEV);
	devif_cancel_remove(&scene.fixture->dev);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->queries), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->cancels), 0);
	KUNIT_EXPECT_EQ(test, open_scene(client, &scene), 0);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->queries), 1);
	devif_cancel_remove(&scene.fixture->dev);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->cancels, 1));
}

static int refuse(struct client *client)
{
	return -EPERM;
}

#define ROUNDS	200

/* An importer that got its target is asked, and has it open as long as it refuses. */
static void k7_removal_races_with_opens_by_name(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);
	struct opener opener = { client, &scene };
	struct errand *errand;
	int i, opened, asked;

	client->hooks.query_remove = refuse;
	for (i = 0; i < ROUNDS; i++) {
		errand = errand_start(test, open_it, &opener);
		fixture_breathe(i);
		asked = devif_query_remove(&scene.fixture->dev);
		opened = errand_finish(errand);
		if (!asked)
			devif_cancel_remove(&scene.fixture->dev);
		else
			KUNIT_EXPECT_EQ(test, asked, -EBUSY);
		if (!opened)
			KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
		else
			KUNIT_EXPECT_EQ(test, opened, -ENODEV);
		pipe_empty(scene.pipe);
		client_leave(client);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&client->cancels), 0);
}

static DEFINE_MUTEX(taken_by_callbacks);

static void take_and_give(struct client *client, const struct devif_event *event)
{
	mutex_lock(&taken_by_callbacks);
	mutex_unlock(&taken_by_callbacks);
}

/* For lockdep: opening by name does not wait for callbacks, also if it fails. */
static void opened_by_name_under_a_lock_of_callbacks(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test), *second = client_new(test);

	client->hooks.target_event = take_and_give;
	KUNIT_ASSERT_EQ(test, open_scene(client, &scene), 0);
	KUNIT_ASSERT_EQ(test, devif_post_event(&scene.fixture->dev, &guid_a, NULL, 0),
			0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->target_events, 1));
	mutex_lock(&taken_by_callbacks);
	scene.pipe->verdict = -EACCES;
	KUNIT_EXPECT_EQ(test, open_scene(second, &scene), -EACCES);
	scene.pipe->verdict = 0;
	KUNIT_EXPECT_EQ(test, open_scene(second, &scene), 0);
	mutex_unlock(&taken_by_callbacks);
}

/* The first callback may come before the call has returned, and destroy the target. */
static void leave_at_an_event(struct client *client, const struct devif_event *event)
{
	client_leave(client);
}

static void destroyed_by_its_first_callback(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_new(test);
	struct opener opener = { client, &scene };
	struct errand *errand;

	client->hooks.target_event = leave_at_an_event;
	errand = opening(test, &opener);
	KUNIT_EXPECT_EQ(test, devif_post_event(&scene.fixture->dev, &guid_b, NULL, 0),
			0);
	pipe_accept(scene.pipe);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->target_events, 1));
	KUNIT_EXPECT_NULL(test, client->target);
	pipe_expect_released(scene.pipe, 1);
}

static struct kunit_case byname_cases[] = {
	KUNIT_CASE(k4_opened_by_name),
	KUNIT_CASE(k9_path_and_access_of_an_open_by_name),
	KUNIT_CASE(g2_unknown_and_absent_names),
	KUNIT_CASE(g2_disabled_interface_is_not_opened_by_name),
	KUNIT_CASE(k4_refused_by_name),
	KUNIT_CASE(e6_arguments_of_an_open_by_name),
	KUNIT_CASE(called_back_once_it_is_open),
	KUNIT_CASE(not_called_back_if_it_fails),
	KUNIT_CASE(k7_removal_ends_an_open_by_name),
	KUNIT_CASE(k7_removal_races_with_opens_by_name),
	KUNIT_CASE(opened_by_name_under_a_lock_of_callbacks),
	KUNIT_CASE(destroyed_by_its_first_callback),
	{}
};

static struct kunit_suite byname_suite = {
	.name = "devif_byname",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = byname_cases,
};

kunit_test_suites(&byname_suite);
