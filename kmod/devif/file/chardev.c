// SPDX-License-Identifier: GPL-2.0
/*
 * Character devices: interfaces opened by user space.
 *
 * All interfaces with %DEVIF_NODE share one range of device numbers and one set of
 * file operations. Data goes through a buffer of ours, so that no exporter, and no
 * removal that waits for its calls to end, ever waits for a page of user space.
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

#include <uapi/linux/devif.h>

#include "file/file.h"

/* Buffers up to this size are on the stack. */
#define SMALL		128

/* Longest transfer; a longer one is cut short. */
#define LARGE		SZ_64K

static struct cdev *nodes_cdev;

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
	struct devif *devif = devif_minor_find(iminor(inode));
	struct devif_open_file *open;
	int ret;

	if (!devif)
		return -ENODEV;
	open = devif_file_alloc(devif, "", access_of(file), NULL, 0,
				THIS_MODULE);
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

/* Return a buffer of @size bytes, for put_buffer(): @small if large enough. */
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

	/* data that the exporter has handed over and cannot be copied is lost */
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
		       devif_eventfile_open(open, arg) : -EBADF;

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
	dev_t first;
	int ret;

	ret = devif_minor_init(&first);
	if (ret)
		return ret;
	nodes_cdev = cdev_alloc();
	if (!nodes_cdev) {
		ret = -ENOMEM;
		goto err_region;
	}
	nodes_cdev->owner = THIS_MODULE;
	nodes_cdev->ops = &chardev_operations;
	ret = cdev_add(nodes_cdev, first, DEVIF_MINORS);
	if (ret)
		goto err_cdev;
	return 0;

err_cdev:
	kobject_put(&nodes_cdev->kobj);
err_region:
	devif_minor_exit();
	return ret;
}

void devif_chardev_exit(void)
{
	cdev_del(nodes_cdev);
	devif_minor_exit();
}
