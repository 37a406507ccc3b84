// SPDX-License-Identifier: GPL-2.0
/*
 * Strings of others, for eyes and for programs.
 *
 * Reference strings and properties are UTF-8 without control characters if they come
 * from devif, but a terminal does what a string says, and so nothing is believed here. What
 * is a letter in UTF-8 may have bytes that control a terminal of eight bits, so in a locale
 * that is not UTF-8 there is ASCII only.
 */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/devif/lib/text.h"
#include "devifctl.h"
#include "escape.h"

/**
 * locale_is_utf8() - whether UTF-8 can be shown
 *
 * Return: what the locale says
 */
bool locale_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/*
 * What reorders the text around it, so that a line says something else than it does:
 * U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069.
 */
static bool reorders(const unsigned char *s)
{
	if (s[0] != 0xe2)
		return false;
	if (s[1] == 0x80)
		return s[2] == 0x8e || s[2] == 0x8f ||
		       (s[2] >= 0xaa && s[2] <= 0xae);
	return s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9;
}

/* How many bytes from the beginning of a string can be shown as they are. */
static size_t harmless(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	bool ascii = !locale_is_utf8();
	size_t end, i;

	devif_text_is_printable(text, &end);
	for (i = 0; i < end; i++)
		if (reorders(s + i) || (ascii && s[i] >= 0x80))
			return i;
	return end;
}

/**
 * put_escaped() - write a string for a terminal
 * @file: where to
 * @text: the string; what is no text in it, or cannot be shown, is written as \xNN
 */
void put_escaped(FILE *file, const char *text)
{
	size_t n;

	while (*text) {
		n = harmless(text);
		fwrite(text, 1, n, file);
		text += n;
		if (*text)
			fprintf(file, "\\x%02x", (unsigned char)*text++);
	}
}

/**
 * escaped() - a string as put_escaped() writes it
 * @text: the string
 *
 * Return: another string, for free()
 */
char *escaped(const char *text)
{
	char *result = NULL;
	size_t size;
	FILE *file = open_memstream(&result, &size);

	if (!file)
		return xstrdup("");
	put_escaped(file, text);
	fclose(file);
	return result;
}

/**
 * shown_width() - how many places a string takes
 * @text: UTF-8 that has been escaped
 *
 * Return: number of its characters
 */
size_t shown_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

/*
 * Write what devif_text_is_printable() stopped at; return how many bytes that was.
 * It is a control character, a line separator, or no UTF-8.
 */
static size_t put_json_escape(FILE *file, const unsigned char *s)
{
	if (s[0] < 0x80) {
		fprintf(file, "\\u%04x", s[0]);
		return 1;
	}
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0) {
		fprintf(file, "\\u%04x", s[1]);
		return 2;
	}
	if (s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9)) {
		fprintf(file, "\\u%04x", 0x2000 + (s[2] & 0x3f));
		return 3;
	}
	fputs("\\ufffd", file);
	return 1;
}

/* Write a character beyond ASCII that is in order, as UTF-16; return its bytes. */
static size_t put_json_unicode(FILE *file, const unsigned char *s)
{
	size_t i, bytes = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	unsigned int c = s[0] & (0x7f >> bytes);

	for (i = 1; i < bytes; i++)
		c = c << 6 | (s[i] & 0x3f);
	if (c < 0x10000)
		fprintf(file, "\\u%04x", c);
	else
		fprintf(file, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10),
			0xdc00 + (c & 0x3ff));
	return bytes;
}

static void put_json_text(FILE *file, const char *text, size_t size)
{
	const unsigned char *s = (const unsigned char *)text;
	const unsigned char *end = s + size;
	bool ascii = !locale_is_utf8();

	while (s < end) {
		if (ascii && *s >= 0x80) {
			s += put_json_unicode(file, s);
			continue;
		}
		if (*s == '"' || *s == '\\')
			fputc('\\', file);
		fputc(*s++, file);
	}
}

/**
 * put_json_string() - write a string in JSON
 * @file: where to
 * @text: the string; what is no UTF-8 in it becomes U+FFFD
 */
void put_json_string(FILE *file, const char *text)
{
	size_t n;

	fputc('"', file);
	while (*text) {
		devif_text_is_printable(text, &n);
		put_json_text(file, text, n);
		text += n;
		if (*text)
			text += put_json_escape(file,
						(const unsigned char *)text);
	}
	fputc('"', file);
}

/* In a label the backslash and the ampersand have a meaning. */
static void put_dot_character(FILE *file, char c)
{
	switch (c) {
	case '"':
		fputs("\\\"", file);
		break;
	case '\\':
		fputs("\\\\", file);
		break;
	case '&':
		fputs("&amp;", file);
		break;
	default:
		fputc(c, file);
	}
}

/**
 * put_dot_string() - write a string as part of a quoted one of Graphviz
 * @file: where to
 * @text: the string
 */
void put_dot_string(FILE *file, const char *text)
{
	char *safe = escaped(text);
	char *c;

	for (c = safe; *c; c++)
		put_dot_character(file, *c);
	free(safe);
}
