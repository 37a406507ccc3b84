// SPDX-License-Identifier: GPL-2.0
/*
 * Properties of interfaces and of classes.
 *
 * Properties are few and seldom used, so they are lists in the order of their keys, all
 * guarded by one lock. Values are kept as an image of the registry has them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/property.h"

/* Guards the lists and the properties in them. No callback runs under it. */
DECLARE_RWSEM(devif_property_lock);

/* Room that all properties need in an image. */
static atomic_long_t all_size = ATOMIC_LONG_INIT(0);

/**
 * struct property - one property
 * @node: in the list
 * @type: enum devif_property_type
 * @key_size: bytes of the key, with its NUL
 * @size: bytes of the value
 * @flags: DEVIF_PROPERTY_VOLATILE and so on, and DEVIF_PROPERTY_OF_DRIVER
 * @data: the key, then the value
 */
struct property {
	struct hlist_node node;
	u16 flags;
	u16 type;
	u16 key_size;
	u16 size;
	char data[];
};

static const char *key_of(const struct property *property)
{
	return property->data;
}

static const void *value_of(const struct property *property)
{
	return property->data + property->key_size;
}

static size_t image_size(const struct property *property)
{
	return DEVIF_IMAGE_PAD(sizeof(struct devif_image_property) +
			       property->key_size + property->size);
}

static struct property *alloc_property(const struct devif_value *value)
{
	size_t key_size = strlen(value->key) + 1;
	struct property *property;

	property = kmalloc(struct_size(property, data, key_size + value->size),
			   GFP_KERNEL_ACCOUNT);
	if (!property)
		return NULL;
	INIT_HLIST_NODE(&property->node);
	property->flags = value->flags;
	property->type = value->type;
	property->key_size = key_size;
	property->size = value->size;
	memcpy(property->data, value->key, key_size);
	if (value->size)
		memcpy(property->data + key_size, value->data, value->size);
	atomic_long_add(image_size(property), &all_size);
	return property;
}

static void free_property(struct property *property)
{
	if (property)
		atomic_long_sub(image_size(property), &all_size);
	kfree(property);
}

/* Return the property of this key, or %NULL; @last is the node before its place. */
static struct property *property_find(const struct devif_properties *properties,
				      const char *key, struct hlist_node **last)
{
	struct property *property;
	int order;

	*last = NULL;
	hlist_for_each_entry(property, &properties->list, node) {
		order = strcmp(key_of(property), key);
		if (!order)
			return property;
		if (order > 0)
			break;
		*last = &property->node;
	}
	return NULL;
}

static void property_insert(struct devif_properties *properties,
			    struct property *property, struct hlist_node *last)
{
	if (last)
		hlist_add_behind(&property->node, last);
	else
		hlist_add_head(&property->node, &properties->list);
	WRITE_ONCE(properties->count, properties->count + 1);
}

static void take_out(struct devif_properties *properties,
		     struct property *property)
{
	hlist_del_init(&property->node);
	WRITE_ONCE(properties->count, properties->count - 1);
}

static bool is_same(const struct property *a, const struct property *b)
{
	return a->type == b->type && a->size == b->size &&
	       !memcmp(value_of(a), value_of(b), a->size);
}

/**
 * devif_properties_exist() - whether any property is set
 * @properties: of an interface or a class
 *
 * Context: Any.
 *
 * Return: whether any is set, at this moment
 */
bool devif_properties_exist(const struct devif_properties *properties)
{
	return READ_ONCE(properties->count);
}

/*
 * Setting
 */

/* Return whether an image restores the property. */
static bool is_remembered(const struct property *property)
{
	return !(property->flags & DEVIF_PROPERTY_PASSING);
}

/* Return whether @property leaves @old, of the same key, in place. */
static bool property_yields(const struct property *property, const struct property *old)
{
	return property->flags & DEVIF_PROPERTY_DEFAULT &&
	       !(old->flags & DEVIF_PROPERTY_DEFAULT);
}

/*
 * Put a property in, in place of one that has its key. The property no longer needed,
 * the replaced one or @property itself, is put in @spare. Return whether a restored image
 * would differ from before.
 */
static int property_put_in(struct devif_properties *properties,
			   struct property *property, struct property **spare)
{
	struct hlist_node *last;
	struct property *old = property_find(properties, key_of(property), &last);
	bool changed;

