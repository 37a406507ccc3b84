// SPDX-License-Identifier: GPL-2.0
/*
 * Enabling, disabling, and following the device (A5, A6, C3, C7, E, O4).
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#include "fixture.h"

static void a5_states_of_an_interface(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	KUNIT_EXPECT_NULL(test, devif_find(&guid_a, &fixture->dev, NULL));
	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	KUNIT_EXPECT_EQ(test, devif_disable(devif), 0);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
}

static void a6_one_disable_undoes_all_enables(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), -EALREADY);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), -EALREADY);
	KUNIT_EXPECT_EQ(test, devif_disable(devif), 0);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
}

static void c3_registered_disabled(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);

	fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_ENABLED), 0);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 1);
}

static void c7_registering_again_keeps_the_state(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif, *again;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	devif_enable(devif);
	again = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_PTR_EQ(test, again, devif);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));

	devif_disable(devif);
	fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));

	/* becoming automatic is more than registering again */
	fixture_register(test, &fixture->dev, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	devif_disable(devif);
	fixture_register(test, &fixture->dev, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
}

static void e2_enabled_is_found_among_enabled(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	devif_enable(devif);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_ENABLED), 1);
	devif_disable(devif);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_ENABLED), 0);
}

static void e5_disabling_the_disabled(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_EQ(test, devif_disable(devif), -EALREADY);
}

static void e7_toggled_at_will(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;
	int i;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, DEVIF_AUTO);
	for (i = 0; i < 10; i++) {
		KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
		KUNIT_EXPECT_EQ(test, devif_disable(devif), 0);
		KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
		KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
	}
}

/* Register in probe(), with the flags in @result. */
static int probe_registers(struct fixture *fixture)
{
	return fixture_try(&fixture->dev, &guid_a, NULL, fixture->result,
			   &fixture->devif) < 0 ? -EIO : 0;
}

static int probe_enables(struct fixture *fixture)
{
	struct kunit *test = fixture->test;

	KUNIT_EXPECT_EQ(test, probe_registers(fixture), 0);
	KUNIT_EXPECT_EQ(test, devif_enable(fixture->devif), 0);
	KUNIT_EXPECT_EQ(test, devif_enable(fixture->devif), -EALREADY);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(fixture->devif));
	return 0;
}

static void e8_enabling_in_probe_waits_for_its_success(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	fixture->probe = probe_enables;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(fixture->devif));
	devif_unregister(fixture->devif);
}

static int probe_enables_and_disables(struct fixture *fixture)
{
	struct kunit *test = fixture->test;

	KUNIT_EXPECT_EQ(test, probe_registers(fixture), 0);
	devif_enable(fixture->devif);
	KUNIT_EXPECT_EQ(test, devif_disable(fixture->devif), 0);
	KUNIT_EXPECT_EQ(test, devif_disable(fixture->devif), -EALREADY);
	return 0;
}

static void e8_enabling_in_probe_can_be_called_off(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	fixture->probe = probe_enables_and_disables;
	fixture->result = DEVIF_AUTO;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(fixture->devif));
	devif_unregister(fixture->devif);
}

static int probe_enables_and_fails(struct fixture *fixture)
{
	probe_enables(fixture);
	return -EIO;
}

static void e9_failed_probe_enables_nothing(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	fixture->probe = probe_enables_and_fails;
	KUNIT_ASSERT_FALSE(test, fixture_bind(fixture));
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(fixture->devif));

	/* the request is forgotten: the next probe() does not inherit it */
	fixture->probe = NULL;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(fixture->devif));
	devif_unregister(fixture->devif);
}

static int probe_registers_and_fails(struct fixture *fixture)
{
	probe_registers(fixture);
	return -EIO;
}

static void e9_failed_probe_does_not_enable_auto(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	fixture->probe = probe_registers_and_fails;
	fixture->result = DEVIF_AUTO;
	KUNIT_ASSERT_FALSE(test, fixture_bind(fixture));
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(fixture->devif));

	/* the interface still follows the driver */
	fixture->probe = NULL;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(fixture->devif));
	devif_unregister(fixture->devif);
}

