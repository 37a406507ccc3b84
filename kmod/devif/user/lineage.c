// SPDX-License-Identifier: GPL-2.0
/*
 * Lineage: the life of the registry that an image is of, and the image of an earlier life
 * that the registry continues. From these, a program about to replace a saved image knows
 * whether the registry has had all of it, in whatever order saves and restores happened.
 */
#include <linux/lockdep.h>
#include <linux/rwsem.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include "core/property.h"
#include "user/user.h"

/*
 * One image at a time: a restore marks the records and classes that it has met. Snapshots
 * take the lock for reading, so that none shows an image half restored.
 */
DECLARE_RWSEM(devif_restore_lock);

/* identifies this life; written once */
static guid_t life;

/* of the image that the registry continues, zero for none; guarded by devif_restore_lock */
static u8 parent[16];
static u64 parent_generation;

/**
 * devif_lineage_init() - begin a life
 *
 * Context: The control node is not registered yet.
 */
void devif_lineage_init(void)
{
	guid_gen(&life);
}

/**
 * devif_lineage_tell() - write the lineage into the header of an image
 * @header: the header
 *
 * Context: devif_restore_lock held.
 */
void devif_lineage_tell(struct devif_image_header *header)
{
	lockdep_assert_held(&devif_restore_lock);
	export_guid(header->life, &life);
	memcpy(header->parent, parent, sizeof(parent));
	header->parent_generation = cpu_to_le64(parent_generation);
}

/**
 * devif_lineage_succeed() - continue an image that has been restored
 * @image: the image
 *
 * Context: devif_restore_lock held for writing.
 */
void devif_lineage_succeed(const struct devif_image *image)
{
	lockdep_assert_held_write(&devif_restore_lock);
	memcpy(parent, image->life, sizeof(parent));
	parent_generation = image->generation;
}
