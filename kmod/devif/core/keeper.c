// SPDX-License-Identifier: GPL-2.0
/*
 * Keepers: objects that no interface lists as its user, and that keep this module loaded
 * or have callbacks that it calls: subscriptions, open control nodes, and event files of
 * interfaces that have gone. The administrator can list them.
 */
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>

#include "core/core.h"
#include "core/keeper.h"

/* Lines written before the lock is released for other tasks. */
#define LINES_AT_ONCE	32

/* All keepers, in order of addition, and the places of readers. */
static DEFINE_SPINLOCK(keepers_lock);
static LIST_HEAD(keepers);

/**
 * devif_keeper_add() - show a keeper
 * @keeper: the keeper, filled in but for its entry
 *
 * Context: Process.
 */
void devif_keeper_add(struct devif_keeper *keeper)
{
	spin_lock(&keepers_lock);
	list_add_tail(&keeper->entry, &keepers);
	spin_unlock(&keepers_lock);
}

/**
 * devif_keeper_remove() - stop showing a keeper
 * @keeper: the keeper
 *
 * Context: Process.
 */
void devif_keeper_remove(struct devif_keeper *keeper)
{
	spin_lock(&keepers_lock);
	list_del(&keeper->entry);
	spin_unlock(&keepers_lock);
}

static void keeper_show(struct seq_file *file, const struct devif_keeper *keeper)
{
	char name[sizeof("devif4294967295")];

	if (keeper->class) {
		seq_printf(file, DEVIF_GUID_FMT, keeper->class);
	} else if (!keeper->devif) {
		seq_printf(file, "%-9s", "-");
	} else {
		/* the interface's device, with the name, may be gone */
		snprintf(name, sizeof(name), "devif%u", keeper->devif->id);
		seq_printf(file, "%-9s", name);
	}
	seq_printf(file, "  %s: %s\n", keeper->kind, keeper->holder);
}

/* A registered interface lists its users itself. */
static bool keeper_is_shown(const struct devif_keeper *keeper)
{
	return keeper->kind &&
	       (!keeper->devif ||
		READ_ONCE(keeper->devif->life) == DEVIF_LIFE_ENDED);
}

/* Show some keepers after a place, and move it on; return whether more follow. */
static bool keepers_show_some(struct seq_file *file, struct devif_keeper *place)
{
	struct devif_keeper *keeper = place;
	unsigned int lines = 0;

	lockdep_assert_held(&keepers_lock);
	list_for_each_entry_continue(keeper, &keepers, entry) {
		if (keeper_is_shown(keeper))
			keeper_show(file, keeper);
		if (++lines == LINES_AT_ONCE) {
			list_move(&place->entry, &keeper->entry);
			return !seq_has_overflowed(file);
		}
	}
	return false;
}

/**
 * devif_keepers_show() - show all keepers, a line each
 * @file: where to, as "INTERFACE  KIND: HOLDER"
 *
 * Context: May sleep.
 */
void devif_keepers_show(struct seq_file *file)
{
	struct devif_keeper place = {};

	spin_lock(&keepers_lock);
	list_add(&place.entry, &keepers);
	while (keepers_show_some(file, &place)) {
		spin_unlock(&keepers_lock);
		cond_resched();
		spin_lock(&keepers_lock);
	}
	list_del(&place.entry);
	spin_unlock(&keepers_lock);
}
