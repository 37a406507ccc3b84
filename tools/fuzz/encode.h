/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Encoder of images after <linux/devif.h>, independent of the parser that the tests
 * compare with it.
 */
#ifndef DEVIF_ENCODE_H
#define DEVIF_ENCODE_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct encoder - an image being made
 * @data: the image so far; for free()
 * @size: size of the image in bytes
 * @room: allocated bytes
 * @entry: offset of the last entry
 * @property: offset of the last property
 * @entries: number of entries
 * @properties: number of properties of the last entry
 * @version: version of the image's format
 */
struct encoder {
	uint8_t *data;
	size_t size;
	size_t room;
	size_t entry;
	size_t property;
	uint32_t entries;
	uint32_t properties;
	uint32_t version;
};

void encode_begin(struct encoder *encoder);
void encode_begin_version(struct encoder *encoder, uint32_t version);
void encode_entry(struct encoder *encoder, unsigned int type,
		  unsigned int flags, const uint8_t *guid, const char *device,
		  const char *reference);
void encode_property(struct encoder *encoder, const char *key,
		     unsigned int type, const void *value, size_t size);
void encode_seen(struct encoder *encoder, uint64_t seen);
void encode_flags(struct encoder *encoder, uint32_t flags);
void encode_lives(struct encoder *encoder, const uint8_t *life,
		  const uint8_t *parent, uint64_t parent_generation);
void encode_end(struct encoder *encoder, uint64_t generation, uint32_t flags);
void encode_header(uint8_t *data, size_t size);

void encode_u16(uint8_t *p, unsigned int value);
void encode_u32(uint8_t *p, uint32_t value);
void encode_u64(uint8_t *p, uint64_t value);
uint32_t decode_u32(const uint8_t *p);

#endif /* DEVIF_ENCODE_H */
