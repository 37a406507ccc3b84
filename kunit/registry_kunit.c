// SPDX-License-Identifier: GPL-2.0
/*
 * Registering, finding, enumerating (A2, A3, C, F), and bad input.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/umh.h>

#include "fixture.h"

static void a2_key_is_device_class_reference(struct kunit *test)
{
	struct fixture *one = fixture_add(test), *two = fixture_add(test);
	struct devif *devifs[4];
	int i, j;

	devifs[0] = fixture_register(test, &one->dev, &guid_a, NULL, 0);
	devifs[1] = fixture_register(test, &two->dev, &guid_a, NULL, 0);
	devifs[2] = fixture_register(test, &one->dev, &guid_b, NULL, 0);
	devifs[3] = fixture_register(test, &one->dev, &guid_a, "r", 0);
	for (i = 0; i < ARRAY_SIZE(devifs); i++)
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_PTR_NE(test, devifs[i], devifs[j]);

	/* an empty reference string is the same as none */
	KUNIT_EXPECT_PTR_EQ(test, fixture_register(test, &one->dev, &guid_a, "",
						   0), devifs[0]);
}

static void a3_instance_belongs_to_the_device(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *first, *second;

	first = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid_a, NULL, 0,
					  &second), DEVIF_EXISTED);
	KUNIT_EXPECT_PTR_EQ(test, first, second);
	/* the interface stays while one of two registrations does */
	devif_unregister(second);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 1);
}

/* The last unregistration of one owner does not end another owner's. */
static void a3_owners_do_not_end_for_each_other(struct kunit *test)
{
	const struct devif_desc desc = { .class = &guid_a };
	struct fixture *fixture = fixture_add(test);
	struct devif *mine, *theirs;

	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid_a, NULL, 0,
					  &mine), 0);
	KUNIT_ASSERT_EQ(test, __devif_register(&fixture->dev, &desc, NULL,
					       &theirs), DEVIF_EXISTED);
	KUNIT_EXPECT_PTR_EQ(test, mine, theirs);
	KUNIT_EXPECT_EQ(test, devif_enable(theirs), 0);
	devif_unregister(mine);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(theirs));
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 1);
	/* an owner without a registration cannot end another's */
	devif_unregister(theirs);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(theirs));
	__devif_unregister(theirs, NULL);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 0);
}

static void c1_new_key_answers_zero(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid_a, NULL, 0,
					  &devif), 0);
	devif_unregister(devif);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 0);
}

static void c5_known_key_answers_existed(struct kunit *test)
{
	struct fixture *fixture = fixture_add_named(test, "known");
	struct devif *devif;
	guid_t guid;

	guid_gen(&guid);
	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid, NULL, 0, &devif),
			0);
	devif_unregister(devif);
	/* after unregistration */
	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid, NULL, 0, &devif),
			DEVIF_EXISTED);
	fixture_unplug(fixture);
	devif_unregister(devif);
	/* after the device came back */
	fixture = fixture_add_named(test, "known");
	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid, NULL, 0, &devif),
			DEVIF_EXISTED);
	devif_unregister(devif);
}

static void c8_unregistered_device(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	fixture_unplug(fixture);
	KUNIT_EXPECT_EQ(test, fixture_try(&fixture->dev, &guid_a, NULL, 0,
					  &devif), -ENODEV);
}

static void release_never_added(struct device *dev)
{
	kfree(dev);
}

/* The driver core does not know the device yet. */
static void c8_device_never_added(struct kunit *test)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	struct devif *devif = ERR_PTR(-EBADE);

	KUNIT_ASSERT_NOT_NULL(test, dev);
	device_initialize(dev);
	dev->release = release_never_added;
	dev->bus = fixture_add(test)->dev.bus;
	KUNIT_EXPECT_EQ(test, dev_set_name(dev, "never-added"), 0);
	KUNIT_EXPECT_EQ(test, fixture_try(dev, &guid_a, NULL, 0, &devif), -ENODEV);
	KUNIT_EXPECT_PTR_EQ(test, devif, ERR_PTR(-EBADE));
	/* the failed call has kept nothing of it */
	KUNIT_EXPECT_EQ(test, kref_read(&dev->kobj.kref), 1);
	put_device(dev);
}

