/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keepers: objects that no interface lists as its user.
 */
#ifndef DEVIF_KEEPER_H
#define DEVIF_KEEPER_H

#include <linux/list.h>

#include "core/core.h"

struct seq_file;

/**
 * struct devif_keeper - object that keeps this module loaded, or has a callback
 * @entry: in the list of all keepers
 * @kind: kind of object, in a word; %NULL for a place in the list
 * @holder: name of the holder
 * @class: GUID of the class that the holder follows, or %NULL
 * @devif: interface of the object, referenced, or %NULL; the keeper is shown once the
 *	interface has gone
 */
struct devif_keeper {
	struct list_head entry;
	const char *kind;
	const char *holder;
	const guid_t *class;
	const struct devif *devif;
};

void devif_keeper_add(struct devif_keeper *keeper);
void devif_keeper_remove(struct devif_keeper *keeper);
void devif_keepers_show(struct seq_file *file);

#endif /* DEVIF_KEEPER_H */
