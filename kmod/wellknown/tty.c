// SPDX-License-Identifier: GPL-2.0
/*
 * Serial ports: the terminals that have hardware. Virtual consoles and pseudo terminals
 * have none.
 */
#include <linux/device/bus.h>
#include <linux/device/class.h>
#include <linux/serial_core.h>
#include <linux/string.h>

#include "wellknown.h"

/*
 * The 8250 driver has ports without hardware, to be set up by hand. They are on a device
 * of its own, where ports with hardware may be as well.
 */
static bool is_of_8250(const struct device *physical)
{
	return physical->bus && !strcmp(physical->bus->name, "platform") &&
	       !strcmp(dev_name(physical), "serial8250");
}

static bool has_hardware(struct device *dev)
{
	struct tty_port *port = dev_get_drvdata(dev);
	struct uart_state *state = container_of(port, struct uart_state, port);

	return state->uart_port && state->uart_port->type != PORT_UNKNOWN;
}

struct device *wk_pick_serial(struct device *dev)
{
	const struct device *physical = wk_physical(dev);

	if (!physical || (is_of_8250(physical) && !has_hardware(dev)))
		return NULL;
	return dev;
}

static int compat_class_callback(add_tty)
{
	wk_add(&wk_tty, dev, "");
	return 0;
}

static void compat_class_callback(remove_tty)
{
	wk_remove(dev);
}

static struct class_interface tty_interface = {
	.add_dev = add_tty,
	.remove_dev = remove_tty,
};

/* The class is always found: /dev/tty always exists. */
static int follow_ttys(void)
{
	tty_interface.class = wk_find_kernel_class("tty");
	return class_interface_register(&tty_interface);
}

static void leave_ttys(void)
{
	class_interface_unregister(&tty_interface);
}

const struct wk_source wk_tty = {
	.subsystem = "tty",
	.directory = "",
	.start = follow_ttys,
	.stop = leave_ttys,
};
