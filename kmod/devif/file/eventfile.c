// SPDX-License-Identifier: GPL-2.0
/*
 * Event files: an application that has opened an interface reads the events of its
 * device from one.
 *
 * An event file that was opened with DEVIF_EVENTS_ASK speaks for the file that it was opened
 * through: a record asks whether the device may be removed, and an ioctl answers (K7).
 * These records do not go through the ring, where they could be lost.
 */
#include <linux/anon_inodes.h>
#include <linux/compat.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include <uapi/linux/devif.h>

#include "core/keeper.h"
#include "events/events.h"
#include "file/file.h"

#define RECORD_MAX	(sizeof(struct devif_event_record) + DEVIF_EVENT_MAX)

/* Records that are no events of the device. */
enum notice {
	NOTICE_NONE,
	NOTICE_QUESTION,
	NOTICE_CALLED_OFF,
};

static const u8 notice_guids[][16] = {
	[NOTICE_QUESTION] = DEVIF_QUERY_REMOVE_GUID,
	[NOTICE_CALLED_OFF] = DEVIF_REMOVE_CANCELLED_GUID,
};

/* Such a record. */
struct notice_record {
	struct devif_event_record header;
	struct devif_removal_question question;
};

/**
 * struct event_file - an event file
 * @listener: gets the events
 * @share: share of the device's budget of event files
 * @wait: readers that wait for an event
 * @ended: no event will follow
 * @keeper: lists the file in debugfs once the interface has gone
 * @ref: held by the opener, and by a task that waits for an answer
 * @speaker: speaks for the file that the event file was opened through, if asked for
 * @notice: record to be read before all events; guarded by the host's listeners_lock, as
 *	the members below
 * @question: number of the last question
 * @limit: time to answer it, in jiffies
 * @pending: the question has not been answered
 * @refused: the answer was no
 * @agreed: the answer was yes, and the removal may be called off
 * @answered: woken when @pending ends
 */
struct event_file {
	struct devif_listener listener;
	struct devif_share share;
	wait_queue_head_t wait;
	bool ended;
	struct devif_keeper keeper;
	struct kref ref;
	struct devif_speaker speaker;
	enum notice notice;
	u32 question;
	unsigned long limit;
	bool pending;
	bool refused;
	bool agreed;
	wait_queue_head_t answered;
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

/* Context: The host's listeners_lock held. */
static void eventfile_notify(struct event_file *events, enum notice notice)
{
	WRITE_ONCE(events->notice, notice);
	wake_up_interruptible_poll(&events->wait, EPOLLIN | EPOLLRDNORM);
}

/* End a pending question. Context: The host's listeners_lock held. */
static void eventfile_settle(struct event_file *events, bool refused)
{
	if (!events->pending)
		return;
	events->refused = refused;
	if (events->notice == NOTICE_QUESTION)
		WRITE_ONCE(events->notice, NOTICE_NONE);
	WRITE_ONCE(events->pending, false);
	wake_up_all(&events->answered);
}

static void eventfile_changed(struct devif_listener *listener, enum devif_change change)
{
	struct event_file *events = eventfile_of_listener(listener);

	if (change != DEVIF_CHANGE_GONE)
		return;
	eventfile_settle(events, false);
	listener->deaf = true;
	/* pairs with the acquire in event_file_read(): no event comes after it */
	smp_store_release(&events->ended, true);
	wake_up_interruptible_all(&events->wait);
}

static void eventfile_free(struct kref *ref)
{
	struct event_file *events = container_of(ref, struct event_file, ref);

	devif_put(events->listener.devif);
	kfree(events);
}

static bool eventfile_ask(struct devif_listener *listener, unsigned long limit)
{
	struct event_file *events = eventfile_of_listener(listener);

	if (!events->speaker.file || events->ended)
		return false;
	kref_get(&events->ref);
	events->question++;
	events->limit = limit;
	events->refused = false;
	WRITE_ONCE(events->pending, true);
	eventfile_notify(events, NOTICE_QUESTION);
	return true;
}

/* Silence is a refusal. */
static int eventfile_await(struct devif_listener *listener)
{
	struct event_file *events = eventfile_of_listener(listener);
	struct devif_host *host = listener->devif->host;
	long left;
	int ret = 0;

	left = wait_event_killable_timeout(events->answered,
					   !READ_ONCE(events->pending), events->limit);
	spin_lock_irq(&host->listeners_lock);
	if (events->pending) {
		eventfile_settle(events, true);
		ret = left < 0 ? -EINTR : -ETIMEDOUT;
	} else if (events->refused) {
		ret = -EBUSY;
	}
	events->agreed = !ret;
	spin_unlock_irq(&host->listeners_lock);
	kref_put(&events->ref, eventfile_free);
	return ret;
}

static void eventfile_call_off(struct devif_listener *listener)
{
	struct event_file *events = eventfile_of_listener(listener);

	if (!events->agreed || events->ended)
		return;
	events->agreed = false;
	eventfile_notify(events, NOTICE_CALLED_OFF);
}

/* Without a file no answer is needed. */
static void eventfile_file_released(struct devif_speaker *speaker)
{
	eventfile_settle(container_of(speaker, struct event_file, speaker), false);
}

static const struct devif_listener_ops event_file_listener_ops = {
	.kind = "events",
	.has_event = eventfile_has_event,
	.changed = eventfile_changed,
	.ask = eventfile_ask,
	.await = eventfile_await,
	.call_off = eventfile_call_off,
};

static bool eventfile_has_record(const struct event_file *events)
{
	return READ_ONCE(events->notice) ||
	       devif_listener_has_event(&events->listener);
}

/* Wait for an event, or for the end. */
static int wait_for_event(struct event_file *events, bool nonblock)
{
	if (nonblock)
		return eventfile_has_record(events) || READ_ONCE(events->ended) ?
		       0 : -EAGAIN;
	return wait_event_interruptible(events->wait, eventfile_has_record(events) ||
					READ_ONCE(events->ended));
}

/* Take the notice, if there is one and it fits. Return its size, 0 or -EMSGSIZE. */
static ssize_t take_notice(struct event_file *events, size_t room,
			   struct notice_record *record)
{
	struct devif_host *host = events->listener.devif->host;
	ssize_t ret = 0;