	*spare = property;
	if (properties->forgotten ||
	    (property->flags & DEVIF_PROPERTY_VOLATILE && !properties->live))
		return -ENODEV;
	if (!old && properties->count == DEVIF_PROPERTIES)
		return -ENOSPC;
	if (old && property_yields(property, old))
		return 0;
	/* a property set by user space is as volatile as the one it replaces */
	if (old && !(property->flags & DEVIF_PROPERTY_OF_DRIVER))
		property->flags |= old->flags & DEVIF_PROPERTY_VOLATILE;
	changed = is_remembered(property);
	if (old) {
		changed = is_remembered(old) != is_remembered(property) ||
			  (changed && !is_same(old, property));
		take_out(properties, old);
	}
	property_insert(properties, property, last);
	*spare = old;
	return changed;
}

/**
 * devif_property_set_value() - set a property
 * @properties: of an interface or a class
 * @value: the property, which has passed devif_value_check()
 *
 * Context: May sleep.
 *
 * Return: As devif_property_set().
 */
int devif_property_set_value(struct devif_properties *properties,
			     const struct devif_value *value)
{
	struct property *property = alloc_property(value);
	struct property *spare;
	int ret;

	if (!property)
		return -ENOMEM;
	down_write(&devif_property_lock);
	ret = property_put_in(properties, property, &spare);
	up_write(&devif_property_lock);
	if (ret > 0)
		devif_changed();
	else if (spare != property)
		devif_shown_changed();
	free_property(spare);
	return min(ret, 0);
}

int devif_property_set_flags(struct devif_properties *properties,
			     const char *key, enum devif_property_type type,
			     const void *value, size_t size, unsigned int flags)
{
	const struct devif_value new = {
		.key = key,
		.type = type,
		.flags = flags | DEVIF_PROPERTY_OF_DRIVER,
		.size = size,
		.data = value,
	};
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(properties) || !key || (!value && size)) {
		pr_err_ratelimited("property: no properties, key or value\n");
		return -EINVAL;
	}
	if (flags & ~DEVIF_PROPERTY_PASSING) {
		pr_err_ratelimited("property: flags: 0x%x unknown\n",
				   flags & ~DEVIF_PROPERTY_PASSING);
		return -EINVAL;
	}
	ret = devif_value_check(&new);
	if (ret) {
		pr_err_ratelimited("property: key, type or value is wrong, or too large\n");
		return ret;
	}
	return devif_property_set_value(properties, &new);
}
EXPORT_SYMBOL_DEVIF(devif_property_set_flags);

int devif_property_set(struct devif_properties *properties, const char *key,
		       enum devif_property_type type, const void *value,
		       size_t size)
{
	return devif_property_set_flags(properties, key, type, value, size, 0);
}
EXPORT_SYMBOL_DEVIF(devif_property_set);

int devif_property_remove(struct devif_properties *properties, const char *key)
{
	struct hlist_node *last;
	struct property *property;

	might_sleep();
	if (IS_ERR_OR_NULL(properties) || !key) {
		pr_err_ratelimited("property: no properties or key\n");
		return -EINVAL;
	}
	down_write(&devif_property_lock);
	property = property_find(properties, key, &last);
	if (property)
		take_out(properties, property);
	up_write(&devif_property_lock);
	if (!property)
		return -ENOENT;
	free_property(property);
	devif_changed();
	return 0;
}
EXPORT_SYMBOL_DEVIF(devif_property_remove);

static void free_list(struct hlist_head *list)
{
	struct property *property;
	struct hlist_node *next;

	hlist_for_each_entry_safe(property, next, list, node)
		free_property(property);
}

/**
 * devif_properties_free() - free properties that no task can find any more
 * @properties: of a record that is being freed
 *
 * Context: Any.
 */
void devif_properties_free(struct devif_properties *properties)
{
	free_list(&properties->list);
}

/**
 * devif_properties_end() - let no property be set any more, unless some are
 * @properties: of a record
 *
 * Context: May sleep; the registry lock may be held.
 *
 * Return: whether no property is set, nor will be
 */
bool devif_properties_end(struct devif_properties *properties)
{
	bool none;

	down_write(&devif_property_lock);
	none = !properties->count;
	if (none)
		properties->forgotten = true;
	up_write(&devif_property_lock);
	return none;
}

