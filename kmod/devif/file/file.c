// SPDX-License-Identifier: GPL-2.0
/*
 * Opened interfaces: the common part of the kernel's targets and user space's character
 * devices.
 *
 * An opened interface is a revocable hold on the exporter's methods. No method waits
 * for data: a method that returns -EAGAIN is called again when the exporter has called
 * devif_wake(), and until then the caller waits here, outside of the exporter's gate. So
 * waiters never hold up the exporter's end; it wakes all of them, and they find the gate
 * closed.
 *
 * A waiter is in two queues. devif_wake() wakes the queue of the export, once, for all
 * waiters of all its files. A hang-up or a cancellation wakes the queue of the file. So
 * the time to end many files grows with the number of files, however many of them are
 * polled, and other tasks run in between.
 *
 * The exporter's release method is called once for each file it has opened: by the task
 * that closes the file or, if the gate has been closed before, by the task that ends the
 * export, after all calls have left.
 *
 * The exporter may be on another device than the interface, which "asks its parent".
 * Then two more events end a file, though the export goes on: the device of the interface
 * leaves, or a user removes the interface. No call begins any more, calls in progress
 * are waited for, and the file is released. A call that takes the device away itself is
 * not waited for: it releases the file when it leaves.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/kthread.h>
#include <linux/limits.h>
#include <linux/ratelimit.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "file/file.h"
#include "lib/wait.h"

/* {9d1f1c3e-0a7b-4d6e-8f1b-6d0d5a1c7e42} */
const guid_t devif_file_guid =
	GUID_INIT(0x9d1f1c3e, 0x0a7b, 0x4d6e,
		  0x8f, 0x1b, 0x6d, 0x0d, 0x5a, 0x1c, 0x7e, 0x42);
EXPORT_SYMBOL_DEVIF(devif_file_guid);

/*
 * Waking
 */

void devif_wake(struct devif_export *export, __poll_t events)
{
	if (IS_ERR_OR_NULL(export)) {
		pr_err_ratelimited("wake: no export\n");
		return;
	}
	/* pollers may use either name */
	if (events & EPOLLIN)
		events |= EPOLLRDNORM;
	if (events & EPOLLOUT)
		events |= EPOLLWRNORM;
	__wake_up(&export->wait, TASK_NORMAL, 0, poll_to_key(events));
}
EXPORT_SYMBOL_DEVIF(devif_wake);

/* Have another attempt made for each request of a file. */
static void file_retry_requests(struct devif_open_file *open)
{
	struct devif_request *request;
	unsigned long flags;

	spin_lock_irqsave(&open->lock, flags);
	list_for_each_entry(request, &open->requests, entry)
		devif_request_kick(request);
	spin_unlock_irqrestore(&open->lock, flags);
}

/**
 * devif_requests_cancel() - cancel all requests of a file
 * @open: a cancelled file
 *
 * Context: Any that may take a spinlock.
 */
void devif_requests_cancel(struct devif_open_file *open)
{
	struct devif_request *request;
	unsigned long flags;

	spin_lock_irqsave(&open->lock, flags);
	list_for_each_entry(request, &open->requests, entry)
		devif_request_give_up(request);
	spin_unlock_irqrestore(&open->lock, flags);
}

/* Wake all waiters of a file; every further call fails. */
static void hang_up(struct devif_open_file *open)
{
	__wake_up(&open->hang_up, TASK_NORMAL, 0,
		  poll_to_key(EPOLLHUP | EPOLLERR | EPOLLIN | EPOLLRDNORM |
			      EPOLLOUT | EPOLLWRNORM));
	file_retry_requests(open);
}

/*
 * Return a file that is not hung up yet, referenced. Files that are hung up are at the end
 * of the list; a file added behind them finds the gate closed before it waits.
 */
static struct devif_open_file *next_to_hang_up(struct devif_export *export)
{
	struct devif_open_file *open;

	spin_lock(&export->files_lock);
	open = list_first_entry_or_null(&export->files, struct devif_open_file,
					entry);
	if (open && open->hung_up)
		open = NULL;
	if (open) {
		open->hung_up = true;
		list_move_tail(&open->entry, &export->files);
		kref_get(&open->ref);
	}
	spin_unlock(&export->files_lock);
	return open;
}

/* An export has been withdrawn, its gate is closed: wake the waiters of all its files. */
static void files_hang_up(struct devif_export *export)
{
	struct devif_open_file *open;

	while ((open = next_to_hang_up(export))) {
		hang_up(open);
		devif_file_put(open);
		cond_resched();
	}
}

/**
 * devif_files_show() - name the openers of an interface in user space
 * @devif: the interface
 * @list: list to add the names to
 *
 * Context: Any, with listeners_lock of its host held.
 */
