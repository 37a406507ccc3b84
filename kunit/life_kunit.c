// SPDX-License-Identifier: GPL-2.0
/*
 * Calls in transitions of a device: while a probe() runs or is undone, and while an
 * interface or the device is being removed.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/fault-inject.h>
#include <linux/notifier.h>
#include <linux/sched.h>

#include "../kmod/devif/lib/compat.h"
#include "errand.h"
#include "fixture.h"
#include "subscriber.h"
#include "thing.h"

/*
 * A device whose probe() waits for the test
 */

/**
 * struct slow - control of a slow probe()
 * @entered: completed when probe() runs
 * @leave: completed when probe() may return
 * @result: result of probe()
 */
struct slow {
	struct completion entered, leave;
	int result;
};

static int slow_probe(struct fixture *fixture)
{
	struct slow *slow = fixture->data;

	complete(&slow->entered);
	wait_for_completion(&slow->leave);
	return slow->result;
}

static long life_bind(void *arg)
{
	return fixture_bind(arg);
}

/* Make a thread bind @fixture, and wait until it is in probe(). */
static struct errand *begin_probe(struct fixture *fixture, struct slow *slow,
				  int result)
{
	struct errand *errand;

	init_completion(&slow->entered);
	init_completion(&slow->leave);
	slow->result = result;
	fixture->probe = slow_probe;
	fixture->data = slow;
	errand = errand_start(fixture->test, life_bind, fixture);
	errand_await(fixture->test, &slow->entered);
	return errand;
}

static bool end_probe(struct slow *slow, struct errand *errand)
{
	complete(&slow->leave);
	return errand_finish(errand);
}

/*
 * Other modules' interfaces while a probe() fails
 */

static bool comes_up_in_time(struct devif *devif)
{
	int tries = 500;

	while (!devif_is_enabled(devif) && tries--)
		msleep(20);
	return devif_is_enabled(devif);
}

static const int probe_errors[] = { -EIO, -EPROBE_DEFER };

static void e9_failed_probe_keeps_what_others_enable(struct kunit *test)
{
	struct fixture *fixture;
	struct errand *errand;
	struct devif *devif;
	struct slow slow;
	int i;

	/* with a device that the registry knows, and with one that it does not */
	for (i = 0; i < 4; i++) {
		fixture = fixture_add(test);
		if (i & 1)
			fixture_register(test, &fixture->dev, &guid_b, NULL, 0);
		errand = begin_probe(fixture, &slow, probe_errors[i / 2]);
		devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
		KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
		KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
		KUNIT_EXPECT_FALSE(test, end_probe(&slow, errand));
		KUNIT_EXPECT_TRUE(test, comes_up_in_time(devif));
	}
}

/* A request to enable an interface that DEVIF_AUTO will enable anyway is not forgotten. */
static void e9_failed_probe_keeps_a_second_request(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct errand *errand;
	struct devif *devif;
	struct slow slow;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, DEVIF_AUTO);
	errand = begin_probe(fixture, &slow, -EIO);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), -EALREADY);
	KUNIT_EXPECT_FALSE(test, end_probe(&slow, errand));
	KUNIT_EXPECT_TRUE(test, comes_up_in_time(devif));
}

static void e9_failed_probe_keeps_the_enabled(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct errand *errand;
	struct devif *devif;
	struct slow slow;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
	errand = begin_probe(fixture, &slow, -EIO);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	KUNIT_EXPECT_FALSE(test, end_probe(&slow, errand));
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	/* only devif_disable() withdraws the request */
	KUNIT_EXPECT_EQ(test, devif_enable(devif), -EALREADY);
	KUNIT_EXPECT_EQ(test, devif_disable(devif), 0);
}

static void failed_probe_keeps_what_others_export(struct kunit *test)
{
	struct thing_exporter *exporter;
	struct fixture *fixture;
	struct errand *errand;
	struct thing thing;
	struct slow slow;
	int i;

	/* with a device that the registry knows, and with one that it does not */
	for (i = 0; i < 4; i++) {
		fixture = fixture_add(test);
		if (i & 1)
			fixture_register(test, &fixture->dev, &guid_b, NULL, 0);
		errand = begin_probe(fixture, &slow, probe_errors[i / 2]);
		exporter = thing_export(test, &fixture->dev);
		thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
		KUNIT_EXPECT_FALSE(test, end_probe(&slow, errand));
		KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), 1);
		KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
		thing_drop(&thing);
	}
}

