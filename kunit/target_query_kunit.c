// SPDX-License-Identifier: GPL-2.0
/*
 * Queries through a target (J3, K4, K7).
 */
#include <linux/mutex.h>

#include "client.h"
#include "errand.h"
#include "fixture.h"
#include "pipe.h"
#include "scene.h"
#include "thing.h"

/* Query for a thing, pinned or revocable. */
static int ask(struct client *client, unsigned int flags, struct thing *thing)
{
	const struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = 1,
		.flags = flags,
	};

	return devif_target_query(client->target, &desc, thing);
}

static void k4_query_through_a_target(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct thing_exporter *exporter = thing_new(test);
	struct fixture *importer = fixture_add(test);
	struct client *client = client_new(test);
	struct thing thing;
	char holder[64];

	exporter->desc.query = thing_hook;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &scene.fixture->dev), 0);
	client->target_desc.holder = &importer->dev;
	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	KUNIT_ASSERT_EQ(test, client_aim(client), 0);
	/* the target need not be open */
	KUNIT_ASSERT_EQ(test, ask(client, 0, &thing), 0);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 3), 3);
	thing_drop(&thing);
	snprintf(holder, sizeof(holder), "%s (%s)", dev_name(&importer->dev),
		 KBUILD_MODNAME);
	KUNIT_EXPECT_STREQ(test, exporter->holder, holder);
	KUNIT_EXPECT_FALSE(test, exporter->request.revocable);

	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	KUNIT_ASSERT_EQ(test, ask(client, DEVIF_REVOCABLE, &thing), 0);
	KUNIT_EXPECT_TRUE(test, exporter->request.revocable);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 4), 7);
	/* the table is the importer's, and not the target's */
	client_leave(client);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), 8);
	thing_drop(&thing);
}

static void k4_query_through_a_target_of_a_disabled_interface(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct thing thing;

	thing_export(test, &scene.fixture->dev);
	KUNIT_ASSERT_EQ(test, devif_disable(scene.devif), 0);
	KUNIT_ASSERT_EQ(test, ask(client, 0, &thing), 0);
	thing_drop(&thing);
}

static void expect_no_table(struct kunit *test, struct client *client, int error)
{
	struct thing thing = { .number = 42 };

	KUNIT_EXPECT_EQ(test, ask(client, 0, &thing), error);
	KUNIT_EXPECT_EQ(test, thing.number, 42);
	KUNIT_EXPECT_NULL(test, thing.add);
	KUNIT_EXPECT_NULL(test, thing.header.context);
}

static void k4_no_query_when_the_interface_has_gone(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct client *other = client_new(test);
	struct devif *devif;

	thing_export(test, &scene.fixture->dev);
	KUNIT_ASSERT_EQ(test, fixture_try(&scene.fixture->dev, &guid_b, NULL, DEVIF_AUTO,
					  &devif), 0);
	KUNIT_ASSERT_EQ(test, client_attach(other, devif), 0);
	KUNIT_ASSERT_EQ(test, client_aim(other), 0);
	devif_unregister(devif);
	expect_no_table(test, other, -ENODEV);
	fixture_unplug(scene.fixture);
	expect_no_table(test, client, -ENODEV);
}

static void k4_errors_of_a_query_through_a_target(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct thing_exporter *exporter = thing_new(test);
	struct devif_query_desc desc = { .guid = &guid_a, .version = 1 };
	struct devif_interface small = {};
	struct thing thing;

	expect_no_table(test, client, -EOPNOTSUPP);
	exporter->desc.query = thing_hook;
	exporter->verdict = -EACCES;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &scene.fixture->dev), 0);
	expect_no_table(test, client, -EACCES);
	KUNIT_EXPECT_EQ(test, __devif_target_query(client->target, &desc, &small,
						   sizeof(small), THIS_MODULE), -EMSGSIZE);
	KUNIT_EXPECT_NULL(test, small.context);
	desc.version = 0;
	KUNIT_EXPECT_EQ(test, devif_target_query(client->target, &desc, &thing),
			-EPROTONOSUPPORT);
}

static void e6_arguments_of_a_query_through_a_target(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct fixture *importer = fixture_add(test), *other = fixture_add(test);
	struct client *client = client_new(test);
	struct devif_query_desc desc = { .guid = &guid_a, .version = 1 };
	struct thing thing;

	thing_export(test, &scene.fixture->dev);
	client->target_desc.holder = &importer->dev;
	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	KUNIT_ASSERT_EQ(test, client_aim(client), 0);
	KUNIT_EXPECT_EQ(test, devif_target_query(NULL, &desc, &thing), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_query(client->target, NULL, &thing), -EINVAL);
	KUNIT_EXPECT_EQ(test, __devif_target_query(client->target, &desc, NULL, 0,
						   THIS_MODULE), -EINVAL);
	desc.holder = &other->dev;
	KUNIT_EXPECT_EQ(test, devif_target_query(client->target, &desc, &thing), -EINVAL);
	desc.holder = &importer->dev;
	KUNIT_ASSERT_EQ(test, devif_target_query(client->target, &desc, &thing), 0);
	thing_drop(&thing);
	desc.guid = NULL;
	KUNIT_EXPECT_EQ(test, devif_target_query(client->target, &desc, &thing), -EINVAL);
}

/* Double the number that the importer has filled in. */
static int double_number(void *context, const struct devif_query_request *request,
			 struct devif_interface *answer)
{
	const struct thing *given = container_of(request->given, struct thing, header);

	container_of(answer, struct thing, header)->number = 2 * given->number;
	return 0;
}