void devif_files_show(const struct devif *devif, struct devif_list *list)
{
	struct devif_open_file *open;
	struct devif_file_node *node;
	const char *holder;

	lockdep_assert_held(&devif->host->listeners_lock);
	list_for_each_entry(node, &devif->host->files, entry) {
		open = node->open;
		if (!open || open->file.devif != devif || !open->user ||
		    !READ_ONCE(open->opened))
			continue;
		holder = devif_handle_of(&open->table.header)->holder;
		if (!devif_list_add(list, "file", holder))
			break;
	}
}

/**
 * devif_file_cancel() - have all waiters of a file give up
 * @open: the file
 *
 * Context: Any that may take a spinlock.
 */
void devif_file_cancel(struct devif_open_file *open)
{
	WRITE_ONCE(open->cancelled, true);
	wake_up_all(&open->hang_up);
}

/*
 * Memory
 */

static void free_file(struct kref *ref)
{
	struct devif_open_file *open = container_of(ref, struct devif_open_file,
						    ref);

	devif_dereference(&open->table.header);
	devif_put(open->file.devif);
	kfree_rcu(open, rcu);
}

/**
 * devif_file_put() - give back a reference to a file
 * @open: the file
 *
 * Context: May sleep.
 */
void devif_file_put(struct devif_open_file *open)
{
	kref_put(&open->ref, free_file);
}

/* Query for the methods of the interface, of its class, or of its device (A4). */
static int find_methods(struct devif_open_file *open, struct device *holder,
			unsigned int flags, struct module *module)
{
	const struct devif_query_desc desc = {
		.guid = &devif_file_guid,
		.version = 1,
		.flags = DEVIF_REVOCABLE | flags,
		.holder = holder,
	};
	struct devif_handle *handle;
	int ret;

	ret = devif_query_opened(open->file.devif, &desc, &open->table.header,
				 sizeof(open->table), module);
	if (ret)
		return ret;
	handle = devif_handle_of(&open->table.header);
	/* a table without counted references cannot be revoked */
	if (!handle)
		return -EOPNOTSUPP;
	open->export = handle->export;
	WRITE_ONCE(handle->interface, open->file.devif->id);
	return 0;
}

/**
 * devif_file_alloc() - prepare to open an interface
 * @devif: the interface
 * @path: path that the opener adds to the interface's name
 * @access: enum devif_access
 * @holder: device of the opener, or %NULL
 * @flags: %DEVIF_RUNTIME_PM or 0, for the query for the methods
 * @module: module of the opener
 *
 * Context: May sleep.
 *
 * Return: the file, for devif_file_open(), -ENODEV, -EOPNOTSUPP, -ENAMETOOLONG or
 * -ENOMEM
 */
struct devif_open_file *devif_file_alloc(struct devif *devif, const char *path,
					 unsigned int access,
					 struct device *holder,
					 unsigned int flags,
					 struct module *module)
{
	size_t length = strnlen(path, PATH_MAX);
	struct devif_open_file *open;
	int ret;

