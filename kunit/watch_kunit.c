// SPDX-License-Identifier: GPL-2.0
/*
 * The first interface on a bus: the registry adds a notifier of its own to the bus, also
 * while other notifiers of the bus run, and call the registry.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/lockdep.h>
#include <linux/notifier.h>

#include "../kmod/devif/lib/compat.h"
#include "errand.h"
#include "fixture.h"
#include "thing.h"

static struct bus_type watch_bus = {
	.name = "devif-kunit-watch",
	.probe = fixture_probe,
	.remove = fixture_remove,
};

static struct device_driver watch_driver = {
	.name = "devif-kunit-watch",
	.bus = &watch_bus,
};

/**
 * struct below - a notifier of the bus that calls the registry
 * @nb: the notifier
 * @test: the test
 * @act: called once, for the next device added
 * @fixture: device on the bus, for @act
 * @exporter: exporter, for @act
 * @added: devices added meanwhile
 * @registered: result of the registration by @act
 * @exported: result of the export by @act
 * @devif: interface registered by @act
 * @entered: completed by @act
 * @leave: completed to let @act return
 */
static struct below {
	struct notifier_block nb;
	struct kunit *test;
	void (*act)(void);
	struct fixture *fixture;
	struct thing_exporter *exporter;
	struct fixture *added[2];
	int registered, exported;
	struct devif *devif;
	struct completion entered, leave;
} below;

static int below_event(struct notifier_block *nb, unsigned long event, void *data)
{
	void (*act)(void) = below.act;

	if (event != BUS_NOTIFY_ADD_DEVICE || !act)
		return NOTIFY_DONE;
	below.act = NULL;
	act();
	return NOTIFY_DONE;
}

static void unregister_bus(void)
{
	driver_unregister(&watch_driver);
	compat_bus_unregister(&watch_bus);
}

static void watch_end(void *arg)
{
	bus_unregister_notifier(&watch_bus, &below.nb);
	unregister_bus();
}

static void register_bus(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, bus_register(&watch_bus), 0);
	KUNIT_ASSERT_EQ(test, driver_register(&watch_driver), 0);
	KUNIT_ASSERT_EQ(test, bus_register_notifier(&watch_bus, &below.nb), 0);
}

/* Register the bus, with a device. */
static struct fixture *watch_begin(struct kunit *test)
{
	memset(&below, 0, sizeof(below));
	below.nb.notifier_call = below_event;
	below.test = test;
	init_completion(&below.entered);
	init_completion(&below.leave);
	register_bus(test);
	fixture_defer(test, watch_end, NULL);
	below.fixture = fixture_add_on(test, &watch_bus);
	below.exporter = thing_new(test);
	return below.fixture;
}

static long add_device(void *arg)
{
	struct fixture **added = arg;

	*added = fixture_add_on(below.test, &watch_bus);
	return 0;
}

/* Have a thread add a device, and the notifier call @act. */
static struct errand *begin_below(void (*act)(void))
{
	below.act = act;
	return errand_start(below.test, add_device, &below.added[0]);
}

static void act_registers(void)
{
	struct device *dev = &below.fixture->dev;

	below.registered = fixture_try(dev, &guid_a, NULL, DEVIF_AUTO,
				       &below.devif);
	below.exported = thing_try(below.exporter, dev);
	/* drivers do this, though lockdep is right that any writer in between is fatal */
	lockdep_off();
	add_device(&below.added[1]);
	lockdep_on();
}

static void act_stays(void)
{
	complete(&below.entered);
	wait_for_completion(&below.leave);
}

/* Expect that a new interface follows the driver of the device. */
static void expect_followed(struct kunit *test, struct fixture *fixture)
{
	struct devif *devif = fixture_register(test, &fixture->dev, &guid_b, NULL,
					       DEVIF_AUTO);

	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	KUNIT_EXPECT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	fixture_unbind(fixture);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
}

static void expect_refusal(struct kunit *test)
{
	fixture_expect_report("bus %s: no interface or export yet", watch_bus.name);
	errand_finish(begin_below(act_registers));
	fixture_expect_end();
	KUNIT_EXPECT_EQ(test, below.registered, -EDEADLK);
	KUNIT_EXPECT_EQ(test, below.exported, -EDEADLK);
}

static void first_below_a_notifier_is_refused(struct kunit *test)
{
	struct fixture *fixture = watch_begin(test);

	expect_refusal(test);
	/* the bus lives */
	expect_followed(test, fixture);
}

static void later_one_below_a_notifier_is_registered(struct kunit *test)
{
	struct fixture *other;
	struct devif *devif;

	watch_begin(test);
	other = fixture_add_on(test, &watch_bus);
	KUNIT_ASSERT_EQ(test, fixture_try(&other->dev, &guid_a, NULL, 0, &devif), 0);
	devif_unregister(devif);
	/* the bus stays watched, however long no device has an interface */
	msleep(200);
	errand_finish(begin_below(act_registers));
	KUNIT_EXPECT_EQ(test, below.registered, 0);
	KUNIT_EXPECT_EQ(test, below.exported, 0);
	devif_unregister(below.devif);
}

static void bus_goes_while_its_notifier_is_awaited(struct kunit *test)
{
	struct fixture *first = watch_begin(test);

	expect_refusal(test);
	/* the notifier's owner goes, then the bus, which comes back */
	bus_unregister_notifier(&watch_bus, &below.nb);
	fixture_unplug(first);
	fixture_unplug(below.added[0]);
	fixture_unplug(below.added[1]);
	unregister_bus();
	register_bus(test);
	expect_followed(test, fixture_add_on(test, &watch_bus));
}

static long watch_registers(void *arg)
{
	struct fixture *fixture = arg;
	struct devif *devif;
	int ret = fixture_try(&fixture->dev, &guid_a, NULL, 0, &devif);

	if (ret >= 0)
		devif_unregister(devif);
	return ret;
}

static void first_elsewhere_waits_for_a_notifier(struct kunit *test)
{
	struct fixture *fixture = watch_begin(test);
	struct errand *adding, *registering;

	adding = begin_below(act_stays);
	errand_await(test, &below.entered);
	registering = errand_start(test, watch_registers, fixture);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(registering));
	complete_all(&below.leave);
	KUNIT_EXPECT_EQ(test, errand_finish(registering), 0);
	errand_finish(adding);
}

static struct kunit_case watch_cases[] = {
	KUNIT_CASE(first_below_a_notifier_is_refused),
	KUNIT_CASE(later_one_below_a_notifier_is_registered),
	KUNIT_CASE(bus_goes_while_its_notifier_is_awaited),
	KUNIT_CASE(first_elsewhere_waits_for_a_notifier),
	{}
};

static struct kunit_suite watch_suite = {
	.name = "devif_watch",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = watch_cases,
};

kunit_test_suites(&watch_suite);
