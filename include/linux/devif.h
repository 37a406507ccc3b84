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
 * instances of one class on one device apart. The key of an interface is the triple
 * (device, class, reference string). The interface belongs to the device, not to the
 * driver that registered it: registering the key again, also by another module, gives the
 * same interface. Who comes first makes no difference.
 *
 * Registered and enabled are separate states. Registration makes the interface known
 * and gives it a *symbolic link name*, which is opaque, unique, and the same
 * again whenever the same key is registered. Enabling opens the door: the
 * interface appears under its class, and user space is told of the arrival.
 *
 * The key identifies a device on a bus by its name there, and a class device by its
 * place: its parent, its class, and its index there (D4). Both stay the same while the
 * device is registered, also if it is renamed or moved.
 *
 * Interfaces with %DEVIF_AUTO follow the driver of their device: they are
 * enabled when its probe() has succeeded and disabled before its remove() runs.
 * The registry cleans up after exporters: an interface is disabled when the driver is
 * unbound and taken away with the device; a registration ends when the module that
 * holds it is unloaded.
 *
 * A missing argument, %NULL or the error pointer of a failed call, is harmless: calls
 * that return an errno return -EINVAL and log a line; calls that end an object or put
 * a reference ignore it; calls that return a pointer return %NULL, names are empty,
 * and a GUID is the null GUID (E6).
 *
 * All calls may sleep unless their text says otherwise. The first interface or export on
 * a bus makes the registry add a notifier of its own to that bus, which stays. No
 * notifier can be added while another one of the bus runs: below one, in a probe() that
 * it has caused for instance, devif_register() and devif_export() return -EDEADLK after
 * ten seconds, unless the bus had an interface or export before.
 *
 * An interface can be registered on any device. Its own device is below that device in
 * sysfs, but is no child: device_for_each_child(), by which many drivers find devices that
 * they have made, does not meet it.
 */

/*
 * struct devif - one device interface
 *
 * Opaque and owned by the registry. A pointer is valid while its holder owns a
 * registration, see devif_register(), or a reference, see devif_get(). Neither
 * keeps the device or its driver; every call is safe when they are gone.
 */
struct devif;

/**
 * enum devif_flags - behaviour of an interface
 * @DEVIF_AUTO: Enable the interface whenever a driver has been bound to its
 *	device (E17, O4). On a device that has no bus, and so never a driver:
 *	enable it once it is registered. Without this flag only devif_enable()
 *	enables. The flag is a registration's: the interface is automatic as long as it
 *	has a registration that has asked for it, of any module.
 * @DEVIF_NODE: The interface has a character device, /dev/devif/devif7 for
 *	instance, from registration to removal. The node can be opened while the
 *	interface is enabled and a &struct devif_file_interface is exported.
 * @DEVIF_PUBLIC_EVENTS: Uevents of the interface show the data of the device's events,
 *	see devif_post_event(). All users can read uevents, also without permission to
 *	open the interface. Without this flag uevents show the GUID and the size only.
 *
 * %DEVIF_NODE and %DEVIF_PUBLIC_EVENTS are the interface's: all of its registrations have
 * the same, or fail with -EBUSY.
 */
enum devif_flags {
	DEVIF_AUTO = BIT(0),
	DEVIF_NODE = BIT(1),
	DEVIF_PUBLIC_EVENTS = BIT(2),
};

/**
 * struct devif_desc - description of an interface to register
 * @class: GUID of the interface class; not the null GUID. Borrowed.
 * @reference: Reference string in UTF-8, or %NULL; the empty string is the same
 *	as %NULL. Strings are compared byte by byte. Not allowed are ``/`` and ``\``
 *	(C9), control characters, line separators, and malformed UTF-8: the
 *	string is shown in sysfs and in uevents, one line each. Borrowed.
 * @flags: enum devif_flags
 * @mode: initial permissions of the character device, with %DEVIF_NODE; 0 for 0600,
 *	which is root only. Permissions that a udev rule sets, at "add" or later, stay. All
 *	registrations of an interface have the same mode, or fail with -EBUSY.
 */
