// SPDX-License-Identifier: GPL-2.0
/*
 * Classes in sysfs.
 *
 * Documentation/ABI/testing/sysfs-class-devif_class describes the attributes.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "core/property.h"
#include "user/user.h"

/* Return a line written by user space, without its end, for kfree(). */
static char *line_of(const char *buf, size_t count)
{
	while (count && (buf[count - 1] == '\n' || buf[count - 1] == ' '))
		count--;
	return kmemdup_nul(buf, count, GFP_KERNEL);
}

static ssize_t default_interface_show(struct device *dev,
				      struct device_attribute *attr, char *buf)
{
	struct devif_class *class = dev_get_drvdata(dev);
	struct devif_record *record;
	ssize_t ret;

	rcu_read_lock();
	record = rcu_dereference(class->preferred);
	ret = sysfs_emit(buf, "%s\n", record ? record->name : "");
	rcu_read_unlock();
	return ret;
}

/*
 * Find a record of this class by its name. Context: Registry lock held.
 */
static struct devif_record *class_attr_find_in(const struct devif_class *class,
					       const char *name)
{
	struct devif_record *record = devif_record_find(name);

	if (!record)
		return ERR_PTR(-ENOENT);
	return record->class == class ? record : ERR_PTR(-EINVAL);
}

static int set_default_interface(struct devif_class *class, const char *name)
{
	struct devif_record *record;

	guard(mutex)(&devif_registry_lock);
	record = *name ? class_attr_find_in(class, name) : NULL;
	if (!IS_ERR(record))
		devif_class_prefer(class, record);
	return PTR_ERR_OR_ZERO(record);
}

static ssize_t default_interface_store(struct device *dev,
				       struct device_attribute *attr,
				       const char *buf, size_t count)
{
	struct devif_class *class = dev_get_drvdata(dev);
	char *name = line_of(buf, count);
	int ret;

	if (!name)
		return -ENOMEM;
	ret = set_default_interface(class, name);
	kfree(name);
	return ret ?: count;
}
static DEVICE_ATTR_RW(default_interface);

static void report_holders(const char *name, char *holders)
{
	char *holder;

	pr_info_ratelimited("%s is not removed, it is held\n", name);
	while ((holder = strsep(&holders, "\n")) && *holder)
		pr_info_ratelimited("%s: %s\n", name, holder);
}

static int class_attr_remove_name(const char *name, bool force)
{
	char *holders = kzalloc(PAGE_SIZE, GFP_KERNEL);
	int ret;

	if (!holders)
		return -ENOMEM;
	ret = devif_forget(name, force ? DEVIF_REMOVE_FORCE : 0, holders,
			   PAGE_SIZE);
	if (ret == -EBUSY)
		report_holders(name, holders);
	kfree(holders);
	return ret;
}

/*
 * The class itself may go, so removal must not wait for the attribute. Then this reference
 * alone keeps the module.
 */
static int remove_unprotected(struct device *dev, struct attribute *attr,
			      const char *name, bool force)
{
	struct kernfs_node *node;
	int ret;

	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	get_device(dev);
	node = sysfs_break_active_protection(&dev->kobj, attr);
	ret = class_attr_remove_name(name, force);
	if (node)
		sysfs_unbreak_active_protection(node);
	put_device(dev);
	module_put(THIS_MODULE);
	return ret;
}

/* "NAME" or "NAME force"; names have no blanks. */
static int remove_line(struct device *dev, struct attribute *attr, char *line)
{
	char *word = line;
	const char *name = strsep(&word, " ");
	struct devif_record *record;

	if (word && strcmp(word, "force"))
		return -EINVAL;
	mutex_lock(&devif_registry_lock);
	record = class_attr_find_in(dev_get_drvdata(dev), name);
	mutex_unlock(&devif_registry_lock);
	if (IS_ERR(record))
		return PTR_ERR(record);
	return remove_unprotected(dev, attr, name, word);
}

static ssize_t remove_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	char *line = line_of(buf, count);
	int ret;

	if (!line)
		return -ENOMEM;
	ret = remove_line(dev, &attr->attr, line);
	kfree(line);
	return ret ?: count;
}
static DEVICE_ATTR_WO(remove);

static struct attribute *class_attrs[] = {
	&dev_attr_default_interface.attr,
	&dev_attr_remove.attr,
	NULL,
};

static const struct attribute_group class_group = {
	.attrs = class_attrs,
};

/* Groups without attributes, for links. */
static struct attribute *no_attrs[] = {
	NULL,
};

static const struct attribute_group interfaces_group = {
	.name = "interfaces",
	.attrs = no_attrs,
};

static const struct attribute_group registered_group = {
	.name = "registered",
	.attrs = no_attrs,
};

static const struct attribute_group *class_groups[] = {
	&class_group,
	&interfaces_group,
	&registered_group,
	NULL,
};

int devif_class_attributes_init(void)
{
	devif_class_class = compat_class_create("devif_class");
	if (IS_ERR(devif_class_class))
		return PTR_ERR(devif_class_class);
	devif_class_class->dev_groups = class_groups;
	return 0;
}

void devif_class_attributes_exit(void)
{
	class_destroy(devif_class_class);
}
