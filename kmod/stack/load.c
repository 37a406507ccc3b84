// SPDX-License-Identifier: GPL-2.0
/*
 * The load on a stack: a thread queries the first toaster, and calls the layer that answers,
 * over and over.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "stack.h"

static const guid_t load_guid = STACK_GUID;

static unsigned int calls;
module_param(calls, uint, 0444);
MODULE_PARM_DESC(calls, "number of calls of a layer");

static unsigned int wrong;
module_param(wrong, uint, 0444);
MODULE_PARM_DESC(wrong, "number of calls with an impossible result");

static int seen = INT_MIN;
module_param(seen, int, 0444);
MODULE_PARM_DESC(seen, "layer that has answered last, or the lowest integer");

static struct task_struct *load_task;

static void load_call(const struct stack_table *table)
{
	int depth;

	scoped_devif_call(&table->header) {
		depth = table->depth(table->header.context);
		calls++;
		if (depth < 1 || depth > 3)
			wrong++;
	}
}

static void load_query(struct device *dev)
{
	const struct devif_query_desc desc = {
		.guid = &load_guid,
		.version = 1,
		.flags = DEVIF_REVOCABLE,
	};
	struct stack_table table;

	if (devif_query(dev, &desc, &table)) {
		WRITE_ONCE(seen, INT_MIN);
		return;
	}
	WRITE_ONCE(seen, table.layer);
	load_call(&table);
	devif_dereference(&table.header);
}

static int load_run(void *unused)
{
	struct device *dev;

	while (!kthread_should_stop()) {
		dev = stack_find_device();
		if (dev)
			load_query(dev);
		else
			WRITE_ONCE(seen, INT_MIN);
		put_device(dev);
		schedule_timeout_interruptible(1);
	}
	return 0;
}

static int __init load_load(void)
{
	load_task = kthread_run(load_run, NULL, "devif_stack_load");
	return PTR_ERR_OR_ZERO(load_task);
}

static void __exit load_unload(void)
{
	kthread_stop(load_task);
}

module_init(load_load);
module_exit(load_unload);

MODULE_DESCRIPTION("Device interfaces: load on a stack, for tests");
MODULE_AUTHOR("The devif authors");
MODULE_LICENSE("GPL");
MODULE_IMPORT_DEVIF();