	if (length == PATH_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	if (!devif_is_enabled(devif))
		return ERR_PTR(-ENODEV);
	open = kzalloc(struct_size(open, path, length + 1), GFP_KERNEL);
	if (!open)
		return ERR_PTR(-ENOMEM);
	memcpy(open->path, path, length);
	open->file.devif = devif_get(devif);
	open->file.path = open->path;
	open->file.access = access;
	INIT_LIST_HEAD(&open->entry);
	open->of_host.open = open;
	INIT_LIST_HEAD(&open->of_host.entry);
	INIT_LIST_HEAD(&open->speakers);
	INIT_LIST_HEAD(&open->calls_inside);
	INIT_LIST_HEAD(&open->requests);
	spin_lock_init(&open->lock);
	init_waitqueue_head(&open->hang_up);
	devif_rundown_init(&open->calls);
	kref_init(&open->ref);

	ret = find_methods(open, holder, flags, module);
	/* the interface may be leaving, after its methods, or its driver be binding */
	if ((ret == -EOPNOTSUPP && !devif_is_enabled(devif)) ||
	    ret == -EPROBE_DEFER)
		ret = -ENODEV;
	if (ret) {
		devif_put(devif);
		kfree(open);
		return ERR_PTR(ret);
	}
	return open;
}

/*
 * The lists of the export and of the interface's device: either ends the file. A use of
 * the host keeps it in its table for the device's end, if the interface goes first.
 */

static int use_host(struct devif *devif)
{
	guard(mutex)(&devif_registry_lock);
	if (devif->life != DEVIF_LIFE_ACTIVE)
		return -ENODEV;
	devif->host->users++;
	return 0;
}

/* Have every end of the export, the interface or its device end the file from now on. */
static int list_file(struct devif_open_file *open)
{
	struct devif_export *export = open->export;
	struct devif *devif = open->file.devif;
	struct devif_host *host = devif->host;
	int ret = use_host(devif);

	if (ret)
		return ret;
	if (open->user) {
		atomic_inc(&host->open_by_user);
		/* pairs with the barrier in ask_below() of removal.c */
		smp_mb__after_atomic();
	}

	spin_lock_irq(&host->listeners_lock);
	/* the interface may have been taken away meanwhile */
	if (READ_ONCE(devif->life) == DEVIF_LIFE_ENDED)
		open->ended = true;
	list_add_tail(&open->of_host.entry, &host->files);
	spin_unlock_irq(&host->listeners_lock);

	kref_get(&open->ref);
	spin_lock(&export->files_lock);
	list_add_tail(&open->entry, &export->files);
	spin_unlock(&export->files_lock);
	return 0;
}

static void drop_speaker(struct devif_host *host, struct devif_speaker *speaker)
{
	struct devif_open_file *open = speaker->file;

	lockdep_assert_held(&host->listeners_lock);
	list_del(&speaker->entry);
	speaker->file = NULL;
	if (list_empty(&open->speakers))
		atomic_dec(&host->spoken_for);
}

/**
 * devif_file_add_speaker() - have an application speak for a file
 * @open: a file that the application has opened
 * @speaker: the application's voice, for devif_file_remove_speaker()
 *
 * Context: May sleep.
 *
 * Return: false if the file has been released
 */
bool devif_file_add_speaker(struct devif_open_file *open, struct devif_speaker *speaker)
{
	struct devif_host *host = open->file.devif->host;
	bool listed;

	spin_lock_irq(&host->listeners_lock);
	listed = !list_empty(&open->of_host.entry);
	if (listed) {
		if (list_empty(&open->speakers))
			atomic_inc(&host->spoken_for);
		list_add(&speaker->entry, &open->speakers);
		speaker->file = open;
	}
	spin_unlock_irq(&host->listeners_lock);
	return listed;
}

/**
 * devif_file_remove_speaker() - no longer speak for a file
 * @host: device of the file
 * @speaker: the application's voice, or zero
 *
 * Context: May sleep.
 */
void devif_file_remove_speaker(struct devif_host *host, struct devif_speaker *speaker)
{
	spin_lock_irq(&host->listeners_lock);
	if (speaker->file)
		drop_speaker(host, speaker);
	spin_unlock_irq(&host->listeners_lock);
}

static void unlist_from_host(struct devif_open_file *open)
{
	struct devif_host *host = open->file.devif->host;
	struct devif_speaker *speaker, *next;

	spin_lock_irq(&host->listeners_lock);
	list_del_init(&open->of_host.entry);
	/* a task that is woken here finds neither the file nor its voices */
	if (open->user)
		atomic_dec(&host->open_by_user);
	list_for_each_entry_safe(speaker, next, &open->speakers, entry) {
		drop_speaker(host, speaker);
		speaker->released(speaker);
	}
	spin_unlock_irq(&host->listeners_lock);
	devif_host_unuse(host);
}

/*
 * Calls for a file, for which the end of the file waits
 */

static const char release_name[] = "release";

/* A call of the exporter for a file, on the caller's stack. */
struct file_call {
	struct list_head entry;
	struct task_struct *task;
	const char *method;
};

/* Return whether the call may be made: on an ended file only the release. */
static bool enter_file(struct devif_open_file *open, struct file_call *call,
		       const char *method)
{
	bool may;

	call->task = current;
	call->method = method;
	spin_lock_irq(&open->lock);
	may = method == release_name || !open->ended;
	if (may)
		list_add_tail(&call->entry, &open->calls_inside);
	spin_unlock_irq(&open->lock);
	return may;
}

static void leave_file(struct devif_open_file *open, struct file_call *call)
{
	bool ended;

	spin_lock_irq(&open->lock);
	list_del(&call->entry);
	ended = open->ended;
	spin_unlock_irq(&open->lock);
	if (ended)
		wake_up_all(&open->hang_up);
}

/* Leave, unless the file was ended and the caller is the last that can release it. */
static bool leave_file_unless_last(struct devif_open_file *open,
				   struct file_call *call)
{
	bool ended, last;

