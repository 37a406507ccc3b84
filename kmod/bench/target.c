// SPDX-License-Identifier: GPL-2.0
/*
 * Reading 64 bytes that are ready from an opened interface: through a target, by an
 * asynchronous request, and through the character device, beside calling the method
 * by a pointer and reading through a misc device that has the same method.
 *
 * Files are read by kernel_read(): all of a read(2) but the system call itself.
 */
#include <linux/completion.h>
#include <linux/devif.h>
#include <linux/device.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/uio.h>
#include <linux/workqueue.h>

#include "bench.h"

static const guid_t guid = GUID_INIT(0x64657669, 0x662d, 0x6265,
				     0x8e, 0x63, 0x68, 0x2d, 0x74, 0x61, 0x72, 0x67);

#define SIZE	64

static struct device *host;
static struct devif_export *export;
static struct devif *devif;
static struct devif_remote *remote;
static struct devif_target *target;
static struct file *node;
static struct file *misc_node;

/* Data that the read methods return. */
static const u8 content[SIZE];

static ssize_t read_content(void *context, struct devif_file *file,
			    struct iov_iter *to, loff_t *pos)
{
	return copy_to_iter(content, SIZE, to);
}

static const struct devif_file_interface table = {
	.header = DEVIF_INTERFACE_INIT(struct devif_file_interface, 1),
	.read = read_content,
};

static ssize_t misc_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return read_content(NULL, NULL, to, &iocb->ki_pos);
}

static const struct file_operations misc_operations = {
	.owner = THIS_MODULE,
	.read_iter = misc_read_iter,
};

static struct miscdevice misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "devif-bench",
	.fops = &misc_operations,
};

/*
 * Operations
 */

static void direct_call(unsigned int count, void *arg)
{
	const struct devif_file_interface *methods = arg;
	u8 buffer[SIZE];
	struct kvec kvec = { .iov_base = buffer, .iov_len = SIZE };
	ssize_t (*read)(void *context, struct devif_file *file,
			struct iov_iter *to, loff_t *pos);
	struct iov_iter iter;
	loff_t pos = 0;

	while (count--) {
		iov_iter_kvec(&iter, ITER_DEST, &kvec, 1, SIZE);
		read = READ_ONCE(methods->read);
		if (read(NULL, NULL, &iter, &pos) != SIZE)
			return;
	}
}

static void target_read(unsigned int count, void *arg)
{
	u8 buffer[SIZE];

	while (count--)
		if (devif_target_read(target, buffer, SIZE, NULL) != SIZE)
			return;
}

/**
 * struct job - a request, and a completion to wait for
 * @request: the request
 * @done: completed with the request
 * @buffer: to read into
 */
struct job {
	struct devif_request request;
	struct completion done;
	u8 buffer[SIZE];
};

static void job_done(struct devif_request *request, ssize_t result)
{
	complete(&container_of(request, struct job, request)->done);
}

static struct job job = {
	.request = {
		.type = DEVIF_REQUEST_READ,
		.buffer = job.buffer,
		.size = SIZE,
		.complete = job_done,
	},
	.done = COMPLETION_INITIALIZER(job.done),
};

static void target_request(unsigned int count, void *arg)
{
	while (count--) {
		if (devif_target_submit(target, &job.request))
			return;
		wait_for_completion(&job.done);
	}
}

static void read_file(struct file *file, unsigned int count)
{
	u8 buffer[SIZE];
	loff_t pos = 0;

	while (count--)
		if (kernel_read(file, buffer, SIZE, &pos) != SIZE)
			return;
}

static void chardev_read(unsigned int count, void *arg)
{
	read_file(node, count);
}

static void misc_read(unsigned int count, void *arg)
{
	read_file(misc_node, count);
}

/*
 * The module
 */

static int register_interface(void)
{
	static const struct devif_export_desc export_desc = {
		.guid = &devif_file_guid,
		.table = devif_header(&table),
	};
	static const struct devif_desc desc = {
		.class = &guid,
		.flags = DEVIF_AUTO | DEVIF_NODE,
	};
	int ret;

	ret = devif_export(host, &export_desc, &export);
	if (ret)
		return ret;
	ret = devif_register(host, &desc, &devif);
	return ret < 0 ? ret : 0;
}

static int open_target(void)
{
	static const struct devif_remote_desc remote_desc;
	static const struct devif_target_desc target_desc;
	int ret;

	ret = devif_remote_create(devif, &remote_desc, &remote);
	if (ret)
		return ret;
	ret = devif_target_create(remote, &target_desc, &target);
	if (ret)
		return ret;
	return devif_target_open(target, NULL, DEVIF_READ);
}

static int open_files(void)
{
	char path[64];
	int ret;

	snprintf(path, sizeof(path), "/dev/devif/%s", devif_name(devif));
	node = filp_open(path, O_RDONLY, 0);
	if (IS_ERR(node))
		return PTR_ERR(node);
	ret = misc_register(&misc);
	if (ret)
		return ret;
	snprintf(path, sizeof(path), "/dev/%s", misc.name);
	misc_node = filp_open(path, O_RDONLY, 0);
	return PTR_ERR_OR_ZERO(misc_node);
}

static int add_benches(void)
{
	static const struct bench benches[] = {
		{ "direct_call", 10000, direct_call, (void *)&table, true },
		{ "target_read", 10000, target_read, NULL, true },
		{ "target_request", 100, target_request },
		{ "misc_read", 10000, misc_read },
		{ "chardev_read", 10000, chardev_read },
	};

	return bench_add(benches, ARRAY_SIZE(benches));
}

/**
 * bench_target_init() - add the operations of this file
 *
 * Return: 0 or a negative errno
 */
int bench_target_init(void)
{
	int ret;

	host = root_device_register("devif-bench-target");
	if (IS_ERR(host))
		return PTR_ERR(host);
	ret = register_interface();
	if (!ret)
		ret = open_target();
	if (!ret)
		ret = open_files();
	if (!ret)
		ret = add_benches();
	if (ret)
		bench_target_exit();
	return ret;
}

static void close_file(struct file *file)
{
	if (!IS_ERR_OR_NULL(file))
		__fput_sync(file);
}

static void close_files_work(struct work_struct *work)
{
	close_file(misc_node);
	close_file(node);
}

/* Run by a kernel thread, since only that can close a file at once. */
static void close_files(void)
{
	static DECLARE_WORK(work, close_files_work);

	schedule_work(&work);
	flush_work(&work);
}

/**
 * bench_target_exit() - undo bench_target_init()
 */
void bench_target_exit(void)
{
	close_files();
	if (misc.this_device)
		misc_deregister(&misc);
	devif_target_destroy(target);
	devif_remote_destroy(remote);
	devif_unregister(devif);
	devif_unexport(export);
	root_device_unregister(host);
}