/* Interfaces registered during a probe() follow the driver like older ones. */
static void others_follow_a_probe_that_succeeds(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *automatic, *enabled;
	struct errand *errand;
	struct thing thing;
	struct slow slow;

	errand = begin_probe(fixture, &slow, 0);
	automatic = fixture_register(test, &fixture->dev, &guid_a, "auto",
				     DEVIF_AUTO);
	enabled = fixture_register(test, &fixture->dev, &guid_a, "on", 0);
	KUNIT_EXPECT_EQ(test, devif_enable(enabled), 0);
	thing_export(test, &fixture->dev);
	KUNIT_EXPECT_TRUE(test, end_probe(&slow, errand));
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(automatic));
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(enabled));
	fixture_unbind(fixture);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(automatic));
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(enabled));
	KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &thing), -EOPNOTSUPP);
}

/*
 * After the event for a failed probe(), no further event comes: an interface registered
 * then must not wait for one.
 */
static struct fixture *failing;
static struct devif *late;

static long register_and_enable(void *arg)
{
	int ret = fixture_try(&failing->dev, &guid_a, NULL, 0, &late);

	return ret < 0 ? ret : devif_enable(late);
}

static int after_failure(struct notifier_block *nb, unsigned long event,
			 void *data)
{
	struct errand *errand;

	if (event != BUS_NOTIFY_DRIVER_NOT_BOUND || data != &failing->dev)
		return NOTIFY_DONE;
	errand = errand_start(failing->test, register_and_enable, NULL);
	KUNIT_EXPECT_EQ(failing->test, errand_finish(errand), 0);
	return NOTIFY_DONE;
}

static void enabled_when_a_probe_has_just_failed(struct kunit *test)
{
	struct notifier_block nb = {
		.notifier_call = after_failure,
		.priority = -1,
	};
	struct fixture *other = fixture_add(test);
	struct errand *errand;
	struct slow slow;

	/* make the registry listen to the bus now, which takes the notifiers' lock */
	fixture_register(test, &other->dev, &guid_a, NULL, 0);
	late = NULL;
	failing = fixture_add(test);
	KUNIT_ASSERT_EQ(test, bus_register_notifier(failing->dev.bus, &nb), 0);
	errand = begin_probe(failing, &slow, -EIO);
	KUNIT_EXPECT_FALSE(test, end_probe(&slow, errand));
	bus_unregister_notifier(failing->dev.bus, &nb);
	KUNIT_ASSERT_NOT_NULL(test, late);
	KUNIT_EXPECT_TRUE(test, comes_up_in_time(late));
	devif_unregister(late);
}

/* The registry drops a device that it watches for one interface with that interface. */
static void nothing_holds_a_device_without_interfaces(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct kobject *kobj = &fixture->dev.kobj;
	struct errand *errand;
	unsigned int before;
	struct devif *devif;
	struct slow slow;

	errand = begin_probe(fixture, &slow, 0);
	before = kref_read(&kobj->kref);
	KUNIT_ASSERT_EQ(test, 0, fixture_try(&fixture->dev, &guid_a, NULL,
					     DEVIF_AUTO, &devif));
	KUNIT_EXPECT_GT(test, kref_read(&kobj->kref), before);
	devif_unregister(devif);
	KUNIT_EXPECT_EQ(test, kref_read(&kobj->kref), before);
	end_probe(&slow, errand);
}

/*
 * A slow thread registers the first interface of a device during its remove(), which must
 * not end exports of the next binding.
 */
static long register_first(void *arg)
{
	struct fixture *fixture = arg;
	int ret = fixture_try(&fixture->dev, &guid_b, NULL, 0, &fixture->devif);

	return min(ret, 0);
}

