// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl save: save the registry in a file, all of it or nothing. Whatever fails, even
 * the power, either the old file or the new one exists. A save in the usual place first
 * restores an old file that the registry has never had, so that no order of modules,
 * services and events loses a record or property.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devifctl.h"
#include "registry.h"
#include "save.h"

/* A registry that never rests is saved as it was; its next change triggers another save. */
#define ATTEMPTS	10

static char *directory_of(const char *file)
{
	char *copy = xstrdup(file);
	char *directory = xstrdup(dirname(copy));

	free(copy);
	return directory;
}

/* Make a directory and its parents; return 0 or an errno. */
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

static int sync_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return errno;
	error = fsync(fd) ? errno : 0;
	close(fd);
	return error;
}

/*
 * Temporary files. A running save locks its temporary file, so an unlocked one is left
 * over from a save that was killed.
 */

#define TEMPORARY	".devif-"

static bool is_temporary(const char *name)
{
	return !strncmp(name, TEMPORARY, strlen(TEMPORARY)) &&
	       strlen(name) == strlen(TEMPORARY "XXXXXX");
}

static void remove_if_left(int directory, const char *name)
{
	int fd = openat(directory, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode) &&
	    status.st_uid == geteuid() && status.st_nlink == 1 &&
	    !flock(fd, LOCK_EX | LOCK_NB))
		unlinkat(directory, name, 0);
	close(fd);
}

static void remove_left(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	if (!directory)
		return;
	while ((entry = readdir(directory)))
		if (is_temporary(entry->d_name))
			remove_if_left(dirfd(directory), entry->d_name);
	closedir(directory);
}

/*
 * Make a temporary file; return its descriptor, or -1, and its name. Its mode is 0600: the
 * node's mode may be restricted later, while a copy would stay readable.
 */
static int make_temporary(const char *directory, char **name)
{
	struct stat status;
	int fd;

	for (;;) {
		*name = xasprintf("%s/" TEMPORARY "XXXXXX", directory);
		fd = mkostemp(*name, O_CLOEXEC);
		if (fd < 0 || flock(fd, LOCK_EX) || fstat(fd, &status))
			return fd;
		if (status.st_nlink)
			return fd;
		/* another save locked the file first, and removed it as left over */
		close(fd);
		free(*name);
	}
}

static int replace(const char *file, const char *directory,
		   const struct registry *registry)
{
	char *name;
	int fd = make_temporary(directory, &name);
	int error = fd < 0 ? errno : 0;

	if (!error)
		error = write_all(fd, registry->data, registry->size);
	if (!error && fsync(fd))
		error = errno;
	if (!error && rename(name, file))
		error = errno;
	if (error && fd >= 0)
		unlink(name);
	if (fd >= 0)
		close(fd);
	free(name);
	return error ?: sync_directory(directory);
}

static int write_file(const char *file, const struct registry *registry)
{
	char *directory = directory_of(file);
	int error = make_directory(directory);

	if (!error) {
		remove_left(directory);
		error = replace(file, directory, registry);
	}
	free(directory);
	return error ? complain_errno(error, "%s", file) : EXIT_OK;
}

/*
 * The existing file
 */

/**
 * struct saved - the file to replace
 * @fd: its descriptor, locked against other saves; -1 if the file does not exist
 * @good: whether its image is valid
 * @registry: its image
 */
struct saved {
	int fd;
	bool good;
	struct registry registry;
};

