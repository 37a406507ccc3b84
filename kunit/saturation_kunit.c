// SPDX-License-Identifier: GPL-2.0
/*
 * Wrong reference counts: harmless, and reported with the name of the holder that made the
 * mistake. All cases together make at most ten reports, the registry's limit at a time.
 */
#include <linux/refcount.h>

#include "../kmod/devif/query/query.h"
#include "fixture.h"
#include "thing.h"

static struct devif_handle *handle_of(const struct thing *thing)
{
	return container_of(thing->header.context, struct devif_handle, hold);
}

static void expect_stuck(struct kunit *test, const struct thing *thing)
{
	KUNIT_EXPECT_EQ(test, (int)refcount_read(&handle_of(thing)->refs),
			REFCOUNT_SATURATED);
}

/* Query a thing for the holder @dev. */
static void query_as(struct kunit *test, struct device *dev, unsigned int flags,
		     struct thing *thing)
{
	const struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = 1,
		.flags = flags,
		.holder = dev,
	};

	KUNIT_ASSERT_EQ(test, devif_query(dev, &desc, thing), 0);
}

/* Expect a report that names the driver of @dev and its mistake. */
static void expect_named(struct device *dev, const char *what)
{
	fixture_expect_report("%s (%s) has %s", dev_name(dev),
			      KBUILD_MODNAME, what);
}

static void dereferenced_too_often(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing wrong, right;

	query_as(test, &fixture->dev, 0, &wrong);
	query_as(test, &fixture->dev, 0, &right);
	thing_drop(&wrong);
	expect_named(&fixture->dev, "dereferenced");
	thing_drop(&wrong);
	fixture_expect_end();
	expect_stuck(test, &wrong);

	/* the other holder is unaffected */
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, thing_add(&right, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_drop(&right);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

static void dereferenced_too_often_after_the_end(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	query_as(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	thing_drop(&thing);
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
	expect_named(&fixture->dev, "dereferenced");
	thing_drop(&thing);
	fixture_expect_end();
	expect_stuck(test, &thing);
	/* entering is refused, and harmless */
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
}

static void referenced_without_a_reference(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	query_as(test, &fixture->dev, 0, &thing);
	thing_drop(&thing);
	thing_unexport(exporter);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
	expect_named(&fixture->dev, "referenced");
	devif_reference(&thing.header);
	fixture_expect_end();
	expect_stuck(test, &thing);

	/* another unbalanced drop does not release the context again */
	expect_named(&fixture->dev, "dereferenced");
	thing_drop(&thing);
	fixture_expect_end();
	expect_stuck(test, &thing);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
}

static void referenced_more_often_than_can_be_counted(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	query_as(test, &fixture->dev, 0, &thing);
	refcount_set(&handle_of(&thing)->refs, REFCOUNT_MAX);
	expect_named(&fixture->dev, "referenced");
	devif_reference(&thing.header);
	fixture_expect_end();
	expect_stuck(test, &thing);

	/* a saturated count keeps the context */
	expect_named(&fixture->dev, "dereferenced");
	thing_drop(&thing);
	fixture_expect_end();
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);

	/* the context would stay for ever without this repair by the test */
	refcount_set(&handle_of(&thing)->refs, 1);
	thing_drop(&thing);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

/* The exporter's routines are not called for a dead handle: its module may be gone. */
static void exporter_does_not_hear_of_the_dead(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;

	thing_count_itself(exporter);
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	query_as(test, &fixture->dev, 0, &thing);
	thing_drop(&thing);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->references), 0);
	expect_named(&fixture->dev, "dereferenced");
	thing_drop(&thing);
	fixture_expect_end();
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->references), 0);
	expect_named(&fixture->dev, "referenced");
	devif_reference(&thing.header);
	fixture_expect_end();
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->references), 0);
}

/* The memory of a dead handle stays valid for some time, whatever handles come and go. */
static void the_dead_are_kept_for_a_while(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing first, thing;
	int i;

	query_as(test, &fixture->dev, 0, &first);
	thing_drop(&first);
	for (i = 0; i < 50; i++) {
		query_as(test, &fixture->dev, 0, &thing);
		KUNIT_EXPECT_PTR_NE(test, thing.header.context,
				    first.header.context);
		thing_drop(&thing);
	}
	thing_unexport(exporter);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, refcount_read(&handle_of(&first)->refs), 0);
	expect_named(&fixture->dev, "dereferenced");
	thing_drop(&first);
	fixture_expect_end();
	expect_stuck(test, &first);
}

static struct kunit_case saturation_cases[] = {
	KUNIT_CASE(dereferenced_too_often),
	KUNIT_CASE(dereferenced_too_often_after_the_end),
	KUNIT_CASE(referenced_without_a_reference),
	KUNIT_CASE(referenced_more_often_than_can_be_counted),
	KUNIT_CASE(exporter_does_not_hear_of_the_dead),
	KUNIT_CASE(the_dead_are_kept_for_a_while),
	{}
};

static struct kunit_suite saturation_suite = {
	.name = "devif_saturation",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = saturation_cases,
};

kunit_test_suites(&saturation_suite);
