// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of handles: walks rest at living ones, and dead ones are kept for a while.
 */
#include <linux/rculist.h>
#include <linux/slab.h>

#include "query/query.h"

/* Number of dead handles kept; each new one has the oldest freed. */
#define GRAVES	64

static DEFINE_RAW_SPINLOCK(graves_lock);
static struct devif_handle *graves[GRAVES];
static unsigned int next_grave;

static void free_handle(struct rcu_head *rcu)
{
	struct devif_handle *handle = container_of(rcu, struct devif_handle,
						   rcu);

	devif_export_put(handle->export);
	kfree(handle);
}

static void handle_bury(struct devif_handle *handle)
{
	struct devif_handle *oldest;
	unsigned long flags;

	raw_spin_lock_irqsave(&graves_lock, flags);
	oldest = graves[next_grave];
	graves[next_grave] = handle;
	next_grave = (next_grave + 1) % GRAVES;
	raw_spin_unlock_irqrestore(&graves_lock, flags);
	if (oldest)
		call_rcu(&oldest->rcu, free_handle);
}

/* A handle stays in the list, and in memory, until no walk rests at it. */
static void drop_stay(struct devif_handle *handle)
{
	struct devif_export *export = handle->export;
	unsigned long flags;
	bool last;

	raw_spin_lock_irqsave(&export->lock, flags);
	last = --handle->stays == 0;
	if (last)
		list_del_rcu(&handle->entry);
	raw_spin_unlock_irqrestore(&export->lock, flags);
	if (last)
		handle_bury(handle);
}

/* Return whether the handle is alive: then it stays in the list until drop_stay(). */
static bool begin_stay(struct devif_handle *handle)
{
	struct devif_export *export = handle->export;
	unsigned long flags;
	bool alive;

	raw_spin_lock_irqsave(&export->lock, flags);
	alive = handle->stays && !READ_ONCE(handle->dead);
	if (alive)
		handle->stays++;
	raw_spin_unlock_irqrestore(&export->lock, flags);
	return alive;
}

/**
 * devif_handle_next() - walk the handles of an export
 * @export: the export, referenced
 * @handle: %NULL for the first; or the handle returned last, which is given back
 *
 * Context: Process; no lock is held between two calls.
 *
 * Return: the next handle that is alive, or %NULL. The handle may die, but its memory
 * stays until it is given back here
 */
struct devif_handle *devif_handle_next(struct devif_export *export,
				       struct devif_handle *handle)
{
	struct devif_handle *last = handle;
	struct list_head *entry;

	rcu_read_lock();
	entry = handle ? &handle->entry : &export->handles;
	do {
		entry = rcu_dereference(list_next_rcu(entry));
		handle = list_entry(entry, struct devif_handle, entry);
	} while (entry != &export->handles && !begin_stay(handle));
	rcu_read_unlock();
	devif_handle_leave(last);
	return entry == &export->handles ? NULL : handle;
}

/**
 * devif_handle_leave() - end a walk
 * @handle: the handle that devif_handle_next() has returned last, or %NULL
 *
 * Context: Process.
 */
void devif_handle_leave(struct devif_handle *handle)
{
	if (handle)
		drop_stay(handle);
}

/**
 * devif_handle_free() - free a handle that its importer has left behind
 * @handle: the handle, of which no use is made any more
 *
 * Context: Any.
 */
void devif_handle_free(struct devif_handle *handle)
{
	call_rcu(&handle->rcu, free_handle);
}

/**
 * devif_graves_exit() - free the dead handles
 *
 * Context: No handle is alive.
 */
void devif_graves_exit(void)
{
	unsigned int i;

	for (i = 0; i < GRAVES; i++) {
		if (graves[i])
			devif_handle_free(graves[i]);
		graves[i] = NULL;
	}
}
