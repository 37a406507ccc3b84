// SPDX-License-Identifier: GPL-2.0
/*
 * Lanes: workqueues of runners, with few enough in each that none waits for another.
 *
 * A workqueue runs a limited number of work items at a time, and blocked ones count. A
 * lane has no more runners than it runs work items at a time, so a runner that was kicked
 * runs, however many others block, and for however long. Threads come from the kernel's
 * pool, which has as many as are busy.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>
#include <linux/spinlock.h>

#include "lib/lib.h"
#include "lib/runner.h"
#include "lib/wait.h"

/*
 * As many work items as any unbound workqueue is able to run at a time, also on a node
 * of the machine that has few processors: WQ_DFL_MIN_ACTIVE, which has no name before
 * 6.9.
 */
#define RUNNERS_MOST	8

/**
 * struct devif_lane - a workqueue of runners
 * @entry: in the list of lanes that have room
 * @wq: runs the work items of the runners
 * @runners: number of runners
 * @end_work: frees the lane
 */
struct devif_lane {
	struct list_head entry;
	struct workqueue_struct *wq;
	unsigned int runners;
	struct work_struct end_work;
};

/* Guards the variables below, and the numbers of runners. */
static DEFINE_SPINLOCK(lanes_lock);
static LIST_HEAD(lanes_with_room);
static unsigned int runners_in_all;
static DECLARE_WAIT_QUEUE_HEAD(lanes_empty);

static void lane_end(struct work_struct *work)
{
	struct devif_lane *lane = container_of(work, struct devif_lane,
					       end_work);

	destroy_workqueue(lane->wq);
	kfree(lane);
}

static struct devif_lane *lane_alloc(void)
{
	struct devif_lane *lane = kzalloc(sizeof(*lane), GFP_KERNEL);

	if (!lane)
		return NULL;
	lane->wq = alloc_workqueue("devif_callback", WQ_UNBOUND, RUNNERS_MOST);
	if (!lane->wq) {
		kfree(lane);
		return NULL;
	}
	INIT_WORK(&lane->end_work, lane_end);
	return lane;
}

/* Enter @lane, which is in no list yet, or one that has room. */
static struct devif_lane *lane_enter(struct devif_lane *lane)
{
	spin_lock(&lanes_lock);
	if (lane)
		list_add(&lane->entry, &lanes_with_room);
	else
		lane = list_first_entry_or_null(&lanes_with_room,
						struct devif_lane, entry);
	if (lane) {
		runners_in_all++;
		if (++lane->runners == RUNNERS_MOST)
			list_del(&lane->entry);
	}
	spin_unlock(&lanes_lock);
	return lane;
}

/**
 * devif_lane_enter() - find a lane for one more runner
 *
 * Context: May sleep.
 *
 * Return: the lane, for devif_lane_leave(), or %NULL without memory
 */
struct devif_lane *devif_lane_enter(void)
{
	struct devif_lane *lane = lane_enter(NULL);

	if (lane)
		return lane;
	lane = lane_alloc();
	return lane ? lane_enter(lane) : NULL;
}

/**
 * devif_lane_leave() - let go of the lane of a runner
 * @lane: the lane; it goes with its last runner if another lane has room. The caller may
 *	be a work item in it
 *
 * Context: Process; does not sleep.
 */
void devif_lane_leave(struct devif_lane *lane)
{
	spin_lock(&lanes_lock);
	if (lane->runners-- == RUNNERS_MOST)
		list_add_tail(&lane->entry, &lanes_with_room);
	if (!lane->runners && !list_is_singular(&lanes_with_room)) {
		list_del(&lane->entry);
		queue_work(devif_wq, &lane->end_work);
	}
	if (!--runners_in_all)
		wake_up(&lanes_empty);
	spin_unlock(&lanes_lock);
}

/**
 * devif_lane_queue() - have the work item of a runner run
 * @lane: its lane
 * @work: the work item, which is not queued
 *
 * Context: Any.
 */
void devif_lane_queue(struct devif_lane *lane, struct work_struct *work)
{
	queue_work(lane->wq, work);
}

static bool lanes_are_empty(void)
{
	bool empty;

	spin_lock(&lanes_lock);
	empty = !runners_in_all;
	spin_unlock(&lanes_lock);
	return empty;
}

/**
 * devif_lanes_exit() - wait until the last runner has gone, and free the lanes left
 *
 * Context: May sleep; no module with callbacks is loaded. Destroying devif_wq completes
 * the end_work of lanes that are going.
 */
void devif_lanes_exit(void)
{
	struct devif_lane *lane, *next;

	devif_wait_event(lanes_empty, lanes_are_empty(),
			 "unloading waits for %u callbacks to end",
			 READ_ONCE(runners_in_all));
	list_for_each_entry_safe(lane, next, &lanes_with_room, entry)
		lane_end(&lane->end_work);
}
