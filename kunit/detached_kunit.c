// SPDX-License-Identifier: GPL-2.0
/*
 * Detached exports: their end waits for no call, and release() comes after the last one.
 */
#include "client.h"
#include "errand.h"
#include "fixture.h"
#include "pipe.h"
#include "scene.h"
#include "thing.h"

static struct thing_exporter *detached_export(struct kunit *test,
					      struct device *dev)
{
	struct thing_exporter *exporter = thing_new(test);

	exporter->desc.flags = DEVIF_EXPORT_DETACHED;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, dev), 0);
	return exporter;
}

static long detached_stay(void *arg)
{
	const struct thing *thing = arg;

	scoped_devif_call(&thing->header) {
		thing->stay(thing->header.context);
		return devif_is_gone(thing->header.context);
	}
	return -ENODEV;
}

static long detached_unbind(void *arg)
{
	fixture_unbind(arg);
	return 0;
}

static long detached_unplug(void *arg)
{
	fixture_unplug(arg);
	return 0;
}

static long detached_unexport(void *arg)
{
	thing_unexport(arg);
	return 0;
}

static void detached_needs_a_release(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);

	exporter->desc.flags = DEVIF_EXPORT_DETACHED | DEVIF_EXPORT_NOOP;
	KUNIT_EXPECT_EQ(test, thing_try(exporter, &fixture->dev), -EINVAL);
	exporter->desc.flags = DEVIF_EXPORT_DETACHED;
	exporter->desc.release = NULL;
	KUNIT_EXPECT_EQ(test, thing_try(exporter, &fixture->dev), -EINVAL);
}

/* Expect that the context is in use until the call inside has left. */
static void expect_release_after_call(struct thing_exporter *exporter,
				      struct errand *call)
{
	struct kunit *test = exporter->test;

	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->inside), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	complete_all(&exporter->leave);
	/* the call has found that the export has gone */
	KUNIT_EXPECT_EQ(test, errand_finish(call), 1);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->late), 0);
}

static void end_does_not_wait(struct kunit *test, long (*end)(void *arg))
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *exporter = detached_export(test, &fixture->dev);
	struct thing thing, other;
	struct errand *call;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	call = errand_start(test, detached_stay, &thing);
	errand_await(test, &exporter->entered);
	if (end)
		errand_finish(errand_start(test, end, fixture));
	KUNIT_EXPECT_EQ(test, devif_is_gone(thing.header.context), !!end);
	errand_finish(errand_start(test, detached_unexport, exporter));
	KUNIT_EXPECT_TRUE(test, devif_is_gone(thing.header.context));
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &other), -EOPNOTSUPP);
	expect_release_after_call(exporter, call);
	thing_drop(&thing);
}

static void unexport_does_not_wait(struct kunit *test)
{
	end_does_not_wait(test, NULL);
}

static void unbinding_does_not_wait(struct kunit *test)
{
	end_does_not_wait(test, detached_unbind);
}

static void unplugging_does_not_wait(struct kunit *test)
{
	end_does_not_wait(test, detached_unplug);
}

/* The call leaves between the end of the binding and devif_unexport(). */
static void unexport_after_the_last_call_releases(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *exporter = detached_export(test, &fixture->dev);
	struct thing thing;
	struct errand *call;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	call = errand_start(test, detached_stay, &thing);
	errand_await(test, &exporter->entered);
	fixture_unbind(fixture);
	complete_all(&exporter->leave);
	KUNIT_EXPECT_EQ(test, errand_finish(call), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_unexport(exporter);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
	thing_drop(&thing);
}

static void pinned_holder_of_a_detached_keeps_the_context(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *exporter = detached_export(test, &fixture->dev);
	struct thing thing;

	thing_query(test, &fixture->dev, 0, &thing);
	fixture_unbind(fixture);
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_drop(&thing);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

/* No warning, and no wait: release() comes when the caller has left. */
static void call_ends_its_own_export(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *exporter = detached_export(test, &fixture->dev);
	struct thing thing;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	scoped_devif_call(&thing.header) {
		thing_unexport(exporter);
		KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	}
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
	thing_drop(&thing);
}

/*
 * Files
 */

static long detached_read(void *arg)
{
	char data[1];

	return client_read(arg, data, 1);
}

static long detached_pipe_unexport(void *arg)
{
	pipe_unexport(arg);
	return 0;
}

/* One reader is in the method, another one waits for data. */
static void files_are_released_after_their_calls(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_new(test);
	struct errand *inside, *waiting;
	struct client *first, *second;
	struct pipe_file *file;
	struct devif *devif;

	pipe->desc.flags = DEVIF_EXPORT_DETACHED;
	KUNIT_ASSERT_EQ(test, pipe_try(pipe, &fixture->dev), 0);
	devif = client_door(test, &fixture->dev, NULL);
	first = client_opened(test, devif);
	second = client_opened(test, devif);
	waiting = errand_start(test, detached_read, second);
	pipe_await_refusal(pipe, PIPE_READ, 1);
	pipe->stay = PIPE_READ;
	inside = errand_start(test, detached_read, first);
	errand_await(test, &pipe->entered);

	errand_finish(errand_start(test, detached_unbind, fixture));
	errand_finish(errand_start(test, detached_pipe_unexport, pipe));
	KUNIT_EXPECT_EQ(test, errand_finish(waiting), -ENODEV);
	file = list_first_entry(&pipe->files, struct pipe_file, entry);
	KUNIT_EXPECT_EQ(test, atomic_read(&file->releases), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->context_releases), 0);
	complete_all(&pipe->leave);
	KUNIT_EXPECT_EQ(test, errand_finish(inside), -ENODEV);
	wait_event_timeout(pipe->changed, atomic_read(&pipe->releases) == 2,
			   PATIENCE);
	pipe_expect_released(pipe, 2);
	client_expect_dead(first);
}

static struct kunit_case detached_cases[] = {
	KUNIT_CASE(detached_needs_a_release),
	KUNIT_CASE(unexport_does_not_wait),
	KUNIT_CASE(unbinding_does_not_wait),
	KUNIT_CASE(unplugging_does_not_wait),
	KUNIT_CASE(unexport_after_the_last_call_releases),
	KUNIT_CASE(pinned_holder_of_a_detached_keeps_the_context),
	KUNIT_CASE(call_ends_its_own_export),
	KUNIT_CASE(files_are_released_after_their_calls),
	{}
};

static struct kunit_suite detached_suite = {
	.name = "devif_detached",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = detached_cases,
};

kunit_test_suites(&detached_suite);
