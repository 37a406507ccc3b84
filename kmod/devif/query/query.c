// SPDX-License-Identifier: GPL-2.0
/*
 * Queries: an importer asks a device for a table.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#define dev_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/rhashtable.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include <trace/events/devif.h>

#include "query/query.h"

/**
 * struct query - arguments of one call of devif_query()
 * @desc: the importer's request
 * @interface: header of the importer's table
 * @size: size of that table
 * @module: the importer's module
 */
struct query {
	const struct devif_query_desc *desc;
	struct devif_interface *interface;
	u32 size;
	struct module *module;
};

/*
 * Finding the export that answers
 */

/*
 * Return whether it is too early to call an export of @dev. Until the driver is bound, the
 * driver core may undo the export's probe(); the status changes before the event comes.
 */
static bool is_early(const struct devif_export *export, const struct device *dev)
{
	return READ_ONCE(export->of_probe) &&
	       READ_ONCE(dev->links.status) != DL_DEV_DRIVER_BOUND;
}

/* Return the highest version that is not above the one asked for (J9). */
static struct devif_export *query_choose(struct rhlist_head *list,
					 const struct device *dev, u32 version)
{
	struct devif_export *export, *best = ERR_PTR(-EPROTONOSUPPORT);
	struct rhlist_head *pos;

	rhl_for_each_entry_rcu(export, pos, list, node) {
		if (export->table->version > version)
			continue;
		if (!IS_ERR(best) &&
		    export->table->version < best->table->version)
			continue;
		if (!is_early(export, dev))
			best = export;
		else if (IS_ERR(best))
			best = ERR_PTR(-EPROBE_DEFER);
	}
	return best;
}

/* Context: RCU reader. */
static struct devif_export *choose_on(const struct device *dev,
				      const struct query *query)
{
	const struct devif_query_desc *desc = query->desc;
	struct devif_export *export;
	struct rhlist_head *list;

	list = devif_export_lookup(dev, desc->guid);
	if (!list)
		list = devif_export_lookup(dev, &guid_null);
	if (!list)
		return ERR_PTR(-EOPNOTSUPP);

	export = query_choose(list, dev, desc->version);
	if (IS_ERR(export))
		return export;
	if (export->table->size > query->size)
		return ERR_PTR(-EMSGSIZE);
	if (export->desc.reference && desc->flags & DEVIF_REVOCABLE)
		return ERR_PTR(-EOPNOTSUPP);
	return export;
}

/* As choose_on(), and enter the export's gate, which keeps the export. */
static struct devif_export *enter_on(const struct device *dev,
				     const struct query *query)
{
	struct devif_export *export;

	rcu_read_lock();
	export = choose_on(dev, query);
	if (!IS_ERR(export) && !devif_gate_enter(&export->gate))
		export = ERR_PTR(-ENODEV);
	rcu_read_unlock();
	return export;
}

/* As enter_on(), on the device or on the ancestor that the exports refer to (J8). */
static struct devif_export *query_enter(struct device *dev, const struct query *query)
{
	struct devif_export *export;
	struct device *parent;

	get_device(dev);
	for (;;) {
		export = enter_on(dev, query);
		if (IS_ERR(export) ||
		    !(export->desc.flags & DEVIF_EXPORT_ASK_PARENT))
			break;
		parent = devif_get_parent(dev);
		devif_gate_leave(&export->gate);
		put_device(dev);
		if (!parent)
			return ERR_PTR(-EOPNOTSUPP);
		dev = parent;
	}
	put_device(dev);
	return export;
}

/*
 * Answering, inside the gate of the export
 */

/* Return whether @dev is @export's device, or below it and so gone no later. */
static bool is_of_family(const struct devif_export *export,
			 const struct device *dev)
{
	for (; dev; dev = dev->parent)
		if (dev == export->key.dev)
			return true;
	return false;
}

static void copy_table(const struct query *query,
		       const struct devif_interface *table)
{
	memcpy(query->interface, table, table->size);
	memset((void *)query->interface + table->size, 0,
	       query->size - table->size);
}

/* Let the exporter's hook make the answer out of a copy of the table. */
static int ask_hook(struct devif_export *export, const struct query *query,
		    const char *holder)
{
	const struct devif_query_request request = {
		.dev = export->host->dev,
		.holder = holder,
		.version = query->desc->version,
		.size = query->size,
		.revocable = query->desc->flags & DEVIF_REVOCABLE,
		.given = query->interface,
		.specific = query->desc->specific,
		.specific_size = query->desc->specific_size,
	};
	struct devif_interface *answer;
	int ret;

	answer = kmemdup(export->table, export->table->size, GFP_KERNEL);
	if (!answer)
		return -ENOMEM;
	ret = export->desc.query(export->desc.context, &request, answer);
	if (ret > 0) {
		pr_err_ratelimited("query: hook of %pUl returned %d\n",
				   &export->key.guid, ret);
		ret = -EIO;
	}
	if (!ret) {
		/* the header is not the hook's to change */
		*answer = *export->table;
		copy_table(query, answer);
	}
	kfree(answer);
	return ret;
}

