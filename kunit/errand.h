/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Errands: calls that a test has made by a thread, since they take their time.
 */
#ifndef DEVIF_KUNIT_ERRAND_H
#define DEVIF_KUNIT_ERRAND_H

#include <kunit/test.h>
#include <linux/completion.h>

/**
 * struct errand - a call
 * @test: the test
 * @fn: the call
 * @arg: for it
 * @task: the thread, while it runs
 * @result: what @fn has answered
 * @done: it has
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
