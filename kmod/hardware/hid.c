// SPDX-License-Identifier: GPL-2.0
/*
 * A keyboard and a mouse in one HID device, and a lid. The HID device has a name with a
 * count in it, like a real one, on a bus that is called like the real one: this module
 * and hid.ko cannot be loaded together.
 */
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/device/bus.h>
#include <linux/input.h>
#include <linux/slab.h>

#include "hardware.h"

static struct bus_type hid_bus = {
	.name = "hid",
};

static atomic_t count = ATOMIC_INIT(0);

int hardware_init_hid(void)
{
	return bus_register(&hid_bus);
}

void hardware_exit_hid(void)
{
	bus_unregister(&hid_bus);
}

static void release_hid(struct device *dev)
{
	kfree(dev);
}

static void remove_hid(void *data)
{
	device_unregister(data);
}

static struct device *add_hid_device(struct device *dev)
{
	struct device *hid = kzalloc(sizeof(*hid), GFP_KERNEL);
	int ret;

	if (!hid)
		return ERR_PTR(-ENOMEM);
	hid->bus = &hid_bus;
	hid->parent = dev;
	hid->release = release_hid;
	dev_set_name(hid, "0003:0DEF:1CE0.%04X", atomic_inc_return(&count));
	ret = device_register(hid);
	if (ret) {
		put_device(hid);
		return ERR_PTR(ret);
	}
	ret = devm_add_action_or_reset(dev, remove_hid, hid);
	return ret ? ERR_PTR(ret) : hid;
}

static void set_up_keyboard(struct input_dev *input)
{
	unsigned int key;

	for (key = KEY_ESC; key <= KEY_MICMUTE; key++)
		input_set_capability(input, EV_KEY, key);
}

static void set_up_mouse(struct input_dev *input)
{
	input_set_capability(input, EV_KEY, BTN_LEFT);
	input_set_capability(input, EV_REL, REL_X);
	input_set_capability(input, EV_REL, REL_Y);
}

static void set_up_lid(struct input_dev *input)
{
	input_set_capability(input, EV_SW, SW_LID);
}

static void remove_input(void *data)
{
	input_unregister_device(data);
}

static int add_input(struct device *dev, struct device *parent, const char *name,
		     void (*set_up)(struct input_dev *input))
{
	struct input_dev *input = input_allocate_device();
	int ret;

	if (!input)
		return -ENOMEM;
	input->name = name;
	input->dev.parent = parent;
	set_up(input);
	ret = input_register_device(input);
	if (ret) {
		input_free_device(input);
		return ret;
	}
	return devm_add_action_or_reset(dev, remove_input, input);
}

int hardware_add_hid(struct device *dev)
{
	struct device *hid = add_hid_device(dev);

	if (IS_ERR(hid))
		return PTR_ERR(hid);
	return add_input(dev, hid, "keyboard", set_up_keyboard) ?:
	       add_input(dev, hid, "mouse", set_up_mouse) ?:
	       add_input(dev, dev, "lid", set_up_lid);
}
