/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A layer on the first toaster: a whole module, for a source file that defines LAYER. Three
 * such modules make a stack, in which each asks the one below.
 */
#include <linux/module.h>

#include "stack.h"

static const guid_t layer_guid = STACK_GUID;
static struct devif_export *layer_export;

static int layer_depth(void *context)
{
	const struct devif_query_desc desc = {
		.version = 1,
		.flags = DEVIF_REVOCABLE,
	};
	struct stack_table below;
	int depth = 1;

	if (devif_query_below(READ_ONCE(layer_export), &desc, &below))
		return depth;
	scoped_devif_call(&below.header)
		depth += below.depth(below.header.context);
	devif_dereference(&below.header);
	return depth;
}

static const struct stack_table layer_table = {
	.header = DEVIF_INTERFACE_INIT(struct stack_table, 1),
	.layer = LAYER,
	.depth = layer_depth,
};

static int __init layer_load(void)
{
	const struct devif_export_desc desc = {
		.guid = &layer_guid,
		.table = devif_header(&layer_table),
		.layer = LAYER,
	};
	struct device *dev = stack_find_device();
	int ret;

	if (!dev)
		return -ENODEV;
	ret = devif_export(dev, &desc, &layer_export);
	put_device(dev);
	return ret;
}

static void __exit layer_unload(void)
{
	devif_unexport(layer_export);
}

module_init(layer_load);
module_exit(layer_unload);

MODULE_DESCRIPTION("Device interfaces: a layer of a stack, for tests");
MODULE_AUTHOR("The devif authors");
MODULE_LICENSE("GPL");
MODULE_IMPORT_DEVIF();
