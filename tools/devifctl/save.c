// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl save: the registry into a file, all of it or nothing. Whatever fails, and
 * whenever the power does, there is the old file or the new one.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
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

static int refuse(const char *file, const char *why)
{
	complain(EXIT_FAILED, "%s %s", file, why);
	hint("to read an image: cat %s", paths.control);
	return EXIT_FAILED;
}

/*
 * The file that an open one is, by its own name. The kernel has followed the links to
 * it, by its rules about links of others.
 */
static int name_of(int fd, const char *file, char **name)
{
	char *link = xasprintf("/proc/self/fd/%d", fd);
	char path[PATH_MAX] = "";
	struct stat status;
	int ret = EXIT_OK;

	if (fstat(fd, &status) || readlink(link, path, sizeof(path) - 1) < 0)
		ret = complain_errno(errno, "%s", file);
	else if (!S_ISREG(status.st_mode))
		ret = refuse(file, "is not a regular file");
	else
		*name = xstrdup(path);
	free(link);
	return ret;
}

/* Find out what is to be replaced; links are followed. */
static int find_target(const char *file, char **target)
{
	int fd = open(file, O_PATH | O_CLOEXEC);
	struct stat status;
	int ret;

	if (fd >= 0) {
		ret = name_of(fd, file, target);
		close(fd);
		return ret;
	}
	if (errno != ENOENT)
		return complain_errno(errno, "%s", file);
	if (!lstat(file, &status))
		return refuse(file, "is a link to what does not exist");
	*target = xstrdup(file);
	return EXIT_OK;
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

	ret = find_target(file, &target);
	if (ret)
		return ret;
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
