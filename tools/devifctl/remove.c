// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl remove
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "devifctl.h"
#include "registry.h"
#include "subject.h"

#define HOLDERS_SIZE	16384

static int explain_busy(const char *name, char *holders)
{
	char *line;

	complain(EXIT_IN_USE, "%s is held by:", name);
	while ((line = strsep(&holders, "\n")))
		if (*line)
			hint("%s", line);
	hint("let them go, or remove it as if the device were pulled out:");
	hint("devifctl remove --force '%s'", name);
	return EXIT_IN_USE;
}

static int explain(const char *name, int error, char *holders)
{
	switch (error) {
	case ENOENT:
		return complain(EXIT_NOT_FOUND, "%s is not there any more",
				name);
	case EBUSY:
		return explain_busy(name, holders);
	}
	return complain_errno(error, "%s", name);
}

static int remove_name(const char *name, bool force)
{
	char holders[HOLDERS_SIZE] = "";
	struct devif_remove_request request = {
		.name = (uintptr_t)name,
		.holders = (uintptr_t)holders,
		.size = sizeof(holders) - 1,
		.flags = force ? DEVIF_REMOVE_FORCE : 0,
	};
	int fd = control_open(O_RDWR);
	int error = 0;

	if (fd < 0)
		return -fd;
	if (ioctl(fd, DEVIF_IOC_REMOVE, &request))
		error = errno;
	close(fd);
	return error ? explain(name, error, holders) : EXIT_OK;
}

int command_remove(const struct options *options, char **names)
{
	struct subject subject;
	int ret = subject_find(&subject, names[0]);

	if (!ret)
		ret = remove_name(subject.name, is_given(options, OPT_FORCE));
	subject_free(&subject);
	return ret;
}
