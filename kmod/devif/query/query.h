/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Query interfaces: exports, and those that hold them. Lib and core are called from here;
 * the files that an export has opened are above.
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
 * struct devif_export_key - where an export is found
 * @dev: the device; only compared
 * @guid: the GUID; null for "ask the parent whatever it is"
 */
struct devif_export_key {
	const struct device *dev;
	guid_t guid;
};

/**
 * struct devif_export - an export
 * @key: what it is found by
 * @node: in the table of exports while it is not withdrawn; several versions
 *	have one key
 * @gate: open until the export is withdrawn
 * @member: keeps the memory, for the exporter and every handle, and is in the roll of
 *	exports
 * @users: keeps the exporter's context: the exporter, and every pinned handle
 * @pins: as @users, but counted back after the module was put: when it is quiet, the
 *	module's text is not needed
 * @host: the device; used until the export is withdrawn, then only memory
 * @of_host: in @host->exports until it is withdrawn
 * @of_probe: made in a probe() of which it is not known yet that it has succeeded;
 *	guarded by devif_registry_lock, read without
 * @withdrawn: no longer to be found, the gate is closed; guarded by
 *	devif_registry_lock, as the next three
 * @ended: the exporter has ended it
 * @host_unused: @host is no longer used
 * @end_deferred: @finish_work is to give the exporter's use, pin and reference back
 * @owner: the exporter's module
 * @desc: the exporter's context and routines; its GUID and table are ours
 * @noop: what the tables of a %DEVIF_EXPORT_NOOP export have as context
 * @wait: who waits for something to change, see devif_wake(); no end wakes it, for
 *	all who poll any file are here
 * @files_lock: guards @files, @files_ending and @releasers
 * @files: those it opens or has opened, if it is the export of a &struct devif_file_interface
 * @files_ending: how many of those are just being released
 * @releasers: who is in a release() of a file
 * @lock: guards additions to and removals from @handles; any context
 * @handles: those who hold the interface; RCU
 * @release_work: releases the context for the last handle, whose pin it has
 * @finish_work: finishes what could not be waited for
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
	bool withdrawn;
	bool ended;
	bool host_unused;
	bool end_deferred;

	struct module *owner;
	struct devif_export_desc desc;
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
 * @hold: what the context of the importer's table points to
 * @refs: references
 * @dead: it has had its last reference given back
 * @stays: 1 while it is alive, and 1 for each who rests at it in a walk; guarded by
 *	@export->lock
 * @interface: number of the interface that was opened with it, -1 if none was
 * @user: it is that of a file that user space has open
 * @pinned: holds the exporter's context and module
 * @export: the export, its memory referenced
 * @entry: in @export->handles while there are @stays; RCU
 * @since: when it was made, ktime_get()
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
	int interface;
	unsigned int stays;
	struct devif_export *export;
	struct list_head entry;
	ktime_t since;
	const struct module *module;
	struct rcu_head rcu;
	char holder[DEVIF_HOLDER_SIZE];
};

/**
 * devif_handle_references() - how many references of a handle there are
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
 * devif_handle_age() - how long ago a handle was made
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
 * devif_export_put() - give a reference to the memory of an export back
 * @export: the export
 *
 * Context: Any.
 */
static inline void devif_export_put(struct devif_export *export)
{
	devif_member_put(&export->member);
}

/**
 * struct devif_files_ops - what becomes of the files that an export has opened
 * @hang_up: it has been withdrawn: wake all that wait for it
 * @end: it is drained: release them
 * @is_releasing: whether the current task is in the release of one
 *
 * Files are above; see file.c.
 */
struct devif_files_ops {
	void (*hang_up)(struct devif_export *export);
	void (*end)(struct devif_export *export);
	bool (*is_releasing)(struct devif_export *export);
};

/* export.c */
int devif_export_init(const struct devif_files_ops *files);
void devif_export_exit(void);
void devif_host_revoke(struct devif_host *host, enum devif_phase phase);
unsigned int devif_export_module_gone(const struct module *module);
struct rhlist_head *devif_export_lookup(const struct device *dev,
					const guid_t *guid);
void devif_export_use(struct devif_export *export);
void devif_export_unuse(struct devif_export *export);
struct devif_export *devif_export_next(struct devif_export *export);
void devif_export_each(void (*fn)(struct devif_export *export, void *data),
		       void *data);

/* handle.c */
void devif_handle_exit(void);
void devif_handle_module_gone(struct module *module);
struct devif_handle *devif_handle_alloc(struct devif_export *export,
					bool pinned, struct device *holder,
					struct module *module);
struct devif_handle *devif_handle_next(struct devif_export *export,
				       struct devif_handle *handle);
void devif_handle_leave(struct devif_handle *handle);
void devif_handle_discard(struct devif_handle *handle);
void devif_handle_publish(struct devif_handle *handle,
			  struct devif_interface *interface);
void devif_noop_publish(struct devif_export *export,
			struct devif_interface *interface);
struct devif_handle *devif_handle_of(const struct devif_interface *interface);

#endif /* DEVIF_QUERY_ROOM_H */
