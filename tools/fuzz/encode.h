/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images made from what <linux/devif.h> says of them, and from nothing else: what the
 * parser is compared with.
 */
#ifndef DEVIF_ENCODE_H
#define DEVIF_ENCODE_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct encoder - an image being made
 * @data: what there is of it; for free()
 * @size: of @data in bytes
 * @room: for which there is memory
 * @entry: where the last entry begins
 * @property: where the last property begins
 * @entries: how many there are
 * @properties: of the last entry
 * @version: of the image
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
