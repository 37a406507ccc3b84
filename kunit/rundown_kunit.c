// SPDX-License-Identifier: GPL-2.0
/*
 * Rundowns: uses are counted until the end, and all waiters hear of it.
 */
#include <kunit/test.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>

#include "lib/rundown.h"

#include "errand.h"
#include "fixture.h"

#define WAITERS	3

static long wait_until_quiet(void *arg)
{
	devif_rundown_wait((struct devif_rundown *)arg, "a rundown of a test is used");
	return 0;
}

static void start_waiters(struct kunit *test, struct devif_rundown *rundown,
			  struct errand **errands)
{
	int i;

	for (i = 0; i < WAITERS; i++)
		errands[i] = errand_start(test, wait_until_quiet, rundown);
}

/* The rundown is on the stack: in no case may a waiter be left. */
static void expect_all_go_on(struct kunit *test, struct devif_rundown *rundown,
			     struct errand **errands)
{
	bool goes_on;
	int i;

	for (i = 0; i < WAITERS; i++) {
		goes_on = wait_for_completion_timeout(&errands[i]->done, PATIENCE);
		KUNIT_EXPECT_TRUE(test, goes_on);
		if (!goes_on)
			complete_all(&rundown->quiet);
	}
	for (i = 0; i < WAITERS; i++)
		errand_finish(errands[i]);
}

static void uses_end_in_any_order(struct kunit *test)
{
	struct devif_rundown rundown;

	devif_rundown_init(&rundown);
	devif_rundown_use(&rundown);
	KUNIT_EXPECT_TRUE(test, devif_rundown_tryuse(&rundown));
	/* the owner's may be the first to end */
	KUNIT_EXPECT_FALSE(test, devif_rundown_unuse(&rundown));
	KUNIT_EXPECT_FALSE(test, devif_rundown_unuse(&rundown));
	KUNIT_EXPECT_FALSE(test, devif_rundown_is_quiet(&rundown));
	KUNIT_EXPECT_FALSE(test, devif_rundown_wait_timeout(&rundown, 1));
	KUNIT_EXPECT_TRUE(test, devif_rundown_unuse(&rundown));
	KUNIT_EXPECT_TRUE(test, devif_rundown_is_quiet(&rundown));
}

static void no_use_begins_after_the_end(struct kunit *test)
{
	struct devif_rundown rundown;

	devif_rundown_init(&rundown);
	KUNIT_EXPECT_TRUE(test, devif_rundown_unuse(&rundown));
	KUNIT_EXPECT_FALSE(test, devif_rundown_tryuse(&rundown));
	/* waiting is possible as often as one likes */
	KUNIT_EXPECT_TRUE(test, devif_rundown_wait_timeout(&rundown, 1));
	KUNIT_EXPECT_TRUE(test, devif_rundown_wait_timeout(&rundown, 1));
}

static void all_waiters_go_on(struct kunit *test)
{
	struct errand *errands[WAITERS];
	struct devif_rundown rundown;
	int i;

	devif_rundown_init(&rundown);
	start_waiters(test, &rundown, errands);
	for (i = 0; i < WAITERS; i++)
		KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errands[i]));
	devif_rundown_unuse(&rundown);
	expect_all_go_on(test, &rundown, errands);
}

/* A hard interrupt, with PREEMPT_RT too, in which the last use ends. */
struct interrupt {
	struct irq_work work;
	struct devif_rundown *rundown;
	bool last;
};

static void unuse_in_interrupt(struct irq_work *work)
{
	struct interrupt *interrupt = container_of(work, struct interrupt, work);

	interrupt->last = devif_rundown_unuse(interrupt->rundown);
}

static void last_use_ends_in_a_hard_interrupt(struct kunit *test)
{
	struct errand *errands[WAITERS];
	struct devif_rundown rundown;
	struct interrupt interrupt = {
		.work = IRQ_WORK_INIT_HARD(unuse_in_interrupt),
		.rundown = &rundown,
	};

	devif_rundown_init(&rundown);
	start_waiters(test, &rundown, errands);
	irq_work_queue(&interrupt.work);
	irq_work_sync(&interrupt.work);
	KUNIT_EXPECT_TRUE(test, interrupt.last);
	expect_all_go_on(test, &rundown, errands);
}

static struct kunit_case rundown_cases[] = {
	KUNIT_CASE(uses_end_in_any_order),
	KUNIT_CASE(no_use_begins_after_the_end),
	KUNIT_CASE(all_waiters_go_on),
	KUNIT_CASE(last_use_ends_in_a_hard_interrupt),
	{}
};

static struct kunit_suite rundown_suite = {
	.name = "devif_rundown",
	.test_cases = rundown_cases,
};

kunit_test_suites(&rundown_suite);