static void remove_lets_register(struct fixture *fixture)
{
	fixture->data = errand_start(fixture->test, register_first, fixture);
	/* let the thread run as far as it can */
	msleep(20);
}

static void look_at_a_binding_is_not_held_against_the_next(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing thing;

	fixture->remove = remove_lets_register;
	fixture_unbind(fixture);
	fixture->remove = NULL;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	thing_export(test, &fixture->dev);
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	KUNIT_EXPECT_EQ(test, errand_finish(fixture->data), 0);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), 1);
	thing_drop(&thing);
	devif_unregister(fixture->devif);
}

/*
 * Exports made in probe(), before it has succeeded
 */

static long ask_once(void *arg)
{
	struct thing thing;
	int ret = thing_ask(arg, DEVIF_REVOCABLE, &thing);

	if (!ret)
		thing_drop(&thing);
	return ret;
}

static int probe_exports_early(struct fixture *fixture)
{
	struct kunit *test = fixture->test;

	KUNIT_EXPECT_EQ(test, thing_try_managed(fixture->data, &fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, ask_once(&fixture->dev), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, errand_finish(errand_start(test, ask_once,
							 &fixture->dev)),
			-EPROBE_DEFER);
	return fixture->result;
}

static void e8_export_is_answered_from_the_binding_on(struct kunit *test)
{
	struct fixture *fixture;
	int i;

	/* with a device that the registry knows, and with one that it does not */
	for (i = 0; i < 2; i++) {
		fixture = fixture_add(test);
		if (i)
			fixture_register(test, &fixture->dev, &guid_b, NULL, 0);
		fixture->data = thing_new(test);
		fixture->probe = probe_exports_early;
		fixture->result = -EIO;
		KUNIT_ASSERT_FALSE(test, fixture_bind(fixture));
		KUNIT_EXPECT_EQ(test, ask_once(&fixture->dev), -EOPNOTSUPP);
		fixture->result = 0;
		KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
		KUNIT_EXPECT_EQ(test, ask_once(&fixture->dev), 0);
		fixture_unbind(fixture);
		KUNIT_EXPECT_EQ(test, ask_once(&fixture->dev), -EOPNOTSUPP);
	}
}

/* An older version answers until the new one does. */
static int probe_exports_newer(struct fixture *fixture)
{
	struct kunit *test = fixture->test;
	struct thing thing;

	KUNIT_EXPECT_EQ(test, thing_try_managed(fixture->data, &fixture->dev), 0);
	thing_query(test, &fixture->dev, 0, &thing);
	KUNIT_EXPECT_EQ(test, thing.header.version, 1);
	thing_drop(&thing);
	return 0;
}

static void j9_older_version_answers_until_the_binding(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *newer = thing_new(test);
	struct thing thing;

	thing_export(test, &fixture->dev);
	newer->table.header.version = 2;
	fixture->data = newer;
	fixture->probe = probe_exports_newer;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	thing_query(test, &fixture->dev, 0, &thing);
	KUNIT_EXPECT_EQ(test, thing.header.version, 2);
	thing_drop(&thing);
	fixture_unbind(fixture);
}

/* A subscriber finds at the arrival all exports of probe(). */
static int probe_registers_and_exports(struct fixture *fixture)
{
	struct kunit *test = fixture->test;

	KUNIT_EXPECT_GE(test, fixture_try(&fixture->dev, &guid_a, NULL,
					  DEVIF_AUTO, &fixture->devif), 0);
	KUNIT_EXPECT_EQ(test, thing_try_managed(fixture->data, &fixture->dev), 0);
	return 0;
}

static void arrival_asks(struct subscriber *subscriber, struct devif *devif,
			 bool arrival)
{
	struct device *dev = devif_get_device(devif);

	if (!arrival || !dev)
		return;
	subscriber->result = ask_once(dev);
	put_device(dev);
}

static void e10_export_is_answered_at_the_arrival(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct subscriber *subscriber;

	subscriber = subscriber_new(test, &guid_a, 0);
	subscriber->act = arrival_asks;
	subscriber->result = 1;
	KUNIT_ASSERT_EQ(test, subscriber_try(subscriber), 0);
	fixture->data = thing_new(test);
	fixture->probe = probe_registers_and_exports;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	subscriber_wait(subscriber, 1);
	subscriber_stop(subscriber);
	KUNIT_EXPECT_EQ(test, subscriber->result, 0);
	devif_unregister(fixture->devif);
	fixture_unbind(fixture);
}

/* A child whose probe() queries its parent is probed again when the parent is bound. */
static DECLARE_COMPLETION(child_bound);
static atomic_t child_deferred;

static int child_asks(struct fixture *child)
{
	long ret = ask_once(child->dev.parent);

	if (ret == -EPROBE_DEFER)
		atomic_inc(&child_deferred);
	if (!ret)
		complete_all(&child_bound);
	return ret;
}

static int probe_exports_for_child(struct fixture *fixture)
{
	struct kunit *test = fixture->test;
	struct fixture *child = fixture_add_child(test, &fixture->dev);

	KUNIT_EXPECT_EQ(test, thing_try_managed(fixture->data, &fixture->dev), 0);
	child->probe = child_asks;
	KUNIT_EXPECT_FALSE(test, fixture_bind(child));
	return 0;
}

static void child_is_deferred_until_its_parent_is_bound(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	reinit_completion(&child_bound);
	atomic_set(&child_deferred, 0);
	fixture->data = thing_new(test);
	fixture->probe = probe_exports_for_child;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	errand_await(test, &child_bound);
	KUNIT_EXPECT_EQ(test, atomic_read(&child_deferred), 1);
	fixture_unbind(fixture);
}

/*
 * The driver core undoes a successful probe(), because it cannot add an attribute of the
 * driver.
 */

#ifdef CONFIG_FAULT_INJECTION
static void fail_next_allocation(void)
{
	current->fail_nth = 1;
}

static bool can_fail(void)
{
	bool failed;

	fail_next_allocation();
	kfree(kmalloc(8, GFP_KERNEL));
	failed = !current->fail_nth;
	current->fail_nth = 0;
	return failed;
}
#else
static void fail_next_allocation(void)
{
}

static bool can_fail(void)
{
	return false;
}
#endif

static ssize_t undone_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return 0;
}
static DEVICE_ATTR_RO(undone);

