// SPDX-License-Identifier: GPL-2.0
/*
 * Listeners: the objects that get the events of a device, and that are told of its end.
 *
 * A device has one list of listeners, and one lock, under which an event is put into the
 * ring of each: so all get the events in the same order. No function here waits.
 */
#include <linux/err.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "events/events.h"

/*
 * Events
 */

/**
 * devif_listeners_tell() - give an event to all listeners of a device
 * @host: the device
 * @item: the event
 *
 * Context: Any, with @host->listeners_lock held.
 */
void devif_listeners_tell(struct devif_host *host, struct devif_event_item *item)
{
	struct devif_listener *listener;

	lockdep_assert_held(&host->listeners_lock);
	list_for_each_entry(listener, &host->listeners, entry)
		if (!listener->deaf) {
			devif_ring_add(&listener->ring, item);
			listener->ops->has_event(listener);
		}
}

/**
 * devif_listener_take() - take the oldest event
 * @listener: the listener
 * @most: largest size of an event to take, in bytes
 * @lost: set to the number of events before it that are lost
 *
 * Context: Any that may take a spinlock.
 *
 * Return: the event, for devif_event_put(); %NULL if the ring is empty; or -EMSGSIZE if
 * the event is larger, and stays
 */
struct devif_event_item *devif_listener_take(struct devif_listener *listener,
					     size_t most, unsigned long *lost)
{
	struct devif_host *host = listener->devif->host;
	struct devif_event_item *item;
	unsigned long flags;

	spin_lock_irqsave(&host->listeners_lock, flags);
	item = devif_ring_peek(&listener->ring);
	if (item && item->size > most)
		item = ERR_PTR(-EMSGSIZE);
	else
		item = devif_ring_take(&listener->ring, lost);
	spin_unlock_irqrestore(&host->listeners_lock, flags);
	return item;
}

/**
 * devif_listener_tell_event() - take the oldest event, and call back with it
 * @listener: the listener
 * @tell: calls back; may remove the listener, if its memory stays
 *
 * Context: Any that may take a spinlock, and that @tell allows.
 *
 * Return: whether there was an event
 */
bool devif_listener_tell_event(struct devif_listener *listener,
			       void (*tell)(struct devif_listener *listener,
					    const struct devif_event *event))
{
	struct devif_event_item *item;
	struct devif_event event;

	item = devif_listener_take(listener, DEVIF_EVENT_MAX, &event.lost);
	if (!item)
		return false;
	event.guid = item->guid;
	event.data = item->size ? item->data : NULL;
	event.size = item->size;
	tell(listener, &event);
	devif_event_put(item);
	return true;
}

/**
 * devif_listener_has_event() - tell whether a listener has an event to take
 * @listener: the listener
 *
 * Context: Any.
 *
 * Return: whether it has
 */
bool devif_listener_has_event(const struct devif_listener *listener)
{
	return READ_ONCE(listener->ring.count);
}

/*
 * Changes
 */

static void listener_tell_change(struct devif_host *host, const struct devif *devif,
				 enum devif_change change)
{
	struct devif_listener *listener;
	unsigned long flags;

	spin_lock_irqsave(&host->listeners_lock, flags);
	list_for_each_entry(listener, &host->listeners, entry)
		if (!devif || listener->devif == devif)
			listener->ops->changed(listener, change);
	spin_unlock_irqrestore(&host->listeners_lock, flags);
}

/**
 * devif_listener_change() - tell one listener only of a change
 * @listener: the listener
 * @change: the change
 *
 * Context: Any that may take a spinlock.
 */
void devif_listener_change(struct devif_listener *listener,
			   enum devif_change change)
{
	struct devif_host *host = listener->devif->host;
	unsigned long flags;

	spin_lock_irqsave(&host->listeners_lock, flags);
	listener->ops->changed(listener, change);
	spin_unlock_irqrestore(&host->listeners_lock, flags);
}

/**
 * devif_listeners_disabled() - tell listeners that their interface has been disabled
 * @devif: the interface
 *
 * Context: Any that may take a spinlock.
 */
void devif_listeners_disabled(struct devif *devif)
{
	listener_tell_change(devif->host, devif, DEVIF_CHANGE_DISABLED);
}

/**
 * devif_listeners_gone() - tell listeners that their interface has been taken away
 * @devif: the interface
 *
 * Context: Any that may take a spinlock.
 */
void devif_listeners_gone(struct devif *devif)
{
	listener_tell_change(devif->host, devif, DEVIF_CHANGE_GONE);
}

/**
 * devif_listeners_left() - tell all listeners that the device or its driver has left
 * @host: the device
 *
 * Context: Any that may take a spinlock.
 */
void devif_listeners_left(struct devif_host *host)
{
	listener_tell_change(host, NULL, DEVIF_CHANGE_LEFT);
}

/**
 * devif_listeners_show() - name the holders of an interface's listeners
 * @devif: the interface
 * @list: list to add the names to
 *
 * Context: Any, with listeners_lock of its host held.
 */
