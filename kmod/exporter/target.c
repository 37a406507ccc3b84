// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces on existing devices. Their drivers are not asked, and unbinding a driver
 * or unplugging a device needs no action here: the registry handles both. Such an
 * interface can be opened if the device's driver has exported file methods, as a
 * toaster's has.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/devif.h>
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../compat.h"
#include "toaster.h"

static struct devif *devifs[MAX_TARGETS];
static unsigned int count;

static bool is_at(const struct device *dev, const char *place, size_t length)
{
	const char *name;

	if (dev->bus)
		name = dev->bus->name;
	else if (dev->class)
		name = dev->class->name;
	else
		return false;
	return strlen(name) == length && !strncmp(name, place, length);
}

/*
 * A module cannot look a bus up by name, so walk the set of all devices, to which
 * each device points.
 */
static struct device *find_in(struct kset *devices, const char *place,
			      size_t length, const char *name)
{
	struct device *dev, *found = NULL;
	struct kobject *kobj;

	spin_lock(&devices->list_lock);
	list_for_each_entry(kobj, &devices->list, entry) {
		dev = kobj_to_dev(kobj);
		if (!is_at(dev, place, length) || strcmp(dev_name(dev), name))
			continue;
		if (kobject_get_unless_zero(kobj))
			found = dev;
		break;
	}
	spin_unlock(&devices->list_lock);
	return found;
}

/* @target is "bus:device" or "class:device"; the device's name may have colons. */
static struct device *find_target(const char *target)
{
	const char *colon = strchr(target, ':');
	struct device *any, *found;

	if (!colon) {
		pr_err("target: \"%s\" is not of the form bus:device\n",
		       target);
		return ERR_PTR(-EINVAL);
	}
	any = root_device_register("devif-exporter");
	if (IS_ERR(any))
		return any;
	found = find_in(any->kobj.kset, target, colon - target, colon + 1);
	root_device_unregister(any);
	if (!found) {
		pr_err("target: no device \"%s\"\n", target);
		return ERR_PTR(-ENODEV);
	}
	return found;
}

int target_add(const char *target, const char *guid, const char *reference)
{
	struct devif_desc desc = {
		.reference = reference,
		.flags = DEVIF_AUTO | DEVIF_NODE,
		.mode = node_mode,
	};
	struct devif *devif;
	struct device *dev;
	guid_t class;
	int ret;

	ret = strlen(guid) == UUID_STRING_LEN ? guid_parse(guid, &class) :
						-EINVAL;
	if (ret) {
		pr_err("guid: \"%s\" is not a GUID\n", guid);
		return ret;
	}
	desc.class = &class;

	dev = find_target(target);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	ret = devif_register(dev, &desc, &devif);
	if (ret >= 0) {
		dev_info(dev, "%s %s\n", devif_name(devif),
			 ret == DEVIF_EXISTED ? "is back" : "is new");
		devifs[count++] = devif;
	}
	put_device(dev);
	return ret < 0 ? ret : 0;
}

void target_exit(void)
{
	while (count)
		devif_unregister(devifs[--count]);
}
