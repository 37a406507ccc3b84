// SPDX-License-Identifier: GPL-2.0
/*
 * Restoring an image of the registry: all of it that can be kept, or, with an error,
 * nothing.
 *
 * The first step allocates all memory that the others need, and changes only classes,
 * which go again with their last user. The second enters the new records in the table;
 * a failure is undone. The last adds properties and default interfaces to the records and
 * classes, which cannot fail.
 *
 * Each step takes the locks for one entry at a time, so that removal of a device, which
 * takes the same locks, never waits for an image. A process that is killed does not go on,
 * unless it has come to the last step, which takes little time. Freeing takes as much time
 * as allocating, so after a kill a work item does it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "core/property.h"
#include "user/user.h"

/**
 * struct restored - an entry on its way into the registry
 * @index: of the entry in the image
 * @type: enum devif_image_type
 * @preferred: @record is the default interface of its class
 * @entered: @record was entered by us
 * @marked: @record or @class is marked by us
 * @seen: time at which the interface went, seconds since 1970, or 0
 * @class: class of the entry, used
 * @record: a record made for the entry, then the one in the table; referenced
 * @properties: to be merged with those of @record or @class
 */
struct restored {
	u32 index;
	u16 type;
	bool preferred;
	bool entered;
	bool marked;
	u64 seen;
	struct devif_class *class;
	struct devif_record *record;
	struct devif_properties properties;
};

/**
 * struct restoring - an image on its way into the registry
 * @image: the image
 * @entries: entries of the image that are to be restored
 * @count: length of @entries
 * @all: number of entries in the image
 * @left_out: number of those not restored, or not with all properties
 * @discard: frees the restoring, so that a killed process need not wait
 */
struct restoring {
	struct devif_image image;
	struct restored *entries;
	u32 count;
	u32 all;
	u32 left_out;
	struct work_struct discard;
};

static int restore_complain(u32 index, const char *what, int error)
{
	if (error == -EINTR)
		return error;
	pr_err_ratelimited("restore: entry %u: %s: error %d\n", index,
			   what, error);
	return error;
}

/* Count an entry that this registry cannot keep; restoring goes on. */
static void leave_out_entry(struct restoring *restoring,
			    const struct restored *entry, const char *why)
{
	pr_warn_ratelimited("restore: entry %u: left out: %s\n",
			    entry->index, why);
	restoring->left_out++;
}

static void leave_out_properties(struct restoring *restoring,
				 const struct restored *entry,
				 const struct devif_left_out *left_out)
{
	pr_warn_ratelimited("restore: entry %u: no room for %u of its properties, left out from \"%s\" on: %s\n",
			    entry->index, left_out->count, left_out->first,
			    entry->type == DEVIF_IMAGE_RECORD ?
			    entry->record->name : "of a class");
	restoring->left_out++;
}

static void say_what_was_left_out(const struct restoring *restoring)
{
	if (restoring->left_out)
		pr_warn_ratelimited("restore: all but %u of %u entries are whole\n",
				    restoring->left_out, restoring->all);
}

static struct devif_properties *properties_of(const struct restored *entry)
{
	if (entry->type == DEVIF_IMAGE_CLASS)
		return &entry->class->properties;
	return &entry->record->properties;
}

/*
 * Allocating
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
	to->seen = from->seen;
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

static void restore_discard(struct restoring *restoring)
{
	u32 i;

	for (i = 0; i < restoring->count; i++) {
		discard_entry(&restoring->entries[i]);
		cond_resched();
	}
	kvfree(restoring->entries);
	kfree(restoring);
}

static void discard_work(struct work_struct *work)
{
	restore_discard(container_of(work, struct restoring, discard));
}

/* Let other tasks run, at each entry; return -EINTR if the process is killed. */
static int restore_check_killed(void)
{
	cond_resched();
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/* An image from a machine with larger pages may have names that do not fit here. */
static int make_or_leave_out(struct restoring *restoring,
			     struct devif_entry *from)
{
	struct restored *to = &restoring->entries[restoring->count];
	int ret;

	to->index = restoring->all++;
	ret = make_entry(to, from);
	if (ret != -ENAMETOOLONG) {
		restoring->count++;
		return ret;
	}
	leave_out_entry(restoring, to, "its symbolic link name is too long");
	discard_entry(to);
	*to = (struct restored) {};
	return 0;
}

static int restore_make(struct restoring *restoring)
{
	struct devif_entry entry;
	int ret;

	restoring->entries = kvcalloc(restoring->image.left ?: 1,
				      sizeof(*restoring->entries),
				      GFP_KERNEL_ACCOUNT);
	if (!restoring->entries)
		return -ENOMEM;
	while (devif_image_next(&restoring->image, &entry)) {
		ret = make_or_leave_out(restoring, &entry);
		if (!ret)
			ret = restore_check_killed();
		if (ret)
			return restore_complain(restoring->all - 1,
						"cannot be restored", ret);
	}
	return 0;
}

/*
 * Entering records
 */

/* Mark the class or record of an entry; an image with two such entries is malformed. */
static int restore_mark(struct restored *entry)
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

static void restore_unmark(struct restored *entry)
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

	guard(mutex)(&devif_registry_lock);
	if (entry->type == DEVIF_IMAGE_RECORD)
		ret = enter_record(entry);
	if (!ret)
		ret = restore_mark(entry);
	return ret;
}

