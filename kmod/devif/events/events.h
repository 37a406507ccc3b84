/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Listeners: the objects that get the events of a device, and that are told of its end:
 * remote interfaces, targets and event files.
 */
#ifndef DEVIF_EVENTS_H
#define DEVIF_EVENTS_H

#include <linux/list.h>
#include <linux/refcount.h>

#include "core/core.h"

/**
 * struct devif_event_item - an event in flight
 * @ref: held by the poster, and by each ring that has the event
 * @guid: kind of the event
 * @size: size of @data in bytes
 * @data: the event's data
 */
struct devif_event_item {
	refcount_t ref;
	guid_t guid;
	size_t size;
	u8 data[];
};

/* Number of events that wait for a listener at most. */
#define DEVIF_EVENTS_KEPT	64

/**
 * struct devif_event_ring - events that wait for a listener
 * @first: index in @events of the oldest event
 * @count: number of events
 * @lost: number of events lost since one was taken
 * @events: the events, each referenced; in a full ring the oldest is lost
 */
struct devif_event_ring {
	unsigned int first;
	unsigned int count;
	unsigned long lost;
	struct devif_event_item *events[DEVIF_EVENTS_KEPT];
};

/**
 * enum devif_change - a change of an interface or its device
 * @DEVIF_CHANGE_DISABLED: the interface has been disabled
 * @DEVIF_CHANGE_LEFT: the device's driver is being unbound, or the device removed
 * @DEVIF_CHANGE_GONE: the interface has been taken away
 */
enum devif_change {
	DEVIF_CHANGE_DISABLED,
	DEVIF_CHANGE_LEFT,
	DEVIF_CHANGE_GONE,
};

struct devif_listener;

/**
 * struct devif_listener_ops - type of the object that embeds a listener
 * @kind: kind of the object, in a word
 * @has_event: the listener's ring has an event
 * @changed: the listener's interface or device has changed
 * @ask: ask whether the device may be removed; return whether an answer will come, for
 *	which @await has to be called. An application has @limit jiffies to answer. %NULL if
 *	the listener has no say
 * @await: wait for the answer; return 0 to agree, a negative errno to refuse, or -EINTR if
 *	the task is killed
 * @call_off: the device stays; tell a listener that has agreed. May be %NULL
 *
 * Callbacks run with the host's listeners_lock held, in any context; but @await, which may
 * sleep, without.
 */
struct devif_listener_ops {
	const char *kind;
	void (*has_event)(struct devif_listener *listener);
	void (*changed)(struct devif_listener *listener,
			enum devif_change change);
	bool (*ask)(struct devif_listener *listener, unsigned long limit);
	int (*await)(struct devif_listener *listener);
	void (*call_off)(struct devif_listener *listener);
};

/**
 * struct devif_listener - gets the events of a device
 * @entry: in the list of the host; guarded by its listeners_lock, as the members below
 * @ops: type of the object that embeds the listener
 * @devif: interface of the device, referenced
 * @deaf: no further event is wanted
 * @holder: name of the holder; set by the owner before the listener is added
 * @ring: events not taken yet
 */
struct devif_listener {
	struct list_head entry;
	const struct devif_listener_ops *ops;
	struct devif *devif;
	bool deaf;
	char holder[DEVIF_HOLDER_SIZE];
	struct devif_event_ring ring;
};

/**
 * struct devif_listener_view - a listener as it is shown
 * @kind: kind of the object that embeds the listener
 * @interface: number of the interface
 * @holder: name of the holder
 */
struct devif_listener_view {
	const char *kind;
	unsigned int interface;
	char holder[DEVIF_HOLDER_SIZE];
};

/* listener.c */
int devif_listener_add(struct devif_listener *listener,
		       const struct devif_listener_ops *ops,
		       struct devif *devif, bool only_enabled);
void devif_listener_remove(struct devif_listener *listener);
struct devif_event_item *devif_listener_take(struct devif_listener *listener,
					     size_t most, unsigned long *lost);
bool devif_listener_tell_event(struct devif_listener *listener,
			       void (*tell)(struct devif_listener *listener,
					    const struct devif_event *event));
void devif_listener_change(struct devif_listener *listener,
			   enum devif_change change);
bool devif_listener_has_event(const struct devif_listener *listener);
struct devif_listener *
devif_listener_next(struct devif_host *host, struct devif_listener *cursor,
		    bool (*get)(struct devif_listener *listener, void *data),
		    void *data);
void devif_listeners_tell(struct devif_host *host,
			  struct devif_event_item *item);
void devif_listeners_show(const struct devif *devif, struct devif_list *list);
void devif_listener_begin_walk(struct devif_host *host,
			       struct devif_listener *cursor);
bool devif_listener_walk(struct devif_host *host, struct devif_listener *cursor,
			 struct devif_listener_view *view);
void devif_listener_end_walk(struct devif_host *host,
			     struct devif_listener *cursor);
void devif_listeners_disabled(struct devif *devif);
void devif_listeners_left(struct devif_host *host);
void devif_listeners_gone(struct devif *devif);

/* ring.c */
void devif_event_put(struct devif_event_item *item);
void devif_ring_add(struct devif_event_ring *ring, struct devif_event_item *item);
struct devif_event_item *devif_ring_peek(const struct devif_event_ring *ring);
struct devif_event_item *devif_ring_take(struct devif_event_ring *ring,
					 unsigned long *lost);
void devif_ring_empty(struct devif_event_ring *ring);

#endif /* DEVIF_EVENTS_H */