static int probe_registers(struct fixture *fixture)
{
	struct kunit *test = fixture->test;

	KUNIT_EXPECT_GE(test, fixture_try(&fixture->dev, &guid_a, "early", 0,
					  &fixture->devif), 0);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 1);
	return 0;
}

static void c12_registered_in_probe_and_later(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	fixture->probe = probe_registers;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 1);
	fixture_register(test, &fixture->dev, &guid_a, "later", 0);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 2);
	devif_unregister(fixture->devif);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 1);
}

static void c15_unbind_keeps_unplug_takes_away(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	fixture_unbind(fixture);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 1);
	fixture_unplug(fixture);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_PRESENT), 0);
	KUNIT_EXPECT_NULL(test, devif_find_by_name(devif_link_name(devif)));
}

static void c18_bad_arguments(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	KUNIT_EXPECT_EQ(test, fixture_try(NULL, &guid_a, NULL, 0, &devif),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, fixture_try(&fixture->dev, NULL, NULL, 0, &devif),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, fixture_try(&fixture->dev, &guid_null, NULL, 0,
					  &devif), -EINVAL);
	KUNIT_EXPECT_EQ(test, fixture_try(&fixture->dev, &guid_a, NULL, ~0u,
					  &devif), -EINVAL);
	KUNIT_EXPECT_EQ(test, fixture_try(&fixture->dev, &guid_a, NULL, 0, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, devif_register(&fixture->dev, NULL, &devif),
			-EINVAL);
	devif_unregister(NULL);
	devif_unregister(ERR_PTR(-ENODEV));
	devif_put(NULL);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_PRESENT), 0);
}

static void c2_register(void)
{
	struct devif *devif;

	devif_register(NULL, NULL, &devif);
}

static void c2_unregister(void)
{
	devif_unregister(NULL);
}

static void c2_enable(void)
{
	devif_enable(NULL);
}

static void c2_disable(void)
{
	devif_disable(NULL);
}

/*
 * A call that may sleep is reported in a context that may not, even if it has nothing to
 * do and does not sleep.
 */
static void c2_contexts_that_may_not_sleep_are_reported(struct kunit *test)
{
	static void (*const calls[])(void) = {
		c2_register, c2_unregister, c2_enable, c2_disable,
	};
	int i;

	if (!IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP))
		kunit_skip(test, "the kernel does not look for it");
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		/* the kernel reports one in a second */
		msleep(1100);
		fixture_expect_report("sleeping function called from invalid context");
		preempt_disable();
		calls[i]();
		preempt_enable();
		fixture_expect_end();
	}
}

static int probe_devm(struct fixture *fixture)
{
	const struct devif_desc desc = { .class = &guid_a, .flags = DEVIF_AUTO };

	return devm_devif_register(&fixture->dev, &desc, &fixture->devif) < 0;
}

static void devm_ends_with_the_driver(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	int i;

	fixture->probe = probe_devm;
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
		KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
						    DEVIF_ENABLED), 1);
		fixture_unbind(fixture);
		KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
						    DEVIF_PRESENT), 0);
	}
}

static int probe_devm_fails(struct fixture *fixture)
{
	probe_devm(fixture);
	return -EIO;
}

static void devm_ends_with_a_failed_probe(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	fixture->probe = probe_devm_fails;
	KUNIT_ASSERT_FALSE(test, fixture_bind(fixture));
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 0);
}

static void unregistering_too_often_is_refused(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	KUNIT_ASSERT_GE(test, fixture_try(&fixture->dev, &guid_a, NULL, 0,
					  &devif), 0);
	devif_get(devif);
	devif_unregister(devif);
	devif_unregister(devif);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 0);
	devif_put(devif);
}