static umode_t undone_visible(struct kobject *kobj, struct attribute *attr,
			      int n)
{
	fail_next_allocation();
	return 0444;
}

static struct attribute *undone_attrs[] = { &dev_attr_undone.attr, NULL };

static const struct attribute_group undone_group = {
	.attrs = undone_attrs,
	.is_visible = undone_visible,
};

static const struct attribute_group *undone_groups[] = { &undone_group, NULL };

static struct device_driver undone_driver = {
	.name = "devif-kunit-undone",
	.dev_groups = undone_groups,
};

static int undone_probe(struct fixture *fixture)
{
	if (fixture->dev.driver != &undone_driver)
		return -ENODEV;
	probe_registers_and_exports(fixture);
	KUNIT_EXPECT_EQ(fixture->test, devif_enable(fixture->devif), -EALREADY);
	return 0;
}

static void undone_remove(struct fixture *fixture)
{
#ifdef CONFIG_FAULT_INJECTION
	current->fail_nth = 0;
#endif
	fixture->result = ask_once(&fixture->dev);
	/* an enable here has no effect either */
	devif_enable(fixture->devif);
}

static void k1_undone_probe_has_let_nobody_in(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	bool bound;

	if (!can_fail())
		kunit_skip(test, "GFP_KERNEL allocations cannot be made to fail");

	fixture->data = thing_new(test);
	fixture->probe = undone_probe;
	fixture->remove = undone_remove;
	fixture->result = 0;
	undone_driver.bus = fixture->dev.bus;
	KUNIT_ASSERT_EQ(test, driver_register(&undone_driver), 0);
	bound = fixture_bind(fixture);
	driver_unregister(&undone_driver);
	KUNIT_EXPECT_FALSE(test, bound);
	KUNIT_EXPECT_EQ(test, fixture->result, -EPROBE_DEFER);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(fixture->devif));
	KUNIT_EXPECT_EQ(test, ask_once(&fixture->dev), -EOPNOTSUPP);
	devif_unregister(fixture->devif);
}

