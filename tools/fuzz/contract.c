// SPDX-License-Identifier: GPL-2.0
/*
 * The parser's contract, checked independently: texts by the C library's UTF-8 decoder
 * and regular expressions, bytes by encoding the parsed content again.
 */
#include <locale.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "../../kmod/devif/lib/image.h"
#include "contract.h"
#include "encode.h"

#define PLAIN	"[A-Za-z0-9._:+,@=~!-]"
/* characters that are not plain are escaped, and NUL is impossible */
#define ESCAPED	"%(0[1-9a-f]|1.|2[02-9af]|3[bcef]|60|5[bcde]|7[bcdf]|[89a-f].)"
#define PART	"(" PLAIN "|" ESCAPED ")"
#define HEX	"^([^%]|%[0-9a-f][0-9a-f])*$"
/* devices of a bus or a class may be below; a number may be at the end */
#define BELOW	"(#" PART "+#" PART "+)*(#[0-9]+)?"
#define DEVICE	"^((bus|class)#" PART "+#" PART "+|dev##" PART "+)" BELOW "$"
#define KEY	"^[A-Za-z0-9._-]{1,63}$"

static regex_t hex, device, key;

static void prepare(void)
{
	static bool prepared;

	if (prepared)
		return;
	prepared = true;
	if (!setlocale(LC_CTYPE, "C.UTF-8") ||
	    regcomp(&hex, HEX, REG_EXTENDED | REG_NOSUB) ||
	    regcomp(&device, DEVICE, REG_EXTENDED | REG_NOSUB) ||
	    regcomp(&key, KEY, REG_EXTENDED | REG_NOSUB))
		abort();
}

static bool matches(const regex_t *regex, const char *text)
{
	return !regexec(regex, text, 0, NULL, 0);
}

/* Return whether the text is UTF-8 without control and @forbidden characters. */
static bool is_text(const char *text, const wchar_t *forbidden)
{
	mbstate_t state = { 0 };
	size_t n, left = strlen(text);
	wchar_t c;

	for (; left; text += n, left -= n) {
		n = mbrtowc(&c, text, left, &state);
		if (n > left || wcschr(forbidden, c))
			return false;
		if (c <= 0x1f || (c >= 0x7f && c <= 0x9f) ||
		    c == 0x2028 || c == 0x2029)
			return false;
	}
	return true;
}

/* Return whether a string is inside the image, with its NUL. */
static bool is_inside(const char *text, const uint8_t *data, size_t size)
{
	const uint8_t *p = (const uint8_t *)text;

	if (!*text)
		return true;
	return p >= data && p < data + size && memchr(p, 0, data + size - p);
}

static bool is_value(const struct devif_value *value)
{
	const uint8_t *p = value->data;

	if (value->size > 2048)
		return false;
	switch (value->type) {
	case DEVIF_PROPERTY_BOOL:
		return value->size == 1 && (*p == 0 || *p == 1);
	case DEVIF_PROPERTY_U32:
		return value->size == 4;
	case DEVIF_PROPERTY_U64:
		return value->size == 8;
	case DEVIF_PROPERTY_STRING:
		return value->size && !p[value->size - 1] &&
		       strlen(value->data) == value->size - 1 &&
		       is_text(value->data, L"");
	case DEVIF_PROPERTY_GUID:
		return value->size == 16;
	case DEVIF_PROPERTY_BYTES:
		return true;
	}
	return false;
}

static const char *property_broken(const struct devif_value *value,
				   const uint8_t *data, size_t size)
{
	const uint8_t *p = value->data;

	if (!is_inside(value->key, data, size))
		return "the key does not end in the image";
	if (!matches(&key, value->key))
		return "the key has characters that it may not have";
	if (p < data || p > data + size ||
	    value->size > (size_t)(data + size - p))
		return "the value does not end in the image";
	if (!is_value(value))
		return "the value does not suit its type";
	return NULL;
}

