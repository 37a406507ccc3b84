// SPDX-License-Identifier: GPL-2.0
/*
 * The first user of query interfaces: queries each toaster for its interface and has
 * a thread call it, until the toaster's device interface has gone.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#include "importer.h"

/**
 * struct caller - use of one toaster
 * @toaster: query interface of the toaster
 * @pinned: @toaster is held pinned, else revocable
 * @task: thread that calls the toaster
 * @second: the second importer's use of the toaster, or %NULL
 */
struct caller {
	struct toaster_interface toaster;
	bool pinned;
	struct task_struct *task;
	struct second *second;
};

struct importer_calls importer_calls;

/**
 * caller_call() - call a toaster, and count the call
 * @toaster: query interface of the toaster
 * @pinned: @toaster is held pinned, else revocable
 * @use: makes the call; not called if the gate is closed
 * @round: for @use
 *
 * Context: As for @use.
 */
void caller_call(const struct toaster_interface *toaster, bool pinned,
		 int (*use)(const struct toaster_interface *toaster,
			    unsigned int round),
		 unsigned int round)
{
	int ret = -ENODEV;

	if (pinned)
		ret = use(toaster, round);
	else
		scoped_devif_call(&toaster->header)
			ret = use(toaster, round);
	if (ret == -ENODEV)
		atomic_long_inc(&importer_calls.refused);
	else
		atomic_long_inc(&importer_calls.calls);
}

/* Do one round of calls. A toaster of version 1 has no method to toast. */
static int use(const struct toaster_interface *toaster, unsigned int round)
{
	void *context = toaster->header.context;
	int ret;

	ret = toaster->set_level(context, round % 4);
	if (!ret && toaster->header.version >= 2)
		ret = toaster->toast(context, 2);
	return ret;
}

static int call_loop(void *data)
{
	struct caller *caller = data;
	unsigned int round;

	for (round = 0; !kthread_should_stop(); round++) {
		caller_call(&caller->toaster, caller->pinned, use, round);
		msleep_interruptible(20);
	}
	return 0;
}

static int query(struct caller *caller, struct device *dev,
		 struct device *holder)
{
	static const guid_t guid = TOASTER_INTERFACE_GUID;
	const struct devif_query_desc desc = {
		.guid = &guid,
		.version = 2,
		.flags = caller->pinned ? 0 : DEVIF_REVOCABLE,
		.holder = holder,
	};

	return devif_query(dev, &desc, &caller->toaster);
}

/**
 * caller_start() - begin to use a toaster
 * @devif: device interface of the toaster
 * @holder: device of this importer
 * @pinned: how to hold the query interface
 *
 * Return: the caller, for caller_stop(), or %NULL on failure
 */
struct caller *caller_start(struct devif *devif, struct device *holder,
			    bool pinned)
{
	struct caller *caller = kzalloc(sizeof(*caller), GFP_KERNEL);
	struct device *dev = devif_get_device(devif);
	int ret = -ENODEV;

	if (!caller)
		goto out_put;
	caller->pinned = pinned;
	if (dev)
		ret = query(caller, dev, holder);
	if (ret)
		goto err_free;

	caller->task = kthread_run(call_loop, caller, "devif-importer/%s",
				   devif_name(devif));
	if (IS_ERR(caller->task))
		goto err_dereference;
	caller->second = second_start(&caller->toaster, pinned);
out_put:
	put_device(dev);
	return caller;

err_dereference:
	devif_dereference(&caller->toaster.header);
err_free:
	kfree(caller);
	put_device(dev);
	return NULL;
}

/**
 * caller_stop() - stop using a toaster
 * @caller: from caller_start()
 */
void caller_stop(struct caller *caller)
{
	if (!caller)
		return;
	second_stop(caller->second);
	kthread_stop(caller->task);
	devif_dereference(&caller->toaster.header);
	kfree(caller);
}
