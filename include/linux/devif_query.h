/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Query interfaces: tables of functions that one driver gets from another driver.
 *
 * Part of <linux/devif.h>, which is the header to include. References such as J4
 * name the items of the Windows model.
 */
#ifndef _LINUX_DEVIF_QUERY_H
#define _LINUX_DEVIF_QUERY_H

#include <linux/build_bug.h>
#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/percpu-refcount.h>
#include <linux/types.h>
#include <linux/uuid.h>
#include <linux/workqueue.h>

struct device;
struct devif;
struct devif_export;

/*
 * A module that only gets tables from another module uses no symbol of the registry.
 * This reference makes it depend on the registry all the same.
 */
extern const char devif_anchor;
static const char * const devif_dependency __used = &devif_anchor;

/**
 * DOC: Query interfaces
 *
 * A *query interface* is a structure of function pointers under a GUID. The
 * exporter exports the table on a device; an importer queries the device for the GUID
 * and gets a copy, referenced, with its size and its version. The GUID and the
 * structure are a contract between the two drivers; the registry reads the header
 * only, &struct devif_interface.
 *
 * An importer holds the interface in one of two ways:
 *
 * *Pinned*, the default. A call is a plain indirect call. The exporter's module
 * cannot be unloaded, and its context stays until the last dereference, also
 * when the device has been unbound or unplugged; the methods check this with
 * devif_is_gone().
 *
 * *Revocable*. Each call is made between devif_enter() and devif_exit(). When the
 * export ends, devif_enter() begins to fail, calls in progress are waited for, and
 * then no method runs any more: the exporter's module can be unloaded while the
 * importer still holds the interface.
 *
 * The context in a table belongs to the registry, one for each query. A method
 * gets this context, and the exporter's context from it by devif_context().
 * So each reference is known by the name of its holder, and a wrong count of one
 * holder does not affect the others. /sys/kernel/debug/devif/holders lists holders
 * and references.
 *
 * The exports of a device under one GUID form a *stack*, like the drivers of a device. Each
 * has a layer; the function driver exports in the middle one, a filter above, a bus driver
 * below. A query is answered by the highest version that is not above the one asked for,
 * and among its layers by the top one that does not pass the query on (%DEVIF_QUERY_PASS).
 * A filter gets the table that it wraps by devif_query_below(), as an importer of its own.
 * When a layer leaves, its importers are told as for any export; those of other layers are
 * not; and new queries reach the layers that are left (A3, J8).
 *
 * An export ends by devif_unexport(); with the driver's binding, before its
 * remove() runs; with the device; and with the module that made it. An export made in a
 * probe() ends if the probe() fails. Exports do not depend on interfaces, registered
 * or enabled.
 *
 * Unbinding the driver waits for calls, while the driver core holds the device's lock
 * and the notifier chain of its bus. So code between devif_enter() and devif_exit()
 * takes the lock of the exporter's device by devif_lock_device() only, which gives up when
 * the export ends, and must not add, remove, bind or unbind devices of its bus. Devices of
 * another bus are safe, but lockdep cannot tell buses apart, and complains.
 */

/**
 * struct devif_interface - header of every query interface (J1)
 * @size: size of the whole structure in bytes, this header included
 * @version: version of the interface, defined by the exporter
 * @context: first argument of @reference, @dereference and every method; opaque to
 *	the importer
 * @reference: take a reference (J2), for a driver that gets the table from the importer
 *	(J6). Any context, also hard interrupts (J7)
 * @dereference: put a reference (J5); afterwards the table must not be
 *	used. Any context
 *
 * The header is the first member, named header, of the structure of an interface.
 * The macros check this.
 */
struct devif_interface {
	u32 size;
	u32 version;
	void *context;
	void (*reference)(void *context);
	void (*dereference)(void *context);
};

/**
 * DEVIF_INTERFACE_INIT() - initialise the header of a table to export
 * @type: type of the table
 * @_version: version of the interface
 *
 * The registry fills in the other members.
 */
#define DEVIF_INTERFACE_INIT(type, _version) {				\
	.size = sizeof(type), .version = (_version) }

/* Return the header of @table, const or not; its place and type are checked. */
#define devif_header(table)						\
	(&(table)->header +						\
	 BUILD_BUG_ON_ZERO(offsetof(typeof(*(table)), header)) +	\
	 BUILD_BUG_ON_ZERO(!__same_type((table)->header,		\
					struct devif_interface)))