	spin_lock_irq(&open->lock);
	ended = open->ended;
	last = ended && list_is_singular(&open->calls_inside);
	if (!last)
		list_del(&call->entry);
	spin_unlock_irq(&open->lock);
	if (ended && !last)
		wake_up_all(&open->hang_up);
	return !last;
}

static bool has_calls(struct devif_open_file *open)
{
	bool has;

	spin_lock_irq(&open->lock);
	has = !list_empty(&open->calls_inside);
	spin_unlock_irq(&open->lock);
	return has;
}

static bool is_inside_file(struct devif_open_file *open)
{
	struct file_call *call;
	bool inside = false;

	spin_lock_irq(&open->lock);
	list_for_each_entry(call, &open->calls_inside, entry)
		inside |= call->task == current;
	spin_unlock_irq(&open->lock);
	return inside;
}

/*
 * Reports of calls that an end waits for
 */

/* A call in a report: calls that have ended since do no harm. */
struct reported {
	struct task_struct *task;
	const char *method;
};

/* Calls of a file, or of release() of an export. */
#define REPORTED_MOST	8

static void note_call(struct reported *reported, struct task_struct *task,
		      const char *method)
{
	reported->task = get_task_struct(task);
	reported->method = method;
}

static void report_call(struct reported *reported, const char *holder)
{
	pr_warn("%s is in %s(), called by %s[%d]:\n", holder, reported->method,
		reported->task->comm, task_pid_nr(reported->task));
	sched_show_task(reported->task);
	put_task_struct(reported->task);
}

/* Log calls of a file, at most that many; return their number. */
static unsigned int file_report(struct devif_open_file *open, unsigned int most)
{
	struct reported reported[REPORTED_MOST];
	struct file_call *call;
	unsigned int i, count = 0;

	most = min_t(unsigned int, most, REPORTED_MOST);
	spin_lock_irq(&open->lock);
	list_for_each_entry(call, &open->calls_inside, entry) {
		if (count == most)
			break;
		note_call(&reported[count++], call->task, call->method);
	}
	spin_unlock_irq(&open->lock);
	for (i = 0; i < count; i++)
		report_call(&reported[i], devif_handle_of(&open->table.header)->holder);
	return count;
}

/*
 * Releasing
 */

/* A call of release(), on the caller's stack. */
struct releaser {
	struct list_head entry;
	struct task_struct *task;
};

/* The exporter may end the export meanwhile: see files_is_releasing(). */
static void make_release_call(struct devif_open_file *open)
{
	struct devif_export *export = open->export;
	struct releaser self = { .task = current };

	spin_lock(&export->files_lock);
	list_add(&self.entry, &export->releasers);
	spin_unlock(&export->files_lock);

	open->table.release(open->table.header.context, &open->file);

	spin_lock(&export->files_lock);
	list_del(&self.entry);
	spin_unlock(&export->files_lock);
}

/*
 * Claim the release of a file for the caller, as a call, unless another task has. The
 * end of the export waits for it.
 */
static bool claim_release(struct devif_open_file *open, struct file_call *call)
{
	struct devif_export *export = open->export;
	bool claimed;

	spin_lock(&export->files_lock);
	claimed = !list_empty(&open->entry);
	if (claimed) {
		list_del_init(&open->entry);
		export->files_ending++;
		enter_file(open, call, release_name);
	}
	spin_unlock(&export->files_lock);
	return claimed;
}

/*
 * Release a file, and tell its opener, unless another task does. No call of it is in
 * progress but the caller's. No lock is held meanwhile: the exporter may close files that
 * it has opened itself elsewhere.
 */
static void release_file(struct devif_open_file *open)
{
	struct devif_export *export = open->export;
	struct file_call call;

	if (!claim_release(open, &call))
		return;
	if (open->opened && open->table.release)
		make_release_call(open);
	unlist_from_host(open);

	spin_lock(&export->files_lock);
	if (open->opened && open->gone)
		open->gone(open->opener);
	export->files_ending--;
	spin_unlock(&export->files_lock);
	wake_up_var(&export->files_ending);
	leave_file(open, &call);
	devif_file_put(open);
}

/*
 * Calling the exporter
 */

/**
 * devif_file_is_gone() - tell whether every call fails from now on
 * @open: the file
 *
 * Context: Any.
 *
 * Return: whether the exporter has gone, or the file has ended
 */
bool devif_file_is_gone(const struct devif_open_file *open)
{
	return READ_ONCE(open->ended) ||
	       devif_is_gone(open->table.header.context);
}

static const char * const method_names[] = {
	[DEVIF_IO_OPEN] = "open",
	[DEVIF_IO_READ] = "read",
	[DEVIF_IO_WRITE] = "write",
	[DEVIF_IO_IOCTL] = "ioctl",
};

/* A call of a method other than release. */
struct method_call {
	struct devif_call gate;
	struct file_call file;
};

static int begin_method(struct devif_open_file *open, struct method_call *call,
			const char *method)
{
	int ret = devif_enter(&open->table.header, &call->gate);

	if (ret)
		return ret;
	if (enter_file(open, &call->file, method))
		return 0;
	devif_exit(&call->gate);
	return -ENODEV;
}

static void end_method(struct devif_open_file *open, struct method_call *call)
{
	if (!leave_file_unless_last(open, &call->file)) {
		release_file(open);
		leave_file(open, &call->file);
	}
	devif_exit(&call->gate);
}

static int may_open(const struct devif *devif)
{
	if (!devif_is_enabled(devif) || devif_removal_is_pending(devif->host))
		return -ENODEV;
	return 0;
}

static int call_open(struct devif_open_file *open)
{
	const struct devif_file_interface *table = &open->table;
	int ret = may_open(open->file.devif);

	if (!ret && table->open)
		ret = table->open(table->header.context, &open->file);
	if (ret)
		return ret < 0 ? ret : -EIO;
	/* pairs with the acquire in devif_target_begin_call() */
	smp_store_release(&open->opened, true);
	return 0;
}

/* Reject a result of more bytes than the exporter can have transferred. */
static ssize_t check_result(const struct devif_open_file *open, ssize_t result,
			    size_t most)
{
	if (result <= 0 || result <= most)
		return result;
	pr_err_ratelimited("%s: exporter claims %zd of %zu bytes\n",
			   devif_link_name(open->file.devif), result, most);
	return -EIO;
}

static ssize_t call_transfer(struct devif_open_file *open, struct devif_io *io)
{
	const struct devif_file_interface *table = &open->table;
	bool read = io->type == DEVIF_IO_READ;
	struct kvec kvec = { .iov_base = io->buffer, .iov_len = io->size };
	struct iov_iter iter;
	loff_t pos = io->pos;
	ssize_t ret;

	iov_iter_kvec(&iter, read ? ITER_DEST : ITER_SOURCE, &kvec, 1, io->size);
	if (read) {
		ret = table->read(table->header.context, &open->file, &iter,
				  &pos);
		/* the exporter cannot claim bytes that it has left unwritten */
		ret = check_result(open, ret, io->size - iov_iter_count(&iter));
	} else {
		ret = table->write(table->header.context, &open->file, &iter,
				   &pos);
		ret = check_result(open, ret, io->size);
	}
	if (ret >= 0)
		io->pos = pos;
	return ret;
}

/* Check a call before the exporter is called. */
static int check_io(const struct devif_open_file *open,
		    const struct devif_io *io)
{
	unsigned int access = open->file.access;

	switch (io->type) {
	case DEVIF_IO_READ:
		if (!(access & DEVIF_READ))
			return -EBADF;
		return open->table.read ? 0 : -EINVAL;
	case DEVIF_IO_WRITE:
		if (!(access & DEVIF_WRITE))
			return -EBADF;
		return open->table.write ? 0 : -EINVAL;
	case DEVIF_IO_IOCTL:
		return open->table.ioctl ? 0 : -ENOTTY;
	case DEVIF_IO_OPEN:
		break;
	}
	return 0;
}

static ssize_t file_make_call(struct devif_open_file *open, struct devif_io *io)
{
	const struct devif_file_interface *table = &open->table;
	int ret = check_io(open, io);

	if (ret)
		return ret;
	switch (io->type) {
	case DEVIF_IO_OPEN:
		return call_open(open);
	case DEVIF_IO_IOCTL:
		return table->ioctl(table->header.context, &open->file, io->cmd,
				    _IOC_SIZE(io->cmd) ? io->buffer : NULL);
	default:
		return call_transfer(open, io);
	}
}

/**
 * devif_file_attempt() - call the exporter, once
 * @open: the file
 * @io: the call
 *
 * Context: May sleep.
 *
 * Return: the exporter's result, -EAGAIN to be called again, or -ENODEV if the exporter
 * has gone or the file has ended
 */
ssize_t devif_file_attempt(struct devif_open_file *open, struct devif_io *io)
{
	struct method_call inside;
	ssize_t ret;

	ret = begin_method(open, &inside, method_names[io->type]);
	if (ret)
		return ret;
	ret = file_make_call(open, io);
	end_method(open, &inside);
	return ret;
}

static int why_give_up(const struct devif_open_file *open)
{
	if (READ_ONCE(open->cancelled))
		return -ECANCELED;
	if (signal_pending(current))
		return -ERESTARTSYS;
	/* wait_woken() does not sleep then */
	if (current->flags & PF_KTHREAD &&
	    (kthread_should_stop() || kthread_should_park()))
		return -ERESTARTSYS;
	return 0;
}

/* Wake the waiter of a file's queue; its entry in the export's queue has the task. */
static int wake_first(struct wait_queue_entry *second, unsigned int mode,
		      int flags, void *key)
{
	return woken_wake_function(second->private, mode, flags, key);
}

static ssize_t wait_for_io(struct devif_open_file *open, struct devif_io *io)
{
	long left = io->timeout ? devif_request_jiffies(io->timeout) : MAX_SCHEDULE_TIMEOUT;
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	struct wait_queue_entry end;
	ssize_t ret;

	init_waitqueue_func_entry(&end, wake_first);
	end.private = &wait;
	/* a wake-up wakes all; exclusive entries go to the end, so the oldest is first */
	add_wait_queue_exclusive(&open->export->wait, &wait);
	add_wait_queue(&open->hang_up, &end);
	for (;;) {
		ret = devif_file_attempt(open, io);
		if (ret != -EAGAIN)
			break;
		ret = why_give_up(open);
		if (!ret && !left)
			ret = -ETIMEDOUT;
		if (ret)
			break;
		left = wait_woken(&wait, TASK_INTERRUPTIBLE, left);
	}
	remove_wait_queue(&open->hang_up, &end);
	remove_wait_queue(&open->export->wait, &wait);
	return ret;
}

/**
 * devif_file_io() - call the exporter until its result is not -EAGAIN
 * @open: the file
 * @io: the call
 *
 * Context: May sleep.
 *
 * Return: the exporter's result; -ENODEV if the exporter has gone or the file has ended;
 * -EAGAIN if @io is not to wait; -ETIMEDOUT if its time is over; or -ECANCELED or
 * -ERESTARTSYS if the wait was ended
 */
ssize_t devif_file_io(struct devif_open_file *open, struct devif_io *io)
{
	ssize_t ret = devif_file_attempt(open, io);

	if (ret == -EAGAIN && !io->nonblock)
		ret = wait_for_io(open, io);
	return ret;
}

/**
 * devif_file_poll() - tell which calls would not wait
 * @open: the file
 *
 * Context: May sleep.
 *
 * Return: a mask of EPOLLIN and its like
 */
__poll_t devif_file_poll(struct devif_open_file *open)
{
	__poll_t events = EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM;
	struct method_call inside;

	if (begin_method(open, &inside, "poll"))
		return EPOLLHUP | EPOLLERR;
	if (open->table.poll)
		events = open->table.poll(open->table.header.context,
					  &open->file);
	end_method(open, &inside);
	return events;
}

/*
 * Opening and closing
 */

/**
 * devif_file_open() - open a file
 * @open: a file from devif_file_alloc()
 *
 * Context: May sleep.
 *
 * Return: 0, for devif_file_close(); or an error, for devif_file_put()
 */
int devif_file_open(struct devif_open_file *open)
{
	struct devif_io io = {
		.type = DEVIF_IO_OPEN,
		.nonblock = open->file.access & DEVIF_NONBLOCK,
	};
	int ret;

	ret = list_file(open);
	if (ret)
		return ret;
	ret = devif_file_io(open, &io);
	if (ret)
		release_file(open);
	else if (open->user)
		WRITE_ONCE(devif_handle_of(&open->table.header)->user, true);
	return ret;
}

/* Return the first file of an export, referenced, or %NULL. */
static struct devif_open_file *first_open(struct devif_export *export)
{
	struct devif_open_file *open;

