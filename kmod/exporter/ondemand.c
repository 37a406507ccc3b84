// SPDX-License-Identifier: GPL-2.0
/*
 * Devices on demand: interfaces that are placeholders for devices which are made when
 * they are opened (G13 to G15). ondemand.h is the contract.
 *
 * The interfaces belong to the enumerator, a device that is always present. Opening a
 * placeholder first answers "not yet", and a work item makes the device and wakes the
 * opener. Reads and writes then go on to the driver of the device, through a query
 * interface held revocable: the device may be unbound at any time. No method may add or
 * remove a device itself, because an unbinding waits for methods while the driver core
 * holds locks that adding and removing take. So all devices come and go in work items,
 * one for each placeholder.
 */
#include <linux/devif.h>
#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "appliance.h"
#include "ondemand.h"
#include "toaster.h"

/* Longest time that a device stays after its last close. */
#define LINGER	msecs_to_jiffies(500)

/**
 * struct placeholder - stands for a device
 * @name: of the device; reference string of the interface
 * @devif: the interface
 * @child: the device, or %NULL
 * @error: errno of making the device, which an opener is still to be told; or 0
 * @wanted: an opener waits for the device
 * @opens: number of openers
 * @work: makes the device, and removes it
 */
struct placeholder {
	const char *name;
	struct devif *devif;
	struct device *child;
	int error;
	bool wanted;
	unsigned int opens;
	struct delayed_work work;
};

/**
 * struct opened - an opened placeholder
 * @placeholder: the placeholder
 * @appliance: query interface of the placeholder's device, held revocable
 */
struct opened {
	struct placeholder *placeholder;
	struct appliance_interface appliance;
};

static struct device *enumerator;
static struct devif_export *export;
static struct devif *bus_devif;

static struct placeholder placeholders[MAX_ONDEMAND];
static unsigned int count;

/* The names of all placeholders, one a line. */
static char *list;

/* Guards the members of placeholders; not held while devices come and go. */
static DEFINE_MUTEX(ondemand_lock);

/* No work item may be queued. */
static bool closed = true;

/*
 * Making and removing devices
 */

static void look_later(struct placeholder *placeholder)
{
	guard(mutex)(&ondemand_lock);
	if (!closed)
		schedule_delayed_work(&placeholder->work, LINGER);
}

static void make_child(struct placeholder *placeholder)
{
	struct device *child = appliance_add(enumerator, placeholder->name);

	mutex_lock(&ondemand_lock);
	if (IS_ERR(child))
		placeholder->error = PTR_ERR(child);
	else
		placeholder->child = child;
	mutex_unlock(&ondemand_lock);

	devif_wake(export, EPOLLIN | EPOLLOUT);
}

/*
 * An opener may give up before it has the device open, so if the device was wanted look
 * again later.
 */
static void look_after(struct work_struct *work)
{
	struct placeholder *placeholder =
		container_of(work, struct placeholder, work.work);
	struct device *idle = NULL;
	bool wanted, there;

	mutex_lock(&ondemand_lock);
	wanted = placeholder->wanted;
	placeholder->wanted = false;
	placeholder->error = 0;
	if (!wanted && !placeholder->opens) {
		idle = placeholder->child;
		placeholder->child = NULL;
	}
	there = placeholder->child;
	mutex_unlock(&ondemand_lock);

	if (idle)
		device_unregister(idle);
	if (!wanted)
		return;
	if (!there)
		make_child(placeholder);
	look_later(placeholder);
}

/*
 * Opening and closing
 */

/* Context: Lock held. */
static int need_child(struct placeholder *placeholder)
{
	int error = placeholder->error;

	if (placeholder->child)
		return 0;
	if (error) {
		placeholder->error = 0;
		return error;
	}
	if (closed)
		return -ENODEV;
	placeholder->wanted = true;
	/* run the work item now, not after LINGER */
	cancel_delayed_work(&placeholder->work);
	schedule_delayed_work(&placeholder->work, 0);
	return -EAGAIN;
}

static int open_placeholder(struct placeholder *placeholder,
			    struct devif_file *file)
{
	struct opened *opened = kzalloc(sizeof(*opened), GFP_KERNEL);
	int ret;

	if (!opened)
		return -ENOMEM;
	opened->placeholder = placeholder;

	mutex_lock(&ondemand_lock);
	ret = need_child(placeholder);
	if (!ret)
		ret = appliance_query(placeholder->child, &opened->appliance);
	if (!ret)
		placeholder->opens++;
	mutex_unlock(&ondemand_lock);

	if (ret)
		kfree(opened);
	else
		file->private = opened;
	return ret;
}

static struct placeholder *find_placeholder(const char *name)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!strcmp(placeholders[i].name, name))
			return &placeholders[i];
	return NULL;
}

/* An opened list has no state. */
static int open_list(const struct devif_file *file)
{
	return file->access & DEVIF_WRITE ? -EACCES : 0;
}

