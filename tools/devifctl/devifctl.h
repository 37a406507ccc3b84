/* SPDX-License-Identifier: GPL-2.0 */
/*
 * devifctl: declarations for its commands.
 */
#ifndef DEVIFCTL_H
#define DEVIFCTL_H

#include <stdbool.h>
#include <stddef.h>

#ifndef __printf
#define __printf(a, b) __attribute((format(printf, a, b)))
#endif

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Exit codes of the program; devifctl(8) explains them. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_FOUND = 3,
	EXIT_DENIED = 4,
	EXIT_NOT_LOADED = 5,
	EXIT_IN_USE = 6,
};

/**
 * struct options - options of the command line
 * @given: bits of the given options, of enum option_bit
 * @class: argument of --class
 * @absent_since: argument of --absent-since
 */
struct options {
	unsigned int given;
	const char *class;
	const char *absent_since;
};

enum option_bit {
	OPT_ALL = 1 << 0,
	OPT_CLASS = 1 << 1,
	OPT_FORCE = 1 << 2,
	OPT_JSON = 1 << 3,
	OPT_LONG = 1 << 4,
	OPT_NONE = 1 << 5,
	OPT_OVERWRITE = 1 << 6,
	OPT_QUIET = 1 << 7,
	OPT_TREE = 1 << 8,
	OPT_ONCE = 1 << 9,
	OPT_ABSENT_SINCE = 1 << 10,
};

static inline bool is_given(const struct options *options, unsigned int bit)
{
	return options->given & bit;
}

/**
 * struct paths - paths of files; the test of this program's functions defines others
 * @interfaces: directory of sysfs with the interfaces
 * @classes: directory of sysfs with the classes
 * @control: the control node
 * @sysfs: mount point of sysfs
 * @holders: debugfs' list of the holders of query interfaces
 * @users: debugfs' list of open interfaces, subscriptions and control nodes
 * @known_classes: file with the names of classes
 * @saved: file with the saved registry
 */
struct paths {
	const char *interfaces;
	const char *classes;
	const char *control;
	const char *sysfs;
	const char *holders;
	const char *users;
	const char *known_classes;
	const char *saved;
};

extern const struct paths paths;

/* Commands; each gets the names on its command line, followed by a NULL. */
int command_classes(const struct options *options, char **names);
int command_default(const struct options *options, char **names);
int command_disable(const struct options *options, char **names);
int command_eject(const struct options *options, char **names);
int command_enable(const struct options *options, char **names);
int command_graph(const struct options *options, char **names);
int command_list(const struct options *options, char **names);
int command_monitor(const struct options *options, char **names);
int command_prop(const struct options *options, char **names);
int command_remove(const struct options *options, char **names);
int command_restore(const struct options *options, char **names);
int command_save(const struct options *options, char **names);
int command_show(const struct options *options, char **names);

/* Errors: print an escaped message to standard error, and return the exit code. */
__printf(2, 3) int complain(int code, const char *format, ...);
__printf(2, 3) int complain_errno(int error, const char *format, ...);
__printf(1, 2) void hint(const char *format, ...);
int complain_not_loaded(void);

/* Memory: end the program if there is none. */
void *xrealloc(void *old, size_t count, size_t size);
void *xgrow(void *list, size_t count, size_t size);
void *xzalloc(size_t size);
char *xstrdup(const char *text);
__printf(1, 2) char *xasprintf(const char *format, ...);

#endif /* DEVIFCTL_H */
