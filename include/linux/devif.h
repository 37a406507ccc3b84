/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device interfaces: named, typed doors to devices.
 *
 * This is the only header that a driver author needs. References such as C5
 * name the items of the Windows device-interface model which a call implements.
 */
#ifndef _LINUX_DEVIF_H
#define _LINUX_DEVIF_H

#include <linux/bits.h>
#include <linux/module.h>
#include <linux/types.h>
#include <linux/uuid.h>
#include <linux/version.h>

struct device;

/**
 * DOC: Device interfaces
 *
 * An *interface class* is a contract, identified by a GUID. An *interface* is
 * one instance of a class on one device; a *reference string* tells several
 * instances of one class on one device apart. Its key is the triple (device,
 * class, reference string), and it belongs to the device, not to the driver
 * that registered it: whoever registers the key again gets the same interface.
 *
 * Registered and enabled are two things. Registration makes the interface known
 * and gives it a *symbolic link name*, which is opaque, unique, and the same
 * again whenever the same key is registered. Enabling opens the door: the
 * interface appears under its class, and user space is told of the arrival.
 *
 * For the key a device on a bus is its name there. A device of a class is where it is,
 * not what it is called: its parent, the class, and its index there (D4). Both stay what
 * they are while the device is there, whatever it is renamed to and wherever it is moved.
 *
 * Interfaces with %DEVIF_AUTO follow the driver of their device: they are
 * enabled when its probe() has succeeded and disabled before its remove() runs.
 * Whatever an exporter forgets, the registry does: an interface is disabled
 * when the driver is unbound, taken away when the device is, and given up when
 * the module that registered it is unloaded.
 *
 * A missing argument, %NULL or the error pointer of a call that has failed, harms nobody:
 * calls that return an error answer -EINVAL, with a line in the log; those that give
 * something back or end it ignore it; those that return a pointer return %NULL, names
 * are empty, and a GUID is the null GUID (E6).
 *
 * All calls may sleep unless their text says otherwise. None may be made from a
 * bus notifier of the bus on which the device is, nor from a probe() that such a
 * notifier has caused: the registry has a notifier of its own on that bus.
 *
 * An interface is shown as a child of its device. Some drivers take all children of
 * their device for what they have put there themselves: those of SPI controllers,
 * SoundWire masters, FireWire units, and a few multi-function chips. Do not
 * register interfaces on such a device; on the devices below it is fine.
 */

/*
 * struct devif - one device interface
 *
 * Opaque and owned by the registry. A pointer is valid while its holder owns a
 * registration, see devif_register(), or a reference, see devif_get(). Neither
 * keeps the device or its driver; every call copes with either being gone.
 */
struct devif;

/**
 * enum devif_flags - how an interface behaves
 * @DEVIF_AUTO: Enable the interface whenever a driver has been bound to its
 *	device (E17, O4). On a device that has no bus, and so never a driver:
 *	enable it once it is registered. Without this flag only devif_enable()
 *	enables.
 * @DEVIF_NODE: The interface has a character device, /dev/devif/devif7 for
 *	instance, from registration to removal. It can be opened while the interface
 *	is enabled, if somebody has exported a &struct devif_file_interface.
 * @DEVIF_PUBLIC_EVENTS: Uevents of the interface show the data of the device's events,
 *	see devif_post_event(), which everybody can read, whoever may open the
 *	interface. Without this flag they show the GUID and the size only.
 */
enum devif_flags {
	DEVIF_AUTO = BIT(0),
	DEVIF_NODE = BIT(1),
	DEVIF_PUBLIC_EVENTS = BIT(2),
};

/**
 * struct devif_desc - what to register
 * @class: GUID of the interface class; not the null GUID. Borrowed.
 * @reference: Reference string in UTF-8, or %NULL; the empty string is the same
 *	as %NULL. It is compared byte by byte. Not allowed are ``/`` and ``\``
 *	(C9), control characters, line separators, and malformed UTF-8: the
 *	string is shown in sysfs and in uevents, one line each. Borrowed.
 * @flags: enum devif_flags
 * @mode: permissions of the character device, with %DEVIF_NODE; 0 for 0600, which
 *	is root only. They are those to begin with: rules of udev may set others, at
 *	"add" or later, and these stay.
 */
struct devif_desc {
	const guid_t *class;
	const char *reference;
	unsigned int flags;
	umode_t mode;
};

