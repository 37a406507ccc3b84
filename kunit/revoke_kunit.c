// SPDX-License-Identifier: GPL-2.0
/*
 * Exports end: by a call, with the driver, with the device. No call is inside afterwards,
 * and the context is released once, when the last holder has dropped it.
 */
#include <linux/debug_locks.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "fixture.h"
#include "thing.h"

/*
 * With the driver
 */

/* Expect that calls and queries are refused without a call of the exporter. */
static void expect_revoked(struct kunit *test, struct device *dev,
			   const struct thing *held)
{
	struct thing thing;

	KUNIT_EXPECT_EQ(test, thing_enter_and_add(held, 1), -ENODEV);
	KUNIT_EXPECT_TRUE(test, devif_is_gone(held->header.context));
	KUNIT_EXPECT_EQ(test, thing_ask(dev, 0, &thing), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, thing_ask(dev, DEVIF_REVOCABLE, &thing),
			-EOPNOTSUPP);
}

static void remove_looks(struct fixture *fixture)
{
	expect_revoked(fixture->test, &fixture->dev, fixture->data);
	fixture->result++;
}

static void ends_before_remove_runs(struct kunit *test, bool unplug)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	fixture->data = &thing;
	fixture->remove = remove_looks;
	if (unplug)
		fixture_unplug(fixture);
	else
		fixture_unbind(fixture);
	KUNIT_EXPECT_EQ(test, fixture->result, 1);
	expect_revoked(test, &fixture->dev, &thing);
	/* the exporter keeps the context until it unexports */
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
	thing_drop(&thing);
}

static void unbinding_revokes_before_remove(struct kunit *test)
{
	ends_before_remove_runs(test, false);
}

static void unplugging_revokes_before_remove(struct kunit *test)
{
	ends_before_remove_runs(test, true);
}

static void unplugging_an_idle_device_revokes(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing thing;

	thing_export(test, &fixture->dev);
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	fixture_unplug(fixture);
	expect_revoked(test, &fixture->dev, &thing);
	thing_drop(&thing);
}

static void removing_a_device_without_bus_revokes(struct kunit *test)
{
	struct device *root = __root_device_register("devif-kunit-goes", NULL);
	struct thing thing;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, root);
	thing_export(test, root);
	thing_query(test, root, DEVIF_REVOCABLE, &thing);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), 1);
	get_device(root);
	root_device_unregister(root);
	expect_revoked(test, root, &thing);
	put_device(root);
	thing_drop(&thing);
}

static int probe_exports(struct fixture *fixture)
{
	int ret = thing_try(fixture->data, &fixture->dev);

	KUNIT_EXPECT_EQ(fixture->test, ret, 0);
	return ret ?: fixture->result;
}

static void export_made_in_probe_stays(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing thing;

	fixture->data = thing_new(test);
	fixture->probe = probe_exports;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), 1);
	fixture_unbind(fixture);
	expect_revoked(test, &fixture->dev, &thing);
	thing_drop(&thing);
}

static void export_made_in_a_failed_probe_is_gone(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;
	int i;

	fixture->data = exporter;
	fixture->probe = probe_exports;
	fixture->result = -EIO;
	/* with a device that the registry knows, and with one that it does not */
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_FALSE(test, fixture_bind(fixture));
		KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &thing),
				-EOPNOTSUPP);
		KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), i);
		thing_unexport(exporter);
		KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), i + 1);
		fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	}
}

static int probe_fails(struct fixture *fixture)
{
	return -EIO;
}

static void failed_probe_ends_no_other_export(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing thing;

	thing_export(test, &fixture->dev);
	fixture->probe = probe_fails;
	KUNIT_ASSERT_FALSE(test, fixture_bind(fixture));
	thing_query(test, &fixture->dev, 0, &thing);
	thing_drop(&thing);
}

/* The same for an export made under the device lock. */
static void failed_probe_ends_no_export_made_under_lock(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;
	struct thing thing;

	device_lock(&fixture->dev);
	thing_export(test, &fixture->dev);
	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	devif_enable(devif);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	device_unlock(&fixture->dev);

	fixture->probe = probe_fails;
	KUNIT_ASSERT_FALSE(test, fixture_bind(fixture));
	thing_query(test, &fixture->dev, 0, &thing);
	thing_drop(&thing);
}

