// SPDX-License-Identifier: GPL-2.0
/*
 * Remote interfaces: an importer's object for an interface that has arrived.
 */
#include <linux/slab.h>

#include "events/events.h"
#include "lib/runner.h"

/**
 * struct devif_remote - a remote interface
 * @runner: calls back
 * @listener: gets the events, and hears of the end
 * @desc: what to call
 * @ended: the interface has been removed; guarded by the lock of listeners
 * @removal_due: the importer is to be told of that, after the events before it
 */
struct devif_remote {
	struct devif_runner runner;
	struct devif_listener listener;
	struct devif_remote_desc desc;
	bool ended;
	unsigned long removal_due;
};

static struct devif_remote *to_remote(struct devif_runner *runner)
{
	return container_of(runner, struct devif_remote, runner);
}

static struct devif_remote *remote_of_listener(struct devif_listener *listener)
{
	return container_of(listener, struct devif_remote, listener);
}

static void remote_has_event(struct devif_listener *listener)
{
	devif_runner_kick(&remote_of_listener(listener)->runner);
}

static void remote_changed(struct devif_listener *listener, enum devif_change change)
{
	struct devif_remote *remote = remote_of_listener(listener);

	if (change == DEVIF_CHANGE_LEFT || remote->ended)
		return;
	remote->ended = true;
	listener->deaf = true;
	set_bit(0, &remote->removal_due);
	devif_runner_kick(&remote->runner);
}

static const struct devif_listener_ops remote_listener_ops = {
	.kind = "remote",
	.has_event = remote_has_event,
	.changed = remote_changed,
};

static void remote_tell_event(struct devif_listener *listener,
			      const struct devif_event *event)
{
	struct devif_remote *remote = remote_of_listener(listener);

	if (remote->desc.event)
		remote->desc.event(remote, event, remote->desc.data);
}

static void tell_removal(struct devif_remote *remote)
{
	clear_bit(0, &remote->removal_due);
	if (remote->desc.removal)
		remote->desc.removal(remote, remote->desc.data);
}

/* No event is added once the removal is due, so look at that first. */
static bool remote_tell_next(struct devif_remote *remote)
{
	bool removal_due = test_bit(0, &remote->removal_due);

	if (devif_listener_tell_event(&remote->listener, remote_tell_event))
		return true;
	if (removal_due)
		tell_removal(remote);
	return removal_due;
}

static void run_remote(struct devif_runner *runner)
{
	struct devif_remote *remote = to_remote(runner);

	while (!devif_runner_is_closed(runner) && remote_tell_next(remote))
		;
}

static void end_remote(struct devif_runner *runner)
{
	if (!devif_runner_begin_close(runner))
		return;
	devif_listener_remove(&to_remote(runner)->listener);
	devif_runner_close(runner);
}

static void free_remote(struct devif_runner *runner)
{
	struct devif_remote *remote = to_remote(runner);

	devif_put(remote->listener.devif);
	kfree(remote);
}

static const struct devif_runner_ops remote_ops = {
	.kind = "remote interface",
	.run = run_remote,
	.end = end_remote,
	.free = free_remote,
};

int __devif_remote_create(struct devif *devif,
			  const struct devif_remote_desc *desc,
			  struct module *owner, struct lock_class_key *key,
			  struct devif_remote **result)
{
	struct devif_remote *remote;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(devif) || !desc || !result) {
		pr_err_ratelimited("devif: remote interface: no interface, description or result\n");
		return -EINVAL;
	}
	remote = kzalloc(sizeof(*remote), GFP_KERNEL);
	if (!remote)
		return -ENOMEM;
	remote->desc = *desc;
	ret = devif_runner_init(&remote->runner, &remote_ops, owner, key);
	if (ret) {
		kfree(remote);
		return ret;
	}
	devif_name_holder(remote->listener.holder, NULL, owner);
	*result = remote;
	ret = devif_listener_add(&remote->listener, &remote_listener_ops, devif,
				 true);
	if (ret) {
		*result = NULL;
		devif_runner_discard(&remote->runner);
	}
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devif_remote_create);

void devif_remote_destroy(struct devif_remote *remote)
{
	might_sleep();
	if (!IS_ERR_OR_NULL(remote))
		end_remote(&remote->runner);
}
EXPORT_SYMBOL_DEVIF(devif_remote_destroy);

struct devif *devif_remote_interface(struct devif_remote *remote)
{
	return IS_ERR_OR_NULL(remote) ? NULL : remote->listener.devif;
}
EXPORT_SYMBOL_DEVIF(devif_remote_interface);
