// SPDX-License-Identifier: GPL-2.0
/*
 * Character devices: how user space opens an interface.
 *
 * All interfaces with %DEVIF_NODE share one range of device numbers and one set of
 * file operations. Data goes through a buffer of ours, so that no exporter, and
 * nobody who waits for its calls to end, ever waits for a page of user space.
 */
#include <linux/cdev.h>
#include <linux/compat.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/xarray.h>

#include <uapi/linux/devif.h>

#include "file.h"
#include "query.h"

#define MINORS		(MINORMASK + 1)

/* What is not larger is on the stack. */
#define SMALL		128

/* More than that is transferred in pieces, as with a short read. */
#define LARGE		SZ_64K

static dev_t first_number;
static struct cdev *nodes_cdev;

/* The most numbers that are given out. */
static unsigned int minors = MINORS;
module_param(minors, uint, 0444);
MODULE_PARM_DESC(minors, "device numbers for interfaces with a character device (default and maximum 1048576)");

/*
 * The records by minor number; RCU. A record keeps its number while its interface is
 * absent, so that for user space a device that comes back is the one that left: udev keeps
 * its books by device number. Who has the node of an earlier registration opens the same
 * interface by it.
 */
static DEFINE_XARRAY_ALLOC(nodes);

/* Whose interface is absent: has to give its number up if there are no others. */
#define MARK_ABSENT	XA_MARK_1

/* A number is not given to another at once: somebody may still have the old node. */
static u32 next_minor;

static struct devif_record *find_absent(unsigned long *minor)
{
	struct devif_record *record;

	*minor = next_minor;
	record = xa_find(&nodes, minor, minors - 1, MARK_ABSENT);
	if (record)
		return record;
	*minor = 0;
	return xa_find(&nodes, minor, minors - 1, MARK_ABSENT);
}

/* Context: the lock of the numbers held. Nothing is allocated: the number is in use. */
static int take_from_absent(struct devif_record *record)
{
	struct devif_record *absent;
	unsigned long minor;

	absent = find_absent(&minor);
	if (!absent)
		return -ENOSPC;
	__xa_store(&nodes, minor, record, GFP_NOWAIT);
	absent->minor = DEVIF_NO_MINOR;
	record->minor = minor;
	next_minor = minor + 1;
	return 0;
}

/* Context: the lock of the numbers held, which this may drop for a while. */
static int take_number(struct devif_record *record)
{
	u32 minor;
	int ret;

	ret = __xa_alloc_cyclic(&nodes, &minor, record,
				XA_LIMIT(0, minors - 1), &next_minor,
				GFP_KERNEL);
	if (ret == -EBUSY)
		return take_from_absent(record);
	if (ret < 0)
		return ret;
	record->minor = minor;
	return 0;
}

/**
 * devif_chardev_add() - give an interface a device number
 * @devif: an interface, with %DEVIF_NODE
 *
 * Context: May sleep.
 *
 * Return: 0, -ENOSPC or -ENOMEM
 */
int devif_chardev_add(struct devif *devif)
{
	struct devif_record *record = devif->record;
	int ret = 0;

	xa_lock(&nodes);
	if (record->minor == DEVIF_NO_MINOR)
		ret = take_number(record);
	if (!ret) {
		__xa_clear_mark(&nodes, record->minor, MARK_ABSENT);
		devif->devt = MKDEV(MAJOR(first_number), record->minor);
	}
	xa_unlock(&nodes);
	return ret;
}

/**
 * devif_chardev_remove() - an interface no longer uses its device number
 * @devif: the interface, which may have none
 *
 * Context: May sleep.
 */
void devif_chardev_remove(struct devif *devif)
{
	if (devif->devt)
		xa_set_mark(&nodes, MINOR(devif->devt), MARK_ABSENT);
	devif->devt = 0;
}

/**
 * devif_chardev_forget() - a record no longer keeps a device number
 * @record: the record, which may have none, and has no interface
 *
 * Context: Process context; the registry lock may be held.
 */
void devif_chardev_forget(struct devif_record *record)
{
	xa_lock(&nodes);
	if (record->minor != DEVIF_NO_MINOR)
		__xa_erase(&nodes, record->minor);
	record->minor = DEVIF_NO_MINOR;
	xa_unlock(&nodes);
}

static struct devif *find_node(unsigned int minor)
{
	struct devif_record *record;
	struct devif *devif = NULL;

	rcu_read_lock();
	record = xa_load(&nodes, minor);
	if (record)
		devif = rcu_dereference(record->live);
	/* the number may be from an earlier registration, which had a node */
	if (devif && (!(devif->flags & DEVIF_NODE) || !devif_tryget(devif)))
		devif = NULL;
	rcu_read_unlock();
	return devif;
}

/*
 * File operations
 */

static unsigned int access_of(const struct file *file)
{
	unsigned int access = 0;

	if (file->f_mode & FMODE_READ)
		access |= DEVIF_READ;
	if (file->f_mode & FMODE_WRITE)
		access |= DEVIF_WRITE;
	if (file->f_flags & O_NONBLOCK)
		access |= DEVIF_NONBLOCK;
	return access;
}

static int chardev_open(struct inode *inode, struct file *file)
{
	struct devif *devif = find_node(iminor(inode));
	struct devif_open_file *open;
	int ret;

	if (!devif)
		return -ENODEV;
	open = devif_file_alloc(devif, "", access_of(file), NULL, THIS_MODULE);
	devif_put(devif);
	if (IS_ERR(open))
		return PTR_ERR(open);
	open->user = true;
	ret = devif_file_open(open);
	if (ret) {
		devif_file_put(open);
		return ret;
	}
	file->private_data = open;
	open->keeper.kind = "file";
	open->keeper.holder = devif_handle_of(&open->table.header)->holder;
	open->keeper.devif = open->file.devif;
	devif_keeper_add(&open->keeper);
	return 0;
}

