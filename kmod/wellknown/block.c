// SPDX-License-Identifier: GPL-2.0
/*
 * Block devices: disks, CD-ROM drives, floppies, partitions.
 */
#include <linux/blkdev.h>
#include <linux/ctype.h>
#include <linux/device/class.h>
#include <linux/major.h>

#include "compat.h"
#include "wellknown.h"

static bool is_partition(struct device *dev)
{
	return bdev_is_partition(dev_to_bdev(dev));
}

static bool is_cdrom(const struct gendisk *disk)
{
#if IS_ENABLED(CONFIG_CDROM)
	return disk->cdi;
#else
	return false;
#endif
}

static bool is_floppy(const struct gendisk *disk)
{
	return disk->major == FLOPPY_MAJOR;
}

/* Return the disk of @dev, or %NULL. Hidden disks are parts of another disk. */
static const struct gendisk *to_disk(struct device *dev)
{
	const struct gendisk *disk;

	if (is_partition(dev))
		return NULL;
	disk = dev_to_disk(dev);
	return disk->flags & GENHD_FL_HIDDEN ? NULL : disk;
}

struct device *wk_pick_disk(struct device *dev)
{
	const struct gendisk *disk = to_disk(dev);

	return disk && !is_cdrom(disk) && !is_floppy(disk) ? dev : NULL;
}

struct device *wk_pick_cdrom(struct device *dev)
{
	const struct gendisk *disk = to_disk(dev);

	return disk && is_cdrom(disk) ? dev : NULL;
}

struct device *wk_pick_floppy(struct device *dev)
{
	const struct gendisk *disk = to_disk(dev);

	return disk && is_floppy(disk) ? dev : NULL;
}

struct device *wk_pick_partition(struct device *dev)
{
	return is_partition(dev) ? dev : NULL;
}

/*
 * Return the rest of a disk's name after the first number: "n1" of nvme0n1, "boot0" of
 * mmcblk0boot0, "" for most. The number depends on the order of probing.
 */
static const char *part_of_device(const char *disk)
{
	while (*disk && !isdigit(*disk))
		disk++;
	while (isdigit(*disk))
		disk++;
	return disk;
}

static int compat_class_callback(add_block)
{
	struct block_device *bdev = dev_to_bdev(dev);
	const char *part = part_of_device(bdev->bd_disk->disk_name);
	char reference[WK_STRING_SIZE];

	if (bdev_is_partition(bdev))
		snprintf(reference, sizeof(reference), "%sp%u", part,
			 compat_bdev_partno(bdev));
	else
		strscpy(reference, part, sizeof(reference));
	wk_add(&wk_block, dev, reference);
	return 0;
}

static void compat_class_callback(remove_block)
{
	wk_remove(dev);
}

static struct class_interface block_interface = {
	.add_dev = add_block,
	.remove_dev = remove_block,
};

/* The class is not exported, and no disk may exist yet: make one to find the class. */
static int start_block(void)
{
	struct gendisk *disk = compat_blk_alloc_disk();

	if (IS_ERR_OR_NULL(disk))
		return -ENOMEM;
	block_interface.class = disk_to_dev(disk)->class;
	put_disk(disk);
	return class_interface_register(&block_interface);
}

static void stop_block(void)
{
	class_interface_unregister(&block_interface);
}

const struct wk_source wk_block = {
	.subsystem = "block",
	.directory = "",
	.start = start_block,
	.stop = stop_block,
};
