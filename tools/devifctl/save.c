// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl save: the registry into a file, all of it or nothing. Whatever fails, and
 * whenever the power does, there is the old file or the new one.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devifctl.h"
#include "registry.h"
#include "save.h"

/* A registry that never rests is saved as it was; its next change has a save of its own. */
#define ATTEMPTS	10

static char *directory_of(const char *file)
{
	char *copy = xstrdup(file);
	char *directory = xstrdup(dirname(copy));

	free(copy);
	return directory;
}

/* Make a directory and those above it; return 0 or an errno. */
static int make_directory(const char *path)
{
	char *above;
	int error;

	if (!mkdir(path, 0755) || errno == EEXIST)
		return 0;
	if (errno != ENOENT)
		return errno;
	above = directory_of(path);
	error = make_directory(above);
	free(above);
	if (error)
		return error;
	return mkdir(path, 0755) && errno != EEXIST ? errno : 0;
}

static int write_all(int fd, const unsigned char *data, size_t size)
{
	ssize_t n;

	while (size) {
		n = write(fd, data, size);
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0) {
			data += n;
			size -= n;
		}
	}
	return 0;
}

/* Errors of writing back may come as late as that. */
static int sync_and_close(int fd, int error)
{
	if (!error && fsync(fd))
		error = errno;
	if (close(fd) && !error)
		error = errno;
	return error;
}

static int sync_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? errno : sync_and_close(fd, 0);
}

static int replace(const char *file, const char *directory,
		   const struct registry *registry)
{
	/* 0600: who may read the node can be changed, a copy stays as it is */
	char *name = xasprintf("%s/.devif-XXXXXX", directory);
	int fd = mkostemp(name, O_CLOEXEC);
	int error;

	if (fd < 0) {
		error = errno;
		free(name);
		return error;
	}
	error = write_all(fd, registry->data, registry->size);
	error = sync_and_close(fd, error);
	if (!error && rename(name, file))
		error = errno;
	if (error)
		unlink(name);
	else
		error = sync_directory(directory);
	free(name);
	return error;
}

static int write_file(const char *file, const struct registry *registry)
{
	char *directory = directory_of(file);
	int error = make_directory(directory);

	if (!error)
		error = replace(file, directory, registry);
	free(directory);
	return error ? complain_errno(error, "%s", file) : EXIT_OK;
}

static int save_once(const char *file, u64 *generation)
{
	struct registry registry;
	int ret = registry_read(&registry);

	if (!ret)
		ret = write_file(file, &registry);
	*generation = registry.image.generation;
	registry_free(&registry);
	return ret;
}

/* Whether there has been a change; an error is for the next attempt to report. */
static bool has_changed(u64 generation)
{
	struct registry registry;
	bool changed = registry_read(&registry) ||
		       registry.image.generation != generation;

	registry_free(&registry);
	return changed;
}

static bool is_regular(const char *file)
{
	struct stat status;

	return stat(file, &status) || S_ISREG(status.st_mode);
}

/**
 * save_registry() - save the registry
 * @file: where to; a link is followed
 *
 * Return: exit code; what is wrong has been said
 */
int save_registry(const char *file)
{
	char *target;
	u64 generation;
	int i, ret;

	if (!is_regular(file)) {
		complain(EXIT_FAILED, "%s is not a regular file", file);
		hint("to read an image: cat %s", paths.control);
		return EXIT_FAILED;
	}
	target = realpath(file, NULL) ?: xstrdup(file);
	for (i = 0; i < ATTEMPTS; i++) {
		ret = save_once(target, &generation);
		if (ret || !has_changed(generation))
			break;
	}
	free(target);
	return ret;
}

int command_save(const struct options *options, char **names)
{
	const char *file = names[0] ?: paths.saved;
	int ret = save_registry(file);

	if (!ret && !is_given(options, OPT_QUIET))
		hint("saved in %s", file);
	return ret;
}