static bool is_at(int fd, const char *file)
{
	struct stat own, other;

	return !fstat(fd, &own) && !stat(file, &other) &&
	       own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

static void wait_for_lock(int fd, const char *file)
{
	if (!flock(fd, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK)
		return;
	hint("%s is just being saved by another process: waiting for that",
	     file);
	flock(fd, LOCK_EX);
}

/* Open and lock the file; retry if another file replaced it during the wait for the lock. */
static int open_locked(const char *file)
{
	int fd;

	for (;;) {
		fd = open(file, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return fd;
		wait_for_lock(fd, file);
		if (is_at(fd, file))
			return fd;
		close(fd);
	}
}

/* Read the file; an invalid image is an error only if @must is set. */
static int open_saved(struct saved *saved, const char *file, bool must)
{
	struct registry *registry = &saved->registry;
	int ret = EXIT_OK;

	*saved = (struct saved) { .fd = open_locked(file) };
	if (saved->fd < 0)
		return must && errno != ENOENT ?
		       complain_errno(errno, "%s", file) : EXIT_OK;
	saved->good = !registry_load(registry, saved->fd) &&
		      !devif_image_open(&registry->image, registry->data,
					registry->size);
	if (must && !saved->good) {
		ret = registry_check(registry, file);
		hint("it is not replaced: put it right, perhaps from %s.old, or move it away",
		     file);
	}
	return ret;
}

static void close_saved(struct saved *saved)
{
	if (saved->fd >= 0)
		close(saved->fd);
	registry_free(&saved->registry);
}

/* Keep the image of another life in a second file, until the next life saves. */
static int keep_beside(const char *file, const struct saved *saved,
		       const struct registry *registry)
{
	char *old;
	int ret;

	if (!saved->good || !memcmp(saved->registry.image.life,
				    registry->image.life,
				    sizeof(registry->image.life)))
		return EXIT_OK;
	old = xasprintf("%s.old", file);
	ret = write_file(old, &saved->registry);
	free(old);
	return ret;
}

/*
 * Saving
 */

/**
 * struct attempt - one attempt to save
 * @written: whether the file was written; else it was first restored into the registry
 * @generation: generation of the written image
 */
struct attempt {
	bool written;
	u64 generation;
};

static int save_over(const char *file, struct saved *saved, bool merge,
		     struct attempt *attempt)
{
	struct registry registry;
	int ret = registry_read(&registry);

	if (!ret && merge && saved->good &&
	    !registry_has(&registry, &saved->registry)) {
		ret = restore_image(&saved->registry, DEVIF_IMAGE_SUCCEED);
	} else if (!ret) {
		ret = keep_beside(file, saved, &registry) ?:
		      write_file(file, &registry);
		attempt->generation = registry.image.generation;
		attempt->written = !ret;
	}
	registry_free(&registry);
	return ret;
}

static int save_once(const char *file, bool merge, struct attempt *attempt)
{
	struct saved saved;
	int ret = open_saved(&saved, file, merge);

	*attempt = (struct attempt) {};
	if (!ret)
		ret = save_over(file, &saved, merge, attempt);
	close_saved(&saved);
	return ret;
}

/* Return whether the registry has changed; the next attempt reports any error. */
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
 * Find the real name of an open file. The kernel has followed the links, under its own
 * restrictions on links of other users.
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

/* Find the file to replace, following links. */
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

/* Save until the registry does not change during a save. */
static int save_patiently(const char *file, bool merge)
{
	struct attempt attempt;
	bool written = false;
	int i, ret;

	for (i = 0; i < ATTEMPTS; i++) {
		ret = save_once(file, merge, &attempt);
		if (ret)
			return ret;
		written = written || attempt.written;
		if (attempt.written && !has_changed(attempt.generation))
			break;
	}
	return written ? EXIT_OK :
	       complain(EXIT_FAILED, "%s: devif is loaded again and again",
			file);
}

/**
 * save_registry() - save the registry
 * @file: the file; links are followed
 * @merge: whether to restore @file first if the registry has never had its image
 *
 * Return: exit code; errors have been reported
 */
int save_registry(const char *file, bool merge)
{
	char *target;
	int ret = find_target(file, &target);

	if (ret)
		return ret;
	ret = save_patiently(target, merge);
	free(target);
	return ret;
}

int command_save(const struct options *options, char **names)
{
	const char *file = names[0] ?: paths.saved;
	int ret = save_registry(file, !names[0]);

	if (!ret && !is_given(options, OPT_QUIET))
		hint("saved in %s", file);
	return ret;
}
