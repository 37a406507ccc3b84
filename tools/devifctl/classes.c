// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl classes
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devifctl.h"
#include "guid.h"
#include "json.h"
#include "known.h"
#include "table.h"

/* Return the number of enabled interfaces of a class; -1 if the class does not exist. */
static int enabled(const char *guid)
{
	char *path = xasprintf("%s/%s/interfaces", paths.classes, guid);
	DIR *directory = opendir(path);
	struct dirent *entry;
	int count = 0;

	free(path);
	if (!directory)
		return -1;
	while ((entry = readdir(directory)))
		count += *entry->d_name != '.';
	closedir(directory);
	return count;
}

static void add_row(struct table *table, const char *name, const char *guid,
		    const char *description)
{
	int count = enabled(guid);
	char *text = count < 0 ? NULL : xasprintf("%d", count);

	table_add(table, name);
	table_add(table, guid);
	table_add(table, text);
	table_add(table, description);
	free(text);
}

static void add_json(const char *name, const char *guid,
		     const char *description)
{
	int count = enabled(guid);

	json_open(NULL, '{');
	json_string("name", name);
	json_string("class", guid);
	json_string("description", description);
	if (count < 0)
		json_string("enabled", NULL);
	else
		json_number("enabled", count);
	json_close('}');
}

/* Add a class to @table or, if that is %NULL, print JSON. */
static void add(struct table *table, const char *name, const char *guid,
		const char *description)
{
	if (table)
		add_row(table, name, guid, description);
	else
		add_json(name, guid, description);
}

static void add_known(struct table *table)
{
	const struct known_class *known;
	size_t i, count = known_classes(&known);

	for (i = 0; i < count; i++)
		add(table, known[i].name, known[i].guid, known[i].description);
}

/* Add the existing classes that classes.tsv does not list. */
static void add_others(struct table *table)
{
	DIR *directory = opendir(paths.classes);
	char guid[GUID_TEXT];
	struct dirent *entry;

	if (!directory)
		return;
	while ((entry = readdir(directory)))
		if (guid_normalize(guid, entry->d_name) && !known_class(guid))
			add(table, NULL, guid, NULL);
	closedir(directory);
}

static void print_table(void)
{
	struct table table = { .columns = 4 };

	table_add(&table, "NAME");
	table_add(&table, "GUID");
	table_add(&table, "ENABLED");
	table_add(&table, "DESCRIPTION");
	add_known(&table);
	add_others(&table);
	table_print(&table);
	table_free(&table);
}

static void print_json(void)
{
	json_open(NULL, '[');
	add_known(NULL);
	add_others(NULL);
	json_close(']');
	json_end();
}

int command_classes(const struct options *options, char **names)
{
	(void)names;
	if (access(paths.known_classes, R_OK))
		hint("%s cannot be read: no class has a name",
		     paths.known_classes);
	if (is_given(options, OPT_JSON))
		print_json();
	else
		print_table();
	return EXIT_OK;
}
