// SPDX-License-Identifier: GPL-2.0
/*
 * Sample importer: follows the interfaces of one class, and uses what is behind
 * them if that is toasters.
 *
 * It enumerates the class now and then, keeps a reference to what it sees, has it
 * called (caller.c), and shows it:
 *
 *	/sys/devices/devif-importer/class_guid		the class
 *	/sys/devices/devif-importer/arrivals		how many it has seen come
 *	/sys/devices/devif-importer/removals		and go
 *	/sys/devices/devif-importer/scan		write 1 to look at once
 *	/sys/devices/devif-importer/calls		calls made to toasters
 *	/sys/devices/devif-importer/refused		and refused, as they had gone
 *	/sys/devices/devif-importer/interfaces/devifN	a file for each that is
 *							enabled: its name
 *
 * What comes and goes between two looks is not seen.
 */
#include <linux/devif.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/workqueue.h>

#include "importer.h"

/* GUID_DEVINTERFACE_TOASTER */
static char *class = "781ef630-72b2-11d2-b852-00c04fad5171";
module_param(class, charp, 0444);
MODULE_PARM_DESC(class, "GUID of the interface class to follow (default: toasters)");

static unsigned int period_ms = 500;
module_param(period_ms, uint, 0444);
MODULE_PARM_DESC(period_ms, "milliseconds from look to look (default 500)");

static bool pinned;
module_param(pinned, bool, 0444);
MODULE_PARM_DESC(pinned, "hold toasters so that the exporter cannot be unloaded (default N)");

/**
 * struct sighting - an interface that is there
 * @entry: in the list of sightings
 * @devif: the interface, referenced
 * @caller: use of the toaster behind it, or %NULL
 * @attr: its file in sysfs
 * @current_scan: it was there when we last looked
 */
struct sighting {
	struct list_head entry;
	struct devif *devif;
	struct caller *caller;
	struct device_attribute attr;
	bool current_scan;
};

static struct device *importer;
static guid_t class_guid;

/* Guards the list; held while files are made and removed, not by their show. */
static DEFINE_MUTEX(scan_lock);
static LIST_HEAD(sightings);
static unsigned long arrivals, removals;

static void scan_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(scanner, scan_work);

static ssize_t name_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct sighting *sighting = container_of(attr, struct sighting, attr);

	return sysfs_emit(buf, "%s\n", devif_link_name(sighting->devif));
}

static struct sighting *find_sighting(const struct devif *devif)
{
	struct sighting *sighting;

	list_for_each_entry(sighting, &sightings, entry)
		if (sighting->devif == devif)
			return sighting;
	return NULL;
}

static struct sighting *new_sighting(struct devif *devif)
{
	struct sighting *sighting = kzalloc(sizeof(*sighting), GFP_KERNEL);

	if (!sighting)
		return NULL;
	sighting->devif = devif_get(devif);
	sysfs_attr_init(&sighting->attr.attr);
	sighting->attr.attr.name = devif_name(devif);
	sighting->attr.attr.mode = 0444;
	sighting->attr.show = name_show;
	if (sysfs_add_file_to_group(&importer->kobj, &sighting->attr.attr,
				    "interfaces")) {
		devif_put(devif);
		kfree(sighting);
		return NULL;
	}
	list_add_tail(&sighting->entry, &sightings);
	sighting->caller = caller_start(devif, importer, pinned);
	arrivals++;
	dev_info(importer, "%s has arrived\n", devif_name(devif));
	return sighting;
}

static void end_sighting(struct sighting *sighting)
{
	dev_info(importer, "%s has gone\n", devif_name(sighting->devif));
	sysfs_remove_file_from_group(&importer->kobj, &sighting->attr.attr,
				     "interfaces");
	caller_stop(sighting->caller);
	list_del(&sighting->entry);
	devif_put(sighting->devif);
	kfree(sighting);
	removals++;
}

static int see(struct devif *devif, void *data)
{
	struct sighting *sighting = find_sighting(devif) ?: new_sighting(devif);

	/* without memory it will be seen the next time */
	if (sighting)
		sighting->current_scan = true;
	return 0;
}

