/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Opened toasters: the contract between exporters of toasters and their openers, other
 * drivers and applications.
 *
 * Each byte that is written is a slice of bread; a toaster takes up to TOASTER_SLOTS.
 * After a time that depends on the level all slices in the toaster pop up at once, and
 * can be read: a toasted letter is in upper case. Reading them makes room for more.
 * poll() tells whether to read or to write.
 *
 * A toaster opened with the path "status" is another file, for reading: one line of
 * text.
 */
#ifndef DEVIF_TOASTER_IOCTL_H
#define DEVIF_TOASTER_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define TOASTER_SLOTS		64

/* How brown the toast is to be, 0 to 9: 10 ms for each, and 10 ms more */
#define TOASTER_SET_LEVEL	_IOW('t', 1, __u32)
#define TOASTER_GET_LEVEL	_IOR('t', 2, __u32)

/* Let the slices pop up now; the result is their number */
#define TOASTER_POP		_IO('t', 3)

/*
 * The event of slices that have popped up; its data is their number, a __u32.
 * {5f2b8e0a-3c41-4b7e-9d52-71f0a4c6e813}
 */
#define TOASTER_EVENT_POPPED						\
	GUID_INIT(0x5f2b8e0a, 0x3c41, 0x4b7e,				\
		  0x9d, 0x52, 0x71, 0xf0, 0xa4, 0xc6, 0xe8, 0x13)

#endif /* DEVIF_TOASTER_IOCTL_H */
