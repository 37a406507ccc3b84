// SPDX-License-Identifier: GPL-2.0
/*
 * Remote interfaces: an importer's object for an interface that has arrived.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>

#include "events/receiver.h"

/**
 * struct devif_remote - a remote interface
 * @receiver: tells the events, and the removal of the interface
 * @desc: callbacks
 */
struct devif_remote {
	struct devif_receiver receiver;
	struct devif_remote_desc desc;
};

static struct devif_remote *to_remote(struct devif_receiver *receiver)
{
	return container_of(receiver, struct devif_remote, receiver);
}

static void remote_tell_event(struct devif_receiver *receiver,
			      const struct devif_event *event)
{
	struct devif_remote *remote = to_remote(receiver);

	if (remote->desc.event)
		remote->desc.event(remote, event, remote->desc.data);
}

static void remote_tell_removal(struct devif_receiver *receiver)
{
	struct devif_remote *remote = to_remote(receiver);

	if (remote->desc.removal)
		remote->desc.removal(remote, remote->desc.data);
}

static void end_remote(struct devif_runner *runner)
{
	if (devif_receiver_end(devif_receiver_of_runner(runner)))
		devif_runner_close(runner);
}

static void free_remote(struct devif_runner *runner)
{
	struct devif_receiver *receiver = devif_receiver_of_runner(runner);

	devif_put(receiver->listener.devif);
	kfree(to_remote(receiver));
}

static const struct devif_receiver_ops remote_ops = {
	.runner = {
		.kind = "remote interface",
		.run = devif_receiver_run,
		.end = end_remote,
		.free = free_remote,
	},
	.listener = {
		.kind = "remote",
		.has_event = devif_receiver_has_event,
		.changed = devif_receiver_changed,
	},
	.ignores = DEVIF_CHANGE_LEFT,
	.tell_event = remote_tell_event,
	.tell_end = remote_tell_removal,
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
		pr_err_ratelimited("remote interface: no interface, description or result\n");
		return -EINVAL;
	}
	remote = kzalloc(sizeof(*remote), GFP_KERNEL);
	if (!remote)
		return -ENOMEM;
	remote->desc = *desc;
	ret = devif_receiver_init(&remote->receiver, &remote_ops, NULL, owner, key);
	if (ret) {
		kfree(remote);
		return ret;
	}
	*result = remote;
	ret = devif_receiver_begin(&remote->receiver, devif, true);
	if (ret)
		*result = NULL;
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devif_remote_create);

void devif_remote_destroy(struct devif_remote *remote)
{
	might_sleep();
	if (!IS_ERR_OR_NULL(remote))
		end_remote(&remote->receiver.runner);
}
EXPORT_SYMBOL_DEVIF(devif_remote_destroy);

struct devif *devif_remote_interface(struct devif_remote *remote)
{
	return IS_ERR_OR_NULL(remote) ? NULL : remote->receiver.listener.devif;
}
EXPORT_SYMBOL_DEVIF(devif_remote_interface);
