/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waits without a limit. Each names in the log the object that it waits for: after a
 * while, and again from time to time. A kill ends a wait that user space has started.
 */
#ifndef DEVIF_WAIT_H
#define DEVIF_WAIT_H

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/wait.h>
#include <linux/wait_bit.h>

/* Time before a wait is mentioned in the log, and longest time between mentions. */
#define DEVIF_PATIENCE		(10UL * HZ)
#define DEVIF_PATIENCE_MOST	(320UL * HZ)

/*
 * Evaluate @waited until its value, which is the result, is not 0. @waited waits for
 * __patience jiffies at most. @report, a statement, follows each message in the log.
 */
#define __devif_wait_reporting(waited, report, format, ...)		\
({									\
	unsigned long __patience = DEVIF_PATIENCE;			\
	long __waited;							\
									\
	while (!(__waited = (waited))) {				\
		pr_warn_ratelimited(format "\n", ##__VA_ARGS__);	\
		report;							\
		__patience = min(2 * __patience, DEVIF_PATIENCE_MOST);	\
	}								\
	__waited;							\
})

#define __devif_wait(waited, format, ...)				\
	__devif_wait_reporting(waited, (void)0, format, ##__VA_ARGS__)

/**
 * devif_wait_reporting() - wait for a completion, and report what holds it up
 * @done: the completion
 * @report: statement that logs this, executed after each log message
 * @format: log message that names the object waited for, without a newline
 *
 * Context: May sleep.
 */
#define devif_wait_reporting(done, report, format, ...)			\
	((void)__devif_wait_reporting(wait_for_completion_timeout(done,	\
								  __patience), \
				      report, format, ##__VA_ARGS__))

/**
 * devif_wait() - wait for a completion
 * @done: the completion
 * @format: log message that names the object waited for, without a newline
 *
 * Context: May sleep.
 */
#define devif_wait(done, format, ...)					\
	((void)__devif_wait(wait_for_completion_timeout(done, __patience), \
			    format, ##__VA_ARGS__))

/**
 * devif_wait_killable() - wait for a completion, or until the process is killed
 * @done: the completion
 * @format: log message that names the object waited for, without a newline
 *
 * Context: May sleep.
 *
 * Return: 0, or -EINTR if the process is killed
 */
#define devif_wait_killable(done, format, ...)				\
	(__devif_wait(wait_for_completion_killable_timeout(done, __patience), \
		      format, ##__VA_ARGS__) < 0 ? -EINTR : 0)

/**
 * devif_wait_event() - wait for a condition
 * @queue: wait queue, woken when @condition changes
 * @condition: the condition
 * @format: log message that names the object waited for, without a newline
 *
 * Context: May sleep.
 */
#define devif_wait_event(queue, condition, format, ...)			\
	((void)__devif_wait(wait_event_timeout(queue, condition, __patience), \
			    format, ##__VA_ARGS__))

/**
 * devif_wait_var_event() - wait for a condition on a variable
 * @var: address of the variable, for wake_up_var()
 * @condition: the condition
 * @format: log message that names the object waited for, without a newline
 *
 * Context: May sleep.
 */
#define devif_wait_var_event(var, condition, format, ...)		\
	((void)__devif_wait(wait_var_event_timeout(var, condition, __patience), \
			    format, ##__VA_ARGS__))

/**
 * devif_wait_event_killable() - wait for a condition, or until the process is killed
 * @queue: wait queue, woken when @condition changes
 * @condition: the condition
 * @format: log message that names the object waited for, without a newline
 *
 * Context: May sleep.
 *
 * Return: 0, or -EINTR if the process is killed
 */
#define devif_wait_event_killable(queue, condition, format, ...)	\
	(__devif_wait(wait_event_killable_timeout(queue, condition,	\
						  __patience),		\
		      format, ##__VA_ARGS__) < 0 ? -EINTR : 0)

#endif /* DEVIF_WAIT_H */