/**
 * DEVIF_EXISTED - answer of devif_register() for a key known before
 *
 * A success, as STATUS_OBJECT_NAME_EXISTS is one.
 */
#define DEVIF_EXISTED	1

int __devif_register(struct device *dev, const struct devif_desc *desc,
		     struct module *owner, struct devif **devif);
int __devm_devif_register(struct device *dev, const struct devif_desc *desc,
			  struct module *owner, struct devif **devif);
void __devif_unregister(struct devif *devif, struct module *owner);

/**
 * devif_register() - register an interface on a device
 * @dev: device that the interface belongs to; any registered device, of any
 *	driver, bound or not
 * @desc: class, reference string and flags
 * @devif: where to put the interface; not %NULL. It is set before anybody can be told
 *	of the interface (E10), and %NULL again if the call fails after that.
 *
 * Make the interface class and the interface if they are new; leave the
 * interface disabled (C3), or as %DEVIF_AUTO says, or as user space has asked for
 * already: it is told of the interface, and may write its "enabled", before this
 * function returns. If the key is registered already, answer with that interface,
 * and leave its state and its flags as they are (C5, C7). If it was known before, on
 * a device that came back, the interface is new but has its old symbolic link name.
 *
 * The calling module holds a registration afterwards. Each successful call
 * wants one devif_unregister(); the interface is taken away with its last
 * registration. What a module has not unregistered is given up when it is
 * unloaded. When the device is removed the interface is taken away at once;
 * @devif stays valid memory until it is unregistered.
 *
 * Twin: IoRegisterDeviceInterface, WdfDeviceCreateDeviceInterface. Implements
 * A2, A3, B1, C1 to C13.
 *
 * Context: May sleep. May be called from the probe() of @dev or with its device
 * lock held.
 *
 * Return: 0 if the key is new, %DEVIF_EXISTED if it was known, or
 *
 * * -EINVAL: @dev, @devif or the class is missing, the GUID is null, a flag is
 *   unknown, the reference string has a character that is not allowed, or the mode
 *   is more than permissions or without %DEVIF_NODE
 * * -ENODEV: @dev is not registered (C8), or is being removed
 * * -ENAMETOOLONG: the symbolic link name would not fit in one page
 * * -EEXIST: another device of the same name on the same bus has the key
 * * -ENOSPC: there are as many character devices already as the parameter "minors" of
 *   the module devif says, a million by default
 * * -ENOMEM: out of memory
 */
#define devif_register(dev, desc, devif) \
	__devif_register(dev, desc, THIS_MODULE, devif)

/**
 * devm_devif_register() - register an interface, managed by the device
 * @dev: device that the interface belongs to, and whose driver is calling
 * @desc: class, reference string and flags
 * @devif: where to put the interface; not %NULL
 *
 * As devif_register(), but the registration ends when the driver is unbound
 * from @dev.
 *
 * Context: May sleep.
 *
 * Return: As devif_register().
 */
#define devm_devif_register(dev, desc, devif) \
	__devm_devif_register(dev, desc, THIS_MODULE, devif)

/**
 * devif_unregister() - end a registration
 * @devif: an interface that the calling module has registered; %NULL and error
 *	pointers are ignored
 *
 * With the last registration the interface is disabled and taken away. Its name
 * is remembered: registering the key again answers %DEVIF_EXISTED. On Windows a
 * driver cannot do this (C14). @devif must not be used afterwards.
 *
 * Context: May sleep.
 */
#define devif_unregister(devif) __devif_unregister(devif, THIS_MODULE)

/**
 * devif_enable() - enable an interface
 * @devif: the interface
 *
 * The interface appears in its class and user space is told of the arrival,
 * before this returns (E2, E10), unless somebody disables it at that moment.
 * Called while probe() of the device runs, the request is remembered and
 * fulfilled when probe() has succeeded (E8). When probe() fails, what it has asked for
 * itself is forgotten (E9), and what others have asked for meanwhile is fulfilled.
 * Enabling does not outlast the driver: it must be asked for again after
 * an unbind (E15). User space may enable and disable, too, at any time after the
 * registration: -EALREADY is no failure.
 *
 * Twin: IoSetDeviceInterfaceState with TRUE. Implements A6, E1 to E3, E7.
 *
 * Context: May sleep. May be called from probe().
 *
 * Return: 0, -EALREADY if it is enabled or about to be (no second event, E3),
 * -ENODEV if the driver is being unbound or the device is gone (E25), -EINVAL if there
 * is no @devif (E6), or -ENOMEM.
 */
