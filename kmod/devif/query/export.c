// SPDX-License-Identifier: GPL-2.0
/*
 * Exports: tables come, and are withdrawn.
 *
 * An export ends in steps. Withdrawn: no query finds it, its gate is closed; by
 * the exporter, or because the device, its driver or the module leaves. Drained:
 * no caller is inside its gate. Ended: the exporter has no more use for it. Then the
 * last of exporter and pinned handles has the context released. The memory stays
 * until the last handle is gone.
 *
 * A task that ends an export waits until it is drained. A detached export is finished by a
 * work item instead, once it is drained: only the unload of its module waits.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#define dev_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/ratelimit.h>
#include <linux/rculist.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include <trace/events/devif.h>

#include "lib/managed.h"
#include "lib/wait.h"
#include "query/query.h"

static struct rhltable exports;

static const struct rhashtable_params exports_params = {
	.head_offset = offsetof(struct devif_export, node),
	.key_offset = offsetof(struct devif_export, key),
	.key_len = sizeof(struct devif_export_key),
	.automatic_shrinking = true,
};

/* Set before the first export. */
static const struct devif_files_ops *files_ops;

/*
 * Memory
 */

static void free_export(struct rcu_head *rcu)
{
	struct devif_export *export = container_of(rcu, struct devif_export,
						   rcu);

	devif_gate_exit(&export->gate);
	devif_host_put(export->host);
	kfree(export);
}

static void export_free(struct devif_member *member)
{
	struct devif_export *export = container_of(member, struct devif_export, member);

	call_rcu(&export->rcu, free_export);
}

/* All exports whose memory is there. */
static struct devif_roll all_exports = DEVIF_ROLL_INIT(all_exports, export_free);

/**
 * devif_export_next() - walk all exports
 * @export: %NULL for the first; or the export returned last, which is given back: until
 *	then it is in the roll
 *
 * Context: May sleep; nothing is locked between two calls.
 *
 * Return: the next export, referenced, or %NULL
 */
struct devif_export *devif_export_next(struct devif_export *export)
{
	struct devif_member *next = devif_roll_next(&all_exports,
						    export ? &export->member : NULL);

	return next ? container_of(next, struct devif_export, member) : NULL;
}

/**
 * devif_export_each() - call a function for all exports
 * @fn: called for each
 * @data: for @fn
 *
 * Context: May sleep; nothing is locked while @fn runs.
 */
void devif_export_each(void (*fn)(struct devif_export *export, void *data),
		       void *data)
{
	struct devif_export *export = NULL;

	while ((export = devif_export_next(export)))
		fn(export, data);
}

/*
 * The context, and its users
 */

/**
 * devif_export_use() - use the context of an export, for a pinned handle
 * @export: an export with users and, by the caller, a pinned module
 *
 * Context: Any.
 */
void devif_export_use(struct devif_export *export)
{
	refcount_inc(&export->users);
	devif_rundown_use(&export->pins);
}

static void release_context(struct devif_export *export)
{
	if (export->desc.release)
		export->desc.release(export->desc.context);
}

static void release_work(struct work_struct *work)
{
	struct devif_export *export = container_of(work, struct devif_export,
						   release_work);

	release_context(export);
	module_put(export->owner);
	devif_rundown_unuse(&export->pins);
	devif_export_put(export);
}

/**
 * devif_export_unuse() - stop using the context, and unpin the module
 * @export: the export
 *
 * Context: Any.
 */
void devif_export_unuse(struct devif_export *export)
{
	if (refcount_dec_and_test(&export->users)) {
		/* the release may sleep; the work item takes our pin of the module over */
		devif_export_get(export);
		queue_work(devif_wq, &export->release_work);
		return;
	}
	module_put(export->owner);
	devif_rundown_unuse(&export->pins);
}

/*
 * The end
 */

static void export_withdraw(struct devif_export *export)
{
	lockdep_assert_held(&devif_registry_lock);
	if (export->withdrawn)
		return;
	export->withdrawn = true;
	list_del(&export->of_host);
	rhltable_remove(&exports, &export->node, exports_params);
	/* for the work item that the gate queues */
	if (devif_export_is_detached(export))
		devif_export_get(export);
	devif_gate_close(&export->gate);
	trace_devif_revoke(export->host->dev, &export->key.guid,
			   export->table->version);
}

