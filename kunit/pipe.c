// SPDX-License-Identifier: GPL-2.0
/*
 * An exporter that can be opened: a read returns the bytes written before.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fixture.h"
#include "pipe.h"

/*
 * Entering and leaving
 */

static void count(struct pipe *pipe, atomic_t *counter)
{
	atomic_inc(counter);
	wake_up_all(&pipe->changed);
}

static struct pipe *begin_call(void *context, struct devif_file *file,
			       enum pipe_method method)
{
	struct pipe *pipe = devif_context(context);
	struct pipe_file *private = file->private;

	might_sleep();
	if (private) {
		atomic_inc(&private->inside);
		if (atomic_read(&private->releases))
			atomic_inc(&pipe->mistakes);
	}
	if (atomic_read(&pipe->context_releases) ==
	    atomic_read(&pipe->exports))
		atomic_inc(&pipe->mistakes);
	count(pipe, &pipe->calls[method]);
	return pipe;
}

/* Block in a method, if the test wants that. */
static void stay(struct pipe *pipe, enum pipe_method method)
{
	if (READ_ONCE(pipe->stay) != method)
		return;
	complete(&pipe->entered);
	/* a failed test does not complete @leave */
	if (!wait_for_completion_timeout(&pipe->leave, PATIENCE))
		atomic_inc(&pipe->mistakes);
}

static long end_call(struct pipe *pipe, struct devif_file *file,
		     enum pipe_method method, long result)
{
	struct pipe_file *private = file->private;

	if (private)
		atomic_dec(&private->inside);
	if (result == -EAGAIN)
		count(pipe, &pipe->refusals[method]);
	return result;
}

/*
 * Files
 */

static void forget_file(struct pipe_file *private)
{
	kfree(private->path);
	kfree(private);
}

static int remember_file(struct pipe *pipe, struct devif_file *file)
{
	struct pipe_file *private = kzalloc(sizeof(*private), GFP_KERNEL);

	if (!private)
		return -ENOMEM;
	private->path = kstrdup(file->path, GFP_KERNEL);
	if (!private->path) {
		kfree(private);
		return -ENOMEM;
	}
	private->file = file;
	private->devif = file->devif;
	private->access = file->access;
	/* end_call() expects one call inside */
	atomic_set(&private->inside, 1);
	file->private = private;
	spin_lock_irq(&pipe->lock);
	list_add_tail(&private->entry, &pipe->files);
	spin_unlock_irq(&pipe->lock);
	count(pipe, &pipe->opens);
	return 0;
}

static int method_open(void *context, struct devif_file *file)
{
	struct pipe *pipe;
	int ret;

	pipe = begin_call(context, file, PIPE_OPEN);
	if (file->private)
		atomic_inc(&pipe->mistakes);
	stay(pipe, PIPE_OPEN);
	ret = pipe->on_open ? pipe->on_open(pipe) : READ_ONCE(pipe->verdict);
	if (!ret)
		ret = remember_file(pipe, file);
	return end_call(pipe, file, PIPE_OPEN, ret);
}

static void method_release(void *context, struct devif_file *file)
{
	struct pipe *pipe = begin_call(context, file, PIPE_RELEASE);
	struct pipe_file *private = file->private;

	/* this call is the only one inside */
	if (atomic_read(&private->inside) != 1 || private->file != file ||
	    atomic_inc_return(&private->releases) != 1)
		atomic_inc(&pipe->mistakes);
	stay(pipe, PIPE_RELEASE);
	end_call(pipe, file, PIPE_RELEASE, 0);
	count(pipe, &pipe->releases);
	if (pipe->on_release)
		pipe->on_release(pipe);
}

/*
 * Data
 */

/* Remove the oldest @size bytes. */
static void consume(struct pipe *pipe, size_t size)
{
	pipe->level -= size;
	memmove(pipe->data, pipe->data + size, pipe->level);
}

static ssize_t take(struct pipe *pipe, struct iov_iter *to)
{
	size_t size;

	if (!pipe->level)
		return pipe->at_end ? 0 : -EAGAIN;
	size = min(pipe->level, iov_iter_count(to));
	if (copy_to_iter(pipe->data, size, to) != size)
		return -EFAULT;
	consume(pipe, size);
	return size + pipe->claim;
}

