// SPDX-License-Identifier: GPL-2.0
/*
 * Errors. A message ends with the next step for the user, where that is known.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devifctl.h"
#include "escape.h"

static void say(const char *prefix, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		return;
	fputs(prefix, stderr);
	put_escaped(stderr, text);
	fputc('\n', stderr);
	free(text);
}

/**
 * complain() - print an error
 * @code: exit code
 * @format: as for printf()
 *
 * Return: @code
 */
int complain(int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("devifctl: ", format, args);
	va_end(args);
	return code;
}

/**
 * hint() - print a hint, for instance the next step
 * @format: as for printf()
 */
void hint(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("  ", format, args);
	va_end(args);
}

/**
 * complain_not_loaded() - report that devif is not loaded
 *
 * Return: exit code
 */
int complain_not_loaded(void)
{
	complain(EXIT_NOT_LOADED, "devif is not loaded");
	hint("try: %smodprobe devif", geteuid() ? "sudo " : "");
	return EXIT_NOT_LOADED;
}

static int code_of(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return EXIT_DENIED;
	case EBUSY:
		return EXIT_IN_USE;
	}
	return EXIT_FAILED;
}

/**
 * complain_errno() - print an error and its reason
 * @error: an errno
 * @format: as for printf(), the object or action that failed
 *
 * Return: exit code
 */
int complain_errno(int error, const char *format, ...)
{
	int code = code_of(error);
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	complain(code, "%s: %s", text ?: "", strerror(error));
	if (code == EXIT_DENIED && geteuid())
		hint("needs root: sudo %s ...", program_invocation_short_name);
	free(text);
	return code;
}
