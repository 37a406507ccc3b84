// SPDX-License-Identifier: GPL-2.0
/*
 * Checks of names, reference strings and properties.
 */
#include "text.h"

static bool is_in(unsigned char c, const char *set)
{
	while (*set && *set != c)
		set++;
	return *set;
}

static bool is_alphanumeric(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/**
 * devif_text_is_plain() - whether a symbolic link name has a character as it is
 * @c: the character
 *
 * Return: whether it has; else the name escapes the character, as %2f
 */
bool devif_text_is_plain(unsigned char c)
{
	return is_alphanumeric(c) || is_in(c, "-._:+,@=~!");
}

/*
 * Decode one character of well-formed UTF-8: shortest form, no surrogates.
 * Return the number of bytes, 0 if malformed.
 */
static int decode_utf8(const unsigned char *s, u32 *c)
{
	static const u32 smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int length, i;

	if (s[0] < 0x80) {
		*c = s[0];
		return 1;
	}
	if ((s[0] & 0xe0) == 0xc0)
		length = 2;
	else if ((s[0] & 0xf0) == 0xe0)
		length = 3;
	else if ((s[0] & 0xf8) == 0xf0)
		length = 4;
	else
		return 0;

	*c = s[0] & (0x7f >> length);
	for (i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	if (*c < smallest[length] || *c > 0x10ffff ||
	    (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return length;
}

/* Return whether the character would break a line in sysfs or a terminal. */
static bool is_control(u32 c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

static bool text_check(const char *text, const char *forbidden, size_t *where)
{
	const unsigned char *s = (const unsigned char *)text;
	u32 c;
	int n;

	for (*where = 0; s[*where]; *where += n) {
		n = decode_utf8(s + *where, &c);
		if (!n || is_control(c) || (c < 0x80 && is_in(c, forbidden)))
			return false;
	}
	return true;
}

/**
 * devif_text_is_printable() - whether a string can be shown in a line
 * @text: the string
 * @where: where to put the index of the first byte that is wrong
 *
 * Return: whether it is UTF-8 without control characters and line separators
 */
bool devif_text_is_printable(const char *text, size_t *where)
{
	return text_check(text, "", where);
}

/**
 * devif_text_is_reference() - whether a string may be a reference string
 * @text: the string
 * @where: where to put the index of the first byte that is wrong
 *
 * Return: whether it can be shown in a line and has no separator (C9)
 */
bool devif_text_is_reference(const char *text, size_t *where)
{
	return text_check(text, "/\\", where);
}

static bool is_hex(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static unsigned int hex_value(unsigned char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Return whether @s begins with a character escaped as devif_device_id() does it. */
static bool is_escape(const char *s)
{
	unsigned char c;

	if (s[0] != '%' || !is_hex(s[1]) || !is_hex(s[2]))
		return false;
	/* a plain character is never escaped, so that a name has one spelling */
	c = hex_value(s[1]) << 4 | hex_value(s[2]);
	return c && !devif_text_is_plain(c);
}

/* Return the end of the part of a device id at @s, or NULL if it is no part. */
static const char *skip_part(const char *s)
{
	const char *start = s;

	while (*s && *s != '#') {
		if (devif_text_is_plain(*s))
			s++;
		else if (is_escape(s))
			s += 3;
		else
			return NULL;
	}
	return s != start ? s : NULL;
}

static const char *skip_word(const char *s, const char *word)
{
	while (*word && *word == *s) {
		word++;
		s++;
	}
	return *word ? NULL : s;
}

/* Skip the name of a bus or a class, and the separator after it. */
static const char *skip_place(const char *text)
{
	const char *s = skip_word(text, "bus#");

	if (!s)
		s = skip_word(text, "class#");
	if (s)
		s = skip_part(s);
	return s && *s == '#' ? s + 1 : NULL;
}

static bool is_number(const char *s, const char *end)
{
	while (s != end && *s >= '0' && *s <= '9')
		s++;
	return s == end;
}

/* Skip the parts below a device: a bus or class and the place there, or a last number. */
static const char *skip_below(const char *s)
{
	const char *end = skip_part(s);

	if (end && *end)
		return skip_part(end + 1);
	return end && is_number(s, end) ? end : NULL;
}

/**
 * devif_text_is_device_id() - whether a string can be the device's part of a name
 * @text: the string
 *
 * Return: whether devif_device_id() could have made it
 */
bool devif_text_is_device_id(const char *text)
{
	const char *s = skip_word(text, "dev##");

	if (!s)
		s = skip_place(text);
	if (s)
		s = skip_part(s);
	while (s && *s)
		s = skip_below(s + 1);
	return s;
}

/**
 * devif_text_is_key() - whether a string may be the key of a property
 * @text: the string
 *
 * The caller checks the length.
 *
 * Return: whether it is letters, digits and ".-_", and not empty
 */
bool devif_text_is_key(const char *text)
{
	const char *s;

	for (s = text; *s; s++)
		if (!is_alphanumeric(*s) && !is_in(*s, ".-_"))
			return false;
	return s != text;
}