static int chardev_release(struct inode *inode, struct file *file)
{
	struct devif_open_file *open = file->private_data;

	devif_keeper_remove(&open->keeper);
	devif_file_close(open);
	return 0;
}

/* A buffer of @size bytes: @small, if it is large enough. */
static void *get_buffer(size_t size, void *small)
{
	return size <= SMALL ? small : kvmalloc(size, GFP_KERNEL_ACCOUNT);
}

static void put_buffer(void *buffer, void *small)
{
	if (buffer != small)
		kvfree(buffer);
}

static struct devif_io transfer_of(const struct kiocb *iocb,
				   enum devif_io_type type, size_t size)
{
	return (struct devif_io) {
		.type = type,
		.size = min_t(size_t, size, LARGE),
		.pos = iocb->ki_pos,
		.nonblock = devif_is_nonblocking(iocb),
	};
}

static ssize_t chardev_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct devif_open_file *open = iocb->ki_filp->private_data;
	u8 small[SMALL];
	struct devif_io io = transfer_of(iocb, DEVIF_IO_READ,
					 iov_iter_count(to));
	ssize_t ret;

	/* what the exporter gives away is lost if we cannot pass it on */
	io.size -= fault_in_iov_iter_writeable(to, io.size);
	if (!io.size && iov_iter_count(to))
		return -EFAULT;
	io.buffer = get_buffer(io.size, small);
	if (!io.buffer)
		return -ENOMEM;
	ret = devif_file_io(open, &io);
	if (ret > 0 && copy_to_iter(io.buffer, ret, to) != ret)
		ret = -EFAULT;
	if (ret >= 0)
		iocb->ki_pos = io.pos;
	put_buffer(io.buffer, small);
	return ret;
}

static ssize_t chardev_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct devif_open_file *open = iocb->ki_filp->private_data;
	u8 small[SMALL];
	struct devif_io io = transfer_of(iocb, DEVIF_IO_WRITE,
					 iov_iter_count(from));
	ssize_t ret = -EFAULT;

	io.buffer = get_buffer(io.size, small);
	if (!io.buffer)
		return -ENOMEM;
	if (copy_from_iter_full(io.buffer, io.size, from))
		ret = devif_file_io(open, &io);
	if (ret >= 0) {
		iov_iter_revert(from, io.size - ret);
		iocb->ki_pos = io.pos;
	}
	put_buffer(io.buffer, small);
	return ret;
}

static __poll_t chardev_poll(struct file *file, struct poll_table_struct *table)
{
	struct devif_open_file *open = file->private_data;

	poll_wait(file, &open->export->wait, table);
	poll_wait(file, &open->hang_up, table);
	return devif_file_poll(open);
}

/* Perform a command whose argument is in user space. */
static long exporter_ioctl(struct devif_open_file *open, struct devif_io *io,
			   void __user *arg)
{
	bool in = _IOC_DIR(io->cmd) & _IOC_WRITE;
	bool out = _IOC_DIR(io->cmd) & _IOC_READ;
	long ret;

	if (!in)
		memset(io->buffer, 0, io->size);
	else if (copy_from_user(io->buffer, arg, io->size))
		return -EFAULT;
	ret = devif_file_io(open, io);
	if (ret >= 0 && out && copy_to_user(arg, io->buffer, io->size))
		ret = -EFAULT;
	return ret;
}

static long chardev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct devif_open_file *open = file->private_data;
	u8 small[SMALL] __aligned(8);
	struct devif_io io = {
		.type = DEVIF_IO_IOCTL,
		.cmd = cmd,
		.size = _IOC_SIZE(cmd),
		.nonblock = file->f_flags & O_NONBLOCK,
	};
	void *buffer;
	long ret;

	if (cmd == DEVIF_IOC_EVENTS)
		return file->f_mode & FMODE_READ ?
		       devif_eventfile_open(open->file.devif, arg) : -EBADF;

	buffer = get_buffer(io.size, small);
	if (!buffer)
		return -ENOMEM;
	io.buffer = buffer;
	ret = exporter_ioctl(open, &io, (void __user *)arg);
	put_buffer(buffer, small);
	return ret;
}

static const struct file_operations chardev_operations = {
	.owner = THIS_MODULE,
	.open = chardev_open,
	.release = chardev_release,
	.read_iter = chardev_read,
	.write_iter = chardev_write,
	.poll = chardev_poll,
	.unlocked_ioctl = chardev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = no_seek_end_llseek,
};

int devif_chardev_init(void)
{
	int ret;

	if (!minors || minors > MINORS) {
		pr_err("devif: minors: %u is none, or more than %u\n", minors,
		       MINORS);
		return -EINVAL;
	}
	ret = alloc_chrdev_region(&first_number, 0, MINORS, "devif");
	if (ret)
		return ret;
	nodes_cdev = cdev_alloc();
	if (!nodes_cdev) {
		ret = -ENOMEM;
		goto err_region;
	}
	nodes_cdev->owner = THIS_MODULE;
	nodes_cdev->ops = &chardev_operations;
	ret = cdev_add(nodes_cdev, first_number, MINORS);
	if (ret)
		goto err_cdev;
	return 0;

err_cdev:
	kobject_put(&nodes_cdev->kobj);
err_region:
	unregister_chrdev_region(first_number, MINORS);
	return ret;
}

void devif_chardev_exit(void)
{
	cdev_del(nodes_cdev);
	unregister_chrdev_region(first_number, MINORS);
	xa_destroy(&nodes);
}
