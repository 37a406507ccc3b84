// SPDX-License-Identifier: GPL-2.0
/*
 * Runners: make one callback after the other, in a work item.
 *
 * A runner can be closed from its own callback, which then is the last, or from outside,
 * and then the closer waits for the callback. The memory stays until the runner is closed
 * and has run. The module of the callbacks must not go before: when it is unloaded, the
 * runners that it has left are ended, and waited for.
 *
 * Callbacks may sleep as long as they like, also until another one has run: see lane.c.
 * A work item is not queued again while it runs, for that would take another one's
 * place; it looks instead whether it was kicked meanwhile.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/sched.h>

#include "lib/lib.h"
#include "lib/runner.h"
#include "lib/wait.h"

/* A runner's state. */
#define IDLE	0	/* neither queued nor running */
#define RUNS	1	/* running, and has seen all kicks */
#define KICKED	2	/* queued, or to run once more */

static void runner_free(struct devif_member *member)
{
	struct devif_runner *runner = container_of(member, struct devif_runner, member);
	struct devif_lane *lane = runner->lane;

	runner->ops->free(runner);
	devif_lane_leave(lane);
}

/* All runners that still have memory. */
static struct devif_roll all_runners = DEVIF_ROLL_INIT(all_runners, runner_free);

/**
 * devif_runner_get() - take a reference to the memory of a runner
 * @runner: a runner that the caller knows to be there
 *
 * Context: Any.
 */
void devif_runner_get(struct devif_runner *runner)
{
	devif_member_get(&runner->member);
}

/**
 * devif_runner_put() - give back a reference to the memory of a runner
 * @runner: the runner
 *
 * Context: May sleep.
 */
void devif_runner_put(struct devif_runner *runner)
{
	devif_member_put(&runner->member);
}

static void end_run(struct devif_runner *runner)
{
	if (devif_rundown_unuse(&runner->runs))
		devif_runner_put(runner);
}

static void run_work(struct work_struct *work)
{
	struct devif_runner *runner = container_of(work, struct devif_runner,
						   work);

	WRITE_ONCE(runner->task, current);
	lock_map_acquire(&runner->dep_map);
	do {
		/* a full barrier: @run sees the cause of each kick so far */
		atomic_xchg(&runner->state, RUNS);
		if (!devif_runner_is_closed(runner))
			runner->ops->run(runner);
	} while (atomic_cmpxchg(&runner->state, RUNS, IDLE) != RUNS);
	lock_map_release(&runner->dep_map);
	WRITE_ONCE(runner->task, NULL);
	end_run(runner);
}

/**
 * devif_runner_init() - set up a runner
 * @runner: the runner, in memory that @ops->free frees
 * @ops: type of the object that embeds the runner
 * @owner: module of the callbacks
 * @key: lock class, in @owner
 *
 * Context: May sleep.
 *
 * Return: 0, or -ENOMEM; then nothing is to be undone
 */
int devif_runner_init(struct devif_runner *runner,
		      const struct devif_runner_ops *ops, struct module *owner,
		      struct lock_class_key *key)
{
	runner->lane = devif_lane_enter();
	if (!runner->lane)
		return -ENOMEM;
	runner->ops = ops;
	runner->owner = owner;
	INIT_WORK(&runner->work, run_work);
	devif_rundown_init(&runner->runs);
	devif_member_init(&runner->member, &all_runners);
	/* one reference of the owner, until it closes the runner, and one of the runs */
	devif_member_get(&runner->member);
	lockdep_init_map(&runner->dep_map, "devif_callback", key, 0);
	devif_roll_add(&all_runners, &runner->member);
	return 0;
}

/**
 * devif_runner_kick() - have the callbacks made that are due
 * @runner: a runner whose memory the caller knows to be there
 *
 * Context: Any.
 */
void devif_runner_kick(struct devif_runner *runner)
{
	if (atomic_xchg(&runner->state, KICKED) != IDLE)
		return;
	if (devif_rundown_tryuse(&runner->runs))
		devif_lane_queue(runner->lane, &runner->work);
}