static void device_without_bus_goes(struct kunit *test)
{
	struct device *dev = __root_device_register("devif-kunit-goes", NULL);
	struct devif *devif;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	devif = fixture_register(test, dev, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, dev, DEVIF_ENABLED), 1);
	root_device_unregister(dev);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_PRESENT), 0);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), -ENODEV);
}

/*
 * Finding
 */

static void find_by_key_and_by_name(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif, *found;

	devif = fixture_register(test, &fixture->dev, &guid_a, "r", 0);
	found = devif_find(&guid_a, &fixture->dev, "r");
	KUNIT_EXPECT_PTR_EQ(test, found, devif);
	devif_put(found);
	found = devif_find_by_name(devif_link_name(devif));
	KUNIT_EXPECT_PTR_EQ(test, found, devif);
	devif_put(found);

	KUNIT_EXPECT_NULL(test, devif_find(&guid_a, &fixture->dev, NULL));
	KUNIT_EXPECT_NULL(test, devif_find(&guid_b, &fixture->dev, "r"));
	KUNIT_EXPECT_NULL(test, devif_find(NULL, &fixture->dev, "r"));
	KUNIT_EXPECT_NULL(test, devif_find(&guid_a, NULL, "r"));
	KUNIT_EXPECT_NULL(test, devif_find_by_name("bus#no#such"));
	KUNIT_EXPECT_NULL(test, devif_find_by_name(""));
	KUNIT_EXPECT_NULL(test, devif_find_by_name(NULL));
}

static int call_nobody(struct devif *devif, void *data)
{
	return 0;
}

