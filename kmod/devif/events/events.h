/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Listeners: who is to get the events of a device, and to hear of its end: remote
 * interfaces, targets, and event files.
 */
#ifndef DEVIF_EVENTS_H
#define DEVIF_EVENTS_H

#include <linux/list.h>
#include <linux/refcount.h>

#include "core/core.h"

/**
 * struct devif_event_item - an event on its way
 * @ref: the poster, and each ring that it is in
 * @guid: what has happened
 * @size: of @data in bytes
 * @data: what it comes with
 */
struct devif_event_item {
	refcount_t ref;
	guid_t guid;
	size_t size;
	u8 data[];
};

/* How many events wait for a receiver at most. */
#define DEVIF_EVENTS_KEPT	64

/**
 * struct devif_event_ring - events that wait for a receiver
 * @first: index in @events of the oldest
 * @count: how many there are
 * @lost: how many have been lost since one was taken
 * @events: the events, each referenced; the oldest makes room
 */
struct devif_event_ring {
	unsigned int first;
	unsigned int count;
	unsigned long lost;
	struct devif_event_item *events[DEVIF_EVENTS_KEPT];
};

/**
 * enum devif_change - what happens to an interface or its device
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
 * struct devif_listener_ops - whose listener it is
 * @kind: what it is, in a word
 * @has_event: there is an event for it
 * @changed: something has happened to its interface or device
 *
 * Both are called with the lock of listeners held, in any context.
 */
struct devif_listener_ops {
	const char *kind;
	void (*has_event)(struct devif_listener *listener);
	void (*changed)(struct devif_listener *listener,
			enum devif_change change);
};

/**
 * struct devif_listener - who is to get the events of a device
 * @entry: in the list of the host; guarded by its listeners_lock, as what follows
 * @ops: whose it is
 * @devif: interface by which it knows the device, referenced
 * @id: in the order of addition
 * @deaf: it wants no events any more
 * @holder: name of its holder; set by its owner before it is added
 * @ring: its events
 */
struct devif_listener {
	struct list_head entry;
	const struct devif_listener_ops *ops;
	struct devif *devif;
	u64 id;
	bool deaf;
	char holder[DEVIF_HOLDER_SIZE];
	struct devif_event_ring ring;
};

/**
 * struct devif_listener_view - what is shown of a listener
 * @kind: as in its operations
 * @interface: number of its interface
 * @holder: name of who it is for
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
bool devif_listener_has_event(struct devif_listener *listener);
struct devif_listener *
devif_listener_next(struct devif_host *host, u64 *id,
		    bool (*get)(struct devif_listener *listener));
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

/* eventfile.c */
int devif_eventfile_open(struct devif *devif, unsigned long flags);

#endif /* DEVIF_EVENTS_H */
