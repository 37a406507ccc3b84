// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl eject
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "devifctl.h"
#include "registry.h"
#include "subject.h"
#include "sysfs.h"

#define REPORT_SIZE	16384

/* Explain why the holders do not let the device go; lines that agree are no reason. */
static int explain_busy(const struct interface *interface, char *report)
{
	char *line;

	complain(EXIT_IN_USE, "%s is in use, and stays:", interface->device);
	while ((line = strsep(&report, "\n")))
		if (*line)
			hint("%s", line);
	return EXIT_IN_USE;
}

static int explain(const struct interface *interface, int error, char *report)
{
	switch (error) {
	case ENOENT:
		return complain(EXIT_NOT_FOUND, "%s is not there any more",
				interface->name);
	case EBUSY:
		if (*report)
			return explain_busy(interface, report);
		complain(EXIT_IN_USE, "another removal of %s is asked for",
			 interface->device);
		hint("or of a device above or below it");
		return EXIT_IN_USE;
	}
	return complain_errno(error, "%s", interface->name);
}

static int unbind(const struct interface *interface)
{
	char *path = xasprintf("%s/driver", interface->device_path);
	int error = sysfs_write(path, "unbind", interface->device);

	free(path);
	if (!error)
		return EXIT_OK;
	return complain_errno(error, "%s cannot be unbound from %s", interface->device,
			      interface->driver);
}

/* Ask, and unbind while the answer holds: until the control node is closed. */
static int ask_and_unbind(const struct interface *interface, int fd, bool quiet)
{
	char report[REPORT_SIZE] = "";
	struct devif_eject_request request = {
		.name = (uintptr_t)interface->link,
		.report = (uintptr_t)report,
		.size = sizeof(report),
	};

	if (ioctl(fd, DEVIF_IOC_EJECT, &request))
		return explain(interface, errno, report);
	if (!quiet)
		fputs(report, stdout);
	return unbind(interface);
}

static int eject(const struct interface *interface, bool quiet)
{
	int fd, ret;

	if (!interface->present)
		return complain(EXIT_NOT_FOUND, "the device of %s is not there",
				interface->link);
	if (!interface->driver)
		return complain(EXIT_FAILED, "%s has no driver that could leave it",
				interface->device);
	fd = control_open(O_RDWR);
	if (fd < 0)
		return -fd;
	ret = ask_and_unbind(interface, fd, quiet);
	close(fd);
	return ret;
}

int command_eject(const struct options *options, char **names)
{
	struct subject subject;
	int ret = subject_find_interface(&subject, names[0]);

	if (!ret)
		ret = eject(&subject.interface, is_given(options, OPT_QUIET));
	subject_free(&subject);
	return ret;
}