static int probe_exports_managed(struct fixture *fixture)
{
	return thing_try_managed(fixture->data, &fixture->dev) ?:
	       fixture->result;
}

static void remove_counts_releases(struct fixture *fixture)
{
	struct thing_exporter *exporter = fixture->data;

	/* remove() may still need it */
	KUNIT_EXPECT_LT(fixture->test, atomic_read(&exporter->releases),
			atomic_read(&exporter->exports));
}

static void managed_export_ends_with_the_driver(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;
	int i;

	fixture->data = exporter;
	fixture->probe = probe_exports_managed;
	fixture->remove = remove_counts_releases;
	for (i = 1; i <= 3; i++) {
		KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
		thing_query(test, &fixture->dev, 0, &thing);
		thing_drop(&thing);
		fixture_unbind(fixture);
		KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), i);
		KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &thing),
				-EOPNOTSUPP);
	}
}

static void managed_export_ends_with_a_failed_probe(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;

	fixture->data = exporter;
	fixture->probe = probe_exports_managed;
	fixture->result = -EIO;
	KUNIT_ASSERT_FALSE(test, fixture_bind(fixture));
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
	KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &thing), -EOPNOTSUPP);
}

static void several_exports_are_revoked_together(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *exporters[5];
	struct devif_query_desc desc = {
		.guid = &guid_a,
		.flags = DEVIF_REVOCABLE,
	};
	struct thing things[5], thing;
	int i;

	for (i = 0; i < ARRAY_SIZE(exporters); i++) {
		exporters[i] = thing_new(test);
		desc.version = i + 1;
		exporters[i]->table.header.version = i + 1;
		KUNIT_ASSERT_EQ(test, thing_try(exporters[i], &fixture->dev), 0);
		KUNIT_ASSERT_EQ(test, devif_query(&fixture->dev, &desc,
						  &things[i]), 0);
	}
	/* one export has been ended by its exporter before */
	thing_unexport(exporters[2]);
	thing_query(test, &fixture->dev, 0, &thing);
	thing_drop(&thing);

	fixture_unbind(fixture);
	for (i = 0; i < ARRAY_SIZE(exporters); i++) {
		expect_revoked(test, &fixture->dev, &things[i]);
		thing_drop(&things[i]);
		KUNIT_EXPECT_EQ(test, atomic_read(&exporters[i]->sum), 0);
	}
}

#define MANY	100

static void export_many(struct kunit *test, struct device *dev,
			struct devif_export **list)
{
	struct thing table = {
		.header = DEVIF_INTERFACE_INIT(struct thing, 1),
	};
	const struct devif_export_desc desc = {
		.guid = &guid_a,
		.table = devif_header(&table),
	};
	int i;

	for (i = 0; i < MANY; i++) {
		table.header.version = i + 1;
		KUNIT_ASSERT_EQ(test, devif_export(dev, &desc, &list[i]), 0);
	}
}

/* The counter of grace periods advances by at least two per grace period. */
static void many_exports_end_in_few_grace_periods(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif_export **list;
	unsigned long before;
	struct thing held, thing;

	list = kunit_kcalloc(test, MANY + 2, sizeof(*list), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, list);
	export_many(test, &fixture->dev, list);
	list[MANY + 1] = ERR_PTR(-ENODEV);
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &held);

	before = get_state_synchronize_rcu();
	devif_unexport_many(list, MANY + 2);
	KUNIT_EXPECT_LT(test, get_state_synchronize_rcu() - before,
			2UL * MANY);

	KUNIT_EXPECT_TRUE(test, devif_is_gone(held.header.context));
	KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &thing), -EOPNOTSUPP);
	thing_drop(&held);
}

