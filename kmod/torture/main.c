// SPDX-License-Identifier: GPL-2.0
/*
 * Torture: threads that use toasters in every way a query interface allows, while
 * a script unbinds, unplugs and unloads the toasters. Loading starts the threads,
 * unloading stops them and prints their counters:
 *
 *	devif_torture: queries=... granted=... ...
 *
 * Calls must add up to the count of the exporter, see scripts/tests/torture.sh.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/devif.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "../exporter/toaster_interface.h"

static unsigned int threads = 4;
module_param(threads, uint, 0444);
MODULE_PARM_DESC(threads, "number of threads (default 4)");

static unsigned int pinned_percent = 10;
module_param(pinned_percent, uint, 0444);
MODULE_PARM_DESC(pinned_percent, "how many of the queries are pinned (default 10)");

static unsigned int hold_ms = 200;
module_param(hold_ms, uint, 0444);
MODULE_PARM_DESC(hold_ms, "most milliseconds for which an interface is kept (default 200)");

static bool leak;
module_param(leak, bool, 0444);
MODULE_PARM_DESC(leak, "forget to give one reference back (default N)");

static bool subscribe;
module_param(subscribe, bool, 0444);
MODULE_PARM_DESC(subscribe, "subscribe to toasters, with slow callbacks, and forget that (default N)");

/**
 * struct counters - counters of a thread
 * @queries: queries made
 * @granted: queries answered
 * @forwarded: interfaces passed on
 * @references: references taken by the table's routine
 * @dereferences: references given back, of all the above
 * @calls: calls made, and answered
 * @refused: calls not made: the gate was closed
 * @gone: calls answered by -ENODEV: the export had ended
 * @wrong: calls answered by a level that no toaster has
 */
struct counters {
	unsigned long queries;
	unsigned long granted;
	unsigned long forwarded;
	unsigned long references;
	unsigned long dereferences;
	unsigned long calls;
	unsigned long refused;
	unsigned long gone;
	unsigned long wrong;
};

/**
 * struct torturer - a thread
 * @task: the thread
 * @counters: counters of the thread
 * @pinned: the thread holds its present interface pinned, else revocable
 */
struct torturer {
	struct task_struct *task;
	struct counters counters;
	bool pinned;
};

static struct torturer *torturers;

static unsigned int below(unsigned int limit)
{
	return get_random_u32() % limit;
}

/*
 * Calls
 */

static void toast(struct torturer *torturer,
		  const struct toaster_interface *toaster)
{
	void *context = toaster->header.context;

	if (toaster->level(context) > TOASTER_MAX_LEVEL)
		torturer->counters.wrong++;
	/* some calls are long, so that an unbinding has to wait */
	toaster->set_level(context, below(5) ? 0 : TOASTER_MAX_LEVEL);
	if (toaster->toast(context, 1))
		torturer->counters.gone++;
	else
		torturer->counters.calls++;
}

static void call(struct torturer *torturer,
		 const struct toaster_interface *toaster)
{
	if (torturer->pinned) {
		toast(torturer, toaster);
		return;
	}
	scoped_devif_call(&toaster->header) {
		toast(torturer, toaster);
		return;
	}
	torturer->counters.refused++;
}

/*
 * References
 */

static void drop(struct torturer *torturer,
		 const struct toaster_interface *toaster)
{
	torturer->counters.dereferences++;
	devif_dereference(&toaster->header);
}

static void reference_and_call(struct torturer *torturer,
			       const struct toaster_interface *toaster)
{
	torturer->counters.references++;
	devif_reference(&toaster->header);
	call(torturer, toaster);
	drop(torturer, toaster);
}

static void forward_and_call(struct torturer *torturer,
			     const struct toaster_interface *toaster)
{
	struct toaster_interface other;

	if (devif_forward(toaster, &other, NULL))
		return;
	torturer->counters.forwarded++;
	call(torturer, &other);
	drop(torturer, &other);
}

static void use(struct torturer *torturer,
		const struct toaster_interface *toaster)
{
	unsigned int i;

	for (i = below(8); i; i--) {
		switch (below(4)) {
		case 0:
			reference_and_call(torturer, toaster);
			break;
		case 1:
			forward_and_call(torturer, toaster);
			break;
		default:
			call(torturer, toaster);
			break;
		}
	}
}

/* Delay the unloading of the exporter, and call when its device has gone. */
static void linger(struct torturer *torturer,
		   const struct toaster_interface *toaster)
{
	msleep(below(hold_ms + 1));
	call(torturer, toaster);
}

/*
 * Queries
 */

