// SPDX-License-Identifier: GPL-2.0
/* A battery without data. */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/power_supply.h>

#include "hardware.h"

static int get_property(struct power_supply *supply, enum power_supply_property key,
			union power_supply_propval *value)
{
	return -ENODATA;
}

static const enum power_supply_property keys[] = {
	POWER_SUPPLY_PROP_PRESENT,
};

static const struct power_supply_desc description = {
	.name = "dvf-battery",
	.type = POWER_SUPPLY_TYPE_BATTERY,
	.properties = keys,
	.num_properties = ARRAY_SIZE(keys),
	.get_property = get_property,
};

int hardware_add_battery(struct device *dev)
{
	return PTR_ERR_OR_ZERO(devm_power_supply_register(dev, &description, NULL));
}