/**
 * devif_properties_clear() - remove all properties
 * @properties: of an interface or a class
 * @for_good: no property can be set any more
 *
 * Context: May sleep.
 */
void devif_properties_clear(struct devif_properties *properties, bool for_good)
{
	HLIST_HEAD(old);

	down_write(&devif_property_lock);
	hlist_move_list(&properties->list, &old);
	WRITE_ONCE(properties->count, 0);
	properties->forgotten = for_good;
	up_write(&devif_property_lock);
	free_list(&old);
}

static void drop_volatile(struct devif_properties *properties,
			  struct hlist_head *dropped)
{
	struct property *property;
	struct hlist_node *next;

	hlist_for_each_entry_safe(property, next, &properties->list, node) {
		if (!(property->flags & DEVIF_PROPERTY_VOLATILE))
			continue;
		take_out(properties, property);
		hlist_add_head(&property->node, dropped);
	}
}

/**
 * devif_properties_live() - let volatile properties be set, or end them
 * @properties: of a record
 * @live: whether its interface is registered
 *
 * Context: May sleep; the registry lock may be held.
 */
void devif_properties_live(struct devif_properties *properties, bool live)
{
	HLIST_HEAD(dropped);

	down_write(&devif_property_lock);
	if (!live)
		drop_volatile(properties, &dropped);
	properties->live = live;
	up_write(&devif_property_lock);
	free_list(&dropped);
}

/*
 * Reading
 */

/**
 * devif_property_read() - read a property of any type
 * @properties: of an interface or a class
 * @key: its key
 * @type: expected type, or 0; where to put the type of the property
 * @value: where to put the value
 * @size: room there, in bytes; with 0 the size is returned only
 *
 * Context: May sleep.
 *
 * Return: As devif_property_get().
 */
ssize_t devif_property_read(struct devif_properties *properties,
			    const char *key, u32 *type, void *value,
			    size_t size)
{
	const struct property *property;
	struct hlist_node *last;
	ssize_t ret;

	down_read(&devif_property_lock);
	property = property_find(properties, key, &last);
	if (!property) {
		ret = -ENOENT;
	} else if (*type && *type != property->type) {
		ret = -EINVAL;
	} else if (size && size < property->size) {
		ret = -EMSGSIZE;
	} else {
		ret = property->size;
		*type = property->type;
		if (size)
			memcpy(value, value_of(property), property->size);
	}
	up_read(&devif_property_lock);
	return ret;
}

ssize_t devif_property_get(struct devif_properties *properties,
			   const char *key, enum devif_property_type type,
			   void *value, size_t size)
{
	u32 expected = type;

	might_sleep();
	if (IS_ERR_OR_NULL(properties) || !key || !type || (!value && size)) {
		pr_err_ratelimited("property: no properties, key, type or room\n");
		return -EINVAL;
	}
	return devif_property_read(properties, key, &expected, value, size);
}
EXPORT_SYMBOL_DEVIF(devif_property_get);

/*
 * Return a copy of the first property after @key in the order of keys, or an error. Device
 * removal may wait for the lock: no I/O.
 */
static struct property *copy_next(struct devif_properties *properties,
				  const char *key)
{
	struct property *property, *copy = ERR_PTR(-ENOENT);

	down_read(&devif_property_lock);
	hlist_for_each_entry(property, &properties->list, node) {
		if (strcmp(key_of(property), key) <= 0)
			continue;
		copy = kmemdup(property,
			       struct_size(property, data, property->key_size +
					   property->size), GFP_NOIO);
		if (!copy)
			copy = ERR_PTR(-ENOMEM);
		break;
	}
	up_read(&devif_property_lock);
	return copy;
}

static int property_show(const struct property *property, void *data,
			 devif_property_iter_t fn)
{
	const struct devif_property shown = {
		.key = key_of(property),
		.type = property->type,
		.value = value_of(property),
		.size = property->size,
	};

	return fn(&shown, data);
}

int devif_property_for_each(struct devif_properties *properties, void *data,
			    devif_property_iter_t fn)
{
	char key[DEVIF_PROPERTY_KEY_SIZE] = "";
	struct property *copy;
	int ret = 0;

	might_sleep();
	if (IS_ERR_OR_NULL(properties) || !fn)
		return -EINVAL;
	while (!ret) {
		copy = copy_next(properties, key);
		if (IS_ERR(copy))
			return PTR_ERR(copy) == -ENOENT ? 0 : PTR_ERR(copy);
		strscpy(key, key_of(copy), sizeof(key));
		ret = property_show(copy, data, fn);
		kfree(copy);
	}
	return ret;
}
EXPORT_SYMBOL_DEVIF(devif_property_for_each);

