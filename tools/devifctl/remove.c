// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl remove
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "devifctl.h"
#include "escape.h"
#include "registry.h"
#include "subject.h"

#define HOLDERS_SIZE	16384

static int explain_busy(const char *name, char *holders)
{
	char *line;

	complain(EXIT_IN_USE, "%s is held by:", name);
	while ((line = strsep(&holders, "\n")))
		if (*line)
			hint("%s", line);
	hint("let them go, or remove it as if the device were pulled out:");
	hint("devifctl remove --force '%s'", name);
	return EXIT_IN_USE;
}

static int explain(const char *name, int error, char *holders)
{
	switch (error) {
	case ENOENT:
		return complain(EXIT_NOT_FOUND, "%s is not there any more",
				name);
	case EBUSY:
		return explain_busy(name, holders);
	case EEXIST:
		return complain(EXIT_OK, "%s has just come back: it stays",
				name);
	}
	return complain_errno(error, "%s", name);
}

static int remove_name(const char *name, unsigned int flags)
{
	char holders[HOLDERS_SIZE] = "";
	struct devif_remove_request request = {
		.name = (uintptr_t)name,
		.holders = (uintptr_t)holders,
		.size = sizeof(holders) - 1,
		.flags = flags,
	};
	int fd = control_open(O_RDWR);
	int error = 0;

	if (fd < 0)
		return -fd;
	if (ioctl(fd, DEVIF_IOC_REMOVE, &request))
		error = errno;
	close(fd);
	return error ? explain(name, error, holders) : EXIT_OK;
}

static int remove_one(const char *name, bool force)
{
	struct subject subject;
	int ret = subject_find(&subject, name);

	if (!ret)
		ret = remove_name(subject.name, force ? DEVIF_REMOVE_FORCE : 0);
	subject_free(&subject);
	return ret;
}

/*
 * Long absent interfaces
 */

/* Return the seconds of the unit of an age, or 0. */
static unsigned long long seconds_of(const char *unit)
{
	static const char units[] = "smhdw";
	static const unsigned int seconds[] = { 1, 60, 3600, 86400, 604800 };
	const char *found = *unit && !unit[1] ? strchr(units, *unit) : NULL;

	return found ? seconds[found - units] : 0;
}

/* Parse an age like 90d. */
static bool parse_age(const char *text, unsigned long long now,
		      unsigned long long *since)
{
	unsigned long long count, seconds;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	count = strtoull(text, &end, 10);
	seconds = seconds_of(end);
	if (errno || !seconds || count > now / seconds)
		return false;
	*since = now - count * seconds;
	return true;
}

/* Parse a date like 2026-01-31, which means the beginning of that day. */
static bool parse_date(const char *text, unsigned long long *since)
{
	struct tm tm = { .tm_isdst = -1 };
	const char *end = strptime(text, "%Y-%m-%d", &tm);
	time_t time;

	if (!end || *end)
		return false;
	time = mktime(&tm);
	*since = time;
	return time > 0;
}

/* Return whether to remove an interface; one of unknown age stays. */
static bool is_to_go(const struct interface *interface,
		     unsigned long long since)
{
	return !interface->present && !interface->unbound && interface->seen &&
	       interface->seen < since;
}

static int remove_absent(const struct interfaces *interfaces,
			 unsigned long long since, bool quiet)
{
	const struct interface *interface;
	int ret = EXIT_OK;
	size_t i;

	for (i = 0; !ret && i < interfaces->count; i++) {
		interface = &interfaces->list[i];
		if (!is_to_go(interface, since))
			continue;
		ret = remove_name(interface->link, DEVIF_REMOVE_ABSENT);
		if (!ret && !quiet) {
			put_escaped(stdout, interface->link);
			putchar('\n');
		}
	}
	return ret;
}

static int remove_since(const struct options *options)
{
	const char *text = options->absent_since;
	struct interfaces interfaces;
	unsigned long long since;
	int ret;

	if (!parse_date(text, &since) && !parse_age(text, time(NULL), &since)) {
		complain(EXIT_USAGE, "%s is no date and no age", text);
		hint("form: 2026-01-31, or a number of w, d, h, m or s, as 90d");
		return EXIT_USAGE;
	}
	ret = interfaces_read(&interfaces, true);
	if (!ret && options->class)
		ret = interfaces_keep_named_class(&interfaces, options->class);
	if (!ret)
		ret = remove_absent(&interfaces, since,
				    is_given(options, OPT_QUIET));
	interfaces_free(&interfaces);
	return ret;
}

int command_remove(const struct options *options, char **names)
{
	bool since = is_given(options, OPT_ABSENT_SINCE);
	bool force = is_given(options, OPT_FORCE);

	if (since == !!names[0] || (since && force) ||
	    (!since && is_given(options, OPT_CLASS | OPT_QUIET)))
		return complain(EXIT_USAGE,
				"remove takes a name, or --absent-since, which is not forced");
	return since ? remove_since(options) : remove_one(names[0], force);
}