struct devif_desc {
	const guid_t *class;
	const char *reference;
	unsigned int flags;
	umode_t mode;
};

/**
 * DEVIF_EXISTED - result of devif_register() for a key known before
 *
 * A success, like STATUS_OBJECT_NAME_EXISTS.
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
 * @devif: receives the interface; not %NULL. Set before any listener can be told of the
 *	interface (E10), and %NULL again if the call fails after that.
 *
 * Make the interface class and the interface if they are new; leave the
 * interface disabled (C3), or as %DEVIF_AUTO says, or as user space has asked for
 * already: user space is told of the interface, and may write its "enabled", before
 * this function returns. If the key is registered already, return that interface,
 * and leave its state as it is (C5, C7). If the key was known before, on a device that
 * came back, the interface is new but has its old symbolic link name.
 *
 * The first registration with %DEVIF_AUTO makes an interface that is there automatic: from
 * then on the flag works as if the interface were new, so the interface is enabled if a
 * driver is bound, and an earlier devif_disable() does not count. Further ones leave
 * the state as it is: an automatic interface that has been disabled by request stays
 * disabled until the driver is bound the next time. A registration that differs from the
 * interface in anything but %DEVIF_AUTO fails, whether of another module or of the same.
 *
 * The calling module holds a registration afterwards. Each successful call must be
 * paired with a devif_unregister(); the interface is taken away with its last
 * registration. Registrations left at the module's unload end then. When the device is
 * removed the interface is taken away at once; @devif stays valid memory until it is
 * unregistered.
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
 * * -EBUSY: the interface is registered with another mode, or %DEVIF_NODE or
 *   %DEVIF_PUBLIC_EVENTS of the two differ; a line in the log says which, and what the
 *   interface has
 * * -ENOSPC: all minor numbers are in use; the parameter "minors" of the module devif
 *   limits them, to a million by default
 * * -EDEADLK: @dev is the first device of its bus with an interface or an export, and a
 *   notifier of the bus does not end: the call is below it, or holds a lock that it
 *   waits for. The log names the bus; a later call can succeed
 * * -ENOMEM: out of memory
 */
#define devif_register(dev, desc, devif) \
	__devif_register(dev, desc, THIS_MODULE, devif)

/**
 * devm_devif_register() - register an interface, managed by the device
 * @dev: device that the interface belongs to, and that the calling driver is bound to
 * @desc: class, reference string and flags
 * @devif: receives the interface; not %NULL
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
 * is remembered: registering the key again returns %DEVIF_EXISTED. Windows has no
 * such call for drivers (C14). @devif must not be used afterwards.
 *
 * Of several registrations by one module, those with %DEVIF_AUTO end last. When the last
 * automatic registration of all modules has ended, an interface that is enabled only by
 * %DEVIF_AUTO is disabled; one that devif_enable() or user space has asked for, too,
 * stays enabled.
 *
 * Context: May sleep.
 */
#define devif_unregister(devif) __devif_unregister(devif, THIS_MODULE)

/**
 * devif_enable() - enable an interface
 * @devif: the interface
 *
 * The interface appears in its class and user space is told of the arrival,
 * before this returns (E2, E10), unless another task disables the interface at that
 * moment. A request made while probe() of the device runs is remembered, and fulfilled
 * when probe() has succeeded (E8). If probe() fails, its own requests are
 * forgotten (E9), and requests of other callers are fulfilled. The enabled state does
 * not outlast the driver: a driver must enable again after an unbind (E15). User space
 * may enable and disable, too, at any time after the registration: -EALREADY is no
 * failure.
 *
 * Twin: IoSetDeviceInterfaceState with TRUE. Implements A6, E1 to E3, E7.
 *
 * Context: May sleep. May be called from probe().
 *
 * Return: 0, -EALREADY if the interface is enabled or about to be (no second event,
 * E3), -ENODEV if the driver is being unbound or the device is gone (E25), -EINVAL if
 * @devif is missing (E6), or -ENOMEM.
 */
