/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Targets, for target.c, request.c and target_query.c.
 */
#ifndef DEVIF_TARGET_INTERNAL_H
#define DEVIF_TARGET_INTERNAL_H

#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "events/receiver.h"
#include "file/file.h"

/**
 * enum devif_target_due - callbacks due to a target before events, in this order
 * @DEVIF_DUE_CANCELLED: remove_cancelled(): the device is not removed after all
 * @DEVIF_DUE_QUERY: query_remove(): may the device be removed?
 */
enum devif_target_due {
	DEVIF_DUE_CANCELLED,
	DEVIF_DUE_QUERY,
};

/**
 * enum devif_target_stage - whether the importer knows a target
 * @DEVIF_TARGET_KNOWN: yes: its callbacks are called
 * @DEVIF_TARGET_OPENING: not yet: the call that makes the target is opening it
 * @DEVIF_TARGET_UNWANTED: no, and never: the device may be about to be removed
 */
enum devif_target_stage {
	DEVIF_TARGET_KNOWN,
	DEVIF_TARGET_OPENING,
	DEVIF_TARGET_UNWANTED,
};

/**
 * struct devif_target - a target
 * @receiver: tells the events, and that the device has gone; its @due also has bits of
 *	enum devif_target_due
 * @desc: callbacks
 * @lock: held while @file changes; no callback and no wait under it
 * @file: the open file, or one being opened; RCU
 * @closing: the former @file is being closed; guarded by @lock
 * @stage: whether the importer knows the target; guarded by @lock, read without
 * @agreed: the importer has agreed to a removal that may be cancelled; guarded by the
 *	host's listeners_lock
 * @question: number of the last query, or of its withdrawal; guarded as @agreed
 * @answer: answer to the last query; negative: refused
 * @changed: woken when @answer is set, and when @closing ends
 * @request_wq: makes and completes the requests
 * @free_work: frees the target
 */
struct devif_target {
	struct devif_receiver receiver;
	struct devif_target_desc desc;
	struct mutex lock;		/* for the next three */
	struct devif_open_file __rcu *file;
	bool closing;
	enum devif_target_stage stage;
	bool agreed;
	unsigned int question;
	int answer;
	wait_queue_head_t changed;
	struct workqueue_struct *request_wq;
	struct work_struct free_work;
};

/**
 * devif_target_of() - the target that a listener is part of
 * @listener: listener of a target
 *
 * Return: the target
 */
static inline struct devif_target *devif_target_of(struct devif_listener *listener)
{
	return container_of(devif_receiver_of_listener(listener), struct devif_target,
			    receiver);
}

#endif /* DEVIF_TARGET_INTERNAL_H */