static int query_fill(struct devif_export *export, const struct query *query,
		      const char *holder)
{
	if (export->desc.query)
		return ask_hook(export, query, holder);
	copy_table(query, export->table);
	return 0;
}

static int answer_noop(struct devif_export *export, const struct query *query)
{
	char holder[DEVIF_HOLDER_SIZE];
	int ret;

	if (!is_of_family(export, query->desc->holder))
		return -EPERM;
	devif_name_holder(holder, query->desc->holder, query->module);
	ret = query_fill(export, query, holder);
	if (!ret)
		devif_noop_publish(export, query->interface);
	return ret;
}

static int query_answer(struct devif_export *export, const struct query *query)
{
	struct devif_handle *handle;
	int ret;

	if (export->desc.flags & DEVIF_EXPORT_NOOP)
		return answer_noop(export, query);

	handle = devif_handle_alloc(export,
				    !(query->desc->flags & DEVIF_REVOCABLE),
				    query->desc->holder, query->module);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	ret = query_fill(export, query, handle->holder);
	if (ret)
		devif_handle_discard(handle);
	else
		devif_handle_publish(handle, query->interface);
	return ret;
}

static int query_refuse(const struct device *dev, const char *why)
{
	dev_err_ratelimited(dev, "query: %s\n", why);
	return -EINVAL;
}

static int query_check_desc(const struct device *dev,
			    const struct devif_query_desc *desc)
{
	if (!desc->guid || guid_is_null(desc->guid))
		return query_refuse(dev, "null GUID");
	if (desc->flags & ~DEVIF_REVOCABLE)
		return query_refuse(dev, "flags: unknown");
	if (desc->specific_size && !desc->specific)
		return query_refuse(dev, "specific data: size without data");
	return 0;
}

int __devif_query(struct device *dev, const struct devif_query_desc *desc,
		  struct devif_interface *interface, u32 size,
		  struct module *module)
{
	const struct query query = {
		.desc = desc,
		.interface = interface,
		.size = size,
		.module = module,
	};
	struct devif_export *export;
	unsigned int noio;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(dev) || !desc || !interface) {
		pr_err_ratelimited("query: no device, description or table\n");
		return -EINVAL;
	}
	ret = query_check_desc(dev, desc);
	if (ret)
		return ret;

	export = query_enter(dev, &query);
	ret = PTR_ERR_OR_ZERO(export);
	if (!ret) {
		/* device removal waits for callers inside the gate */
		noio = memalloc_noio_save();
		ret = query_answer(export, &query);
		memalloc_noio_restore(noio);
		devif_gate_leave(&export->gate);
	}
	trace_devif_query(dev, desc, ret ? NULL : interface, ret);
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devif_query);

/*
 * Passing on
 */

static int query_forward(struct devif_handle *handle, const struct query *query,
			 const struct devif_interface *table)
{
	struct devif_handle *copy;

	copy = devif_handle_alloc(handle->export, handle->pinned,
				  query->desc->holder, query->module);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	copy_table(query, table);
	devif_handle_publish(copy, query->interface);
	return 0;
}

static int forward_noop(const struct query *query,
			const struct devif_interface *table)
{
	struct devif_export *export;

	export = container_of(table->context, struct devif_export, noop);
	if (!is_of_family(export, query->desc->holder))
		return -EPERM;
	copy_table(query, table);
	return 0;
}

int __devif_forward(const struct devif_interface *from,
		    struct devif_interface *to, u32 size, struct device *holder,
		    struct module *module)
{
	const struct devif_query_desc desc = { .holder = holder };
	const struct query query = {
		.desc = &desc,
		.interface = to,
		.size = size,
		.module = module,
	};
	struct devif_handle *handle;
	struct devif_call call;
	unsigned int noio;
	int ret;

	might_sleep();
	if (!from || !to || from == to || from->size > size) {
		pr_err_ratelimited("forward: no table, the same, or one that does not fit\n");
		return -EINVAL;
	}
	ret = devif_enter(from, &call);
	if (ret)
		return ret;
	noio = memalloc_noio_save();
	handle = devif_handle_of(from);
	if (handle)
		ret = query_forward(handle, &query, from);
	else
		ret = forward_noop(&query, from);
	memalloc_noio_restore(noio);
	devif_exit(&call);
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devif_forward);
