// SPDX-License-Identifier: GPL-2.0
/*
 * Files and links of sysfs, which may disappear at any time.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devifctl.h"
#include "sysfs.h"

/* An attribute has at most a page, which is more than 4 KiB on some machines. */
#define ATTRIBUTE_SIZE	65536

static int open_file(const char *directory, const char *file, int flags)
{
	char *path = xasprintf("%s/%s", directory, file);
	int fd = open(path, flags | O_CLOEXEC);

	free(path);
	return fd;
}

/**
 * sysfs_read() - read an attribute
 * @directory: its directory
 * @file: its name
 *
 * Return: content without the newline, for free(), or %NULL
 */
char *sysfs_read(const char *directory, const char *file)
{
	int fd = open_file(directory, file, O_RDONLY);
	char *value;
	ssize_t n;

	if (fd < 0)
		return NULL;
	value = xzalloc(ATTRIBUTE_SIZE + 1);
	n = read(fd, value, ATTRIBUTE_SIZE);
	close(fd);
	if (n < 0) {
		free(value);
		return NULL;
	}
	value[strcspn(value, "\n")] = '\0';
	return xrealloc(value, strlen(value) + 1, 1);
}

/**
 * sysfs_link_target() - follow a link
 * @directory: its directory
 * @link: its name
 *
 * Return: path of the target, for free(), or %NULL
 */
char *sysfs_link_target(const char *directory, const char *link)
{
	char *path = xasprintf("%s/%s", directory, link);
	char *target = realpath(path, NULL);

	free(path);
	return target;
}

/**
 * sysfs_link_name() - read the name of a link's target
 * @directory: its directory
 * @link: its name
 *
 * Return: the name, for free(), or %NULL
 */
char *sysfs_link_name(const char *directory, const char *link)
{
	char *target = sysfs_link_target(directory, link);
	char *name = NULL;

	if (target)
		name = xstrdup(strrchr(target, '/') + 1);
	free(target);
	return name;
}

/**
 * sysfs_write() - write an attribute
 * @directory: its directory
 * @file: its name
 * @value: text to write, in one call
 *
 * Return: 0 or an errno
 */
int sysfs_write(const char *directory, const char *file, const char *value)
{
	int fd = open_file(directory, file, O_WRONLY);
	int error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, value, strlen(value)) < 0)
		error = errno;
	close(fd);
	return error;
}
