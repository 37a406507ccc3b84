// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl default
 */
#include <stdio.h>
#include <stdlib.h>

#include "devifctl.h"
#include "escape.h"
#include "known.h"
#include "subject.h"
#include "sysfs.h"

#define FILE_NAME	"default_interface"

static char *directory_of(const char *guid)
{
	return xasprintf("%s/%s", paths.classes, guid);
}

static int set(const char *guid, const char *name)
{
	char *directory = directory_of(guid);
	char *line = xasprintf("%s\n", name);
	int error = sysfs_write(directory, FILE_NAME, line);

	free(directory);
	free(line);
	if (!error)
		return EXIT_OK;
	return complain_errno(error, "default interface of class %s",
			      class_name(guid));
}

static int show(const char *guid)
{
	char *directory = directory_of(guid);
	char *name = sysfs_read(directory, FILE_NAME);
	int ret = EXIT_OK;

	if (name && *name) {
		put_escaped(stdout, name);
		putchar('\n');
	} else if (!name) {
		ret = complain(EXIT_NOT_FOUND, "there is no class %s",
			       class_name(guid));
	}
	free(directory);
	free(name);
	return ret;
}

static int set_interface(const char *name)
{
	struct subject subject;
	int ret = subject_find_interface(&subject, name);

	if (!ret)
		ret = set(subject.interface.class, subject.name);
	subject_free(&subject);
	return ret;
}

static int show_or_clear(const char *class, bool clear)
{
	struct subject subject;
	int ret = subject_find_class(&subject, class);

	if (!ret)
		ret = clear ? set(subject.name, "") : show(subject.name);
	subject_free(&subject);
	return ret;
}

int command_default(const struct options *options, char **names)
{
	bool clear = is_given(options, OPT_NONE);

	if (names[0] && !clear && !options->class)
		return set_interface(names[0]);
	if (!names[0] && options->class)
		return show_or_clear(options->class, clear);
	complain(EXIT_USAGE, "default takes a name or --class, not both");
	hint("usage: devifctl default NAME | --class CLASS [--none]");
	return EXIT_USAGE;
}