int devif_enable(struct devif *devif);

/**
 * devif_disable() - disable an interface
 * @devif: the interface
 *
 * The interface disappears from its class and user space is told, before this
 * returns (E4). An enabling that waits for probe() to succeed is called off.
 *
 * Twin: IoSetDeviceInterfaceState with FALSE. Implements E4, E5, E12.
 *
 * Context: May sleep.
 *
 * Return: 0, -EALREADY if it is not enabled (no second event), or -EINVAL if there is
 * no @devif (E6).
 */
int devif_disable(struct devif *devif);

/**
 * devif_is_enabled() - tell whether an interface is enabled
 * @devif: the interface
 *
 * Context: Any.
 *
 * Return: the state at this moment; it may be another by the time the caller
 * looks at it.
 */
bool devif_is_enabled(const struct devif *devif);

/**
 * devif_link_name() - symbolic link name of an interface
 * @devif: the interface
 *
 * The name is opaque (A7, D1), unique, printable ASCII without blanks, and the
 * same again for the same device name, class and reference string (D2).
 *
 * Context: Any.
 *
 * Return: a string that lives as long as the caller's hold on @devif.
 */
const char *devif_link_name(const struct devif *devif);

/**
 * devif_reference_string() - reference string of an interface
 * @devif: the interface
 *
 * Context: Any.
 *
 * Return: a string that lives as long as the caller's hold on @devif; the empty
 * string if there is none.
 */
const char *devif_reference_string(const struct devif *devif);

/**
 * devif_class_guid() - class of an interface
 * @devif: the interface
 *
 * Context: Any.
 *
 * Return: a GUID that lives as long as the caller's hold on @devif.
 */
const guid_t *devif_class_guid(const struct devif *devif);

/**
 * devif_name() - name of an interface's own device in sysfs
 * @devif: the interface
 *
 * The name, ``devif7`` for instance, is good for messages. It is not stable, but
 * nobody else gets it while somebody holds @devif.
 *
 * Context: Any.
 *
 * Return: a string that lives as long as the caller's hold on @devif.
 */
const char *devif_name(const struct devif *devif);

/**
 * devif_get_device() - device that an interface belongs to
 * @devif: the interface
 *
 * Context: May sleep.
 *
 * Return: the device, with a reference that the caller gives back with
 * put_device(); %NULL if the interface has been taken away.
 */
struct device *devif_get_device(struct devif *devif);

/**
 * devif_get() - take a reference
 * @devif: an interface that the caller has a hold on, or %NULL
 *
 * A reference keeps the memory, not the interface, its device or its module.
 *
 * Context: Any.
 *
 * Return: @devif.
 */
struct devif *devif_get(struct devif *devif);

/**
 * devif_put() - give a reference back
 * @devif: the interface, %NULL or an error pointer
 *
 * Context: May sleep.
 */
void devif_put(struct devif *devif);

/**
 * devif_find() - find an interface by its key
 * @class: class GUID
 * @dev: device
 * @reference: reference string, %NULL or empty for none
 *
 * Constant time. Disabled interfaces are found too.
 *
 * Context: May sleep.
 *
 * Return: the interface, with a reference for devif_put(), or %NULL.
 */
struct devif *devif_find(const guid_t *class, const struct device *dev,
			 const char *reference);

/**
 * devif_find_by_name() - find an interface by its symbolic link name
 * @name: symbolic link name
 *
 * Constant time. Disabled interfaces are found too. A name that nobody gave out,
 * or whose device is not there, is not found (E6, G2).
 *
 * Context: May sleep.
 *
 * Return: the interface, with a reference for devif_put(), or %NULL.
 */
struct devif *devif_find_by_name(const char *name);

/**
 * devif_find_alias() - find the alias of an interface in another class
 * @devif: the interface
 * @class: GUID of the other class
 *
 * The alias is the interface of the same device with the same reference string
 * in @class (F9); it need not be enabled (F11). In its own class an interface
 * is its own alias (F12).
 *
 * Twin: IoGetDeviceInterfaceAlias.
 *
 * Context: May sleep.
 *
 * Return: the alias, with a reference for devif_put(), or %NULL.
 */
