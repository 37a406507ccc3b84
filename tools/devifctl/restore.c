// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl restore: what was saved back into the registry. The kernel checks an image
 * too, but does not say what is wrong with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "devifctl.h"
#include "registry.h"
#include "save.h"

static int load(struct registry *registry, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int error;

	*registry = (struct registry) {};
	if (fd < 0)
		return complain_errno(errno, "%s", file);
	error = registry_load(registry, fd);
	close(fd);
	if (error)
		return complain_errno(error, "%s", file);
	return registry_check(registry, file);
}

static int explain(int error)
{
	complain_errno(error, "%s", paths.control);
	switch (error) {
	case EEXIST:
		hint("two entries of the image have one name");
		break;
	case EINVAL:
	case E2BIG:
	case EPROTONOSUPPORT:
		hint("this devif does not take what this devifctl does: are they of one version?");
		break;
	}
	return EXIT_FAILED;
}

/* All of it in one call: the kernel takes it whole. */
static int write_image(const struct registry *registry)
{
	int fd = control_open(O_WRONLY);
	ssize_t n;
	int error;

	if (fd < 0)
		return -fd;
	n = write(fd, registry->data, registry->size);
	error = n < 0 ? errno : 0;
	close(fd);
	if (error)
		return explain(error);
	if ((size_t)n != registry->size)
		return complain(EXIT_FAILED, "%s took %zd bytes of %zu",
				paths.control, n, registry->size);
	return EXIT_OK;
}

/**
 * restore_registry() - restore what was saved
 * @file: where it is
 * @overwrite: whether its values of properties win over those of the registry
 *
 * Return: exit code; what is wrong has been said
 */
int restore_registry(const char *file, bool overwrite)
{
	struct registry registry;
	int ret = load(&registry, file);

	if (!ret && overwrite)
		registry_set_flag(&registry, DEVIF_IMAGE_OVERWRITE);
	if (!ret)
		ret = write_image(&registry);
	registry_free(&registry);
	return ret;
}

/* Before the first save there is nothing to restore: that is no error. */
int command_restore(const struct options *options, char **names)
{
	bool quiet = is_given(options, OPT_QUIET);
	const char *file = names[0] ?: paths.saved;
	int ret;

	if (!names[0] && access(file, F_OK) && errno == ENOENT) {
		if (!quiet)
			hint("there is no %s: nothing to restore", file);
		return EXIT_OK;
	}
	ret = restore_registry(file, is_given(options, OPT_OVERWRITE));
	if (!ret && !quiet)
		hint("restored from %s", file);
	return ret;
}
