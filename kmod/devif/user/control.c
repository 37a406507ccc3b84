// SPDX-License-Identifier: GPL-2.0
/*
 * The control node: the registry as a whole, for user space. include/uapi/linux/devif.h
 * describes its requests.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/kobject.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "core/keeper.h"
#include "core/property.h"
#include "query/query.h"
#include "user/eject.h"

/**
 * struct control - an open control node
 * @lock: held while @snapshot is made and read
 * @snapshot: the image being read, or %NULL
 * @ejection: removal of a device that the opener has asked for
 * @keeper: lists the opener in debugfs
 * @holder: name of the process that opened the node
 */
struct control {
	struct mutex lock;	/* for @snapshot */
	struct devif_snapshot *snapshot;
	struct devif_ejection ejection;
	struct devif_keeper keeper;
	char holder[DEVIF_HOLDER_SIZE];
};

/*
 * Reading and writing: images
 */

static int control_open(struct inode *inode, struct file *file)
{
	struct control *control = kzalloc(sizeof(*control), GFP_KERNEL_ACCOUNT);

	if (!control)
		return -ENOMEM;
	mutex_init(&control->lock);
	devif_ejection_init(&control->ejection);
	devif_name_holder(control->holder, NULL, THIS_MODULE);
	control->keeper.kind = "control";
	control->keeper.holder = control->holder;
	devif_keeper_add(&control->keeper);
	/* misc_open() has left the miscdevice here */
	file->private_data = control;
	return 0;
}

static int control_release(struct inode *inode, struct file *file)
{
	struct control *control = file->private_data;

	devif_keeper_remove(&control->keeper);
	devif_ejection_end(&control->ejection);
	devif_snapshot_free(control->snapshot);
	kfree(control);
	return 0;
}

static int take_snapshot(struct control *control)
{
	int ret;

	devif_snapshot_free(control->snapshot);
	control->snapshot = devif_snapshot_make();
	ret = PTR_ERR_OR_ZERO(control->snapshot);
	if (ret)
		control->snapshot = NULL;
	return ret;
}

static ssize_t control_read(struct file *file, char __user *to, size_t size,
			    loff_t *pos)
{
	struct control *control = file->private_data;
	ssize_t ret = 0;

	if (mutex_lock_interruptible(&control->lock))
		return -ERESTARTSYS;
	if (!*pos || !control->snapshot)
		ret = take_snapshot(control);
	if (!ret)
		ret = devif_snapshot_read(control->snapshot, to, size, pos);
	mutex_unlock(&control->lock);
	return ret;
}

