// SPDX-License-Identifier: GPL-2.0
/*
 * Records: the memory of (device id, class, reference string).
 *
 * A record outlives its interface, so that a device that comes back gets the
 * name it had and the answer "existed" (C5).
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/ktime.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/property.h"

static struct rhashtable records;

/* Room that all records need in an image, without properties. */
static atomic_long_t records_size = ATOMIC_LONG_INIT(0);

static u32 hash_record(const void *data, u32 len, u32 seed)
{
	const struct devif_record *record = data;

	return devif_hash_string(record->name, 0, seed);
}

static int compare_name(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct devif_record *record = data;

	return strcmp(record->name, arg->key);
}

static const struct rhashtable_params records_params = {
	.head_offset = offsetof(struct devif_record, node),
	.hashfn = devif_hash_string,
	.obj_hashfn = hash_record,
	.obj_cmpfn = compare_name,
	.automatic_shrinking = true,
};

/**
 * devif_record_reference_size() - room that the reference string of a record needs
 * @record: the record
 *
 * Return: bytes, 0 without a reference string
 */
size_t devif_record_reference_size(const struct devif_record *record)
{
	return *record->reference ? strlen(record->reference) + 1 : 0;
}

/**
 * devif_record_image_size() - room that a record needs in an image
 * @record: the record
 *
 * Return: bytes, without its properties
 */
size_t devif_record_image_size(const struct devif_record *record)
{
	return DEVIF_IMAGE_PAD(sizeof(struct devif_image_entry) +
			       record->device_size + 1 +
			       devif_record_reference_size(record));
}

/**
 * devif_records_image_size() - room that all records need in an image
 *
 * Context: Any.
 *
 * Return: bytes, without their properties, of all records that have memory
 */
size_t devif_records_image_size(void)
{
	return atomic_long_read(&records_size);
}

/**
 * devif_record_alloc() - make a record that is in no table yet
 * @device_id: of devif_device_id()
 * @class: class GUID
 * @reference: reference string, empty for none
 *
 * Return: the record with one reference, -ENAMETOOLONG or -ENOMEM
 */
struct devif_record *devif_record_alloc(const char *device_id,
					const guid_t *class,
					const char *reference)
{
	size_t length = devif_name_length(device_id, reference);
	size_t reference_size = strlen(reference) + 1;
	struct devif_record *record;

	/* sysfs shows the name with a newline, in one page with its NUL */
	if (length + 2 > PAGE_SIZE)
		return ERR_PTR(-ENAMETOOLONG);

	record = kzalloc(struct_size(record, name, length + 1 + reference_size),
			 GFP_KERNEL);
	if (!record)
		return ERR_PTR(-ENOMEM);
	kref_init(&record->ref);
	devif_build_name(record->name, device_id, class, reference);
	record->reference = memcpy(record->name + length + 1, reference,
				   reference_size);
	record->device_size = strlen(device_id);
	record->minor = DEVIF_NO_MINOR;
	INIT_HLIST_HEAD(&record->properties.list);
	atomic_long_add(devif_record_image_size(record), &records_size);
	return record;
}

struct devif_record *devif_record_get(struct devif_record *record)
{
	kref_get(&record->ref);
	return record;
}

static void release_record(struct kref *ref)
{
	struct devif_record *record = container_of(ref, struct devif_record, ref);

	atomic_long_sub(devif_record_image_size(record), &records_size);
	if (record->class)
		devif_class_put(record->class);
	devif_properties_free(&record->properties);
	kfree_rcu(record, rcu);
}

void devif_record_put(struct devif_record *record)
{
	kref_put(&record->ref, release_record);
}

/**
 * devif_record_find() - find a record by its symbolic link name
 * @name: the name
 *
 * Context: RCU reader or registry lock held.
 *
 * Return: the record, or %NULL.
 */
struct devif_record *devif_record_find(const char *name)
{
	return rhashtable_lookup_fast(&records, name, records_params);
}

struct devif_properties *devif_properties_of_name(const char *name)
{
	struct devif_record *record;

	might_sleep();
	if (IS_ERR_OR_NULL(name)) {
		pr_err_ratelimited("properties: no name\n");
		return ERR_PTR(-EINVAL);
	}
	guard(mutex)(&devif_registry_lock);
	record = devif_record_find(name);
	if (!record)
		return ERR_PTR(-ENOENT);
	return &devif_record_get(record)->properties;
}
EXPORT_SYMBOL_DEVIF(devif_properties_of_name);

void devif_properties_put(struct devif_properties *properties)
{
	might_sleep();
	if (!IS_ERR_OR_NULL(properties))
		devif_record_put(container_of(properties, struct devif_record, properties));
}
EXPORT_SYMBOL_DEVIF(devif_properties_put);

/**
 * devif_record_insert() - remember a record
 * @record: a new one; the table takes a reference
 * @class: its class, of which the record becomes a user
 *
 * Context: Registry lock held.
 *
 * Return: 0, -EBUSY to be tried again after devif_wait_for_table(), or -ENOMEM
 */
