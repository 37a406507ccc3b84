// SPDX-License-Identifier: GPL-2.0
/*
 * Finding and enumerating interfaces and names.
 *
 * Walks go by index and hold a reference to the present element, and no lock:
 * the callback may call any function of ours.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>

#include "registry/registry.h"

static struct devif *record_live(struct devif_record *record)
{
	struct devif *devif = rcu_dereference(record->live);

	return devif && devif_tryget(devif) ? devif : NULL;
}

struct devif *devif_find_by_name(const char *name)
{
	struct devif_record *record;
	struct devif *devif = NULL;

	if (IS_ERR_OR_NULL(name))
		return NULL;
	rcu_read_lock();
	record = devif_record_find(name);
	if (record)
		devif = record_live(record);
	rcu_read_unlock();
	return devif;
}
EXPORT_SYMBOL_DEVIF(devif_find_by_name);

struct devif *devif_find_alias(struct devif *devif, const guid_t *class)
{
	struct device *dev = devif_get_device(devif);
	struct devif *alias;

	/* also if @devif is %NULL or an error */
	if (!dev)
		return NULL;
	alias = devif_find(class, dev, devif_reference_string(devif));
	put_device(dev);
	return alias;
}
EXPORT_SYMBOL_DEVIF(devif_find_alias);

static struct devif *class_next(struct devif_class *class, unsigned long *index,
				xa_mark_t mark)
{
	struct devif_record *record;
	struct devif *devif = NULL;

	rcu_read_lock();
	while (!devif) {
		record = xa_find(&class->records, index, ULONG_MAX, mark);
		if (!record)
			break;
		devif = record_live(record);
		++*index;
	}
	rcu_read_unlock();
	return devif;
}

/**
 * struct walk - arguments and state of an enumeration
 * @class: class of the interfaces
 * @dev: device of the interfaces, or %NULL for all
 * @which: state of the interfaces
 * @fn: callback
 * @data: for @fn
 * @preferred: record of the default interface of the class, referenced, or %NULL
 * @shown: the default interface has been shown already
 */
struct walk {
	const guid_t *class;
	struct device *dev;
	enum devif_which which;
	devif_iter_t fn;
	void *data;
	struct devif_record *preferred;
	bool shown;
};

static int enumerate_show(const struct walk *walk, struct devif *devif)
{
	if (walk->shown && devif->record == walk->preferred)
		return 0;
	return walk->fn(devif, walk->data);
}

static bool is_shown(const struct walk *walk, const struct devif *devif)
{
	if (!guid_equal(devif_class_guid(devif), walk->class) ||
	    READ_ONCE(devif->life) != DEVIF_LIFE_ACTIVE)
		return false;
	return walk->which != DEVIF_ENABLED || devif_is_enabled(devif);
}

/* The default interface comes first (F5), if it is to be shown at all. */
static int walk_preferred(struct walk *walk)
{
	struct devif *devif;
	int ret = 0;

	if (!walk->preferred)
		return 0;
	rcu_read_lock();
	devif = record_live(walk->preferred);
	rcu_read_unlock();
	if (devif && is_shown(walk, devif) &&
	    (!walk->dev || devif->key_dev == walk->dev)) {
		ret = enumerate_show(walk, devif);
		walk->shown = true;
	}
	devif_put(devif);
	return ret;
}

static int walk_class(const struct walk *walk, struct devif_class *class)
{
	xa_mark_t mark = walk->which == DEVIF_ENABLED ? DEVIF_MARK_ENABLED :
							DEVIF_MARK_PRESENT;
	unsigned long index = 0;
	struct devif *devif;
	int ret = 0;

	while (!ret && (devif = class_next(class, &index, mark))) {
		ret = enumerate_show(walk, devif);
		devif_put(devif);
	}
	return ret;
}

static int walk_device(const struct walk *walk)
{
	struct devif_host *host = devif_host_find(walk->dev);
	unsigned long index = 0;
	struct devif *devif;
	int ret = 0;

	if (!host)
		return 0;
	while (!ret && (devif = devif_host_next(host, &index))) {
		if (is_shown(walk, devif))
			ret = enumerate_show(walk, devif);
		devif_put(devif);
	}
	devif_host_put(host);
	return ret;
}

static int enumerate_walk(struct walk *walk)
{
	struct devif_class *class = devif_class_find(walk->class);
	int ret;

	if (!class)
		return 0;
	walk->preferred = devif_class_preferred(class);
	ret = walk_preferred(walk);
	if (!ret)
		ret = walk->dev ? walk_device(walk) : walk_class(walk, class);
	if (walk->preferred)
		devif_record_put(walk->preferred);
	devif_class_put(class);
	return ret;
}

int devif_for_each(const guid_t *class, struct device *dev,
		   enum devif_which which, void *data, devif_iter_t fn)
{
	struct walk all = {
		.class = class,
		.dev = dev,
		.which = which,
		.fn = fn,
		.data = data,
	};

	might_sleep();
	if (!class || !fn || IS_ERR(dev)) {
		pr_err_ratelimited("for each: no class or callback, or no device\n");
		return -EINVAL;
	}
	if (dev && !device_is_registered(dev))
		return -ENODEV;
	return enumerate_walk(&all);
}
EXPORT_SYMBOL_DEVIF(devif_for_each);

static struct devif_record *record_next(struct devif_class *class,
					unsigned long *index)
{
	struct devif_record *record;

	/* the table holds a reference to each of its records */
	mutex_lock(&devif_registry_lock);
	record = xa_find(&class->records, index, ULONG_MAX, XA_PRESENT);
	if (record)
		devif_record_get(record);
	mutex_unlock(&devif_registry_lock);
	++*index;
	return record;
}

static int show_name(struct devif_record *record, void *data,
		     devif_name_iter_t fn)
{
	return fn(record->name,
		  xa_get_mark(&record->class->records, record->index,
			      DEVIF_MARK_PRESENT), data);
}

static int walk_names(struct devif_class *class, void *data,
		      devif_name_iter_t fn)
{
	struct devif_record *preferred = devif_class_preferred(class);
	struct devif_record *record;
	unsigned long index = 0;
	int ret = 0;

	if (preferred)
		ret = show_name(preferred, data, fn);
	while (!ret && (record = record_next(class, &index))) {
		if (record != preferred)
			ret = show_name(record, data, fn);
		devif_record_put(record);
	}
	if (preferred)
		devif_record_put(preferred);
	return ret;
}

int devif_list_names(const guid_t *guid, void *data, devif_name_iter_t fn)
{
	struct devif_class *class;
	int ret;

	might_sleep();
	if (!guid || !fn) {
		pr_err_ratelimited("list names: no class or callback\n");
		return -EINVAL;
	}
	class = devif_class_find(guid);
	if (!class)
		return 0;
	ret = walk_names(class, data, fn);
	devif_class_put(class);
	return ret;
}
EXPORT_SYMBOL_DEVIF(devif_list_names);