static void scan(void)
{
	struct sighting *sighting, *next;

	mutex_lock(&scan_lock);
	list_for_each_entry(sighting, &sightings, entry)
		sighting->current_scan = false;
	devif_for_each(&class_guid, NULL, DEVIF_ENABLED, NULL, see);
	list_for_each_entry_safe(sighting, next, &sightings, entry)
		if (!sighting->current_scan)
			end_sighting(sighting);
	mutex_unlock(&scan_lock);
}

static void scan_work(struct work_struct *work)
{
	scan();
	schedule_delayed_work(&scanner, msecs_to_jiffies(period_ms));
}

static ssize_t class_guid_show(struct device *dev, struct device_attribute *attr,
			       char *buf)
{
	return sysfs_emit(buf, DEVIF_GUID_FMT "\n", &class_guid);
}
static DEVICE_ATTR_RO(class_guid);

static ssize_t arrivals_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%lu\n", READ_ONCE(arrivals));
}
static DEVICE_ATTR_RO(arrivals);

static ssize_t removals_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%lu\n", READ_ONCE(removals));
}
static DEVICE_ATTR_RO(removals);

static ssize_t calls_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%ld\n",
			  atomic_long_read(&importer_counters.calls));
}
static DEVICE_ATTR_RO(calls);

static ssize_t refused_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%ld\n",
			  atomic_long_read(&importer_counters.refused));
}
static DEVICE_ATTR_RO(refused);

static ssize_t scan_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	bool yes;
	int ret = kstrtobool(buf, &yes);

	if (ret)
		return ret;
	if (yes)
		scan();
	return count;
}
static DEVICE_ATTR_WO(scan);

static struct attribute *importer_attrs[] = {
	&dev_attr_class_guid.attr,
	&dev_attr_arrivals.attr,
	&dev_attr_removals.attr,
	&dev_attr_calls.attr,
	&dev_attr_refused.attr,
	&dev_attr_scan.attr,
	NULL,
};

static const struct attribute_group importer_group = {
	.attrs = importer_attrs,
};

static struct attribute *no_attrs[] = {
	NULL,
};

static const struct attribute_group interfaces_group = {
	.name = "interfaces",
	.attrs = no_attrs,
};

static const struct attribute_group *importer_groups[] = {
	&importer_group,
	&interfaces_group,
	NULL,
};

static int __init importer_init(void)
{
	int ret;

	ret = strlen(class) == UUID_STRING_LEN ? guid_parse(class, &class_guid) :
						 -EINVAL;
	if (ret) {
		pr_err("devif_importer: class: \"%s\" is not a GUID\n", class);
		return ret;
	}
	ret = second_init();
	if (ret)
		return ret;
	importer = root_device_register("devif-importer");
	if (IS_ERR(importer)) {
		ret = PTR_ERR(importer);
		goto err_second;
	}
	ret = sysfs_create_groups(&importer->kobj, importer_groups);
	if (ret)
		goto err_importer;
	scan_work(NULL);
	return 0;

err_importer:
	root_device_unregister(importer);
err_second:
	second_exit();
	return ret;
}

static void __exit importer_exit(void)
{
	struct sighting *sighting, *next;

	/* first the file by which a look can be had at any time */
	sysfs_remove_group(&importer->kobj, &importer_group);
	cancel_delayed_work_sync(&scanner);
	list_for_each_entry_safe(sighting, next, &sightings, entry)
		end_sighting(sighting);
	sysfs_remove_group(&importer->kobj, &interfaces_group);
	root_device_unregister(importer);
	second_exit();
}

module_init(importer_init);
module_exit(importer_exit);

MODULE_DESCRIPTION("Device interfaces: sample importer");
MODULE_AUTHOR("The devif authors");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
MODULE_DEVIF_ALIAS("781ef630-72b2-11d2-b852-00c04fad5171");
MODULE_IMPORT_DEVIF();