/* Expect that all calls survive a null or error pointer. */
static void expect_harmless(struct kunit *test, void *bad)
{
	const struct devif_desc desc = { .class = &guid_a };
	const struct devif_subscribe_desc subscribe = { .class = &guid_a };
	const struct devif_export_desc export = { .guid = &guid_a };
	const struct devif_query_desc query = { .guid = &guid_a };
	const struct devif_remote_desc remote_desc = {};
	const struct devif_target_desc target_desc = {};
	struct devif_interface table = { .size = sizeof(table) };
	struct devif_request request = {};
	struct devif_export *exported;
	struct devif_remote *remote;
	struct devif_target *target;
	struct devif *devif;
	u8 byte = 0;

	KUNIT_EXPECT_EQ(test, devif_register(bad, &desc, &devif), -EINVAL);
	KUNIT_EXPECT_EQ(test, devm_devif_register(bad, &desc, &devif), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_enable(bad), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_disable(bad), -EINVAL);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(bad));
	KUNIT_EXPECT_NULL(test, devif_find_alias(bad, &guid_a));
	KUNIT_EXPECT_NULL(test, devif_find(&guid_a, bad, NULL));
	KUNIT_EXPECT_NULL(test, devif_find_by_name(bad));
	KUNIT_EXPECT_NULL(test, devif_get_device(bad));
	KUNIT_EXPECT_NULL(test, devif_properties(bad));
	KUNIT_EXPECT_STREQ(test, devif_link_name(bad), "");
	KUNIT_EXPECT_STREQ(test, devif_reference_string(bad), "");
	KUNIT_EXPECT_STREQ(test, devif_name(bad), "");
	KUNIT_EXPECT_TRUE(test, guid_is_null(devif_class_guid(bad)));
	KUNIT_EXPECT_PTR_EQ(test, (void *)devif_get(bad), bad);
	devif_put(bad);
	devif_unregister(bad);

	KUNIT_EXPECT_EQ(test, devif_post_event(bad, &guid_a, NULL, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_query_remove(bad), -EINVAL);
	devif_cancel_remove(bad);
	KUNIT_EXPECT_EQ(test, devm_devif_subscribe(bad, &subscribe), -EINVAL);
	devif_unsubscribe(bad);

	KUNIT_EXPECT_EQ(test, devif_export(bad, &export, &exported), -EINVAL);
	KUNIT_EXPECT_EQ(test, devm_devif_export(bad, &export, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, __devif_query(bad, &query, &table, sizeof(table),
					    THIS_MODULE), -EINVAL);
	devif_wake(bad, EPOLLIN);
	devif_unexport(bad);

	KUNIT_EXPECT_EQ(test, devif_remote_create(bad, &remote_desc, &remote),
			-EINVAL);
	KUNIT_EXPECT_NULL(test, devif_remote_interface(bad));
	devif_remote_destroy(bad);
	KUNIT_EXPECT_EQ(test, devif_target_create(bad, &target_desc, &target),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_open_by_name(bad, NULL, DEVIF_READ, &target_desc,
							&target), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_open(bad, NULL, DEVIF_READ), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_read(bad, &byte, 1, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_write(bad, &byte, 1, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(bad, _IO('d', 1), NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_submit(bad, &request), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_send(bad, &request), -EINVAL);
	KUNIT_EXPECT_EQ(test, __devif_target_query(bad, &query, &table, sizeof(table),
						   THIS_MODULE), -EINVAL);
	devif_request_cancel(bad);
	devif_target_close(bad);
	devif_target_destroy(bad);

	KUNIT_EXPECT_EQ(test, devif_property_set(bad, "k", DEVIF_PROPERTY_BYTES, &byte,
						 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_property_remove(bad, "k"), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_property_get(bad, "k", DEVIF_PROPERTY_BYTES, &byte,
						 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_property_for_each(bad, NULL, NULL), -EINVAL);
	devif_class_properties_put(bad);
	KUNIT_EXPECT_EQ(test, PTR_ERR(devif_properties_of_name(bad)), -EINVAL);
	devif_properties_put(bad);
}

static void e6_missing_and_error_pointers(struct kunit *test)
{
	expect_harmless(test, NULL);
	expect_harmless(test, ERR_PTR(-ENODEV));
	KUNIT_EXPECT_EQ(test, devif_for_each(&guid_a, ERR_PTR(-ENODEV),
					     DEVIF_PRESENT, NULL, call_nobody),
			-EINVAL);
}

static void get_device_of_interface(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;
	struct device *dev;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	dev = devif_get_device(devif);
	KUNIT_EXPECT_PTR_EQ(test, dev, &fixture->dev);
	put_device(dev);
}

static void f2_enabled_only_by_default(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, "on", 0);
	fixture_register(test, &fixture->dev, &guid_a, "off", 0);
	devif_enable(devif);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_ENABLED), 1);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_PRESENT), 2);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_ENABLED), 1);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 2);
}

struct name_list {
	unsigned int present, absent;
};

static int list_name(const char *name, bool present, void *data)
{
	struct name_list *list = data;

	if (present)
		list->present++;
	else
		list->absent++;
	return 0;
}

static void f2_names_of_absent_devices(struct kunit *test)
{
	struct fixture *gone = fixture_add(test), *here = fixture_add(test);
	struct name_list list = {};
	guid_t guid;

	guid_gen(&guid);
	fixture_register(test, &gone->dev, &guid, NULL, 0);
	fixture_register(test, &here->dev, &guid, NULL, 0);
	fixture_unplug(gone);
	KUNIT_EXPECT_EQ(test, devif_list_names(&guid, &list, list_name), 0);
	KUNIT_EXPECT_EQ(test, list.present, 1);
	KUNIT_EXPECT_EQ(test, list.absent, 1);
}

static void f3_device_without_interfaces_is_empty(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 0);
}

static int stop_at_first(struct devif *devif, void *data)
{
	return 42;
}