/**
 * devif_runner_is_closed() - tell whether no further callback is to begin
 * @runner: the runner
 *
 * Context: Any.
 *
 * Return: whether it is closed
 */
bool devif_runner_is_closed(const struct devif_runner *runner)
{
	return test_bit(0, &runner->closed);
}

/**
 * devif_runner_is_inside() - tell whether the caller is in a callback
 * @runner: the runner
 *
 * Context: Any.
 *
 * Return: whether the current task runs a callback of the runner
 */
bool devif_runner_is_inside(const struct devif_runner *runner)
{
	return READ_ONCE(runner->task) == current;
}

/**
 * devif_runner_begin_close() - decide that no further callback is to begin
 * @runner: the runner
 *
 * Context: Any.
 *
 * Return: whether the caller has to call devif_runner_close()
 */
bool devif_runner_begin_close(struct devif_runner *runner)
{
	return !test_and_set_bit(0, &runner->closed);
}

/* Walk all runners, as devif_roll_next(). */
static struct devif_runner *next_runner(struct devif_runner *runner)
{
	struct devif_member *next = devif_roll_next(&all_runners,
						    runner ? &runner->member : NULL);

	return next ? container_of(next, struct devif_runner, member) : NULL;
}

#ifdef CONFIG_LOCKDEP
/* Is the caller in a callback of a runner that was made at the same place? */
static bool is_inside_alike(const struct devif_runner *runner)
{
	struct devif_runner *other = NULL;
	bool found = false;

	while ((other = next_runner(other)))
		found |= devif_runner_is_inside(other) &&
			 other->dep_map.key == runner->dep_map.key;
	return found;
}

/* For lockdep: a callback may end another object made at the same place. */
static void will_wait(struct devif_runner *runner)
{
	lock_acquire(&runner->dep_map, is_inside_alike(runner), 0, 0, 1, NULL,
		     _THIS_IP_);
	lock_release(&runner->dep_map, _THIS_IP_);
}
#else
static void will_wait(struct devif_runner *runner)
{
}
#endif

static void wait_until_quiet(struct devif_runner *runner)
{
	devif_rundown_wait(&runner->runs,
			   "waiting for a callback of %s, of a %s, to return",
			   runner->owner ? runner->owner->name : "the kernel",
			   runner->ops->kind);
}

/**
 * devif_runner_close() - wait for the last callback, and give the memory up
 * @runner: a runner that the caller has begun to close, and that is not kicked any more
 *
 * Context: May sleep; no lock that a callback takes.
 */
void devif_runner_close(struct devif_runner *runner)
{
	bool inside = devif_runner_is_inside(runner);

	if (!inside)
		will_wait(runner);
	end_run(runner);
	if (!inside)
		wait_until_quiet(runner);
	devif_runner_put(runner);
}

/**
 * devif_runner_discard() - undo devif_runner_init()
 * @runner: a runner that has called no function of its owner, and that is not kicked any
 *	more
 *
 * Context: May sleep; locks may be held that @ops->free does not take, as no callback is
 * waited for.
 */
void devif_runner_discard(struct devif_runner *runner)
{
	devif_runner_begin_close(runner);
	end_run(runner);
	devif_runner_put(runner);
}

/**
 * devif_runner_module_gone() - end the runners that a module has left
 * @module: a module that is being unloaded, its exit function has run
 *
 * Context: Module notifier; may sleep; no lock of ours held.
 *
 * Return: number of these runners that were not closed yet
 */
unsigned int devif_runner_module_gone(const struct module *module)
{
	struct devif_runner *runner = NULL;
	unsigned int left = 0;

	while ((runner = next_runner(runner))) {
		if (runner->owner != module || devif_rundown_is_quiet(&runner->runs))
			continue;
		if (!devif_runner_is_closed(runner)) {
			runner->ops->end(runner);
			left++;
		}
		wait_until_quiet(runner);
	}
	return left;
}
