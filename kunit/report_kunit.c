// SPDX-License-Identifier: GPL-2.0
/*
 * Reports: the end of an export that waits for calls says in the log whom it waits for.
 */
#include <linux/delay.h>

#include "client.h"
#include "errand.h"
#include "fixture.h"
#include "pipe.h"
#include "scene.h"
#include "thing.h"

/* Longer than a wait is patient. */
#define REPORT_IN	(11 * MSEC_PER_SEC)

static long report_read(void *arg)
{
	char data[1];

	return client_read(arg, data, 1);
}

static long report_close(void *arg)
{
	struct client *client = arg;

	devif_target_close(client->target);
	return 0;
}

static long report_unbind(void *arg)
{
	fixture_unbind(arg);
	return 0;
}

/* Expect that unbinding reports, with this text, @method, which @fn has called. */
static void unbinding_reports(struct kunit *test, const struct scene *scene,
			      enum pipe_method method, const char *text,
			      long (*fn)(void *arg))
{
	struct client *client = client_opened(test, scene->devif);
	struct errand *call, *unbind;

	scene->pipe->stay = method;
	call = errand_start(test, fn, client);
	errand_await(test, &scene->pipe->entered);
	fixture_expect_report("%s", text);
	unbind = errand_start(test, report_unbind, scene->fixture);
	msleep(REPORT_IN);
	fixture_expect_end();
	complete_all(&scene->pipe->leave);
	errand_finish(call);
	errand_finish(unbind);
}

static void end_reports_a_read(struct kunit *test)
{
	struct scene scene = scene_new(test);

	unbinding_reports(test, &scene, PIPE_READ, "is in read(), called by errand",
			  report_read);
}

static void end_reports_a_release(struct kunit *test)
{
	struct scene scene = scene_new(test);

	unbinding_reports(test, &scene, PIPE_RELEASE, "is in release(), called by errand",
			  report_close);
}

/* The file's exporter is on the parent, and goes on. */
static void end_of_a_child_reports_a_read(struct kunit *test)
{
	struct scene scene = scene_below(test, fixture_add_bound(test));

	unbinding_reports(test, &scene, PIPE_READ,
			  KBUILD_MODNAME " is in read(), called by errand", report_read);
}

static long report_stay(void *arg)
{
	struct thing *thing = arg;

	scoped_devif_call(&thing->header)
		thing->stay(thing->header.context);
	return 0;
}

static void end_reports_the_holders(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct errand *call, *unbind;
	struct thing thing;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	call = errand_start(test, report_stay, &thing);
	errand_await(test, &exporter->entered);
	fixture_expect_report("%pUl version 1 is held by %s, 1 references", &guid_a,
			      KBUILD_MODNAME);
	unbind = errand_start(test, report_unbind, fixture);
	msleep(REPORT_IN);
	fixture_expect_end();
	complete_all(&exporter->leave);
	errand_finish(call);
	errand_finish(unbind);
	thing_drop(&thing);
}

static struct kunit_case report_cases[] = {
	KUNIT_CASE(end_reports_a_read),
	KUNIT_CASE(end_reports_a_release),
	KUNIT_CASE(end_of_a_child_reports_a_read),
	KUNIT_CASE(end_reports_the_holders),
	{}
};

static struct kunit_suite report_suite = {
	.name = "devif_report",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = report_cases,
};

kunit_test_suites(&report_suite);
