// SPDX-License-Identifier: GPL-2.0
/*
 * Items: one for each class device and each interface class that it belongs to.
 *
 * The sources set the state that an item should have; wk_lock guards it. One work
 * item brings the interface into that state. Only that work item registers, sets
 * properties and unregisters, with no lock held. As items are served in the order
 * in which they came, an item that has gone has given its reference string back
 * before its successor looks for one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#define dev_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/devif.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "wellknown.h"

/* Values of the properties of an item. */
struct wk_names {
	char subsystem[WK_STRING_SIZE];
	char name[WK_STRING_SIZE];
	char node[WK_STRING_SIZE];
};

/**
 * struct wk_item - a class device in an interface class
 * @list: in order of arrival
 * @class: the interface class
 * @dev: the class device; only to be compared
 * @physical: device of the interface, referenced: @dev may be moved elsewhere
 * @own: @names describe @dev itself
 * @gone: @dev has been removed
 * @changed: the work item has to serve the item
 * @names: values of properties
 * @base: reference string wanted
 * @reference: reference string in use; written by the work item
 * @devif: the interface, or %NULL; written by the work item
 */
struct wk_item {
	struct list_head list;
	struct wk_class *class;
	struct device *dev;
	struct device *physical;
	bool own;
	bool gone;
	bool changed;
	struct wk_names names;
	char base[WK_STRING_SIZE];
	char reference[WK_STRING_SIZE + 12];
	struct devif *devif;
};

static LIST_HEAD(items);
static DEFINE_MUTEX(wk_lock);
static struct workqueue_struct *workqueue;

static bool is_taken(const struct wk_item *item, const char *reference)
{
	const struct wk_item *other;

	list_for_each_entry(other, &items, list)
		if (other != item && other->devif &&
		    other->class == item->class &&
		    other->physical == item->physical &&
		    !strcmp(other->reference, reference))
			return true;
	return false;
}

/* The first item gets the reference string it wants, the others get a number too. */
static void choose_reference(struct wk_item *item)
{
	unsigned int number = 0;

	lockdep_assert_held(&wk_lock);
	strscpy(item->reference, item->base, sizeof(item->reference));
	while (!item->class->shared && is_taken(item, item->reference))
		snprintf(item->reference, sizeof(item->reference), "%s%s%u",
			 item->base, *item->base ? "." : "", ++number);
}

static void set_property(struct wk_item *item, const char *key, const char *value)
{
	struct devif_properties *properties = devif_properties(item->devif);
	int ret;

	if (*value) {
		ret = devif_property_set_flags(properties, key,
					       DEVIF_PROPERTY_STRING, value,
					       strlen(value) + 1,
					       DEVIF_PROPERTY_VOLATILE);
	} else {
		ret = devif_property_remove(properties, key);
		if (ret == -ENOENT)
			ret = 0;
	}
	if (ret && ret != -ENODEV)
		pr_warn("%s: property %s: error %d\n",
			devif_name(item->devif), key, ret);
}

static void describe(struct wk_item *item, const struct wk_names *names)
{
	set_property(item, "subsystem", names->subsystem);
	set_property(item, "name", names->name);
	set_property(item, "node", names->node);
}

/* -ENODEV is no error: a device that is just going takes no interface. */
static void complain(const struct wk_class *class, struct device *dev,
		     const char *what, int error)
{
	if (error != -ENODEV)
		dev_warn(dev, "%s cannot be %s: error %d\n",
			 class->name, what, error);
}

static void enable(struct wk_item *item)
{
	int ret = devif_enable(item->devif);

	if (ret && ret != -EALREADY)
		complain(item->class, item->physical, "enabled", ret);
}

/* Subscribers find the properties set on arrival. */
static void publish(struct wk_item *item, const struct wk_names *names)
{
	struct devif_desc desc = {
		.class = &item->class->guid,
		.reference = item->reference,
		/* @dev may outlive a driver of the physical device */
		.flags = DEVIF_AUTO,
	};
	struct devif *devif;
	int ret;

	ret = devif_register(item->physical, &desc, &devif);
	if (ret < 0) {
		complain(item->class, item->physical, "registered", ret);
		return;
	}
	item->devif = devif;
	describe(item, names);
	enable(item);
}

/* Return whether another item has the interface too. */
static bool is_shared(const struct wk_item *item)
{
	const struct wk_item *other;

	lockdep_assert_held(&wk_lock);
	list_for_each_entry(other, &items, list)
		if (other != item && other->devif == item->devif)
			return true;
	return false;
}

/*
 * The name of a device that has gone may soon be another's, so remove it. The registry
 * does that only when the interface goes, and another module may have registered it too.
 */
static void take_away(struct wk_item *item, bool shared)
{
	if (item->devif && !shared)
		describe(item, &(struct wk_names) {});
	devif_unregister(item->devif);
	put_device(item->physical);
	kfree(item);
}

static struct wk_item *next_changed(void)
{
	struct wk_item *item;

	list_for_each_entry(item, &items, list)
		if (item->changed)
			return item;
	return NULL;
}

