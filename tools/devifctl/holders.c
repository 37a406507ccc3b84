// SPDX-License-Identifier: GPL-2.0
/*
 * Who holds what, from debugfs. It is a table, and its heading says which column is
 * which; only the last one has blanks in it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devifctl.h"
#include "holders.h"

#define COLUMNS	16

static const struct column {
	const char *heading;
	size_t offset;
} columns[] = {
	{ "GUID", offsetof(struct holder, guid) },
	{ "VERSION", offsetof(struct holder, version) },
	{ "KIND", offsetof(struct holder, kind) },
	{ "EXPORT", offsetof(struct holder, export) },
	{ "INTERFACE", offsetof(struct holder, interface) },
	{ "DEVICE", offsetof(struct holder, device) },
	{ "HOLDER", offsetof(struct holder, holder) },
};

/* Where a column belongs in struct holder, or NULL if nobody asks for it. */
static const char **place(struct holder *holder, const char *heading)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(columns); i++)
		if (!strcmp(columns[i].heading, heading))
			return (const char **)((char *)holder +
					       columns[i].offset);
	return NULL;
}

/* Split a line into words, the last of which may have blanks; return how many. */
static size_t split(char *line, char **words, size_t max)
{
	size_t n = 0;

	line[strcspn(line, "\n")] = '\0';
	line += strspn(line, " ");
	while (*line && n < max) {
		words[n++] = line;
		if (n == max)
			break;
		line += strcspn(line, " ");
		if (*line)
			*line++ = '\0';
		line += strspn(line, " ");
	}
	return n;
}

static void add(struct holders *holders, const char *line, char **headings,
		size_t count)
{
	struct holder holder = {
		.line = xstrdup(line), .guid = "", .version = "", .kind = "",
		.export = "", .interface = "-", .device = "", .holder = "",
	};
	char *words[COLUMNS];
	const char **where;
	size_t i, n = split(holder.line, words, count);

	for (i = 0; i < n; i++) {
		where = place(&holder, headings[i]);
		if (where)
			*where = words[i];
	}
	holders->list = xrealloc(holders->list, holders->count + 1,
				 sizeof(*holders->list));
	holders->list[holders->count++] = holder;
}

static void read_table(struct holders *holders, FILE *file)
{
	char *heading = NULL, *line = NULL, *headings[COLUMNS];
	size_t heading_room = 0, line_room = 0, count;

	if (getline(&heading, &heading_room, file) > 0) {
		count = split(heading, headings, COLUMNS);
		while (count && getline(&line, &line_room, file) > 0)
			add(holders, line, headings, count);
	}
	free(heading);
	free(line);
}

/**
 * holders_read() - read who holds what
 * @holders: where to put them
 *
 * Return: 0 or an errno; then there are none
 */
int holders_read(struct holders *holders)
{
	FILE *file = fopen(paths.holders, "re");

	*holders = (struct holders) {};
	if (!file)
		return errno;
	read_table(holders, file);
	fclose(file);
	return 0;
}

/**
 * holders_advice() - what to do about an error
 * @error: errno of holders_read()
 *
 * Return: advice for those who want to know who holds what
 */
const char *holders_advice(int error)
{
	if (error == EACCES || error == EPERM)
		return "who holds what is for root to see";
	if (error == ENOENT)
		return "who holds what is in debugfs, which is not mounted";
	return strerror(error);
}

void holders_free(struct holders *holders)
{
	while (holders->count)
		free(holders->list[--holders->count].line);
	free(holders->list);
	holders->list = NULL;
}
