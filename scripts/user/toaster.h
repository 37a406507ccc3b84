/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Access of programs to the sample exporter's toasters.
 */
#ifndef DEVIF_TOASTER_USER_H
#define DEVIF_TOASTER_USER_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BUS		"/sys/bus/toaster"
#define KITCHEN		"/sys/devices/kitchen"

/*
 * Files and modules
 */

static inline int write_file(const char *path, const char *format, ...)
{
	char text[512];
	va_list args;
	int fd, ret;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = write(fd, text, strlen(text)) < 0 ? -1 : 0;
	/* a successful close() leaves errno alone */
	close(fd);
	return ret;
}

static inline int read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, text, size - 1);
	close(fd);
	text[n < 0 ? 0 : n] = 0;
	return n < 0 ? -1 : 0;
}

static inline int load(const char *module, const char *parameters)
{
	char path[64];
	int fd, ret;

	snprintf(path, sizeof(path), "/lib/modules/%s.ko", module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = syscall(SYS_finit_module, fd, parameters, 0);
	close(fd);
	return ret;
}

static inline int unload(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK);
}

/*
 * Toasters
 */

static inline int plug_in(unsigned int n)
{
	return write_file(BUS "/plug", "%u", n);
}

static inline int pull_out(unsigned int n)
{
	return write_file(BUS "/unplug", "%u", n);
}

static inline int eject_toaster(unsigned int n)
{
	return write_file(BUS "/eject", "%u", n);
}

static inline int bind_driver(unsigned int n)
{
	return write_file(BUS "/drivers/toaster/bind", "toaster%u", n);
}

static inline int unbind_driver(unsigned int n)
{
	return write_file(BUS "/drivers/toaster/unbind", "toaster%u", n);
}

static inline int hide(unsigned int n, bool hidden)
{
	char path[96];

	snprintf(path, sizeof(path), KITCHEN "/toaster%u/hidden", n);
	return write_file(path, "%d", hidden);
}

/* Find the name of a toaster's first interface, devif7 for instance. */
static inline bool find_interface(unsigned int n, char name[32])
{
	char path[96];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), KITCHEN "/toaster%u", n);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)))
		found = sscanf(entry->d_name, "devif%30s", name) == 1 &&
			snprintf(name, 32, "%.31s", entry->d_name) > 0;
	closedir(dir);
	if (!found)
		errno = ENOENT;
	return found;
}

static inline bool find_node(unsigned int n, char path[64])
{
	char name[32];

	if (!find_interface(n, name))
		return false;
	snprintf(path, 64, "/dev/devif/%s", name);
	return true;
}

static inline int open_toaster(unsigned int n, int flags)
{
	char path[64];

	if (!find_node(n, path))
		return -1;
	return open(path, flags | O_CLOEXEC);
}

#endif /* DEVIF_TOASTER_USER_H */
