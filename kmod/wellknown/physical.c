// SPDX-License-Identifier: GPL-2.0
/*
 * The device that an interface belongs to. As on Windows it is not the function, such
 * as the block device, but the function's ancestor on a bus: that has the same name
 * whenever it is plugged in, and a driver, which the registry follows.
 */
#include <linux/device/bus.h>
#include <linux/string.h>

#include "wellknown.h"

static bool is_on(const struct device *dev, const char *bus)
{
	return dev->bus && !strcmp(dev->bus->name, bus);
}

/*
 * HID devices are numbered, so that a device has a new name each time; newer kernels
 * have a bus within each serial port.
 */
static bool is_passed_over(const struct device *dev)
{
	return is_on(dev, "hid") || is_on(dev, "serial-base");
}

/**
 * wk_physical() - find the device that a class device is a function of
 * @dev: a class device that is being added
 *
 * Context: Any.
 *
 * Return: a device, which stays as long as @dev does; %NULL without one, as for a loop
 * device or a bridge.
 */
struct device *wk_physical(struct device *dev)
{
	struct device *passed = NULL;

	for (; dev; dev = dev->parent) {
		if (!dev->bus)
			continue;
		if (!is_passed_over(dev))
			return dev;
		if (!passed)
			passed = dev;
	}
	return passed;
}

/**
 * wk_above_on_bus() - find an ancestor on a bus
 * @dev: a class device that is being added
 * @bus: name of the bus
 *
 * Context: Any.
 *
 * Return: the nearest ancestor, which stays as long as @dev does; or %NULL.
 */
struct device *wk_above_on_bus(struct device *dev, const char *bus)
{
	while (dev && !is_on(dev, bus))
		dev = dev->parent;
	return dev;
}
