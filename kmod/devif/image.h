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

/* Everything in an image begins at a multiple of that. */
#define DEVIF_IMAGE_ALIGN	8u
#define DEVIF_IMAGE_PAD(size) \
	(((size) + DEVIF_IMAGE_ALIGN - 1) & ~(size_t)(DEVIF_IMAGE_ALIGN - 1))

/* Bytes of the device's part of a name, with its NUL, at most. */
#define DEVIF_IMAGE_DEVICE_SIZE	4096

/**
 * struct devif_image - an image being read
 * @data: all of it
 * @size: of @data in bytes
 * @at: where the next entry or, below an entry, the next property begins
 * @left: how many of these there are yet
 * @flags: of the header
 * @generation: of the header
 * @fault: if it is not in order, what is not; else %NULL
 * @fault_at: place of what is not
 */
struct devif_image {
	const u8 *data;
	size_t size;
	size_t at;
	u32 left;
	u32 flags;
	u64 generation;
	const char *fault;
	size_t fault_at;
};

/**
 * struct devif_entry - an entry of an image
 * @type: enum devif_image_type
 * @flags: DEVIF_IMAGE_DEFAULT and so on
 * @guid: 16 bytes in the order of a little-endian GUID
 * @device: device's part of the name; empty for a class
 * @reference: reference string; empty if there is none
 * @properties: to be read by devif_image_next_property()
 */
struct devif_entry {
	enum devif_image_type type;
	unsigned int flags;
	const u8 *guid;
	const char *device;
	const char *reference;
	struct devif_image properties;
};

/**
 * struct devif_value - a property, in an image or on its way into one
 * @key: its key
 * @type: enum devif_property_type
 * @size: of @data in bytes
 * @data: the value, as it is in an image
 */
struct devif_value {
	const char *key;
	u32 type;
	size_t size;
	const void *data;
};

int devif_image_open(struct devif_image *image, const void *data, size_t size);
bool devif_image_next(struct devif_image *image, struct devif_entry *entry);
bool devif_image_next_property(struct devif_image *properties,
			       struct devif_value *value);
int devif_value_check(const struct devif_value *value);
u32 devif_image_checksum(const void *data, size_t size);

#endif /* DEVIF_IMAGE_H */
