// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks that were preempted in code that a module is about to unload.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>

#include "../kmod/devif/lib/lib.h"
#include "errand.h"
#include "fixture.h"

/**
 * struct straggler - a thread that does not return
 * @task: the thread
 * @entered: completed when the thread runs
 * @leave: whether the thread may return
 */
struct straggler {
	struct task_struct *task;
	struct completion entered;
	bool leave;
};

/* Loop in the kernel without sleeping, but preemptible. */
static int straggle(void *data)
{
	struct straggler *straggler = data;

	complete(&straggler->entered);
	while (!READ_ONCE(straggler->leave))
		cpu_relax();
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static void straggler_stop(void *data)
{
	struct straggler *straggler = data;

	WRITE_ONCE(straggler->leave, true);
	kthread_stop(straggler->task);
}

static void straggler_start(struct kunit *test, struct straggler *straggler)
{
	init_completion(&straggler->entered);
	straggler->leave = false;
	straggler->task = kthread_run(straggle, straggler, "straggler");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, straggler->task);
	fixture_defer(test, straggler_stop, straggler);
	errand_await(test, &straggler->entered);
}

static long look(void *arg)
{
	devif_preempted_look();
	return 0;
}

static void preempted_task_is_waited_for(struct kunit *test)
{
	struct straggler *straggler = kunit_kzalloc(test, sizeof(*straggler),
						    GFP_KERNEL);
	struct errand *errand;
	int i;

	if (!IS_ENABLED(CONFIG_PREEMPTION))
		kunit_skip(test, "nothing is preempted in this kernel");
	KUNIT_ASSERT_NOT_NULL(test, straggler);
	straggler_start(test, straggler);
	errand = errand_start(test, look, NULL);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errand));
	/* a wait for RCU grace periods alone would end here */
	for (i = 0; i < 5; i++)
		synchronize_rcu();
	KUNIT_EXPECT_FALSE(test, completion_done(&errand->done));
	WRITE_ONCE(straggler->leave, true);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
}

static long sleep_until(void *arg)
{
	wait_for_completion(arg);
	return 0;
}

static void sleeping_task_is_not_waited_for(struct kunit *test)
{
	struct completion *wake = kunit_kzalloc(test, sizeof(*wake), GFP_KERNEL);
	struct errand *sleeper, *looker;

	KUNIT_ASSERT_NOT_NULL(test, wake);
	init_completion(wake);
	sleeper = errand_start(test, sleep_until, wake);
	looker = errand_start(test, look, NULL);
	KUNIT_EXPECT_EQ(test, errand_finish(looker), 0);
	KUNIT_EXPECT_FALSE(test, completion_done(&sleeper->done));
	complete(wake);
	KUNIT_EXPECT_EQ(test, errand_finish(sleeper), 0);
}

static struct kunit_case preempted_cases[] = {
	KUNIT_CASE(preempted_task_is_waited_for),
	KUNIT_CASE(sleeping_task_is_not_waited_for),
	{}
};

static struct kunit_suite preempted_suite = {
	.name = "devif_preempted",
	.test_cases = preempted_cases,
};

kunit_test_suites(&preempted_suite);