/*
 * Images
 */

/**
 * devif_properties_image_size() - room that properties need in an image
 * @properties: of an interface or a class
 *
 * Context: devif_property_lock held.
 *
 * Return: bytes
 */
size_t devif_properties_image_size(const struct devif_properties *properties)
{
	const struct property *property;
	size_t size = 0;

	hlist_for_each_entry(property, &properties->list, node)
		size += image_size(property);
	return size;
}

/**
 * devif_properties_all_size() - room that all properties need in an image
 *
 * Context: Any.
 *
 * Return: bytes, of all properties that have memory
 */
size_t devif_properties_all_size(void)
{
	return atomic_long_read(&all_size);
}

static u8 *write_property(const struct property *property, u8 *to)
{
	const size_t data_size = property->key_size + property->size;
	const size_t size = image_size(property);
	struct devif_image_property *header = (void *)to;

	memset(to, 0, size);
	header->size = cpu_to_le32(size);
	header->type = cpu_to_le16(property->type);
	header->key_size = cpu_to_le16(property->key_size);
	header->value_size = cpu_to_le32(property->size);
	header->flags = cpu_to_le32(property->flags & DEVIF_PROPERTY_PASSING);
	memcpy(header + 1, property->data, data_size);
	return to + size;
}

/**
 * devif_properties_image() - write properties into an image
 * @properties: of an interface or a class
 * @to: where to, devif_properties_image_size() bytes, aligned
 *
 * Context: devif_property_lock held.
 *
 * Return: the end of the properties in the image
 */
u8 *devif_properties_image(const struct devif_properties *properties, u8 *to)
{
	const struct property *property;

	hlist_for_each_entry(property, &properties->list, node)
		to = write_property(property, to);
	return to;
}

/**
 * devif_properties_add() - add a property to a list that no other task knows yet
 * @properties: the list, to be merged with another
 * @value: the property, of a new key; volatile properties and defaults are left out
 *
 * Context: May sleep.
 *
 * Return: 0 or -ENOMEM
 */
int devif_properties_add(struct devif_properties *properties,
			 const struct devif_value *value)
{
	struct property *property;
	struct hlist_node *last;

	if (value->flags & DEVIF_PROPERTY_PASSING)
		return 0;
	property = alloc_property(value);
	if (!property)
		return -ENOMEM;
	property_find(properties, value->key, &last);
	property_insert(properties, property, last);
	return 0;
}

/* Return whether @property, from an image, takes the place of @old. */
static bool property_replaces(const struct property *property,
			      const struct property *old, bool overwrite)
{
	if (old->flags & DEVIF_PROPERTY_DEFAULT)
		return true;
	return overwrite && !(old->flags & DEVIF_PROPERTY_OF_DRIVER) &&
	       !is_same(old, property);
}

/**
 * devif_properties_merge() - merge properties from an image into a list
 * @properties: the list, of an interface or a class
 * @more: properties to be merged; those not needed stay there
 * @overwrite: @more replaces properties of the same key that no driver has set
 * @left_out: where to count the properties without room
 *
 * Context: devif_property_lock held for writing.
 *
 * Return: whether @properties has changed
 */
bool devif_properties_merge(struct devif_properties *properties,
			    struct devif_properties *more, bool overwrite,
			    struct devif_left_out *left_out)
{
	struct property *property, *old;
	struct hlist_node *next, *last;
	bool changed = false;
	HLIST_HEAD(left);

	if (properties->forgotten)
		return false;
	hlist_for_each_entry_safe(property, next, &more->list, node) {
		old = property_find(properties, key_of(property), &last);
		if (old && !property_replaces(property, old, overwrite))
			continue;
		if (!old && properties->count == DEVIF_PROPERTIES) {
			if (!left_out->count++)
				left_out->first = key_of(property);
			continue;
		}
		take_out(more, property);
		if (old) {
			take_out(properties, old);
			hlist_add_head(&old->node, &left);
		}
		property_insert(properties, property, last);
		changed = true;
	}
	free_list(&left);
	return changed;
}
