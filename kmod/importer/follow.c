// SPDX-License-Identifier: GPL-2.0
/*
 * Arrivals and removals: one subscription, and a list of the interfaces present.
 *
 * An interface that has been removed is not called any more. An open file may be used
 * further (O3), so the target stays until it is closed, by the end of the device for
 * instance.
 */
#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/workqueue.h>

#include "importer.h"

/**
 * struct sighting - an interface that has arrived
 * @entry: in the list of sightings
 * @devif: the interface, referenced
 * @removed: the interface has been removed since
 * @shown: the interface has a file in sysfs, and is called
 * @caller: use of the toaster behind the interface, or %NULL
 * @target: the interface opened, or %NULL
 * @attr: file of the interface in sysfs
 */
struct sighting {
	struct list_head entry;
	struct devif *devif;
	bool removed;
	bool shown;
	struct caller *caller;
	struct importer_target *target;
	struct device_attribute attr;
};

guid_t importer_class;
unsigned long importer_arrivals, importer_removals;

/* Guards the list. No callback of a target takes it. */
static DEFINE_MUTEX(follow_lock);
static LIST_HEAD(sightings);

static void look_again(struct work_struct *work);
static DECLARE_WORK(look_again_work, look_again);

static struct device *importer;
static struct devif_subscription *subscription;

static ssize_t name_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct sighting *sighting = container_of(attr, struct sighting, attr);

	return sysfs_emit(buf, "%s\n", devif_link_name(sighting->devif));
}

static int show(struct sighting *sighting)
{
	struct attribute *attr = &sighting->attr.attr;
	int ret;

	sysfs_attr_init(attr);
	attr->name = devif_name(sighting->devif);
	attr->mode = 0444;
	sighting->attr.show = name_show;
	ret = sysfs_add_file_to_group(&importer->kobj, attr, "interfaces");
	sighting->shown = !ret;
	return ret;
}

static void hide(struct sighting *sighting)
{
	if (!sighting->shown)
		return;
	sysfs_remove_file_from_group(&importer->kobj, &sighting->attr.attr,
				     "interfaces");
	caller_stop(sighting->caller);
	sighting->shown = false;
}

static struct sighting *find_sighting(const struct devif *devif)
{
	struct sighting *sighting;

	list_for_each_entry(sighting, &sightings, entry)
		if (sighting->devif == devif)
			return sighting;
	return NULL;
}

static void new_sighting(struct devif *devif)
{
	struct sighting *sighting = kzalloc(sizeof(*sighting), GFP_KERNEL);

	if (!sighting)
		return;
	sighting->devif = devif_get(devif);
	if (show(sighting)) {
		devif_put(devif);
		kfree(sighting);
		return;
	}
	list_add_tail(&sighting->entry, &sightings);
	sighting->caller = caller_start(devif, importer,
					importer_options.pinned);
	sighting->target = target_start(devif, importer);
	WRITE_ONCE(importer_arrivals, importer_arrivals + 1);
	dev_info(importer, "%s has arrived\n", devif_name(devif));
}

static void end_sighting(struct sighting *sighting)
{
	hide(sighting);
	target_stop(sighting->target);
	list_del(&sighting->entry);
	devif_put(sighting->devif);
	kfree(sighting);
}

/* An interface that comes back starts anew, even if a target of it is open. */
static void arrival(struct devif *devif, void *data)
{
	struct sighting *old;

	guard(mutex)(&follow_lock);
	old = find_sighting(devif);
	if (old)
		end_sighting(old);
	new_sighting(devif);
}

/* Let go of interfaces that have been removed and are not open. */
static void let_go(void)
{
	struct sighting *sighting, *next;

	list_for_each_entry_safe(sighting, next, &sightings, entry)
		if (sighting->removed && !target_is_open(sighting->target))
			end_sighting(sighting);
}

static void removal(struct devif *devif, void *data)
{
	struct sighting *sighting;

	guard(mutex)(&follow_lock);
	sighting = find_sighting(devif);
	/* without memory an arrival is not noted */
	if (sighting) {
		sighting->removed = true;
		WRITE_ONCE(importer_removals, importer_removals + 1);
		dev_info(importer, "%s has gone\n", devif_name(devif));
		if (!importer_options.keep) {
			hide(sighting);
			let_go();
		}
	}
}

static void look_again(struct work_struct *work)
{
	guard(mutex)(&follow_lock);
	if (!importer_options.keep)
		let_go();
}

/**
 * follow_look_again() - let go of removed interfaces, after a target has closed
 *
 * Context: Any.
 */
void follow_look_again(void)
{
	schedule_work(&look_again_work);
}

/**
 * follow_start() - begin to follow the class
 * @dev: device of this importer
 *
 * Return: 0 or a negative errno
 */
int follow_start(struct device *dev)
{
	const struct devif_subscribe_desc desc = {
		.class = &importer_class,
		.arrival = arrival,
		.removal = removal,
		.flags = DEVIF_EXISTING,
	};

	importer = dev;
	return devif_subscribe(&desc, &subscription);
}

/**
 * follow_stop() - stop following the class, and let go of all interfaces
 *
 * First arrivals and removals end, then the callbacks of the targets, and then the
 * work item, which only these queue.
 */
void follow_stop(void)
{
	struct sighting *sighting, *next;

	devif_unsubscribe(subscription);
	mutex_lock(&follow_lock);
	list_for_each_entry_safe(sighting, next, &sightings, entry)
		end_sighting(sighting);
	mutex_unlock(&follow_lock);
	cancel_work_sync(&look_again_work);
}