/* No bus tells that this device goes, and each export is a managed resource. */
static void many_managed_exports_end_in_few_grace_periods(struct kunit *test)
{
	struct device *root = __root_device_register("devif-kunit-many", NULL);
	struct thing table = {
		.header = DEVIF_INTERFACE_INIT(struct thing, 1),
	};
	const struct devif_export_desc desc = {
		.guid = &guid_a,
		.table = devif_header(&table),
	};
	unsigned long before;
	int i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, root);
	for (i = 0; i < MANY; i++) {
		table.header.version = i + 1;
		KUNIT_EXPECT_EQ(test, devm_devif_export(root, &desc, NULL), 0);
	}
	before = get_state_synchronize_rcu();
	root_device_unregister(root);
	KUNIT_EXPECT_LT(test, get_state_synchronize_rcu() - before,
			2UL * MANY);
}

static void exported_again_after_unbinding(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *first = thing_export(test, &fixture->dev);
	struct thing_exporter *second;
	struct thing before, after;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &before);
	fixture_unbind(fixture);
	fixture_bind(fixture);
	/* the ended export does not come back, nor blocks a new one */
	expect_revoked(test, &fixture->dev, &before);
	second = thing_export(test, &fixture->dev);
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &after);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&before, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&after, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&first->sum), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&second->sum), 1);
	thing_drop(&before);
	thing_drop(&after);
}

static void pinned_context_outlives_the_driver(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;

	fixture->data = exporter;
	fixture->probe = probe_exports_managed;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	thing_query(test, &fixture->dev, 0, &thing);
	fixture_unplug(fixture);
	KUNIT_EXPECT_TRUE(test, devif_is_gone(thing.header.context));
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_drop(&thing);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

/*
 * Calls under way
 */

/* A thread that blocks inside a call. */
struct visitor {
	struct thing *thing;
	struct completion done;
};

static int visit(void *data)
{
	struct visitor *visitor = data;

	scoped_devif_call(&visitor->thing->header)
		visitor->thing->stay(visitor->thing->header.context);
	kthread_complete_and_exit(&visitor->done, 0);
}

static void start_visit(struct kunit *test, struct visitor *visitor,
			struct thing_exporter *exporter, struct thing *thing)
{
	visitor->thing = thing;
	init_completion(&visitor->done);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, kthread_run(visit, visitor,
						       "visitor"));
	wait_for_completion(&exporter->entered);
}

static void let_leave(void *arg)
{
	struct thing_exporter *exporter = arg;

	complete_all(&exporter->leave);
}

/* A managed resource may let the calls of an export end that was made before it. */
static void managed_exports_wait_for_their_own_calls(struct kunit *test)
{
	struct device *root = __root_device_register("devif-kunit-wait", NULL);
	struct thing_exporter *first = thing_new(test), *second = thing_new(test);
	struct visitor visitor;
	struct thing thing;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, root);
	second->table.header.version = 2;
	KUNIT_EXPECT_EQ(test, thing_try_managed(first, root), 0);
	KUNIT_EXPECT_EQ(test, devm_add_action(root, let_leave, first), 0);
	thing_query(test, root, DEVIF_REVOCABLE, &thing);
	KUNIT_EXPECT_EQ(test, thing_try_managed(second, root), 0);
	start_visit(test, &visitor, first, &thing);
	root_device_unregister(root);
	wait_for_completion(&visitor.done);
	KUNIT_EXPECT_TRUE(test, devif_is_gone(thing.header.context));
	thing_drop(&thing);
}

/* A thread that ends an export, one way or the other. */
struct ending {
	struct thing_exporter *exporter;
	void (*end)(struct ending *ending);
	struct fixture *fixture;
	int inside;
	bool waits;
	struct completion done;
};

static int end(void *data)
{
	struct ending *ending = data;

	ending->end(ending);
	ending->inside = atomic_read(&ending->exporter->inside);
	kthread_complete_and_exit(&ending->done, 0);
}

/* Start the end, and expect that it waits for a call inside. */
static void expect_to_wait(struct kunit *test, struct ending *ending)
{
	init_completion(&ending->done);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, kthread_run(end, ending, "ending"));
	ending->waits = !wait_for_completion_timeout(&ending->done, HZ / 5);
	KUNIT_EXPECT_TRUE(test, ending->waits);
}