/* Name the handles that keep the context of an export that has ended. */
static void export_report_holders(struct devif_export *export)
{
	struct devif_handle *handle;

	rcu_read_lock();
	list_for_each_entry_rcu(handle, &export->handles, entry)
		if (handle->pinned && !READ_ONCE(handle->dead))
			pr_notice_ratelimited("%s: %pUl version %u has ended and is still held by %s, %u references, for %lld s\n",
					      export->host->id,
					      &export->key.guid,
					      export->table->version,
					      handle->holder,
					      devif_handle_references(handle),
					      devif_handle_age(handle));
	rcu_read_unlock();
}

/* Most calls, or holders, that a report names. */
#define REPORT_MOST	8

/* Name the holders that may be making the calls. */
static void export_report_callers(struct devif_export *export)
{
	struct devif_handle *handle = NULL;
	unsigned int left = REPORT_MOST;

	while (left-- && (handle = devif_handle_next(export, handle)))
		pr_warn("%s: %pUl version %u is held by %s, %u references, for %lld s\n",
			export->host->id, &export->key.guid, export->table->version,
			handle->holder, devif_handle_references(handle),
			devif_handle_age(handle));
	devif_handle_leave(handle);
}

/* Name what the end of an export waits for: the calls of its files, else the holders. */
static void export_report_calls(struct devif_export *export)
{
	static DEFINE_RATELIMIT_STATE(reports, DEVIF_PATIENCE, REPORT_MOST);

	if (__ratelimit(&reports) && !files_ops->report(export, REPORT_MOST))
		export_report_callers(export);
}

static void wait_for_calls(struct devif_export *export)
{
	devif_wait_reporting(&export->gate.drained, export_report_calls(export),
			     "%s: waiting for calls of %pUl version %u to end",
			     export->host->id, &export->key.guid,
			     export->table->version);
}

/* Wait until a withdrawn export is drained, and finish it. */
static void export_finish(struct devif_export *export)
{
	bool unuse_host;

	wait_for_calls(export);
	files_ops->end(export);
	devif_orders_end(export);

	mutex_lock(&devif_registry_lock);
	unuse_host = !export->host_unused;
	export->host_unused = true;
	mutex_unlock(&devif_registry_lock);

	if (unuse_host) {
		export_report_holders(export);
		devif_put(export->desc.of_interface);
		devif_host_unuse(export->host);
	}
}

/* Give the exporter's use, pin and reference back. */
static void drop_use(struct devif_export *export)
{
	if (refcount_dec_and_test(&export->users))
		release_context(export);
	devif_rundown_unuse(&export->pins);
	devif_export_put(export);
}

static void finish_work(struct work_struct *work)
{
	struct devif_export *export = container_of(work, struct devif_export,
						   finish_work);
	bool drop;

	files_ops->hang_up(export);
	export_finish(export);

	mutex_lock(&devif_registry_lock);
	drop = export->end_deferred;
	export->end_deferred = false;
	mutex_unlock(&devif_registry_lock);

	if (drop)
		drop_use(export);
	devif_export_put(export);
}

/* Is the caller in a call of the export? */
static bool is_inside(struct devif_export *export)
{
	return devif_gate_is_inside(&export->gate) ||
	       files_ops->is_releasing(export);
}

/* Return whether the caller is not to wait for the calls in progress. */
static bool is_left_to_work(struct devif_export *export)
{
	return devif_export_is_detached(export) || is_inside(export);
}

/*
 * If the caller would wait for itself, let a work item wait. The release() of a file may
 * end the export, for the file may be the last; other methods are told that they may not.
 */
static bool export_deferred(struct devif_export *export)
{
	if (devif_export_is_detached(export))
		return true;
	if (!is_inside(export))
		return false;
	WARN(!files_ops->is_releasing(export),
	     "devif: %s: export of %pUl version %u ended from inside a call of its own\n",
	     export->host->id, &export->key.guid, export->table->version);
	devif_export_get(export);
	if (!queue_work(devif_wq, &export->finish_work))
		devif_export_put(export);
	return true;
}

/*
 * The exporter ends an export. Only this gives the exporter's reference back, so it is
 * safe to use the export until then. Return whether the export had not ended before.
 */