	spin_lock(&export->files_lock);
	open = list_first_entry_or_null(&export->files, struct devif_open_file,
					entry);
	if (open)
		kref_get(&open->ref);
	spin_unlock(&export->files_lock);
	return open;
}

static bool has_ended(struct devif_export *export)
{
	bool ended;

	spin_lock(&export->files_lock);
	ended = list_empty(&export->files) && !export->files_ending;
	spin_unlock(&export->files_lock);
	return ended;
}

/* Log the calls of release() in progress, of files that are not in the list any more. */
static unsigned int files_report_releases(struct devif_export *export,
					  unsigned int most)
{
	struct reported reported[REPORTED_MOST];
	struct releaser *releaser;
	unsigned int i, count = 0;

	most = min_t(unsigned int, most, REPORTED_MOST);
	spin_lock(&export->files_lock);
	list_for_each_entry(releaser, &export->releasers, entry) {
		if (count == most)
			break;
		note_call(&reported[count++], releaser->task, release_name);
	}
	spin_unlock(&export->files_lock);
	for (i = 0; i < count; i++)
		report_call(&reported[i], export->host->id);
	return count;
}

static void files_report_limited(struct devif_export *export)
{
	static DEFINE_RATELIMIT_STATE(reports, DEVIF_PATIENCE, REPORTED_MOST);

	if (__ratelimit(&reports))
		files_report_releases(export, REPORTED_MOST);
}

/*
 * Release the files that an export has left open, of which no call is in progress. When
 * this returns all are released, also files that another task releases.
 */
static void files_end(struct devif_export *export)
{
	struct devif_open_file *open;

	while ((open = first_open(export))) {
		release_file(open);
		devif_file_put(open);
		cond_resched();
	}
	__devif_wait_reporting(wait_var_event_timeout(&export->files_ending,
						      has_ended(export), __patience),
			       files_report_limited(export),
			       "%s: waiting for release() of files of %pUl to return",
			       export->host->id, &export->key.guid);
}

/* Is the caller inside a release() of the exporter? Context: Any task. */
static bool files_is_releasing(struct devif_export *export)
{
	struct releaser *releaser;
	bool found = false;

	spin_lock(&export->files_lock);
	list_for_each_entry(releaser, &export->releasers, entry)
		if (releaser->task == current)
			found = true;
	spin_unlock(&export->files_lock);
	return found;
}

/* Return the file behind @open, or the first, referenced; @open is given back. */
static struct devif_open_file *next_open(struct devif_export *export,
					 struct devif_open_file *open)
{
	struct devif_open_file *next;