static const char *class_broken(const struct devif_entry *entry)
{
	if (*entry->device || *entry->reference || entry->flags || entry->seen)
		return "a class has strings, flags or a time";
	return NULL;
}

static const char *record_broken(const struct devif_entry *entry)
{
	if (!matches(&hex, entry->device) || !matches(&device, entry->device))
		return "the device's part is none";
	if (strlen(entry->device) > 4095)
		return "the device's part is too long";
	if (!is_text(entry->reference, L"/\\"))
		return "the reference string is none";
	if (entry->flags & ~7u)
		return "flags without a meaning";
	return NULL;
}

static const char *entry_broken(const struct devif_entry *entry,
				const uint8_t *data, size_t size)
{
	static const uint8_t null_guid[16];

	if (!is_inside(entry->device, data, size) ||
	    !is_inside(entry->reference, data, size))
		return "a string does not end in the image";
	if (!memcmp(entry->guid, null_guid, 16))
		return "the GUID is null";
	switch (entry->type) {
	case DEVIF_IMAGE_CLASS:
		return class_broken(entry);
	case DEVIF_IMAGE_RECORD:
		return record_broken(entry);
	}
	return "the type has no meaning";
}

static const char *properties_broken(struct devif_entry *entry,
				     struct encoder *encoder,
				     const uint8_t *data, size_t size)
{
	const char *keys[DEVIF_PROPERTIES];
	struct devif_value value;
	const char *broken;
	unsigned int i, n;

	for (n = 0; devif_image_next_property(&entry->properties, &value);
	     n++) {
		if (n == DEVIF_PROPERTIES)
			return "more properties than allowed";
		broken = property_broken(&value, data, size);
		if (broken)
			return broken;
		keys[n] = value.key;
		for (i = 0; i < n; i++)
			if (!strcmp(keys[i], value.key))
				return "a key is there twice";
		encode_property(encoder, value.key, value.type, value.data,
				value.size);
		encode_flags(encoder, value.flags);
	}
	return NULL;
}

/* Check all entries, encode them again, and compare the images. */
static const char *content_broken(struct devif_image *image,
				  struct encoder *encoder)
{
	struct devif_entry entry;
	const char *broken;

	while (devif_image_next(image, &entry)) {
		broken = entry_broken(&entry, image->data, image->size);
		if (broken)
			return broken;
		encode_entry(encoder, entry.type, entry.flags, entry.guid,
			     entry.device, entry.reference);
		if (encoder->version != 1)
			encode_seen(encoder, entry.seen);
		broken = properties_broken(&entry, encoder, image->data,
					   image->size);
		if (broken)
			return broken;
	}
	if (encoder->version != 1)
		encode_lives(encoder, image->life, image->parent,
			     image->parent_generation);
	encode_end(encoder, image->generation, image->flags);
	if (encoder->size != image->size ||
	    memcmp(encoder->data, image->data, image->size))
		return "there is another image of the same content";
	return NULL;
}

static const char *refusal_broken(const struct devif_image *image, int error)
{
	if (!image->fault)
		return "refused without saying why";
	if (image->fault_at > image->size)
		return "the fault is not in the image";
	switch (error) {
	case -EPROTONOSUPPORT:
	case -EBADMSG:
	case -EFBIG:
	case -E2BIG:
	case -EEXIST:
	case -EINVAL:
		return NULL;
	}
	return "refused with an error that it does not have";
}

/**
 * contract_broken() - parse an image, and check the parser's contract
 * @data: the image
 * @size: size of @data in bytes
 * @result: set to the result of devif_image_open()
 *
 * Return: broken part of the contract, or NULL
 */
const char *contract_broken(const uint8_t *data, size_t size, int *result)
{
	struct devif_image image;
	struct encoder encoder;
	const char *broken;

	prepare();
	*result = devif_image_open(&image, data, size);
	if (*result)
		return refusal_broken(&image, *result);
	if (image.fault)
		return "accepted with a fault";
	encode_begin_version(&encoder, image.version);
	broken = content_broken(&image, &encoder);
	free(encoder.data);
	return broken;
}
