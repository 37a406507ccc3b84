/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Receivers: objects of an importer that are called back with the events of a device, and
 * with its end. Remote interfaces and targets are receivers.
 */
#ifndef DEVIF_RECEIVER_H
#define DEVIF_RECEIVER_H

#include "events/events.h"
#include "lib/runner.h"

struct devif_receiver;

/* Bit in @due of a receiver: its end is to be told. Lower bits are the object's own. */
#define DEVIF_DUE_END	31

/**
 * struct devif_receiver_ops - type of the object that embeds a receiver
 * @runner: operations of the runner; @run is devif_receiver_run()
 * @listener: operations of the listener: devif_receiver_has_event() and
 *	devif_receiver_changed()
 * @ignores: change that is no end
 * @tell_first: make one callback more urgent than events, if one is due; return whether
 *	one was. May be %NULL
 * @tell_event: call back with an event
 * @tell_end: call back with the end
 */
struct devif_receiver_ops {
	struct devif_runner_ops runner;
	struct devif_listener_ops listener;
	enum devif_change ignores;
	bool (*tell_first)(struct devif_receiver *receiver);
	void (*tell_event)(struct devif_receiver *receiver,
			   const struct devif_event *event);
	void (*tell_end)(struct devif_receiver *receiver);
};

/**
 * struct devif_receiver - calls an importer back with events, and then with an end
 * @runner: calls back
 * @listener: gets the events, and is told of the end
 * @ops: type of the object that embeds the receiver
 * @due: bits of the callbacks due other than events
 * @ended: the end has come; guarded by the host's listeners_lock
 */
struct devif_receiver {
	struct devif_runner runner;
	struct devif_listener listener;
	const struct devif_receiver_ops *ops;
	unsigned long due;
	bool ended;
};

int devif_receiver_init(struct devif_receiver *receiver,
			const struct devif_receiver_ops *ops,
			struct device *holder, struct module *owner,
			struct lock_class_key *key);
int devif_receiver_begin(struct devif_receiver *receiver, struct devif *devif,
			 bool only_enabled);
bool devif_receiver_end(struct devif_receiver *receiver);
void devif_receiver_run(struct devif_runner *runner);
void devif_receiver_has_event(struct devif_listener *listener);
void devif_receiver_changed(struct devif_listener *listener,
			    enum devif_change change);

/**
 * devif_receiver_of_runner() - the receiver that a runner is part of
 * @runner: the runner of a receiver
 *
 * Return: the receiver
 */
static inline struct devif_receiver *devif_receiver_of_runner(struct devif_runner *runner)
{
	return container_of(runner, struct devif_receiver, runner);
}

/**
 * devif_receiver_of_listener() - the receiver that a listener is part of
 * @listener: the listener of a receiver
 *
 * Return: the receiver
 */
static inline struct devif_receiver *
devif_receiver_of_listener(struct devif_listener *listener)
{
	return container_of(listener, struct devif_receiver, listener);
}

#endif /* DEVIF_RECEIVER_H */
