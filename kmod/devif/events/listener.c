// SPDX-License-Identifier: GPL-2.0
/*
 * Listeners: who is to get the events of a device, and to hear of its end.
 *
 * A device has one list of them, and one lock, under which events are put into the
 * ring of each: so all get them in the same order. No call here waits.
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
 * @most: how large it may be in bytes
 * @lost: how many there were before it that are lost
 *
 * Context: Any.
 *
 * Return: the event, for devif_event_put(); %NULL if there is none, or -EMSGSIZE if it
 * is larger and stays
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
 * @tell: calls back; may take the listener away, if its memory stays
 *
 * Context: That of @tell.
 *
 * Return: whether there was one
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
 * devif_listener_has_event() - tell whether there is an event to take
 * @listener: the listener
 *
 * Context: Any.
 *
 * Return: whether there is
 */
bool devif_listener_has_event(struct devif_listener *listener)
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
 * devif_listener_change() - something has happened that concerns one listener only
 * @listener: the listener
 * @change: what
 *
 * Context: Any.
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
 * devif_listeners_disabled() - an interface has been disabled
 * @devif: the interface
 *
 * Context: Any.
 */
void devif_listeners_disabled(struct devif *devif)
{
	listener_tell_change(devif->host, devif, DEVIF_CHANGE_DISABLED);
}

/**
 * devif_listeners_gone() - an interface has been taken away
 * @devif: the interface
 *
 * Context: Any.
 */
void devif_listeners_gone(struct devif *devif)
{
	listener_tell_change(devif->host, devif, DEVIF_CHANGE_GONE);
}

/**
 * devif_listeners_left() - a device's driver is being unbound, or the device removed
 * @host: the device
 *
 * Context: Any.
 */
void devif_listeners_left(struct devif_host *host)
{
	listener_tell_change(host, NULL, DEVIF_CHANGE_LEFT);
}

/**
 * devif_listeners_show() - name who listens by an interface
 * @devif: the interface
 * @list: where to
 *
 * Context: Any, with listeners_lock of its host held.
 */
void devif_listeners_show(const struct devif *devif, struct devif_list *list)
{
	struct devif_listener *listener;

	lockdep_assert_held(&devif->host->listeners_lock);
	list_for_each_entry(listener, &devif->host->listeners, entry)
		if (listener->devif == devif)
			devif_list_add(list, listener->ops->kind,
				       listener->holder);
}

/*
 * Coming and going
 */

/**
 * devif_listener_add() - begin to listen
 * @listener: what is behind @events is the caller's to clear
 * @ops: whose it is
 * @devif: interface by which it knows the device
 * @only_enabled: only if that is enabled
 *
 * Context: Any.
 *
 * Return: 0, or -ENODEV if the interface is not there, or not enabled: nothing that
 * happens to it is missed
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
		listener->id = ++host->last_listener;
		list_add_tail(&listener->entry, &host->listeners);
		ret = 0;
	}
	spin_unlock_irqrestore(&host->listeners_lock, flags);
	return ret;
}

/**
 * devif_listener_remove() - listen no more
 * @listener: the listener; it keeps its reference to the interface
 *
 * Context: May sleep.
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

/**
 * devif_listener_next() - walk the listeners of a device
 * @host: the device
 * @id: 0 at first
 * @get: takes a reference to those that are wanted, and returns whether it has
 *
 * Context: Any.
 *
 * Return: the next one that was wanted, or %NULL at the end
 */
struct devif_listener *
devif_listener_next(struct devif_host *host, u64 *id,
		    bool (*get)(struct devif_listener *listener))
{
	struct devif_listener *listener, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&host->listeners_lock, flags);
	list_for_each_entry(listener, &host->listeners, entry) {
		if (listener->id <= *id || !get(listener))
			continue;
		found = listener;
		*id = listener->id;
		break;
	}
	spin_unlock_irqrestore(&host->listeners_lock, flags);
	return found;
}

/*
 * Walks that let others run. A cursor is in the list between two steps, as a listener
 * that hears nothing.
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
 * Context: Any.
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
 * devif_listener_walk() - look at the next listener
 * @host: the device
 * @cursor: what the walk was begun with
 * @view: where to put what is seen
 *
 * Context: Any.
 *
 * Return: whether there is one
 */
bool devif_listener_walk(struct devif_host *host, struct devif_listener *cursor,
			 struct devif_listener_view *view)
{
	struct devif_listener *listener = cursor;
	unsigned long flags;
	bool found = false;

	spin_lock_irqsave(&host->listeners_lock, flags);
	list_for_each_entry_continue(listener, &host->listeners, entry) {
		if (listener->ops == &cursor_listener_ops)
			continue;
		view->kind = listener->ops->kind;
		view->interface = listener->devif->id;
		strscpy(view->holder, listener->holder, sizeof(view->holder));
		list_move(&cursor->entry, &listener->entry);
		found = true;
		break;
	}
	spin_unlock_irqrestore(&host->listeners_lock, flags);
	return found;
}

/**
 * devif_listener_end_walk() - end a walk
 * @host: the device
 * @cursor: what the walk was begun with
 *
 * Context: Any.
 */
void devif_listener_end_walk(struct devif_host *host,
			     struct devif_listener *cursor)
{
	unsigned long flags;

	spin_lock_irqsave(&host->listeners_lock, flags);
	list_del(&cursor->entry);
	spin_unlock_irqrestore(&host->listeners_lock, flags);
}
