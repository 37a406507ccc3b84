// SPDX-License-Identifier: GPL-2.0
/*
 * Targets in sysfs: /sys/devices/devif-importer/targets/devifN/
 *
 *	state		opening, open, closed, query-remove or removed
 *	interface	enabled, or removed: the target may be open all the same
 *	error		result of the last opening: 0 or a negative errno
 *	refuse		write 1 to refuse removals
 *	opens		how often it was opened
 *	reads, bytes, writes, cancelled, events		counters
 */
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "importer.h"

/**
 * struct display_file - a file
 * @attr: for sysfs
 * @target: target of the file
 * @count: counter shown, if any
 */
struct display_file {
	struct kobj_attribute attr;
	struct importer_target *target;
	enum importer_count count;
};

static struct display_file *to_file(struct kobj_attribute *attr)
{
	return container_of(attr, struct display_file, attr);
}

static ssize_t state_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	static const char * const names[] = {
		[IMPORTER_OPENING] = "opening",
		[IMPORTER_OPEN] = "open",
		[IMPORTER_CLOSED] = "closed",
		[IMPORTER_QUERY_REMOVE] = "query-remove",
		[IMPORTER_REMOVED] = "removed",
	};
	int state = READ_ONCE(to_file(attr)->target->state);

	return sysfs_emit(buf, "%s\n", names[state]);
}

static ssize_t interface_show(struct kobject *kobj, struct kobj_attribute *attr,
			      char *buf)
{
	bool disabled = READ_ONCE(to_file(attr)->target->disabled);

	return sysfs_emit(buf, "%s\n", disabled ? "removed" : "enabled");
}

static ssize_t error_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_file(attr)->target->error));
}

static ssize_t refuse_show(struct kobject *kobj, struct kobj_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_file(attr)->target->refuse));
}

static ssize_t refuse_store(struct kobject *kobj, struct kobj_attribute *attr,
			    const char *buf, size_t size)
{
	bool refuse;
	int ret = kstrtobool(buf, &refuse);

	if (ret)
		return ret;
	WRITE_ONCE(to_file(attr)->target->refuse, refuse);
	return size;
}

static ssize_t count_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	struct display_file *file = to_file(attr);

	return sysfs_emit(buf, "%ld\n",
			  atomic_long_read(&file->target->counts[file->count]));
}

#define COUNT(_name, _count)						\
	{ .attr = __ATTR(_name, 0444, count_show, NULL), .count = _count }

/* Template of a target's files, without the target. */
static const struct display_file files[] = {
	{ .attr = __ATTR_RO(state) },
	{ .attr = __ATTR_RO(interface) },
	{ .attr = __ATTR_RO(error) },
	{ .attr = __ATTR_RW(refuse) },
	COUNT(opens, IMPORTER_OPENS),
	COUNT(reads, IMPORTER_READS),
	COUNT(bytes, IMPORTER_BYTES),
	COUNT(writes, IMPORTER_WRITES),
	COUNT(cancelled, IMPORTER_CANCELLED),
	COUNT(events, IMPORTER_EVENTS),
};

/**
 * struct display - directory of a target
 * @files: its files
 * @attrs: the attributes of @files
 * @group: of @attrs
 */
struct display {
	struct display_file files[ARRAY_SIZE(files)];
	struct attribute *attrs[ARRAY_SIZE(files) + 1];
	struct attribute_group group;
};

static struct kobject *targets;

/**
 * display_add() - show a target
 * @target: the target
 * @name: name of the interface; has to stay as long as the display
 *
 * Return: the display, for display_remove(), or %NULL: the target is not shown
 */
struct display *display_add(struct importer_target *target, const char *name)
{
	struct display *display = kzalloc(sizeof(*display), GFP_KERNEL);
	unsigned int i;

	if (!display)
		return NULL;
	memcpy(display->files, files, sizeof(files));
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		display->files[i].target = target;
		display->attrs[i] = &display->files[i].attr.attr;
		sysfs_attr_init(display->attrs[i]);
	}
	display->group.name = name;
	display->group.attrs = display->attrs;
	if (sysfs_create_group(targets, &display->group)) {
		kfree(display);
		return NULL;
	}
	return display;
}

/**
 * display_remove() - stop showing a target
 * @display: from display_add()
 */
void display_remove(struct display *display)
{
	if (!display)
		return;
	sysfs_remove_group(targets, &display->group);
	kfree(display);
}

int display_init(struct device *importer)
{
	targets = kobject_create_and_add("targets", &importer->kobj);
	return targets ? 0 : -ENOMEM;
}

void display_exit(void)
{
	/* other holders of references may keep the directory past kobject_put() */
	kobject_del(targets);
	kobject_put(targets);
}
