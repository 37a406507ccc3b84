// SPDX-License-Identifier: GPL-2.0
/*
 * Receivers: the callbacks of an importer's objects. The end is told once, after all
 * events before it.
 */
#include "events/receiver.h"

/**
 * devif_receiver_init() - set up a receiver
 * @receiver: the receiver, zeroed, in memory that @ops->runner.free frees
 * @ops: type of the object that embeds the receiver
 * @holder: device of the holder, or %NULL
 * @owner: module of the callbacks
 * @key: lock class, in @owner
 *
 * Context: May sleep.
 *
 * Return: 0, or -ENOMEM; then nothing is to be undone
 */
int devif_receiver_init(struct devif_receiver *receiver,
			const struct devif_receiver_ops *ops,
			struct device *holder, struct module *owner,
			struct lock_class_key *key)
{
	receiver->ops = ops;
	devif_name_holder(receiver->listener.holder, holder, owner);
	return devif_runner_init(&receiver->runner, &ops->runner, owner, key);
}

/**
 * devif_receiver_begin() - begin to be called back
 * @receiver: the receiver; freed if this fails
 * @devif: interface of the device
 * @only_enabled: fail if the interface is disabled
 *
 * Context: May sleep.
 *
 * Return: 0, or -ENODEV as devif_listener_add()
 */
int devif_receiver_begin(struct devif_receiver *receiver, struct devif *devif,
			 bool only_enabled)
{
	int ret = devif_listener_add(&receiver->listener, &receiver->ops->listener,
				     devif, only_enabled);

	if (ret)
		devif_runner_discard(&receiver->runner);
	return ret;
}

/**
 * devif_receiver_end() - begin no further callback
 * @receiver: the receiver
 *
 * Context: May sleep.
 *
 * Return: whether the caller is the one to call devif_runner_close()
 */
bool devif_receiver_end(struct devif_receiver *receiver)
{
	if (!devif_runner_begin_close(&receiver->runner))
		return false;
	devif_listener_remove(&receiver->listener);
	return true;
}

/**
 * devif_receiver_has_event() - have an event told
 * @listener: listener of the receiver
 *
 * Context: Any, with the host's listeners_lock held.
 */
void devif_receiver_has_event(struct devif_listener *listener)
{
	devif_runner_kick(&devif_receiver_of_listener(listener)->runner);
}

/**
 * devif_receiver_changed() - have the end told, if a change is an end
 * @listener: listener of the receiver
 * @change: the change
 *
 * Context: Any, with the host's listeners_lock held.
 */
void devif_receiver_changed(struct devif_listener *listener, enum devif_change change)
{
	struct devif_receiver *receiver = devif_receiver_of_listener(listener);

	if (change == receiver->ops->ignores || receiver->ended)
		return;
	receiver->ended = true;
	listener->deaf = true;
	set_bit(DEVIF_DUE_END, &receiver->due);
	devif_runner_kick(&receiver->runner);
}

static void receiver_tell_event(struct devif_listener *listener,
				const struct devif_event *event)
{
	struct devif_receiver *receiver = devif_receiver_of_listener(listener);

	receiver->ops->tell_event(receiver, event);
}

/* Look whether the end is due before events: once it is, no event is added. */
static bool receiver_tell_next(struct devif_receiver *receiver)
{
	const struct devif_receiver_ops *ops = receiver->ops;
	bool end_is_due = test_bit(DEVIF_DUE_END, &receiver->due);

	/* new events may keep coming, so tell one at a time */
	if ((ops->tell_first && ops->tell_first(receiver)) ||
	    devif_listener_tell_event(&receiver->listener, receiver_tell_event))
		return true;
	if (end_is_due) {
		clear_bit(DEVIF_DUE_END, &receiver->due);
		ops->tell_end(receiver);
	}
	return end_is_due;
}

/**
 * devif_receiver_run() - call back until nothing is due
 * @runner: runner of the receiver
 *
 * Context: Work item of the runner.
 */
void devif_receiver_run(struct devif_runner *runner)
{
	struct devif_receiver *receiver = devif_receiver_of_runner(runner);

	while (!devif_runner_is_closed(runner) && receiver_tell_next(receiver))
		;
}
