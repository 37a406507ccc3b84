// SPDX-License-Identifier: GPL-2.0
/*
 * Removal in good order: targets are asked, one after the other, and any may refuse.
 *
 * A target is asked by its own runner, like all that it is told, and who asks waits
 * for the answer.
 */
#include <linux/device.h>

#include "target.h"
#include "wait.h"

/**
 * devif_target_answer() - ask a target, and pass its answer on
 * @target: the target
 *
 * Context: Its runner.
 */
void devif_target_answer(struct devif_target *target)
{
	struct devif_host *host = target->listener.devif->host;
	const struct devif_target_desc *desc = &target->desc;
	unsigned int question;
	int answer = 0;

	spin_lock_irq(&host->listeners_lock);
	question = target->question;
	spin_unlock_irq(&host->listeners_lock);

	if (desc->query_remove)
		answer = desc->query_remove(target, desc->data);
	if (answer >= 0)
		devif_target_close(target);

	spin_lock_irq(&host->listeners_lock);
	if (question == target->question) {
		target->answer = answer;
		target->agreed = answer >= 0;
		clear_bit(DEVIF_DUE_QUERY, &target->due);
	} else if (answer >= 0 && !target->ended) {
		/* whoever has asked was killed, and called it off */
		set_bit(DEVIF_DUE_CANCELLED, &target->due);
	}
	spin_unlock_irq(&host->listeners_lock);
	wake_up_all(&target->changed);
}

/* Is a file open, or being opened, whose exporter is there? */
static bool is_in_use(struct devif_target *target)
{
	struct devif_open_file *open;
	bool in_use;

	rcu_read_lock();
	open = rcu_dereference(target->file);
	in_use = open && !devif_file_is_gone(open);
	rcu_read_unlock();
	return in_use;
}

/* Context: Lock of listeners held, so the target is not being destroyed. */
static bool begin_to_ask(struct devif_listener *listener)
{
	struct devif_target *target = devif_target_of(listener);

	if (!target)
		return false;
	/* one that was told of the end has no say, unless it was opened again */
	if (target->ended && !is_in_use(target))
		return false;
	/* who asks in a callback of its own would wait for itself */
	if (devif_runner_is_inside(&target->runner))
		return false;
	target->answer = 0;
	target->question++;
	set_bit(DEVIF_DUE_QUERY, &target->due);
	devif_runner_get(&target->runner);
	devif_runner_kick(&target->runner);
	return true;
}

/* Nobody waits for the answer any more; it may be on its way. */
static void take_question_back(struct devif_target *target)
{
	struct devif_host *host = target->listener.devif->host;

	spin_lock_irq(&host->listeners_lock);
	target->question++;
	clear_bit(DEVIF_DUE_QUERY, &target->due);
	spin_unlock_irq(&host->listeners_lock);
}

/* One that is being destroyed agrees. Return 0, -EBUSY or -EINTR. */
static int wait_for_answer(struct devif_target *target)
{
	const char *name = devif_link_name(target->listener.devif);
	const char *holder = target->listener.holder;
	int answer, ret;

	ret = devif_wait_event_killable(target->changed,
					!test_bit(DEVIF_DUE_QUERY, &target->due),
					"devif: %s: waiting for %s to say whether it may be removed",
					name, holder);
	if (ret) {
		take_question_back(target);
		return ret;
	}
	answer = READ_ONCE(target->answer);
	if (answer >= 0)
		return 0;
	pr_info("devif: %s: removal refused by %s: error %d\n", name, holder,
		answer);
	return -EBUSY;
}

static int ask_all(struct devif_host *host)
{
	struct devif_listener *listener;
	struct devif_target *target;
	int ret = 0;
	u64 id = 0;

	while (!ret &&
	       (listener = devif_listener_next(host, &id, begin_to_ask))) {
		target = devif_target_of(listener);
		ret = wait_for_answer(target);
		devif_runner_put(&target->runner);
	}
	return ret;
}

/* Context: Lock of listeners held. */
static bool tell_if_agreed(struct devif_listener *listener)
{
	struct devif_target *target = devif_target_of(listener);

	if (!target || !target->agreed || target->ended)
		return false;
	target->agreed = false;
	set_bit(DEVIF_DUE_CANCELLED, &target->due);
	devif_runner_kick(&target->runner);
	return false;
}

static void call_off(struct devif_host *host)
{
	u64 id = 0;

	mutex_lock(&devif_registry_lock);
	WRITE_ONCE(host->remove_pending, false);
	/* before somebody else asks, whose answers these are not */
	devif_listener_next(host, &id, tell_if_agreed);
	mutex_unlock(&devif_registry_lock);
}

/* User space cannot be asked. */
static int check_users(struct devif_host *host)
{
	if (!atomic_read(&host->open_by_user))
		return 0;
	pr_info("devif: %s: removal refused: it is open in user space\n",
		host->id);
	return -EBUSY;
}

static int begin_removal(struct devif_host *host)
{
	int ret = -EBUSY;

	mutex_lock(&devif_registry_lock);
	if (!host->remove_pending) {
		WRITE_ONCE(host->remove_pending, true);
		/* pairs with the barrier in devif_file_open() */
		smp_mb();
		ret = check_users(host);
		if (ret)
			WRITE_ONCE(host->remove_pending, false);
	}
	mutex_unlock(&devif_registry_lock);
	return ret;
}

int devif_query_remove(struct device *dev)
{
	struct devif_host *host;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(dev)) {
		pr_err_ratelimited("devif: query remove: no device\n");
		return -EINVAL;
	}
	host = devif_host_find(dev);
	if (!host)
		return 0;
	ret = begin_removal(host);
	if (!ret) {
		ret = ask_all(host);
		if (ret)
			call_off(host);
	}
	devif_host_put(host);
	return ret;
}
EXPORT_SYMBOL_DEVIF(devif_query_remove);

void devif_cancel_remove(struct device *dev)
{
	struct devif_host *host;

	might_sleep();
	host = IS_ERR_OR_NULL(dev) ? NULL : devif_host_find(dev);
	if (!host)
		return;
	call_off(host);
	devif_host_put(host);
}
EXPORT_SYMBOL_DEVIF(devif_cancel_remove);
