// SPDX-License-Identifier: GPL-2.0
/*
 * Removal in good order: targets are asked, one after the other, and any may refuse.
 *
 * The devices below a device go with it, and their interfaces may be open by an export of
 * the device. So their targets are asked too, children first.
 *
 * The runner of a target calls it back with the question, as with all else, and
 * devif_query_remove() waits for the answer.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>

#include "file/target.h"
#include "lib/wait.h"

/* Does a target have a file, open or being opened, whose exporter is there? */
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

/* Context: The host's listeners_lock held, so the target is not being destroyed. */
static bool begin_to_ask(struct devif_listener *listener, void *data)
{
	struct devif_target *target = devif_target_of(listener);

	if (!target)
		return false;
	/* a target that was told of the end has no say, unless it was opened again */
	if (target->receiver.ended && !is_in_use(target))
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
static void take_question_back(struct devif_target *target)
{
	struct devif_host *host = target->receiver.listener.devif->host;

	spin_lock_irq(&host->listeners_lock);
	target->question++;
	clear_bit(DEVIF_DUE_QUERY, &target->receiver.due);
	spin_unlock_irq(&host->listeners_lock);
}

/* A target that is being destroyed agrees. Return 0, -EBUSY or -EINTR. */
static int wait_for_answer(struct devif_target *target)
{
	const char *name = devif_link_name(target->receiver.listener.devif);
	const char *holder = target->receiver.listener.holder;
	int answer, ret;

	ret = devif_wait_event_killable(target->changed,
					!test_bit(DEVIF_DUE_QUERY, &target->receiver.due),
					"%s: waiting for %s to say whether it may be removed",
					name, holder);
	if (ret) {
		take_question_back(target);
		return ret;
	}
	answer = READ_ONCE(target->answer);
	if (answer >= 0)
		return 0;
	pr_info("%s: removal refused by %s: error %d\n", name, holder,
		answer);
	return -EBUSY;
}

static int ask_all(struct devif_host *host)
{
	struct devif_listener *listener, cursor = {};
	struct devif_target *target;
	int ret = 0;

	devif_listener_begin_walk(host, &cursor);
	while (!ret &&
	       (listener = devif_listener_next(host, &cursor, begin_to_ask, NULL))) {
		target = devif_target_of(listener);
		ret = wait_for_answer(target);
		devif_runner_put(&target->receiver.runner);
	}
	devif_listener_end_walk(host, &cursor);
	return ret;
}

/* Context: The host's listeners_lock held. */
static bool tell_if_agreed(struct devif_listener *listener, void *data)
{
	struct devif_target *target = devif_target_of(listener);

	if (!target || !target->agreed || target->receiver.ended)
		return false;
	target->agreed = false;
	set_bit(DEVIF_DUE_CANCELLED, &target->receiver.due);
	devif_runner_kick(&target->receiver.runner);
	return false;
}

/* A visit to the hosts of a device and of all devices below. */
struct visit {
	int (*fn)(struct devif_host *host, const struct visit *visit);
	const struct devif_host *top;
};

/* Visit children first, until one visit returns an error. */
static int visit_below(struct device *dev, void *data)
{
	const struct visit *visit = data;
	struct devif_host *host;
	int ret;

	ret = device_for_each_child(dev, data, visit_below);
	host = ret ? NULL : devif_host_find(dev);
	if (host) {
		ret = visit->fn(host, visit);
		devif_host_put(host);
	}
	return ret;
}

static int visit_all(struct device *dev, struct devif_host *top,
		     int (*fn)(struct devif_host *host,
			       const struct visit *visit))
{
	struct visit visit = { .fn = fn, .top = top };

	return visit_below(dev, &visit);
}

static int ask_host(struct devif_host *host, const struct visit *visit)
{
	return ask_all(host);
}

/* Is a device below the top of this query-remove at the top of another one? */
static bool is_asked_for(const struct devif_host *host, const struct visit *visit)
{
	return host != visit->top &&
	       READ_ONCE(host->removal) != DEVIF_REMOVAL_NONE;
}

static int call_off_host(struct devif_host *host, const struct visit *visit)
{
	struct devif_listener cursor = {};

	if (is_asked_for(host, visit))
		return 0;
	devif_listener_begin_walk(host, &cursor);
	devif_listener_next(host, &cursor, tell_if_agreed, NULL);
	devif_listener_end_walk(host, &cursor);
	return 0;
}

static void set_removal(struct devif_host *host, enum devif_removal removal)
{
	guard(mutex)(&devif_registry_lock);
	WRITE_ONCE(host->removal, removal);
}

/* Change the state from @from to @to; return false if it is not @from by now. */
static bool change_removal(struct devif_host *host, enum devif_removal from,
			   enum devif_removal to)
{
	guard(mutex)(&devif_registry_lock);
	if (host->removal != from)
		return false;
	WRITE_ONCE(host->removal, to);
	return true;
}

/* A target that has been told may open again; no new query begins until all are told. */
static void removal_call_off(struct device *dev, struct devif_host *host)
{
	visit_all(dev, host, call_off_host);
	set_removal(host, DEVIF_REMOVAL_NONE);
}

/* User space cannot be asked; another query-remove of a device below comes first. */
static int check_host(struct devif_host *host, const struct visit *visit)
{
	if (is_asked_for(host, visit))
		return -EBUSY;
	if (!atomic_read(&host->open_by_user))
		return 0;
	pr_info("%s: removal refused: it is open in user space\n",
		host->id);
	return -EBUSY;
}

/* Fail, before any target is asked, if another query-remove goes on above or below. */
static int removal_check(struct device *dev, struct devif_host *host)
{
	if (devif_removal_above(dev) != DEVIF_REMOVAL_NONE)
		return -EBUSY;
	return visit_all(dev, host, check_host);
}

static int ask_below(struct device *dev, struct devif_host *host)
{
	int ret;

	if (!change_removal(host, DEVIF_REMOVAL_NONE, DEVIF_REMOVAL_PENDING))
		return -EBUSY;
	/* pairs with the barrier in list_file() of file.c */
	smp_mb();
	ret = removal_check(dev, host);
	if (ret) {
		/* no target was asked */
		set_removal(host, DEVIF_REMOVAL_NONE);
		return ret;
	}
	ret = visit_all(dev, host, ask_host);
	if (ret) {
		set_removal(host, DEVIF_REMOVAL_CALLED_OFF);
		removal_call_off(dev, host);
	}
	return ret;
}

int devif_query_remove(struct device *dev)
{
	struct devif_host *host;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(dev)) {
		pr_err_ratelimited("query remove: no device\n");
		return -EINVAL;
	}
	host = devif_host_find(dev);
	if (!host)
		return 0;
	ret = ask_below(dev, host);
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
	/* a new driver ends a pending removal, but does not tell targets that had agreed */
	if (change_removal(host, DEVIF_REMOVAL_PENDING, DEVIF_REMOVAL_CALLED_OFF) ||
	    change_removal(host, DEVIF_REMOVAL_NONE, DEVIF_REMOVAL_CALLED_OFF))
		removal_call_off(dev, host);
	devif_host_put(host);
}
EXPORT_SYMBOL_DEVIF(devif_cancel_remove);