static bool end_export(struct devif_export *export)
{
	bool by_work = is_left_to_work(export);
	bool first;

	mutex_lock(&devif_registry_lock);
	export_withdraw(export);
	first = !export->ended;
	export->ended = true;
	/* the work item of a detached export may have been here */
	by_work &= !devif_export_is_detached(export) || !export->host_unused;
	export->end_deferred |= first && by_work;
	mutex_unlock(&devif_registry_lock);

	files_ops->hang_up(export);
	if (by_work && export_deferred(export))
		return first;
	devif_gate_will_drain(&export->gate);
	export_finish(export);
	if (first)
		drop_use(export);
	return first;
}

/* Close a gate now, to wait later: many gates share the grace period of one wait. */
static void begin_to_end(struct devif_export *export)
{
	guard(mutex)(&devif_registry_lock);
	export_withdraw(export);
}

/* Wait until the context has no users, and the module is not needed. */
static void wait_for_holders(struct devif_export *export)
{
	while (!devif_rundown_wait_timeout(&export->pins, DEVIF_PATIENCE)) {
		pr_warn_ratelimited("%s: waiting for the holders of the context of %pUl version %u\n",
				    export->host->id, &export->key.guid,
				    export->table->version);
		/* the end of a detached export has waited for no calls */
		if (!completion_done(&export->gate.drained))
			export_report_calls(export);
		export_report_holders(export);
	}
}

void devif_unexport(struct devif_export *export)
{
	might_sleep();
	if (!IS_ERR_OR_NULL(export))
		end_export(export);
}
EXPORT_SYMBOL_DEVIF(devif_unexport);

void devif_unexport_many(struct devif_export *const *list, size_t count)
{
	size_t i;

	might_sleep();
	for (i = 0; i < count; i++) {
		if (!IS_ERR_OR_NULL(list[i]))
			begin_to_end(list[i]);
		cond_resched();
	}
	for (i = 0; i < count; i++)
		devif_unexport(list[i]);
}
EXPORT_SYMBOL_DEVIF(devif_unexport_many);

/*
 * Does an export end, because its device has entered @phase? Not if the device has entered
 * another phase by now, unless it is being removed.
 */
static bool ends_now(const struct devif_host *host, enum devif_phase phase,
		     const struct devif_export *export)
{
	lockdep_assert_held(&devif_registry_lock);
	if (host->phase != phase && host->phase != DEVIF_PHASE_GONE)
		return false;
	/* as a probe() begins or has failed, the exports of an unsuccessful probe() end */
	return export->of_probe || phase == DEVIF_PHASE_LEAVING ||
	       phase == DEVIF_PHASE_GONE;
}

/*
 * Close the gates of a device's exports, all at once: each costs a grace period. A
 * pin keeps the exporters' modules, where lockdep's keys are.
 */
static void withdraw_all(struct devif_host *host, enum devif_phase phase,
			 struct list_head *withdrawn)
{
	struct devif_export *export, *next;

	guard(mutex)(&devif_registry_lock);
	list_for_each_entry_safe(export, next, &host->exports, of_host) {
		if (!ends_now(host, phase, export))
			continue;
		export_withdraw(export);
		devif_export_get(export);
		devif_rundown_use(&export->pins);
		list_add_tail(&export->of_host, withdrawn);
	}
}

static void revoke_all(struct devif_host *host, enum devif_phase phase)
{
	struct devif_export *export, *next;
	LIST_HEAD(withdrawn);

	withdraw_all(host, phase, &withdrawn);
	/* unpin first: a module is not to wait for the calls of another one's exports */
	list_for_each_entry(export, &withdrawn, of_host) {
		files_ops->hang_up(export);
		if (!devif_export_is_detached(export) && !devif_gate_is_inside(&export->gate))
			devif_gate_will_drain(&export->gate);
		devif_rundown_unuse(&export->pins);
	}
	list_for_each_entry_safe(export, next, &withdrawn, of_host) {
		if (!export_deferred(export))
			export_finish(export);
		devif_export_put(export);
	}
}