int devif_enable(struct devif *devif);

/**
 * devif_disable() - disable an interface
 * @devif: the interface
 *
 * The interface disappears from its class and user space is told, before this
 * returns (E4). A request to enable that waits for probe() is dropped.
 *
 * Twin: IoSetDeviceInterfaceState with FALSE. Implements E4, E5, E12.
 *
 * Context: May sleep.
 *
 * Return: 0, -EALREADY if the interface is not enabled (no second event), or -EINVAL
 * if @devif is missing (E6).
 */
int devif_disable(struct devif *devif);

/**
 * devif_shutdown() - end what a device offers, as the system goes down
 * @dev: the device; %NULL and error pointers do nothing, with a line in the log
 *
 * For the shutdown() of the device's driver, to be called before that turns the hardware
 * off. At power-off, reboot and kexec the driver core calls shutdown() and leaves the driver
 * bound. Without this call the interfaces of @dev stay enabled then, other drivers and
 * processes may still open them, and the driver's methods are called, while the hardware is
 * off.
 *
 * Everything is as if the driver were being unbound, also what others have registered and
 * exported on @dev: interfaces are disabled, exports answer no query any more, calls in
 * progress are waited for, waiters are woken, files are released, and subscribers, remote
 * interfaces and targets are told. When this returns, no call between devif_enter() and
 * devif_exit() is in progress, and none begins; pinned holders may call, as ever, and
 * methods look at devif_is_gone(). Nothing is freed: registrations and exports stay with
 * their owners, who end them as usual.
 *
 * Until the driver is unbound, nothing on @dev can be enabled or exported: devif_enable() and
 * devif_export() fail with -ENODEV. Unbinding, binding and removal go on as usual. A device
 * without a bus stays so until it is removed. A device on which nothing is registered or
 * exported is not remembered: the first interface after that is an interface like any other.
 *
 * Context: May sleep. The caller holds the device's lock, as the caller of shutdown() does,
 * or prevents binding and unbinding in another way. No lock may be held that a method takes.
 */
void devif_shutdown(struct device *dev);

/**
 * devif_is_enabled() - tell whether an interface is enabled
 * @devif: the interface
 *
 * Context: Any.
 *
 * Return: the state at this moment; it may have changed when the caller looks at it.
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
 * Return: a string, valid as long as @devif.
 */
const char *devif_link_name(const struct devif *devif);

/**
 * devif_reference_string() - reference string of an interface
 * @devif: the interface
 *
 * Context: Any.
 *
 * Return: a string, valid as long as @devif; empty if the interface has none.
 */
const char *devif_reference_string(const struct devif *devif);

/**
 * devif_class_guid() - class of an interface
 * @devif: the interface
 *
 * Context: Any.
 *
 * Return: a GUID, valid as long as @devif.
 */
const guid_t *devif_class_guid(const struct devif *devif);

/**
 * devif_name() - name of an interface's own device in sysfs
 * @devif: the interface
 *
 * The name, ``devif7`` for instance, is good for messages. It is not stable, but
 * not reused while a reference to @devif exists.
 *
 * Context: Any.
 *
 * Return: a string, valid as long as @devif.
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
 * @devif: a valid interface, or %NULL
 *
 * A reference keeps the memory, not the interface, its device or its module.
 *
 * Context: Any.
 *
 * Return: @devif.
 */
struct devif *devif_get(struct devif *devif);

/**
 * devif_put() - put a reference
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
 * Constant time. Disabled interfaces are found too. An unknown name, and the name of an
 * absent device, is not found (E6, G2).
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
 * The alias is the interface in @class of the same device with the same reference
 * string (F9); it need not be enabled (F11). In its own class an interface is its
 * own alias (F12).
 *
 * Twin: IoGetDeviceInterfaceAlias.
 *
 * Context: May sleep.
 *
 * Return: the alias, with a reference for devif_put(), or %NULL.
 */
