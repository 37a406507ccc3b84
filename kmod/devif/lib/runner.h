/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runners: make the callbacks of subscriptions, remote interfaces and targets.
 */
#ifndef DEVIF_RUNNER_H
#define DEVIF_RUNNER_H

#include <linux/atomic.h>
#include <linux/lockdep.h>
#include <linux/workqueue.h>

#include "lib/roll.h"
#include "lib/rundown.h"

struct devif_lane;
struct devif_runner;
struct module;

/**
 * struct devif_runner_ops - type of the object that embeds a runner
 * @kind: kind of the object, in words
 * @run: make all callbacks that are due, until none is or the runner is closed; never
 *	runs twice at the same time
 * @end: end the object as its owner does; calls devif_runner_close()
 * @free: free the object, which has no users any more; may sleep
 */
struct devif_runner_ops {
	const char *kind;
	void (*run)(struct devif_runner *runner);
	void (*end)(struct devif_runner *runner);
	void (*free)(struct devif_runner *runner);
};

/**
 * struct devif_runner - makes one callback after the other, in a work item
 * @ops: type of the object that embeds the runner
 * @work: the work item
 * @member: keeps the memory, for the owner and @runs, and is in the roll of runners
 * @owner: module of the callbacks
 * @lane: lane that runs @work
 * @state: whether @work is queued or runs, see runner.c
 * @closed: no further callback is to begin
 * @task: task that runs @work now, or %NULL
 * @runs: used until the runner is closed, and while @work is queued or runs
 * @dep_map: held while @work runs, for lockdep
 */
struct devif_runner {
	const struct devif_runner_ops *ops;
	struct work_struct work;
	struct devif_member member;
	struct module *owner;
	struct devif_lane *lane;
	atomic_t state;
	unsigned long closed;
	struct task_struct *task;
	struct devif_rundown runs;
	struct lockdep_map dep_map;
};

int devif_runner_init(struct devif_runner *runner,
		      const struct devif_runner_ops *ops, struct module *owner,
		      struct lock_class_key *key);
void devif_runner_kick(struct devif_runner *runner);
bool devif_runner_is_closed(const struct devif_runner *runner);
bool devif_runner_is_inside(const struct devif_runner *runner);
bool devif_runner_begin_close(struct devif_runner *runner);
void devif_runner_close(struct devif_runner *runner);
void devif_runner_discard(struct devif_runner *runner);
void devif_runner_get(struct devif_runner *runner);
void devif_runner_put(struct devif_runner *runner);

/* lane.c */
struct devif_lane *devif_lane_enter(void);
void devif_lane_leave(struct devif_lane *lane);
void devif_lane_queue(struct devif_lane *lane, struct work_struct *work);

#endif /* DEVIF_RUNNER_H */
