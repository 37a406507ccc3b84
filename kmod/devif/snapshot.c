// SPDX-License-Identifier: GPL-2.0
/*
 * Snapshots: the registry as an image, for who reads the control node.
 *
 * An image is as the registry was at one moment, so it is made under the registry lock,
 * in memory that has been allocated before.
 */
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "property.h"

/**
 * struct devif_snapshot - an image
 * @size: of @data in bytes
 * @data: the image
 */
struct devif_snapshot {
	size_t size;
	u8 data[] __aligned(8);
};

/* What an image will need. */
struct extent {
	size_t size;
	u32 entries;
};

static size_t reference_size(const struct devif_record *record)
{
	return *record->reference ? strlen(record->reference) + 1 : 0;
}

static size_t head_size(const struct devif_record *record)
{
	return DEVIF_IMAGE_PAD(sizeof(struct devif_image_entry) +
			       record->device_size + 1 +
			       reference_size(record));
}

static void add(struct extent *extent, size_t head,
		const struct devif_properties *properties)
{
	extent->size += head + devif_properties_image_size(properties);
	extent->entries++;
}

/* Context: Registry lock and devif_property_lock held, as in what follows. */
static struct extent measure(void)
{
	struct extent extent = { .size = sizeof(struct devif_image_header) };
	struct devif_record *record;
	struct devif_class *class;
	unsigned long index;

	list_for_each_entry(class, &devif_classes, entry) {
		if (devif_properties_exist(&class->properties))
			add(&extent, sizeof(struct devif_image_entry),
			    &class->properties);
		xa_for_each(&class->records, index, record) {
			add(&extent, head_size(record), &record->properties);
			cond_resched();
		}
	}
	return extent;
}

static int check_limits(const struct extent *extent)
{
	if (extent->size > DEVIF_IMAGE_SIZE ||
	    extent->entries > DEVIF_IMAGE_ENTRIES)
		return -EFBIG;
	return 0;
}

static struct extent measure_now(void)
{
	struct extent extent;

	mutex_lock(&devif_registry_lock);
	down_read(&devif_property_lock);
	extent = measure();
	up_read(&devif_property_lock);
	mutex_unlock(&devif_registry_lock);
	return extent;
}

static u8 *write_entry(u8 *to, size_t head, enum devif_image_type type,
		       const struct devif_class *class,
		       const struct devif_properties *properties)
{
	struct devif_image_entry *entry = (void *)to;
	u8 *end;

	memset(to, 0, head);
	end = devif_properties_image(properties, to + head);
	entry->size = cpu_to_le32(end - to);
	entry->type = cpu_to_le16(type);
	export_guid(entry->guid, &class->guid);
	entry->properties = cpu_to_le32(properties->count);
	return end;
}

static u16 flags_of(const struct devif_record *record)
{
	struct devif_class *class = record->class;
	u16 flags = 0;

	if (rcu_access_pointer(class->preferred) == record)
		flags |= DEVIF_IMAGE_DEFAULT;
	if (xa_get_mark(&class->records, record->index, DEVIF_MARK_PRESENT))
		flags |= DEVIF_IMAGE_PRESENT;
	if (xa_get_mark(&class->records, record->index, DEVIF_MARK_ENABLED))
		flags |= DEVIF_IMAGE_ENABLED;
	return flags;
}

static u8 *write_record(u8 *to, const struct devif_record *record)
{
	struct devif_image_entry *entry = (void *)to;
	char *strings = (char *)(entry + 1);
	u8 *end;

	end = write_entry(to, head_size(record), DEVIF_IMAGE_RECORD,
			  record->class, &record->properties);
	entry->flags = cpu_to_le16(flags_of(record));
	entry->device_size = cpu_to_le16(record->device_size + 1);
	entry->reference_size = cpu_to_le16(reference_size(record));
	/* the rest of the name is made of the other fields */
	memcpy(strings, record->name, record->device_size);
	memcpy(strings + record->device_size + 1, record->reference,
	       reference_size(record));
	return end;
}

