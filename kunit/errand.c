// SPDX-License-Identifier: GPL-2.0
/*
 * Errands: blocking calls that a thread makes for a test.
 */
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "errand.h"
#include "fixture.h"

static int run(void *data)
{
	struct errand *errand = data;

	allow_signal(SIGUSR1);
	allow_signal(SIGKILL);
	errand->result = errand->fn(errand->arg);
	complete_all(&errand->done);
	return 0;
}

static void end_errand(void *arg)
{
	struct errand *errand = arg;

	if (!wait_for_completion_timeout(&errand->done, PATIENCE)) {
		KUNIT_FAIL(errand->test, "a thread does not come back");
		return;	/* the thread uses the errand */
	}
	kthread_stop(errand->task);
	put_task_struct(errand->task);
	kfree(errand);
}

struct errand *errand_start(struct kunit *test, long (*fn)(void *arg),
			    void *arg)
{
	struct errand *errand = kzalloc(sizeof(*errand), GFP_KERNEL);
	struct task_struct *task;

	KUNIT_ASSERT_NOT_NULL(test, errand);
	errand->test = test;
	errand->fn = fn;
	errand->arg = arg;
	init_completion(&errand->done);
	task = kthread_create(run, errand, "errand");
	if (IS_ERR(task))
		kfree(errand);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	errand->task = get_task_struct(task);
	wake_up_process(task);
	fixture_defer(test, end_errand, errand);
	return errand;
}

/* Return whether the call is still running after a while. */
bool errand_takes_its_time(struct errand *errand)
{
	return !wait_for_completion_timeout(&errand->done, HZ / 10);
}

/* Wait for the call, and return its result. */
long errand_finish(struct errand *errand)
{
	KUNIT_ASSERT_NE(errand->test,
			wait_for_completion_timeout(&errand->done, PATIENCE), 0);
	return errand->result;
}

/* Wait until a thread or a callback has reached a point. */
void errand_await(struct kunit *test, struct completion *event)
{
	KUNIT_ASSERT_NE(test, wait_for_completion_timeout(event, PATIENCE), 0);
}

void errand_interrupt(struct errand *errand)
{
	send_sig(SIGUSR1, errand->task, 1);
}

void errand_kill(struct errand *errand)
{
	send_sig(SIGKILL, errand->task, 1);
}
