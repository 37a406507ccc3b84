// SPDX-License-Identifier: GPL-2.0
/*
 * Restoring an image of the registry: all of it, or nothing.
 *
 * First everything is made that will be needed, and nothing is changed by that but for
 * classes, which go again with their last user. Then the records that are new enter the
 * table; that may fail, and is undone then. At last, in one moment, properties and
 * default interfaces are added to what is there now, which cannot fail.
 */
#include <linux/device.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "property.h"

/*
 * One image at a time: they mark what they have met. And no snapshot meanwhile: what is
 * restored by half is not to be seen.
 */
DEFINE_MUTEX(devif_restore_lock);

/**
 * struct restored - an entry on its way into the registry
 * @type: enum devif_image_type
 * @preferred: it is the default interface of its class
 * @entered: @record was entered by us
 * @marked: @record or @class is marked by us
 * @class: its class, used
 * @record: its record, referenced: one that is made for it, then the one in the table
 * @properties: to be merged with those of @record or @class
 */
struct restored {
	u16 type;
	bool preferred;
	bool entered;
	bool marked;
	struct devif_class *class;
	struct devif_record *record;
	struct devif_properties properties;
};

/**
 * struct restoring - an image on its way into the registry
 * @image: the image
 * @entries: what is in it
 * @count: how many there are
 */
struct restoring {
	struct devif_image image;
	struct restored *entries;
	u32 count;
};

static int complain(u32 index, const char *what, int error)
{
	pr_err_ratelimited("devif: restore: entry %u: %s: error %d\n", index,
			   what, error);
	return error;
}

static struct devif_properties *properties_of(const struct restored *entry)
{
	if (entry->type == DEVIF_IMAGE_CLASS)
		return &entry->class->properties;
	return &entry->record->properties;
}

/*
 * Making what is needed
 */

static int make_properties(struct restored *to, struct devif_entry *from)
{
	struct devif_value value;
	int ret = 0;

	while (!ret && devif_image_next_property(&from->properties, &value))
		ret = devif_properties_add(&to->properties, &value);
	return ret;
}

static int make_entry(struct restored *to, struct devif_entry *from)
{
	guid_t guid;

	import_guid(&guid, from->guid);
	to->type = from->type;
	to->preferred = from->flags & DEVIF_IMAGE_DEFAULT;
	to->class = devif_class_use(&guid);
	if (IS_ERR(to->class))
		return PTR_ERR(to->class);
	if (from->type == DEVIF_IMAGE_RECORD) {
		to->record = devif_record_alloc(from->device, &guid,
						from->reference);
		if (IS_ERR(to->record))
			return PTR_ERR(to->record);
	}
	return make_properties(to, from);
}

static void discard_entry(struct restored *entry)
{
	devif_properties_clear(&entry->properties, true);
	if (!IS_ERR_OR_NULL(entry->record))
		devif_record_put(entry->record);
	if (!IS_ERR_OR_NULL(entry->class))
		devif_class_unuse(entry->class);
}

static void discard(struct restoring *restoring)
{
	u32 i;

	for (i = 0; i < restoring->count; i++) {
		discard_entry(&restoring->entries[i]);
		cond_resched();
	}
	kvfree(restoring->entries);
}

static int make(struct restoring *restoring)
{
	struct devif_entry entry;
	int ret;

	restoring->entries = kvcalloc(restoring->image.left ?: 1,
				      sizeof(*restoring->entries),
				      GFP_KERNEL_ACCOUNT);
	if (!restoring->entries)
		return -ENOMEM;
	while (devif_image_next(&restoring->image, &entry)) {
		ret = make_entry(&restoring->entries[restoring->count++],
				 &entry);
		if (ret)
			return complain(restoring->count - 1,
					"cannot be restored", ret);
		cond_resched();
	}
	return 0;
}

/*
 * Entering records
 */

/* Mark what an entry is about; an image that has it twice is not in order. */
static int mark(struct restored *entry)
{
	bool *restoring = entry->type == DEVIF_IMAGE_CLASS ?
			  &entry->class->restoring : &entry->record->restoring;

	if (*restoring ||
	    (entry->preferred && entry->class->restoring_preferred))
		return -EEXIST;
	*restoring = true;
	entry->marked = true;
	if (entry->preferred)
		entry->class->restoring_preferred = true;
	return 0;
}

static void unmark(struct restored *entry)
{
	if (!entry->marked)
		return;
	if (entry->type == DEVIF_IMAGE_CLASS)
		entry->class->restoring = false;
	else
		entry->record->restoring = false;
	if (entry->preferred)
		entry->class->restoring_preferred = false;
}

/* Find the record of an entry in the table, or enter it. */
static int enter_record(struct restored *entry)
{
	struct devif_record *known = devif_record_find(entry->record->name);
	int ret;

	if (known) {
		devif_record_get(known);
		devif_record_put(entry->record);
		entry->record = known;
		return 0;
	}
	ret = devif_record_insert(entry->record, entry->class);
	entry->entered = !ret;
	return ret;
}

