// SPDX-License-Identifier: GPL-2.0
/*
 * Queries: an importer asks a device for a table.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#define dev_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
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
 * @order: order of the holder and the device that answers, or %NULL
 */
struct query {
	const struct devif_query_desc *desc;
	struct devif_interface *interface;
	u32 size;
	struct module *module;
	struct devif_order *order;
};

/*
 * Answering, inside the gate of the export
 */

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
	if (ret > 0 && ret != DEVIF_QUERY_PASS) {
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

	if (!devif_is_below(query->desc->holder, export->host->dev))
		return -EPERM;
	devif_name_holder(holder, query->desc->holder, query->module);
	ret = query_fill(export, query, holder);
	if (!ret)
		devif_noop_publish(export, query->interface);
	return ret;
}

static void query_publish(struct devif_handle *handle, const struct query *query)
{
	struct devif_export *export = handle->export;

	handle->runtime_pm = query->desc->flags & DEVIF_RUNTIME_PM;
	devif_order_supply(query->order, export->host->dev);
	devif_handle_publish(handle, query->interface);
}

/* Order the holder of an answer, outside of the gate; without one, forget the order. */
static void query_put_in_order(const struct query *query, bool answered)
{
	struct devif_handle *handle = NULL;

	if (answered)
		handle = devif_handle_of(query->interface);
	if (handle)
		devif_order_begin(query->order, handle);
	else
		devif_order_free(query->order);
}

/* Return 0, %DEVIF_QUERY_PASS if the hook has passed the query on, or an errno. */
static int query_answer(struct devif_export *export, const struct query *query)
{
	struct devif_handle *handle;
	int ret;

	if (export->table->size > query->size)
		return -EMSGSIZE;
	if (export->desc.reference && query->desc->flags & DEVIF_REVOCABLE)
		return -EOPNOTSUPP;
	if (export->desc.flags & DEVIF_EXPORT_NOOP)
		return answer_noop(export, query);

	handle = devif_handle_alloc(export,
				    !(query->desc->flags & DEVIF_REVOCABLE),
				    query->desc->holder, query->module);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	ret = query_fill(export, query, handle->holder);
	if (ret) {
		devif_handle_discard(handle);
		return ret;
	}
	query_publish(handle, query);
	return 0;
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
	if (desc->flags & ~(DEVIF_REVOCABLE | DEVIF_RUNTIME_PM))
		return query_refuse(dev, "flags: unknown");
	if (desc->flags & DEVIF_RUNTIME_PM && !desc->holder)
		return query_refuse(dev, "runtime power management without a holder");
	if (desc->specific_size && !desc->specific)
		return query_refuse(dev, "specific data: size without data");
	return 0;
}

/* Try the exports from the top down. */
static int query_descend(struct devif_descent *descent, const struct query *query)
{
	struct devif_export *export;
	unsigned int noio;
	int ret;

	do {
		export = devif_descent_next(descent);
		if (IS_ERR(export))
			return PTR_ERR(export);
		/* device removal waits for callers inside the gate */
		noio = memalloc_noio_save();
		ret = query_answer(export, query);
		memalloc_noio_restore(noio);
		devif_gate_leave(&export->gate);
	} while (ret == DEVIF_QUERY_PASS);
	return ret;
}

static int query_run(struct device *dev, struct devif_descent *descent,
		     struct query *query)
{
	int ret;

	query->order = devif_order_alloc(query->desc->holder);
	ret = PTR_ERR_OR_ZERO(query->order);
	if (!ret) {
		ret = query_descend(descent, query);
		query_put_in_order(query, !ret);
	}
	devif_descent_end(descent);
	trace_devif_query(dev, query->desc, ret ? NULL : query->interface, ret);
	return ret;
}

int __devif_query(struct device *dev, const struct devif_query_desc *desc,
		  struct devif_interface *interface, u32 size,
		  struct module *module)
{
	struct query query = {
		.desc = desc,
		.interface = interface,
		.size = size,
		.module = module,
	};
	struct devif_descent descent;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(dev) || !desc || !interface) {
		pr_err_ratelimited("query: no device, description or table\n");
		return -EINVAL;
	}
	ret = query_check_desc(dev, desc);
	if (ret)
		return ret;
	devif_descent_begin(&descent, dev, desc);
	return query_run(dev, &descent, &query);
}
EXPORT_SYMBOL_DEVIF(__devif_query);

