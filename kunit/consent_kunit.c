// SPDX-License-Identifier: GPL-2.0
/*
 * Consent to a removal in good order (K7, J13): the report, pinned holders of query
 * interfaces, and devices that have no interface themselves. scripts/user/chardev-test.c
 * has the cases with applications.
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "client.h"
#include "fixture.h"
#include "scene.h"
#include "thing.h"

#define REPORT_SIZE	1024

/* Query, and return the report, which the test frees. */
static char *consent_ask(struct kunit *test, struct device *dev, int expected)
{
	char *report = kunit_kzalloc(test, REPORT_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, report);
	KUNIT_EXPECT_EQ(test, devif_query_remove_report(dev, report, REPORT_SIZE),
			expected);
	return report;
}

static int consent_refuse(struct client *client)
{
	return -EPERM;
}

static void k7_report_names_who_was_asked(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *first = client_opened(test, scene.devif);
	struct client *second = client_new(test);
	char line[96], *report;

	KUNIT_ASSERT_EQ(test, client_attach(second, scene.devif), 0);
	KUNIT_ASSERT_EQ(test, client_aim(second), 0);
	second->hooks.query_remove = consent_refuse;
	report = consent_ask(test, &scene.fixture->dev, -EBUSY);
	snprintf(line, sizeof(line), "agreed: target %s ",
		 devif_name(scene.devif));
	KUNIT_EXPECT_NOT_NULL(test, strstr(report, line));
	snprintf(line, sizeof(line), "refused: target %s ",
		 devif_name(scene.devif));
	KUNIT_EXPECT_NOT_NULL(test, strstr(report, line));
	KUNIT_EXPECT_TRUE(test, client_awaits(first, &first->cancels, 1));

	second->hooks.query_remove = NULL;
	report = consent_ask(test, &scene.fixture->dev, 0);
	KUNIT_EXPECT_NULL(test, strstr(report, "refused"));
	devif_cancel_remove(&scene.fixture->dev);
}

static void k7_report_is_cut_off(struct kunit *test)
{
	struct scene scene = scene_new(test);
	char report[8] = "xxxxxxx";

	client_opened(test, scene.devif);
	KUNIT_EXPECT_EQ(test, devif_query_remove_report(&scene.fixture->dev, report, 4), 0);
	KUNIT_EXPECT_EQ(test, strnlen(report, 4), 3);
	KUNIT_EXPECT_STREQ(test, report + 4, "xxx");
	devif_cancel_remove(&scene.fixture->dev);
	KUNIT_EXPECT_EQ(test, devif_query_remove_report(&scene.fixture->dev, NULL, 100), 0);
	devif_cancel_remove(&scene.fixture->dev);
}

/* A pinned holder cannot be asked, and stays: it refuses, and is named. */
static void j13_pinned_holder_refuses(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct device *dev = &scene.fixture->dev;
	struct client *client = client_opened(test, scene.devif);
	struct thing thing;
	char *report;

	thing_export(test, dev);
	thing_query(test, dev, 0, &thing);
	report = consent_ask(test, dev, -EBUSY);
	KUNIT_EXPECT_NOT_NULL(test, strstr(report, "refused: pinned "));
	KUNIT_EXPECT_NOT_NULL(test, strstr(report, "devif_kunit\n"));
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->cancels, 1));
	KUNIT_EXPECT_EQ(test, client_open(client), 0);

	thing_drop(&thing);
	consent_ask(test, dev, 0);
	devif_cancel_remove(dev);
}

static void j13_revocable_holder_agrees(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing thing;

	thing_export(test, &fixture->dev);
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	consent_ask(test, &fixture->dev, 0);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), 1);
	devif_cancel_remove(&fixture->dev);
	thing_drop(&thing);
}

/* A holder below goes before the device does, and need not be asked. */
static void j13_pinned_holder_below_agrees(struct kunit *test)
{
	struct fixture *parent = fixture_add_bound(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	const struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = 1,
		.holder = &child->dev,
	};
	struct thing thing;

	thing_export(test, &parent->dev);
	KUNIT_ASSERT_EQ(test, devif_query(&parent->dev, &desc, &thing), 0);
	consent_ask(test, &parent->dev, 0);
	devif_cancel_remove(&parent->dev);
	thing_drop(&thing);
}

/* An export that has ended does not need its device, though it is pinned. */
static void j13_pin_of_an_ended_export_agrees(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct thing_exporter *exporter = thing_export(test, &scene.fixture->dev);
	struct thing thing;

	thing_query(test, &scene.fixture->dev, 0, &thing);
	thing_unexport(exporter);
	consent_ask(test, &scene.fixture->dev, 0);
	devif_cancel_remove(&scene.fixture->dev);
	thing_drop(&thing);
}

