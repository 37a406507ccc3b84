// SPDX-License-Identifier: GPL-2.0
/*
 * Removal by user space (C14, N3): of an interface with its record, or of the record of
 * an interface whose device is absent.
 *
 * Importers and openers see a surprise removal: open files are released. Apart from that
 * the exporter is not told: its registration has ended, as with its device, and
 * unregistering it does no harm.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "core/property.h"
#include "events/events.h"
#include "file/file.h"
#include "lib/wait.h"
#include "registry/registry.h"

/*
 * Decide that an interface ends, unless it has holders. The locks keep new listeners out
 * meanwhile; a file being opened at this moment is cut off like the open ones.
 */
static int forget_detach(struct devif *devif, bool force, struct devif_list *holders,
			 bool *mine)
{
	struct devif_host *host = devif->host;
	int ret = 0;

	mutex_lock(&devif_registry_lock);
	spin_lock_irq(&host->listeners_lock);
	if (!force) {
		devif_files_show(devif, holders);
		devif_listeners_show(devif, holders);
	}
	if (holders->lines)
		ret = -EBUSY;
	else
		*mine = devif_detach(devif);
	spin_unlock_irq(&host->listeners_lock);
	mutex_unlock(&devif_registry_lock);
	return ret;
}

static int remove_interface(struct devif *devif, bool force,
			    struct devif_list *holders)
{
	bool mine = false;
	int ret;

	ret = devif_wait_killable(&devif->added,
				  "%s: its removal waits for it to be added to sysfs",
				  devif_link_name(devif));
	ret = ret ?: forget_detach(devif, force, holders, &mine);
	if (ret)
		return ret;
	devif_files_cut_off(devif);
	if (!mine)
		return devif_wait_killable(&devif->gone,
					   "%s: its removal waits for another one",
					   devif_link_name(devif));
	devif_take_away(devif);
	return 0;
}

/* Return the record of this name, and its live interface, if any; both referenced. */
static struct devif_record *forget_find(const char *name, struct devif **devif)
{
	struct devif_record *record;

	*devif = NULL;
	guard(mutex)(&devif_registry_lock);
	record = devif_record_find(name);
	if (record) {
		devif_record_get(record);
		*devif = devif_get(devif_record_live(record));
	}
	return record;
}

/* Return -EAGAIN if the interface has been registered again meanwhile. */
static int try_to_forget(const char *name, u32 flags,
			 struct devif_list *holders)
{
	struct devif_record *record;
	struct devif *devif;
	int ret = 0;

	record = forget_find(name, &devif);
	if (!record)
		return -ENOENT;
	if (devif)
		ret = flags & DEVIF_REMOVE_ABSENT ? -EEXIST :
		      remove_interface(devif, flags & DEVIF_REMOVE_FORCE,
				       holders);
	devif_put(devif);
	if (!ret && !devif_record_forget(record, true))
		ret = fatal_signal_pending(current) ? -EINTR : -EAGAIN;
	devif_record_put(record);
	return ret;
}

static int forget_class(const guid_t *guid)
{
	struct devif_class *class = devif_class_use_existing(guid);

	if (!class)
		return -ENOENT;
	mutex_lock(&devif_registry_lock);
	devif_class_prefer(class, NULL);
	mutex_unlock(&devif_registry_lock);
	devif_properties_clear(&class->properties, false);
	devif_changed();
	devif_class_properties_put(&class->properties);
	return 0;
}

/* Return the first class, used, and in @record one of its records, or %NULL. */
static struct devif_class *next_class(struct devif_record **record)
{
	struct devif_class *class;
	unsigned long index = 0;

	guard(mutex)(&devif_registry_lock);
	class = list_first_entry_or_null(&devif_classes, struct devif_class,
					 entry);
	if (class) {
		devif_class_again(class);
		*record = xa_find(&class->records, &index, ULONG_MAX,
				  XA_PRESENT);
		if (*record)
			devif_record_get(*record);
	}
	return class;
}

/* End a class without records, even if a module has not put its properties. */
static void end_class(struct devif_class *class)
{
	devif_properties_clear(&class->properties, true);
	mutex_lock(&devif_registry_lock);
	class->users -= class->remembered;
	class->remembered = false;
	if (class->users > 1)
		pr_warn("class " DEVIF_GUID_FMT ": properties were not put\n",
			&class->guid);
	class->users = 1;
	mutex_unlock(&devif_registry_lock);
	devif_class_unuse(class);
}

/**
 * devif_forget_all() - forget all records and classes, at the end of this module
 *
 * Context: May sleep; no lock held.
 */
void devif_forget_all(void)
{
	struct devif_record *record;
	struct devif_class *class;

	while ((class = next_class(&record))) {
		if (!record) {
			end_class(class);
			continue;
		}
		devif_record_forget(record, true);
		devif_record_put(record);
		devif_class_unuse(class);
	}
}

/**
 * devif_forget() - remove an interface and forget its record
 * @name: symbolic link name; or GUID of a class, whose properties and default interface
 *	are forgotten
 * @flags: DEVIF_REMOVE_FORCE: also if the interface has holders; DEVIF_REMOVE_ABSENT: not
 *	if it is registered; neither matters to a class
 * @holders: where to put the holders, a line each, on -EBUSY
 * @size: room there, in bytes
 *
 * Context: May sleep; no lock held.
 *
 * Return: 0, -ENOENT if the name is unknown, -EBUSY if the interface has holders, -EEXIST
 * if it is registered and was to be absent, or -EINTR if the process is killed
 */
int devif_forget(const char *name, u32 flags, char *holders, size_t size)
{
	struct devif_list list = { .text = holders, .size = size };
	guid_t guid;
	int ret;

	if (!guid_parse(name, &guid) && strlen(name) == UUID_STRING_LEN)
		return forget_class(&guid);
	do {
		ret = try_to_forget(name, flags, &list);
	} while (ret == -EAGAIN);
	return ret;
}
