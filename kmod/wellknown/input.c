// SPDX-License-Identifier: GPL-2.0
/*
 * Input devices: keyboards, mice, buttons, lids, and HID devices so far as they are
 * input devices too: the HID subsystem itself is a module that we do not want to need.
 *
 * The devices are inputN. Their node belongs to their child eventN, which exists only
 * if evdev is loaded.
 */
#include <linux/device/class.h>
#include <linux/input.h>
#include <linux/string.h>

#include "wellknown.h"

static bool is_named(const struct device *dev, const char *prefix)
{
	return str_has_prefix(dev_name(dev), prefix);
}

static bool has_key(const struct input_dev *input, unsigned int key)
{
	return test_bit(EV_KEY, input->evbit) && test_bit(key, input->keybit);
}

/* A keyboard has all keys of the first two rows and Control, as for udev. */
struct device *wk_pick_keyboard(struct device *dev)
{
	const struct input_dev *input = to_input_dev(dev);
	unsigned int key;

	for (key = KEY_ESC; key <= KEY_S; key++)
		if (!has_key(input, key))
			return NULL;
	return dev;
}

static bool moves(const struct input_dev *input)
{
	return (test_bit(EV_REL, input->evbit) &&
		test_bit(REL_X, input->relbit) &&
		test_bit(REL_Y, input->relbit)) ||
	       (test_bit(EV_ABS, input->evbit) &&
		test_bit(ABS_X, input->absbit) &&
		test_bit(ABS_Y, input->absbit));
}

struct device *wk_pick_mouse(struct device *dev)
{
	const struct input_dev *input = to_input_dev(dev);

	return has_key(input, BTN_LEFT) && moves(input) ? dev : NULL;
}

struct device *wk_pick_hid(struct device *dev)
{
	return wk_above_on_bus(dev, "hid");
}

/* A keyboard is no button, even with such keys. */
struct device *wk_pick_button(struct device *dev)
{
	const struct input_dev *input = to_input_dev(dev);

	if (has_key(input, KEY_ESC))
		return NULL;
	return has_key(input, KEY_POWER) || has_key(input, KEY_SLEEP) ? dev : NULL;
}

struct device *wk_pick_lid(struct device *dev)
{
	const struct input_dev *input = to_input_dev(dev);

	return test_bit(EV_SW, input->evbit) && test_bit(SW_LID, input->swbit) ?
		dev : NULL;
}

static int compat_class_callback(add_input)
{
	if (is_named(dev, "input"))
		wk_add(&wk_input, dev, "");
	else if (is_named(dev, "event"))
		wk_set_node(dev->parent, "input/", dev_name(dev));
	return 0;
}

static void compat_class_callback(remove_input)
{
	if (is_named(dev, "input"))
		wk_remove(dev);
	else if (is_named(dev, "event"))
		wk_set_node(dev->parent, "input/", NULL);
}

static struct class_interface input_interface = {
	.class = &input_class,
	.add_dev = add_input,
	.remove_dev = remove_input,
};

static int start_input(void)
{
	return class_interface_register(&input_interface);
}

static void stop_input(void)
{
	class_interface_unregister(&input_interface);
}

const struct wk_source wk_input = {
	.subsystem = "input",
	.start = start_input,
	.stop = stop_input,
};
