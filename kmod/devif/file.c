// SPDX-License-Identifier: GPL-2.0
/*
 * Opened interfaces: what the kernel's targets and the character devices of user
 * space have in common.
 *
 * An opened interface is a revocable hold on the exporter's methods. No method waits
 * for something to happen: one that says -EAGAIN is called again when the exporter
 * has said that something has changed, and who waits for that does so here, outside
 * of the exporter's gate. So the exporter's end is never held up by one who waits;
 * it wakes all of them, and they find the gate closed.
 *
 * A file has two queues of waiters. That of the export is woken by devif_wake(), once,
 * with all who wait for any of its files. That of the file is woken when the file is
 * hung up or cancelled. So the end of many files takes as long as there are files, a
 * piece at a time, however many of them are polled.
 *
 * The exporter's release method is called once for each file it has opened: when that
 * is closed, or, when the gate has been closed first, by who ends the export, after
 * all calls have left.
 */
#include <linux/device.h>
#include <linux/kthread.h>
#include <linux/limits.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "file.h"
#include "query.h"
#include "wait.h"

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
		pr_err_ratelimited("devif: wake: no export\n");
		return;
	}
	/* which of two names a poller uses is his */
	if (events & EPOLLIN)
		events |= EPOLLRDNORM;
	if (events & EPOLLOUT)
		events |= EPOLLWRNORM;
	__wake_up(&export->wait, TASK_NORMAL, 0, poll_to_key(events));
}
EXPORT_SYMBOL_DEVIF(devif_wake);

/* Wake who waits for a file of which every call fails from now on. */
static void hang_up(struct devif_open_file *open)
{
	__wake_up(&open->hang_up, TASK_NORMAL, 0,
		  poll_to_key(EPOLLHUP | EPOLLERR | EPOLLIN | EPOLLRDNORM |
			      EPOLLOUT | EPOLLWRNORM));
	devif_requests_retry(open);
}

/*
 * One that was not hung up yet, referenced. Those that were are at the end of the list;
 * one that is added behind them finds the gate closed before it waits.
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

/**
 * devif_files_hang_up() - an export has been withdrawn: wake all who wait for it
 * @export: the export, its gate is closed
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_files_hang_up(struct devif_export *export)
{
	struct devif_open_file *open;

	while ((open = next_to_hang_up(export))) {
		hang_up(open);
		devif_file_put(open);
		cond_resched();
	}
}

/*
 * Who has it open in user space is not in the way of a removal of the device any more.
 * What is in the list has yet to be released, see call_release().
 */
static void cut_off(struct devif_export *export, void *data)
{
	struct devif *devif = data;
	struct devif_open_file *open;

	if (export->host != devif->host)
		return;
	spin_lock(&export->files_lock);
	list_for_each_entry(open, &export->files, entry) {
		if (open->file.devif != devif)
			continue;
		if (open->user)
			atomic_dec(&devif->host->open_by_user);
		open->user = false;
		hang_up(open);
	}
	spin_unlock(&export->files_lock);
}

/**
 * devif_files_cut_off() - wake who waits for an interface that a user has removed
 * @devif: the interface, with @removed_by_user set
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_files_cut_off(struct devif *devif)
{
	devif_export_each(cut_off, devif);
}

/* What to show, and where to. */
struct showing {
	const struct devif *devif;
	struct devif_list *list;
};

static void show_files(struct devif_export *export, void *data)
{
	const struct showing *showing = data;
	struct devif_open_file *open;

	if (export->host != showing->devif->host)
		return;
	spin_lock(&export->files_lock);
	list_for_each_entry(open, &export->files, entry)
		if (open->opened && open->user &&
		    open->file.devif == showing->devif)
			devif_list_add(showing->list, "file",
				       devif_handle_of(&open->table.header)->holder);
	spin_unlock(&export->files_lock);
}

/**
 * devif_files_show() - name who has an interface open in user space
 * @devif: the interface
 * @list: where to
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_files_show(const struct devif *devif, struct devif_list *list)
{
	struct showing showing = { .devif = devif, .list = list };

	devif_export_each(show_files, &showing);
}

/**
 * devif_file_cancel() - let who waits for a file give up
 * @open: the file
 *
 * Context: Any.
 */
void devif_file_cancel(struct devif_open_file *open)
{
	WRITE_ONCE(open->cancelled, true);
	wake_up_all(&open->hang_up);
}

/*
 * Memory
 */

static void release_file(struct kref *ref)
{
	struct devif_open_file *open = container_of(ref, struct devif_open_file,
						    ref);

	devif_dereference(&open->table.header);
	devif_put(open->file.devif);
	kfree_rcu(open, rcu);
}

/**
 * devif_file_put() - give a reference to a file that is not open back
 * @open: the file
 *
 * Context: May sleep.
 */
void devif_file_put(struct devif_open_file *open)
{
	kref_put(&open->ref, release_file);
}

