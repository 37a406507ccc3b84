/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interfaces to user space: attributes, control node, images, debugfs. The highest floor.
 */
#ifndef DEVIF_USER_H
#define DEVIF_USER_H

#include <linux/rwsem.h>

#include "core/property.h"
#include "registry/registry.h"

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

/* control.c */
int devif_control_init(void);
void devif_control_exit(void);

/* holders.c */
void devif_holders_init(void);
void devif_holders_exit(void);

/* attributes.c */
int devif_attributes_init(void);
void devif_attributes_exit(void);

/* class_attributes.c */
int devif_class_attributes_init(void);
void devif_class_attributes_exit(void);

#endif /* DEVIF_USER_H */