/* Undo restore_enter() for an entry. A record that is in use by now stays. */
static void leave_one(struct restored *entry)
{
	bool withdrawn = false;

	mutex_lock(&devif_registry_lock);
	restore_unmark(entry);
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

static void restore_leave(struct restoring *restoring)
{
	u32 i;

	for (i = 0; i < restoring->count; i++) {
		leave_one(&restoring->entries[i]);
		cond_resched();
	}
}

static int restore_enter(struct restoring *restoring)
{
	int ret;
	u32 i;

	for (i = 0; i < restoring->count; i++) {
		ret = devif_table_insert(enter_one(&restoring->entries[i]));
		if (!ret)
			ret = restore_check_killed();
		if (ret) {
			restore_leave(restoring);
			return restore_complain(restoring->entries[i].index,
						ret == -EEXIST ?
						"key or default interface, twice" :
						"cannot be entered", ret);
		}
	}
	return 0;
}

/*
 * Adding properties and default interfaces
 */

static bool restore_merge(struct restored *entry, bool overwrite,
			  struct devif_left_out *left_out)
{
	struct devif_class *class = entry->class;
	bool changed;

	changed = devif_properties_merge(properties_of(entry),
					 &entry->properties, overwrite,
					 left_out);
	if (entry->preferred &&
	    (overwrite || !rcu_access_pointer(class->preferred)) &&
	    devif_record_find(entry->record->name) == entry->record)
		devif_class_prefer(class, entry->record);
	if (entry->type == DEVIF_IMAGE_RECORD) {
		entry->record->restored = true;
		devif_record_seen_before(entry->record, entry->seen,
					 entry->entered);
	} else {
		devif_class_remember(class);
	}
	restore_unmark(entry);
	return changed;
}

static bool commit_one(struct restored *entry, bool overwrite,
		       struct devif_left_out *left_out)
{
	bool changed;

	guard(mutex)(&devif_registry_lock);
	down_write(&devif_property_lock);
	changed = restore_merge(entry, overwrite, left_out);
	up_write(&devif_property_lock);
	return changed;
}

static void restore_commit(struct restoring *restoring)
{
	bool overwrite = restoring->image.flags & DEVIF_IMAGE_OVERWRITE;
	bool changed = false;
	u32 i;

	for (i = 0; i < restoring->count; i++) {
		struct restored *entry = &restoring->entries[i];
		struct devif_left_out left_out = {};

		changed |= commit_one(entry, overwrite, &left_out);
		if (left_out.count)
			leave_out_properties(restoring, entry, &left_out);
		cond_resched();
	}
	if (restoring->image.flags & DEVIF_IMAGE_SUCCEED)
		devif_lineage_succeed(&restoring->image);
	if (changed)
		devif_changed();
}

static int restore_image(struct restoring *restoring)
{
	int ret = restore_make(restoring);

	if (!ret)
		ret = restore_enter(restoring);
	if (ret)
		return ret;
	restore_commit(restoring);
	say_what_was_left_out(restoring);
	return 0;
}

static int open_and_restore(struct restoring *restoring, const void *data,
			    size_t size)
{
	struct devif_image *image = &restoring->image;
	int ret;

	ret = devif_image_open(image, data, size);
	if (ret) {
		if (ret != -EINTR)
			pr_err_ratelimited("restore: byte %zu: %s\n",
					   image->fault_at, image->fault);
		return ret;
	}
	if (down_write_killable(&devif_restore_lock))
		return -EINTR;
	ret = restore_image(restoring);
	up_write(&devif_restore_lock);
	return ret;
}

/**
 * devif_restore() - restore an image of the registry
 * @data: the image
 * @size: of @data in bytes
 *
 * Context: May sleep; no lock held.
 *
 * Parts of a valid image that the registry cannot keep are left out, and the log says so:
 * properties of a record or class that is full, and records whose symbolic link name is
 * too long.
 *
 * Return: 0; or an error, and nothing has changed: an errno of devif_image_open(), -EEXIST
 * for two entries of one key, -ENOMEM, or -EINTR if the process is killed
 */
int devif_restore(const void *data, size_t size)
{
	struct restoring *restoring = kzalloc(sizeof(*restoring), GFP_KERNEL);
	int ret;

	if (!restoring)
		return -ENOMEM;
	ret = open_and_restore(restoring, data, size);
	if (fatal_signal_pending(current)) {
		INIT_WORK(&restoring->discard, discard_work);
		queue_work(devif_wq, &restoring->discard);
	} else {
		restore_discard(restoring);
	}
	return ret;
}

/**
 * devif_restore_exit() - wait until the restores of killed processes are freed
 *
 * Context: May sleep; the control node is not open.
 */
void devif_restore_exit(void)
{
	flush_workqueue(devif_wq);
}
