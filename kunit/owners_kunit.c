// SPDX-License-Identifier: GPL-2.0
/*
 * One interface, several registrations: of two modules, or of one. Whether the interface
 * is automatic does not depend on the order, and a module that wants another interface
 * than there is learns of it (A3, C5, C7, C19).
 */
#include <linux/completion.h>

#include "errand.h"
#include "fixture.h"

/* The other module; NULL is what THIS_MODULE is in a kernel image. */
#define OTHER	NULL

static int register_with(struct device *dev, struct module *owner,
			 unsigned int flags, umode_t mode, struct devif **devif)
{
	const struct devif_desc desc = {
		.class = &guid_a,
		.flags = flags,
		.mode = mode,
	};

	return __devif_register(dev, &desc, owner, devif);
}

static struct devif *join(struct kunit *test, struct device *dev,
			  struct module *owner, unsigned int flags)
{
	struct devif *devif;

	KUNIT_ASSERT_GE(test, register_with(dev, owner, flags, 0, &devif), 0);
	return devif;
}

static void rebind(struct kunit *test, struct fixture *fixture)
{
	fixture_unbind(fixture);
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
}

/*
 * DEVIF_AUTO
 */

/* Two modules register; the interface is automatic while the automatic one does. */
static void expect_auto(struct kunit *test, struct module *automatic,
			struct module *plain, bool automatic_first)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct device *dev = &fixture->dev;
	struct devif *devif;

	if (automatic_first)
		join(test, dev, automatic, DEVIF_AUTO);
	devif = join(test, dev, plain, 0);
	if (!automatic_first)
		join(test, dev, automatic, DEVIF_AUTO);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	rebind(test, fixture);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));

	__devif_unregister(devif, automatic);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, dev, DEVIF_PRESENT), 1);
	rebind(test, fixture);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	__devif_unregister(devif, plain);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, dev, DEVIF_PRESENT), 0);
}

static void a3_automatic_whoever_came_first(struct kunit *test)
{
	expect_auto(test, THIS_MODULE, OTHER, true);
	expect_auto(test, THIS_MODULE, OTHER, false);
	expect_auto(test, OTHER, THIS_MODULE, true);
	expect_auto(test, OTHER, THIS_MODULE, false);
}

static void a3_automatic_until_the_last_automatic_one_ends(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	devif = join(test, &fixture->dev, THIS_MODULE, DEVIF_AUTO);
	join(test, &fixture->dev, OTHER, DEVIF_AUTO);
	devif_unregister(devif);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	rebind(test, fixture);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	__devif_unregister(devif, OTHER);
}

/* Of a module's registrations, those with DEVIF_AUTO end last. */
static void a3_automatic_until_all_of_a_module_end(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;
	int i, turn;

	devif = join(test, &fixture->dev, OTHER, 0);
	for (turn = 0; turn < 3; turn++) {
		for (i = 0; i < 3; i++)
			join(test, &fixture->dev, THIS_MODULE,
			     i == turn ? DEVIF_AUTO : 0);
		devif_unregister(devif);
		devif_unregister(devif);
		KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
		rebind(test, fixture);
		KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
		devif_unregister(devif);
		KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	}
	__devif_unregister(devif, OTHER);
}

static void a3_requested_state_outlives_the_automatic(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	/* requested later, and earlier */
	devif = join(test, &fixture->dev, OTHER, 0);
	join(test, &fixture->dev, THIS_MODULE, DEVIF_AUTO);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), -EALREADY);
	devif_unregister(devif);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));

	join(test, &fixture->dev, THIS_MODULE, DEVIF_AUTO);
	devif_unregister(devif);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));

	/* it is no longer automatic */
	rebind(test, fixture);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	__devif_unregister(devif, OTHER);
}

static void c7_disabled_by_request_stays_so(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	devif = join(test, &fixture->dev, THIS_MODULE, DEVIF_AUTO);
	KUNIT_EXPECT_EQ(test, devif_disable(devif), 0);
	join(test, &fixture->dev, THIS_MODULE, DEVIF_AUTO);
	join(test, &fixture->dev, OTHER, DEVIF_AUTO);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));

	/* until the driver is bound again */
	rebind(test, fixture);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	__devif_unregister(devif, OTHER);
	devif_unregister(devif);
	devif_unregister(devif);
}

/* An interface that becomes automatic follows the driver, and no driver is there yet. */
static void e17_becomes_automatic_without_a_driver(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	devif = join(test, &fixture->dev, OTHER, 0);
	join(test, &fixture->dev, THIS_MODULE, DEVIF_AUTO);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	fixture_unbind(fixture);

	devif_unregister(devif);
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	__devif_unregister(devif, OTHER);
}

