// SPDX-License-Identifier: GPL-2.0
/*
 * Device interfaces: present ones from sysfs, absent ones from the control node.
 */
#include <libudev.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devifctl.h"
#include "interface.h"
#include "json.h"
#include "known.h"
#include "registry.h"
#include "sysfs.h"

/*
 * Interfaces in sysfs
 */

static void read_device(struct interface *interface, const char *path)
{
	char *device = sysfs_link_target(path, "device");

	if (!device)
		return;
	interface->device_path = device;
	interface->device = xstrdup(strrchr(device, '/') + 1);
	interface->driver = sysfs_link_name(device, "driver");
	interface->module = sysfs_link_name(device, "driver/module");
}

static bool is_default(const struct interface *interface, const char *path)
{
	char *name = sysfs_read(path, "interface_class/default_interface");
	bool result = name && !strcmp(name, interface->link);

	free(name);
	return result;
}

static bool read_bool(const char *path, const char *file)
{
	char *value = sysfs_read(path, file);
	bool result = value && *value == '1';

	free(value);
	return result;
}

/* Return whether the interface was present to the end of the reading. */
static bool read_interface(struct interface *interface,
			   struct udev_device *device)
{
	const char *path = udev_device_get_syspath(device);
	const char *node = udev_device_get_devnode(device);

	*interface = (struct interface) { .present = true };
	interface->name = xstrdup(udev_device_get_sysname(device));
	interface->class = sysfs_read(path, "class_guid");
	interface->link = sysfs_read(path, "symbolic_link");
	if (!interface->class || !interface->link)
		return false;
	interface->reference = sysfs_read(path, "reference_string");
	interface->node = node ? xstrdup(node) : NULL;
	interface->enabled = read_bool(path, "enabled");
	interface->is_default = is_default(interface, path);
	read_device(interface, path);
	return interface->device;
}

static void add_device(struct interfaces *interfaces, struct udev *udev,
		       const char *path)
{
	struct udev_device *device = udev_device_new_from_syspath(udev, path);
	struct interface interface;

	if (!device)
		return;
	if (read_interface(&interface, device))
		interfaces_add(interfaces, &interface);
	else
		interface_free(&interface);
	udev_device_unref(device);
}

static void read_present(struct interfaces *interfaces, struct udev *udev)
{
	struct udev_enumerate *found = udev_enumerate_new(udev);
	struct udev_list_entry *entry;

	udev_enumerate_add_match_subsystem(found, "devif");
	udev_enumerate_scan_devices(found);
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(found))
		add_device(interfaces, udev, udev_list_entry_get_name(entry));
	udev_enumerate_unref(found);
}

static unsigned long number(const struct interface *interface)
{
	return strtoul(interface->name + strlen("devif"), NULL, 10);
}

static int compare(const void *a, const void *b)
{
	unsigned long x = number(a), y = number(b);

	return (x > y) - (x < y);
}

/**
 * interfaces_read() - read all interfaces
 * @interfaces: filled with the interfaces, in the order of their numbers
 * @absent: whether to append the interfaces of absent devices
 *
 * Return: exit code; errors have been reported
 */
int interfaces_read(struct interfaces *interfaces, bool absent)
{
	struct udev *udev;

	*interfaces = (struct interfaces) {};
	if (access(paths.interfaces, F_OK))
		return complain_not_loaded();
	udev = udev_new();
	if (!udev)
		return complain(EXIT_FAILED, "cannot use libudev");
	read_present(interfaces, udev);
	udev_unref(udev);
	if (interfaces->count)
		qsort(interfaces->list, interfaces->count,
		      sizeof(*interfaces->list), compare);
	return absent ? registry_add_absent(interfaces) : EXIT_OK;
}

/*
 * Lists of interfaces
 */

/**
 * interfaces_add() - add an interface
 * @interfaces: the list
 * @interface: the interface; @interfaces takes over its strings
 */
void interfaces_add(struct interfaces *interfaces,
		    const struct interface *interface)
{
	interfaces->list = xgrow(interfaces->list, interfaces->count,
				 sizeof(*interfaces->list));
	interfaces->list[interfaces->count++] = *interface;
}

/**
 * interfaces_keep_class() - drop all interfaces of other classes
 * @interfaces: the list
 * @guid: GUID of the class
 */
void interfaces_keep_class(struct interfaces *interfaces, const char *guid)
{
	size_t i, kept = 0;

	for (i = 0; i < interfaces->count; i++) {
		if (!strcmp(interfaces->list[i].class, guid))
			interfaces->list[kept++] = interfaces->list[i];
		else
			interface_free(&interfaces->list[i]);
	}
	interfaces->count = kept;
}

void interface_free(struct interface *interface)
{
	free(interface->name);
	free(interface->class);
	free(interface->link);
	free(interface->reference);
	free(interface->device);
	free(interface->device_path);
	free(interface->driver);
	free(interface->module);
	free(interface->node);
}

void interfaces_free(struct interfaces *interfaces)
{
	while (interfaces->count)
		interface_free(&interfaces->list[--interfaces->count]);
	free(interfaces->list);
	interfaces->list = NULL;
}

/*
 * Output of interfaces
 */

/**
 * interface_state() - describe the state of an interface
 * @interface: the interface
 *
 * Return: a word or two
 */
const char *interface_state(const struct interface *interface)
{
	static const char * const states[][2] = {
		{ "absent", "absent,default" },
		{ "unregistered", "unregistered,default" },
		{ "disabled", "disabled,default" },
		{ "enabled", "enabled,default" },
	};
	int state = interface->present ? 2 + interface->enabled :
					 interface->unbound;

	return states[state][interface->is_default];
}

/**
 * interface_json() - write the members of an object for an interface
 * @interface: the interface
 */
void interface_json(const struct interface *interface)
{
	const struct known_class *class = known_class(interface->class);

	json_string("name", interface->name);
	json_string("class", interface->class);
	json_string("class_name", class ? class->name : NULL);
	json_bool("enabled", interface->enabled);
	json_bool("default", interface->is_default);
	json_bool("absent", !interface->present && !interface->unbound);
	json_bool("registered", interface->present);
	json_string("device", interface->device);
	json_string("device_path", interface->device_path);
	json_string("driver", interface->driver);
	json_string("module", interface->module);
	json_string("reference_string", interface->reference);
	json_string("symbolic_link", interface->link);
	json_string("node", interface->node);
}
