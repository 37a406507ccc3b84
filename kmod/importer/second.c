// SPDX-License-Identifier: GPL-2.0
/*
 * The second user of query interfaces: makes no query. The first user passes interfaces
 * on to it, under a name of its own, and it calls them from a timer.
 */
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/timer.h>

#include "../compat.h"
#include "importer.h"

#define PERIOD	msecs_to_jiffies(20)

/**
 * struct second - use of one toaster
 * @toaster: query interface of the toaster
 * @pinned: @toaster is held pinned, else revocable
 * @timer: calls the toaster
 */
struct second {
	struct toaster_interface toaster;
	bool pinned;
	struct timer_list timer;
};

static struct device *importer;

static int use(const struct toaster_interface *toaster, unsigned int round)
{
	return toaster->level(toaster->header.context);
}

static void look(struct timer_list *timer)
{
	struct second *second = container_of(timer, struct second, timer);

	caller_call(&second->toaster, second->pinned, use, 0);
	mod_timer(timer, jiffies + PERIOD);
}

/**
 * second_start() - begin to use a toaster
 * @toaster: query interface that the first user holds
 * @pinned: @toaster is held pinned, else revocable
 *
 * Return: the use, for second_stop(), or %NULL if @toaster could not be passed on
 */
struct second *second_start(const struct toaster_interface *toaster,
			    bool pinned)
{
	struct second *second = kzalloc(sizeof(*second), GFP_KERNEL);

	if (!second)
		return NULL;
	if (devif_forward(toaster, &second->toaster, importer)) {
		kfree(second);
		return NULL;
	}
	second->pinned = pinned;
	timer_setup(&second->timer, look, 0);
	mod_timer(&second->timer, jiffies + PERIOD);
	return second;
}

/**
 * second_stop() - stop using a toaster
 * @second: from second_start()
 */
void second_stop(struct second *second)
{
	if (!second)
		return;
	compat_timer_delete_sync(&second->timer);
	devif_dereference(&second->toaster.header);
	kfree(second);
}

int second_init(void)
{
	importer = root_device_register("devif-importer-second");
	return PTR_ERR_OR_ZERO(importer);
}

void second_exit(void)
{
	root_device_unregister(importer);
}