/* Join in probe(), which then returns @result. */
static int probe_joins(struct fixture *fixture)
{
	struct kunit *test = fixture->test;

	fixture->devif = join(test, &fixture->dev, THIS_MODULE, DEVIF_AUTO);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(fixture->devif));
	return fixture->result;
}

static void e8_joined_in_probe(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	devif = join(test, &fixture->dev, OTHER, 0);
	fixture->probe = probe_joins;
	fixture->result = -EIO;
	KUNIT_ASSERT_FALSE(test, fixture_bind(fixture));
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	devif_unregister(devif);

	fixture->result = 0;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_PTR_EQ(test, fixture->devif, devif);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	devif_unregister(devif);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	__devif_unregister(devif, OTHER);
}

/* A probe() that gives its registration up again has asked for nothing. */
static int probe_joins_and_leaves(struct fixture *fixture)
{
	probe_joins(fixture);
	devif_unregister(fixture->devif);
	return 0;
}

static void e8_joined_and_left_in_probe(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	devif = join(test, &fixture->dev, OTHER, 0);
	fixture->probe = probe_joins_and_leaves;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	__devif_unregister(devif, OTHER);
}

static void e17_becomes_automatic_without_a_bus(struct kunit *test)
{
	struct device *dev = fixture_root(test, "devif-kunit-owners");
	struct devif *devif;

	devif = join(test, dev, OTHER, 0);
	join(test, dev, THIS_MODULE, DEVIF_AUTO);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	devif_unregister(devif);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	__devif_unregister(devif, OTHER);
}

static int probe_joins_managed(struct fixture *fixture)
{
	const struct devif_desc desc = {
		.class = &guid_a,
		.flags = fixture->result,
	};

	return devm_devif_register(&fixture->dev, &desc, &fixture->devif) < 0;
}

/* A managed registration gives its DEVIF_AUTO up with the driver. */
static void devm_automatic_ends_with_the_driver(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	devif = join(test, &fixture->dev, OTHER, 0);
	fixture->probe = probe_joins_managed;
	fixture->result = DEVIF_AUTO;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	fixture_unbind(fixture);
	fixture->result = 0;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	__devif_unregister(devif, OTHER);
}

/*
 * What belongs to the interface
 */

/**
 * struct want - what a module wants of an interface
 * @flags: flags
 * @mode: permissions
 */
struct want {
	unsigned int flags;
	umode_t mode;
};

/* No two are alike. */
static const struct want wants[] = {
	{ 0 },
	{ DEVIF_NODE },
	{ DEVIF_NODE, 0644 },
	{ DEVIF_PUBLIC_EVENTS },
	{ DEVIF_NODE | DEVIF_PUBLIC_EVENTS },
};

static int try_want(struct device *dev, struct module *owner,
		    const struct want *want, unsigned int more,
		    struct devif **devif)
{
	return register_with(dev, owner, want->flags | more, want->mode, devif);
}

/* The first is of another module, and the second is refused. */
static void expect_refused(struct kunit *test, const struct want *first,
			   const struct want *second)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif, *other = ERR_PTR(-EBADE);

	KUNIT_ASSERT_GE(test, try_want(&fixture->dev, OTHER, first, 0, &devif), 0);
	KUNIT_EXPECT_EQ(test, try_want(&fixture->dev, THIS_MODULE, second,
				       DEVIF_AUTO, &other), -EBUSY);
	KUNIT_EXPECT_PTR_EQ(test, other, ERR_PTR(-EBADE));
	/* a refused module is neither automatic nor registered */
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	KUNIT_EXPECT_EQ(test, try_want(&fixture->dev, OTHER, first, 0, &other),
			DEVIF_EXISTED);
	devif_unregister(devif);
	__devif_unregister(devif, OTHER);
	__devif_unregister(devif, OTHER);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 0);

	/* the next interface of the key is free to differ */
	KUNIT_ASSERT_EQ(test, try_want(&fixture->dev, THIS_MODULE, second, 0,
				       &devif), DEVIF_EXISTED);
	devif_unregister(devif);
}

static void c5_registration_that_differs_is_refused(struct kunit *test)
{
	int i, j;

	for (i = 0; i < ARRAY_SIZE(wants); i++)
		for (j = 0; j < ARRAY_SIZE(wants); j++)
			if (i != j)
				expect_refused(test, &wants[i], &wants[j]);
}

static void c5_one_module_cannot_differ_from_itself(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif, *again;

	devif = join(test, &fixture->dev, THIS_MODULE, DEVIF_AUTO);
	KUNIT_EXPECT_EQ(test, register_with(&fixture->dev, THIS_MODULE,
					    DEVIF_NODE, 0, &again), -EBUSY);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	devif_unregister(devif);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 0);
}

