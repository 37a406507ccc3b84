// SPDX-License-Identifier: GPL-2.0
/*
 * Snapshots: the registry as an image, for readers of the control node.
 *
 * An image shows the registry at one moment. Removal of a device takes the locks under
 * which it is made, and any user may read one, so it is made in pieces, with the locks
 * released between them; if the registry has changed meanwhile, all was in vain and is
 * tried again, a little later. After a few tries an administrator's process, which saves
 * the registry, keeps the locks; after some more an unprivileged one fails with -EBUSY.
 */
#include <linux/capability.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include "core/property.h"
#include "user/user.h"

/* Limits of images kept, in bytes; privileged users have none. */
static struct devif_budget images = DEVIF_BUDGET_INIT(images);
static const struct devif_budget_limits images_limits = {
	.user = SZ_32M,
	.unprivileged = SZ_128M,
	.all = LONG_MAX,
};

/* Bytes after which the locks are released, and those that a class or record adds. */
#define PIECE		SZ_8K
#define STEP		64

/* Number of tries until the locks are kept, or an unprivileged process gives up. */
#define TRIES_IN_PIECES	3
#define TRIES		10

/* Longest read; a longer one is cut short. */
#define READ_MOST	SZ_1M

/**
 * struct devif_snapshot - an image
 * @share: share of the budget for images
 * @room: capacity of @data in bytes
 * @size: bytes of the image so far
 * @entries: number of entries so far
 * @data: the image
 */
struct devif_snapshot {
	struct devif_share share;
	size_t room;
	size_t size;
	u32 entries;
	u8 data[] __aligned(8);
};

/**
 * struct walk - an image being made
 * @snapshot: where to
 * @version: version of the registry at the start, and the only one allowed
 * @piece: bytes of the present piece done so far
 * @keep: keep the locks between pieces
 */
struct walk {
	struct devif_snapshot *snapshot;
	u64 version;
	size_t piece;
	bool keep;
};

static void lock_registry(void)
{
	mutex_lock(&devif_registry_lock);
	down_read(&devif_property_lock);
}

static void unlock_registry(void)
{
	up_read(&devif_property_lock);
	mutex_unlock(&devif_registry_lock);
}

/*
 * Release the locks after each piece. Context: Registry lock and devif_property_lock held,
 * as in the callers. Return -EAGAIN if the registry has changed, -EINTR if killed, or 0.
 */
static int let_others_in(struct walk *walk, size_t done)
{
	walk->piece += done + STEP;
	if (walk->piece < PIECE)
		return 0;
	walk->piece = 0;
	if (!walk->keep)
		unlock_registry();
	cond_resched();
	if (!walk->keep)
		lock_registry();
	if (fatal_signal_pending(current))
		return -EINTR;
	return walk->version == devif_version() ? 0 : -EAGAIN;
}

/* Return room for an entry; -EAGAIN if the registry has grown beyond the room. */
static void *add_entry(struct walk *walk, size_t size)
{
	struct devif_snapshot *snapshot = walk->snapshot;
	void *to = snapshot->data + snapshot->size;

	if (snapshot->size + size > DEVIF_IMAGE_SIZE ||
	    snapshot->entries == DEVIF_IMAGE_ENTRIES)
		return ERR_PTR(-EFBIG);
	if (snapshot->size + size > snapshot->room)
		return ERR_PTR(-EAGAIN);
	snapshot->size += size;
	snapshot->entries++;
	return to;
}

