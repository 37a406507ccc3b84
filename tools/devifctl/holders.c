// SPDX-License-Identifier: GPL-2.0
/*
 * Holders, from two tables of debugfs: one has all handles to query interfaces, the other
 * the processes and importers that have interfaces open or listen to them; the first has
 * the handles of the second too. A table's heading names its columns, of which only the
 * last may contain blanks.
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
	{ "KIND:", offsetof(struct holder, kind) },
	{ "EXPORT", offsetof(struct holder, export) },
	{ "INTERFACE", offsetof(struct holder, interface) },
	{ "DEVICE", offsetof(struct holder, device) },
	{ "HOLDER", offsetof(struct holder, holder) },
};

/* Return the member of struct holder for a column, or NULL for an unused column. */
static const char **place(struct holder *holder, const char *heading)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(columns); i++)
		if (!strcmp(columns[i].heading, heading))
			return (const char **)((char *)holder +
					       columns[i].offset);
	return NULL;
}

/* Split a line into words, the last of which may have blanks; return their number. */
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

/* Strip the colon of a value whose heading has one too. */
static char *without_colon(char *word, const char *heading)
{
	size_t length = strlen(word);

	if (heading[strlen(heading) - 1] == ':' && length &&
	    word[length - 1] == ':')
		word[length - 1] = '\0';
	return word;
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
			*where = without_colon(words[i], headings[i]);
	}
	holders->list = xgrow(holders->list, holders->count,
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

static int read_file(struct holders *holders, const char *name)
{
	FILE *file = fopen(name, "re");

	if (!file)
		return errno;
	read_table(holders, file);
	fclose(file);
	return 0;
}

/* Drop the handles that the other table has too. */
static void drop_opened(struct holders *holders)
{
	size_t i, kept = 0;

	for (i = 0; i < holders->count; i++) {
		if (!strcmp(holders->list[i].interface, "-"))
			holders->list[kept++] = holders->list[i];
		else
			free(holders->list[i].line);
	}
	holders->count = kept;
}

/**
 * holders_read() - read all holders
 * @holders: filled with the holders
 *
 * Return: 0 or an errno
 */
int holders_read(struct holders *holders)
{
	int ret;

	*holders = (struct holders) {};
	ret = read_file(holders, paths.holders);
	drop_opened(holders);
	return ret ?: read_file(holders, paths.users);
}

/**
 * holders_advice() - explain an error
 * @error: errno of holders_read()
 *
 * Return: reason why the holders are unknown
 */
const char *holders_advice(int error)
{
	if (error == EACCES || error == EPERM)
		return "only root can see that";
	if (error == ENOENT)
		return "debugfs is not mounted";
	return strerror(error);
}

void holders_free(struct holders *holders)
{
	while (holders->count)
		free(holders->list[--holders->count].line);
	free(holders->list);
	holders->list = NULL;
}