/* A probe() has succeeded: treat its exports as if made later. */
static void confirm_all(struct devif_host *host)
{
	struct devif_export *export;

	guard(mutex)(&devif_registry_lock);
	list_for_each_entry(export, &host->exports, of_host)
		WRITE_ONCE(export->of_probe, false);
}

/**
 * devif_host_revoke() - end exports as the phase of their device demands
 * @host: the device
 * @phase: phase that the device has entered
 *
 * When this returns, the calls of revoked exports have ended.
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_host_revoke(struct devif_host *host, enum devif_phase phase)
{
	if (phase == DEVIF_PHASE_BOUND)
		confirm_all(host);
	else
		revoke_all(host, phase);
}

/* Return the next export that needs the text of @owner, as devif_export_next() does. */
static struct devif_export *next_of_module(struct devif_export *export,
					   const struct module *owner)
{
	do {
		export = devif_export_next(export);
	} while (export && (export->owner != owner ||
			    devif_rundown_is_quiet(&export->pins)));
	return export;
}

/**
 * devif_export_module_gone() - end the exports of a module
 * @module: a module that is being unloaded, its exit function has run
 *
 * Pinned handles keep a module from being unloaded, unless its init function fails: then
 * it waits for them here.
 *
 * Context: Module notifier; may sleep; no lock of ours held.
 *
 * Return: number of exports that were left
 */
unsigned int devif_export_module_gone(const struct module *module)
{
	struct devif_export *export = NULL;
	unsigned int left = 0;

	while ((export = next_of_module(export, module)))
		begin_to_end(export);
	while ((export = next_of_module(export, module))) {
		if (end_export(export))
			left++;
		wait_for_holders(export);
	}
	return left;
}

/*
 * The beginning
 */

static int export_refuse(const struct device *dev, const char *why)
{
	dev_err_ratelimited(dev, "export: %s\n", why);
	return -EINVAL;
}

static int check_ask_parent(const struct device *dev,
			    const struct devif_export_desc *desc)
{
	if (desc->table || desc->query || desc->reference ||
	    desc->dereference || desc->release)
		return export_refuse(dev, "table or routines with \"ask parent\"");
	if (desc->layer || desc->of_interface || desc->of_class)
		return export_refuse(dev, "layer, interface or class with \"ask parent\"");
	if (desc->flags != DEVIF_EXPORT_ASK_PARENT)
		return export_refuse(dev, "flags: unknown, or not with \"ask parent\"");
	return 0;
}

/* Methods may belong to less than the device if an interface is opened by them. */
static int check_scope(const struct device *dev, const struct devif_export_desc *desc)
{
	if (desc->layer > DEVIF_LAYER_MAX || desc->layer < -DEVIF_LAYER_MAX)
		return export_refuse(dev, "layer: out of range");
	if (!desc->of_interface && !desc->of_class)
		return 0;
	if (!guid_equal(desc->guid, files_ops->guid))
		return export_refuse(dev, "interface or class, but not methods of files");
	if (IS_ERR(desc->of_interface) || (desc->of_interface && desc->of_class))
		return export_refuse(dev, "interface: none, or a class too");
	if (desc->of_interface && desc->of_interface->host->dev != dev)
		return export_refuse(dev, "interface: of another device");
	return 0;
}

static int check_table(const struct device *dev,
		       const struct devif_export_desc *desc)
{
	if (!desc->guid || guid_is_null(desc->guid))
		return export_refuse(dev, "null GUID");
	if (!desc->table || desc->table->size < sizeof(*desc->table))
		return export_refuse(dev, "table: missing, or smaller than its header");
	if (!desc->reference != !desc->dereference)
		return export_refuse(dev, "only one of reference and dereference");
	if (desc->flags & ~(DEVIF_EXPORT_NOOP | DEVIF_EXPORT_DETACHED))
		return export_refuse(dev, "flags: unknown");
	if (desc->reference && desc->flags & DEVIF_EXPORT_NOOP)
		return export_refuse(dev, "routines that do nothing, and others");
	if (desc->flags & DEVIF_EXPORT_DETACHED &&
	    (!desc->release || desc->flags & DEVIF_EXPORT_NOOP))
		return export_refuse(dev, "detached: no release, or routines that do nothing");
	return check_scope(dev, desc);
}