static int copy_image(u8 *to, const char __user *from, size_t size)
{
	size_t at, piece;

	for (at = 0; at < size; at += piece) {
		piece = min_t(size_t, size - at, SZ_1M);
		if (copy_from_user(to + at, from + at, piece))
			return -EFAULT;
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return 0;
}

static ssize_t control_write(struct file *file, const char __user *from,
			     size_t size, loff_t *pos)
{
	void *data;
	int ret;

	if (size > DEVIF_IMAGE_SIZE) {
		pr_err_ratelimited("restore: image too large\n");
		return -EFBIG;
	}
	data = kvmalloc(size ?: 1, GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;
	ret = copy_image(data, from, size);
	if (!ret)
		ret = devif_restore(data, size);
	kvfree(data);
	return ret ?: size;
}

static loff_t control_llseek(struct file *file, loff_t offset, int whence)
{
	return no_seek_end_llseek(file, offset, whence);
}

/*
 * Requests: properties
 */

/**
 * struct place - a class or record, for access to its properties
 * @properties: properties of the class, which is used, or record, referenced
 * @put: gives the class or record back
 */
struct place {
	struct devif_properties *properties;
	void (*put)(struct devif_properties *properties);
};

static int find_class(struct place *place, const guid_t *guid, bool make)
{
	struct devif_class *class;

	if (guid_is_null(guid))
		return -EINVAL;
	class = make ? devif_class_use(guid) : devif_class_use_existing(guid);
	if (IS_ERR_OR_NULL(class))
		return class ? PTR_ERR(class) : -ENOENT;
	place->properties = &class->properties;
	place->put = devif_class_properties_put;
	return 0;
}

static int find_record(struct place *place, const char *name)
{
	struct devif_properties *properties = devif_properties_of_name(name);

	if (IS_ERR(properties))
		return PTR_ERR(properties);
	place->properties = properties;
	place->put = devif_properties_put;
	return 0;
}

static int find_place(struct place *place, u64 address, bool make)
{
	char *name = strndup_user(u64_to_user_ptr(address), PAGE_SIZE);
	guid_t guid;
	int ret;

	if (IS_ERR(name))
		return PTR_ERR(name);
	if (strlen(name) == UUID_STRING_LEN && !guid_parse(name, &guid))
		ret = find_class(place, &guid, make);
	else
		ret = find_record(place, name);
	kfree(name);
	return ret;
}

static int get_property(const struct place *place, const char *key,
			struct devif_property_request *request)
{
	size_t size = min_t(size_t, request->size, DEVIF_PROPERTY_VALUE_SIZE);
	void *value = kmalloc(DEVIF_PROPERTY_VALUE_SIZE, GFP_KERNEL);
	ssize_t ret;

	if (!value)
		return -ENOMEM;
	request->type = 0;
	ret = devif_property_read(place->properties, key, &request->type, value,
				  size);
	if (ret >= 0) {
		request->size = ret;
		if (size && copy_to_user(u64_to_user_ptr(request->value), value,
					 ret))
			ret = -EFAULT;
	}
	kfree(value);
	return min_t(ssize_t, ret, 0);
}

static int set_property(const struct place *place, const char *key,
			struct devif_property_request *request)
{
	struct devif_value value = {
		.key = key,
		.type = request->type,
		.size = request->size,
	};
	void *data;
	int ret;

	if (value.size > DEVIF_PROPERTY_VALUE_SIZE)
		return -E2BIG;
	data = memdup_user(u64_to_user_ptr(request->value), value.size);
	if (IS_ERR(data))
		return PTR_ERR(data);
	value.data = data;
	ret = devif_value_check(&value);
	if (!ret)
		ret = devif_property_set_value(place->properties, &value);
	kfree(data);
	return ret;
}

static int do_property(const struct place *place, const char *key,
		       unsigned int cmd, struct devif_property_request *request)
{
	switch (cmd) {
	case DEVIF_IOC_GET_PROPERTY:
		return get_property(place, key, request);
	case DEVIF_IOC_SET_PROPERTY:
		return set_property(place, key, request);
	default:
		return devif_property_remove(place->properties, key);
	}
}

static long control_property(unsigned int cmd, void __user *arg)
{
	struct devif_property_request request;
	struct place place;
	char *key;
	int ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	key = strndup_user(u64_to_user_ptr(request.key),
			   DEVIF_PROPERTY_KEY_SIZE);
	if (IS_ERR(key))
		return PTR_ERR(key);
	ret = find_place(&place, request.name, cmd == DEVIF_IOC_SET_PROPERTY);
	if (!ret) {
		ret = do_property(&place, key, cmd, &request);
		place.put(place.properties);
	}
	kfree(key);
	if (!ret && cmd == DEVIF_IOC_GET_PROPERTY &&
	    copy_to_user(arg, &request, sizeof(request)))
		ret = -EFAULT;
	return ret;
}

/*
 * Requests: removal
 */

static int control_remove_name(const char *name,
			       const struct devif_remove_request *request)
{
	char *holders = kzalloc(PAGE_SIZE, GFP_KERNEL);
	size_t size;
	int ret;

	if (!holders)
		return -ENOMEM;
	ret = devif_forget(name, request->flags, holders, PAGE_SIZE);
	if (ret == -EBUSY && request->size) {
		size = min_t(size_t, strlen(holders) + 1, request->size);
		holders[size - 1] = '\0';
		if (copy_to_user(u64_to_user_ptr(request->holders), holders,
				 size))
			ret = -EFAULT;
	}
	kfree(holders);
	return ret;
}

static long control_remove(void __user *arg)
{
	struct devif_remove_request request;
	char *name;
	int ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.flags & ~(DEVIF_REMOVE_FORCE | DEVIF_REMOVE_ABSENT))
		return -EINVAL;
	name = strndup_user(u64_to_user_ptr(request.name), PAGE_SIZE);
	if (IS_ERR(name))
		return PTR_ERR(name);
	ret = control_remove_name(name, &request);
	kfree(name);
	return ret;
}

static long control_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct control *control = file->private_data;
	void __user *argument = (void __user *)arg;
	bool may_read = file->f_mode & FMODE_READ;
	bool may_write = file->f_mode & FMODE_WRITE;

	switch (cmd) {
	case DEVIF_IOC_GET_PROPERTY:
		return may_read ? control_property(cmd, argument) : -EBADF;
	case DEVIF_IOC_SET_PROPERTY:
	case DEVIF_IOC_REMOVE_PROPERTY:
		return may_write ? control_property(cmd, argument) : -EBADF;
	case DEVIF_IOC_REMOVE:
		return may_write ? control_remove(argument) : -EBADF;
	case DEVIF_IOC_EJECT:
		return may_write ? devif_ejection_ask(&control->ejection, argument) :
				   -EBADF;
	default:
		return -ENOTTY;
	}
}

static const struct file_operations control_operations = {
	.owner = THIS_MODULE,
	.open = control_open,
	.release = control_release,
	.read = control_read,
	.write = control_write,
	.llseek = control_llseek,
	.unlocked_ioctl = control_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice control_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "devif",
	.nodename = "devif/control",
	.mode = 0644,
	.fops = &control_operations,
};

static void control_tell_change(u64 generation)
{
	char number[sizeof("DEVIF_GENERATION=18446744073709551615")];
	char *envp[3] = { "DEVIF_REGISTRY=changed", number };

	snprintf(number, sizeof(number), "DEVIF_GENERATION=%llu",
		 generation);
	kobject_uevent_env(&control_device.this_device->kobj, KOBJ_CHANGE,
			   envp);
}

int devif_control_init(void)
{
	devif_lineage_init();
	/* an opener may change the registry before misc_register() returns */
	devif_changes_init(control_tell_change);
	return misc_register(&control_device);
}

void devif_control_exit(void)
{
	devif_changes_exit();
	misc_deregister(&control_device);
}
