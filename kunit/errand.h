/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Errands: blocking calls that a thread makes for a test.
 */
#ifndef DEVIF_KUNIT_ERRAND_H
#define DEVIF_KUNIT_ERRAND_H

#include <kunit/test.h>
#include <linux/completion.h>

/**
 * struct errand - a call
 * @test: the test
 * @fn: the call
 * @arg: argument of @fn
 * @task: the thread, while it runs
 * @result: result of @fn
 * @done: completed when @fn has returned
 */
struct errand {
	struct kunit *test;
	long (*fn)(void *arg);
	void *arg;
	struct task_struct *task;
	long result;
	struct completion done;
};

struct errand *errand_start(struct kunit *test, long (*fn)(void *arg),
			    void *arg);
bool errand_takes_its_time(struct errand *errand);
long errand_finish(struct errand *errand);
void errand_await(struct kunit *test, struct completion *event);
void errand_interrupt(struct errand *errand);
void errand_kill(struct errand *errand);

#endif /* DEVIF_KUNIT_ERRAND_H */
