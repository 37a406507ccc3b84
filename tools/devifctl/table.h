/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables of text, with columns as wide as their widest cell.
 */
#ifndef DEVIFCTL_TABLE_H
#define DEVIFCTL_TABLE_H

#include <stddef.h>

#define TABLE_COLUMNS	8

/**
 * struct table - a table being filled
 * @columns: number of columns
 * @cells: row by row, escaped; the first row is the heading
 * @count: number of cells
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