/* Ask the device of the interface how it is opened. */
static int find_methods(struct devif_open_file *open, struct device *holder,
			struct module *module)
{
	const struct devif_query_desc desc = {
		.guid = &devif_file_guid,
		.version = 1,
		.flags = DEVIF_REVOCABLE,
		.holder = holder,
	};
	struct device *dev = devif_get_device(open->file.devif);
	struct devif_handle *handle;
	int ret;

	if (!dev)
		return -ENODEV;
	ret = __devif_query(dev, &desc, &open->table.header,
			    sizeof(open->table), module);
	put_device(dev);
	if (ret)
		return ret;
	handle = devif_handle_of(&open->table.header);
	/* one that does not count cannot be revoked */
	if (!handle)
		return -EOPNOTSUPP;
	open->export = handle->export;
	WRITE_ONCE(handle->interface, open->file.devif->id);
	return 0;
}

/**
 * devif_file_alloc() - prepare to open an interface
 * @devif: the interface
 * @path: what is added to its name
 * @access: enum devif_access
 * @holder: who opens it, or %NULL
 * @module: whose module it is
 *
 * Context: May sleep.
 *
 * Return: the file, for devif_file_open(), -ENODEV, -EOPNOTSUPP, -ENAMETOOLONG or
 * -ENOMEM
 */