static u8 *write_class(u8 *to, struct devif_class *class)
{
	struct devif_record *record;
	unsigned long index;

	if (devif_properties_exist(&class->properties))
		to = write_entry(to, sizeof(struct devif_image_entry),
				 DEVIF_IMAGE_CLASS, class, &class->properties);
	xa_for_each(&class->records, index, record) {
		to = write_record(to, record);
		cond_resched();
	}
	return to;
}

static void write_header(struct devif_snapshot *snapshot,
			 const struct extent *extent)
{
	struct devif_image_header *header = (void *)snapshot->data;

	memset(header, 0, sizeof(*header));
	memcpy(header->magic, DEVIF_IMAGE_MAGIC, sizeof(header->magic));
	header->version = cpu_to_le32(DEVIF_IMAGE_VERSION);
	header->size = cpu_to_le64(extent->size);
	header->generation = cpu_to_le64(devif_generation());
	header->entries = cpu_to_le32(extent->entries);
}

/* Return -EAGAIN if the room was not enough. */
static int fill(struct devif_snapshot *snapshot, size_t room)
{
	struct devif_class *class;
	struct extent extent;
	int ret;
	u8 *to;

	mutex_lock(&devif_registry_lock);
	down_read(&devif_property_lock);
	extent = measure();
	ret = extent.size > room ? -EAGAIN : check_limits(&extent);
	if (!ret) {
		write_header(snapshot, &extent);
		snapshot->size = extent.size;
		to = snapshot->data + sizeof(struct devif_image_header);
		list_for_each_entry(class, &devif_classes, entry)
			to = write_class(to, class);
	}
	up_read(&devif_property_lock);
	mutex_unlock(&devif_registry_lock);
	return ret;
}

static void seal(struct devif_snapshot *snapshot)
{
	struct devif_image_header *header = (void *)snapshot->data;

	header->checksum = cpu_to_le32(devif_image_checksum(snapshot->data,
							    snapshot->size));
}

static struct devif_snapshot *try_to_make(void)
{
	struct extent extent = measure_now();
	/* it may grow until it is written */
	size_t room = extent.size + extent.size / 16 + PAGE_SIZE;
	struct devif_snapshot *snapshot;
	int ret = check_limits(&extent);

	if (ret)
		return ERR_PTR(ret);
	snapshot = kvmalloc(struct_size(snapshot, data, room),
			    GFP_KERNEL_ACCOUNT);
	if (!snapshot)
		return ERR_PTR(-ENOMEM);
	ret = fill(snapshot, room);
	if (ret) {
		kvfree(snapshot);
		return ERR_PTR(ret);
	}
	seal(snapshot);
	return snapshot;
}

/**
 * devif_snapshot_make() - make an image of the registry
 *
 * Context: May sleep.
 *
 * Return: the image, for devif_snapshot_free(); -EFBIG if it would be one that cannot be
 * restored, -ENOMEM, or -EINTR if the process is killed
 */
struct devif_snapshot *devif_snapshot_make(void)
{
	struct devif_snapshot *snapshot;

	if (down_read_killable(&devif_restore_lock))
		return ERR_PTR(-EINTR);
	do {
		snapshot = try_to_make();
	} while (PTR_ERR_OR_ZERO(snapshot) == -EAGAIN);
	up_read(&devif_restore_lock);
	return snapshot;
}

/**
 * devif_snapshot_size() - memory that an image takes
 * @snapshot: the image
 *
 * Context: Any.
 *
 * Return: bytes
 */
size_t devif_snapshot_size(const struct devif_snapshot *snapshot)
{
	return snapshot->size;
}

/**
 * devif_snapshot_free() - free an image
 * @snapshot: the image, or %NULL
 *
 * Context: May sleep.
 */
void devif_snapshot_free(struct devif_snapshot *snapshot)
{
	kvfree(snapshot);
}

/**
 * devif_snapshot_read() - read from an image
 * @snapshot: the image
 * @to: where to
 * @size: room there, in bytes
 * @pos: where to begin; moved
 *
 * Context: May sleep.
 *
 * Return: how many bytes were read, 0 at the end, -EINVAL or -EFAULT
 */
ssize_t devif_snapshot_read(const struct devif_snapshot *snapshot,
			    char __user *to, size_t size, loff_t *pos)
{
	return simple_read_from_buffer(to, size, pos, snapshot->data,
				       snapshot->size);
}