/**
 * struct devif_gate - lets calls in until it is closed
 * @ref: counts the calls inside
 * @drained: completed when the gate is closed and the last call has left
 * @work: queued then, unless %NULL
 * @dep_map: held by calls inside, for lockdep
 *
 * Entered by devif_enter() only.
 */
struct devif_gate {
	struct percpu_ref ref;
	struct completion drained;
	struct work_struct *work;
	struct lockdep_map dep_map;
};

/* Go in, if it is open. */
static inline bool devif_gate_enter(struct devif_gate *gate)
{
	if (!percpu_ref_tryget_live(&gate->ref))
		return false;
	lock_map_acquire_tryread(&gate->dep_map);
	return true;
}

/* Go out. */
static inline void devif_gate_leave(struct devif_gate *gate)
{
	lock_map_release(&gate->dep_map);
	percpu_ref_put(&gate->ref);
}

/**
 * struct devif_hold - the context of a table
 * @context: the exporter's context
 * @gate: gate of the export
 *
 * Read only by the inline functions of this header.
 */
struct devif_hold {
	void *context;
	struct devif_gate *gate;
};

/*
 * Exporting
 */

/**
 * enum devif_export_flags - options of an export
 * @DEVIF_EXPORT_NOOP: References are not counted, and pin nothing: the routines in the
 *	table do nothing (J12). Only holders that can share the life of the exporter get
 *	such a table: the device itself and its descendants. The exporter ensures that
 *	they do not use the table after the end of the export, not even by
 *	devif_enter().
 * @DEVIF_EXPORT_ASK_PARENT: No table is exported; queries for the GUID without a
 *	suitable version on the device are passed on to its parent (J8). A file opened
 *	that way ends with the device, and with the export of the parent.
 * @DEVIF_EXPORT_DETACHED: The end of the export does not wait for calls in progress: the
 *	driver's remove() runs, and devif_unexport() returns, while methods run. Methods
 *	that take long, or that wait for a lock of the device, ask devif_is_gone() before each
 *	use of the device. When the last call has left, files are released, then the context:
 *	@release of &struct devif_export_desc is needed. The unload of the exporter's module
 *	does wait. Not with %DEVIF_EXPORT_NOOP.
 */
enum devif_export_flags {
	DEVIF_EXPORT_NOOP = BIT(0),
	DEVIF_EXPORT_ASK_PARENT = BIT(1),
	DEVIF_EXPORT_DETACHED = BIT(2),
};

/**
 * enum devif_layer - usual layers of exports, in ascending order
 * @DEVIF_LAYER_BUS: of the driver that has made the device
 * @DEVIF_LAYER_FUNCTION: of the driver that is bound to the device; the default
 * @DEVIF_LAYER_FILTER: of a module that stands between the function driver and importers
 *
 * Numbers between and beyond these, up to %DEVIF_LAYER_MAX above and below 0, are layers
 * too: a second filter may use %DEVIF_LAYER_FILTER + 1.
 */
enum devif_layer {
	DEVIF_LAYER_BUS = -100,
	DEVIF_LAYER_FUNCTION = 0,
	DEVIF_LAYER_FILTER = 100,
};

/* Highest layer; its negative is the lowest one. */
#define DEVIF_LAYER_MAX		1000

/*
 * Result of a hook of &struct devif_export_desc: the export leaves the query alone, and the
 * next one below is asked (J8).
 */
#define DEVIF_QUERY_PASS	1

/**
 * struct devif_query_request - a query, as the exporter's hook sees it
 * @dev: the device that the table is exported on
 * @holder: name of the importer
 * @version: version asked for
 * @size: size of @given in bytes
 * @revocable: whether calls will be made between devif_enter() and devif_exit()
 * @given: the importer's structure, with the members that it has filled in (J11); the
 *	header is undefined
 * @specific: data that belongs to the interface, or %NULL (J3)
 * @specific_size: size of @specific in bytes
 */
struct devif_query_request {
	struct device *dev;
	const char *holder;
	u32 version;
	u32 size;
	bool revocable;
	const struct devif_interface *given;
	const void *specific;
	size_t specific_size;
};

