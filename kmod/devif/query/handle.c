// SPDX-License-Identifier: GPL-2.0
/*
 * Handles: each successful query makes one, whose member @hold is the context of the
 * importer's table. A handle counts that importer's references and has its name.
 *
 * A handle without references is dead, but its memory is kept for a while (grave.c): one
 * dereference too many, or a use of the interface afterwards, is reported and does
 * no harm.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include <trace/events/devif.h>

#include "query/query.h"

static struct devif_handle *to_handle(void *context)
{
	return container_of(context, struct devif_handle, hold);
}

/* Give back what a pinned handle keeps. */
static void unpin(struct devif_handle *handle)
{
	if (handle->outside)
		atomic_dec(&handle->export->host->pins);
	if (handle->pinned)
		devif_export_unuse(handle->export);
}

static noinline void end_handle(struct devif_handle *handle)
{
	WRITE_ONCE(handle->dead, true);
	devif_order_end(handle);
	unpin(handle);
	devif_handle_leave(handle);
}

/* refcount_t has warned already, but without the holder. */
static noinline void report_count(const struct devif_handle *handle,
				  const char *what)
{
	pr_err_ratelimited("%s has %s %pUl of %s too often; its count is stuck now\n",
			   handle->holder, what, &handle->export->key.guid,
			   handle->export->host->id);
}

/*
 * The routines in tables. Rare paths are kept out of line, so that the routines have
 * no registers to save.
 */

static __always_inline void count_up(struct devif_handle *handle)
{
	int old;

	__refcount_inc(&handle->refs, &old);
	if (unlikely(old <= 0 || old == INT_MAX))
		report_count(handle, "referenced");
	trace_devif_reference(&handle->hold, handle->holder);
}

static __always_inline void count_down(struct devif_handle *handle)
{
	int old;

	trace_devif_dereference(&handle->hold, handle->holder);
	if (__refcount_dec_and_test(&handle->refs, &old))
		end_handle(handle);
	else if (unlikely(old <= 0))
		report_count(handle, "dereferenced");
}

static void counted_reference(void *context)
{
	count_up(to_handle(context));
}

static void counted_dereference(void *context)
{
	count_down(to_handle(context));
}

static void own_reference(void *context)
{
	struct devif_handle *handle = to_handle(context);

	/* a dead handle does not pin the routine's module */
	if (!READ_ONCE(handle->dead))
		handle->export->desc.reference(handle->hold.context);
	count_up(handle);
}

static void own_dereference(void *context)
{
	struct devif_handle *handle = to_handle(context);

	if (!READ_ONCE(handle->dead))
		handle->export->desc.dereference(handle->hold.context);
	count_down(handle);
}

static void handle_noop(void *context)
{
}

/**
 * devif_handle_of() - the handle behind a table
 * @interface: header of a table that came from a query
 *
 * Return: the handle, or %NULL if references to the table are not counted
 */
struct devif_handle *devif_handle_of(const struct devif_interface *interface)
{
	return interface->reference == handle_noop ? NULL :
					      to_handle(interface->context);
}

/*
 * Making
 */

/**
 * devif_handle_alloc() - make a handle with one reference
 * @export: the export, whose gate the caller is inside of
 * @pinned: whether the handle keeps the exporter's context and module
 * @holder: device of the holder, or %NULL
 * @module: module of the holder
 *
 * Context: May sleep.
 *
 * Return: the handle, for devif_handle_publish() or devif_handle_discard();
 * -ENOMEM, or -ENODEV if the exporter's module is being unloaded
 */
struct devif_handle *devif_handle_alloc(struct devif_export *export,
					bool pinned, struct device *holder,
					struct module *module)
{
	struct devif_handle *handle = kzalloc(sizeof(*handle), GFP_KERNEL);

	if (!handle)
		return ERR_PTR(-ENOMEM);
	if (pinned) {
		if (!try_module_get(export->owner)) {
			kfree(handle);
			return ERR_PTR(-ENODEV);
		}
		devif_export_use(export);
	}
	devif_export_get(export);
	handle->export = export;
	handle->pinned = pinned;
	handle->outside = pinned && !devif_is_below(holder, export->host->dev);
	if (handle->outside)
		atomic_inc(&export->host->pins);
	handle->hold.context = export->desc.context;
	handle->hold.gate = &export->gate;
	refcount_set(&handle->refs, 1);
	handle->stays = 1;
	handle->interface = -1;
	handle->since = ktime_get();
	handle->module = module;
	devif_name_holder(handle->holder, holder, module);
	return handle;
}

/**
 * devif_handle_discard() - undo devif_handle_alloc()
 * @handle: a handle that was not published
 *
 * Context: May sleep; inside the gate of the export.
 */
void devif_handle_discard(struct devif_handle *handle)
{
	unpin(handle);
	devif_export_put(handle->export);
	kfree(handle);
}

/**
 * devif_handle_publish() - give a handle to an importer
 * @handle: a new handle
 * @interface: header of the importer's table, to be filled in
 *
 * Context: Inside the gate of the export.
 */
void devif_handle_publish(struct devif_handle *handle,
			  struct devif_interface *interface)
{
	struct devif_export *export = handle->export;
	bool own = export->desc.reference;
	unsigned long flags;

	if (own)
		export->desc.reference(export->desc.context);
	interface->context = &handle->hold;
	interface->reference = own ? own_reference : counted_reference;
	interface->dereference = own ? own_dereference : counted_dereference;
	raw_spin_lock_irqsave(&export->lock, flags);
	list_add_tail_rcu(&handle->entry, &export->handles);
	raw_spin_unlock_irqrestore(&export->lock, flags);
}

/**
 * devif_noop_publish() - give a table without references to an importer
 * @export: the export
 * @interface: header of the importer's table, to be filled in
 */
void devif_noop_publish(struct devif_export *export,
			struct devif_interface *interface)
{
	interface->context = &export->noop;
	interface->reference = handle_noop;
	interface->dereference = handle_noop;
}

/* Free the handles that unloaded importers have left behind. */
static void free_handles(struct devif_export *export, void *data)
{
	struct devif_handle *handle;

	rcu_read_lock();
	list_for_each_entry_rcu(handle, &export->handles, entry)
		devif_handle_free(handle);
	rcu_read_unlock();
}

/* All modules with handles have been unloaded. */
void devif_handle_exit(void)
{
	devif_export_each(free_handles, NULL);
	devif_graves_exit();
	/* handles free exports, in callbacks too */
	rcu_barrier();
	rcu_barrier();
}

static void handle_check_left(struct devif_handle *handle,
			      const struct module *module)
{
	const struct devif_export *export = handle->export;

	if (READ_ONCE(handle->module) != module)
		return;
	WRITE_ONCE(handle->module, NULL);
	pr_warn("%s is unloaded and has left %u references to %pUl version %u of %s\n",
		handle->holder, devif_handle_references(handle), &export->key.guid,
		export->table->version, export->host->id);
}

static void handle_check_left_of(struct devif_export *export, void *data)
{
	struct devif_handle *handle = NULL;

	while ((handle = devif_handle_next(export, handle))) {
		handle_check_left(handle, data);
		cond_resched();
	}
}

/**
 * devif_handle_module_gone() - log the references that a module has not given back
 * @module: a module that is being unloaded
 *
 * The handles stay: the module may have given a reference to another driver.
 *
 * Context: Module notifier.
 */
void devif_handle_module_gone(struct module *module)
{
	devif_export_each(handle_check_left_of, module);
}