static void f4_bad_filter(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	fixture_unplug(fixture);
	KUNIT_EXPECT_EQ(test, devif_for_each(&guid_a, &fixture->dev,
					     DEVIF_ENABLED, NULL, stop_at_first),
			-ENODEV);
	KUNIT_EXPECT_EQ(test, devif_for_each(NULL, NULL, DEVIF_ENABLED, NULL,
					     stop_at_first), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_for_each(&guid_a, NULL, DEVIF_ENABLED, NULL,
					     NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_list_names(NULL, NULL, list_name),
			-EINVAL);
}

struct order {
	struct kunit *test;
	int last;
};

static int in_order(struct devif *devif, void *data)
{
	struct order *order = data;
	int number = -1;

	KUNIT_EXPECT_EQ(order->test, 0,
			kstrtoint(devif_reference_string(devif), 10, &number));
	KUNIT_EXPECT_GT(order->test, number, order->last);
	order->last = number;
	return number == 30 ? 42 : 0;
}

static void f5_order_of_registration(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct order order = { .test = test, .last = -1 };
	char reference[8];
	guid_t guid;
	int i;

	guid_gen(&guid);
	for (i = 0; i < 40; i++) {
		snprintf(reference, sizeof(reference), "%d", i);
		fixture_register(test, &fixture->dev, &guid, reference, 0);
	}
	KUNIT_EXPECT_EQ(test, devif_for_each(&guid, NULL, DEVIF_PRESENT, &order,
					     in_order), 42);
	KUNIT_EXPECT_EQ(test, order.last, 30);
}

/* Set the default interface as only user space can, by a shell. */
static void set_default_interface(struct kunit *test, const guid_t *class,
				  const char *name)
{
	char path[96];
	char *argv[6] = {
		"/bin/sh", "-c", "echo \"$1\" >\"$0/default_interface\"",
		path, (char *)name,
	};
	char *envp[1] = {};

	snprintf(path, sizeof(path), "/sys/class/devif_class/%pUl", class);
	KUNIT_ASSERT_EQ(test, 0, call_usermodehelper(argv[0], argv, envp,
						     UMH_WAIT_PROC));
}

/* Append the reference string, a letter, in the order of a walk. */
static int spell(struct devif *devif, void *data)
{
	strcat(data, devif_reference_string(devif));
	return 0;
}

static int spell_name(const char *name, bool present, void *data)
{
	char *text = data;
	size_t length = strlen(text);

	text[length] = name[strlen(name) - 1];
	return 0;
}

static void expect_order(struct kunit *test, const guid_t *class,
			 struct device *dev, enum devif_which which,
			 const char *order)
{
	char text[8] = "";

	KUNIT_EXPECT_EQ(test, 0, devif_for_each(class, dev, which, text, spell));
	KUNIT_EXPECT_STREQ(test, text, order);
}

static void f5_default_interface_comes_first(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *a, *b;
	char names[8] = "";
	guid_t guid;

	guid_gen(&guid);
	a = fixture_register(test, &fixture->dev, &guid, "a", 0);
	b = fixture_register(test, &fixture->dev, &guid, "b", 0);
	fixture_register(test, &fixture->dev, &guid, "c", 0);
	KUNIT_EXPECT_EQ(test, 0, devif_enable(a));
	expect_order(test, &guid, NULL, DEVIF_PRESENT, "abc");

	set_default_interface(test, &guid, devif_link_name(b));
	expect_order(test, &guid, NULL, DEVIF_PRESENT, "bac");
	expect_order(test, &guid, &fixture->dev, DEVIF_PRESENT, "bac");
	KUNIT_EXPECT_EQ(test, 0, devif_list_names(&guid, names, spell_name));
	KUNIT_EXPECT_STREQ(test, names, "bac");
	/* a disabled default is not among the enabled interfaces */
	expect_order(test, &guid, NULL, DEVIF_ENABLED, "a");
	KUNIT_EXPECT_EQ(test, 0, devif_enable(b));
	expect_order(test, &guid, NULL, DEVIF_ENABLED, "ba");
	expect_order(test, &guid, &fixture->dev, DEVIF_ENABLED, "ba");

	set_default_interface(test, &guid, "");
	expect_order(test, &guid, NULL, DEVIF_ENABLED, "ab");
}

/* Unregister the interfaces of the walk from its callback, the current and the next one. */
static int toggle_and_unregister(struct devif *devif, void *data)
{
	struct devif **devifs = data;
	int i;

	for (i = 0; i < 4; i++) {
		if (devifs[i] == devif) {
			devif_enable(devif);
			devif_unregister(devif);
			devifs[i] = NULL;
			if (i < 3) {
				devif_unregister(devifs[i + 1]);
				devifs[i + 1] = NULL;
			}
		}
	}
	return 0;
}

static void f6_callback_may_change_everything(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devifs[4];
	char reference[8];
	int i;

	for (i = 0; i < 4; i++) {
		snprintf(reference, sizeof(reference), "%d", i);
		KUNIT_ASSERT_GE(test, fixture_try(&fixture->dev, &guid_a,
						  reference, 0, &devifs[i]), 0);
	}
	devif_for_each(&guid_a, NULL, DEVIF_PRESENT, devifs,
		       toggle_and_unregister);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_NULL(test, devifs[i]);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_PRESENT), 0);
}

