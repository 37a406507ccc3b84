/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Query interfaces: tables of functions that one driver gets from another.
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

struct device;
struct devif_export;

/*
 * A module that only ever gets tables from another one calls nothing of the
 * registry's by name. This makes it depend on the registry all the same.
 */
extern const char devif_anchor;
static const char * const devif_dependency __used = &devif_anchor;

/**
 * DOC: Query interfaces
 *
 * A *query interface* is a structure of function pointers under a GUID. The
 * exporter exports one on a device; an importer queries the device for the GUID
 * and gets a copy, referenced, which says its size and its version. The GUID and
 * the structure are a contract between the two; the registry looks at the header
 * only, &struct devif_interface.
 *
 * An importer chooses how it wants to hold the interface:
 *
 * *Pinned*, the default. A call is a plain indirect call. The exporter's module
 * cannot be unloaded, and its context stays until the last dereference, also
 * when the device has been unbound or unplugged; the methods see that by
 * devif_is_gone().
 *
 * *Revocable*. Each call is made between devif_enter() and devif_exit(). When the
 * export ends, devif_enter() begins to fail, the calls inside are waited for, and
 * then no method runs any more: the exporter's module can be unloaded while the
 * importer still holds the interface.
 *
 * The context that a table carries is the registry's, one for each query. A
 * method is given it and finds the exporter's own behind it by devif_context().
 * So each reference is known by the name of its holder, and a mistake with the
 * count of one does not reach the others. /sys/kernel/debug/devif/holders lists
 * who holds what.
 *
 * An export ends by devif_unexport(); with the driver's binding, before its
 * remove() runs; with the device; and with the module that made it. One made while
 * a driver's probe() runs ends if that fails. It does not depend on interfaces,
 * registered or enabled.
 *
 * The end of a driver's binding waits for calls, and while it does, the driver core
 * holds the device's lock and the notifier chain of its bus. So what runs between
 * devif_enter() and devif_exit() must not take the lock of the exporter's device,
 * and must not add, remove, bind or unbind devices of its bus. Of another bus it
 * may, but lockdep cannot tell buses apart, and complains.
 */

/**
 * struct devif_interface - header of every query interface (J1)
 * @size: size of the whole structure in bytes, this header included
 * @version: version of the interface, defined by the exporter
 * @context: first argument of @reference, @dereference and every method; the
 *	importer's only use of it is to pass it on
 * @reference: take a reference (J2): for a driver that the table is passed on to
 *	(J6). Any context, also hard interrupts (J7)
 * @dereference: give a reference back (J5); afterwards the table must not be
 *	used. Any context
 *
 * It has to be the first member, named header, of the structure of an interface.
 * The macros see to that.
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
 * What is not given here is the registry's to fill in.
 */
#define DEVIF_INTERFACE_INIT(type, _version) {				\
	.size = sizeof(type), .version = (_version) }

/* The header of the table that @table points to; checked, also if constant. */
#define devif_header(table)						\
	(&(table)->header +						\
	 BUILD_BUG_ON_ZERO(offsetof(typeof(*(table)), header)) +	\
	 BUILD_BUG_ON_ZERO(!__same_type((table)->header,		\
					struct devif_interface)))

/**
 * struct devif_gate - lets calls in until it is closed
 * @ref: counts the calls inside
 * @drained: completed when it is closed and nobody is inside
 * @dep_map: held by those inside, for lockdep
 *
 * Entered by devif_enter() only.
 */