/**
 * devif_query_opened() - query the device of an interface that is being opened
 * @devif: the interface
 * @desc: description of the query
 * @interface: header of the table
 * @size: size of the table in bytes
 * @module: module of the opener
 *
 * The interface's own methods come first, then those of its class.
 *
 * Context: May sleep.
 *
 * Return: as devif_query(); -ENODEV if the interface has been taken away
 */
int devif_query_opened(struct devif *devif, const struct devif_query_desc *desc,
		       struct devif_interface *interface, u32 size,
		       struct module *module)
{
	struct query query = {
		.desc = desc,
		.interface = interface,
		.size = size,
		.module = module,
	};
	struct device *dev = devif_get_device(devif);
	struct devif_descent descent;
	int ret;

	if (!dev)
		return -ENODEV;
	devif_descent_begin(&descent, dev, desc);
	descent.opened = devif;
	descent.class = devif_class_guid(devif);
	ret = query_run(dev, &descent, &query);
	put_device(dev);
	return ret;
}

static int query_check_below(const struct devif_export *export,
			     const struct devif_query_desc *desc)
{
	if (export->desc.flags & DEVIF_EXPORT_ASK_PARENT) {
		pr_err_ratelimited("query below: the export has no table\n");
		return -EINVAL;
	}
	if (desc->guid && !guid_equal(desc->guid, &export->key.guid)) {
		pr_err_ratelimited("query below: GUID: not that of the export\n");
		return -EINVAL;
	}
	return 0;
}

static int query_below(struct device *dev, struct devif *of_interface,
		       const struct devif_export *export, struct query *query)
{
	struct devif_descent descent;
	int ret = query_check_desc(dev, query->desc);

	if (ret)
		return ret;
	devif_descent_begin(&descent, dev, query->desc);
	descent.opened = of_interface;
	descent.class = export->desc.of_class;
	descent.limit = export->desc.layer;
	return query_run(dev, &descent, query);
}

int __devif_query_below(struct devif_export *export, const struct devif_query_desc *desc,
			struct devif_interface *interface, u32 size,
			struct module *module)
{
	struct devif_query_desc below;
	struct query query = {
		.desc = &below,
		.interface = interface,
		.size = size,
		.module = module,
	};
	struct devif *of_interface;
	struct device *dev;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(export) || !desc || !interface) {
		pr_err_ratelimited("query below: no export, description or table\n");
		return -EINVAL;
	}
	ret = query_check_below(export, desc);
	if (ret)
		return ret;
	below = *desc;
	below.guid = &export->key.guid;
	dev = devif_export_get_device(export, &of_interface);
	if (!dev)
		return -ENODEV;
	ret = query_below(dev, of_interface, export, &query);
	devif_put(of_interface);
	put_device(dev);
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devif_query_below);

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
	query_publish(copy, query);
	return 0;
}

static int forward_noop(const struct query *query,
			const struct devif_interface *table)
{
	struct devif_export *export;

	export = container_of(table->context, struct devif_export, noop);
	if (!devif_is_below(query->desc->holder, export->host->dev))
		return -EPERM;
	copy_table(query, table);
	return 0;
}

static int forward_ask(const struct devif_interface *from, const struct query *query)
{
	struct devif_handle *handle = devif_handle_of(from);
	struct devif_call call;
	unsigned int noio;
	int ret = devif_enter(from, &call);

	if (ret)
		return ret;
	noio = memalloc_noio_save();
	if (handle)
		ret = query_forward(handle, query, from);
	else
		ret = forward_noop(query, from);
	memalloc_noio_restore(noio);
	devif_exit(&call);
	return ret;
}

static unsigned int forward_flags(const struct devif_interface *from)
{
	const struct devif_handle *handle = devif_handle_of(from);

	return handle && handle->runtime_pm ? DEVIF_RUNTIME_PM : 0;
}

int __devif_forward(const struct devif_interface *from,
		    struct devif_interface *to, u32 size, struct device *holder,
		    struct module *module)
{
	struct devif_query_desc desc = { .holder = holder };
	struct query query = {
		.desc = &desc,
		.interface = to,
		.size = size,
		.module = module,
	};
	int ret;

	might_sleep();
	if (!from || !to || from == to || from->size > size) {
		pr_err_ratelimited("forward: no table, the same, or one that does not fit\n");
		return -EINVAL;
	}
	desc.flags = forward_flags(from);
	query.order = devif_order_alloc(holder);
	if (IS_ERR(query.order))
		return PTR_ERR(query.order);
	ret = forward_ask(from, &query);
	query_put_in_order(&query, !ret);
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devif_forward);
