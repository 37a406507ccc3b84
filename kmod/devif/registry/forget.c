// SPDX-License-Identifier: GPL-2.0
/*
 * Removal by user space (C14, N3): of an interface with what is remembered of it, or of
 * what is remembered of one whose device is absent.
 *
 * To importers, and to who has it open, it is as if the device had been pulled out: what
 * is open is released. Otherwise the exporter is not told: what it has registered has
 * ended, as with its device, and unregistering it does no harm.
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
 * Decide that an interface ends, unless somebody holds it. Nobody begins to listen
 * meanwhile, and who opens it at this moment is cut off like those who have it open.
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

/* The record of this name, and its interface if that is there; both referenced. */
static struct devif_record *forget_find(const char *name, struct devif **devif)
{
	struct devif_record *record;

	*devif = NULL;
	mutex_lock(&devif_registry_lock);
	record = devif_record_find(name);
	if (record) {
		devif_record_get(record);
		*devif = devif_get(devif_record_live(record));
	}
	mutex_unlock(&devif_registry_lock);
	return record;
}

/* Return -EAGAIN if it has been registered again meanwhile. */
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

/* Some class that is remembered, used, with one of its records, if it has any. */
static struct devif_class *next_class(struct devif_record **record)
{
	struct devif_class *class;
	unsigned long index = 0;

	mutex_lock(&devif_registry_lock);
	class = list_first_entry_or_null(&devif_classes, struct devif_class,
					 entry);
	if (class) {
		devif_class_again(class);
		*record = xa_find(&class->records, &index, ULONG_MAX,
				  XA_PRESENT);
		if (*record)
			devif_record_get(*record);
	}
	mutex_unlock(&devif_registry_lock);
	return class;
}

/* A class that has no records any more is to go, whoever has not given it back. */
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
 * devif_forget_all() - forget all that is remembered, for there is nobody left
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
 * devif_forget() - remove an interface and forget that there was one
 * @name: symbolic link name; or GUID of a class, of which then the properties and the
 *	default interface are forgotten
 * @flags: DEVIF_REMOVE_FORCE: also if somebody holds it; DEVIF_REMOVE_ABSENT: not if it is
 *	registered, which a class never is
 * @holders: where to put who holds it, a line each, if that is why it fails
 * @size: room there, in bytes
 *
 * Context: May sleep; no lock held.
 *
 * Return: 0, -ENOENT if there is nothing of this name, -EBUSY if somebody holds it, -EEXIST
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
