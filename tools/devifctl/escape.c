// SPDX-License-Identifier: GPL-2.0
/*
 * Untrusted strings, escaped for terminals and for programs.
 *
 * Reference strings and properties from devif are UTF-8 without control characters, but
 * a terminal obeys any string, and so this code does not rely on that. A letter in UTF-8
 * may have bytes that control an eight-bit terminal, so the output in a locale that is
 * not UTF-8 is ASCII only.
 */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/devif/lib/text.h"
#include "devifctl.h"
#include "escape.h"

/**
 * locale_is_utf8() - find out whether the terminal shows UTF-8
 *
 * Return: whether the locale's encoding is UTF-8
 */
bool locale_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/*
 * Return whether a character reorders the text around it, and could disguise a line:
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

/* Return the number of bytes from the beginning that are safe to show unchanged. */
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
 * @file: output
 * @text: the string; bytes that are not text, or are unsafe to show, become \xNN
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
 * escaped() - escape a string as put_escaped() does
 * @text: the string
 *
 * Return: new string, for free()
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
 * shown_width() - measure a string on a terminal
 * @text: escaped UTF-8
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
 * Escape the character that devif_text_is_printable() has rejected, a control character,
 * a line separator or an invalid byte; return its length in bytes.
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

/* Write a valid character beyond ASCII as UTF-16 escapes; return its length in bytes. */
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
 * @file: output
 * @text: the string; bytes that are not UTF-8 become U+FFFD
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

/* Write a character of a label, in which backslash and ampersand are special. */
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
 * put_dot_string() - write a string as part of a quoted string of Graphviz
 * @file: output
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