struct devif_gate {
	struct percpu_ref ref;
	struct completion drained;
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
 * struct devif_hold - what the context of a table points to
 * @context: the exporter's context
 * @gate: gate of the export
 *
 * Read by devif_context() and its like only.
 */
struct devif_hold {
	void *context;
	struct devif_gate *gate;
};

/*
 * Exporting
 */

/**
 * enum devif_export_flags - how a table is exported
 * @DEVIF_EXPORT_NOOP: References are not counted, and do not keep anything: the
 *	routines in the table do nothing (J12). Such a table is given only to those
 *	who can share the life of the exporter: the device itself and its
 *	descendants. That they do is the exporter's business: the table must not be
 *	used when the export has ended, not even by devif_enter().
 * @DEVIF_EXPORT_ASK_PARENT: Nothing is exported; a query that none of the
 *	versions exported on the device suits is sent on to its parent (J8). What is
 *	opened that way ends with the device, and with the export of the parent.
 */
enum devif_export_flags {
	DEVIF_EXPORT_NOOP = BIT(0),
	DEVIF_EXPORT_ASK_PARENT = BIT(1),
};

/**
 * struct devif_query_request - a query, as the exporter's hook sees it
 * @dev: the device that the table is exported on
 * @holder: name of who asks
 * @version: version asked for
 * @size: size of @given in bytes
 * @revocable: whether calls will be made between devif_enter() and devif_exit()
 * @given: the importer's structure, with what it has filled in (J11); only the
 *	members behind the header mean anything
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
 * struct devif_export_desc - what to export
 * @guid: GUID of the query interface; borrowed. With %DEVIF_EXPORT_ASK_PARENT
 *	%NULL stands for all that the device does not export itself.
 * @table: header of the table, from devif_header(); its size and version count.
 *	Copied. %NULL with %DEVIF_EXPORT_ASK_PARENT.
 * @context: the exporter's, for its methods by devif_context(); it has to live
 *	until @release
 * @release: called once, when the export has ended and the last pinned reference
 *	is gone: nobody uses @context any more. May sleep. May be %NULL.
 * @query: called for each query, to fill in, vary or refuse the answer (J10): a
 *	negative errno refuses. @answer is a copy of the table, to be changed behind
 *	its header. May sleep; may not end the export. May be %NULL.
 * @reference: called for each reference taken, the first included (J4), in
 *	whatever context the importer takes it; with @dereference, or %NULL. An
 *	export with routines of its own can only be held pinned.
 * @dereference: called for each reference given back, in any context
 * @flags: enum devif_export_flags
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
 * @dev: a registered device; the caller sees to it that it is not removed during
 *	the call, as a driver in probe() can be sure
 * @desc: what to export
 * @export: where to put the export, for devif_unexport(); not %NULL
 *
 * Queries are answered as soon as this has done its work, and that can be before it
 * has returned: @export is set by then, and %NULL again if this fails. So a driver
 * exports when it is ready to be called. What probe() of @dev exports is answered from
 * the moment on in which the driver is bound, as an interface is enabled then (E8): until
 * then the driver core may yet undo the probe(), and call remove(). Nothing of a probe()
 * that has failed stays exported; what others have exported meanwhile does. A device can
 * have many tables, also several versions under one GUID (J9).
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
 *   its header, only one of the two reference routines is given, or flags are
 *   unknown or do not go with the rest
 * * -EEXIST: this version is exported under this GUID on @dev already
 * * -ENODEV: @dev is not registered, is being removed, or its driver is being
 *   unbound
 * * -ENOMEM: out of memory
 */
#define devif_export(dev, desc, export) ({				\
	static struct lock_class_key __key;				\
									\
	__devif_export(dev, desc, THIS_MODULE, &__key, export);		\
})

/**
 * devm_devif_export() - export a table, managed by the device
 * @dev: a device, whose driver is calling
 * @desc: what to export
 * @export: where to put the export, for devif_wake(); or %NULL
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
 * Queries are no longer answered, devif_enter() fails, and calls inside are
 * waited for. When this returns, no revocable holder runs a method, and the
 * context is released, unless there are pinned holders: then the last of them
 * has it released. They are named in the kernel's log.
 *
 * The release() of a &struct devif_file_interface may call this for its own export,
 * as it may be the end of the last file: then it does not wait, and the context is
 * released when that release(), and all other calls, have returned.
 *
 * Called from another method or the hook of the same export it would wait for itself;
 * a kernel with lockdep warns, does not wait, and releases the context when the
 * method has returned. A kernel without waits for ever, and says for what.
 *
 * Context: May sleep. No lock may be held that a method takes.
 */
void devif_unexport(struct devif_export *export);

/**
 * devif_unexport_many() - end many exports
 * @list: the exports, of any devices; %NULL and error pointers are ignored
 * @count: how many there are
 *
 * As devif_unexport() for each, in this order, but none answers queries any more when
 * the first has ended, and all together wait for as long as one: for an RCU grace
 * period, if nobody is inside. What a driver leaves to the unloading of its module ends
 * in this way too, and so do managed exports on a device that is on a bus. Those on any
 * other device end one by one, each after a grace period.
 *
 * Context: As devif_unexport().
 */
void devif_unexport_many(struct devif_export *const *list, size_t count);

/**
 * devif_context() - the exporter's context
 * @context: context that a method has been given
 *
 * For methods only: what &struct devif_export_desc names is called with the
 * exporter's own context already.
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
 * @context: context that a method has been given
 *
 * Pinned holders may call a method after the device has been unbound from its
 * driver, or unplugged. A method that needs the device asks this first, under a
 * lock that remove() takes too, or copes with both answers.
 *
 * Context: Any; within a method, or by who holds a reference.
 *
 * Return: whether the export has ended
 */