/* No mode is the default, and so the same as naming it. */
static void c5_default_mode_may_be_named(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	const umode_t modes[] = { 0, 0600, 0 };
	struct devif *devif;
	int i;

	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_GE(test, register_with(&fixture->dev, OTHER, DEVIF_NODE,
						    modes[i], &devif), 0);
		KUNIT_EXPECT_EQ(test, register_with(&fixture->dev, THIS_MODULE,
						    DEVIF_NODE, modes[i + 1],
						    &devif), DEVIF_EXISTED);
		devif_unregister(devif);
		__devif_unregister(devif, OTHER);
	}
}

static int probe_is_refused(struct fixture *fixture)
{
	struct devif *devif;

	fixture->result = register_with(&fixture->dev, THIS_MODULE,
					DEVIF_AUTO | DEVIF_NODE, 0, &devif);
	return 0;
}

static void c5_refused_in_probe(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	devif = join(test, &fixture->dev, OTHER, 0);
	fixture->probe = probe_is_refused;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_EQ(test, fixture->result, -EBUSY);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	__devif_unregister(devif, OTHER);
}

/*
 * Threads of two modules
 */

/**
 * struct rival - a module that registers and unregisters an interface
 * @dev: device
 * @owner: the module
 * @flags: flags; without DEVIF_AUTO, the interface may be in either state
 * @refusals: number of registrations that failed with -EBUSY
 * @mistakes: number of wrong results
 */
struct rival {
	struct device *dev;
	struct module *owner;
	unsigned int flags;
	unsigned int refusals, mistakes;
};

static long rival_runs(void *arg)
{
	struct rival *rival = arg;
	struct devif *devif;
	unsigned int i;
	int ret;

	for (i = 1; i <= 300; i++) {
		ret = register_with(rival->dev, rival->owner, rival->flags, 0,
				    &devif);
		if (ret == -EBUSY)
			rival->refusals++;
		else if (ret < 0)
			rival->mistakes++;
		else if (rival->flags & DEVIF_AUTO && !devif_is_enabled(devif))
			rival->mistakes++;
		if (ret >= 0)
			__devif_unregister(devif, rival->owner);
		fixture_breathe(i);
	}
	return 0;
}

/* Let two modules register, with @flags and with @others. */
static void race(struct kunit *test, unsigned int flags, unsigned int others,
		 bool refused)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct rival rivals[] = {
		{ &fixture->dev, THIS_MODULE, flags },
		{ &fixture->dev, OTHER, others },
	};
	struct errand *errands[ARRAY_SIZE(rivals)];
	int i;

	/* the device's phase is known from now on */
	fixture_register(test, &fixture->dev, &guid_b, NULL, 0);
	for (i = 0; i < ARRAY_SIZE(rivals); i++)
		errands[i] = errand_start(test, rival_runs, &rivals[i]);
	for (i = 0; i < ARRAY_SIZE(rivals); i++) {
		errand_finish(errands[i]);
		KUNIT_EXPECT_EQ(test, rivals[i].mistakes, 0);
		if (!refused)
			KUNIT_EXPECT_EQ(test, rivals[i].refusals, 0);
	}
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_PRESENT), 0);
}

static void a3_rivals_come_and_go(struct kunit *test)
{
	race(test, DEVIF_AUTO, 0, false);
	race(test, DEVIF_AUTO, DEVIF_AUTO, false);
	race(test, DEVIF_AUTO, DEVIF_AUTO | DEVIF_NODE, true);
}

static struct kunit_case owners_cases[] = {
	KUNIT_CASE(a3_automatic_whoever_came_first),
	KUNIT_CASE(a3_automatic_until_the_last_automatic_one_ends),
	KUNIT_CASE(a3_automatic_until_all_of_a_module_end),
	KUNIT_CASE(a3_requested_state_outlives_the_automatic),
	KUNIT_CASE(a3_rivals_come_and_go),
	KUNIT_CASE(c5_registration_that_differs_is_refused),
	KUNIT_CASE(c5_one_module_cannot_differ_from_itself),
	KUNIT_CASE(c5_default_mode_may_be_named),
	KUNIT_CASE(c5_refused_in_probe),
	KUNIT_CASE(c7_disabled_by_request_stays_so),
	KUNIT_CASE(devm_automatic_ends_with_the_driver),
	KUNIT_CASE(e8_joined_in_probe),
	KUNIT_CASE(e8_joined_and_left_in_probe),
	KUNIT_CASE(e17_becomes_automatic_without_a_driver),
	KUNIT_CASE(e17_becomes_automatic_without_a_bus),
	{}
};

static struct kunit_suite owners_suite = {
	.name = "devif_owners",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = owners_cases,
};

kunit_test_suites(&owners_suite);