static void let_go(struct kunit *test, struct ending *ending,
		   struct visitor *visitor)
{
	complete(&ending->exporter->leave);
	wait_for_completion(&visitor->done);
	if (ending->waits)
		wait_for_completion(&ending->done);
	KUNIT_EXPECT_EQ(test, ending->inside, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&ending->exporter->late), 0);
}

static void end_by_unexport(struct ending *ending)
{
	thing_unexport(ending->exporter);
}

static void end_by_unbind(struct ending *ending)
{
	fixture_unbind(ending->fixture);
}

static void end_by_unplug(struct ending *ending)
{
	fixture_unplug(ending->fixture);
}

static void expect_that_it_waits(struct kunit *test,
				 void (*end)(struct ending *ending))
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct ending ending = {
		.exporter = exporter,
		.end = end,
		.fixture = fixture,
	};
	struct visitor visitor;
	struct thing thing;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	start_visit(test, &visitor, exporter, &thing);
	expect_to_wait(test, &ending);
	/* further calls are refused, and the context is in use */
	expect_revoked(test, &fixture->dev, &thing);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);

	let_go(test, &ending, &visitor);
	thing_drop(&thing);
}

static void unexport_waits_for_calls(struct kunit *test)
{
	expect_that_it_waits(test, end_by_unexport);
}

static void unbinding_waits_for_calls(struct kunit *test)
{
	expect_that_it_waits(test, end_by_unbind);
}

static void unplugging_waits_for_calls(struct kunit *test)
{
	expect_that_it_waits(test, end_by_unplug);
}

/* An export with a slow release, on a device that goes. */
struct slow {
	struct fixture *fixture;
	struct devif_export *export;
	bool released;
	struct completion unplugged;
};

static void release_slowly(void *context)
{
	struct slow *slow = context;

	msleep(20);
	WRITE_ONCE(slow->released, true);
}

static int unplug_slow(void *data)
{
	struct slow *slow = data;

	fixture_unplug(slow->fixture);
	kthread_complete_and_exit(&slow->unplugged, 0);
}

static void unexport_releases_also_when_the_device_goes(struct kunit *test)
{
	static const struct thing table = {
		.header = DEVIF_INTERFACE_INIT(struct thing, 1),
	};
	struct slow slow;
	const struct devif_export_desc desc = {
		.guid = &guid_a,
		.table = devif_header(&table),
		.context = &slow,
		.release = release_slowly,
	};
	int i;

	for (i = 0; i < 40; i++) {
		slow.fixture = fixture_add(test);
		slow.released = false;
		init_completion(&slow.unplugged);
		KUNIT_ASSERT_EQ(test, devif_export(&slow.fixture->dev, &desc,
						   &slow.export), 0);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, kthread_run(unplug_slow,
							       &slow, "unplug"));
		if (i % 2)
			usleep_range(100, 1000);
		devif_unexport(slow.export);
		KUNIT_EXPECT_TRUE(test, READ_ONCE(slow.released));
		wait_for_completion(&slow.unplugged);
	}
}

static void unexport_does_not_wait_for_the_pinned(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	thing_query(test, &fixture->dev, 0, &thing);
	thing_unexport(exporter);
	complete(&exporter->leave);
	thing.stay(thing.header.context);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_drop(&thing);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

static void pinned_call_that_enters_is_waited_for(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct ending ending = { .exporter = exporter, .end = end_by_unexport };
	struct visitor visitor;
	struct thing thing;

	thing_query(test, &fixture->dev, 0, &thing);
	start_visit(test, &visitor, exporter, &thing);
	expect_to_wait(test, &ending);
	let_go(test, &ending, &visitor);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_drop(&thing);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

static void enter_may_be_nested(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test), *other = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct devif_call outer, inner, across;
	struct thing thing, another;

	thing_export(test, &other->dev);
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	thing_query(test, &other->dev, DEVIF_REVOCABLE, &another);
	KUNIT_ASSERT_EQ(test, devif_enter(&thing.header, &outer), 0);
	KUNIT_ASSERT_EQ(test, devif_enter(&another.header, &across), 0);
	KUNIT_ASSERT_EQ(test, devif_enter(&thing.header, &inner), 0);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 1);
	/* calls exit in any order */
	devif_exit(&outer);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 2);
	devif_exit(&inner);
	KUNIT_EXPECT_EQ(test, thing_add(&another, 1), 1);
	devif_exit(&across);
	/* this hangs unless all calls have exited */
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
	thing_drop(&thing);
	thing_drop(&another);
}