/**
 * struct devif_export_desc - description of an export
 * @guid: GUID of the query interface; borrowed. With %DEVIF_EXPORT_ASK_PARENT
 *	%NULL stands for all queries that no other export of the device answers.
 * @table: header of the table, from devif_header(), with its size and version.
 *	Copied. %NULL with %DEVIF_EXPORT_ASK_PARENT.
 * @context: the exporter's, for its methods by devif_context(); it has to live
 *	until @release
 * @release: called once, when the export has ended and the last pinned reference
 *	is gone: @context is unused from now on. May sleep. May be %NULL.
 * @query: called for each query, to fill in, vary or refuse the answer (J10): return 0,
 *	a negative errno to refuse, or %DEVIF_QUERY_PASS to have the next export below asked.
 *	@answer is a copy of the table; its header must not
 *	be changed. May sleep; may not end the export. May be %NULL.
 * @reference: called for each reference taken, the first included (J4), in
 *	the context of the importer; with @dereference, or %NULL. An
 *	export with routines of its own can only be held pinned.
 * @dereference: called for each reference put, in any context
 * @flags: enum devif_export_flags
 * @layer: place in the stack of the device: enum devif_layer, or a number between
 * @of_interface: interface of the device that the methods open, if @guid is
 *	%devif_file_guid: other interfaces are opened by others' methods (A4). Borrowed.
 *	%NULL for all
 * @of_class: class whose interfaces on the device the methods open, likewise; borrowed.
 *	Opening looks for methods of the interface, then of its class, then of the device
 */
struct devif_export_desc {
	const guid_t *guid;
	const struct devif_interface *table;
	void *context;
	void (*release)(void *context);
	int (*query)(void *context, const struct devif_query_request *request,
		     struct devif_interface *answer);
	void (*reference)(void *context);
	void (*dereference)(void *context);
	unsigned int flags;
	int layer;
	struct devif *of_interface;
	const guid_t *of_class;
};

int __devif_export(struct device *dev, const struct devif_export_desc *desc,
		   struct module *owner, struct lock_class_key *key,
		   struct devif_export **export);
int __devm_devif_export(struct device *dev,
			const struct devif_export_desc *desc,
			struct module *owner, struct lock_class_key *key,
			struct devif_export **export);

/**
 * devif_export() - export a table on a device
 * @dev: a registered device; the caller ensures that it is not removed during
 *	the call, as it is not in probe()
 * @desc: description of the export
 * @export: receives the export, for devif_unexport(); not %NULL
 *
 * Queries may be answered before this returns: @export is set by then, and %NULL again
 * if this fails. So a driver exports when it is ready to be called. Exports made in the
 * probe() of @dev answer queries only when the driver is bound, as interfaces are enabled
 * then (E8): until then the driver core may undo the probe(), and call remove(). Exports
 * made in a failed probe() end; exports of other callers stay. A device can have many
 * tables, also several versions and layers under one GUID (J9).
 *
 * On failure the context is still the caller's: release() is not called.
 *
 * Twin: WdfDeviceAddQueryInterface. Implements J1, J4, J8 to J12.
 *
 * Context: May sleep. May be called from probe() of @dev.
 *
 * Return: 0, or
 *
 * * -EINVAL: an argument is missing, the GUID is null, the table is smaller than
 *   its header, only one of the two reference routines is given, flags are
 *   unknown or do not go with the rest, release() is missing with
 *   %DEVIF_EXPORT_DETACHED, the layer is out of range, or the interface is of
 *   another device
 * * -EEXIST: this version is exported in this layer under this GUID on @dev already, for
 *   the same interface, class or device
 * * -ENODEV: @dev is not registered, is being removed, or its driver is being
 *   unbound
 * * -EDEADLK: @dev is the first device of its bus with an interface or an export, and a
 *   notifier of the bus does not end: the call is below it, or holds a lock that it
 *   waits for. The log names the bus; a later call can succeed
 * * -ENOMEM: out of memory
 */
#define devif_export(dev, desc, export) ({				\
	static struct lock_class_key __key;				\
									\
	__devif_export(dev, desc, THIS_MODULE, &__key, export);		\
})

/**
 * devm_devif_export() - export a table, managed by the device
 * @dev: device that the calling driver is bound to
 * @desc: description of the export
 * @export: receives the export, for devif_wake(); or %NULL
 *
 * As devif_export(), but the export ends when the driver is unbound from @dev.
 *
 * Context: May sleep.
 *
 * Return: As devif_export().
 */