static void j11_members_of_a_query_through_a_target(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing = { .number = 21 };

	exporter->desc.query = double_number;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &scene.fixture->dev), 0);
	KUNIT_ASSERT_EQ(test, ask(client, 0, &thing), 0);
	KUNIT_EXPECT_EQ(test, thing.number, 42);
	thing_drop(&thing);
}

static void j12_table_for_the_family_through_a_target(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct fixture *child = fixture_add_child(test, &scene.fixture->dev);
	struct client *client = client_new(test);
	struct client *stranger = client_aimed(test, scene.devif);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;

	exporter->desc.flags = DEVIF_EXPORT_NOOP;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &scene.fixture->dev), 0);
	client->target_desc.holder = &child->dev;
	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	KUNIT_ASSERT_EQ(test, client_aim(client), 0);
	KUNIT_ASSERT_EQ(test, ask(client, 0, &thing), 0);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 3), 3);
	expect_no_table(test, stranger, -EPERM);
	client_leave(client);
}

static void k7_no_query_while_a_removal_is_pending(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;

	/* balances the references of a table that is not handed out */
	thing_count_itself(exporter);
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &scene.fixture->dev), 0);
	KUNIT_ASSERT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	expect_no_table(test, client, -ENODEV);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->references), 0);
	devif_cancel_remove(&scene.fixture->dev);
	KUNIT_ASSERT_EQ(test, ask(client, 0, &thing), 0);
	thing_drop(&thing);
}

static void k7_no_query_while_a_removal_above_is_pending(struct kunit *test)
{
	struct fixture *parent = fixture_add_bound(test);
	struct scene scene = scene_below(test, parent);
	struct client *client = client_aimed(test, scene.devif);

	thing_export(test, &scene.fixture->dev);
	KUNIT_ASSERT_EQ(test, devif_query_remove(&parent->dev), 0);
	expect_no_table(test, client, -ENODEV);
	devif_cancel_remove(&parent->dev);
}

/**
 * struct holding - a table that a client holds while its device stays
 * @lock: guards the other members
 * @thing: the table
 * @held: whether it is held
 * @result: result of the last query
 */
struct holding {
	struct mutex lock;	/* for the next three */
	struct thing thing;
	bool held;
	int result;
};

static long take(void *arg)
{
	struct client *client = arg;
	struct holding *holding = client->data;

	guard(mutex)(&holding->lock);
	if (!holding->held) {
		holding->result = ask(client, 0, &holding->thing);
		holding->held = !holding->result;
	}
	return holding->result;
}

static void drop(struct client *client)
{
	struct holding *holding = client->data;

	guard(mutex)(&holding->lock);
	if (holding->held)
		thing_drop(&holding->thing);
	holding->held = false;
}

static int drop_when_asked(struct client *client)
{
	drop(client);
	/* too late for another one */
	return take(client) == -ENODEV ? 0 : -EEXIST;
}

static void take_again(struct client *client)
{
	take(client);
}

static void hold_while_it_stays(struct client *client, struct holding *holding)
{
	*holding = (struct holding) {};
	mutex_init(&holding->lock);
	client->data = holding;
	client->hooks.query_remove = drop_when_asked;
	client->hooks.remove_cancelled = take_again;
	client->hooks.removed = drop;
}

static void k7_table_given_back_and_taken_again(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct thing_exporter *exporter = thing_export(test, &scene.fixture->dev);
	struct holding holding;

	hold_while_it_stays(client, &holding);
	KUNIT_ASSERT_EQ(test, take(client), 0);
	KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
	KUNIT_EXPECT_FALSE(test, holding.held);
	devif_cancel_remove(&scene.fixture->dev);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->cancels, 1));
	KUNIT_EXPECT_TRUE(test, holding.held);
	KUNIT_EXPECT_EQ(test, thing_add(&holding.thing, 2), 2);
	/* nobody asks before an unplug; the table is given back all the same */
	fixture_unplug(scene.fixture);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
	KUNIT_EXPECT_FALSE(test, holding.held);
	thing_unexport(exporter);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
	client_leave(client);
}

#define ROUNDS	200

/* However a query and a removal overlap, no table is left when all have agreed. */
static void k7_query_races_with_a_removal(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct holding holding;
	struct errand *errand;
	int i;

	thing_export(test, &scene.fixture->dev);
	hold_while_it_stays(client, &holding);
	client->hooks.remove_cancelled = NULL;
	for (i = 0; i < ROUNDS; i++) {
		errand = errand_start(test, take, client);
		fixture_breathe(i);
		KUNIT_EXPECT_EQ(test, devif_query_remove(&scene.fixture->dev), 0);
		errand_finish(errand);
		KUNIT_EXPECT_FALSE(test, holding.held);
		devif_cancel_remove(&scene.fixture->dev);
	}
	client_leave(client);
}

static struct kunit_case target_query_cases[] = {
	KUNIT_CASE(k4_query_through_a_target),
	KUNIT_CASE(k4_query_through_a_target_of_a_disabled_interface),
	KUNIT_CASE(k4_no_query_when_the_interface_has_gone),
	KUNIT_CASE(k4_errors_of_a_query_through_a_target),
	KUNIT_CASE(e6_arguments_of_a_query_through_a_target),
	KUNIT_CASE(j11_members_of_a_query_through_a_target),
	KUNIT_CASE(j12_table_for_the_family_through_a_target),
	KUNIT_CASE(k7_no_query_while_a_removal_is_pending),
	KUNIT_CASE(k7_no_query_while_a_removal_above_is_pending),
	KUNIT_CASE(k7_table_given_back_and_taken_again),
	KUNIT_CASE(k7_query_races_with_a_removal),
	{}
};

static struct kunit_suite target_query_suite = {
	.name = "devif_target_query",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = target_query_cases,
};

kunit_test_suites(&target_query_suite);