void devif_listeners_show(const struct devif *devif, struct devif_list *list)
{
	struct devif_listener *listener;

	lockdep_assert_held(&devif->host->listeners_lock);
	list_for_each_entry(listener, &devif->host->listeners, entry)
		if (listener->devif == devif &&
		    !devif_list_add(list, listener->ops->kind, listener->holder))
			break;
}

/*
 * Coming and going
 */

/**
 * devif_listener_add() - begin to listen
 * @listener: the listener, with an empty ring
 * @ops: type of the object that embeds the listener
 * @devif: interface of the device
 * @only_enabled: fail if the interface is disabled
 *
 * The listener misses no change of the interface from then on.
 *
 * Context: Any that may take a spinlock.
 *
 * Return: 0, or -ENODEV if the interface is not there, or not enabled
 */
int devif_listener_add(struct devif_listener *listener,
		       const struct devif_listener_ops *ops,
		       struct devif *devif, bool only_enabled)
{
	struct devif_host *host = devif->host;
	unsigned long flags;
	int ret = -ENODEV;

	spin_lock_irqsave(&host->listeners_lock, flags);
	/* pairs with the release in registry_publish() */
	if (smp_load_acquire(&devif->life) == DEVIF_LIFE_ACTIVE &&
	    (!only_enabled || devif_is_enabled(devif))) {
		listener->ops = ops;
		listener->devif = devif_get(devif);
		list_add_tail(&listener->entry, &host->listeners);
		ret = 0;
	}
	spin_unlock_irqrestore(&host->listeners_lock, flags);
	return ret;
}

/**
 * devif_listener_remove() - listen no more
 * @listener: the listener, which keeps its reference to the interface
 *
 * Context: Any that may take a spinlock.
 */
void devif_listener_remove(struct devif_listener *listener)
{
	struct devif_host *host = listener->devif->host;
	unsigned long flags;

	spin_lock_irqsave(&host->listeners_lock, flags);
	list_del(&listener->entry);
	devif_ring_empty(&listener->ring);
	spin_unlock_irqrestore(&host->listeners_lock, flags);
}

/*
 * Walks that let other tasks run. A cursor is in the list between two steps, as a deaf
 * listener.
 */

static void cursor_has_event(struct devif_listener *listener)
{
}

static void cursor_changed(struct devif_listener *listener,
			   enum devif_change change)
{
}

static const struct devif_listener_ops cursor_listener_ops = {
	.kind = "cursor",
	.has_event = cursor_has_event,
	.changed = cursor_changed,
};

/**
 * devif_listener_begin_walk() - begin to walk the listeners of a device
 * @host: the device, referenced
 * @cursor: zero, or from another walk that has ended
 *
 * Context: Any that may take a spinlock.
 */
void devif_listener_begin_walk(struct devif_host *host,
			       struct devif_listener *cursor)
{
	unsigned long flags;

	cursor->ops = &cursor_listener_ops;
	cursor->deaf = true;
	spin_lock_irqsave(&host->listeners_lock, flags);
	list_add(&cursor->entry, &host->listeners);
	spin_unlock_irqrestore(&host->listeners_lock, flags);
}

/**
 * devif_listener_next() - find the next listener that is wanted
 * @host: the device
 * @cursor: cursor that the walk was begun with
 * @get: called under the host's listeners_lock; takes a reference to a listener that is
 *	wanted, and returns whether it has
 * @data: for @get
 *
 * Context: Any that may take a spinlock.
 *
 * Return: the next listener that is wanted, or %NULL at the end
 */
struct devif_listener *
devif_listener_next(struct devif_host *host, struct devif_listener *cursor,
		    bool (*get)(struct devif_listener *listener, void *data),
		    void *data)
{
	struct devif_listener *listener = cursor, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&host->listeners_lock, flags);
	list_for_each_entry_continue(listener, &host->listeners, entry) {
		if (!get(listener, data))
			continue;
		list_move(&cursor->entry, &listener->entry);
		found = listener;
		break;
	}
	spin_unlock_irqrestore(&host->listeners_lock, flags);
	return found;
}

/* Other cursors are not to be seen. */
static bool listener_view(struct devif_listener *listener, void *data)
{
	struct devif_listener_view *view = data;

	if (listener->ops == &cursor_listener_ops)
		return false;
	view->kind = listener->ops->kind;
	view->interface = listener->devif->id;
	strscpy(view->holder, listener->holder, sizeof(view->holder));
	return true;
}

/**
 * devif_listener_walk() - look at the next listener
 * @host: the device
 * @cursor: cursor of the walk
 * @view: filled in with the listener
 *
 * Context: Any that may take a spinlock.
 *
 * Return: whether there is a next listener
 */
bool devif_listener_walk(struct devif_host *host, struct devif_listener *cursor,
			 struct devif_listener_view *view)
{
	return devif_listener_next(host, cursor, listener_view, view);
}

/**
 * devif_listener_end_walk() - end a walk
 * @host: the device
 * @cursor: cursor of the walk
 *
 * Context: Any that may take a spinlock.
 */
void devif_listener_end_walk(struct devif_host *host,
			     struct devif_listener *cursor)
{
	unsigned long flags;

	spin_lock_irqsave(&host->listeners_lock, flags);
	list_del(&cursor->entry);
	spin_unlock_irqrestore(&host->listeners_lock, flags);
}
