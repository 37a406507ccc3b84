// SPDX-License-Identifier: GPL-2.0
/*
 * Power supplies: batteries.
 *
 * Their class is not exported since Linux 6.9. The first power supply reveals it; each
 * notifies a change soon after it has come.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device/class.h>
#include <linux/notifier.h>
#include <linux/power_supply.h>
#include <linux/workqueue.h>

#include "wellknown.h"

struct device *wk_pick_battery(struct device *dev)
{
	const struct power_supply *supply = to_power_supply(dev);

	return supply->desc->type == POWER_SUPPLY_TYPE_BATTERY ? dev : NULL;
}

static int compat_class_callback(add_power)
{
	wk_add(&wk_power, dev, "");
	return 0;
}

static void compat_class_callback(remove_power)
{
	wk_remove(dev);
}

static struct class_interface power_interface = {
	.add_dev = add_power,
	.remove_dev = remove_power,
};

static bool following;

/* Register once; callers do not run at the same time. */
static int follow(void)
{
	int ret;

	if (following)
		return 0;
	power_interface.class =
		wk_find_kernel_class("power_supply");
	if (!power_interface.class)
		return 0;
	ret = class_interface_register(&power_interface);
	WRITE_ONCE(following, !ret);
	return ret;
}

static void follow_work(struct work_struct *work)
{
	int ret = follow();

	if (ret)
		pr_warn("power_supply: error %d\n", ret);
}

static DECLARE_WORK(work, follow_work);

static int power_event(struct notifier_block *block, unsigned long event,
		       void *data)
{
	if (!READ_ONCE(following))
		schedule_work(&work);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = power_event,
};

static int start_power(void)
{
	int ret;

	ret = follow();
	if (ret)
		return ret;
	ret = power_supply_reg_notifier(&notifier);
	if (ret && following)
		class_interface_unregister(&power_interface);
	/* a supply that came after follow() may have notified before we listened */
	if (!ret && !following)
		schedule_work(&work);
	return ret;
}

static void stop_power(void)
{
	power_supply_unreg_notifier(&notifier);
	cancel_work_sync(&work);
	if (following)
		class_interface_unregister(&power_interface);
}

const struct wk_source wk_power = {
	.subsystem = "power_supply",
	.start = start_power,
	.stop = stop_power,
};