static int export_check_desc(const struct device *dev,
			     const struct devif_export_desc *desc)
{
	int ret;

	if (desc->flags & DEVIF_EXPORT_ASK_PARENT)
		ret = check_ask_parent(dev, desc);
	else
		ret = check_table(dev, desc);
	if (ret)
		return ret;
	if (!device_is_registered((struct device *)dev)) {
		dev_err_ratelimited(dev, "export: device not registered\n");
		return -ENODEV;
	}
	return 0;
}

/* For lockdep: a method may end exports of devices further down. */
static unsigned int export_depth(const struct device *dev)
{
	unsigned int depth = 0;

	while ((dev = dev->parent))
		depth++;
	return depth;
}

static struct devif_export *alloc_export(const struct device *dev,
					 const struct devif_export_desc *desc,
					 struct lock_class_key *key)
{
	static const struct devif_interface none = { .size = sizeof(none) };
	const struct devif_interface *table = desc->table ?: &none;
	struct devif_export *export;

	export = kzalloc(sizeof(*export) + table->size, GFP_KERNEL);
	if (!export)
		return NULL;
	if (devif_gate_init(&export->gate, key, export_depth(dev))) {
		kfree(export);
		return NULL;
	}
	memcpy(export->table, table, table->size);
	if (desc->guid)
		export->key.guid = *desc->guid;
	export->desc = *desc;
	export->desc.guid = &export->key.guid;
	if (desc->of_class) {
		export->of_class = *desc->of_class;
		export->desc.of_class = &export->of_class;
	}
	export->desc.table = export->table;
	export->noop.context = desc->context;
	export->noop.gate = &export->gate;
	devif_member_init(&export->member, &all_exports);
	refcount_set(&export->users, 1);
	devif_rundown_init(&export->pins);
	init_waitqueue_head(&export->wait);
	spin_lock_init(&export->files_lock);
	INIT_LIST_HEAD(&export->files);
	INIT_LIST_HEAD(&export->releasers);
	raw_spin_lock_init(&export->lock);
	INIT_LIST_HEAD(&export->handles);
	INIT_WORK(&export->release_work, release_work);
	INIT_WORK(&export->finish_work, finish_work);
	if (devif_export_is_detached(export))
		export->gate.work = &export->finish_work;
	return export;
}

static bool is_alike(const struct devif_export *a, const struct devif_export *b)
{
	return a->table->version == b->table->version &&
	       a->desc.layer == b->desc.layer &&
	       guid_equal(&a->of_class, &b->of_class);
}

/* Does an export of the same key, version, layer and class exist? */
static bool is_exported(const struct devif_export *export)
{
	struct rhlist_head *list, *pos;
	struct devif_export *other;
	bool found = false;

	lockdep_assert_held(&devif_registry_lock);
	rcu_read_lock();
	list = devif_export_lookup(export->key.owner, &export->key.guid);
	rhl_for_each_entry_rcu(other, pos, list, node)
		found |= is_alike(other, export);
	rcu_read_unlock();
	return found;
}

static int list_export(struct devif_export *export)
{
	struct devif_host *host = export->host;
	int ret;

	lockdep_assert_held(&devif_registry_lock);
	if (host->phase == DEVIF_PHASE_LEAVING ||
	    host->phase == DEVIF_PHASE_GONE)
		return -ENODEV;
	if (is_exported(export)) {
		dev_err_ratelimited(host->dev,
				    "export: version %u of %pUl is exported already in layer %d\n",
				    export->table->version, &export->key.guid,
				    export->desc.layer);
		return -EEXIST;
	}
	ret = rhltable_insert(&exports, &export->node, exports_params);
	if (ret)
		return -ENOMEM;

	devif_get(export->desc.of_interface);
	export->of_probe = devif_in_probe(host->dev);
	devif_host_get(host);
	list_add_tail(&export->of_host, &host->exports);
	devif_roll_add(&all_exports, &export->member);
	return 0;
}

/* On success the export owns a use of the host. */
static int export_attach(struct devif_export *export, struct device *dev)
{
	int ret;

	export->key.owner = export->desc.of_interface ?: (const void *)dev;
	export->host = devif_host_use(dev);
	if (IS_ERR(export->host))
		return PTR_ERR(export->host);

	mutex_lock(&devif_registry_lock);
	ret = list_export(export);
	mutex_unlock(&devif_registry_lock);
	if (ret)
		devif_host_unuse(export->host);
	return ret;
}

