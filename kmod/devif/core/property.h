/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Properties, as images have them.
 */
#ifndef DEVIF_PROPERTY_H
#define DEVIF_PROPERTY_H

#include <linux/rwsem.h>

#include "core/core.h"
#include "lib/image.h"

extern struct rw_semaphore devif_property_lock;

/* Properties that images show, and that are not restored */
#define DEVIF_PROPERTY_PASSING \
	(DEVIF_PROPERTY_VOLATILE | DEVIF_PROPERTY_DEFAULT)
/* A driver has set the property since devif was loaded; images omit the flag */
#define DEVIF_PROPERTY_OF_DRIVER	0x100

/**
 * struct devif_left_out - properties that found no room
 * @count: number of them
 * @first: key of the first of them, borrowed
 */
struct devif_left_out {
	unsigned int count;
	const char *first;
};

/* property.c */
void devif_properties_live(struct devif_properties *properties, bool live);
bool devif_properties_exist(const struct devif_properties *properties);
int devif_properties_add(struct devif_properties *properties,
			 const struct devif_value *value);
bool devif_properties_merge(struct devif_properties *properties,
			    struct devif_properties *more, bool overwrite,
			    struct devif_left_out *left_out);
void devif_properties_clear(struct devif_properties *properties, bool for_good);
bool devif_properties_end(struct devif_properties *properties);
void devif_properties_free(struct devif_properties *properties);
size_t devif_properties_image_size(const struct devif_properties *properties);
size_t devif_properties_all_size(void);
u8 *devif_properties_image(const struct devif_properties *properties, u8 *to);
int devif_property_set_value(struct devif_properties *properties,
			     const struct devif_value *value);
ssize_t devif_property_read(struct devif_properties *properties,
			    const char *key, u32 *type, void *value,
			    size_t size);

/* class.c */
size_t devif_classes_image_size(void);

/* record.c */
size_t devif_record_reference_size(const struct devif_record *record);
size_t devif_record_image_size(const struct devif_record *record);
size_t devif_records_image_size(void);

#endif /* DEVIF_PROPERTY_H */