/* Query a device, and put it: its exports are to be safe all the same. */
static int query(struct torturer *torturer, struct device *dev,
		 struct toaster_interface *toaster)
{
	static const guid_t guid = TOASTER_INTERFACE_GUID;
	struct devif_query_desc desc = { .guid = &guid, .version = 2 };
	int ret;

	torturer->pinned = below(100) < pinned_percent;
	if (!torturer->pinned)
		desc.flags = DEVIF_REVOCABLE;
	torturer->counters.queries++;
	ret = devif_query(dev, &desc, toaster);
	put_device(dev);
	return ret;
}

static void query_and_use(struct torturer *torturer, struct device *dev)
{
	struct toaster_interface toaster;

	if (query(torturer, dev, &toaster))
		return;
	torturer->counters.granted++;
	/* in the middle of probe() only the older version is exported */
	if (toaster.header.version >= 2) {
		use(torturer, &toaster);
		if (torturer->pinned || !below(8))
			linger(torturer, &toaster);
	}
	if (!xchg(&leak, false))
		drop(torturer, &toaster);
}

/* A pick of one interface among those present. */
struct pick {
	unsigned int skip;
	struct device *dev;
};

static int pick_one(struct devif *devif, void *data)
{
	struct pick *pick = data;

	put_device(pick->dev);
	pick->dev = devif_get_device(devif);
	return !pick->skip--;
}

static int torture(void *data)
{
	static const guid_t class = TOASTER_CLASS_GUID;
	struct torturer *torturer = data;

	while (!kthread_should_stop()) {
		struct pick pick = { .skip = below(4) };

		devif_for_each(&class, NULL, DEVIF_PRESENT, &pick, pick_one);
		if (pick.dev)
			query_and_use(torturer, pick.dev);
		/* let the tasks that take the toasters away have their turn */
		usleep_range(20, 200);
	}
	return 0;
}

/*
 * The module
 */

static void stop(void)
{
	unsigned int i;

	for (i = 0; i < threads; i++)
		if (torturers[i].task)
			kthread_stop(torturers[i].task);
}

static int start(struct torturer *torturer, unsigned int number)
{
	struct task_struct *task;

	task = kthread_run(torture, torturer, "devif-torture/%u", number);
	if (IS_ERR(task))
		return PTR_ERR(task);
	torturer->task = task;
	return 0;
}

static atomic_t told;

static void told_slowly(struct devif *devif, void *data)
{
	atomic_inc(&told);
	msleep(200);
	/* this module must still be loaded */
	atomic_dec(&told);
}

/* Make a subscription that ends only with the module. */
static int subscribe_and_forget(void)
{
	static const guid_t toasters = TOASTER_CLASS_GUID;
	static struct devif_subscription *forgotten;
	const struct devif_subscribe_desc desc = {
		.class = &toasters,
		.arrival = told_slowly,
		.removal = told_slowly,
		.flags = DEVIF_EXISTING,
	};

	return subscribe ? devif_subscribe(&desc, &forgotten) : 0;
}

static int __init torture_init(void)
{
	unsigned int i;
	int ret;

	ret = subscribe_and_forget();
	if (ret)
		return ret;
	torturers = kcalloc(threads, sizeof(*torturers), GFP_KERNEL);
	if (!torturers)
		return -ENOMEM;
	for (i = 0; i < threads && !ret; i++)
		ret = start(&torturers[i], i);
	if (ret) {
		stop();
		kfree(torturers);
	}
	return ret;
}

static void __exit torture_exit(void)
{
	struct counters sum = {};
	unsigned int i;

	stop();
	for (i = 0; i < threads; i++) {
		const struct counters *counters = &torturers[i].counters;

		sum.queries += counters->queries;
		sum.granted += counters->granted;
		sum.forwarded += counters->forwarded;
		sum.references += counters->references;
		sum.dereferences += counters->dereferences;
		sum.calls += counters->calls;
		sum.refused += counters->refused;
		sum.gone += counters->gone;
		sum.wrong += counters->wrong;
	}
	kfree(torturers);
	pr_info("queries=%lu granted=%lu forwarded=%lu references=%lu dereferences=%lu calls=%lu refused=%lu gone=%lu wrong=%lu\n",
		sum.queries, sum.granted, sum.forwarded, sum.references,
		sum.dereferences, sum.calls, sum.refused, sum.gone, sum.wrong);
}

module_init(torture_init);
module_exit(torture_exit);

MODULE_DESCRIPTION("Device interfaces: torture");
MODULE_AUTHOR("The devif authors");
MODULE_LICENSE("GPL");
MODULE_IMPORT_DEVIF();
