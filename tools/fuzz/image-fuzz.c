// SPDX-License-Identifier: GPL-2.0
/*
 * The parser of images under libFuzzer. It would refuse nearly all random mutations for
 * their checksum or a size, so most are repaired: the header, and often also the sizes of
 * entries and properties, in the layout of their version.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract.h"
#include "encode.h"
#include "libfuzzer.h"

#define PROPERTY_BYTES	16

/* The sizes that the versions of images do not have in common. */
static const struct layout {
	size_t header;
	size_t entry;
	uint32_t property_flags;
} layouts[] = {
	{ .header = 40, .entry = 32 },
	{ .header = 80, .entry = 40, .property_flags = 1 },
};

static unsigned long inputs, accepted;

static void tell(void)
{
	printf("inputs %lu accepted %lu\n", inputs, accepted);
}

int fuzz_one(const uint8_t *data, size_t size)
{
	const char *broken;
	int result;

	if (!inputs++)
		atexit(tell);
	broken = contract_broken(data, size, &result);
	if (broken) {
		printf("contract broken: %s\n", broken);
		fflush(stdout);
		abort();
	}
	if (!result)
		accepted++;
	return 0;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t pad(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

static unsigned int decode_u16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

/* Repair a string of @size bytes at @p: make its last byte its only NUL. */
static void repair_string(uint8_t *p, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (!p[i])
			p[i] = 'x';
	if (size)
		p[size - 1] = '\0';
}

/*
 * Make the sizes of the property at @p consistent, though it may extend past the end of
 * the image.
 */
static void overrun_property(uint8_t *p)
{
	size_t value_size = decode_u32(p + 8) & 0xfff;

	encode_u32(p + 8, value_size);
	encode_u32(p, pad(PROPERTY_BYTES + decode_u16(p + 6) + value_size));
}

/* Repair the sizes of the property at @p. Return its size, 0 without room for one. */
static size_t repair_property(uint8_t *p, size_t room,
			      const struct layout *layout)
{
	size_t key_size, value_size, used, size;

	if (room < PROPERTY_BYTES + 8)
		return 0;
	key_size = least(decode_u16(p + 6), room - PROPERTY_BYTES);
	value_size = least(decode_u32(p + 8),
			   room - PROPERTY_BYTES - key_size);
	used = PROPERTY_BYTES + key_size + value_size;
	size = pad(used);
	encode_u32(p, size);
	encode_u16(p + 6, key_size);
	encode_u32(p + 8, value_size);
	encode_u32(p + 12, decode_u32(p + 12) & layout->property_flags);
	repair_string(p + PROPERTY_BYTES, key_size);
	memset(p + used, 0, size - used);
	return size;
}

/*
 * Repair the entry at @p, with as many of its properties as fit. With @overrun, its last
 * property may extend past the end of the image.
 */
static size_t repair_entry(uint8_t *p, size_t room,
			   const struct layout *layout, bool overrun)
{
	size_t device, reference, used, at, size;
	uint32_t properties, wanted;

	if (room < layout->entry)
		return 0;
	wanted = decode_u32(p + 28);
	device = least(decode_u16(p + 24), room - layout->entry);
	reference = least(decode_u16(p + 26), room - layout->entry - device);
	used = layout->entry + device + reference;
	at = pad(used);
	encode_u16(p + 24, device);
	encode_u16(p + 26, reference);
	repair_string(p + layout->entry, device);
	repair_string(p + layout->entry + device, reference);
	memset(p + used, 0, at - used);
	for (properties = 0; properties < wanted; properties++) {
		if (overrun && properties == wanted - 1)
			break;
		size = repair_property(p + at, room - at, layout);
		if (!size)
			break;
		at += size;
	}
	if (properties < wanted && overrun && room - at >= PROPERTY_BYTES) {
		overrun_property(p + at);
		properties++;
		at = room;
	}
	encode_u32(p + 28, properties);
	encode_u32(p, at);
	return at;
}

/* Return the layout of an image, %NULL if it is too short for one. */
static const struct layout *find_layout(const uint8_t *data, size_t size)
{
	const struct layout *layout;

	if (size < layouts[0].header)
		return NULL;
	layout = &layouts[decode_u32(data + 8) != 1];
	return size < layout->header ? NULL : layout;
}

/* Repair all sizes; return the new size of the image. @size is a multiple of 8. */
static size_t repair_content(uint8_t *data, size_t size,
			     const struct layout *layout, bool overrun)
{
	uint32_t entries, wanted = decode_u32(data + 32);
	size_t more, at = layout->header;

	for (entries = 0; entries < wanted; entries++) {
		more = repair_entry(data + at, size - at, layout, overrun);
		if (!more)
			break;
		at += more;
	}
	encode_u32(data + 32, entries);
	return at;
}

/*
 * Of 16 inputs leave one as it is, repair the header of 5, the header and the sizes of 9,
 * and the same with a truncated property in one.
 */
size_t fuzz_mutate(uint8_t *data, size_t size, size_t room, unsigned int seed)
{
	const struct layout *layout;

	size = mutate_bytes(data, size, room);
	layout = find_layout(data, size);
	if (!layout || !(seed & 15))
		return size;
	if ((seed & 15) > 5)
		size = repair_content(data, size & ~(size_t)7, layout,
				      (seed & 15) == 6);
	encode_header(data, size);
	return size;
}
