// SPDX-License-Identifier: GPL-2.0
/*
 * Interface classes (A1, B).
 */
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "fixture.h"

struct name_count {
	unsigned int all, present;
};

static int count_name(const char *name, bool present, void *data)
{
	struct name_count *count = data;

	count->all++;
	count->present += present;
	return 0;
}

static void a1_several_classes_and_instances_on_a_device(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	fixture_register(test, &fixture->dev, &guid_a, "2", 0);
	fixture_register(test, &fixture->dev, &guid_b, NULL, 0);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
					    DEVIF_PRESENT), 2);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_b, &fixture->dev,
					    DEVIF_PRESENT), 1);
}

/* A random GUID makes sure that the class is new. */
static void b1_first_registration_makes_the_class(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;
	guid_t guid;

	guid_gen(&guid);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid, NULL, DEVIF_PRESENT), 0);
	KUNIT_EXPECT_FALSE(test,
			   fixture_class_is_shown(test, &fixture->dev, &guid));
	devif = fixture_register(test, &fixture->dev, &guid, NULL, 0);
	KUNIT_EXPECT_TRUE(test, guid_equal(devif_class_guid(devif), &guid));
	KUNIT_EXPECT_EQ(test, fixture_count(&guid, NULL, DEVIF_PRESENT), 1);
	KUNIT_EXPECT_TRUE(test,
			  fixture_class_is_shown(test, &fixture->dev, &guid));
}

static void b3_class_outlives_its_interfaces(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct name_count count = {};
	struct devif *devif;
	guid_t guid;

	guid_gen(&guid);
	KUNIT_ASSERT_EQ(test, 0, fixture_try(&fixture->dev, &guid, NULL, 0,
					     &devif));
	devif_unregister(devif);
	KUNIT_EXPECT_EQ(test, devif_list_names(&guid, &count, count_name), 0);
	KUNIT_EXPECT_EQ(test, count.all, 1);
	KUNIT_EXPECT_EQ(test, count.present, 0);
	KUNIT_EXPECT_TRUE(test,
			  fixture_class_is_shown(test, &fixture->dev, &guid));
}

static int fail(struct devif *devif, void *data)
{
	return -EIO;
}

static void b4_unknown_class_is_empty(struct kunit *test)
{
	struct name_count count = {};
	guid_t guid;

	guid_gen(&guid);
	KUNIT_EXPECT_EQ(test, devif_for_each(&guid, NULL, DEVIF_ENABLED, NULL,
					     fail), 0);
	KUNIT_EXPECT_EQ(test, devif_list_names(&guid, &count, count_name), 0);
	KUNIT_EXPECT_EQ(test, count.all, 0);
}

/* Registration rejects a name that is too long only after making the class. */
static void b1_failed_registration_leaves_no_class(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;
	char *reference;
	guid_t guid;

	reference = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, reference);
	memset(reference, '#', PAGE_SIZE - 1);
	guid_gen(&guid);
	KUNIT_EXPECT_EQ(test, fixture_try(&fixture->dev, &guid, reference, 0,
					  &devif), -ENAMETOOLONG);
	KUNIT_EXPECT_FALSE(test,
			   fixture_class_is_shown(test, &fixture->dev, &guid));
}

/* Threads register and unregister concurrently: the class is made and removed. */
struct churn {
	struct device *dev;
	const guid_t *guid;
	const char *reference;
	atomic_t failures;
};

static int churn(void *data)
{
	struct churn *churn = data;
	struct devif *devif;
	int i;

	for (i = 0; i < 200; i++)
		if (fixture_try(churn->dev, churn->guid, churn->reference, 0,
				&devif) != -ENAMETOOLONG)
			atomic_inc(&churn->failures);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void b1_class_made_and_removed_from_several_threads(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct churn data = { .dev = &fixture->dev };
	struct task_struct *tasks[3];
	char *reference;
	guid_t guid;
	int i;

	reference = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, reference);
	memset(reference, '#', PAGE_SIZE - 1);
	guid_gen(&guid);
	data.guid = &guid;
	data.reference = reference;
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		tasks[i] = kthread_run(churn, &data, "churn/%d", i);
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		if (!IS_ERR(tasks[i]))
			kthread_stop(tasks[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&data.failures), 0);
	KUNIT_EXPECT_FALSE(test,
			   fixture_class_is_shown(test, &fixture->dev, &guid));
}

static struct kunit_case class_cases[] = {
	KUNIT_CASE(a1_several_classes_and_instances_on_a_device),
	KUNIT_CASE(b1_first_registration_makes_the_class),
	KUNIT_CASE(b1_failed_registration_leaves_no_class),
	KUNIT_CASE(b1_class_made_and_removed_from_several_threads),
	KUNIT_CASE(b3_class_outlives_its_interfaces),
	KUNIT_CASE(b4_unknown_class_is_empty),
	{}
};

static struct kunit_suite class_suite = {
	.name = "devif_class",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = class_cases,
};

kunit_test_suites(&class_suite);