static void remove_looks(struct fixture *fixture)
{
	struct kunit *test = fixture->test;

	fixture->result = devif_is_enabled(fixture->devif);
	KUNIT_EXPECT_EQ(test, devif_enable(fixture->devif), -ENODEV);
	KUNIT_EXPECT_EQ(test, devif_disable(fixture->devif), -EALREADY);
}

static void e11_disabled_before_remove(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);

	fixture->remove = remove_looks;
	fixture->result = -1;
	fixture->devif = fixture_register(test, &fixture->dev, &guid_a, NULL,
					  DEVIF_AUTO);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(fixture->devif));
	fixture_unbind(fixture);
	KUNIT_EXPECT_EQ(test, fixture->result, 0);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 1);
}

static void e11_disabled_before_remove_on_unplug(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);

	fixture->remove = remove_looks;
	fixture->result = -1;
	fixture->devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	devif_enable(fixture->devif);
	fixture_unplug(fixture);
	KUNIT_EXPECT_EQ(test, fixture->result, 0);
	KUNIT_EXPECT_NULL(test, devif_get_device(fixture->devif));
}

static void e12_disabling_after_removal_is_harmless(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, DEVIF_AUTO);
	fixture_unplug(fixture);
	KUNIT_EXPECT_EQ(test, devif_disable(devif), -EALREADY);
}

static void e15_enabling_does_not_outlast_the_driver(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	devif_enable(devif);
	fixture_unbind(fixture);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	fixture_bind(fixture);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
}

static void e17_auto_follows_the_driver(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;
	int i;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, DEVIF_AUTO);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
		fixture_bind(fixture);
		KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
		fixture_unbind(fixture);
	}
}

static void e17_auto_on_a_bound_device_is_enabled_at_once(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
}

static void e17_auto_on_a_device_without_bus(struct kunit *test)
{
	struct device *dev = fixture_root(test, "devif-kunit-auto");
	struct devif *devif;

	devif = fixture_register(test, dev, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
}

static void e18_all_auto_interfaces_are_enabled(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	char reference[8];
	int i;

	for (i = 0; i < 20; i++) {
		snprintf(reference, sizeof(reference), "%d", i);
		fixture_register(test, &fixture->dev, &guid_a, reference,
				 DEVIF_AUTO);
	}
	fixture_bind(fixture);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_ENABLED), 20);
	fixture_unbind(fixture);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_ENABLED), 0);
}

static void e19_without_the_flag_nothing_is_automatic(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	fixture_bind(fixture);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
}

static void e25_gone_device_cannot_be_enabled(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	fixture_unplug(fixture);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), -ENODEV);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
}

static void idle_device_can_be_enabled_on_request(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	/* the interface stays enabled while a driver binds */
	fixture_bind(fixture);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	fixture_unbind(fixture);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
}

static int remove_registers_result;

static void remove_registers(struct fixture *fixture)
{
	remove_registers_result = probe_registers(fixture);
	if (!remove_registers_result)
		remove_registers_result = devif_is_enabled(fixture->devif);
}

/* Registering the first interface of a device in remove() does not enable it. */
static void registering_in_remove_enables_nothing(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);

	fixture->remove = remove_registers;
	fixture->result = DEVIF_AUTO;
	remove_registers_result = -1;
	fixture_unbind(fixture);
	KUNIT_EXPECT_EQ(test, remove_registers_result, 0);
	msleep(50);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(fixture->devif));
	devif_unregister(fixture->devif);
}

/* The device lock is held without a probe() or remove(), so no event will follow. */
static void locked_device_is_settled_at_once(struct kunit *test)
{
	struct fixture *bound = fixture_add_bound(test);
	struct fixture *idle = fixture_add(test);
	struct devif *on, *off;

	device_lock(&bound->dev);
	device_lock(&idle->dev);
	on = fixture_register(test, &bound->dev, &guid_a, NULL, DEVIF_AUTO);
	off = fixture_register(test, &idle->dev, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(on));
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(off));
	device_unlock(&bound->dev);
	device_unlock(&idle->dev);

	KUNIT_EXPECT_FALSE(test, devif_is_enabled(off));
	fixture_bind(idle);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(off));
}