	spin_lock(&export->files_lock);
	if (!open)
		next = list_first_entry_or_null(&export->files, struct devif_open_file,
						entry);
	/* the walk ends early at a file that has been released meanwhile */
	else if (list_empty(&open->entry) || list_is_last(&open->entry, &export->files))
		next = NULL;
	else
		next = list_next_entry(open, entry);
	if (next)
		kref_get(&next->ref);
	spin_unlock(&export->files_lock);
	if (open)
		devif_file_put(open);
	cond_resched();
	return next;
}

/* Log calls of the files of an export, at most that many; return their number. */
static unsigned int files_report(struct devif_export *export, unsigned int most)
{
	unsigned int count = files_report_releases(export, most);
	struct devif_open_file *open = NULL;

	while (count < most && (open = next_open(export, open)))
		count += file_report(open, most - count);
	if (open)
		devif_file_put(open);
	return count;
}

/*
 * The end of the interface, or of its device
 */

/* Let no call begin any more, and wake the waiters. */
static void forbid_calls(struct devif_open_file *open)
{
	bool first;

	spin_lock_irq(&open->lock);
	first = !open->ended;
	WRITE_ONCE(open->ended, true);
	spin_unlock_irq(&open->lock);
	/* a call may be waiting for a lock that the caller holds */
	WRITE_ONCE(devif_handle_of(&open->table.header)->cut_off, true);
	if (first)
		hang_up(open);
}

#define CALLS_AWAITED	"%s: waiting for calls of %s to end"

static void file_report_limited(struct devif_open_file *open)
{
	static DEFINE_RATELIMIT_STATE(reports, DEVIF_PATIENCE, REPORTED_MOST);

	if (__ratelimit(&reports))
		file_report(open, REPORTED_MOST);
}

/* Return false if @killable and the task was killed. */
static bool wait_for_file_calls(struct devif_open_file *open, bool killable)
{
	const char *name = devif_link_name(open->file.devif);
	const char *holder = devif_handle_of(&open->table.header)->holder;

	if (killable)
		return __devif_wait_reporting(wait_event_killable_timeout(open->hang_up,
									  !has_calls(open),
									  __patience),
					      file_report_limited(open),
					      CALLS_AWAITED, name, holder) >= 0;
	__devif_wait_reporting(wait_event_timeout(open->hang_up, !has_calls(open),
						  __patience),
			       file_report_limited(open), CALLS_AWAITED, name, holder);
	return true;
}

/* Release an ended file after its calls; the last call does, if this does not wait. */
static void finish_file(struct devif_open_file *open, bool killable)
{
	if (devif_export_is_detached(open->export)) {
		if (!has_calls(open))
			release_file(open);
		return;
	}
	if (is_inside_file(open) || !wait_for_file_calls(open, killable))
		return;
	release_file(open);
	/* another task may be in release() */
	wait_for_file_calls(open, killable);
}

/* A walk of the files of a device, up to the last one at its beginning. */
struct file_walk {
	struct devif_host *host;
	struct devif_file_node at;
	struct devif_file_node end;
};

static void begin_walk(struct file_walk *walk, struct devif_host *host)
{
	walk->host = host;
	walk->at.open = NULL;
	walk->end.open = NULL;
	spin_lock_irq(&host->listeners_lock);
	list_add(&walk->at.entry, &host->files);
	list_add_tail(&walk->end.entry, &host->files);
	spin_unlock_irq(&host->listeners_lock);
}

static void rewind_walk(struct file_walk *walk)
{
	spin_lock_irq(&walk->host->listeners_lock);
	list_move(&walk->at.entry, &walk->host->files);
	spin_unlock_irq(&walk->host->listeners_lock);
}

static void end_walk(struct file_walk *walk)
{
	spin_lock_irq(&walk->host->listeners_lock);
	list_del(&walk->at.entry);
	list_del(&walk->end.entry);
	spin_unlock_irq(&walk->host->listeners_lock);
}

/* Return the next file, referenced, or %NULL at the end. */
static struct devif_open_file *next_in_walk(struct file_walk *walk)
{
	struct devif_file_node *node = &walk->at;