static int consent_let_go(struct client *client)
{
	thing_drop(client->data);
	return 0;
}

/* A holder that has a target gives its table back when it is asked. */
static void k7_pinned_holder_with_a_target_is_asked(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct thing thing;

	thing_export(test, &scene.fixture->dev);
	thing_query(test, &scene.fixture->dev, 0, &thing);
	client->data = &thing;
	client->hooks.query_remove = consent_let_go;
	consent_ask(test, &scene.fixture->dev, 0);
	devif_cancel_remove(&scene.fixture->dev);
}

/* A device without interfaces has holders below. */
static void k7_asked_below_a_device_without_interfaces(struct kunit *test)
{
	struct fixture *parent = fixture_add_bound(test);
	struct fixture *between = fixture_add_child(test, &parent->dev);
	struct scene scene = scene_below(test, between);
	struct client *client = client_opened(test, scene.devif);

	client->hooks.query_remove = consent_refuse;
	KUNIT_EXPECT_EQ(test, devif_query_remove(&parent->dev), -EBUSY);
	client->hooks.query_remove = NULL;
	KUNIT_EXPECT_EQ(test, devif_query_remove(&parent->dev), 0);
	KUNIT_EXPECT_EQ(test, client_open(client), -ENODEV);
	devif_cancel_remove(&parent->dev);
	KUNIT_EXPECT_EQ(test, client_open(client), 0);
}

/* The removal of a device that is pending keeps nothing once the device has gone. */
static void k7_pending_removal_ends_with_the_device(struct kunit *test)
{
	struct fixture *bound = fixture_add_bound(test);
	struct device *root = fixture_root(test, "devif-kunit-ejected");

	KUNIT_EXPECT_EQ(test, devif_query_remove(&bound->dev), 0);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&bound->dev), -EBUSY);
	fixture_unplug(bound);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&bound->dev), -ENODEV);
	/* the clean-up of the case removes it; the device is released only without users */
	KUNIT_EXPECT_EQ(test, devif_query_remove(root), 0);
}

/* A device, with a parent or a child. */
struct relative {
	struct device dev;
	struct completion *released;
};

static void relative_release(struct device *dev)
{
	struct relative *relative = container_of(dev, struct relative, dev);
	struct completion *released = relative->released;

	kfree(relative);
	complete(released);
}

static struct device *relative_add(struct kunit *test, const char *name,
				   struct device *parent, struct completion *released)
{
	struct relative *relative = kzalloc(sizeof(*relative), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, relative);
	init_completion(released);
	relative->released = released;
	relative->dev.parent = parent;
	relative->dev.release = relative_release;
	dev_set_name(&relative->dev, "%s", name);
	KUNIT_ASSERT_EQ(test, device_register(&relative->dev), 0);
	return &relative->dev;
}

/* The importer's device has been removed, and does not keep its parent any more. */
static void j13_holder_that_has_gone(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	DECLARE_COMPLETION_ONSTACK(parent_released);
	DECLARE_COMPLETION_ONSTACK(holder_released);
	struct device *parent, *holder;
	struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = 1,
	};
	struct thing thing;

	thing_export(test, &fixture->dev);
	parent = relative_add(test, "devif-kunit-parent", NULL, &parent_released);
	holder = relative_add(test, "devif-kunit-holder", parent, &holder_released);
	get_device(holder);
	device_unregister(holder);
	device_unregister(parent);
	wait_for_completion(&parent_released);

	desc.holder = holder;
	KUNIT_EXPECT_EQ(test, devif_query(&fixture->dev, &desc, &thing), 0);
	consent_ask(test, &fixture->dev, -EBUSY);
	thing_drop(&thing);
	put_device(holder);
	wait_for_completion(&holder_released);
}

static struct kunit_case consent_cases[] = {
	KUNIT_CASE(j13_holder_that_has_gone),
	KUNIT_CASE(k7_report_names_who_was_asked),
	KUNIT_CASE(k7_report_is_cut_off),
	KUNIT_CASE(j13_pinned_holder_refuses),
	KUNIT_CASE(j13_revocable_holder_agrees),
	KUNIT_CASE(j13_pinned_holder_below_agrees),
	KUNIT_CASE(j13_pin_of_an_ended_export_agrees),
	KUNIT_CASE(k7_pinned_holder_with_a_target_is_asked),
	KUNIT_CASE(k7_asked_below_a_device_without_interfaces),
	KUNIT_CASE(k7_pending_removal_ends_with_the_device),
	{}
};

static struct kunit_suite consent_suite = {
	.name = "devif_consent",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = consent_cases,
};

kunit_test_suites(&consent_suite);
