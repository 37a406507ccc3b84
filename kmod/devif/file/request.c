// SPDX-License-Identifier: GPL-2.0
/*
 * Requests: asynchronous reads, writes and ioctls of a target.
 *
 * A request is a work item. The item calls the exporter; on -EAGAIN the request stays in
 * the wait queue of the export, and devif_wake() queues the item once more. So do the
 * cancellation of the request, its timeout, and the end of its file. So all that happens to
 * a request happens in its work item, and the completion is the last of it.
 *
 * Exporters and completions may sleep, and a workqueue runs a limited number of work items
 * at a time. So each target has a workqueue of its own: a sleeping item delays no other target.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/export.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "file/target.h"

/**
 * struct request_item - a work item that makes the attempts of a request
 * @work: the work item
 * @request: the request; belongs to its owner again when it is completed
 * @timer: one if the request has a timeout, else none
 *
 * A work item waits for a running one of the same address, whatever the workqueue. The
 * owner may reuse the address of a request whose completion sleeps. So the item is in
 * memory of ours, until the completion has returned.
 */
struct request_item {
	struct work_struct work;
	struct devif_request *request;
	struct timer_list timer[];
};

/* Context: Any, under the lock of the queue. */
static int request_woken(struct wait_queue_entry *wait, unsigned int mode, int flags,
			 void *key)
{
	devif_request_kick(container_of(wait, struct devif_request, wait));
	return 0;
}

/* Return whether the request was not waiting before: then it may have missed a wake-up. */
static bool begin_to_wait(struct devif_request *request)
{
	if (test_and_set_bit(DEVIF_REQUEST_WAITING, &request->state))
		return false;
	init_waitqueue_func_entry(&request->wait, request_woken);
	/* a wake-up wakes all; exclusive entries go to the end, so the oldest is first */
	add_wait_queue_exclusive(&request->file->export->wait, &request->wait);
	return true;
}

/* Have the last attempt made. The request is there, for its end waits for this function. */
static void request_expire(struct timer_list *timer)
{
	struct request_item *item = container_of(timer, struct request_item, timer[0]);

	set_bit(DEVIF_REQUEST_EXPIRED, &item->request->state);
	devif_request_kick(item->request);
}

/* Return the timer of a request with a timeout. */
static struct timer_list *request_timer(const struct devif_request *request)
{
	return container_of(request->work, struct request_item, work)->timer;
}

/* Let no further attempt be made. */
static void request_end(struct devif_request *request)
{
	struct devif_open_file *open = request->file;
	unsigned long flags;

	if (test_bit(DEVIF_REQUEST_WAITING, &request->state))
		remove_wait_queue(&open->export->wait, &request->wait);
	spin_lock_irqsave(&open->lock, flags);
	list_del_init(&request->entry);
	WRITE_ONCE(request->file, NULL);
	spin_unlock_irqrestore(&open->lock, flags);
	if (test_bit(DEVIF_REQUEST_TIMED, &request->state))
		compat_timer_delete_sync(request_timer(request));
	/* an attempt may have been queued during this one */
	cancel_work(request->work);
}

static struct devif_io request_io(const struct devif_request *request)
{
	struct devif_io io = {
		.buffer = request->buffer,
		.size = request->size,
		.pos = request->pos,
		.cmd = request->cmd,
		.timeout = request->timeout,
	};

	switch (request->type) {
	case DEVIF_REQUEST_READ:
		io.type = DEVIF_IO_READ;
		break;
	case DEVIF_REQUEST_WRITE:
		io.type = DEVIF_IO_WRITE;
		break;
	case DEVIF_REQUEST_IOCTL:
		io.type = DEVIF_IO_IOCTL;
		break;
	}
	return io;
}

static ssize_t request_attempt(struct devif_request *request)
{
	struct devif_io io = request_io(request);
	ssize_t ret;

	if (test_bit(DEVIF_REQUEST_CANCELLED, &request->state))
		return -ECANCELED;
	ret = devif_file_attempt(request->file, &io);
	request->pos = io.pos;
	return ret;
}

/* @item is %NULL if its allocation has failed. */
static void request_make(struct devif_request *request, struct request_item *item)
{
	struct devif_open_file *open = request->file;
	bool may_wait = !(open->file.access & DEVIF_NONBLOCK);
	ssize_t ret = request_attempt(request);

	if (ret == -EAGAIN && may_wait && begin_to_wait(request))
		ret = request_attempt(request);
	if (ret == -EAGAIN && may_wait) {
		if (!test_bit(DEVIF_REQUEST_EXPIRED, &request->state))
			return;
		ret = -ETIMEDOUT;
	}
	request_end(request);
	request->complete(request, ret);
	kfree(item);
	devif_target_end_call(open);
}

