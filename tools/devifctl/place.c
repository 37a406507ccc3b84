// SPDX-License-Identifier: GPL-2.0
/*
 * Devices by their ids, the device's part of symbolic link names, as naming.c and place.c
 * of the module make it. A device of a class is the n-th of that class below its parent.
 * This code counts in the order of names with numbers, which is the order of probing
 * unless devices have been renamed.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devifctl.h"
#include "place.h"
#include "sysfs.h"

static int hex_digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Undo the escapes, which are valid. */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		if (*text == '%') {
			*to++ = hex_digit(text[1]) << 4 | hex_digit(text[2]);
			text += 3;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* Return the next part of an id, %NULL after the last. */
static char *next_part(char **rest)
{
	char *part = strsep(rest, "#");

	if (part)
		unescape(part);
	return part;
}

/* Return the directory of the device that an id begins with, in three parts or more. */
static char *first_directory(char **rest)
{
	char *kind = next_part(rest), *where = next_part(rest);
	char *name = next_part(rest), *c;

	if (!strcmp(kind, "dev"))
		return xasprintf("%s%s", paths.sysfs, name);
	/* as in sysfs */
	for (c = name; *c; c++)
		if (*c == '/')
			*c = '!';
	return xasprintf(!strcmp(kind, "bus") ? "%s/bus/%s/devices/%s" :
						"%s/class/%s/%s",
			 paths.sysfs, where, name);
}

/**
 * struct search - search for a device below its parent
 * @parent: name of the parent, with which the device's name may begin
 * @where: bus or class of the device
 * @addition: rest of the device's name after @parent, or %NULL
 * @before: number of devices before it whose names do not begin with @parent
 */
struct search {
	const char *parent;
	const char *where;
	const char *addition;
	unsigned long before;
};

static bool is_of(const char *directory, const char *where)
{
	char *subsystem = sysfs_link_name(directory, "subsystem");
	bool result = subsystem && !strcmp(subsystem, where);

	free(subsystem);
	return result;
}

static bool is_found(struct search *search, const char *directory,
		     const char *name)
{
	size_t length = strlen(search->parent);
	const char *addition = NULL;

	if (!strncmp(name, search->parent, length) && name[length])
		addition = name + length;
	if (!addition != !search->addition || !is_of(directory, search->where))
		return false;
	return addition ? !strcmp(addition, search->addition) :
			  !search->before--;
}

/* Select real directories other than "." and "..". */
static int is_below(const struct dirent *entry)
{
	return entry->d_type == DT_DIR && *entry->d_name != '.';
}

/* Return the directory of the wanted device, or %NULL. */
static char *search_in(struct search *search, const char *directory)
{
	char *path, *found = NULL;
	struct dirent **entries;
	int i, n = scandir(directory, &entries, is_below, versionsort);

	for (i = 0; i < n; i++) {
		path = xasprintf("%s/%s", directory, entries[i]->d_name);
		if (!found && is_found(search, path, entries[i]->d_name))
			found = path;
		else
			free(path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return found;
}

/* Search also the subdirectory named after the class, which holds most devices of classes. */
static char *search_below(struct search *search, const char *directory)
{
	char *found = search_in(search, directory);
	char *path;

	if (found)
		return found;
	path = xasprintf("%s/%s", directory, search->where);
	found = search_in(search, path);
	free(path);
	return found;
}

static char *below(const char *directory, const char *where, const char *name)
{
	struct search search = { .where = where };
	char *path = realpath(directory, NULL);
	char *found;

	if (!path)
		return NULL;
	search.parent = strrchr(path, '/') + 1;
	if (*name == '=')
		search.addition = name + 1;
	else
		search.before = strtoul(name, NULL, 10);
	found = search_below(&search, path);
	free(path);
	return found;
}

/**
 * place_is_there() - find out whether a device is present
 * @id: the device's part of a symbolic link name
 *
 * Return: whether it is present. A final number, which tells devices of one name apart,
 * cannot be seen in sysfs: such a device counts as absent.
 */
bool place_is_there(const char *id)
{
	char *copy = xstrdup(id), *rest = copy;
	char *directory = first_directory(&rest);
	char *where, *name, *next;
	bool there;

	while (directory && rest) {
		where = next_part(&rest);
		name = next_part(&rest);
		next = name ? below(directory, where, name) : NULL;
		free(directory);
		directory = next;
	}
	there = directory && !access(directory, F_OK);
	free(directory);
	free(copy);
	return there;
}