struct devif_open_file *devif_file_alloc(struct devif *devif, const char *path,
					 unsigned int access,
					 struct device *holder,
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
	INIT_LIST_HEAD(&open->requests);
	spin_lock_init(&open->lock);
	init_waitqueue_head(&open->hang_up);
	refcount_set(&open->calls, 1);
	init_completion(&open->idle);
	kref_init(&open->ref);

	ret = find_methods(open, holder, module);
	/* it may just be leaving, with its methods first, or its driver coming */
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
 * Calling the exporter
 */

static bool is_cut_off(const struct devif_open_file *open)
{
	return READ_ONCE(open->file.devif->removed_by_user);
}

/**
 * devif_file_is_gone() - whether every call will fail from now on
 * @open: the file
 *
 * Context: Any.
 *
 * Return: whether the exporter has gone, or a user has removed the interface
 */
bool devif_file_is_gone(const struct devif_open_file *open)
{
	return is_cut_off(open) || devif_is_gone(open->table.header.context);
}

static int may_open(const struct devif *devif)
{
	if (!devif_is_enabled(devif) || READ_ONCE(devif->host->remove_pending))
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
	/* pairs with the acquire in begin_call() of target.c */
	smp_store_release(&open->opened, true);
	return 0;
}

/* What the exporter claims to have transferred is not more than it can have. */
static ssize_t check_result(const struct devif_open_file *open, ssize_t result,
			    size_t most)
{
	if (result <= 0 || result <= most)
		return result;
	pr_err_ratelimited("devif: %s: exporter claims %zd of %zu bytes\n",
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
		/* the rest of the buffer was not written */
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

/* What is wrong before the exporter is asked. */
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

static ssize_t call(struct devif_open_file *open, struct devif_io *io)
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
 * devif_file_attempt() - ask the exporter, once
 * @open: the file
 * @io: what
 *
 * Context: May sleep.
 *
 * Return: what it says, -EAGAIN if it is to be asked again, -ENODEV if it has gone
 */
ssize_t devif_file_attempt(struct devif_open_file *open, struct devif_io *io)
{
	struct devif_call inside;
	ssize_t ret;

	if (is_cut_off(open))
		return -ENODEV;
	ret = devif_enter(&open->table.header, &inside);
	if (ret)
		return ret;
	ret = call(open, io);
	devif_exit(&inside);
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

/* Of the second queue of one who waits: the entry in the first knows the waiter. */
static int wake_first(struct wait_queue_entry *second, unsigned int mode,
		      int flags, void *key)
{
	return woken_wake_function(second->private, mode, flags, key);
}

static ssize_t wait_for_io(struct devif_open_file *open, struct devif_io *io)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	struct wait_queue_entry end;
	ssize_t ret;

	init_waitqueue_func_entry(&end, wake_first);
	end.private = &wait;
	add_wait_queue(&open->export->wait, &wait);
	add_wait_queue(&open->hang_up, &end);
	for (;;) {
		ret = devif_file_attempt(open, io);
		if (ret != -EAGAIN)
			break;
		ret = why_give_up(open);
		if (ret)
			break;
		wait_woken(&wait, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
	}
	remove_wait_queue(&open->hang_up, &end);
	remove_wait_queue(&open->export->wait, &wait);
	return ret;
}

/**
 * devif_file_io() - ask the exporter, and wait until it can
 * @open: the file
 * @io: what
 *
 * Context: May sleep.
 *
 * Return: what it says, -ENODEV if it has gone, -EAGAIN if @io is not to wait,
 * -ECANCELED or -ERESTARTSYS if the wait was ended
 */
ssize_t devif_file_io(struct devif_open_file *open, struct devif_io *io)
{
	ssize_t ret = devif_file_attempt(open, io);

	if (ret == -EAGAIN && !io->nonblock)
		ret = wait_for_io(open, io);
	return ret;
}

/**
 * devif_file_poll() - tell what would not wait
 * @open: the file
 *
 * Context: May sleep.
 *
 * Return: a mask of EPOLLIN and its like
 */
__poll_t devif_file_poll(struct devif_open_file *open)
{
	__poll_t events = EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM;
	struct devif_call inside;

	if (is_cut_off(open) ||
	    devif_enter(&open->table.header, &inside))
		return EPOLLHUP | EPOLLERR;
	if (open->table.poll)
		events = open->table.poll(open->table.header.context,
					  &open->file);
	devif_exit(&inside);
	return events;
}

/*
 * Opening and closing
 */

/* It is to be hung up from now on, also while it waits to be opened. */
static void list_file(struct devif_open_file *open)
{
	struct devif_export *export = open->export;

	kref_get(&open->ref);
	spin_lock(&export->files_lock);
	list_add_tail(&open->entry, &export->files);
	spin_unlock(&export->files_lock);
}

/* Return whether it was still listed: then its end is the caller's. */
static bool unlist_file(struct devif_open_file *open)
{
	struct devif_export *export = open->export;
	bool listed;

	spin_lock(&export->files_lock);
	listed = !list_empty(&open->entry);
	list_del_init(&open->entry);
	spin_unlock(&export->files_lock);
	return listed;
}

/* A call of release(), on the stack of who makes it. */
struct releaser {
	struct list_head entry;
	const struct task_struct *task;
};

/* The exporter may end the export meanwhile: see devif_files_is_releasing(). */
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

/* The end of a file that is not in the list any more. */
static void call_release(struct devif_open_file *open)
{
	if (open->opened && open->table.release)
		make_release_call(open);
	if (open->user)
		atomic_dec(&open->file.devif->host->open_by_user);
}

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
	atomic_t *users = &open->file.devif->host->open_by_user;
	int ret;

	if (open->user) {
		atomic_inc(users);
		/* pairs with the barrier in devif_query_remove() */
		smp_mb__after_atomic();
	}
	list_file(open);
	ret = devif_file_io(open, &io);
	if (ret && unlist_file(open)) {
		call_release(open);
		devif_file_put(open);
	}
	if (!ret && open->user)
		WRITE_ONCE(devif_handle_of(&open->table.header)->user, true);
	return ret;
}

/*
 * Release one file that is still open, and tell its opener. The lock is not held
 * meanwhile: the exporter may close what it has opened itself elsewhere.
 */
static bool end_one(struct devif_export *export)
{
	struct devif_open_file *open;

	spin_lock(&export->files_lock);
	open = list_first_entry_or_null(&export->files, struct devif_open_file,
					entry);
	if (open) {
		list_del_init(&open->entry);
		export->files_ending++;
	}
	spin_unlock(&export->files_lock);
	if (!open)
		return false;

	call_release(open);

	spin_lock(&export->files_lock);
	if (open->opened && open->gone)
		open->gone(open->opener);
	export->files_ending--;
	spin_unlock(&export->files_lock);
	wake_up_var(&export->files_ending);
	devif_file_put(open);
	return true;
}

static bool has_ended(struct devif_export *export)
{
	bool ended;

	spin_lock(&export->files_lock);
	ended = list_empty(&export->files) && !export->files_ending;
	spin_unlock(&export->files_lock);
	return ended;
}

/**
 * devif_files_end() - release the files that an export has left open
 * @export: an export that nobody is inside of
 *
 * When this returns they are released, also those that somebody else releases.
 *
 * Context: May sleep.
 */
void devif_files_end(struct devif_export *export)
{
	while (end_one(export))
		cond_resched();
	devif_wait_var_event(&export->files_ending, has_ended(export),
			     "devif: %s: waiting for release() of files of %pUl to return",
			     export->host->id, &export->key.guid);
}

/**
 * devif_files_is_releasing() - tell whether the caller is in a release() of an export
 * @export: the export
 *
 * Context: Any.
 *
 * Return: whether a release() of the exporter has called us
 */
bool devif_files_is_releasing(struct devif_export *export)
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

/**
 * devif_file_close() - close a file
 * @open: an open file, in which the opener makes no call any more
 *
 * If the export is ending it has the file released, but does not tell the opener any
 * more.
 *
 * Context: May sleep.
 */
void devif_file_close(struct devif_open_file *open)
{
	struct devif_export *export = open->export;
	struct devif_call inside;

	if (!devif_enter(&open->table.header, &inside)) {
		/* nobody ends the export meanwhile: it is listed */
		unlist_file(open);
		call_release(open);
		devif_file_put(open);
		devif_exit(&inside);
	} else {
		spin_lock(&export->files_lock);
		open->gone = NULL;
		spin_unlock(&export->files_lock);
	}
	devif_file_put(open);
}
