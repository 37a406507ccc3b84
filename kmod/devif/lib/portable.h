/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel functions that text.c and image.c use, with their counterparts in user space,
 * where both are built too, for the tools and the fuzzer.
 */
#ifndef DEVIF_PORTABLE_H
#define DEVIF_PORTABLE_H

#ifdef __KERNEL__

#include <linux/crc32.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

/* Let other tasks run; return whether the process is killed. */
static inline bool portable_is_killed(void)
{
	cond_resched();
	return fatal_signal_pending(current);
}

/* zlib's CRC-32, complements included; @crc is the one of the bytes before, or 0 */
static inline u32 portable_crc32(u32 crc, const void *data, size_t size)
{
	return ~crc32_le(~crc, data, size);
}

#else

#include <errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <zlib.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

static inline bool portable_is_killed(void)
{
	return false;
}

static inline u32 portable_crc32(u32 crc, const void *data, size_t size)
{
	return crc32_z(crc, data, size);
}

#endif

#endif /* DEVIF_PORTABLE_H */