struct devif *devif_find_alias(struct devif *devif, const guid_t *class);

/**
 * enum devif_which - interfaces that an enumeration shows
 * @DEVIF_ENABLED: enabled interfaces (F2)
 * @DEVIF_PRESENT: all interfaces of devices that are present, enabled or not
 */
enum devif_which {
	DEVIF_ENABLED,
	DEVIF_PRESENT,
};

/**
 * typedef devif_iter_t - callback for each interface
 * @devif: the interface, only borrowed: see devif_get()
 * @data: the caller's
 *
 * Return: 0 to go on; any other value ends the walk.
 */
typedef int (*devif_iter_t)(struct devif *devif, void *data);

/**
 * devif_for_each() - enumerate the interfaces of a class
 * @class: class GUID; a class that was never registered has no interfaces (B4)
 * @dev: only the interfaces of this device, or %NULL for all
 * @which: enabled or present interfaces
 * @data: for @fn
 * @fn: called for each interface, in the order of first registration, but first for the
 *	default interface of the class, if user space has set one (F5)
 *
 * No lock is held in @fn: it may sleep and may make any call of this header.
 * An interface that comes or goes during the walk may or may not be seen (F6).
 *
 * Twin: IoGetDeviceInterfaces. Implements F1 to F5.
 *
 * Context: May sleep.
 *
 * Return: the last result of @fn, 0 if no interface was found (F3), -EINVAL
 * for a missing argument, or -ENODEV if @dev is not registered (F4).
 */
int devif_for_each(const guid_t *class, struct device *dev,
		   enum devif_which which, void *data, devif_iter_t fn);

/**
 * typedef devif_name_iter_t - callback for each symbolic link name
 * @name: the name, only borrowed
 * @present: whether the interface's device is present
 * @data: the caller's
 *
 * Return: 0 to go on; any other value ends the walk.
 */
typedef int (*devif_name_iter_t)(const char *name, bool present, void *data);

/**
 * devif_list_names() - list all names ever registered in a class
 * @class: class GUID
 * @data: for @fn
 * @fn: called for each name, in the order of first registration, but first for the name
 *	of the default interface of the class, if user space has set one (F5)
 *
 * This is the "include non-active" of F2: names of absent devices are listed too.
 * No lock is held in @fn.
 *
 * Context: May sleep.
 *
 * Return: the last result of @fn, 0 if no name was found, or -EINVAL for a missing
 * argument.
 */
int devif_list_names(const guid_t *class, void *data, devif_name_iter_t fn);

/**
 * devif_preempted_wait() - wait until each task has left where it was preempted
 *
 * Any task may drop the last reference to a device, and then runs the module's release
 * function. The module's exit function waits for the last release, which signals it by a
 * count or a completion, and then calls this, so that the task has left the release
 * function before the module is freed. As synchronize_rcu_tasks(), but that does not wait
 * for preempted tasks on preemptible kernels without CONFIG_TASKS_RCU.
 *
 * Context: May sleep: until each runnable task has slept or has been in user space, and
 * for an RCU grace period. No lock may be held that such a task may take before.
 */
void devif_preempted_wait(void);

/**
 * DEVIF_GUID_FMT - printk format of a class GUID, as sysfs and uevents show it
 */
#define DEVIF_GUID_FMT	"%pUl"

/**
 * MODULE_DEVIF_ALIAS() - load a module when an interface of a class arrives
 * @guid: class GUID as a string in lower case without braces
 *
 * The uevents of an interface carry MODALIAS=devif:<guid>.
 */
#define MODULE_DEVIF_ALIAS(guid)	MODULE_ALIAS("devif:" guid)

/**
 * MODULE_IMPORT_DEVIF() - import the symbols of the registry
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
