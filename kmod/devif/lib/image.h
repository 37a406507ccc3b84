/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images of the registry: checking and reading them. Also built in user space, for the
 * tools and the fuzzer.
 */
#ifndef DEVIF_IMAGE_H
#define DEVIF_IMAGE_H

#ifdef __KERNEL__
#include <uapi/linux/devif.h>
#else
#include <linux/devif.h>
#endif

#include "portable.h"

/* Entries and properties begin at multiples of that. */
#define DEVIF_IMAGE_ALIGN	8u
#define DEVIF_IMAGE_PAD(size) \
	(((size) + DEVIF_IMAGE_ALIGN - 1) & ~(size_t)(DEVIF_IMAGE_ALIGN - 1))

/* Bytes of the device's part of a name, with its NUL, at most. */
#define DEVIF_IMAGE_DEVICE_SIZE	4096

/**
 * struct devif_image - an image being read
 * @data: the whole image
 * @size: of @data in bytes
 * @at: where the next entry or, below an entry, the next property begins
 * @left: number of entries or properties to come
 * @version: of the header
 * @flags: of the header
 * @generation: of the header
 * @life: of the header, 16 bytes; made of other fields for version 1, which has none
 * @parent: of the header, 16 bytes, zero for none
 * @parent_generation: of the header
 * @fault: description of the fault in an invalid image; else %NULL
 * @fault_at: offset of the fault in bytes
 */
struct devif_image {
	const u8 *data;
	size_t size;
	size_t at;
	u32 left;
	u32 version;
	u32 flags;
	u64 generation;
	u8 life[16];
	u8 parent[16];
	u64 parent_generation;
	const char *fault;
	size_t fault_at;
};

/**
 * struct devif_entry - an entry of an image
 * @type: enum devif_image_type
 * @flags: DEVIF_IMAGE_DEFAULT and so on
 * @guid: 16 bytes in the order of a little-endian GUID
 * @device: device's part of the name; empty for a class
 * @reference: reference string; empty for none
 * @seen: when the interface went, seconds since 1970; 0 if it is registered, or unknown
 * @properties: to be read by devif_image_next_property()
 */
struct devif_entry {
	enum devif_image_type type;
	unsigned int flags;
	const u8 *guid;
	const char *device;
	const char *reference;
	u64 seen;
	struct devif_image properties;
};

/**
 * struct devif_value - a property, in an image or on its way into one
 * @key: its key
 * @type: enum devif_property_type
 * @flags: DEVIF_PROPERTY_VOLATILE and so on
 * @size: of @data in bytes
 * @data: the value, in the format of images
 */
struct devif_value {
	const char *key;
	u32 type;
	u32 flags;
	size_t size;
	const void *data;
};

/**
 * devif_image_is_of() - whether an image is of a life and a generation
 * @image: an image that has been opened
 * @life: 16 bytes
 * @generation: in that life
 *
 * Return: whether @image has both
 */
static inline bool devif_image_is_of(const struct devif_image *image,
				     const u8 *life, u64 generation)
{
	return image->generation == generation &&
	       !memcmp(image->life, life, sizeof(image->life));
}

int devif_image_open(struct devif_image *image, const void *data, size_t size);
bool devif_image_next(struct devif_image *image, struct devif_entry *entry);
bool devif_image_next_property(struct devif_image *properties,
			       struct devif_value *value);
int devif_value_check(const struct devif_value *value);
u32 devif_image_checksum(const void *data, size_t size);

#endif /* DEVIF_IMAGE_H */
