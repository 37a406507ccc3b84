/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of properties, images and the control node share.
 */
#ifndef DEVIF_PROPERTY_INTERNAL_H
#define DEVIF_PROPERTY_INTERNAL_H

#include <linux/rwsem.h>

#include "image.h"
#include "internal.h"

extern struct rw_semaphore devif_property_lock;

/* What is in images for eyes only */
#define DEVIF_PROPERTY_PASSING \
	(DEVIF_PROPERTY_VOLATILE | DEVIF_PROPERTY_DEFAULT)
/* A driver has set it since devif was loaded; in no image */
#define DEVIF_PROPERTY_OF_DRIVER	0x100

/**
 * struct devif_left_out - properties for which there was no room
 * @count: how many they are
 * @first: key of the first of them, borrowed
 */
struct devif_left_out {
	unsigned int count;
	const char *first;
};

/* property.c */
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

/* lineage.c */
void devif_lineage_init(void);
void devif_lineage_tell(struct devif_image_header *header);
void devif_lineage_succeed(const struct devif_image *image);

/* snapshot.c */
struct devif_snapshot;
struct devif_snapshot *devif_snapshot_make(void);
void devif_snapshot_free(struct devif_snapshot *snapshot);
ssize_t devif_snapshot_read(const struct devif_snapshot *snapshot,
			    char __user *to, size_t size, loff_t *pos);

/* restore.c */
extern struct rw_semaphore devif_restore_lock;
int devif_restore(const void *data, size_t size);
void devif_restore_exit(void);

/* forget.c */
int devif_forget(const char *name, u32 flags, char *holders, size_t size);

/* control.c */
int devif_control_init(void);
void devif_control_exit(void);
u64 devif_generation(void);
u64 devif_version(void);
void devif_changed(void);

#endif /* DEVIF_PROPERTY_INTERNAL_H */
