/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The query interface that the layers export, for tests.
 */
#ifndef DEVIF_STACK_H
#define DEVIF_STACK_H

#include <linux/device.h>
#include <linux/devif.h>

#include "../exporter/toaster_interface.h"

#define STACK_GUID							\
	GUID_INIT(0x3c1e7d50, 0x92a4, 0x4b1d,				\
		  0x8d, 0x0e, 0x51, 0x77, 0x20, 0x9a, 0x6f, 0x33)

/**
 * struct stack_table - methods of a layer
 * @header: size, version, context, references
 * @layer: the layer: enum devif_layer
 * @depth: count the layers from this one down
 */
struct stack_table {
	struct devif_interface header;
	int layer;
	int (*depth)(void *context);
};

static inline int stack_take_first(struct devif *devif, void *data)
{
	*(struct device **)data = devif_get_device(devif);
	return 1;
}

/* Return the first toaster, for put_device(), or %NULL. */
static inline struct device *stack_find_device(void)
{
	static const guid_t class = TOASTER_CLASS_GUID;
	struct device *dev = NULL;

	devif_for_each(&class, NULL, DEVIF_PRESENT, &dev, stack_take_first);
	return dev;
}

#endif /* DEVIF_STACK_H */