static struct devif_image_entry *
write_entry(struct walk *walk, size_t head, enum devif_image_type type,
	    const struct devif_class *class,
	    const struct devif_properties *properties)
{
	size_t size = head + devif_properties_image_size(properties);
	struct devif_image_entry *entry = add_entry(walk, size);

	if (IS_ERR(entry))
		return entry;
	memset(entry, 0, head);
	devif_properties_image(properties, (u8 *)entry + head);
	entry->size = cpu_to_le32(size);
	entry->type = cpu_to_le16(type);
	export_guid(entry->guid, &class->guid);
	entry->properties = cpu_to_le32(properties->count);
	return entry;
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

static int write_record(struct walk *walk, const struct devif_record *record)
{
	size_t reference_size = devif_record_reference_size(record);
	struct devif_image_entry *entry;
	u16 flags = flags_of(record);
	char *strings;

	entry = write_entry(walk, devif_record_image_size(record),
			    DEVIF_IMAGE_RECORD, record->class,
			    &record->properties);
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	strings = (char *)(entry + 1);
	entry->flags = cpu_to_le16(flags);
	if (!(flags & DEVIF_IMAGE_PRESENT))
		entry->seen = cpu_to_le64(devif_record_seen(record));
	entry->device_size = cpu_to_le16(record->device_size + 1);
	entry->reference_size = cpu_to_le16(reference_size);
	/* a restore makes the rest of the name from the other fields */
	memcpy(strings, record->name, record->device_size);
	memcpy(strings + record->device_size + 1, record->reference,
	       reference_size);
	return let_others_in(walk, le32_to_cpu(entry->size));
}

static int write_class(struct walk *walk, struct devif_class *class)
{
	struct devif_image_entry *entry = NULL;
	struct devif_record *record;
	unsigned long index;
	int ret;

	if (devif_properties_exist(&class->properties))
		entry = write_entry(walk, sizeof(*entry), DEVIF_IMAGE_CLASS,
				    class, &class->properties);
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	ret = let_others_in(walk, entry ? le32_to_cpu(entry->size) : 0);
	if (ret)
		return ret;
	xa_for_each(&class->records, index, record) {
		ret = write_record(walk, record);
		if (ret)
			return ret;
	}
	return 0;
}

static void write_header(struct devif_snapshot *snapshot)
{
	struct devif_image_header *header = (void *)snapshot->data;

	memset(header, 0, sizeof(*header));
	memcpy(header->magic, DEVIF_IMAGE_MAGIC, sizeof(header->magic));
	header->version = cpu_to_le32(DEVIF_IMAGE_VERSION);
	header->generation = cpu_to_le64(devif_generation());
	devif_lineage_tell(header);
	snapshot->size = sizeof(*header);
	snapshot->entries = 0;
}

/* Return -EAGAIN if the room is too small, or the registry has changed. */
static int snapshot_fill(struct devif_snapshot *snapshot, bool keep)
{
	struct walk walk = { .snapshot = snapshot, .keep = keep };
	struct devif_class *class;
	int ret = 0;

	lock_registry();
	walk.version = devif_version();
	write_header(snapshot);
	list_for_each_entry(class, &devif_classes, entry) {
		ret = write_class(&walk, class);
		if (ret)
			break;
	}
	unlock_registry();
	return ret;
}

static void snapshot_seal(struct devif_snapshot *snapshot)
{
	struct devif_image_header *header = (void *)snapshot->data;

	header->size = cpu_to_le64(snapshot->size);
	header->entries = cpu_to_le32(snapshot->entries);
	header->checksum = cpu_to_le32(devif_image_checksum(snapshot->data,
							    snapshot->size));
}

/* The image may turn out smaller: not all objects counted are in the tables. */
static size_t snapshot_estimate(void)
{
	size_t size = sizeof(struct devif_image_header) +
		      devif_classes_image_size() + devif_records_image_size() +
		      devif_properties_all_size();

	/* the registry may grow until the image is written */
	return min_t(size_t, size + size / 16 + PAGE_SIZE, DEVIF_IMAGE_SIZE);
}

static struct devif_snapshot *alloc_snapshot(size_t room)
{
	struct devif_snapshot *snapshot;
	struct devif_share share;
	int ret;

	ret = devif_budget_take(&images, &images_limits, room, &share);
	if (ret)
		return ERR_PTR(ret);
	snapshot = kvmalloc(struct_size(snapshot, data, room),
			    GFP_KERNEL_ACCOUNT);
	if (!snapshot) {
		devif_budget_give(&share);
		return ERR_PTR(-ENOMEM);
	}
	snapshot->share = share;
	snapshot->room = room;
	return snapshot;
}

static struct devif_snapshot *try_to_make(bool keep)
{
	struct devif_snapshot *snapshot = alloc_snapshot(snapshot_estimate());
	int ret = -EINTR;

	if (IS_ERR(snapshot))
		return snapshot;
	if (!down_read_killable(&devif_restore_lock)) {
		ret = snapshot_fill(snapshot, keep);
		up_read(&devif_restore_lock);
	}
	if (ret) {
		devif_snapshot_free(snapshot);
		return ERR_PTR(ret);
	}
	snapshot_seal(snapshot);
	return snapshot;
}

/* Wait for the registry to be quiet, longer with each try. */
static int wait_for_quiet(unsigned int tries)
{
	schedule_timeout_killable(msecs_to_jiffies(10) << min(tries, 6U));
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/**
 * devif_snapshot_make() - make an image of the registry
 *
 * Context: May sleep.
 *
 * Return: the image, for devif_snapshot_free(); -EFBIG if it would be too large to be
 * restored, -EUSERS if the user keeps too many images, -EBUSY if the registry changes all
 * the time and the process is unprivileged, -ENOMEM, or -EINTR if it is killed
 */
struct devif_snapshot *devif_snapshot_make(void)
{
	bool privileged = ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN);
	struct devif_snapshot *snapshot;
	unsigned int tries = 0;

	for (;;) {
		snapshot = try_to_make(privileged && tries >= TRIES_IN_PIECES);
		if (PTR_ERR_OR_ZERO(snapshot) != -EAGAIN)
			return snapshot;
		tries++;
		if (!privileged && tries == TRIES)
			return ERR_PTR(-EBUSY);
		if (wait_for_quiet(tries))
			return ERR_PTR(-EINTR);
	}
}

/**
 * devif_snapshot_free() - free an image
 * @snapshot: the image, or %NULL
 *
 * Context: May sleep.
 */
void devif_snapshot_free(struct devif_snapshot *snapshot)
{
	if (!snapshot)
		return;
	devif_budget_give(&snapshot->share);
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
 * Return: number of bytes read, 0 at the end, -EINVAL or -EFAULT
 */
ssize_t devif_snapshot_read(const struct devif_snapshot *snapshot,
			    char __user *to, size_t size, loff_t *pos)
{
	return simple_read_from_buffer(to, min_t(size_t, size, READ_MOST), pos,
				       snapshot->data, snapshot->size);
}
