// SPDX-License-Identifier: GPL-2.0
/*
 * Event files: an application that has opened an interface reads the events of its
 * device from one.
 */
#include <linux/anon_inodes.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include <uapi/linux/devif.h>

#include "core/keeper.h"
#include "events/events.h"

#define RECORD_MAX	(sizeof(struct devif_event_record) + DEVIF_EVENT_MAX)

/**
 * struct event_file - an event file
 * @listener: gets the events
 * @share: share of the device's budget of event files
 * @wait: readers that wait for an event
 * @ended: no event will follow
 * @keeper: lists the file in debugfs once the interface has gone
 */
struct event_file {
	struct devif_listener listener;
	struct devif_share share;
	wait_queue_head_t wait;
	bool ended;
	struct devif_keeper keeper;
};

static struct event_file *eventfile_of_listener(struct devif_listener *listener)
{
	return container_of(listener, struct event_file, listener);
}

static void eventfile_has_event(struct devif_listener *listener)
{
	wake_up_interruptible_poll(&eventfile_of_listener(listener)->wait,
				   EPOLLIN | EPOLLRDNORM);
}

static void eventfile_changed(struct devif_listener *listener, enum devif_change change)
{
	struct event_file *events = eventfile_of_listener(listener);

	if (change != DEVIF_CHANGE_GONE)
		return;
	listener->deaf = true;
	/* pairs with the acquire in event_file_read(): no event comes after it */
	smp_store_release(&events->ended, true);
	wake_up_interruptible_all(&events->wait);
}

static const struct devif_listener_ops event_file_listener_ops = {
	.kind = "events",
	.has_event = eventfile_has_event,
	.changed = eventfile_changed,
};

/* Wait for an event, or for the end. */
static int wait_for_event(struct event_file *events, bool nonblock)
{
	if (nonblock) {
		if (devif_listener_has_event(&events->listener) ||
		    READ_ONCE(events->ended))
			return 0;
		return -EAGAIN;
	}
	return wait_event_interruptible(events->wait,
					devif_listener_has_event(&events->listener) ||
					READ_ONCE(events->ended));
}

static ssize_t copy_record(const struct devif_event_item *item,
			   unsigned long lost, struct iov_iter *to)
{
	struct devif_event_record record = {
		.size = sizeof(record) + item->size,
		.lost = min_t(unsigned long, lost, U32_MAX),
	};

	export_guid(record.guid, &item->guid);
	if (copy_to_iter(&record, sizeof(record), to) != sizeof(record) ||
	    copy_to_iter(item->data, item->size, to) != item->size)
		return -EFAULT;
	return record.size;
}

static ssize_t event_file_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct event_file *events = iocb->ki_filp->private_data;
	bool nonblock = devif_is_nonblocking(iocb);
	size_t room = min_t(size_t, iov_iter_count(to), RECORD_MAX);
	struct devif_event_item *item;
	unsigned long lost;
	ssize_t ret;

	if (room < sizeof(struct devif_event_record))
		return -EMSGSIZE;
	/* an event that is taken and cannot be copied is lost */
	room -= fault_in_iov_iter_writeable(to, room);
	if (room < sizeof(struct devif_event_record))
		return -EFAULT;
	for (;;) {
		/* pairs with the release in eventfile_changed() */
		bool ended = smp_load_acquire(&events->ended);

		item = devif_listener_take(&events->listener, room -
					   sizeof(struct devif_event_record),
					   &lost);
		if (item)
			break;
		if (ended)
			return 0;
		ret = wait_for_event(events, nonblock);
		if (ret)
			return ret;
	}
	if (IS_ERR(item))
		return PTR_ERR(item);
	ret = copy_record(item, lost, to);
	devif_event_put(item);
	return ret;
}

static __poll_t event_file_poll(struct file *file,
				struct poll_table_struct *table)
{
	struct event_file *events = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &events->wait, table);
	if (devif_listener_has_event(&events->listener))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(events->ended))
		mask |= EPOLLHUP;
	return mask;
}

/* Posting an event walks all of a device's. */
static const struct devif_budget_limits event_files_limits = {
	.user = 64,
	.unprivileged = 192,
	.all = 256,
};

static struct event_file *alloc_events(void)
{
	struct event_file *events = kzalloc(sizeof(*events), GFP_KERNEL_ACCOUNT);

	if (!events)
		return NULL;
	init_waitqueue_head(&events->wait);
	devif_name_holder(events->listener.holder, NULL, THIS_MODULE);
	return events;
}

static void remove_events(struct event_file *events)
{
	struct devif *devif = events->listener.devif;

	devif_keeper_remove(&events->keeper);
	devif_listener_remove(&events->listener);
	devif_budget_give(&events->share);
	devif_put(devif);
	kfree(events);
}

static int event_file_release(struct inode *inode, struct file *file)
{
	remove_events(file->private_data);
	return 0;
}

static const struct file_operations event_file_operations = {
	.owner = THIS_MODULE,
	.release = event_file_release,
	.read_iter = event_file_read,
	.poll = event_file_poll,
	.llseek = noop_llseek,
};

/**
 * devif_eventfile_open() - open an event file
 * @devif: an interface of the device
 * @flags: O_CLOEXEC, O_NONBLOCK
 *
 * Context: May sleep.
 *
 * Return: a file descriptor, -EINVAL, -ENODEV if the interface has gone, -EUSERS if the
 * device, or the user, has too many, -ENOMEM, or an errno of anon_inode_getfd()
 */
int devif_eventfile_open(struct devif *devif, unsigned long flags)
{
	struct event_file *events;
	int ret;

	if (flags & ~(unsigned long)(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	events = alloc_events();
	if (!events)
		return -ENOMEM;
	ret = devif_budget_take(&devif->host->event_files, &event_files_limits,
				1, &events->share);
	if (ret)
		goto err_free;
	ret = devif_listener_add(&events->listener, &event_file_listener_ops,
				 devif, false);
	if (ret)
		goto err_give;
	events->keeper.kind = event_file_listener_ops.kind;
	events->keeper.holder = events->listener.holder;
	events->keeper.devif = devif;
	devif_keeper_add(&events->keeper);
	ret = anon_inode_getfd("[devif-events]", &event_file_operations, events,
			       O_RDONLY | flags);
	if (ret < 0)
		remove_events(events);
	return ret;

err_give:
	devif_budget_give(&events->share);
err_free:
	kfree(events);
	return ret;
}
