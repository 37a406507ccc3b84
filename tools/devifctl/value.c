// SPDX-License-Identifier: GPL-2.0
/*
 * Values of properties, as text, TYPE:VALUE, and in devif's form.
 */
#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devifctl.h"
#include "guid.h"
#include "json.h"
#include "value.h"

/*
 * From text
 */

static bool parse_bool(struct value *value, const char *text)
{
	bool yes = !strcmp(text, "true") || !strcmp(text, "1");

	if (!yes && strcmp(text, "false") && strcmp(text, "0"))
		return false;
	value->data[0] = yes;
	value->property.size = 1;
	return true;
}

/* Parse a number, decimal even with leading zeros, or hexadecimal with 0x. */
static bool parse_number(const char *text, uint64_t max, uint64_t *number)
{
	bool hexadecimal = text[0] == '0' && (text[1] | 0x20) == 'x';
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*number = strtoull(text, &end, hexadecimal ? 16 : 10);
	return !errno && !*end && *number <= max;
}

static bool parse_u32(struct value *value, const char *text)
{
	uint64_t number;
	uint32_t le;

	if (!parse_number(text, UINT32_MAX, &number))
		return false;
	le = htole32(number);
	memcpy(value->data, &le, sizeof(le));
	value->property.size = sizeof(le);
	return true;
}

static bool parse_u64(struct value *value, const char *text)
{
	uint64_t number;

	if (!parse_number(text, UINT64_MAX, &number))
		return false;
	number = htole64(number);
	memcpy(value->data, &number, sizeof(number));
	value->property.size = sizeof(number);
	return true;
}

/* Copy a string; the caller's check refuses one that is too long. */
static bool parse_string(struct value *value, const char *text)
{
	value->property.size = strlen(text) + 1;
	if (value->property.size <= sizeof(value->data))
		memcpy(value->data, text, value->property.size);
	return true;
}

static bool parse_guid(struct value *value, const char *text)
{
	value->property.size = GUID_BYTES;
	return guid_parse(text, value->data);
}

static bool parse_bytes(struct value *value, const char *text)
{
	size_t i, length = strlen(text);
	char pair[3] = "";

	if (length % 2)
		return false;
	value->property.size = length / 2;
	for (i = 0; i < length; i++) {
		if (!isxdigit((unsigned char)text[i]))
			return false;
		pair[i % 2] = text[i];
		if (i % 2 && i / 2 < sizeof(value->data))
			value->data[i / 2] = strtoul(pair, NULL, 16);
	}
	return true;
}

static const struct type {
	const char *name;
	bool (*parse)(struct value *value, const char *text);
	const char *form;
} types[] = {
	[DEVIF_PROPERTY_BOOL] = { "bool", parse_bool, "true or false" },
	[DEVIF_PROPERTY_U32] = { "u32", parse_u32, "0 to 4294967295" },
	[DEVIF_PROPERTY_U64] = { "u64", parse_u64, "0 to 2^64-1" },
	[DEVIF_PROPERTY_STRING] = { "string", parse_string, "text" },
	[DEVIF_PROPERTY_GUID] = { "guid", parse_guid, "a GUID" },
	[DEVIF_PROPERTY_BYTES] = { "bytes", parse_bytes, "hexadecimal" },
};

/* Return the type at the beginning of @text, and move @text behind it. */
static unsigned int take_type(const char **text)
{
	size_t length;
	unsigned int i;

	for (i = DEVIF_PROPERTY_BOOL; i < ARRAY_SIZE(types); i++) {
		length = strlen(types[i].name);
		if (!strncmp(*text, types[i].name, length) &&
		    (*text)[length] == ':') {
			*text += length + 1;
			return i;
		}
	}
	return 0;
}

static int check(const struct value *value)
{
	const struct devif_value *property = &value->property;

	switch (devif_value_check(property)) {
	case 0:
		return EXIT_OK;
	case -E2BIG:
		return complain(EXIT_USAGE,
				"the value has %zu bytes, more than %u",
				property->size, DEVIF_PROPERTY_VALUE_SIZE);
	}
	if (property->type == DEVIF_PROPERTY_STRING)
		return complain(EXIT_USAGE,
				"the string is not UTF-8, or has control characters");
	return complain(EXIT_USAGE, "the value is not in order");
}

