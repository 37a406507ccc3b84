// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own notifications: notifier chains and the callbacks of a class, in
 * the context of the notifying task; and work items.
 *
 * With the callbacks of a class, an operation is one edge: a device is created or
 * unregistered, half each.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/kdev_t.h>
#include <linux/notifier.h>
#include <linux/workqueue.h>

#include "../compat.h"
#include "bench.h"

#define MANY	1000

static struct class *class;
static struct device *parent;
static struct class_interface interfaces[MANY];

static BLOCKING_NOTIFIER_HEAD(chain);
static struct notifier_block blocks[MANY];

static struct workqueue_struct *unbound_wq;
static struct work_struct works[MANY];

/* Callbacks count their calls, as those of notify.c do. */
static atomic_t called;
static atomic_t not_called;
static DECLARE_COMPLETION(all_called);

/*
 * Callbacks of a class
 */

static int compat_class_callback(add)
{
	atomic_inc(&called);
	return 0;
}

static void compat_class_callback(remove)
{
	atomic_inc(&called);
}

static void class_edges(unsigned int count, void *arg)
{
	struct device *dev = NULL;

	while (count--) {
		if (count % 2)
			dev = device_create(class, parent, MKDEV(0, 0), NULL,
					    "bench");
		else
			device_unregister(dev);
		if (IS_ERR(dev))
			return;
	}
}

static void remove_interfaces(void *arg)
{
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		if (interfaces[i].class)
			class_interface_unregister(&interfaces[i]);
		interfaces[i].class = NULL;
	}
}

static int add_interfaces(void *arg)
{
	const unsigned int *count = arg;
	unsigned int i;
	int ret;

	for (i = 0; i < *count; i++) {
		interfaces[i].class = class;
		interfaces[i].add_dev = add;
		interfaces[i].remove_dev = remove;
		ret = class_interface_register(&interfaces[i]);
		if (ret) {
			interfaces[i].class = NULL;
			remove_interfaces(arg);
			return ret;
		}
	}
	return 0;
}

/*
 * Notifier chains
 */

static int notice(struct notifier_block *block, unsigned long action, void *data)
{
	atomic_inc(&called);
	return NOTIFY_OK;
}

static void call_chain(unsigned int count, void *arg)
{
	while (count--)
		blocking_notifier_call_chain(&chain, 0, NULL);
}

static void empty_chain(void *arg)
{
	const unsigned int *count = arg;
	unsigned int i;

	for (i = 0; i < *count; i++)
		blocking_notifier_chain_unregister(&chain, &blocks[i]);
}

static int fill_chain(void *arg)
{
	const unsigned int *count = arg;
	unsigned int i;
	int ret;

	for (i = 0; i < *count; i++) {
		blocks[i].notifier_call = notice;
		ret = blocking_notifier_chain_register(&chain, &blocks[i]);
		if (ret) {
			empty_chain(&i);
			return ret;
		}
	}
	return 0;
}

/*
 * Work items
 */

static void count_work(struct work_struct *work)
{
	if (atomic_dec_and_test(&not_called))
		complete(&all_called);
}

/* Queue all work items at once, and wait until the last has run. */
static void run_works(unsigned int count, void *arg)
{
	const unsigned int *size = arg;
	unsigned int i;

	while (count--) {
		atomic_set(&not_called, *size);
		reinit_completion(&all_called);
		for (i = 0; i < *size; i++)
			queue_work(unbound_wq, &works[i]);
		wait_for_completion(&all_called);
	}
}

static void init_works(void)
{
	unsigned int i;

	for (i = 0; i < MANY; i++)
		INIT_WORK(&works[i], count_work);
}

/*
 * The module
 */

static int add_benches(void)
{
	static unsigned int one = 1, ten = 10, many = MANY;
	static const struct bench benches[] = {
		{ "notify_class_interface_0", 40, class_edges },
		{ "notify_class_interface_1", 40, class_edges, &one,
		  .prepare = add_interfaces, .finish = remove_interfaces },
		{ "notify_class_interface_10", 40, class_edges, &ten,
		  .prepare = add_interfaces, .finish = remove_interfaces },
		{ "notify_class_interface_1000", 40, class_edges, &many,
		  .prepare = add_interfaces, .finish = remove_interfaces },
		{ "notify_blocking_chain_1", 10000, call_chain, &one,
		  .prepare = fill_chain, .finish = empty_chain },
		{ "notify_blocking_chain_10", 2000, call_chain, &ten,
		  .prepare = fill_chain, .finish = empty_chain },
		{ "notify_blocking_chain_1000", 40, call_chain, &many,
		  .prepare = fill_chain, .finish = empty_chain },
		{ "work_item", 100, run_works, &one },
		{ "notify_work_items_1000", 4, run_works, &many },
	};

	return bench_add(benches, ARRAY_SIZE(benches));
}

/**
 * bench_callbacks_init() - add the operations of this file
 *
 * Return: 0 or a negative errno
 */
int bench_callbacks_init(void)
{
	int ret;

	parent = root_device_register("devif-bench-callbacks");
	if (IS_ERR(parent))
		return PTR_ERR(parent);
	class = compat_class_create("devif-bench");
	ret = PTR_ERR_OR_ZERO(class);
	if (ret)
		goto out_parent;
	init_works();
	unbound_wq = alloc_workqueue("devif_bench", WQ_UNBOUND, 0);
	ret = unbound_wq ? add_benches() : -ENOMEM;
	if (!ret)
		return 0;

	if (unbound_wq)
		destroy_workqueue(unbound_wq);
	class_destroy(class);
out_parent:
	root_device_unregister(parent);
	return ret;
}

/**
 * bench_callbacks_exit() - undo bench_callbacks_init()
 */
void bench_callbacks_exit(void)
{
	destroy_workqueue(unbound_wq);
	class_destroy(class);
	root_device_unregister(parent);
}
