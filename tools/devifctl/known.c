// SPDX-License-Identifier: GPL-2.0
/*
 * Names of well-known classes, from classes.tsv. Without that file, no class is known.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "devifctl.h"
#include "guid.h"
#include "known.h"

static struct known_class *classes;
static size_t count;
static bool is_read;

/* Return the next field of a line, and move @line behind it. */
static char *take_field(char **line)
{
	char *field = strsep(line, "\t");

	return field && *field ? field : NULL;
}

static void add(char *line)
{
	char guid[GUID_TEXT];
	struct known_class *class;
	char *given = take_field(&line);
	char *name = take_field(&line);
	char *description = take_field(&line);

	if (!given || !name || !guid_normalize(guid, given))
		return;
	classes = xgrow(classes, count, sizeof(*classes));
	class = &classes[count++];
	class->guid = xstrdup(guid);
	class->name = xstrdup(name);
	class->description = xstrdup(description ?: "");
}

static void read_once(void)
{
	char *line = NULL;
	size_t room = 0;
	FILE *file;

	if (is_read)
		return;
	is_read = true;
	file = fopen(paths.known_classes, "re");
	if (!file)
		return;
	while (getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line != '#')
			add(line);
	}
	free(line);
	fclose(file);
}

/**
 * known_classes() - list all known classes
 * @list: set to the array of classes
 *
 * Return: number of classes
 */
size_t known_classes(const struct known_class **list)
{
	read_once();
	*list = classes;
	return count;
}

/**
 * known_class() - find a known class by its GUID
 * @guid: its GUID
 *
 * Return: the class, or %NULL
 */
const struct known_class *known_class(const char *guid)
{
	size_t i;

	read_once();
	for (i = 0; i < count; i++)
		if (!strcmp(classes[i].guid, guid))
			return &classes[i];
	return NULL;
}

/**
 * class_name() - name a class
 * @guid: its GUID
 *
 * Return: short name of a known class, else the GUID
 */
const char *class_name(const char *guid)
{
	const struct known_class *class = known_class(guid);

	return class ? class->name : guid;
}

/**
 * class_guid() - find a class by its name
 * @name: its name; case does not matter
 *
 * Return: its GUID, or %NULL
 */
const char *class_guid(const char *name)
{
	size_t i;

	read_once();
	for (i = 0; i < count; i++)
		if (!strcasecmp(classes[i].name, name))
			return classes[i].guid;
	return NULL;
}

void known_classes_free(void)
{
	while (count) {
		count--;
		free((char *)classes[count].guid);
		free((char *)classes[count].name);
		free((char *)classes[count].description);
	}
	free(classes);
	classes = NULL;
	is_read = false;
}
