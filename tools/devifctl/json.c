// SPDX-License-Identifier: GPL-2.0
/*
 * JSON to standard output.
 */
#include <stdio.h>

#include "escape.h"
#include "json.h"

/* Whether the current level has a member already */
static bool needs_comma;

static void begin(const char *key)
{
	if (needs_comma)
		putchar(',');
	needs_comma = true;
	if (!key)
		return;
	put_json_string(stdout, key);
	putchar(':');
}

/**
 * json_open() - begin an object or an array
 * @key: key of the object, %NULL inside an array and on top
 * @bracket: opening bracket
 */
void json_open(const char *key, char bracket)
{
	begin(key);
	putchar(bracket);
	needs_comma = false;
}

/**
 * json_close() - end an object or an array
 * @bracket: closing bracket
 */
void json_close(char bracket)
{
	putchar(bracket);
	needs_comma = true;
}

/**
 * json_end() - end the object or array on top, which is a line
 */
void json_end(void)
{
	putchar('\n');
	needs_comma = false;
}

/**
 * json_string() - write a string
 * @key: key of the string, %NULL inside an array
 * @value: the string, %NULL for null
 */
void json_string(const char *key, const char *value)
{
	begin(key);
	if (value)
		put_json_string(stdout, value);
	else
		fputs("null", stdout);
}

void json_bool(const char *key, bool value)
{
	begin(key);
	fputs(value ? "true" : "false", stdout);
}

void json_number(const char *key, uint64_t value)
{
	begin(key);
	printf("%llu", (unsigned long long)value);
}