/* Serve @item, which has changed; drop the lock meanwhile. */
static void serve(struct wk_item *item)
{
	struct wk_names names;
	bool shared;

	lockdep_assert_held(&wk_lock);
	item->changed = false;
	if (item->gone) {
		list_del(&item->list);
		shared = is_shared(item);
		mutex_unlock(&wk_lock);
		take_away(item, shared);
		mutex_lock(&wk_lock);
		return;
	}
	names = item->names;
	if (!item->devif)
		choose_reference(item);
	mutex_unlock(&wk_lock);

	if (item->devif)
		describe(item, &names);
	else
		publish(item, &names);
	mutex_lock(&wk_lock);
}

static void serve_work(struct work_struct *work)
{
	struct wk_item *item;

	guard(mutex)(&wk_lock);
	while ((item = next_changed()))
		serve(item);
}

static DECLARE_WORK(work, serve_work);

static void change(struct wk_item *item)
{
	lockdep_assert_held(&wk_lock);
	item->changed = true;
	queue_work(workqueue, &work);
}

static void set_node(struct wk_item *item, const char *directory, const char *name)
{
	snprintf(item->names.node, sizeof(item->names.node), "/dev/%s%s",
		 directory, name);
	strreplace(item->names.node + strlen("/dev/"), '!', '/');
}

static void set_names(struct wk_item *item, const struct device *subject)
{
	const struct wk_source *source = item->class->source;

	strscpy(item->names.name, dev_name(subject), sizeof(item->names.name));
	strscpy(item->names.subsystem,
		item->own ? source->subsystem : dev_bus_name(subject),
		sizeof(item->names.subsystem));
	if (item->own && source->directory)
		set_node(item, source->directory, dev_name(subject));
}

static struct wk_item *make_item(struct wk_class *class, struct device *dev,
				 struct device *subject, const char *reference)
{
	struct wk_item *item = kzalloc(sizeof(*item), GFP_KERNEL);

	if (!item)
		return NULL;
	item->class = class;
	item->dev = dev;
	item->physical = get_device(wk_physical(subject));
	item->own = subject == dev;
	strscpy(item->base, reference, sizeof(item->base));
	set_names(item, subject);
	return item;
}

static void add_to_class(struct wk_class *class, struct device *dev,
			 const char *reference)
{
	struct device *subject = class->pick(dev);
	struct wk_item *item;

	if (!subject || !wk_physical(subject))
		return;
	item = make_item(class, dev, subject, reference);
	if (!item) {
		complain(class, dev, "kept", -ENOMEM);
		return;
	}
	guard(mutex)(&wk_lock);
	list_add_tail(&item->list, &items);
	change(item);
}

/**
 * wk_add() - note a new class device
 * @source: the caller
 * @dev: the class device, set up by its driver and ready to be read
 * @reference: string that differs among such devices on the same physical device
 *
 * Context: May sleep. Any locks may be held.
 */
void wk_add(const struct wk_source *source, struct device *dev,
	    const char *reference)
{
	unsigned int i;

	for (i = 0; i < wk_class_count; i++)
		if (wk_classes[i].source == source && wk_classes[i].wanted)
			add_to_class(&wk_classes[i], dev, reference);
}

/**
 * wk_remove() - note that a class device goes
 * @dev: the class device, which need not have been added
 *
 * Context: May sleep. Any locks may be held.
 */
void wk_remove(struct device *dev)
{
	struct wk_item *item;

	guard(mutex)(&wk_lock);
	list_for_each_entry(item, &items, list) {
		if (item->dev != dev || item->gone)
			continue;
		item->gone = true;
		change(item);
	}
}

/**
 * wk_rename() - note the new name of a class device
 * @dev: the class device
 * @name: the new name
 *
 * Context: May sleep. Any locks may be held.
 */
void wk_rename(struct device *dev, const char *name)
{
	struct wk_item *item;

	guard(mutex)(&wk_lock);
	list_for_each_entry(item, &items, list) {
		if (item->dev != dev || item->gone || !item->own)
			continue;
		strscpy(item->names.name, name, sizeof(item->names.name));
		change(item);
	}
}

/**
 * wk_set_node() - note the node of a class device that has none of its own
 * @dev: the class device
 * @directory: where the node is, as in &struct wk_source
 * @name: name of the node; %NULL if the node has gone
 *
 * Context: May sleep. Any locks may be held.
 */
void wk_set_node(struct device *dev, const char *directory, const char *name)
{
	struct wk_item *item;

	guard(mutex)(&wk_lock);
	list_for_each_entry(item, &items, list) {
		if (item->dev != dev || item->gone || !item->own)
			continue;
		if (name)
			set_node(item, directory, name);
		else
			item->names.node[0] = '\0';
		change(item);
	}
}

int wk_items_init(void)
{
	workqueue = alloc_ordered_workqueue("devif_wellknown", 0);
	return workqueue ? 0 : -ENOMEM;
}

/**
 * wk_items_exit() - wait until no item is left
 *
 * Context: May sleep; the sources have stopped.
 */
void wk_items_exit(void)
{
	destroy_workqueue(workqueue);
	WARN_ON(!list_empty(&items));
}
