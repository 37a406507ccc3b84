// SPDX-License-Identifier: GPL-2.0
/*
 * Memory. Running out of it ends the program.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devifctl.h"

static void *must(void *memory)
{
	if (memory)
		return memory;
	fputs("devifctl: out of memory\n", stderr);
	exit(EXIT_FAILED);
}

void *xrealloc(void *old, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		must(NULL);
	return must(realloc(old, count * size ?: 1));
}

/*
 * Make room for one more element at the end of a list, which only this function may grow.
 * The room doubles, so that a long list is not moved each time.
 */
void *xgrow(void *list, size_t count, size_t size)
{
	if (count & (count - 1))
		return list;
	return xrealloc(list, count ? 2 * count : 1, size);
}

void *xzalloc(size_t size)
{
	return must(calloc(1, size));
}

char *xstrdup(const char *text)
{
	return must(strdup(text));
}

char *xasprintf(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return must(text);
}
