// SPDX-License-Identifier: GPL-2.0
/*
 * Rings: events that wait for a listener. Rings share the memory of an event. A full ring
 * loses its oldest event.
 */
#include <linux/slab.h>

#include "events/events.h"

/**
 * devif_event_put() - give a reference to an event back
 * @item: the event
 *
 * Context: Any that may take a spinlock.
 */
void devif_event_put(struct devif_event_item *item)
{
	if (refcount_dec_and_test(&item->ref))
		kfree(item);
}

/**
 * devif_ring_peek() - look at the oldest event
 * @ring: the ring
 *
 * Context: Any, with the host's listeners_lock held.
 *
 * Return: the event, to which the ring keeps its reference, or %NULL
 */
struct devif_event_item *devif_ring_peek(const struct devif_event_ring *ring)
{
	return ring->count ? ring->events[ring->first] : NULL;
}

/* The caller gets the reference to the oldest event. */
static struct devif_event_item *ring_shift(struct devif_event_ring *ring)
{
	struct devif_event_item *item = devif_ring_peek(ring);

	if (!item)
		return NULL;
	ring->first = (ring->first + 1) % DEVIF_EVENTS_KEPT;
	WRITE_ONCE(ring->count, ring->count - 1);
	return item;
}

/**
 * devif_ring_add() - add the newest event
 * @ring: the ring
 * @item: the event; the ring takes a reference of its own
 *
 * Context: Any, with the host's listeners_lock held.
 */
void devif_ring_add(struct devif_event_ring *ring, struct devif_event_item *item)
{
	unsigned int last;

	if (ring->count == DEVIF_EVENTS_KEPT) {
		devif_event_put(ring_shift(ring));
		ring->lost++;
	}
	last = (ring->first + ring->count) % DEVIF_EVENTS_KEPT;
	refcount_inc(&item->ref);
	ring->events[last] = item;
	WRITE_ONCE(ring->count, ring->count + 1);
}

/**
 * devif_ring_take() - take the oldest event
 * @ring: the ring
 * @lost: set to the number of events before it that are lost, if there is an event
 *
 * Context: Any, with the host's listeners_lock held.
 *
 * Return: the event, for devif_event_put(), or %NULL
 */
struct devif_event_item *devif_ring_take(struct devif_event_ring *ring,
					 unsigned long *lost)
{
	struct devif_event_item *item = ring_shift(ring);

	if (item) {
		*lost = ring->lost;
		ring->lost = 0;
	}
	return item;
}

/**
 * devif_ring_empty() - lose all events
 * @ring: the ring
 *
 * Context: Any, with the host's listeners_lock held.
 */
void devif_ring_empty(struct devif_event_ring *ring)
{
	struct devif_event_item *item;

	while ((item = ring_shift(ring)))
		devif_event_put(item);
}