/**
 * key_check() - check a key
 * @key: the key
 *
 * Return: exit code; errors have been reported
 */
int key_check(const char *key)
{
	const struct devif_value any = {
		.key = key, .type = DEVIF_PROPERTY_BYTES, .data = "",
	};

	if (!devif_value_check(&any))
		return EXIT_OK;
	complain(EXIT_USAGE, "%s is no key", key);
	hint("keys are 1 to %u letters, digits and \".-_\"",
	     DEVIF_PROPERTY_KEY_SIZE - 1);
	return EXIT_USAGE;
}

/**
 * value_parse() - read a property from text
 * @value: filled with the property
 * @key: its key
 * @text: TYPE:VALUE
 *
 * Return: exit code; errors have been reported
 */
int value_parse(struct value *value, const char *key, const char *text)
{
	const char *rest = text;
	unsigned int type = take_type(&rest);

	*value = (struct value) {
		.property = { .key = key, .type = type, .data = value->data },
	};
	if (!type) {
		complain(EXIT_USAGE, "%s does not begin with a type", text);
		hint("types: bool:, u32:, u64:, string:, guid:, bytes:");
		return EXIT_USAGE;
	}
	if (!types[type].parse(value, rest)) {
		complain(EXIT_USAGE, "%s is no %s", rest, types[type].name);
		hint("form: %s:%s", types[type].name, types[type].form);
		return EXIT_USAGE;
	}
	return key_check(key) ?: check(value);
}

/*
 * To text
 */

static uint32_t u32_of(const struct devif_value *value)
{
	uint32_t number;

	memcpy(&number, value->data, sizeof(number));
	return le32toh(number);
}

static unsigned long long u64_of(const struct devif_value *value)
{
	uint64_t number;

	memcpy(&number, value->data, sizeof(number));
	return le64toh(number);
}

static char *hex_of(const struct devif_value *value)
{
	const unsigned char *bytes = value->data;
	char *text = xzalloc(2 * value->size + 1);
	size_t i;

	for (i = 0; i < value->size; i++) {
		text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	return text;
}

static char *guid_of(const struct devif_value *value)
{
	char *text = xzalloc(GUID_TEXT);

	guid_format(text, value->data);
	return text;
}

/**
 * value_type() - name the type of a property
 * @value: a valid property
 *
 * Return: name of the type, without the colon
 */
const char *value_type(const struct devif_value *value)
{
	return types[value->type].name;
}

/**
 * value_text() - write a value as text
 * @value: a valid property
 *
 * Return: text without the type, for free()
 */
char *value_text(const struct devif_value *value)
{
	switch (value->type) {
	case DEVIF_PROPERTY_BOOL:
		return xstrdup(*(const u8 *)value->data ? "true" : "false");
	case DEVIF_PROPERTY_U32:
		return xasprintf("%u", u32_of(value));
	case DEVIF_PROPERTY_U64:
		return xasprintf("%llu", u64_of(value));
	case DEVIF_PROPERTY_STRING:
		return xstrdup(value->data);
	case DEVIF_PROPERTY_GUID:
		return guid_of(value);
	}
	return hex_of(value);
}

/**
 * value_json() - write a property as an object
 * @value: a valid property
 */
void value_json(const struct devif_value *value)
{
	char *text = value_text(value);

	json_open(NULL, '{');
	json_string("key", value->key);
	json_string("type", value_type(value));
	if (value->type == DEVIF_PROPERTY_BOOL)
		json_bool("value", *(const u8 *)value->data);
	else if (value->type == DEVIF_PROPERTY_U32)
		json_number("value", u32_of(value));
	else if (value->type == DEVIF_PROPERTY_U64)
		json_number("value", u64_of(value));
	else
		json_string("value", text);
	json_close('}');
	free(text);
}
