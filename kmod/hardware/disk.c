// SPDX-License-Identifier: GPL-2.0
/* Disks that cannot be read. */
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/module.h>

#include "../wellknown/compat.h"
#include "hardware.h"

static void submit(struct bio *bio)
{
	bio_io_error(bio);
}

static const struct block_device_operations operations = {
	.owner = THIS_MODULE,
	.submit_bio = submit,
};

static void remove_disk(void *data)
{
	struct gendisk *disk = data;

	del_gendisk(disk);
	put_disk(disk);
}

int hardware_add_disk(struct device *dev, const char *name)
{
	struct gendisk *disk = compat_blk_alloc_disk();
	int ret;

	if (IS_ERR_OR_NULL(disk))
		return -ENOMEM;
	disk->fops = &operations;
	disk->flags = GENHD_FL_NO_PART;
	strscpy(disk->disk_name, name, sizeof(disk->disk_name));
	set_capacity(disk, 8);
	ret = device_add_disk(dev, disk, NULL);
	if (ret) {
		put_disk(disk);
		return ret;
	}
	return devm_add_action_or_reset(dev, remove_disk, disk);
}
