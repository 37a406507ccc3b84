// SPDX-License-Identifier: GPL-2.0
/*
 * Opened toasters, after toaster_ioctl.h.
 *
 * All openers of a toaster share its slots. No method waits: a method that cannot go on
 * now returns -EAGAIN, and is called again when the slices have popped up, or have been
 * taken out.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/devif.h>
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "toaster.h"
#include "toaster_interface.h"
#include "toaster_ioctl.h"

/*
 * Popping up
 */

static void tell(const struct toaster *toaster, u32 count)
{
	static const guid_t popped = TOASTER_EVENT_POPPED;

	devif_wake(toaster->export, EPOLLIN | EPOLLRDNORM);
	devif_post_event(toaster->dev, &popped, &count, sizeof(count));
}

/* Return the number of slices that have popped up. */
static unsigned int pop(struct toaster *toaster)
{
	unsigned int i, count = 0;

	mutex_lock(&toaster->lock);
	if (!toaster->popped) {
		count = toaster->count;
		toaster->popped = count;
		/* the next slices start it again */
		cancel_delayed_work(&toaster->pop_work);
	}
	for (i = 0; i < count; i++)
		toaster->slots[i] = toupper(toaster->slots[i]);
	mutex_unlock(&toaster->lock);

	if (count) {
		atomic_long_add(count, &toaster->slices);
		tell(toaster, count);
	}
	return count;
}

static void pop_work(struct work_struct *work)
{
	pop(container_of(work, struct toaster, pop_work.work));
}

static void start(struct toaster *toaster)
{
	unsigned int level = READ_ONCE(toaster->level);

	schedule_delayed_work(&toaster->pop_work,
			      msecs_to_jiffies(10 * (level + 1)));
}

/* Called before the export ends, which pop() wakes, and the device, which has the event. */
static void stop(void *data)
{
	struct toaster *toaster = data;

	/* methods are not called any more, so none starts it again */
	cancel_delayed_work_sync(&toaster->pop_work);
}

/*
 * The slots
 */

static ssize_t read_slots(struct toaster *toaster, struct iov_iter *to)
{
	size_t n;

	mutex_lock(&toaster->lock);
	if (!toaster->popped) {
		mutex_unlock(&toaster->lock);
		return -EAGAIN;
	}
	n = copy_to_iter(toaster->slots, toaster->count, to);
	toaster->count -= n;
	memmove(toaster->slots, toaster->slots + n, toaster->count);
	toaster->popped = toaster->count;
	mutex_unlock(&toaster->lock);

	devif_wake(toaster->export, EPOLLOUT | EPOLLWRNORM);
	return n;
}

static ssize_t write_slots(struct toaster *toaster, struct iov_iter *from)
{
	size_t n = 0;

	guard(mutex)(&toaster->lock);
	if (!toaster->popped)
		n = copy_from_iter(toaster->slots + toaster->count,
				   TOASTER_SLOTS - toaster->count, from);
	toaster->count += n;
	/* later slices do not delay earlier ones: start() has no effect on pending work */
	if (n)
		start(toaster);
	return n ?: -EAGAIN;
}

static __poll_t poll_slots(struct toaster *toaster)
{
	__poll_t events = 0;

	guard(mutex)(&toaster->lock);
	if (toaster->popped)
		events = EPOLLIN | EPOLLRDNORM;
	else if (toaster->count < TOASTER_SLOTS)
		events = EPOLLOUT | EPOLLWRNORM;
	return events;
}

static ssize_t read_status(struct toaster *toaster, struct iov_iter *to,
			   loff_t *pos)
{
	char line[64];
	size_t n = 0;
	int length;

	mutex_lock(&toaster->lock);
	length = scnprintf(line, sizeof(line), "level=%u slices=%u popped=%d\n",
			   READ_ONCE(toaster->level), toaster->count,
			   toaster->popped);
	mutex_unlock(&toaster->lock);

	if (*pos >= 0 && *pos < length)
		n = copy_to_iter(line + *pos, length - *pos, to);
	*pos += n;
	return n;
}

/*
 * The methods
 */

static atomic_long_t opened, closed;

/* A toaster has two files only. */
static bool is_status(const struct devif_file *file)
{
	return *file->path;
}

static int slots_open(void *context, struct devif_file *file)
{
	if (is_status(file)) {
		if (strcmp(file->path, "status"))
			return -ENOENT;
		if (file->access & DEVIF_WRITE)
			return -EACCES;
	}
	atomic_long_inc(&opened);
	return 0;
}

static void slots_release(void *context, struct devif_file *file)
{
	atomic_long_inc(&closed);
}

static ssize_t slots_read(void *context, struct devif_file *file,
			  struct iov_iter *to, loff_t *pos)
{
	struct toaster *toaster = devif_context(context);

	if (!iov_iter_count(to))
		return 0;
	if (is_status(file))
		return read_status(toaster, to, pos);
	return read_slots(toaster, to);
}

static ssize_t slots_write(void *context, struct devif_file *file,
			   struct iov_iter *from, loff_t *pos)
{
	if (!iov_iter_count(from))
		return 0;
	return write_slots(devif_context(context), from);
}

static long slots_ioctl(void *context, struct devif_file *file, unsigned int cmd,
			void *arg)
{
	struct toaster *toaster = devif_context(context);
	u32 *level = arg;

	if (is_status(file))
		return -ENOTTY;
	switch (cmd) {
	case TOASTER_SET_LEVEL:
		return toaster_set_level(toaster, *level);
	case TOASTER_GET_LEVEL:
		*level = READ_ONCE(toaster->level);
		return 0;
	case TOASTER_POP:
		return pop(toaster);
	default:
		return -ENOTTY;
	}
}

static __poll_t slots_poll(void *context, struct devif_file *file)
{
	if (is_status(file))
		return EPOLLIN | EPOLLRDNORM;
	return poll_slots(devif_context(context));
}

static const struct devif_file_interface slots_interface = {
	.header = DEVIF_INTERFACE_INIT(struct devif_file_interface, 1),
	.open = slots_open,
	.release = slots_release,
	.read = slots_read,
	.write = slots_write,
	.ioctl = slots_ioctl,
	.poll = slots_poll,
};

/**
 * slots_export() - let a toaster be opened
 * @dev: the toaster, whose probe() is calling
 * @toaster: state of @dev, of which the caller has a reference
 *
 * No opener comes before probe() has succeeded, so the export need not be the last step.
 *
 * Return: 0 or a negative errno
 */
int slots_export(struct device *dev, struct toaster *toaster)
{
	const struct devif_export_desc desc = {
		.guid = &devif_file_guid,
		.table = devif_header(&slots_interface),
		.context = toaster,
		.release = toaster_put,
	};
	int ret;

	mutex_init(&toaster->lock);
	INIT_DELAYED_WORK(&toaster->pop_work, pop_work);
	toaster->dev = dev;

	kref_get(&toaster->ref);
	ret = devm_devif_export(dev, &desc, &toaster->export);
	if (ret) {
		toaster_put(toaster);
		return ret;
	}
	return devm_add_action_or_reset(dev, stop, toaster);
}

/**
 * slots_report() - log the counts of opens and closes since the module was loaded
 */
void slots_report(void)
{
	pr_info("opened=%ld closed=%ld\n",
		atomic_long_read(&opened), atomic_long_read(&closed));
}