static int leave_by_return(const struct thing *thing, int *runs)
{
	scoped_devif_call(&thing->header) {
		++*runs;
		return thing_add(thing, 1);
	}
	return -ENODEV;
}

static void scoped_call_is_run_once_or_skipped(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;
	int runs = 0;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	scoped_devif_call(&thing.header)
		runs++;
	KUNIT_EXPECT_EQ(test, runs, 1);
	KUNIT_EXPECT_EQ(test, leave_by_return(&thing, &runs), 1);
	KUNIT_EXPECT_EQ(test, runs, 2);
	scoped_devif_call(&thing.header) {
		runs++;
		break;
	}
	KUNIT_EXPECT_EQ(test, runs, 3);
	/* this hangs unless each call has exited */
	thing_unexport(exporter);
	scoped_devif_call(&thing.header)
		runs++;
	KUNIT_EXPECT_EQ(test, leave_by_return(&thing, &runs), -ENODEV);
	KUNIT_EXPECT_EQ(test, runs, 3);
	thing_drop(&thing);
}

/*
 * Modules
 */

static void pinned_holds_the_module(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	int references = module_refcount(THIS_MODULE);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing pinned, forwarded, revocable;

	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references);
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &revocable);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references);
	thing_query(test, &fixture->dev, 0, &pinned);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references + 1);
	/* one module reference per handle, not per reference */
	devif_reference(&pinned.header);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references + 1);
	KUNIT_ASSERT_EQ(test, devif_forward(&pinned, &forwarded, NULL), 0);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references + 2);
	thing_drop(&pinned);
	thing_drop(&pinned);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references + 1);
	thing_drop(&revocable);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references + 1);

	/* the module is pinned until the context is released */
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references + 1);
	thing_drop(&forwarded);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
	while (module_refcount(THIS_MODULE) != references)
		msleep(20);
}

/*
 * Mistakes
 */

#ifdef CONFIG_LOCKDEP
#define LEVELS	20

/* A method ends the export of the device below: each level needs its own lock class. */
static void exporters_may_be_many_levels_deep(struct kunit *test)
{
	struct thing_exporter *exporters[LEVELS];
	struct device *devs[LEVELS];
	struct fixture *fixture;
	struct thing thing;
	int i;

	for (i = 0; i < LEVELS; i++) {
		fixture = i ? fixture_add_child(test, devs[i - 1]) :
			      fixture_add(test);
		devs[i] = &fixture->dev;
		exporters[i] = thing_export(test, devs[i]);
	}
	while (--i > 0) {
		thing_query(test, devs[i - 1], DEVIF_REVOCABLE, &thing);
		scoped_devif_call(&thing.header)
			thing_unexport(exporters[i]);
		thing_drop(&thing);
	}
	KUNIT_EXPECT_TRUE(test, debug_locks);
}

static void unexport_from_inside_is_reported(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	/* without lockdep, which stops after its first report, the call waits for ever */
	KUNIT_ASSERT_TRUE(test, debug_locks);
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	fixture_expect_report("ended from inside a call of its own");
	scoped_devif_call(&thing.header) {
		thing_unexport(exporter);
		KUNIT_EXPECT_TRUE(test, devif_is_gone(thing.header.context));
		/* unexport does not hang, and the context lives as long as the call */
		msleep(50);
		KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
		KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 1);
	}
	fixture_expect_end();
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
	KUNIT_EXPECT_TRUE(test, exporter->release_could_sleep);
	thing_drop(&thing);
}
#endif

/*
 * All at once
 */

/* Threads that query, call and drop continuously. */
struct crowd {
	struct device *dev;
	struct thing_exporter *exporter;
	bool stop;
	atomic_t answers, calls, failures;
};

