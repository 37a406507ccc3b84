// SPDX-License-Identifier: GPL-2.0
/*
 * The consent of targets to the removal of their device (K7).
 *
 * The runner of a target calls it back with the question, as with all else, and the task
 * that asks waits for the answer.
 */
#include "file/target.h"
#include "lib/wait.h"

/* Does a target have a file, open or being opened, whose exporter is there? */
static bool target_is_in_use(struct devif_target *target)
{
	struct devif_open_file *open;
	bool in_use;

	rcu_read_lock();
	open = rcu_dereference(target->file);
	in_use = open && !devif_file_is_gone(open);
	rcu_read_unlock();
	return in_use;
}

/**
 * devif_target_ask() - ask a target whether its device may be removed
 * @listener: listener of the target
 * @limit: not used: the log names a target that is slow
 *
 * Context: The host's listeners_lock held, so the target is not being destroyed.
 *
 * Return: whether the target has a say; then devif_target_await() follows
 */
bool devif_target_ask(struct devif_listener *listener, unsigned long limit)
{
	struct devif_target *target = devif_target_of(listener);

	/* a target that was told of the end has no say, unless it was opened again */
	if (target->receiver.ended && !target_is_in_use(target))
		return false;
	/* a callback of this target that asks would wait for itself */
	if (devif_runner_is_inside(&target->receiver.runner))
		return false;
	target->answer = 0;
	target->question++;
	set_bit(DEVIF_DUE_QUERY, &target->receiver.due);
	devif_runner_get(&target->receiver.runner);
	devif_runner_kick(&target->receiver.runner);
	return true;
}

/* Stop waiting for an answer, which may be on its way. */
static void target_take_back(struct devif_target *target)
{
	struct devif_host *host = target->receiver.listener.devif->host;

	spin_lock_irq(&host->listeners_lock);
	target->question++;
	clear_bit(DEVIF_DUE_QUERY, &target->receiver.due);
	spin_unlock_irq(&host->listeners_lock);
}

static int target_await(struct devif_target *target)
{
	int ret = devif_wait_event_killable(target->changed,
					    !test_bit(DEVIF_DUE_QUERY,
						      &target->receiver.due),
					    "%s: waiting for %s to say whether it may be removed",
					    devif_link_name(target->receiver.listener.devif),
					    target->receiver.listener.holder);
	int answer;

	if (ret) {
		target_take_back(target);
		return ret;
	}
	answer = min(READ_ONCE(target->answer), 0);
	/* -EINTR is the asking task's */
	return answer == -EINTR ? -EBUSY : answer;
}

/**
 * devif_target_await() - wait for the answer of a target
 * @listener: listener of a target that was asked; given back
 *
 * Context: May sleep.
 *
 * Return: 0, also if the target is being destroyed; the errno of the target; or -EINTR if
 * the process is killed
 */
int devif_target_await(struct devif_listener *listener)
{
	struct devif_target *target = devif_target_of(listener);
	int ret = target_await(target);

	devif_runner_put(&target->receiver.runner);
	return ret;
}

/**
 * devif_target_call_off() - tell a target that has agreed that its device stays
 * @listener: listener of the target
 *
 * Context: The host's listeners_lock held.
 */
void devif_target_call_off(struct devif_listener *listener)
{
	struct devif_target *target = devif_target_of(listener);

	if (!target->agreed || target->receiver.ended)
		return;
	target->agreed = false;
	set_bit(DEVIF_DUE_CANCELLED, &target->receiver.due);
	devif_runner_kick(&target->receiver.runner);
}

/* An importer that does not know its target yet is not asked, and will not get it. */
static bool target_is_known(struct devif_target *target)
{
	guard(mutex)(&target->lock);
	if (target->stage == DEVIF_TARGET_OPENING)
		WRITE_ONCE(target->stage, DEVIF_TARGET_UNWANTED);
	return target->stage == DEVIF_TARGET_KNOWN;
}

/**
 * devif_target_answer() - call a target back with the question, and pass the answer on
 * @target: a target that was asked
 *
 * Context: Work item of the runner.
 */
void devif_target_answer(struct devif_target *target)
{
	struct devif_host *host = target->receiver.listener.devif->host;
	const struct devif_target_desc *desc = &target->desc;
	unsigned int question;
	int answer = 0;

	spin_lock_irq(&host->listeners_lock);
	question = target->question;
	spin_unlock_irq(&host->listeners_lock);

	if (target_is_known(target) && desc->query_remove)
		answer = desc->query_remove(target, desc->data);
	if (answer >= 0)
		devif_target_close(target);

	spin_lock_irq(&host->listeners_lock);
	if (question == target->question) {
		target->answer = answer;
		target->agreed = answer >= 0;
		clear_bit(DEVIF_DUE_QUERY, &target->receiver.due);
	} else if (answer >= 0 && !target->receiver.ended) {
		/* the task that has asked was killed, and has called the removal off */
		set_bit(DEVIF_DUE_CANCELLED, &target->receiver.due);
	}
	spin_unlock_irq(&host->listeners_lock);
	wake_up_all(&target->changed);
}