static int enter_one(struct restored *entry)
{
	int ret = 0;

	mutex_lock(&devif_registry_lock);
	if (entry->type == DEVIF_IMAGE_RECORD)
		ret = enter_record(entry);
	if (!ret)
		ret = mark(entry);
	mutex_unlock(&devif_registry_lock);
	return ret;
}

/* The table grows while we fill it, and may ask us to wait for that. */
static int enter_patiently(struct restored *entry)
{
	int ret, tries = 0;

	do {
		ret = enter_one(entry);
		if (ret == -EBUSY)
			ret = devif_wait_for_table(tries++);
	} while (ret == -EAGAIN);
	return ret;
}

/* Take back what enter() has done. A record that somebody uses by now stays. */
static void leave_one(struct restored *entry)
{
	bool withdrawn = false;

	mutex_lock(&devif_registry_lock);
	unmark(entry);
	if (entry->entered &&
	    devif_record_find(entry->record->name) == entry->record &&
	    devif_record_is_unused(entry->record)) {
		devif_record_withdraw(entry->record);
		entry->class->users--;
		withdrawn = true;
	}
	mutex_unlock(&devif_registry_lock);
	if (withdrawn) {
		devif_changed();
		devif_record_put(entry->record);
	}
}

static void leave(struct restoring *restoring)
{
	u32 i;

	for (i = 0; i < restoring->count; i++)
		leave_one(&restoring->entries[i]);
}

static int enter(struct restoring *restoring)
{
	int ret;
	u32 i;

	for (i = 0; i < restoring->count; i++) {
		ret = enter_patiently(&restoring->entries[i]);
		if (ret) {
			leave(restoring);
			return complain(i, ret == -EEXIST ?
					"key or default interface, twice" :
					"cannot be entered", ret);
		}
		cond_resched();
	}
	return 0;
}

/*
 * The moment at which it is done
 */

static int check_room(const struct restoring *restoring)
{
	const struct restored *entry;
	u32 i;

	for (i = 0; i < restoring->count; i++) {
		entry = &restoring->entries[i];
		if (!devif_properties_fit(properties_of(entry),
					  &entry->properties))
			return complain(i, "too many properties", -ENOSPC);
		cond_resched();
	}
	return 0;
}

static bool merge(struct restored *entry, bool overwrite)
{
	struct devif_class *class = entry->class;
	bool changed;

	changed = devif_properties_merge(properties_of(entry),
					 &entry->properties, overwrite);
	if (entry->preferred &&
	    (overwrite || !rcu_access_pointer(class->preferred)) &&
	    devif_record_find(entry->record->name) == entry->record)
		devif_class_prefer(class, entry->record);
	if (entry->type == DEVIF_IMAGE_RECORD)
		entry->record->restored = true;
	else
		devif_class_remember(class);
	unmark(entry);
	return changed;
}

static int commit(struct restoring *restoring)
{
	bool overwrite = restoring->image.flags & DEVIF_IMAGE_OVERWRITE;
	bool changed = false;
	int ret;
	u32 i;

	mutex_lock(&devif_registry_lock);
	down_write(&devif_property_lock);
	ret = check_room(restoring);
	for (i = 0; !ret && i < restoring->count; i++) {
		changed |= merge(&restoring->entries[i], overwrite);
		cond_resched();
	}
	up_write(&devif_property_lock);
	mutex_unlock(&devif_registry_lock);
	if (ret)
		leave(restoring);
	if (changed)
		devif_changed();
	return ret;
}

static int restore(struct restoring *restoring)
{
	int ret = make(restoring);

	if (!ret)
		ret = enter(restoring);
	if (!ret)
		ret = commit(restoring);
	discard(restoring);
	return ret;
}

/**
 * devif_restore() - restore an image of the registry
 * @data: the image
 * @size: of @data in bytes
 *
 * Context: May sleep; no lock held.
 *
 * Return: 0; or an error, and nothing has changed: what devif_image_open() says, -EEXIST
 * for an entry that is there twice, -ENOSPC if something would have too many properties,
 * -ENAMETOOLONG, -ENOMEM, or -EINTR if the process is killed
 */
int devif_restore(const void *data, size_t size)
{
	struct restoring restoring = {};
	int ret;

	ret = devif_image_open(&restoring.image, data, size);
	if (ret) {
		pr_err_ratelimited("devif: restore: byte %zu: %s\n",
				   restoring.image.fault_at,
				   restoring.image.fault);
		return ret;
	}
	if (mutex_lock_killable(&devif_restore_lock))
		return -EINTR;
	ret = restore(&restoring);
	mutex_unlock(&devif_restore_lock);
	return ret;
}
