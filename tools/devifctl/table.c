// SPDX-License-Identifier: GPL-2.0
/*
 * Tables of text, with columns as wide as their widest cell.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devifctl.h"
#include "escape.h"
#include "table.h"

/**
 * table_add() - fill the next cell
 * @table: the table
 * @cell: content, which is copied; %NULL for an empty cell
 */
void table_add(struct table *table, const char *cell)
{
	table->cells = xgrow(table->cells, table->count, sizeof(*table->cells));
	table->cells[table->count++] = escaped(cell && *cell ? cell : "-");
}

static size_t column_width(const struct table *table, size_t column)
{
	size_t widest = 0, width, i;

	for (i = column; i < table->count; i += table->columns) {
		width = shown_width(table->cells[i]);
		if (width > widest)
			widest = width;
	}
	return widest;
}

static void print_row(char **cells, const size_t *widths, size_t columns)
{
	size_t i, pad;

	for (i = 0; i + 1 < columns; i++) {
		pad = widths[i] - shown_width(cells[i]) + 2;
		printf("%s%*s", cells[i], (int)pad, "");
	}
	puts(cells[i]);
}

/**
 * table_print() - write a table to standard output
 * @table: the table, with full rows
 */
void table_print(const struct table *table)
{
	size_t widths[TABLE_COLUMNS] = {}, i;

	for (i = 0; i < table->columns; i++)
		widths[i] = column_width(table, i);
	for (i = 0; i < table->count; i += table->columns)
		print_row(table->cells + i, widths, table->columns);
}

void table_free(struct table *table)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	table->cells = NULL;
	table->count = 0;
}
