// SPDX-License-Identifier: GPL-2.0
/*
 * Interface classes: made by their first user, kept while they have one.
 *
 * The device of a class is added and removed without the registry lock. A caller
 * that finds a class being made waits until it is there; a caller that finds one
 * going waits until it is gone and makes a new one. So sysfs never has two of a
 * name.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "core/property.h"
#include "lib/wait.h"

/* All classes, in order of appearance; guarded by devif_registry_lock. */
LIST_HEAD(devif_classes);

static struct rhashtable classes;

/* Number of classes; written under devif_registry_lock. */
static size_t class_count;

static const struct rhashtable_params classes_params = {
	.head_offset = offsetof(struct devif_class, node),
	.key_offset = offsetof(struct devif_class, guid),
	.key_len = sizeof(guid_t),
	.automatic_shrinking = true,
};

/* The class of the devices of classes; set while no class exists. */
struct class *devif_class_class;

static struct devif_class *class_lookup(const guid_t *guid)
{
	return rhashtable_lookup_fast(&classes, guid, classes_params);
}

static struct devif_class *alloc_class(const guid_t *guid)
{
	struct devif_class *class = kzalloc(sizeof(*class), GFP_NOIO);

	if (!class)
		return NULL;
	guid_copy(&class->guid, guid);
	xa_init(&class->records);
	init_completion(&class->added);
	init_completion(&class->gone);
	mutex_init(&class->notify_lock);
	spin_lock_init(&class->log_lock);
	INIT_LIST_HEAD(&class->subscriptions);
	INIT_LIST_HEAD(&class->log);
	INIT_HLIST_HEAD(&class->properties.list);
	kref_init(&class->ref);
	class->users = 1;
	return class;
}

static void release_class(struct kref *ref)
{
	struct devif_class *class = container_of(ref, struct devif_class, ref);

	xa_destroy(&class->records);
	kfree_rcu(class, rcu);
}

/**
 * devif_class_put() - give a reference to the memory of a class back
 * @class: the class
 *
 * Context: Any.
 */
void devif_class_put(struct devif_class *class)
{
	kref_put(&class->ref, release_class);
}

/**
 * devif_class_find() - find a class, if it exists
 * @guid: its GUID
 *
 * Context: May sleep.
 *
 * Return: the class, with a reference for devif_class_put(), or %NULL.
 */
struct devif_class *devif_class_find(const guid_t *guid)
{
	struct devif_class *class;

	rcu_read_lock();
	class = class_lookup(guid);
	if (class && !kref_get_unless_zero(&class->ref))
		class = NULL;
	rcu_read_unlock();
	return class;
}

static void wait_gone(struct devif_class *class)
{
	devif_wait(&class->gone,
		   "class " DEVIF_GUID_FMT ": waiting for it to be taken away",
		   &class->guid);
	devif_class_put(class);
}

/* Context: Registry lock held, which device removal takes too: no I/O. */
static struct devif_class *insert_new(const guid_t *guid)
{
	struct devif_class *class = alloc_class(guid);
	int ret;

	if (!class)
		return ERR_PTR(-ENOMEM);
	ret = rhashtable_insert_fast(&classes, &class->node, classes_params);
	if (ret) {
		kfree(class);
		return ERR_PTR(ret == -EBUSY ? ret : -ENOMEM);
	}
	list_add_tail(&class->entry, &devif_classes);
	WRITE_ONCE(class_count, class_count + 1);
	return class;
}

/*
 * Become a user of the class of this GUID, inserting it if there is none. Return 0, or
 * an errno: -EAGAIN after waiting for one that was going, -EBUSY if the table is growing.
 */
static int class_find_or_insert(const guid_t *guid, bool *made,
				struct devif_class **found)
{
	struct devif_class *class, *going = NULL;

	mutex_lock(&devif_registry_lock);
	class = class_lookup(guid);
	*made = !class;
	if (!class) {
		class = insert_new(guid);
	} else if (class->users) {
		class->users++;
	} else {
		going = class;
		kref_get(&going->ref);
	}
	mutex_unlock(&devif_registry_lock);

	if (going) {
		wait_gone(going);
		return -EAGAIN;
	}
	*found = class;
	return PTR_ERR_OR_ZERO(class);
}

/* Add the device of a class. Return it, for device_unregister(), or an error. */
static struct device *class_device_create(struct devif_class *class)
{
	return device_create(devif_class_class, NULL, MKDEV(0, 0), class,
			     DEVIF_GUID_FMT, &class->guid);
}