	spin_lock_irq(&host->listeners_lock);
	if (events->notice && room < sizeof(*record)) {
		ret = -EMSGSIZE;
	} else if (events->notice) {
		*record = (struct notice_record) {
			.header.size = sizeof(*record),
			.question.number = events->question,
			.question.seconds = events->limit / HZ,
		};
		memcpy(record->header.guid, notice_guids[events->notice],
		       sizeof(record->header.guid));
		WRITE_ONCE(events->notice, NOTICE_NONE);
		ret = sizeof(*record);
	}
	spin_unlock_irq(&host->listeners_lock);
	return ret;
}

static ssize_t read_notice(struct event_file *events, size_t room, struct iov_iter *to)
{
	struct notice_record record;
	ssize_t ret = take_notice(events, room, &record);

	if (ret > 0 && copy_to_iter(&record, ret, to) != ret)
		ret = -EFAULT;
	return ret;
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

		ret = read_notice(events, room, to);
		if (ret)
			return ret;
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
	if (eventfile_has_record(events))
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
	init_waitqueue_head(&events->answered);
	kref_init(&events->ref);
	events->speaker.released = eventfile_file_released;
	devif_name_holder(events->listener.holder, NULL, THIS_MODULE);
	return events;
}

static void remove_events(struct event_file *events)
{
	struct devif_host *host = events->listener.devif->host;

	devif_keeper_remove(&events->keeper);
	devif_file_remove_speaker(host, &events->speaker);
	devif_listener_remove(&events->listener);
	spin_lock_irq(&host->listeners_lock);
	eventfile_settle(events, false);
	spin_unlock_irq(&host->listeners_lock);
	devif_budget_give(&events->share);
	kref_put(&events->ref, eventfile_free);
}

static int event_file_release(struct inode *inode, struct file *file)
{
	remove_events(file->private_data);
	return 0;
}

static int eventfile_answer(struct event_file *events,
			    const struct devif_removal_answer *answer)
{
	struct devif_host *host = events->listener.devif->host;
	int ret = 0;

	if (answer->agree > 1)
		return -EINVAL;
	spin_lock_irq(&host->listeners_lock);
	if (events->pending && answer->number == events->question)
		eventfile_settle(events, !answer->agree);
	else
		ret = -ESTALE;
	spin_unlock_irq(&host->listeners_lock);
	return ret;
}

static long event_file_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct devif_removal_answer answer;

	if (cmd != DEVIF_IOC_ANSWER)
		return -ENOTTY;
	if (copy_from_user(&answer, (void __user *)arg, sizeof(answer)))
		return -EFAULT;
	return eventfile_answer(file->private_data, &answer);
}

static const struct file_operations event_file_operations = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = event_file_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = event_file_release,
	.read_iter = event_file_read,
	.poll = event_file_poll,
	.llseek = noop_llseek,
};

/**
 * devif_eventfile_open() - open an event file
 * @open: an open file
 * @flags: O_CLOEXEC, O_NONBLOCK, DEVIF_EVENTS_ASK
 *
 * Context: May sleep.
 *
 * Return: a file descriptor, -EINVAL, -ENODEV if the interface has gone, or
 * for DEVIF_EVENTS_ASK while its device may be about to be removed, -EUSERS if the
 * device, or the user, has too many, -ENOMEM, or an errno of anon_inode_getfd()
 */
int devif_eventfile_open(struct devif_open_file *open, unsigned long flags)
{
	struct devif *devif = open->file.devif;
	struct event_file *events;
	int ret;

	if (flags & ~(unsigned long)(O_CLOEXEC | O_NONBLOCK | DEVIF_EVENTS_ASK))
		return -EINVAL;
	/* who is asked is not to be asked again, and on and on, by another event file */
	if (flags & DEVIF_EVENTS_ASK && devif_removal_is_pending(devif->host))
		return -ENODEV;
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
	ret = -ENODEV;
	if (flags & DEVIF_EVENTS_ASK && !devif_file_add_speaker(open, &events->speaker))
		goto err_remove;
	ret = anon_inode_getfd("[devif-events]", &event_file_operations, events,
			       O_RDONLY | (flags & (O_CLOEXEC | O_NONBLOCK)));
	if (ret < 0)
		goto err_remove;
	return ret;

err_remove:
	remove_events(events);
	return ret;
err_give:
	devif_budget_give(&events->share);
err_free:
	kfree(events);
	return ret;
}
