/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Query interfaces: exports, and the handles of their importers. This floor calls core
 * and lib; the files that an export has opened are above.
 */
#ifndef DEVIF_QUERY_ROOM_H
#define DEVIF_QUERY_ROOM_H

#include <linux/completion.h>
#include <linux/devif.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "core/core.h"
#include "lib/rundown.h"

/**
 * struct devif_export_key - key of an export
 * @owner: the device, or the interface that the methods belong to; only compared
 * @guid: the GUID; null for "ask the parent" whatever the GUID
 */
struct devif_export_key {
	const void *owner;
	guid_t guid;
};

/**
 * struct devif_export - an export
 * @key: key in the table of exports
 * @node: in the table of exports until the export is withdrawn; several versions
 *	and layers have one key
 * @gate: open until the export is withdrawn
 * @member: keeps the memory, for the exporter and every handle, and is in the roll of
 *	exports
 * @users: keeps the exporter's context: the exporter, and every pinned handle
 * @pins: as @users, but counted back after the module was put: when it is quiet, the
 *	module's text is not needed
 * @host: the device; used until the export is finished, then only its memory is held
 * @of_host: in @host->exports until the export is withdrawn
 * @of_probe: made in a probe() that has not succeeded yet; guarded by
 *	devif_registry_lock, read without
 * @managed: a managed resource of the device ends it
 * @withdrawn: no query finds the export, and the gate is closed; guarded by
 *	devif_registry_lock, as the next three
 * @ended: the exporter has ended the export
 * @host_unused: @host is no longer used
 * @end_deferred: @finish_work is to give the exporter's use, pin and reference back
 * @ordered: a handle has or had an order; not guarded
 * @owner: the exporter's module
 * @desc: the exporter's context and routines; its GUIDs and table are ours, and
 *	@desc.of_interface is referenced until the export is finished
 * @of_class: class that the methods belong to, if any
 * @noop: context in the importers' tables of a %DEVIF_EXPORT_NOOP export
 * @wait: waiters and pollers of all files, woken by devif_wake(); no end wakes them, for
 *	they may be many
 * @files_lock: guards @files, @files_ending and @releasers
 * @files: list of struct devif_open_file, opened or being opened, if the table is a
 *	&struct devif_file_interface
 * @files_ending: number of files being released
 * @releasers: list of struct releaser, the calls of release() in progress
 * @lock: guards additions to and removals from @handles; any context
 * @handles: list of struct devif_handle; RCU
 * @release_work: releases the context for the last handle, with the handle's pin
 * @finish_work: finishes the export for a caller that cannot wait, and a detached one
 * @rcu: for freeing
 * @table: the table, @table->size bytes
 */
struct devif_export {
	struct devif_export_key key;
	struct rhlist_head node;
	struct devif_gate gate;
	struct devif_member member;
	refcount_t users;
	struct devif_rundown pins;

	struct devif_host *host;
	struct list_head of_host;
	bool of_probe;
	bool managed;
	bool withdrawn;
	bool ended;
	bool host_unused;
	bool end_deferred;
	bool ordered;

	struct module *owner;
	struct devif_export_desc desc;
	guid_t of_class;
	struct devif_hold noop;

	wait_queue_head_t wait;
	spinlock_t files_lock;		/* for the next three */
	struct list_head files;
	unsigned int files_ending;
	struct list_head releasers;

	raw_spinlock_t lock;		/* for @handles */
	struct list_head handles;
	struct work_struct release_work;
	struct work_struct finish_work;
	struct rcu_head rcu;
	struct devif_interface table[];
};

/**
 * struct devif_handle - a hold on an export, made by one query
 * @hold: context of the importer's table
 * @refs: references
 * @dead: the last reference has been given back
 * @stays: 1 while the handle is alive, and 1 for each walk that rests at it; guarded by
 *	@export->lock
 * @interface: number of the interface opened with the handle, -1 for none
 * @user: the handle belongs to a file that user space has open
 * @outside: the handle is pinned, and its holder stays if the export's device is removed
 * @pinned: keeps the exporter's context and module
 * @cut_off: the file that the handle belongs to has ended, its export may go on
 * @runtime_pm: an order of the hold covers runtime power management
 * @export: the export, its memory referenced
 * @entry: in @export->handles while @stays is not 0; RCU
 * @order: order of the holder and the exporter's device, or %NULL; changed by xchg()
 * @since: time of the query, ktime_get()
 * @module: module of the holder, %NULL once it is unloaded; only compared
 * @rcu: for freeing
 * @holder: name of the holder
 */
struct devif_handle {
	struct devif_hold hold;
	refcount_t refs;
	bool dead;
	bool pinned;
	bool user;
	bool outside;
	bool cut_off;
	bool runtime_pm;
	int interface;
	unsigned int stays;
	struct devif_export *export;
	struct list_head entry;
	struct devif_order *order;
	ktime_t since;
	const struct module *module;
	struct rcu_head rcu;
	char holder[DEVIF_HOLDER_SIZE];
};

/**
 * devif_handle_references() - count the references of a handle
 * @handle: the handle
 *
 * Context: Any.
 *
 * Return: their number
 */
static inline unsigned int devif_handle_references(const struct devif_handle *handle)
{
	return refcount_read(&handle->refs);
}

