/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device interfaces: present ones from sysfs, absent ones from the control node.
 */
#ifndef DEVIFCTL_INTERFACE_H
#define DEVIFCTL_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct interface - attributes of an interface; strings may be %NULL
 * @name: its name, as devif3; %NULL if it is not registered
 * @class: GUID of its class
 * @link: its symbolic link name
 * @reference: its reference string
 * @device: name of its device; of an absent one the device's part of @link
 * @device_path: directory of its device
 * @driver: name of the driver of its device
 * @module: name of the module of @driver
 * @node: its device node
 * @seen: if it is not registered, time at which it last was, in seconds since 1970; 0 if
 *	unknown
 * @present: whether it is registered
 * @unbound: whether its device is present though the interface is not registered
 * @enabled: whether it is enabled
 * @is_default: whether it is the default interface of its class
 */
struct interface {
	char *name;
	char *class;
	char *link;
	char *reference;
	char *device;
	char *device_path;
	char *driver;
	char *module;
	char *node;
	unsigned long long seen;
	bool present;
	bool unbound;
	bool enabled;
	bool is_default;
};

/**
 * struct interfaces - list of interfaces
 * @list: array of interfaces
 * @count: number of interfaces
 */
struct interfaces {
	struct interface *list;
	size_t count;
};

int interfaces_read(struct interfaces *interfaces, bool absent);
void interfaces_add(struct interfaces *interfaces,
		    const struct interface *interface);
void interfaces_keep_class(struct interfaces *interfaces, const char *guid);
void interfaces_free(struct interfaces *interfaces);
void interface_free(struct interface *interface);
const char *interface_state(const struct interface *interface);
void interface_json(const struct interface *interface);

#endif /* DEVIFCTL_INTERFACE_H */