static void use_once(struct crowd *crowd, unsigned int flags)
{
	struct thing thing;
	int ret, i;

	ret = thing_ask(crowd->dev, flags, &thing);
	if (ret) {
		if (ret != -EOPNOTSUPP && ret != -ENODEV)
			atomic_inc(&crowd->failures);
		return;
	}
	atomic_inc(&crowd->answers);
	for (i = 0; i < 10; i++)
		if (thing_enter_and_add(&thing, 1) > 0)
			atomic_inc(&crowd->calls);
	thing_drop(&thing);
}

static int use(void *data)
{
	struct crowd *crowd = data;
	unsigned int round = 0;

	while (!READ_ONCE(crowd->stop)) {
		use_once(crowd, DEVIF_REVOCABLE);
		use_once(crowd, 0);
		fixture_breathe(++round);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void export_and_end(struct kunit *test, struct crowd *crowd)
{
	struct thing_exporter *exporter = crowd->exporter;
	int calls = atomic_read(&crowd->calls), tries = 100;

	WRITE_ONCE(exporter->closed, false);
	KUNIT_EXPECT_EQ(test, thing_try(exporter, crowd->dev), 0);
	while (atomic_read(&crowd->calls) == calls && tries--)
		usleep_range(100, 1000);
	thing_unexport(exporter);
	WRITE_ONCE(exporter->closed, true);
}

static void calls_race_with_revocation(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct crowd crowd = { .dev = &fixture->dev, .exporter = exporter };
	struct task_struct *tasks[3];
	int i;

	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		tasks[i] = kthread_run(use, &crowd, "crowd/%d", i);
	for (i = 0; i < 50; i++)
		export_and_end(test, &crowd);
	WRITE_ONCE(crowd.stop, true);
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		if (!IS_ERR(tasks[i]))
			kthread_stop(tasks[i]);

	kunit_info(test, "%d answers, %d calls", atomic_read(&crowd.answers),
		   atomic_read(&crowd.calls));
	KUNIT_EXPECT_GT(test, atomic_read(&crowd.calls), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&crowd.failures), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&crowd.calls),
			atomic_read(&exporter->sum));
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->late), 0);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

static struct kunit_case revoke_cases[] = {
	KUNIT_CASE(unbinding_revokes_before_remove),
	KUNIT_CASE(unplugging_revokes_before_remove),
	KUNIT_CASE(unplugging_an_idle_device_revokes),
	KUNIT_CASE(removing_a_device_without_bus_revokes),
	KUNIT_CASE(export_made_in_probe_stays),
	KUNIT_CASE(export_made_in_a_failed_probe_is_gone),
	KUNIT_CASE(failed_probe_ends_no_other_export),
	KUNIT_CASE(failed_probe_ends_no_export_made_under_lock),
	KUNIT_CASE(managed_export_ends_with_the_driver),
	KUNIT_CASE(managed_export_ends_with_a_failed_probe),
	KUNIT_CASE(several_exports_are_revoked_together),
	KUNIT_CASE(many_exports_end_in_few_grace_periods),
	KUNIT_CASE(many_managed_exports_end_in_few_grace_periods),
	KUNIT_CASE(managed_exports_wait_for_their_own_calls),
	KUNIT_CASE(exported_again_after_unbinding),
	KUNIT_CASE(pinned_context_outlives_the_driver),
	KUNIT_CASE(unexport_waits_for_calls),
	KUNIT_CASE(unbinding_waits_for_calls),
	KUNIT_CASE(unplugging_waits_for_calls),
	KUNIT_CASE(unexport_releases_also_when_the_device_goes),
	KUNIT_CASE(unexport_does_not_wait_for_the_pinned),
	KUNIT_CASE(pinned_call_that_enters_is_waited_for),
	KUNIT_CASE(enter_may_be_nested),
	KUNIT_CASE(scoped_call_is_run_once_or_skipped),
	KUNIT_CASE(pinned_holds_the_module),
#ifdef CONFIG_LOCKDEP
	KUNIT_CASE(exporters_may_be_many_levels_deep),
	KUNIT_CASE(unexport_from_inside_is_reported),
#endif
	KUNIT_CASE(calls_race_with_revocation),
	{}
};

static struct kunit_suite revoke_suite = {
	.name = "devif_revoke",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = revoke_cases,
};

kunit_test_suites(&revoke_suite);
