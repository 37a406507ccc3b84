// SPDX-License-Identifier: GPL-2.0
/*
 * Queries through a target: its holder, who is asked whether the device may be removed,
 * answers for the table too.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>
#include <linux/string.h>

#include "file/target.h"

/*
 * Have the table only if no removal has begun: a target that has agreed to a removal must
 * not come by a table that it was not asked about.
 */
static int target_get_table(struct devif_host *host, struct device *dev,
			    const struct devif_query_desc *desc,
			    struct devif_interface *interface, u32 size,
			    struct module *module)
{
	struct devif_interface *answer = kmemdup(interface, size, GFP_KERNEL);
	int ret;

	if (!answer)
		return -ENOMEM;
	ret = __devif_query(dev, desc, answer, size, module);
	if (!ret) {
		/* pairs with the barrier in ask_below() of removal.c */
		smp_mb();
		if (devif_removal_is_pending(host)) {
			devif_dereference(answer);
			ret = -ENODEV;
		} else {
			memcpy(interface, answer, size);
		}
	}
	kfree(answer);
	return ret;
}

static int target_refuse_query(const char *why)
{
	pr_err_ratelimited("target: query: %s\n", why);
	return -EINVAL;
}

int __devif_target_query(struct devif_target *target,
			 const struct devif_query_desc *desc,
			 struct devif_interface *interface, u32 size,
			 struct module *module)
{
	struct devif_query_desc of_holder;
	struct device *dev;
	struct devif *devif;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(target) || IS_ERR_OR_NULL(desc) || IS_ERR_OR_NULL(interface))
		return target_refuse_query("no target, description or table");
	if (desc->holder && desc->holder != target->desc.holder)
		return target_refuse_query("holder: not the target's");
	devif = target->receiver.listener.devif;
	dev = devif_get_device(devif);
	if (!dev)
		return -ENODEV;
	of_holder = *desc;
	of_holder.holder = target->desc.holder;
	ret = target_get_table(devif->host, dev, &of_holder, interface, size, module);
	put_device(dev);
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devif_target_query);