#define devm_devif_export(dev, desc, export) ({				\
	static struct lock_class_key __key;				\
									\
	__devm_devif_export(dev, desc, THIS_MODULE, &__key, export);	\
})

/**
 * devif_unexport() - end an export
 * @export: the export; %NULL and error pointers are ignored
 *
 * Queries are no longer answered, devif_enter() fails, and calls in progress are
 * waited for. When this returns, no revocable holder runs a method, and the
 * context is released, unless pinned holders remain: then it is released with the last
 * pinned reference. The kernel's log names the pinned holders.
 *
 * The release() of a &struct devif_file_interface may call this for its own export,
 * as its file may be the last: then it does not wait, and the context is
 * released when that release(), and all other calls, have returned.
 *
 * With %DEVIF_EXPORT_DETACHED this never waits: revocable holders may still run methods
 * when it returns, and the context is released after them. So any method may call it.
 *
 * Otherwise, called from another method or the hook of the same export, it would
 * deadlock: a kernel with lockdep warns, does not wait, and releases the context when the
 * method has returned; a kernel without lockdep waits for ever, and logs the wait.
 *
 * Context: May sleep. No lock may be held that a method takes.
 */
void devif_unexport(struct devif_export *export);

/**
 * devif_unexport_many() - end many exports
 * @list: the exports, of any devices; %NULL and error pointers are ignored
 * @count: number of exports in @list
 *
 * As devif_unexport() for each export, in this order, but all exports stop answering
 * queries before the first has ended, and share one wait: an RCU grace period, if no
 * calls are in progress. Exports left at the unload of a module end in this way too, and
 * so do those of a device whose driver is unbound. When a device without a bus is removed,
 * all its managed exports stop answering with the first one to end, and share that wait.
 *
 * Context: As devif_unexport().
 */
void devif_unexport_many(struct devif_export *const *list, size_t count);

/**
 * devif_context() - the exporter's context
 * @context: context that a method was called with
 *
 * For methods only: the callbacks of &struct devif_export_desc are called with the
 * exporter's own context.
 *
 * Context: Any; within a method.
 *
 * Return: the context of &struct devif_export_desc
 */
static inline void *devif_context(const void *context)
{
	return ((const struct devif_hold *)context)->context;
}

/**
 * devif_is_gone() - tell whether an export has ended
 * @context: context that a method was called with
 *
 * Pinned holders may call a method after the device has been unbound from its
 * driver, or unplugged. A method that needs the device checks this first, under a
 * lock that remove() takes too, or is prepared for a removal after the check.
 *
 * Context: Any; within a method, or with a reference held.
 *
 * Return: whether the export has ended
 */
static inline bool devif_is_gone(const void *context)
{
	const struct devif_hold *hold = context;

	return percpu_ref_is_dying(&hold->gate->ref);
}

/**
 * devif_lock_device() - lock the device that a method belongs to
 * @context: context that the method was called with
 *
 * For methods such as a reset, which need the lock of the device that the table is
 * exported on, the one of device_lock(). Unbinding the driver holds this lock while it
 * waits for the methods: device_lock() in a method would be a deadlock that lockdep does
 * not see. This call gives up when the export ends. In a method of a
 * &struct devif_file_interface it gives up, too, when the file has been ended because the
 * interface or its device goes.
 *
 * While the device is locked, the export and the binding of its driver cannot end;
 * devif_is_gone() may turn true, because the exporter has begun to end the export.
 *
 * Context: Within a method, or by a holder with a reference to a pinned interface;
 * inside or outside of devif_enter(). May sleep. Neither the lock of the device may be held,
 * so not in calls from its probe() or remove(), nor a lock that is taken under it.
 *
 * Return: 0, for devif_unlock_device(), -ENODEV if the export or the file is ending or has
 * ended, -EINTR if the task is killed, or -EINVAL if @context is missing
 */
int devif_lock_device(const void *context);

/**
 * devif_unlock_device() - unlock the device that a method belongs to
 * @context: context that devif_lock_device() was called with
 *
 * Context: The task that has locked it, before the method returns.
 */
void devif_unlock_device(const void *context);

/*
 * Importing
 */