/* Threads that toggle: successes must alternate, so the counts differ by one at most. */
struct toggler {
	struct devif *devif;
	atomic_t ups, downs;
	bool stop;
};

static int toggle(void *data)
{
	struct toggler *toggler = data;

	while (!READ_ONCE(toggler->stop)) {
		if (!devif_enable(toggler->devif))
			atomic_inc(&toggler->ups);
		if (!devif_disable(toggler->devif))
			atomic_inc(&toggler->downs);
		cond_resched();
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/* No thread can enable while remove() runs: count the times it is enabled. */
static void remove_watches(struct fixture *fixture)
{
	int i;

	for (i = 0; i < 5; i++) {
		fixture->result += devif_is_enabled(fixture->devif);
		usleep_range(500, 1000);
	}
}

static void a6_concurrent_toggling_stays_a_boolean(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct task_struct *tasks[3];
	struct toggler toggler = {};
	int i;

	toggler.devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	fixture->devif = toggler.devif;
	fixture->remove = remove_watches;
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		tasks[i] = kthread_run(toggle, &toggler, "toggle/%d", i);
	for (i = 0; i < 20; i++) {
		fixture_unbind(fixture);
		KUNIT_EXPECT_EQ(test, fixture->result, 0);
		fixture_bind(fixture);
		msleep(20);
	}
	WRITE_ONCE(toggler.stop, true);
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		if (!IS_ERR(tasks[i]))
			kthread_stop(tasks[i]);
	/* the device outlives the interface */
	fixture->remove = NULL;

	KUNIT_EXPECT_GT(test, atomic_read(&toggler.ups), 0);
	KUNIT_EXPECT_GT(test, atomic_read(&toggler.downs), 0);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(toggler.devif));
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_ENABLED), 0);
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE(a5_states_of_an_interface),
	KUNIT_CASE(a6_one_disable_undoes_all_enables),
	KUNIT_CASE(a6_concurrent_toggling_stays_a_boolean),
	KUNIT_CASE(c3_registered_disabled),
	KUNIT_CASE(c7_registering_again_keeps_the_state),
	KUNIT_CASE(e2_enabled_is_found_among_enabled),
	KUNIT_CASE(e5_disabling_the_disabled),
	KUNIT_CASE(e7_toggled_at_will),
	KUNIT_CASE(e8_enabling_in_probe_waits_for_its_success),
	KUNIT_CASE(e8_enabling_in_probe_can_be_called_off),
	KUNIT_CASE(e9_failed_probe_enables_nothing),
	KUNIT_CASE(e9_failed_probe_does_not_enable_auto),
	KUNIT_CASE(e11_disabled_before_remove),
	KUNIT_CASE(e11_disabled_before_remove_on_unplug),
	KUNIT_CASE(e12_disabling_after_removal_is_harmless),
	KUNIT_CASE(e15_enabling_does_not_outlast_the_driver),
	KUNIT_CASE(e17_auto_follows_the_driver),
	KUNIT_CASE(e17_auto_on_a_bound_device_is_enabled_at_once),
	KUNIT_CASE(e17_auto_on_a_device_without_bus),
	KUNIT_CASE(e18_all_auto_interfaces_are_enabled),
	KUNIT_CASE(e19_without_the_flag_nothing_is_automatic),
	KUNIT_CASE(e25_gone_device_cannot_be_enabled),
	KUNIT_CASE(idle_device_can_be_enabled_on_request),
	KUNIT_CASE(registering_in_remove_enables_nothing),
	KUNIT_CASE(locked_device_is_settled_at_once),
	{}
};

static struct kunit_suite state_suite = {
	.name = "devif_state",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = state_cases,
};

kunit_test_suites(&state_suite);