static void f9_alias(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *a, *b, *a_left, *b_left, *alias;

	a = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	b = fixture_register(test, &fixture->dev, &guid_b, NULL, 0);
	a_left = fixture_register(test, &fixture->dev, &guid_a, "left", 0);
	b_left = fixture_register(test, &fixture->dev, &guid_b, "left", 0);

	/* F11: none of them is enabled */
	KUNIT_EXPECT_NULL(test, devif_find_alias(a, NULL));
	alias = devif_find_alias(a, &guid_b);
	KUNIT_EXPECT_PTR_EQ(test, alias, b);
	devif_put(alias);
	alias = devif_find_alias(a_left, &guid_b);
	KUNIT_EXPECT_PTR_EQ(test, alias, b_left);
	devif_put(alias);
	/* F12 */
	alias = devif_find_alias(a_left, &guid_a);
	KUNIT_EXPECT_PTR_EQ(test, alias, a_left);
	devif_put(alias);
}

static void f10_no_alias(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test), *other = fixture_add(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, "left", 0);
	fixture_register(test, &fixture->dev, &guid_b, "right", 0);
	fixture_register(test, &other->dev, &guid_b, "left", 0);
	KUNIT_EXPECT_NULL(test, devif_find_alias(devif, &guid_b));
	fixture_unplug(fixture);
	KUNIT_EXPECT_NULL(test, devif_find_alias(devif, &guid_a));
}

/*
 * Several threads
 */

/* One thread removes the device while two owners register the same key on it. */
struct race {
	struct fixture *fixture;
	struct completion start, done, other_done;
	int other_result;
};

static int register_as_another(void *data)
{
	const struct devif_desc desc = { .class = &guid_a };
	struct race *race = data;
	unsigned int round = 0;
	struct devif *devif;
	int ret;

	do {
		ret = __devif_register(&race->fixture->dev, &desc, NULL,
				       &devif);
		if (ret >= 0)
			__devif_unregister(devif, NULL);
		fixture_breathe(++round);
	} while (ret >= 0);
	race->other_result = ret;
	complete(&race->other_done);
	return 0;
}

static int unplug(void *data)
{
	struct race *race = data;

	wait_for_completion(&race->start);
	fixture_unplug(race->fixture);
	complete(&race->done);
	return 0;
}

static unsigned int race_once(struct kunit *test, struct fixture *fixture,
			      unsigned int head_start)
{
	struct race race = { .fixture = fixture };
	struct task_struct *task;
	struct devif *devif;
	unsigned int successes = 0;
	int ret;

	init_completion(&race.start);
	init_completion(&race.done);
	init_completion(&race.other_done);
	task = kthread_run(unplug, &race, "unplug");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	task = kthread_run(register_as_another, &race, "other");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	do {
		if (successes == head_start)
			complete(&race.start);
		ret = fixture_try(&fixture->dev, &guid_a, NULL, DEVIF_AUTO,
				  &devif);
		if (ret >= 0) {
			successes++;
			devif_unregister(devif);
		}
		fixture_breathe(successes + 1);
	} while (ret >= 0);
	KUNIT_EXPECT_EQ(test, ret, -ENODEV);
	wait_for_completion(&race.done);
	wait_for_completion(&race.other_done);
	KUNIT_EXPECT_EQ(test, race.other_result, -ENODEV);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_PRESENT), 0);
	return successes;
}