int devif_record_insert(struct devif_record *record, struct devif_class *class)
{
	int ret;

	lockdep_assert_held(&devif_registry_lock);
	record->index = class->next_index;
	ret = xa_insert(&class->records, record->index, record, GFP_NOIO);
	if (ret)
		return ret;
	ret = rhashtable_lookup_insert_key(&records, record->name,
					   &record->node, records_params);
	if (ret)
		goto err_index;

	class->next_index++;
	record->left = ktime_get();
	record->class = class;
	devif_class_again(class);
	kref_get(&class->ref);
	devif_record_get(record);
	devif_changed();
	return 0;

err_index:
	xa_erase(&class->records, record->index);
	return ret == -EEXIST || ret == -EBUSY ? ret : -ENOMEM;
}

/**
 * devif_record_live() - the interface of a record
 * @record: the record
 *
 * Context: Registry lock held.
 *
 * Return: the interface, borrowed while the lock is held, or %NULL
 */
struct devif *devif_record_live(struct devif_record *record)
{
	return rcu_dereference_protected(record->live,
					 lockdep_is_held(&devif_registry_lock));
}

/**
 * devif_record_withdraw() - take a record out of the table
 * @record: the record, in the table and without an interface
 *
 * Context: Registry lock held. The reference of the table and its use of the class are
 * the caller's.
 */
void devif_record_withdraw(struct devif_record *record)
{
	struct devif_class *class = record->class;

	lockdep_assert_held(&devif_registry_lock);
	rhashtable_remove_fast(&records, &record->node, records_params);
	xa_erase(&class->records, record->index);
	devif_minor_forget(record);
	if (rcu_access_pointer(class->preferred) == record)
		RCU_INIT_POINTER(class->preferred, NULL);
	devif_shown_changed();
}

/*
 * When a record was last of use. The wall clock may be wrong until some time after boot,
 * so times since boot are kept in monotonic time, and converted when they are told.
 */

/**
 * devif_record_left() - note that the interface of a record goes
 * @record: the record
 *
 * Context: Registry lock held.
 */
void devif_record_left(struct devif_record *record)
{
	lockdep_assert_held(&devif_registry_lock);
	record->left = ktime_get();
	record->seen = 0;
}

/**
 * devif_record_seen_before() - note when an interface went, according to an image
 * @record: the record
 * @seen: seconds since 1970, or 0 if not known
 * @new: the record has been made for the image
 *
 * Context: Registry lock held.
 */
void devif_record_seen_before(struct devif_record *record, u64 seen, bool new)
{
	lockdep_assert_held(&devif_registry_lock);
	if (new || record->seen)
		record->seen = max(record->seen, seen);
}

/**
 * devif_record_seen() - when the interface of a record went
 * @record: the record, without an interface
 *
 * Context: Registry lock held.
 *
 * Return: seconds since 1970
 */
u64 devif_record_seen(const struct devif_record *record)
{
	lockdep_assert_held(&devif_registry_lock);
	return record->seen ?:
	       ktime_divns(ktime_mono_to_real(record->left), NSEC_PER_SEC);
}

/**
 * devif_record_is_unused() - whether a record can go without loss
 * @record: the record, in the table; if unused, no property can be set any more
 *
 * Context: Registry lock held.
 *
 * Return: whether it has no interface or property, is not the default interface of its
 * class, and was not restored
 */
bool devif_record_is_unused(struct devif_record *record)
{
	lockdep_assert_held(&devif_registry_lock);
	return !rcu_access_pointer(record->live) && !record->restored &&
	       !record->restoring &&
	       rcu_access_pointer(record->class->preferred) != record &&
	       devif_properties_end(&record->properties);
}

/**
 * devif_record_forget() - forget a record, unless its interface is registered
 * @record: the record, referenced
 * @used: also if devif_record_is_unused() is false
 *
 * Context: May sleep; no lock held, for the class may go with it.
 *
 * Return: whether the record is forgotten now, or was before
 */
bool devif_record_forget(struct devif_record *record, bool used)
{
	struct devif_class *class = record->class;
	bool mine = false, forgotten = true;

	mutex_lock(&devif_registry_lock);
	if (devif_record_find(record->name) == record) {
		mine = used ? !rcu_access_pointer(record->live) :
			      devif_record_is_unused(record);
		forgotten = mine;
	}
	if (mine)
		devif_record_withdraw(record);
	mutex_unlock(&devif_registry_lock);

	if (mine) {
		devif_properties_clear(&record->properties, true);
		devif_changed();
		devif_record_put(record);
		devif_class_unuse(class);
	}
	return forgotten;
}

int devif_record_init(void)
{
	return rhashtable_init(&records, &records_params);
}

void devif_record_exit(void)
{
	rhashtable_destroy(&records);
}

/**
 * devif_class_prefer() - choose the default interface of a class
 * @class: the class
 * @record: a record of it that is in the table, or %NULL for none
 *
 * Context: Registry lock held.
 */
void devif_class_prefer(struct devif_class *class, struct devif_record *record)
{
	lockdep_assert_held(&devif_registry_lock);
	if (rcu_access_pointer(class->preferred) == record)
		return;
	rcu_assign_pointer(class->preferred, record);
	devif_changed();
}

/**
 * devif_class_preferred() - the default interface of a class
 * @class: the class
 *
 * Context: May sleep.
 *
 * Return: its record, with a reference for devif_record_put(), or %NULL
 */
struct devif_record *devif_class_preferred(struct devif_class *class)
{
	struct devif_record *record;

	guard(mutex)(&devif_registry_lock);
	record = rcu_dereference_protected(class->preferred,
					   lockdep_is_held(&devif_registry_lock));
	if (record)
		devif_record_get(record);
	return record;
}