static int ondemand_open(void *context, struct devif_file *file)
{
	const char *reference = devif_reference_string(file->devif);
	struct placeholder *placeholder;

	/* an appliance has no files below it */
	if (*reference && *file->path)
		return -ENOENT;
	if (!*reference && !*file->path)
		return open_list(file);
	placeholder = find_placeholder(*reference ? reference : file->path);
	return placeholder ? open_placeholder(placeholder, file) : -ENOENT;
}

static void ondemand_release(void *context, struct devif_file *file)
{
	struct opened *opened = file->private;
	bool idle;

	if (!opened)
		return;
	devif_dereference(&opened->appliance.header);
	mutex_lock(&ondemand_lock);
	idle = !--opened->placeholder->opens;
	mutex_unlock(&ondemand_lock);
	if (idle)
		look_later(opened->placeholder);
	kfree(opened);
}

/*
 * Reading and writing
 */

static ssize_t read_list(struct iov_iter *to, loff_t *pos)
{
	size_t n = 0;

	if (*pos >= 0 && *pos < strlen(list))
		n = copy_to_iter(list + *pos, strlen(list) - *pos, to);
	*pos += n;
	return n;
}

static ssize_t ondemand_read(void *context, struct devif_file *file,
			     struct iov_iter *to, loff_t *pos)
{
	struct opened *opened = file->private;
	const struct appliance_interface *appliance;

	if (!opened)
		return read_list(to, pos);
	appliance = &opened->appliance;
	scoped_devif_call(&appliance->header)
		return appliance->read(appliance->header.context, to, pos);
	return -ENODEV;
}

/* The list is not opened for writing. */
static ssize_t ondemand_write(void *context, struct devif_file *file,
			      struct iov_iter *from, loff_t *pos)
{
	struct opened *opened = file->private;
	const struct appliance_interface *appliance = &opened->appliance;

	scoped_devif_call(&appliance->header)
		return appliance->write(appliance->header.context, from, pos);
	return -ENODEV;
}

static const struct devif_file_interface ondemand_interface = {
	.header = DEVIF_INTERFACE_INIT(struct devif_file_interface, 1),
	.open = ondemand_open,
	.release = ondemand_release,
	.read = ondemand_read,
	.write = ondemand_write,
};

/*
 * The enumerator
 */

static int register_interface(const char *reference, struct devif **devif)
{
	static const guid_t class = ONDEMAND_CLASS_GUID;
	const struct devif_desc desc = {
		.class = &class,
		.reference = reference,
		.flags = DEVIF_AUTO | DEVIF_NODE,
		.mode = node_mode,
	};
	int ret = devif_register(enumerator, &desc, devif);

	return ret < 0 ? ret : 0;
}

static int add_placeholder(const char *name)
{
	struct placeholder *placeholder = &placeholders[count];
	char *longer = kasprintf(GFP_KERNEL, "%s%s\n", list ?: "", name);

	if (!longer)
		return -ENOMEM;
	kfree(list);
	list = longer;
	placeholder->name = name;
	INIT_DELAYED_WORK(&placeholder->work, look_after);
	count++;
	return 0;
}

/* Openers may come from here on, so the placeholders must be complete. */
static int register_all(void)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < count && !ret; i++)
		ret = register_interface(placeholders[i].name,
					 &placeholders[i].devif);
	return ret ?: register_interface(NULL, &bus_devif);
}

static int make_enumerator(void)
{
	const struct devif_export_desc desc = {
		.guid = &devif_file_guid,
		.table = devif_header(&ondemand_interface),
	};
	int ret;

	enumerator = root_device_register("devif-enumerator");
	if (IS_ERR(enumerator))
		return PTR_ERR(enumerator);
	ret = devif_export(enumerator, &desc, &export);
	if (ret)
		root_device_unregister(enumerator);
	return ret;
}

/**
 * ondemand_init() - make the enumerator, and interfaces
 * @names: names of the devices that can be made
 * @n: number of names; with 0 no enumerator is made either
 *
 * Return: 0 or a negative errno
 */
int ondemand_init(char **names, unsigned int n)
{
	unsigned int i;
	int ret;

	if (!n)
		return 0;
	ret = appliance_init();
	if (ret)
		return ret;
	ret = make_enumerator();
	if (ret) {
		appliance_exit();
		return ret;
	}
	closed = false;
	for (i = 0; i < n && !ret; i++)
		ret = add_placeholder(names[i]);
	if (!ret)
		ret = register_all();
	if (ret)
		ondemand_exit();
	return ret;
}

/**
 * ondemand_exit() - remove the enumerator and all devices
 *
 * First the work items end, so that no device is made, then the openers, and then the
 * devices are removed.
 */
void ondemand_exit(void)
{
	unsigned int i;

	if (closed)
		return;
	mutex_lock(&ondemand_lock);
	closed = true;
	mutex_unlock(&ondemand_lock);
	for (i = 0; i < count; i++) {
		cancel_delayed_work_sync(&placeholders[i].work);
		devif_unregister(placeholders[i].devif);
	}
	devif_unregister(bus_devif);
	devif_unexport(export);

	for (i = 0; i < count; i++)
		if (placeholders[i].child)
			device_unregister(placeholders[i].child);
	root_device_unregister(enumerator);
	appliance_exit();
	kfree(list);
}
