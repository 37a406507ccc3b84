// SPDX-License-Identifier: GPL-2.0
/*
 * GUIDs: as text, in lower case without braces, and as little-endian bytes.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "guid.h"

#define GUID_LENGTH	(GUID_TEXT - 1)

/* Offset in the text of each byte; the first three numbers are little-endian. */
static const unsigned char places[GUID_BYTES] = {
	6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34
};

static bool is_shaped(const char *text)
{
	size_t i;

	for (i = 0; i < GUID_LENGTH; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text[i] != '-')
				return false;
		} else if (!isxdigit((unsigned char)text[i])) {
			return false;
		}
	}
	return true;
}

static unsigned int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0'
					 : tolower((unsigned char)c) - 'a' + 10;
}

/**
 * guid_parse() - read a GUID
 * @text: text of the GUID, also with braces and in upper case
 * @bytes: filled with the GUID
 *
 * Return: whether @text is a GUID
 */
bool guid_parse(const char *text, unsigned char *bytes)
{
	size_t i, length = strlen(text);

	if (length == GUID_LENGTH + 2 && text[0] == '{' &&
	    text[length - 1] == '}')
		text++;
	else if (length != GUID_LENGTH)
		return false;
	if (!is_shaped(text))
		return false;
	for (i = 0; i < GUID_BYTES; i++)
		bytes[i] = digit(text[places[i]]) << 4 |
			   digit(text[places[i] + 1]);
	return true;
}

/**
 * guid_format() - write a GUID
 * @text: room for GUID_TEXT characters
 * @bytes: the GUID
 */
void guid_format(char *text, const unsigned char *bytes)
{
	size_t i;

	memcpy(text, "00000000-0000-0000-0000-000000000000", GUID_TEXT);
	for (i = 0; i < GUID_BYTES; i++) {
		text[places[i]] = "0123456789abcdef"[bytes[i] >> 4];
		text[places[i] + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
}

/**
 * guid_normalize() - write a GUID in the form that devif uses
 * @text: room for GUID_TEXT characters
 * @any: text of the GUID, also with braces and in upper case
 *
 * Return: whether @any is a GUID
 */
bool guid_normalize(char *text, const char *any)
{
	unsigned char bytes[GUID_BYTES];

	if (!guid_parse(any, bytes))
		return false;
	guid_format(text, bytes);
	return true;
}