static void registration_races_with_removal(struct kunit *test)
{
	unsigned int i, successes = 0;

	for (i = 0; i < 200; i++)
		successes += race_once(test, i % 2 ? fixture_add(test) :
						     fixture_add_bound(test),
				       i % 5);
	kunit_info(test, "%u registrations before the device went", successes);
}

/* Several threads register and unregister one key. */
struct crowd {
	struct device *dev;
	atomic_t failures;
};

/*
 * The first thread to register finds out whether a driver is bound; a later one may return
 * before that. So wait until the interface is enabled.
 */
static bool comes_up(struct devif *devif)
{
	int tries = 100;

	while (!devif_is_enabled(devif) && tries--)
		msleep(20);
	return devif_is_enabled(devif);
}

static int come_and_go(void *data)
{
	struct crowd *crowd = data;
	struct devif *devif;
	int i;

	for (i = 0; i < 100; i++) {
		if (fixture_try(crowd->dev, &guid_a, NULL, DEVIF_AUTO,
				&devif) < 0) {
			atomic_inc(&crowd->failures);
			continue;
		}
		if (!comes_up(devif))
			atomic_inc(&crowd->failures);
		devif_unregister(devif);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void one_key_registered_from_several_threads(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct crowd crowd = { .dev = &fixture->dev };
	struct task_struct *tasks[3];
	int i;

	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		tasks[i] = kthread_run(come_and_go, &crowd, "crowd/%d", i);
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		if (!IS_ERR(tasks[i]))
			kthread_stop(tasks[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&crowd.failures), 0);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, NULL, DEVIF_PRESENT), 0);
}

static struct kunit_case registry_cases[] = {
	KUNIT_CASE(a2_key_is_device_class_reference),
	KUNIT_CASE(a3_instance_belongs_to_the_device),
	KUNIT_CASE(a3_owners_do_not_end_for_each_other),
	KUNIT_CASE(c1_new_key_answers_zero),
	KUNIT_CASE(c5_known_key_answers_existed),
	KUNIT_CASE(c2_contexts_that_may_not_sleep_are_reported),
	KUNIT_CASE(c8_unregistered_device),
	KUNIT_CASE(c8_device_never_added),
	KUNIT_CASE(c12_registered_in_probe_and_later),
	KUNIT_CASE(c15_unbind_keeps_unplug_takes_away),
	KUNIT_CASE(c18_bad_arguments),
	KUNIT_CASE(devm_ends_with_the_driver),
	KUNIT_CASE(devm_ends_with_a_failed_probe),
	KUNIT_CASE(unregistering_too_often_is_refused),
	KUNIT_CASE(device_without_bus_goes),
	KUNIT_CASE(find_by_key_and_by_name),
	KUNIT_CASE(e6_missing_and_error_pointers),
	KUNIT_CASE(get_device_of_interface),
	KUNIT_CASE(f2_enabled_only_by_default),
	KUNIT_CASE(f2_names_of_absent_devices),
	KUNIT_CASE(f3_device_without_interfaces_is_empty),
	KUNIT_CASE(f4_bad_filter),
	KUNIT_CASE(f5_order_of_registration),
	KUNIT_CASE(f5_default_interface_comes_first),
	KUNIT_CASE(f6_callback_may_change_everything),
	KUNIT_CASE(f9_alias),
	KUNIT_CASE(f10_no_alias),
	KUNIT_CASE(registration_races_with_removal),
	KUNIT_CASE(one_key_registered_from_several_threads),
	{}
};

static struct kunit_suite registry_suite = {
	.name = "devif_registry",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = registry_cases,
};

kunit_test_suites(&registry_suite);
