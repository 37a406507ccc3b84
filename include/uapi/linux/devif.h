/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Device interfaces, for user space: what can be done with the character device of
 * an interface besides what its exporter offers.
 */
#ifndef _UAPI_LINUX_DEVIF_H
#define _UAPI_LINUX_DEVIF_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * struct devif_event_record - an event, as it is read from an event file
 * @size: of the whole record in bytes, this header included
 * @lost: how many events before this one have been lost, because they were not read
 *	in time
 * @guid: what has happened; bytes in the order of the little-endian GUID of the
 *	kernel's guid_t
 * @data: what the event came with
 *
 * Each read() returns one record. If the buffer is too small it fails with EMSGSIZE,
 * and the record stays. poll() reports POLLIN when there is one, POLLHUP when the
 * interface has gone and there will be no more; then read() returns 0.
 */
struct devif_event_record {
	__u32 size;
	__u32 lost;
	__u8 guid[16];
	__u8 data[];
};

#define DEVIF_IOC_MAGIC		0xD1

/*
 * Open an event file for the interface; the argument is 0 or O_CLOEXEC, O_NONBLOCK. A
 * device has 256 of them at most, then it fails with EUSERS.
 */
#define DEVIF_IOC_EVENTS	_IO(DEVIF_IOC_MAGIC, 0x00)

#endif /* _UAPI_LINUX_DEVIF_H */