static void request_item_work(struct work_struct *work)
{
	struct request_item *item = container_of(work, struct request_item, work);

	request_make(item->request, item);
}

static void request_spare_work(struct work_struct *work)
{
	request_make(container_of(work, struct devif_request, spare_work), NULL);
}

/*
 * Without memory for an item, a later request at the same address may have to wait; but a
 * timeout needs the memory. Return 0 or -ENOMEM.
 */
static int request_init_work(struct devif_request *request)
{
	bool timed = request->timeout;
	struct request_item *item;

	item = kmalloc(struct_size(item, timer, timed), GFP_NOWAIT | __GFP_NOWARN);
	if (!item && timed)
		return -ENOMEM;
	if (item) {
		item->request = request;
		INIT_WORK(&item->work, request_item_work);
		request->work = &item->work;
	} else {
		INIT_WORK(&request->spare_work, request_spare_work);
		request->work = &request->spare_work;
	}
	if (timed) {
		timer_setup(&item->timer[0], request_expire, 0);
		set_bit(DEVIF_REQUEST_TIMED, &request->state);
	}
	return 0;
}

/* Context: Lock of the file held, before the first attempt: the request cannot end. */
static void request_start_timer(struct devif_request *request)
{
	if (test_bit(DEVIF_REQUEST_TIMED, &request->state))
		mod_timer(request_timer(request),
			  jiffies + devif_request_jiffies(request->timeout));
}

static int request_check_request(const struct devif_target *target,
				 const struct devif_request *request, bool completes)
{
	const char *why;

	if (IS_ERR_OR_NULL(target) || IS_ERR_OR_NULL(request))
		why = "no target or request";
	else if (completes && !request->complete)
		why = "no completion";
	else if (request->type > DEVIF_REQUEST_IOCTL)
		why = "type: unknown";
	else if (request->size && !request->buffer)
		why = "no buffer";
	else if (request->type == DEVIF_REQUEST_IOCTL &&
		 request->size < _IOC_SIZE(request->cmd))
		why = "buffer too small for the ioctl";
	else
		return 0;
	pr_err_ratelimited("request: %s\n", why);
	return -EINVAL;
}

int devif_target_submit(struct devif_target *target,
			struct devif_request *request)
{
	struct devif_open_file *open;
	unsigned long flags;
	int ret;

	ret = request_check_request(target, request, true);
	if (ret)
		return ret;
	open = devif_target_begin_call(target);
	if (!open)
		return -EBADF;

	request->state = 0;
	request->wq = target->request_wq;
	ret = request_init_work(request);
	if (ret) {
		devif_target_end_call(open);
		return ret;
	}
	spin_lock_irqsave(&open->lock, flags);
	request->file = open;
	list_add_tail(&request->entry, &open->requests);
	if (READ_ONCE(open->cancelled))
		set_bit(DEVIF_REQUEST_CANCELLED, &request->state);
	request_start_timer(request);
	devif_request_kick(request);
	spin_unlock_irqrestore(&open->lock, flags);
	return 0;
}
EXPORT_SYMBOL_DEVIF(devif_target_submit);

ssize_t devif_target_send(struct devif_target *target, struct devif_request *request)
{
	struct devif_io io;
	ssize_t ret;

	ret = request_check_request(target, request, false);
	if (ret)
		return ret;
	io = request_io(request);
	ret = devif_target_io(target, &io);
	request->pos = io.pos;
	return ret;
}
EXPORT_SYMBOL_DEVIF(devif_target_send);

void devif_request_cancel(struct devif_request *request)
{
	struct devif_open_file *open;
	unsigned long flags;

	if (IS_ERR_OR_NULL(request))
		return;
	/* RCU keeps the memory of a file that is just going */
	rcu_read_lock();
	open = READ_ONCE(request->file);
	if (open) {
		spin_lock_irqsave(&open->lock, flags);
		if (request->file == open)
			devif_request_give_up(request);
		spin_unlock_irqrestore(&open->lock, flags);
	}
	rcu_read_unlock();
}
EXPORT_SYMBOL_DEVIF(devif_request_cancel);
