/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The query interface of toasters: the contract between exporters and importers of
 * toasters. Both include this header, and no other of the other side.
 */
#ifndef DEVIF_TOASTER_INTERFACE_H
#define DEVIF_TOASTER_INTERFACE_H

#include <linux/devif.h>

/* GUID_DEVINTERFACE_TOASTER, of the Windows toaster sample: the interface class */
#define TOASTER_CLASS_GUID						\
	GUID_INIT(0x781ef630, 0x72b2, 0x11d2,				\
		  0xb8, 0x52, 0x00, 0xc0, 0x4f, 0xad, 0x51, 0x71)

/* GUID_TOASTER_INTERFACE_STANDARD, of the Windows toaster sample */
#define TOASTER_INTERFACE_GUID						\
	GUID_INIT(0xe0b27630, 0x5434, 0x11d3,				\
		  0xb8, 0x90, 0x00, 0xc0, 0x4f, 0xad, 0x51, 0x71)

/* A property of the interface, u32: how often the toaster has been plugged in */
#define TOASTER_PLUGGED_IN	"toaster.plugged_in"

#define TOASTER_MAX_LEVEL	9

/**
 * struct toaster_interface - methods of a toaster
 * @header: size, version, context, references
 * @set_level: set how brown the toast is to be, 0 to %TOASTER_MAX_LEVEL. Any
 *	context. Return 0, -EINVAL, or -ENODEV if the toaster is gone
 * @level: return the level. Any context
 * @toast: toast some slices. May sleep, the longer the browner. Return 0 or -ENODEV
 *
 * Version 1 ends after @level.
 */
struct toaster_interface {
	struct devif_interface header;
	int (*set_level)(void *context, unsigned int level);
	int (*level)(void *context);
	int (*toast)(void *context, unsigned int slices);
};

#define TOASTER_SIZE_1	offsetofend(struct toaster_interface, level)

#endif /* DEVIF_TOASTER_INTERFACE_H */
