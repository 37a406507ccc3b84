/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keepers: what no interface lists as a user of its own.
 */
#ifndef DEVIF_KEEPER_H
#define DEVIF_KEEPER_H

#include <linux/list.h>

#include "core/core.h"

struct seq_file;

/**
 * struct devif_keeper - what keeps this module loaded, or is called back by it
 * @entry: in the list of all
 * @kind: what it is, in a word; %NULL for a place in the list
 * @holder: name of its holder
 * @class: GUID of the class that it follows, or %NULL
 * @devif: the interface that it is of, referenced, or %NULL; it is shown once that has
 *	gone
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