/**
 * enum devif_query_flags - options of a query
 * @DEVIF_REVOCABLE: Calls are made between devif_enter() and devif_exit(), and
 *	the exporter can leave at any time. Without this flag the interface is
 *	pinned.
 * @DEVIF_RUNTIME_PM: With a holder: the exporter's device is resumed whenever the
 *	holder is, by runtime power management, and stays so until the holder is
 *	suspended. It is resumed at once if the holder is active, or has no runtime
 *	power management; the holder must not change from suspended to active during
 *	the query. Once given for a holder and a device, this is so as long as any hold of
 *	that holder on that device.
 */
enum devif_query_flags {
	DEVIF_REVOCABLE = BIT(0),
	DEVIF_RUNTIME_PM = BIT(1),
};

/**
 * struct devif_query_desc - description of a query
 * @guid: GUID of the query interface; borrowed
 * @version: highest version that the importer understands
 * @flags: enum devif_query_flags
 * @holder: importing device; holders are listed by its name and the calling module's.
 *	Registered, or %NULL for the module alone. See devif_query() for suspend and resume.
 *	Its memory is kept until the last reference is put or the export has ended
 * @specific: data that belongs to the interface, for the exporter's hook (J3)
 * @specific_size: size of @specific in bytes
 */
struct devif_query_desc {
	const guid_t *guid;
	u32 version;
	unsigned int flags;
	struct device *holder;
	const void *specific;
	size_t specific_size;
};

int __devif_query(struct device *dev, const struct devif_query_desc *desc,
		  struct devif_interface *interface, u32 size,
		  struct module *module);
int __devif_query_below(struct devif_export *export, const struct devif_query_desc *desc,
			struct devif_interface *interface, u32 size,
			struct module *module);
int __devif_forward(const struct devif_interface *from,
		    struct devif_interface *to, u32 size, struct device *holder,
		    struct module *module);

/**
 * devif_query() - ask a device for a query interface
 * @dev: the device; see devif_get_device() for the device of an interface
 * @desc: description of the query
 * @table: receives the table; its size limits the size of the answer.
 *	The importer may fill in members for the exporter to read (J11)
 *
 * The answer is the highest version exported on the device that is not above the
 * version asked for, if it fits (J9); among exports of this version, that of the highest
 * layer whose hook does not pass the query on. The header of @table says its version and size;
 * the rest of @table is zero. The table is referenced (J4): put the reference by
 * devif_dereference(). A query that no export of the device answers is passed on
 * to its parent only with %DEVIF_EXPORT_ASK_PARENT (J8). On failure @table is
 * unchanged.
 *
 * A pinned interface pins the exporter's module; its holder must dereference it like
 * any other before it leaves.
 *
 * The holder that @desc names becomes a consumer of the device whose export has answered,
 * by a stateless device link: system sleep suspends it before that device and resumes it
 * after it, and shutdown has the same order. The link goes, a moment later, with the last
 * reference, or when the export has ended. There is none if one of the two devices is the
 * other, or its ancestor; if the exporter's device depends on the holder in another way; or
 * if the query is made by a callback of suspend or resume of either.
 *
 * Twin: IRP_MN_QUERY_INTERFACE, WdfFdoQueryForInterface. Implements J3 to J5, J8
 * to J11.
 *
 * Context: May sleep. No lock may be held that the exporter's hook takes or, with
 * %DEVIF_RUNTIME_PM, the exporter's runtime resume.
 *
 * Return: 0, or
 *
 * * -EINVAL: an argument is missing, the GUID is null, flags are unknown, or
 *   %DEVIF_RUNTIME_PM is given without a holder
 * * -EPROBE_DEFER: the exporting driver is still in its probe(); a caller in a probe()
 *   returns this, and is probed again
 * * -EOPNOTSUPP: the device exports no table under this GUID, all exports have passed the
 *   query on, or the one that answers cannot be held revocable
 * * -EPROTONOSUPPORT: all versions exported are above the one asked for
 * * -EMSGSIZE: the answer is larger than @table
 * * -EPERM: the table is for the device and its descendants only
 * * -ENODEV: the export is ending
 * * -ENOMEM: out of memory
 * * an errno of the exporter's hook, or -EIO if it has returned a positive number
 */
#define devif_query(dev, desc, table)					\
	__devif_query(dev, desc, devif_header(table), sizeof(*(table)),	\
		      THIS_MODULE)

