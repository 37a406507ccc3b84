/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Adapts block device code to older kernels. See kmod/devif/lib/compat.h for the rest.
 */
#ifndef DEVIF_WELLKNOWN_COMPAT_H
#define DEVIF_WELLKNOWN_COMPAT_H

#include <linux/blkdev.h>
#include <linux/version.h>

/* 6.9: a disk is made with its limits, and failure is an error pointer */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
#define compat_blk_alloc_disk()	blk_alloc_disk(NULL, NUMA_NO_NODE)
#else
#define compat_blk_alloc_disk()	blk_alloc_disk(NUMA_NO_NODE)
#endif

/* 6.10: a function reads the partition's number */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define compat_bdev_partno(bdev)	bdev_partno(bdev)
#else
#define compat_bdev_partno(bdev)	((bdev)->bd_partno)
#endif

#endif /* DEVIF_WELLKNOWN_COMPAT_H */