/**
 * devif_handle_age() - tell the age of a handle
 * @handle: the handle
 *
 * Context: Any.
 *
 * Return: the time in seconds
 */
static inline s64 devif_handle_age(const struct devif_handle *handle)
{
	return ktime_divns(ktime_sub(ktime_get(), handle->since), NSEC_PER_SEC);
}

/**
 * devif_export_get() - take a reference to the memory of an export
 * @export: an export that the caller knows to be there
 *
 * Context: Any.
 *
 * Return: @export
 */
static inline struct devif_export *devif_export_get(struct devif_export *export)
{
	devif_member_get(&export->member);
	return export;
}

/**
 * devif_export_put() - give back a reference to the memory of an export
 * @export: the export
 *
 * Context: Any.
 */
static inline void devif_export_put(struct devif_export *export)
{
	devif_member_put(&export->member);
}

/**
 * devif_export_is_detached() - tell whether ends wait for calls
 * @export: the export
 *
 * Context: Any.
 *
 * Return: whether no end of the export, or of a file of it, waits for calls in progress
 */
static inline bool devif_export_is_detached(const struct devif_export *export)
{
	return export->desc.flags & DEVIF_EXPORT_DETACHED;
}

/**
 * struct devif_files_ops - callbacks for the files that an export has opened
 * @hang_up: the export has been withdrawn: wake the waiters of its files
 * @end: the export is drained: release its files
 * @is_releasing: tell whether the current task is in the release of a file
 * @report: log the calls in progress for its files, at most that many; return their number
 * @guid: GUID of the tables that open interfaces
 *
 * The callbacks belong to the floor above; see file.c.
 */
struct devif_files_ops {
	void (*hang_up)(struct devif_export *export);
	void (*end)(struct devif_export *export);
	bool (*is_releasing)(struct devif_export *export);
	unsigned int (*report)(struct devif_export *export, unsigned int most);
	const guid_t *guid;
};

/**
 * struct devif_rank - place of an export among those that may answer a query
 * @tier: what the export belongs to, see descent.c
 * @version: its version
 * @layer: its layer
 */
struct devif_rank {
	int tier;
	u32 version;
	int layer;
};

/**
 * struct devif_descent - finds the exports that may answer a query, one after the other
 * @dev: device that the descent has come to, referenced; %NULL after the last
 * @guid: GUID asked for
 * @version: highest version asked for
 * @opened: interface being opened, whose own methods come first; or %NULL
 * @class: class whose methods come before those of the device; or %NULL
 * @limit: on the first device, only layers below this one may answer
 * @passed: rank of the last export found on @dev
 * @error: errno if no export is left
 */
struct devif_descent {
	struct device *dev;
	const guid_t *guid;
	u32 version;
	const struct devif *opened;
	const guid_t *class;
	int limit;
	struct devif_rank passed;
	int error;
};

/* export.c */
int devif_export_init(const struct devif_files_ops *files);
void devif_export_exit(void);
void devif_host_revoke(struct devif_host *host, enum devif_phase phase);
unsigned int devif_export_module_gone(const struct module *module);
struct rhlist_head *devif_export_lookup(const void *owner, const guid_t *guid);
struct device *devif_export_get_device(struct devif_export *export,
				       struct devif **of_interface);
void devif_export_use(struct devif_export *export);
void devif_export_unuse(struct devif_export *export);
struct devif_export *devif_export_next(struct devif_export *export);
void devif_export_each(void (*fn)(struct devif_export *export, void *data),
		       void *data);

/* descent.c */
void devif_descent_begin(struct devif_descent *descent, struct device *dev,
			 const struct devif_query_desc *desc);
struct devif_export *devif_descent_next(struct devif_descent *descent);
void devif_descent_end(struct devif_descent *descent);

/* query.c */
int devif_query_opened(struct devif *devif, const struct devif_query_desc *desc,
		       struct devif_interface *interface, u32 size,
		       struct module *module);

/* grave.c */
struct devif_handle *devif_handle_next(struct devif_export *export,
				       struct devif_handle *handle);
void devif_handle_leave(struct devif_handle *handle);
void devif_handle_free(struct devif_handle *handle);
void devif_graves_exit(void);

/* handle.c */
void devif_handle_exit(void);
void devif_handle_module_gone(struct module *module);
struct devif_handle *devif_handle_alloc(struct devif_export *export,
					bool pinned, struct device *holder,
					struct module *module);
void devif_handle_discard(struct devif_handle *handle);
void devif_handle_publish(struct devif_handle *handle,
			  struct devif_interface *interface);
void devif_noop_publish(struct devif_export *export,
			struct devif_interface *interface);
struct devif_handle *devif_handle_of(const struct devif_interface *interface);

/* order.c */
struct devif_order *devif_order_alloc(struct device *holder);
void devif_order_free(struct devif_order *order);
void devif_order_supply(struct devif_order *order, struct device *supplier);
void devif_order_begin(struct devif_order *order, struct devif_handle *handle);
void devif_order_end(struct devif_handle *handle);
void devif_orders_end(struct devif_export *export);
void devif_orders_wait(void);

#endif /* DEVIF_QUERY_ROOM_H */