/**
 * devif_query_below() - ask the layers below an export
 * @export: export of the calling driver, which has not ended it
 * @desc: description of the query; its GUID is %NULL or that of @export
 * @table: receives the table
 *
 * As devif_query() on the device of @export, but only lower layers answer, or the device's
 * parent by %DEVIF_EXPORT_ASK_PARENT. So a filter gets the table that it wraps, whatever
 * version, with a hold of its own, which it dereferences like any importer: a filter
 * that answers queries with its own table holds the one below revocable, or as long as it
 * may be called. May be called from the hook of @export.
 *
 * Twin: a filter that sends IRP_MN_QUERY_INTERFACE down. Implements J8.
 *
 * Context: May sleep. No lock may be held that a hook takes.
 *
 * Return: as devif_query(); -EINVAL also if @export asks the parent, or the GUID is
 * another one; -ENODEV also if @export is ending
 */
#define devif_query_below(export, desc, table)				\
	__devif_query_below(export, desc, devif_header(table),		\
			    sizeof(*(table)), THIS_MODULE)

/**
 * devif_forward() - pass an interface on under the receiver's name
 * @from: a table that the caller holds a reference to
 * @to: receives the receiver's table; of the same type
 * @holder: receiving device, or %NULL
 *
 * The caller may also pass on a plain copy of the table with a reference taken by
 * devif_reference() (J6), in any context, but that reference counts under the
 * caller's name. This makes a hold of the receiver's own, of the same kind, which orders
 * suspend and resume of the receiving device as devif_query() does.
 *
 * Context: May sleep. With %DEVIF_RUNTIME_PM in the query for @from, as devif_query().
 *
 * Return: 0, -EINVAL if an argument is missing or @from is @to, -ENODEV if the
 * export has ended, -EPERM as for devif_query(), or -ENOMEM
 */
#define devif_forward(from, to, holder)					\
	__devif_forward(devif_header(from), devif_header(to) +		\
			BUILD_BUG_ON_ZERO(!__same_type(*(from), *(to))),\
			sizeof(*(to)), holder, THIS_MODULE)

/**
 * devif_reference() - take a reference to an interface
 * @interface: header of a table that the caller holds a reference to
 *
 * Context: Any.
 */
static inline void devif_reference(const struct devif_interface *interface)
{
	interface->reference(interface->context);
}

/**
 * devif_dereference() - put a reference to an interface
 * @interface: header of the table
 *
 * Context: Any.
 */
static inline void devif_dereference(const struct devif_interface *interface)
{
	interface->dereference(interface->context);
}

/**
 * struct devif_call - a call in progress
 * @gate: gate that the call is inside of, or %NULL
 *
 * Lives on the caller's stack.
 */
struct devif_call {
	struct devif_gate *gate;
};

/**
 * devif_enter() - enter an interface, to call its methods
 * @interface: header of a table that the caller holds a reference to
 * @call: filled for devif_exit()
 *
 * While the caller is inside, the exporter cannot leave: keep the section short, or
 * make sure that it ends. Methods may sleep. May be nested. Legal for pinned interfaces
 * too, where it keeps the device's driver from being unbound.
 *
 * Context: Any. The caller may have entered other interfaces.
 *
 * Return: 0, or -ENODEV if the export has ended, which is final
 */
static inline int devif_enter(const struct devif_interface *interface,
			      struct devif_call *call)
{
	struct devif_gate *gate;

	gate = ((const struct devif_hold *)interface->context)->gate;
	if (unlikely(!devif_gate_enter(gate)))
		return -ENODEV;
	call->gate = gate;
	return 0;
}

/**
 * devif_exit() - leave an interface
 * @call: filled by devif_enter()
 *
 * Context: Any, in the task that has entered.
 */
static inline void devif_exit(const struct devif_call *call)
{
	devif_gate_leave(call->gate);
}

static inline struct devif_call
devif_call_begin(const struct devif_interface *interface)
{
	struct devif_call call = {};

	devif_enter(interface, &call);
	return call;
}

DEFINE_CLASS(devif_call, struct devif_call, if (_T.gate) devif_exit(&_T),
	     devif_call_begin(interface), const struct devif_interface *interface)

/**
 * scoped_devif_call() - call methods within a statement
 * @interface: header of a table that the caller holds a reference to
 *
 * The statement that follows is executed inside the interface, or skipped if the export
 * has ended. It may be left by return, break or goto.
 */
#define scoped_devif_call(interface)					\
	for (CLASS(devif_call, scope)(interface), *done = NULL;		\
	     scope.gate && !done; done = &scope)

#endif /* _LINUX_DEVIF_QUERY_H */
