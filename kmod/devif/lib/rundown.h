/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rundowns: an activity is counted, told to end, and waited for.
 *
 * The owner has the first use, and gives it back to end the activity. Uses do not keep
 * the memory: the waiter, or a reference of another kind, does.
 *
 * Calls through a gate are counted per CPU instead, see gate.c. The users of a class and
 * of a host are counted under the registry lock, since the last one has to leave the
 * tables together with them.
 */
#ifndef DEVIF_RUNDOWN_H
#define DEVIF_RUNDOWN_H

#include <linux/completion.h>
#include <linux/refcount.h>

#include "lib/wait.h"

/**
 * struct devif_rundown - an activity that ends
 * @uses: number of uses in progress, and 1 for the owner until the end
 * @quiet: completed when @uses is 0; a waiter completes it again, for the next one
 */
struct devif_rundown {
	refcount_t uses;
	struct completion quiet;
};

/**
 * devif_rundown_init() - begin an activity
 * @rundown: the rundown; the caller has its first use
 */
static inline void devif_rundown_init(struct devif_rundown *rundown)
{
	refcount_set(&rundown->uses, 1);
	init_completion(&rundown->quiet);
}

/**
 * devif_rundown_use() - begin one more use
 * @rundown: a rundown that the caller knows not to be quiet
 *
 * Context: Any.
 */
static inline void devif_rundown_use(struct devif_rundown *rundown)
{
	refcount_inc(&rundown->uses);
}

/**
 * devif_rundown_tryuse() - begin one more use, unless the rundown is quiet
 * @rundown: the rundown
 *
 * Context: Any.
 *
 * Return: whether the use has begun
 */
static inline bool devif_rundown_tryuse(struct devif_rundown *rundown)
{
	return refcount_inc_not_zero(&rundown->uses);
}

/**
 * devif_rundown_unuse() - end a use
 * @rundown: the rundown; its memory may go at once, unless a reference keeps it
 *
 * Context: Any, also hard interrupts, so that waiters are woken one by one.
 *
 * Return: whether the use was the last
 */
static inline bool devif_rundown_unuse(struct devif_rundown *rundown)
{
	if (!refcount_dec_and_test(&rundown->uses))
		return false;
	complete(&rundown->quiet);
	return true;
}

/**
 * devif_rundown_is_quiet() - tell whether all uses have ended
 * @rundown: the rundown
 *
 * Context: Any.
 *
 * Return: whether all uses have ended
 */
static inline bool devif_rundown_is_quiet(struct devif_rundown *rundown)
{
	return !refcount_read(&rundown->uses);
}

/**
 * devif_rundown_wait_timeout() - wait until all uses have ended, or a time has passed
 * @rundown: a rundown of which the owner's use has ended, or is about to
 * @timeout: the time in jiffies
 *
 * Context: May sleep.
 *
 * Return: whether all uses have ended
 */
static inline bool devif_rundown_wait_timeout(struct devif_rundown *rundown,
					      unsigned long timeout)
{
	if (!wait_for_completion_timeout(&rundown->quiet, timeout))
		return false;
	complete(&rundown->quiet);
	return true;
}

/**
 * devif_rundown_wait() - wait until all uses have ended
 * @rundown: a rundown of which the owner's use has ended, or is about to
 * @format: log message that names the object waited for, without a newline
 *
 * Context: May sleep.
 */
#define devif_rundown_wait(rundown, format, ...)			\
	((void)__devif_wait(devif_rundown_wait_timeout(rundown, __patience), \
			    format, ##__VA_ARGS__))

#endif /* DEVIF_RUNDOWN_H */