struct devif *devif_find_alias(struct devif *devif, const guid_t *class);

/**
 * enum devif_which - which interfaces an enumeration shows
 * @DEVIF_ENABLED: enabled ones (F2)
 * @DEVIF_PRESENT: all whose device is there, enabled or not
 */
enum devif_which {
	DEVIF_ENABLED,
	DEVIF_PRESENT,
};

/**
 * typedef devif_iter_t - what is called for each interface
 * @devif: the interface, only borrowed: see devif_get()
 * @data: of the caller
 *
 * Return: 0 to go on; anything else ends the walk.
 */
typedef int (*devif_iter_t)(struct devif *devif, void *data);

/**
 * devif_for_each() - enumerate the interfaces of a class
 * @class: class GUID; one that nobody ever registered has no interfaces (B4)
 * @dev: only the interfaces of this device, or %NULL for all
 * @which: which of them
 * @data: for @fn
 * @fn: called for each, in the order of first registration, but first for the default
 *	interface of the class, if user space has set one (F5)
 *
 * No lock is held in @fn: it may sleep and may make any call of this header.
 * What comes or goes during the walk may or may not be seen (F6).
 *
 * Twin: IoGetDeviceInterfaces. Implements F1 to F5.
 *
 * Context: May sleep.
 *
 * Return: the last result of @fn, 0 if there was nothing to show (F3), -EINVAL
 * for a missing argument, or -ENODEV if @dev is not registered (F4).
 */
int devif_for_each(const guid_t *class, struct device *dev,
		   enum devif_which which, void *data, devif_iter_t fn);

/**
 * typedef devif_name_iter_t - what is called for each symbolic link name
 * @name: the name, only borrowed
 * @present: whether the interface's device is there
 * @data: of the caller
 *
 * Return: 0 to go on; anything else ends the walk.
 */
typedef int (*devif_name_iter_t)(const char *name, bool present, void *data);

/**
 * devif_list_names() - list all names ever registered in a class
 * @class: class GUID
 * @data: for @fn
 * @fn: called for each name, in the order of first registration, but first for that of
 *	the default interface of the class, if user space has set one (F5)
 *
 * This is the "include non-active" of F2: also the names of devices that are
 * absent. No lock is held in @fn.
 *
 * Context: May sleep.
 *
 * Return: the last result of @fn, 0 if there was nothing to show, or -EINVAL
 * for a missing argument.
 */
int devif_list_names(const guid_t *class, void *data, devif_name_iter_t fn);

/**
 * devif_preempted_wait() - wait until each task has left where it was preempted
 *
 * A module whose devices have all been released, by whomever, is not to be freed before
 * the last of these tasks has returned from its release function. The module's exit
 * function waits for the last release, as that tells by a count or a completion, and
 * then for this. As synchronize_rcu_tasks(), but also on preemptible kernels without
 * CONFIG_TASKS_RCU, where that does not wait for tasks that were preempted.
 *
 * Context: May sleep: until each task that was about to run has slept or has been in
 * user space, and for a grace period of RCU. A lock that such a task may want to take
 * before must not be held.
 */
void devif_preempted_wait(void);

/**
 * DEVIF_GUID_FMT - printk format of a class GUID, as sysfs and uevents show it
 */
#define DEVIF_GUID_FMT	"%pUl"

/**
 * MODULE_DEVIF_ALIAS() - let a module be loaded when a class has an arrival
 * @guid: class GUID as a string in lower case without braces
 *
 * The uevents of an interface carry MODALIAS=devif:<guid>.
 */
#define MODULE_DEVIF_ALIAS(guid)	MODULE_ALIAS("devif:" guid)

/**
 * MODULE_IMPORT_DEVIF() - say that a module uses this interface
 *
 * The symbols are in the namespace DEVIF. Put this beside MODULE_LICENSE().
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define MODULE_IMPORT_DEVIF()	MODULE_IMPORT_NS("DEVIF")
#else
#define MODULE_IMPORT_DEVIF()	MODULE_IMPORT_NS(DEVIF)
#endif

#include <linux/devif_event.h>
#include <linux/devif_file.h>
#include <linux/devif_notify.h>
#include <linux/devif_property.h>
#include <linux/devif_query.h>
#include <linux/devif_target.h>

#endif /* _LINUX_DEVIF_H */
