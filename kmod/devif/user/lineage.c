// SPDX-License-Identifier: GPL-2.0
/*
 * Lineage: which life of the registry an image is of, and which image of an earlier one the
 * registry continues. By that, who replaces an image that was saved knows whether all of
 * it has been in the registry, whatever has happened in which order.
 */
#include <linux/lockdep.h>
#include <linux/rwsem.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include "core/property.h"
#include "user/user.h"

/*
 * One image at a time: they mark what they have met. And no snapshot meanwhile, which reads
 * under it: what is restored by half is not to be seen.
 */
DECLARE_RWSEM(devif_restore_lock);

/* of this life; written once */
static guid_t life;

/* of the image that is continued, guarded by devif_restore_lock; zero if there is none */
static u8 parent[16];
static u64 parent_generation;

/**
 * devif_lineage_init() - begin a life
 *
 * Context: Nobody can read or restore images yet.
 */
void devif_lineage_init(void)
{
	guid_gen(&life);
}

/**
 * devif_lineage_tell() - write lives into the header of an image
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
 * devif_lineage_succeed() - continue an image, which has been restored
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
