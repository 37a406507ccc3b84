/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables for eyes: columns are as wide as what is in them.
 */
#ifndef DEVIFCTL_TABLE_H
#define DEVIFCTL_TABLE_H

#include <stddef.h>

#define TABLE_COLUMNS	8

/**
 * struct table - a table being filled
 * @columns: how many it has
 * @cells: row by row, escaped; the first row is the heading
 * @count: how many cells there are
 */
struct table {
	size_t columns;
	char **cells;
	size_t count;
};

void table_add(struct table *table, const char *cell);
void table_print(const struct table *table);
void table_free(struct table *table);

#endif /* DEVIFCTL_TABLE_H */