static void add_class(struct devif_class *class)
{
	struct device *dev = class_device_create(class);

	if (IS_ERR(dev))
		class->error = PTR_ERR(dev);
	else
		class->dev = dev;
	complete_all(&class->added);
}

/**
 * devif_class_use() - become a user of a class, making it if it is new
 * @guid: its GUID
 *
 * Context: May sleep; no lock held.
 *
 * Return: the class, for devif_class_unuse(), or -ENOMEM or an errno of sysfs
 */
struct devif_class *devif_class_use(const guid_t *guid)
{
	struct devif_class *class;
	bool made;
	int error;

	error = devif_table_insert(class_find_or_insert(guid, &made, &class));
	if (error)
		return ERR_PTR(error);

	if (made)
		add_class(class);
	devif_wait(&class->added,
		   "class " DEVIF_GUID_FMT ": waiting for it to be added to sysfs",
		   &class->guid);
	error = class->error;
	if (error) {
		devif_class_unuse(class);
		return ERR_PTR(error);
	}
	return class;
}

/**
 * devif_class_again() - become a user of a class once more
 * @class: a class that the caller uses
 *
 * Context: Registry lock held.
 */
void devif_class_again(struct devif_class *class)
{
	lockdep_assert_held(&devif_registry_lock);
	class->users++;
}

/**
 * devif_class_use_existing() - become a user of a class that has users
 * @guid: its GUID
 *
 * Context: May sleep; no lock held.
 *
 * Return: the class, for devif_class_unuse(), or %NULL
 */
struct devif_class *devif_class_use_existing(const guid_t *guid)
{
	struct devif_class *class;

	guard(mutex)(&devif_registry_lock);
	class = class_lookup(guid);
	if (!class || !class->users)
		return NULL;
	class->users++;
	return class;
}

/**
 * devif_classes_image_size() - room that all classes need in an image
 *
 * Context: Any.
 *
 * Return: bytes, without properties, if every class had some
 */
size_t devif_classes_image_size(void)
{
	return READ_ONCE(class_count) * sizeof(struct devif_image_entry);
}

/*
 * Properties, and the default interface
 */

/**
 * devif_class_remember() - keep a class registered while it has properties
 * @class: a class that the caller uses
 *
 * Context: Registry lock held.
 */
void devif_class_remember(struct devif_class *class)
{
	bool remember = devif_properties_exist(&class->properties);

	lockdep_assert_held(&devif_registry_lock);
	if (remember && !class->remembered)
		class->users++;
	if (!remember && class->remembered)
		class->users--;
	class->remembered = remember;
}

struct devif_properties *devif_class_properties_get(const guid_t *guid)
{
	struct devif_class *class;

	might_sleep();
	if (!guid || guid_is_null(guid)) {
		pr_err_ratelimited("properties: class: null GUID\n");
		return ERR_PTR(-EINVAL);
	}
	class = devif_class_use(guid);
	return IS_ERR(class) ? ERR_CAST(class) : &class->properties;
}
EXPORT_SYMBOL_DEVIF(devif_class_properties_get);

void devif_class_properties_put(struct devif_properties *properties)
{
	struct devif_class *class;

	might_sleep();
	if (IS_ERR_OR_NULL(properties))
		return;
	class = container_of(properties, struct devif_class, properties);
	mutex_lock(&devif_registry_lock);
	devif_class_remember(class);
	mutex_unlock(&devif_registry_lock);
	devif_class_unuse(class);
}
EXPORT_SYMBOL_DEVIF(devif_class_properties_put);

/*
 * The end
 */

static void remove_class(struct devif_class *class)
{
	if (class->dev)
		device_unregister(class->dev);
	mutex_lock(&devif_registry_lock);
	rhashtable_remove_fast(&classes, &class->node, classes_params);
	list_del(&class->entry);
	WRITE_ONCE(class_count, class_count - 1);
	devif_shown_changed();
	mutex_unlock(&devif_registry_lock);
	complete_all(&class->gone);
	devif_class_put(class);
}

/**
 * devif_class_unuse() - stop being a user of a class
 * @class: the class
 *
 * Context: May sleep; no lock held. The class goes with its last user.
 */
void devif_class_unuse(struct devif_class *class)
{
	bool last;

	mutex_lock(&devif_registry_lock);
	last = --class->users == 0;
	mutex_unlock(&devif_registry_lock);
	if (last)
		remove_class(class);
}

int devif_class_init(void)
{
	return rhashtable_init(&classes, &classes_params);
}

void devif_class_exit(void)
{
	rhashtable_destroy(&classes);
}
