/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Builder of registry images, valid and invalid ones.
 */
#ifndef DEVIF_BUILDER_H
#define DEVIF_BUILDER_H

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/devif/lib/image.h"

/**
 * struct builder - an image being built
 * @data: the image
 * @size: bytes used
 * @room: bytes allocated
 * @entry: offset of the last entry
 * @property: offset of the last property
 */
struct builder {
	u8 *data;
	size_t size;
	size_t room;
	size_t entry;
	size_t property;
};

static inline void *builder_add(struct builder *builder, size_t size)
{
	void *at;

	while (builder->size + size > builder->room) {
		builder->room = builder->room ? 2 * builder->room : 4096;
		builder->data = realloc(builder->data, builder->room);
		if (!builder->data)
			abort();
	}
	at = builder->data + builder->size;
	memset(at, 0, size);
	builder->size += size;
	return at;
}

static inline struct devif_image_header *builder_header(struct builder *builder)
{
	return (void *)builder->data;
}

static inline void builder_begin(struct builder *builder)
{
	struct devif_image_header *header;

	builder->size = 0;
	header = builder_add(builder, sizeof(*header));
	memcpy(header->magic, DEVIF_IMAGE_MAGIC, sizeof(header->magic));
	header->version = htole32(DEVIF_IMAGE_VERSION);
}

/* Begin an entry; @device is NULL for a class. */
static inline struct devif_image_entry *
builder_entry(struct builder *builder, const u8 guid[16], const char *device,
	      const char *reference)
{
	size_t device_size = device ? strlen(device) + 1 : 0;
	size_t reference_size = reference ? strlen(reference) + 1 : 0;
	size_t size = DEVIF_IMAGE_PAD(sizeof(struct devif_image_entry) +
				      device_size + reference_size);
	struct devif_image_entry *entry;
	char *strings;
	u32 *entries;

	builder->entry = builder->size;
	entry = builder_add(builder, size);
	entry->size = htole32(size);
	entry->type = htole16(device ? DEVIF_IMAGE_RECORD : DEVIF_IMAGE_CLASS);
	memcpy(entry->guid, guid, 16);
	entry->device_size = htole16(device_size);
	entry->reference_size = htole16(reference_size);
	strings = (char *)(entry + 1);
	if (device)
		memcpy(strings, device, device_size);
	if (reference)
		memcpy(strings + device_size, reference, reference_size);
	entries = &builder_header(builder)->entries;
	*entries = htole32(le32toh(*entries) + 1);
	return entry;
}

/* Add a property to the last entry. */
static inline void builder_property(struct builder *builder, const char *key,
				    u32 type, const void *value, size_t value_size)
{
	size_t key_size = strlen(key) + 1;
	size_t size = DEVIF_IMAGE_PAD(sizeof(struct devif_image_property) +
				      key_size + value_size);
	struct devif_image_property *property = builder_add(builder, size);
	struct devif_image_entry *entry = (void *)(builder->data +
						   builder->entry);

	builder->property = (u8 *)property - builder->data;
	property->size = htole32(size);
	property->type = htole16(type);
	property->key_size = htole16(key_size);
	property->value_size = htole32(value_size);
	memcpy(property + 1, key, key_size);
	if (value_size)
		memcpy((char *)(property + 1) + key_size, value, value_size);
	entry->size = htole32(le32toh(entry->size) + size);
	entry->properties = htole32(le32toh(entry->properties) + 1);
}

/* Set the flags of the last property. */
static inline void builder_property_flags(struct builder *builder, u32 flags)
{
	struct devif_image_property *property = (void *)(builder->data +
							 builder->property);

	property->flags = htole32(flags);
}

static inline void builder_seal(struct builder *builder)
{
	struct devif_image_header *header = builder_header(builder);

	header->size = htole64(builder->size);
	header->checksum = htole32(devif_image_checksum(builder->data,
							builder->size));
}

#endif /* DEVIF_BUILDER_H */