static ssize_t give(struct pipe *pipe, struct iov_iter *from)
{
	size_t size = min(PIPE_SIZE - pipe->level, iov_iter_count(from));

	if (!size && iov_iter_count(from))
		return -EAGAIN;
	if (copy_from_iter(pipe->data + pipe->level, size, from) != size)
		return -EFAULT;
	pipe->level += size;
	return size + pipe->claim;
}

/* Called inside of a method, or before the export's end, so the export is valid. */
static void wake(struct pipe *pipe, __poll_t events)
{
	struct devif_export *export = READ_ONCE(pipe->export);

	if (export)
		devif_wake(export, events);
}

static ssize_t method_read(void *context, struct devif_file *file,
			   struct iov_iter *to, loff_t *pos)
{
	struct pipe *pipe = begin_call(context, file, PIPE_READ);
	ssize_t ret;

	stay(pipe, PIPE_READ);
	spin_lock_irq(&pipe->lock);
	ret = take(pipe, to);
	spin_unlock_irq(&pipe->lock);
	if (ret > 0) {
		*pos += ret;
		wake(pipe, EPOLLOUT);
	}
	return end_call(pipe, file, PIPE_READ, ret);
}

static ssize_t method_write(void *context, struct devif_file *file,
			    struct iov_iter *from, loff_t *pos)
{
	struct pipe *pipe = begin_call(context, file, PIPE_WRITE);
	ssize_t ret;

	stay(pipe, PIPE_WRITE);
	spin_lock_irq(&pipe->lock);
	ret = give(pipe, from);
	spin_unlock_irq(&pipe->lock);
	if (ret > 0) {
		*pos += ret;
		wake(pipe, EPOLLIN);
	}
	return end_call(pipe, file, PIPE_WRITE, ret);
}

static long control(struct pipe *pipe, unsigned int cmd, void *arg)
{
	if (!arg != !_IOC_SIZE(cmd))
		return -EFAULT;
	switch (cmd) {
	case PIPE_IOC_NOTHING:
		return 0;
	case PIPE_IOC_TWICE:
		*(u32 *)arg *= 2;
		return 0;
	case PIPE_IOC_LEVEL:
		*(u32 *)arg = pipe->level;
		return 3;
	case PIPE_IOC_AWAIT:
		return pipe->level ? 0 : -EAGAIN;
	default:
		return -ENOTTY;
	}
}

static long method_ioctl(void *context, struct devif_file *file,
			 unsigned int cmd, void *arg)
{
	struct pipe *pipe = begin_call(context, file, PIPE_IOCTL);
	long ret;

	stay(pipe, PIPE_IOCTL);
	spin_lock_irq(&pipe->lock);
	ret = control(pipe, cmd, arg);
	spin_unlock_irq(&pipe->lock);
	return end_call(pipe, file, PIPE_IOCTL, ret);
}

/* Feed the pipe, in any context. */
void pipe_feed(struct pipe *pipe, const char *text)
{
	unsigned long flags;

	spin_lock_irqsave(&pipe->lock, flags);
	while (*text && pipe->level < PIPE_SIZE)
		pipe->data[pipe->level++] = *text++;
	wake(pipe, EPOLLIN);
	spin_unlock_irqrestore(&pipe->lock, flags);
}

/* Fill the pipe. */
void pipe_fill(struct pipe *pipe)
{
	spin_lock_irq(&pipe->lock);
	memset(pipe->data, 'x', PIPE_SIZE);
	pipe->level = PIPE_SIZE;
	spin_unlock_irq(&pipe->lock);
}

void pipe_empty(struct pipe *pipe)
{
	spin_lock_irq(&pipe->lock);
	pipe->level = 0;
	spin_unlock_irq(&pipe->lock);
	wake(pipe, EPOLLOUT);
}

/* Accept opens, and wake waiting openers. */
void pipe_accept(struct pipe *pipe)
{
	WRITE_ONCE(pipe->verdict, 0);
	wake(pipe, EPOLLIN);
}

/*
 * Exporting
 */

static void release_context(void *context)
{
	struct pipe *pipe = context;

	/* each file has been released by now */
	if (atomic_read(&pipe->releases) != atomic_read(&pipe->opens))
		atomic_inc(&pipe->mistakes);
	atomic_inc(&pipe->context_releases);
}

static void forget_files(struct pipe *pipe)
{
	struct pipe_file *private, *next;

	list_for_each_entry_safe(private, next, &pipe->files, entry) {
		if (pipe->table.release)
			KUNIT_EXPECT_EQ(pipe->test,
					atomic_read(&private->releases), 1);
		forget_file(private);
	}
}

