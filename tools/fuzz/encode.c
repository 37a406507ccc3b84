// SPDX-License-Identifier: GPL-2.0
/*
 * Encoder of images after <linux/devif.h>. Offsets are numbers here, so that a change of
 * a structure makes tests fail.
 */
#include <stdlib.h>
#include <string.h>

#include "encode.h"

#define VERSION		2
#define HEADER_BYTES	80
#define ENTRY_BYTES	40
/* of version 1 */
#define OLD_HEADER_BYTES	40
#define OLD_ENTRY_BYTES		32
#define PROPERTY_BYTES	16

void encode_u16(uint8_t *p, unsigned int value)
{
	p[0] = value;
	p[1] = value >> 8;
}

void encode_u32(uint8_t *p, uint32_t value)
{
	encode_u16(p, value & 0xffff);
	encode_u16(p + 2, value >> 16);
}

void encode_u64(uint8_t *p, uint64_t value)
{
	encode_u32(p, value & 0xffffffff);
	encode_u32(p + 4, value >> 32);
}

uint32_t decode_u32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* CRC-32 of zlib, by a table of four bits */
static uint32_t crc32_of(const uint8_t *p, size_t size)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	uint32_t crc = 0xffffffff;
	size_t i;

	for (i = 0; i < size; i++) {
		crc ^= p[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

/* Append @size zero bytes; return a pointer to them. */
static uint8_t *extend(struct encoder *encoder, size_t size)
{
	uint8_t *p;

	if (encoder->room - encoder->size < size) {
		encoder->room = encoder->room * 2 + size + 256;
		encoder->data = realloc(encoder->data, encoder->room);
		if (!encoder->data)
			abort();
	}
	p = encoder->data + encoder->size;
	memset(p, 0, size);
	encoder->size += size;
	return p;
}

static void append(struct encoder *encoder, const void *data, size_t size)
{
	if (size)
		memcpy(extend(encoder, size), data, size);
}

static void pad(struct encoder *encoder)
{
	while (encoder->size % 8)
		extend(encoder, 1);
}

static size_t string_size(const char *s)
{
	return *s ? strlen(s) + 1 : 0;
}

void encode_begin_version(struct encoder *encoder, uint32_t version)
{
	*encoder = (struct encoder) { .version = version };
	extend(encoder, version == 1 ? OLD_HEADER_BYTES : HEADER_BYTES);
	encode_u32(encoder->data + 8, version);
}

void encode_begin(struct encoder *encoder)
{
	encode_begin_version(encoder, VERSION);
}

/* Add an entry; omit empty strings. */
void encode_entry(struct encoder *encoder, unsigned int type,
		  unsigned int flags, const uint8_t *guid, const char *device,
		  const char *reference)
{
	uint8_t *p = extend(encoder, encoder->version == 1 ? OLD_ENTRY_BYTES :
							     ENTRY_BYTES);

	encoder->entry = p - encoder->data;
	encoder->entries++;
	encoder->properties = 0;
	encode_u16(p + 4, type);
	encode_u16(p + 6, flags);
	memcpy(p + 8, guid, 16);
	encode_u16(p + 24, string_size(device));
	encode_u16(p + 26, string_size(reference));
	append(encoder, device, string_size(device));
	append(encoder, reference, string_size(reference));
	pad(encoder);
	encode_u32(encoder->data + encoder->entry,
		   encoder->size - encoder->entry);
}

/* Add a property to the last entry. */
void encode_property(struct encoder *encoder, const char *key,
		     unsigned int type, const void *value, size_t size)
{
	size_t at = encoder->size;
	uint8_t *p = extend(encoder, PROPERTY_BYTES);

	encoder->property = at;
	encode_u16(p + 4, type);
	encode_u16(p + 6, strlen(key) + 1);
	encode_u32(p + 8, size);
	append(encoder, key, strlen(key) + 1);
	append(encoder, value, size);
	pad(encoder);
	encode_u32(encoder->data + at, encoder->size - at);
	encode_u32(encoder->data + encoder->entry,
		   encoder->size - encoder->entry);
	encoder->properties++;
	encode_u32(encoder->data + encoder->entry + 28, encoder->properties);
}

/* Set the time at which the last entry, a record, was seen. */
void encode_seen(struct encoder *encoder, uint64_t seen)
{
	encode_u64(encoder->data + encoder->entry + 32, seen);
}

/* Set the flags of the last property. */
void encode_flags(struct encoder *encoder, uint32_t flags)
{
	encode_u32(encoder->data + encoder->property + 12, flags);
}

void encode_lives(struct encoder *encoder, const uint8_t *life,
		  const uint8_t *parent, uint64_t parent_generation)
{
	memcpy(encoder->data + 40, life, 16);
	memcpy(encoder->data + 56, parent, 16);
	encode_u64(encoder->data + 72, parent_generation);
}

/* Set the magic, size and checksum of a header to the correct values. */
void encode_header(uint8_t *data, size_t size)
{
	memcpy(data, "DEVIFREG", 8);
	encode_u64(data + 16, size);
	encode_u32(data + 12, crc32_of(data + 16, size - 16));
}

void encode_end(struct encoder *encoder, uint64_t generation, uint32_t flags)
{
	encode_u64(encoder->data + 24, generation);
	encode_u32(encoder->data + 32, encoder->entries);
	encode_u32(encoder->data + 36, flags);
	encode_header(encoder->data, encoder->size);
}
