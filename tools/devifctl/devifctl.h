/* SPDX-License-Identifier: GPL-2.0 */
/*
 * devifctl: what its commands share.
 */
#ifndef DEVIFCTL_H
#define DEVIFCTL_H

#include <stdbool.h>
#include <stddef.h>

#ifndef __printf
#define __printf(a, b) __attribute((format(printf, a, b)))
#endif

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* What the program ends with; devifctl(8) explains them. */
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
 * struct options - what was given on the command line besides names
 * @given: bits of those that were given
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
 * struct paths - where things are; a test of this program's functions has others
 * @interfaces: directory of sysfs with the interfaces
 * @classes: and that with the classes
 * @control: the control node
 * @sysfs: where sysfs is
 * @holders: who holds what of devices, in debugfs
 * @users: who has interfaces open, in debugfs
 * @known_classes: names of classes
 * @saved: where the registry is saved
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

/* Commands; each gets its names, followed by a NULL. */
int command_classes(const struct options *options, char **names);
int command_default(const struct options *options, char **names);
int command_disable(const struct options *options, char **names);
int command_enable(const struct options *options, char **names);
int command_graph(const struct options *options, char **names);
int command_list(const struct options *options, char **names);
int command_monitor(const struct options *options, char **names);
int command_prop(const struct options *options, char **names);
int command_remove(const struct options *options, char **names);
int command_restore(const struct options *options, char **names);
int command_save(const struct options *options, char **names);
int command_show(const struct options *options, char **names);

/* Errors: to standard error, escaped, and the exit code given back. */
__printf(2, 3) int complain(int code, const char *format, ...);
__printf(2, 3) int complain_errno(int error, const char *format, ...);
__printf(1, 2) void hint(const char *format, ...);
int complain_not_loaded(void);

/* Memory: there is enough, or the program ends. */
void *xrealloc(void *old, size_t count, size_t size);
void *xgrow(void *list, size_t count, size_t size);
void *xzalloc(size_t size);
char *xstrdup(const char *text);
__printf(1, 2) char *xasprintf(const char *format, ...);

#endif /* DEVIFCTL_H */