	spin_lock_irq(&walk->host->listeners_lock);
	do {
		node = list_next_entry(node, entry);
	} while (node != &walk->end && !node->open);
	if (node->open) {
		kref_get(&node->open->ref);
		list_move(&walk->at.entry, &node->entry);
	}
	spin_unlock_irq(&walk->host->listeners_lock);
	cond_resched();
	return node->open;
}

/* End the files of an interface or, if @devif is %NULL, of all of the device. */
static void end_files(struct file_walk *walk, const struct devif *devif)
{
	struct devif_open_file *open;

	while ((open = next_in_walk(walk))) {
		if (!devif || open->file.devif == devif)
			forbid_calls(open);
		devif_file_put(open);
	}
	rewind_walk(walk);
	while ((open = next_in_walk(walk))) {
		if (!devif || open->file.devif == devif)
			finish_file(open, devif);
		devif_file_put(open);
	}
	end_walk(walk);
}

/* Copy the names of a file's interface and opener, unless an event file speaks for it. */
static bool file_tell_unspoken(struct devif_open_file *open, char *name, char *holder)
{
	struct devif_host *host = open->file.devif->host;
	bool found;

	spin_lock_irq(&host->listeners_lock);
	found = open->user && list_empty(&open->speakers);
	spin_unlock_irq(&host->listeners_lock);
	if (found) {
		strscpy(name, devif_name(open->file.devif), DEVIF_NAME_SIZE);
		strscpy(holder, devif_handle_of(&open->table.header)->holder,
			DEVIF_HOLDER_SIZE);
	}
	return found;
}

/**
 * devif_files_unspoken() - name a file in user space that no event file speaks for
 * @host: the device
 * @name: gets the name of the interface, %DEVIF_NAME_SIZE bytes; unchanged if none is found
 * @holder: gets the name of the opener, %DEVIF_HOLDER_SIZE bytes
 *
 * Context: May sleep.
 */
void devif_files_unspoken(struct devif_host *host, char *name, char *holder)
{
	struct devif_open_file *open;
	struct file_walk walk;
	bool found = false;

	begin_walk(&walk, host);
	while (!found && (open = next_in_walk(&walk))) {
		found = file_tell_unspoken(open, name, holder);
		devif_file_put(open);
		cond_resched();
	}
	end_walk(&walk);
}

/**
 * devif_files_left() - end the files of a device that goes, or that loses its driver
 * @host: the device; its own exports have ended, its interfaces are disabled
 * @phase: %DEVIF_PHASE_LEAVING or %DEVIF_PHASE_GONE; nothing is done if it is over by now
 *
 * The exports of these files are on other devices, and go on.
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_files_left(struct devif_host *host, enum devif_phase phase)
{
	struct file_walk walk;
	bool left;

	mutex_lock(&devif_registry_lock);
	left = host->phase == phase || host->phase == DEVIF_PHASE_GONE;
	if (left)
		begin_walk(&walk, host);
	mutex_unlock(&devif_registry_lock);
	if (left)
		end_files(&walk, NULL);
}

/**
 * devif_files_cut_off() - end the files of an interface that a user has removed
 * @devif: the interface, detached
 *
 * If the process is killed, the last call of each file releases the file.
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_files_cut_off(struct devif *devif)
{
	struct file_walk walk;

	begin_walk(&walk, devif->host);
	end_files(&walk, devif);
}

/**
 * devif_file_close() - close a file
 * @open: an open file, in which the opener makes no call any more
 *
 * If the export is ending, its end releases the file, but does not tell the opener any
 * more.
 *
 * Context: May sleep.
 */
void devif_file_close(struct devif_open_file *open)
{
	struct devif_export *export = open->export;
	struct devif_call inside;

	spin_lock(&export->files_lock);
	open->gone = NULL;
	spin_unlock(&export->files_lock);
	if (!devif_enter(&open->table.header, &inside)) {
		release_file(open);
		devif_exit(&inside);
	}
	devif_file_put(open);
}

const struct devif_files_ops devif_files_ops = {
	.hang_up = files_hang_up,
	.end = files_end,
	.is_releasing = files_is_releasing,
	.report = files_report,
	.guid = &devif_file_guid,
};