/*
 * Interfaces that come or go slowly: a notifier of their bus blocks them
 */

static struct completion held, let_go;
static bool holding, holding_up;
/* spoil the interface that comes, so that registering it fails */
static bool spoiling;
static struct devif **awaited;
static bool was_awaited, was_known;

static void notice(struct device *dev)
{
	if (holding_up) {
		holding_up = false;
		complete(&held);
		wait_for_completion(&let_go);
		if (spoiling)
			sysfs_remove_link(&dev->kobj, "interface_class");
	}
	if (awaited) {
		was_awaited = true;
		was_known = READ_ONCE(*awaited);
	}
}

static void hold_up(void)
{
	if (!holding)
		return;
	holding = false;
	complete(&held);
	wait_for_completion(&let_go);
}

static int hold_notify(struct notifier_block *nb, unsigned long event, void *data)
{
	if (event == BUS_NOTIFY_ADD_DEVICE)
		notice(data);
	if (event == BUS_NOTIFY_DEL_DEVICE)
		hold_up();
	return NOTIFY_OK;
}

static struct notifier_block hold_interface = { .notifier_call = hold_notify };
static compat_bus_t *hold_bus;

static void end_holding(void *arg)
{
	complete_all(&let_go);
	bus_unregister_notifier(hold_bus, &hold_interface);
}

/* Register the notifier for the devices of interfaces. */
static void watch_interfaces(struct kunit *test, struct devif *devif)
{
	struct device *host = devif_get_device(devif);
	struct device *dev;

	KUNIT_ASSERT_NOT_NULL(test, host);
	dev = fixture_interface_device(test, host, devif);
	put_device(host);
	init_completion(&held);
	init_completion(&let_go);
	hold_bus = dev->bus;
	put_device(dev);
	KUNIT_ASSERT_EQ(test, bus_register_notifier(hold_bus, &hold_interface), 0);
	fixture_defer(test, end_holding, NULL);
}

/* Block the removal of the next interface. */
static void hold_next(struct kunit *test, struct devif *devif)
{
	watch_interfaces(test, devif);
	holding = true;
}

/* The result is set before the interface appears, and so before any arrival. */
static void e10_result_is_known_before_the_arrival(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = NULL;

	watch_interfaces(test, fixture_register(test, &fixture->dev, &guid_b,
						NULL, 0));
	was_awaited = false;
	was_known = false;
	awaited = &devif;
	KUNIT_EXPECT_EQ(test, fixture_try(&fixture->dev, &guid_a, NULL,
					  DEVIF_AUTO, &devif), 0);
	awaited = NULL;
	KUNIT_EXPECT_TRUE(test, was_awaited);
	KUNIT_EXPECT_TRUE(test, was_known);
	devif_unregister(devif);
}

/**
 * struct comer - a registration by another module
 * @fixture: device
 * @flags: flags
 * @devif: the interface
 */
struct comer {
	struct fixture *fixture;
	unsigned int flags;
	struct devif *devif;
};

static long comer_registers(void *arg)
{
	struct comer *comer = arg;
	const struct devif_desc desc = {
		.class = &guid_a,
		.flags = comer->flags,
	};

	return __devif_register(&comer->fixture->dev, &desc, NULL,
				&comer->devif);
}

static long register_again(void *arg)
{
	struct fixture *fixture = arg;

	return fixture_try(&fixture->dev, &guid_a, NULL, 0, &fixture->devif);
}

/* The second joins while the device of the first's interface is being added. */
static void register_both(struct kunit *test, struct comer *comer,
			  long *first, long *second)
{
	struct errand *errands[2];

	comer->fixture = fixture_add_bound(test);
	watch_interfaces(test, fixture_register(test, &comer->fixture->dev,
						&guid_b, NULL, 0));
	holding_up = true;
	errands[0] = errand_start(test, register_again, comer->fixture);
	errand_await(test, &held);
	errands[1] = errand_start(test, comer_registers, comer);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errands[1]));
	complete_all(&let_go);
	*first = errand_finish(errands[0]);
	*second = errand_finish(errands[1]);
}