/* End an export, and leave its context to the exporter. */
static void take_back(struct devif_export *export)
{
	devif_export_get(export);
	export->desc.release = NULL;
	end_export(export);
	wait_for_holders(export);
	devif_export_put(export);
}

int __devif_export(struct device *dev, const struct devif_export_desc *desc,
		   struct module *owner, struct lock_class_key *key,
		   struct devif_export **result)
{
	struct devif_export *export;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(dev) || !desc || !result) {
		pr_err_ratelimited("export: no device, description or result\n");
		return -EINVAL;
	}
	ret = export_check_desc(dev, desc);
	if (ret)
		return ret;
	export = alloc_export(dev, desc, key);
	if (!export)
		return -ENOMEM;
	export->owner = owner;

	/* a method may use @result, and be called before we return */
	*result = export;
	ret = export_attach(export, dev);
	if (ret) {
		*result = NULL;
		devif_gate_exit(&export->gate);
		kfree(export);
		return ret;
	}
	/* no notification may have told us that the device has gone meanwhile */
	if (!device_is_registered(dev)) {
		take_back(export);
		*result = NULL;
		return -ENODEV;
	}
	return 0;
}
EXPORT_SYMBOL_DEVIF(__devif_export);

/* Close the gates of all managed exports of a device; the release of each waits. */
static void export_withdraw_managed(struct devif_host *host)
{
	struct devif_export *export, *next;

	guard(mutex)(&devif_registry_lock);
	list_for_each_entry_safe(export, next, &host->exports, of_host)
		if (READ_ONCE(export->managed))
			export_withdraw(export);
}

static void export_end_managed(const struct devif_managed *managed)
{
	struct devif_export *export = managed->object;

	/* no bus has told of the removal; all gates close in one grace period */
	if (!READ_ONCE(export->withdrawn) && devif_host_is_going(export->host))
		export_withdraw_managed(export->host);
	devif_unexport(export);
	devif_export_put(export);
}

int __devm_devif_export(struct device *dev,
			const struct devif_export_desc *desc,
			struct module *owner, struct lock_class_key *key,
			struct devif_export **result)
{
	struct devif_managed *managed;
	struct devif_export *export;
	int ret;

	managed = devif_managed_alloc(export_end_managed);
	if (!managed)
		return -ENOMEM;
	if (!result)
		result = &export;
	ret = __devif_export(dev, desc, owner, key, result);
	if (ret) {
		devif_managed_free(managed);
		return ret;
	}
	devif_managed_add(dev, managed, devif_export_get(*result), owner);
	WRITE_ONCE((*result)->managed, true);
	return 0;
}
EXPORT_SYMBOL_DEVIF(__devm_devif_export);

/**
 * devif_export_lookup() - find exports under a GUID
 * @owner: the device, or the interface that the exports belong to
 * @guid: the GUID
 *
 * Context: RCU reader.
 *
 * Return: all versions and layers, or %NULL
 */
struct rhlist_head *devif_export_lookup(const void *owner, const guid_t *guid)
{
	struct devif_export_key key = {};

	key.owner = owner;
	key.guid = *guid;
	return rhltable_lookup(&exports, &key, exports_params);
}

/**
 * devif_export_get_device() - get the device of an export, and its interface
 * @export: an export that the exporter has not ended
 * @of_interface: set to the interface that the export belongs to, for devif_put(), or to
 *	%NULL; the end of the export gives the export's own reference back
 *
 * Context: May sleep.
 *
 * Return: the device, for put_device(), or %NULL if the export has been withdrawn
 */
struct device *devif_export_get_device(struct devif_export *export,
				       struct devif **of_interface)
{
	guard(mutex)(&devif_registry_lock);
	*of_interface = NULL;
	if (export->withdrawn)
		return NULL;
	*of_interface = devif_get(export->desc.of_interface);
	return get_device(export->host->dev);
}

int devif_export_init(const struct devif_files_ops *files)
{
	files_ops = files;
	return rhltable_init(&exports, &exports_params);
}

/* Exports have ended with their modules. */
void devif_export_exit(void)
{
	rhltable_destroy(&exports);
}