/* Wait for the work item that releases the context if a method has ended the export. */
static void await_context_releases(struct pipe *pipe)
{
	unsigned long end = jiffies + PATIENCE;

	while (atomic_read(&pipe->context_releases) !=
	       atomic_read(&pipe->exports) && time_before(jiffies, end))
		msleep(20);
}

/* Check after any test that all opens and exports have been released. */
static void end_pipe(void *arg)
{
	struct pipe *pipe = arg;
	struct kunit *test = pipe->test;

	complete_all(&pipe->leave);
	pipe_unexport(pipe);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->mistakes), 0);
	if (pipe->table.release)
		KUNIT_EXPECT_EQ(test, atomic_read(&pipe->releases),
				atomic_read(&pipe->opens));
	await_context_releases(pipe);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->context_releases),
			atomic_read(&pipe->exports));
	forget_files(pipe);
	kfree(pipe);
}

struct pipe *pipe_new(struct kunit *test)
{
	struct pipe *pipe = kzalloc(sizeof(*pipe), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pipe);
	pipe->test = test;
	pipe->table = (struct devif_file_interface) {
		.header = DEVIF_INTERFACE_INIT(struct devif_file_interface, 1),
		.open = method_open,
		.release = method_release,
		.read = method_read,
		.write = method_write,
		.ioctl = method_ioctl,
	};
	pipe->desc = (struct devif_export_desc) {
		.guid = &devif_file_guid,
		.table = devif_header(&pipe->table),
		.context = pipe,
		.release = release_context,
	};
	spin_lock_init(&pipe->lock);
	INIT_LIST_HEAD(&pipe->files);
	pipe->stay = PIPE_METHODS;
	init_completion(&pipe->entered);
	init_completion(&pipe->leave);
	init_waitqueue_head(&pipe->changed);
	fixture_defer(test, end_pipe, pipe);
	return pipe;
}

/* Export the pipe, which may be opened before this function returns. */
int pipe_try(struct pipe *pipe, struct device *dev)
{
	int ret;

	atomic_inc(&pipe->exports);
	ret = devif_export(dev, &pipe->desc, &pipe->export);
	if (ret)
		atomic_dec(&pipe->exports);
	return ret;
}

int pipe_try_managed(struct pipe *pipe, struct device *dev)
{
	int ret;

	atomic_inc(&pipe->exports);
	ret = devm_devif_export(dev, &pipe->desc, NULL);
	if (ret)
		atomic_dec(&pipe->exports);
	return ret;
}

struct pipe *pipe_export(struct kunit *test, struct device *dev)
{
	struct pipe *pipe = pipe_new(test);

	KUNIT_ASSERT_EQ(test, pipe_try(pipe, dev), 0);
	return pipe;
}

void pipe_unexport(struct pipe *pipe)
{
	struct devif_export *export = pipe->export;

	WRITE_ONCE(pipe->export, NULL);
	devif_unexport(export);
}

/*
 * Use by tests
 */

struct pipe_file *pipe_last_file(struct pipe *pipe)
{
	KUNIT_ASSERT_FALSE(pipe->test, list_empty(&pipe->files));
	return list_last_entry(&pipe->files, struct pipe_file, entry);
}

/* Wait until the method has returned -EAGAIN @number times. */
void pipe_await_refusal(struct pipe *pipe, enum pipe_method method, int number)
{
	wait_event_timeout(pipe->changed,
			   atomic_read(&pipe->refusals[method]) >= number,
			   PATIENCE);
	KUNIT_ASSERT_GE(pipe->test, atomic_read(&pipe->refusals[method]),
			number);
}

/* Wake a waiter in vain, and wait until its method has returned -EAGAIN again. */
void pipe_wake_in_vain(struct pipe *pipe, enum pipe_method method)
{
	int before = atomic_read(&pipe->refusals[method]);

	wake(pipe, EPOLLIN | EPOLLOUT);
	pipe_await_refusal(pipe, method, before + 1);
}

void pipe_expect_released(struct pipe *pipe, int number)
{
	KUNIT_EXPECT_EQ(pipe->test, atomic_read(&pipe->releases), number);
	KUNIT_EXPECT_EQ(pipe->test, atomic_read(&pipe->opens), number);
}