static void a3_automatic_before_the_interface_is_added(struct kunit *test)
{
	struct comer comer = { .flags = DEVIF_AUTO };
	long first, second;

	register_both(test, &comer, &first, &second);
	KUNIT_EXPECT_EQ(test, first, 0);
	KUNIT_ASSERT_EQ(test, second, DEVIF_EXISTED);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(comer.devif));
	__devif_unregister(comer.devif, NULL);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(comer.fixture->devif));
	devif_unregister(comer.fixture->devif);
}

static void c5_differs_from_an_interface_being_added(struct kunit *test)
{
	struct comer comer = { .flags = DEVIF_NODE };
	long first, second;

	register_both(test, &comer, &first, &second);
	KUNIT_EXPECT_EQ(test, first, 0);
	KUNIT_EXPECT_EQ(test, second, -EBUSY);
	devif_unregister(comer.fixture->devif);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_PRESENT), 0);
}

/* Registering the first fails in the end: the second, which differs, has the key. */
static void c5_differs_from_an_interface_that_cannot_be_added(struct kunit *test)
{
	struct comer comer = { .flags = DEVIF_NODE | DEVIF_AUTO };
	long first, second;

	spoiling = true;
	register_both(test, &comer, &first, &second);
	spoiling = false;
	KUNIT_EXPECT_EQ(test, first, -ENOMEM);
	KUNIT_ASSERT_GE(test, second, 0);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(comer.devif));
	__devif_unregister(comer.devif, NULL);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_PRESENT), 0);
}

static long life_unregister(void *arg)
{
	devif_unregister(arg);
	return 0;
}

static long life_unplug(void *arg)
{
	fixture_unplug(arg);
	return 0;
}

static long life_unbind(void *arg)
{
	fixture_unbind(arg);
	return 0;
}

/* Record in remove() that it has run, and whether a query was answered. */
static void remove_asks(struct fixture *fixture)
{
	fixture->result = ask_once(&fixture->dev);
	complete_all(fixture->data);
}

static struct fixture *fixture_with_slow_remove(struct kunit *test,
						struct completion *removed)
{
	struct fixture *fixture = fixture_add_bound(test);

	init_completion(removed);
	fixture->data = removed;
	fixture->remove = remove_asks;
	fixture->result = 1;
	return fixture;
}

/* Unplug at real-time priority, so that one processor runs this before other woken tasks. */
static long life_unplug_first(void *arg)
{
	sched_set_fifo_low(current);
	fixture_unplug(arg);
	return 0;
}

static void register_old(struct kunit *test, struct fixture *fixture)
{
	KUNIT_ASSERT_EQ(test, 0, fixture_try(&fixture->dev, &guid_a, NULL, 0,
					     &fixture->devif));
}

/* Unplug the device while a registration waits for an old interface to go. */
static void register_and_unplug(struct kunit *test, struct fixture *fixture,
				long (*again)(void *arg),
				long (*unplug)(void *arg))
{
	struct errand *first, *second, *third;
	struct devif *devif = fixture->devif;

	hold_next(test, devif);
	first = errand_start(test, life_unregister, devif);
	errand_await(test, &held);
	second = errand_start(test, again, fixture);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(second));
	third = errand_start(test, unplug, fixture);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(third));

	complete_all(&let_go);
	KUNIT_EXPECT_EQ(test, errand_finish(second), -ENODEV);
	errand_finish(first);
	errand_finish(third);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_PRESENT), 0);
}

static void device_goes_while_a_key_is_waited_for(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	register_old(test, fixture);
	register_and_unplug(test, fixture, register_again, life_unplug);
}

static struct completion registered_again;

static long register_and_say(void *arg)
{
	long ret = register_again(arg);

	complete_all(&registered_again);
	return ret;
}

/* Block after the registry's notifier; the device is still in sysfs. */
static int wait_in_removal(struct notifier_block *nb, unsigned long event,
			   void *data)
{
	if (event == BUS_NOTIFY_DEL_DEVICE)
		wait_for_completion_timeout(&registered_again, PATIENCE);
	return NOTIFY_DONE;
}