static inline bool devif_is_gone(const void *context)
{
	const struct devif_hold *hold = context;

	return percpu_ref_is_dying(&hold->gate->ref);
}

/*
 * Importing
 */

/**
 * enum devif_query_flags - how an interface is to be held
 * @DEVIF_REVOCABLE: Calls are made between devif_enter() and devif_exit(), and
 *	the exporter can leave at any time. Without this flag the interface is
 *	pinned.
 */
enum devif_query_flags {
	DEVIF_REVOCABLE = BIT(0),
};

/**
 * struct devif_query_desc - what to ask for
 * @guid: GUID of the query interface; borrowed
 * @version: highest version that the importer understands
 * @flags: enum devif_query_flags
 * @holder: device that the interface is for; its name is shown with that of the
 *	calling module. Registered, or %NULL for the module alone
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
int __devif_forward(const struct devif_interface *from,
		    struct devif_interface *to, u32 size, struct device *holder,
		    struct module *module);

/**
 * devif_query() - ask a device for a query interface
 * @dev: the device; see devif_get_device() for that of an interface
 * @desc: what to ask for
 * @table: where to put the table; its size is the most that will be written.
 *	Members may be filled in for the exporter to read (J11)
 *
 * Of the versions that the device exports the highest is taken that is not above
 * the one asked for, if it fits (J9). The table says which it is and how large;
 * what is behind that is zero. It is referenced (J4): give the reference back by
 * its dereference routine. A device that exports nothing under the GUID is
 * passed over only if a driver has said to ask its parent (J8). On failure @table
 * is left as it was.
 *
 * A pinned interface keeps the exporter's module; when its holder leaves it must
 * be dereferenced like any other.
 *
 * Twin: IRP_MN_QUERY_INTERFACE, WdfFdoQueryForInterface. Implements J3 to J5, J8
 * to J11.
 *
 * Context: May sleep. No lock may be held that the exporter's hook takes.
 *
 * Return: 0, or
 *
 * * -EINVAL: an argument is missing, the GUID is null, or flags are unknown
 * * -EPROBE_DEFER: the driver that will answer is still in its probe(); who asks in a
 *   probe() returns this, and is called again
 * * -EOPNOTSUPP: the device does not export anything under this GUID, or not to
 *   be held revocable
 * * -EPROTONOSUPPORT: all versions exported are above the one asked for
 * * -EMSGSIZE: the table to answer with is larger than @table
 * * -EPERM: the table is for the device and its descendants only
 * * -ENODEV: the exporter is leaving
 * * -ENOMEM: out of memory
 * * what the exporter's hook says
 */
#define devif_query(dev, desc, table)					\
	__devif_query(dev, desc, devif_header(table), sizeof(*(table)),	\
		      THIS_MODULE)

/**
 * devif_forward() - pass an interface on under the name of who gets it
 * @from: a table that the caller holds a reference to
 * @to: where to put the receiver's; of the same type
 * @holder: device that it is for, or %NULL
 *
 * The receiver may also be given a plain copy of the table and a reference taken
 * on its behalf (J6), which is possible in any context, but is counted under the
 * name of the first holder. This makes a hold of its own, of the same kind.
 *
 * Context: May sleep.
 *
 * Return: 0, -EINVAL if an argument is missing or @from is @to, -ENODEV if the
 * export has ended, -EPERM if @holder is not one to have it, or -ENOMEM
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
 * devif_dereference() - give a reference to an interface back
 * @interface: header of the table
 *
 * Context: Any.
 */
static inline void devif_dereference(const struct devif_interface *interface)
{
	interface->dereference(interface->context);
}

/**
 * struct devif_call - a call under way
 * @gate: the gate that it is inside of, or %NULL
 *
 * Lives on the stack of who calls.
 */
struct devif_call {
	struct devif_gate *gate;
};

/**
 * devif_enter() - be about to call methods
 * @interface: header of a table that the caller holds a reference to
 * @call: to remember it by
 *
 * While the caller is inside, the exporter stays: keep it short, or see to it
 * that it ends. Methods may sleep. May be nested. Legal for pinned interfaces
 * too, where it keeps the device's driver from leaving for so long.
 *
 * Context: Any. The caller may have entered other interfaces.
 *
 * Return: 0, or -ENODEV if the export has ended: now and for ever
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
 * devif_exit() - have called methods
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
 * The statement that follows is executed inside, or skipped if the export has
 * ended. It may be left by return, break or goto.
 */
#define scoped_devif_call(interface)					\
	for (CLASS(devif_call, scope)(interface), *done = NULL;		\
	     scope.gate && !done; done = &scope)

#endif /* _LINUX_DEVIF_QUERY_H */
