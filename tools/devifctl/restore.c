// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl restore: put a saved image back into the registry. The kernel checks the image
 * too, but does not tell what is wrong with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "devifctl.h"
#include "registry.h"
#include "save.h"

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

/* Write the image in one call: the kernel takes it whole. */
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
 * restore_image() - restore an image
 * @registry: the image
 * @flags: DEVIF_IMAGE_OVERWRITE, DEVIF_IMAGE_SUCCEED
 *
 * Return: exit code; errors have been reported
 */
int restore_image(struct registry *registry, unsigned int flags)
{
	registry_set_flag(registry, flags);
	return write_image(registry);
}

/**
 * restore_registry() - restore an image from a file
 * @file: the file
 * @flags: DEVIF_IMAGE_OVERWRITE, DEVIF_IMAGE_SUCCEED
 *
 * Return: exit code; errors have been reported
 */
int restore_registry(const char *file, unsigned int flags)
{
	struct registry saved;
	int ret = registry_open(&saved, file);

	if (!ret)
		ret = restore_image(&saved, flags);
	registry_free(&saved);
	return ret;
}

/* Restore, unless the registry has had the image: that would revive removed entries. */
static int restore_once(const char *file, bool quiet)
{
	struct registry saved, registry = {};
	int ret = registry_open(&saved, file) ?: registry_read(&registry);

	bool known = !ret && registry_has(&registry, &saved);

	if (!ret && !known)
		ret = restore_image(&saved, DEVIF_IMAGE_SUCCEED);
	if (!ret && !quiet)
		hint(known ? "the registry has had all of %s" :
			     "restored from %s", file);
	registry_free(&saved);
	registry_free(&registry);
	return ret;
}

static int restore(const char *file, bool overwrite, bool quiet)
{
	unsigned int flags = overwrite ? DEVIF_IMAGE_OVERWRITE : 0;
	int ret;

	/* the next save replaces this file, so the registry must continue its image */
	if (!strcmp(file, paths.saved))
		flags |= DEVIF_IMAGE_SUCCEED;
	ret = restore_registry(file, flags);
	if (!ret && !quiet)
		hint("restored from %s", file);
	return ret;
}

/* A missing file is no error: the registry has not been saved yet. */
int command_restore(const struct options *options, char **names)
{
	bool overwrite = is_given(options, OPT_OVERWRITE);
	bool quiet = is_given(options, OPT_QUIET);
	const char *file = names[0] ?: paths.saved;

	if (is_given(options, OPT_ONCE) && overwrite)
		return complain(EXIT_USAGE,
				"what is restored once does not overwrite");
	if (!names[0] && access(file, F_OK) && errno == ENOENT) {
		if (!quiet)
			hint("there is no %s: nothing to restore", file);
		return EXIT_OK;
	}
	return is_given(options, OPT_ONCE) ? restore_once(file, quiet) :
					     restore(file, overwrite, quiet);
}