static void device_has_gone_when_a_key_is_free(struct kunit *test)
{
	struct notifier_block nb = {
		.notifier_call = wait_in_removal,
	};
	struct fixture *fixture = fixture_add(test);

	init_completion(&registered_again);
	register_old(test, fixture);
	/* this notifier is behind the registry's, which is registered by now */
	KUNIT_ASSERT_EQ(test, bus_register_notifier(fixture->dev.bus, &nb), 0);
	register_and_unplug(test, fixture, register_and_say, life_unplug_first);
	bus_unregister_notifier(fixture->dev.bus, &nb);
}

/* The removal of a device waits for an interface that is going. */
static void removal_waits_for_an_interface_that_is_going(struct kunit *test)
{
	struct completion removed;
	struct fixture *fixture = fixture_with_slow_remove(test, &removed);
	struct errand *first, *second;
	struct devif *devif;

	KUNIT_ASSERT_EQ(test, 0, fixture_try(&fixture->dev, &guid_a, NULL, 0,
					     &devif));
	hold_next(test, devif);
	first = errand_start(test, life_unregister, devif);
	errand_await(test, &held);
	second = errand_start(test, life_unplug, fixture);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(second));
	KUNIT_EXPECT_FALSE(test, completion_done(&removed));

	complete_all(&let_go);
	errand_finish(first);
	errand_finish(second);
	KUNIT_EXPECT_TRUE(test, completion_done(&removed));
}

/* A device is removed and unbound at the same time: remove() finds all exports ended. */
static void unbinding_waits_for_a_removal_under_way(struct kunit *test)
{
	struct completion removed;
	struct fixture *fixture = fixture_with_slow_remove(test, &removed);
	struct errand *first, *second;
	struct devif_call inside;
	struct thing thing;

	thing_export(test, &fixture->dev);
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	KUNIT_ASSERT_EQ(test, devif_enter(&thing.header, &inside), 0);
	first = errand_start(test, life_unplug, fixture);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(first));
	second = errand_start(test, life_unbind, fixture);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(second));
	KUNIT_EXPECT_FALSE(test, completion_done(&removed));

	devif_exit(&inside);
	errand_finish(first);
	errand_finish(second);
	KUNIT_EXPECT_LT(test, fixture->result, 0);
	thing_drop(&thing);
}

static struct kunit_case life_cases[] = {
	KUNIT_CASE(a3_automatic_before_the_interface_is_added),
	KUNIT_CASE(c5_differs_from_an_interface_being_added),
	KUNIT_CASE(c5_differs_from_an_interface_that_cannot_be_added),
	KUNIT_CASE(e8_export_is_answered_from_the_binding_on),
	KUNIT_CASE(e9_failed_probe_keeps_what_others_enable),
	KUNIT_CASE(e9_failed_probe_keeps_a_second_request),
	KUNIT_CASE(e9_failed_probe_keeps_the_enabled),
	KUNIT_CASE(e10_export_is_answered_at_the_arrival),
	KUNIT_CASE(e10_result_is_known_before_the_arrival),
	KUNIT_CASE(j9_older_version_answers_until_the_binding),
	KUNIT_CASE(k1_undone_probe_has_let_nobody_in),
	KUNIT_CASE(failed_probe_keeps_what_others_export),
	KUNIT_CASE(others_follow_a_probe_that_succeeds),
	KUNIT_CASE(enabled_when_a_probe_has_just_failed),
	KUNIT_CASE(nothing_holds_a_device_without_interfaces),
	KUNIT_CASE(look_at_a_binding_is_not_held_against_the_next),
	KUNIT_CASE(child_is_deferred_until_its_parent_is_bound),
	KUNIT_CASE(device_goes_while_a_key_is_waited_for),
	KUNIT_CASE(device_has_gone_when_a_key_is_free),
	KUNIT_CASE(removal_waits_for_an_interface_that_is_going),
	KUNIT_CASE(unbinding_waits_for_a_removal_under_way),
	{}
};

static struct kunit_suite life_suite = {
	.name = "devif_life",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = life_cases,
};

kunit_test_suites(&life_suite);
