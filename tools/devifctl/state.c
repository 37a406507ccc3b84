// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl enable, devifctl disable
 */
#include <errno.h>
#include <stdlib.h>

#include "devifctl.h"
#include "subject.h"
#include "sysfs.h"

static int set(const struct interface *interface, const char *value)
{
	char *path;
	int error;

	if (!interface->present) {
		complain(EXIT_NOT_FOUND, interface->unbound ?
			 "no driver has registered %s, though its device is there" :
			 "the device of %s is not there", interface->link);
		return EXIT_NOT_FOUND;
	}
	path = xasprintf("%s/%s", paths.interfaces, interface->name);
	error = sysfs_write(path, "enabled", value);
	free(path);
	if (!error)
		return EXIT_OK;
	complain_errno(error, "%s", interface->name);
	if (error == ENODEV)
		hint("the driver of %s is about to leave it",
		     interface->device);
	return error == ENODEV ? EXIT_NOT_FOUND :
	       error == EACCES || error == EPERM ? EXIT_DENIED : EXIT_FAILED;
}

static int find_and_set(const char *name, const char *value)
{
	struct subject subject;
	int ret = subject_find_interface(&subject, name);

	if (!ret)
		ret = set(&subject.interface, value);
	subject_free(&subject);
	return ret;
}

int command_enable(const struct options *options, char **names)
{
	(void)options;
	return find_and_set(names[0], "1\n");
}

int command_disable(const struct options *options, char **names)
{
	(void)options;
	return find_and_set(names[0], "0\n");
}
