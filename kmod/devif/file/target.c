// SPDX-License-Identifier: GPL-2.0
/*
 * Targets: interfaces that an importer opens.
 *
 * A target outlives its open file: it is closed when it agrees to a removal, and may
 * be opened again. A call takes no lock: it finds the open file by RCU and is counted
 * there, and the closer waits for the count.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>

#include "file/target.h"
#include "lib/wait.h"

static struct devif_target *to_target(struct devif_receiver *receiver)
{
	return container_of(receiver, struct devif_target, receiver);
}

/*
 * Calls
 */

/**
 * devif_target_begin_call() - use the open file of a target
 * @target: the target
 *
 * Context: Any.
 *
 * Return: the file, for devif_target_end_call(), or %NULL if the target is not open
 */
struct devif_open_file *devif_target_begin_call(struct devif_target *target)
{
	struct devif_open_file *open;

	rcu_read_lock();
	open = rcu_dereference(target->file);
	/* pairs with the release in call_open() of file.c */
	if (open && (!smp_load_acquire(&open->opened) ||
		     !devif_rundown_tryuse(&open->calls)))
		open = NULL;
	rcu_read_unlock();
	return open;
}

/**
 * devif_target_end_call() - stop using the open file of a target
 * @open: the file, which may be freed now
 *
 * Context: Any.
 */
void devif_target_end_call(struct devif_open_file *open)
{
	devif_rundown_unuse(&open->calls);
}

/**
 * devif_target_io() - call the exporter, and wait as long as its result is -EAGAIN
 * @target: the target
 * @io: the call
 *
 * Context: May sleep.
 *
 * Return: as devif_file_io(), or -EBADF if the target is not open
 */
ssize_t devif_target_io(struct devif_target *target, struct devif_io *io)
{
	struct devif_open_file *open;
	ssize_t ret;

	might_sleep();
	if (IS_ERR_OR_NULL(target)) {
		pr_err_ratelimited("target: none to read, write or control\n");
		return -EINVAL;
	}
	open = devif_target_begin_call(target);
	if (!open)
		return -EBADF;
	io->nonblock = open->file.access & DEVIF_NONBLOCK;
	ret = devif_file_io(open, io);
	devif_target_end_call(open);
	return ret;
}

static ssize_t target_transfer(struct devif_target *target, enum devif_io_type type,
			       void *buffer, size_t size, loff_t *pos)
{
	struct devif_io io = {
		.type = type,
		.buffer = buffer,
		.size = size,
		.pos = pos ? *pos : 0,
	};
	ssize_t ret = devif_target_io(target, &io);

	if (pos)
		*pos = io.pos;
	return ret;
}

ssize_t devif_target_read(struct devif_target *target, void *buffer, size_t size,
			  loff_t *pos)
{
	return target_transfer(target, DEVIF_IO_READ, buffer, size, pos);
}
EXPORT_SYMBOL_DEVIF(devif_target_read);

ssize_t devif_target_write(struct devif_target *target, const void *buffer,
			   size_t size, loff_t *pos)
{
	/* call_transfer() only reads the buffer */
	return target_transfer(target, DEVIF_IO_WRITE, (void *)buffer, size, pos);
}
EXPORT_SYMBOL_DEVIF(devif_target_write);

long devif_target_ioctl(struct devif_target *target, unsigned int cmd, void *arg)
{
	struct devif_io io = {
		.type = DEVIF_IO_IOCTL,
		.buffer = arg,
		.size = _IOC_SIZE(cmd),
		.cmd = cmd,
	};

	if (io.size && !arg) {
		pr_err_ratelimited("target: ioctl without argument\n");
		return -EINVAL;
	}
	return devif_target_io(target, &io);
}
EXPORT_SYMBOL_DEVIF(devif_target_ioctl);

/*
 * Opening and closing
 */

/* The exporter has ended the file. */
static void file_gone(void *opener)
{
	struct devif_target *target = opener;

	devif_listener_change(&target->receiver.listener, DEVIF_CHANGE_LEFT);
}

static int target_install(struct devif_target *target, struct devif_open_file *open)
{
	guard(mutex)(&target->lock);
	if (devif_runner_is_closed(&target->receiver.runner))
		return -ECANCELED;
	if (rcu_access_pointer(target->file) || target->closing)
		return -EBUSY;
	rcu_assign_pointer(target->file, open);
	return 0;
}

/* Return whether the file was still installed: a closer may have been quicker. */
static bool target_uninstall(struct devif_target *target, struct devif_open_file *open)
{
	guard(mutex)(&target->lock);
	if (rcu_access_pointer(target->file) != open)
		return false;
	RCU_INIT_POINTER(target->file, NULL);
	return true;
}

/* Open @open, to which the caller and the target have a reference each. */
static int open_installed(struct devif_target *target,
			  struct devif_open_file *open)
{
	int ret;

	/* a closer waits for the end of this use */
	devif_rundown_use(&open->calls);
	ret = target_install(target, open);
	if (ret) {
		devif_file_put(open);
		return ret;
	}
	ret = devif_file_open(open);
	if (!ret && READ_ONCE(open->cancelled))
		ret = -ECANCELED;
	devif_target_end_call(open);
	if (ret && target_uninstall(target, open))
		devif_file_put(open);
	return ret;
}

int devif_target_open(struct devif_target *target, const char *path,
		      unsigned int access)
{
	struct devif_open_file *open;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(target) || access & ~(DEVIF_READ | DEVIF_WRITE | DEVIF_NONBLOCK)) {
		pr_err_ratelimited("target: none, or access: unknown\n");
		return -EINVAL;
	}
	/* devif_target_destroy() does not wait for the whole of this function */
	devif_runner_get(&target->receiver.runner);
	open = devif_file_alloc(target->receiver.listener.devif, path ?: "", access,
				target->desc.holder, target->desc.flags,
				target->receiver.runner.owner);
	ret = PTR_ERR_OR_ZERO(open);
	if (!ret) {
		open->gone = file_gone;
		open->opener = target;
		kref_get(&open->ref);
		ret = open_installed(target, open);
		devif_file_put(open);
	}
	devif_runner_put(&target->receiver.runner);
	return ret;
}
EXPORT_SYMBOL_DEVIF(devif_target_open);

static void close_file(struct devif_open_file *open)
{
	devif_file_cancel(open);
	devif_requests_cancel(open);
	devif_target_end_call(open);
	devif_rundown_wait(&open->calls,
			   "%s: a target that is closed waits for its calls and requests",
			   devif_link_name(open->file.devif));
	if (open->opened)
		devif_file_close(open);
	else
		devif_file_put(open);
}

/* Return the open file, for the caller to close, or %NULL. */
static struct devif_open_file *begin_close(struct devif_target *target)
{
	struct devif_open_file *open;

	guard(mutex)(&target->lock);
	open = rcu_dereference_protected(target->file,
					 lockdep_is_held(&target->lock));
	RCU_INIT_POINTER(target->file, NULL);
	if (open)
		WRITE_ONCE(target->closing, true);
	return open;
}

static void end_close(struct devif_target *target)
{
	mutex_lock(&target->lock);
	WRITE_ONCE(target->closing, false);
	mutex_unlock(&target->lock);
	wake_up_all(&target->changed);
}

/*
 * The exporter's methods, and completions, run with no lock held: they may open and
 * close other targets, and a completion may try to open this one.
 */
void devif_target_close(struct devif_target *target)
{
	struct devif_open_file *open;

	might_sleep();
	if (IS_ERR_OR_NULL(target))
		return;
	/* when another close ends, the destruction of the target may go on */
	devif_runner_get(&target->receiver.runner);
	open = begin_close(target);
	if (open) {
		close_file(open);
		end_close(target);
	} else {
		devif_wait_event(target->changed, !READ_ONCE(target->closing),
				 "%s: waiting for another task to close the target of %s",
				 devif_link_name(target->receiver.listener.devif),
				 target->receiver.listener.holder);
	}
	devif_runner_put(&target->receiver.runner);
}
EXPORT_SYMBOL_DEVIF(devif_target_close);

/*
 * Consent to the removal of the device (K7)
 *
 * The runner of a target calls it back with the question, as with all else, and the task
 * that asks waits for the answer.
 */

/* Does a target have a file, open or being opened, whose exporter is there? */
static bool target_is_in_use(struct devif_target *target)
{
	struct devif_open_file *open;
	bool in_use;

	rcu_read_lock();
	open = rcu_dereference(target->file);
	in_use = open && !devif_file_is_gone(open);
	rcu_read_unlock();
	return in_use;
}

/*
 * Ask a target whether its device may be removed; return whether it has a say. The log names
 * a target that is slow, which no limit ends. Context: The host's listeners_lock held, so the
 * target is not being destroyed.
 */
static bool target_ask(struct devif_listener *listener, unsigned long limit)
{
	struct devif_target *target = devif_target_of(listener);

	/* a target that was told of the end has no say, unless it was opened again */
	if (target->receiver.ended && !target_is_in_use(target))
		return false;
	/* a callback of this target that asks would wait for itself */
	if (devif_runner_is_inside(&target->receiver.runner))
		return false;
	target->answer = 0;
	target->question++;
	set_bit(DEVIF_DUE_QUERY, &target->receiver.due);
	devif_runner_get(&target->receiver.runner);
	devif_runner_kick(&target->receiver.runner);
	return true;
}

/* Stop waiting for an answer, which may be on its way. */
static void target_take_back(struct devif_target *target)
{
	struct devif_host *host = target->receiver.listener.devif->host;

	spin_lock_irq(&host->listeners_lock);
	target->question++;
	clear_bit(DEVIF_DUE_QUERY, &target->receiver.due);
	spin_unlock_irq(&host->listeners_lock);
}

static int target_await(struct devif_target *target)
{
	int ret = devif_wait_event_killable(target->changed,
					    !test_bit(DEVIF_DUE_QUERY,
						      &target->receiver.due),
					    "%s: waiting for %s to say whether it may be removed",
					    devif_link_name(target->receiver.listener.devif),
					    target->receiver.listener.holder);
	int answer;

	if (ret) {
		target_take_back(target);
		return ret;
	}
	answer = min(READ_ONCE(target->answer), 0);
	/* -EINTR is the asking task's */
	return answer == -EINTR ? -EBUSY : answer;
}

/* Wait for the answer of a target that was asked, and give the target back. */
static int target_await_and_put(struct devif_listener *listener)
{
	struct devif_target *target = devif_target_of(listener);
	int ret = target_await(target);

	devif_runner_put(&target->receiver.runner);
	return ret;
}

/* Tell a target that has agreed. Context: The host's listeners_lock held. */
static void target_call_off(struct devif_listener *listener)
{
	struct devif_target *target = devif_target_of(listener);

	if (!target->agreed || target->receiver.ended)
		return;
	target->agreed = false;
	set_bit(DEVIF_DUE_CANCELLED, &target->receiver.due);
	devif_runner_kick(&target->receiver.runner);
}

/* An importer that does not know its target yet is not asked, and will not get it. */
static bool target_is_known(struct devif_target *target)
{
	guard(mutex)(&target->lock);
	if (target->stage == DEVIF_TARGET_OPENING)
		WRITE_ONCE(target->stage, DEVIF_TARGET_UNWANTED);
	return target->stage == DEVIF_TARGET_KNOWN;
}

/* Call a target back with the question, in its runner, and pass the answer on. */
static void target_answer(struct devif_target *target)
{
	struct devif_host *host = target->receiver.listener.devif->host;
	const struct devif_target_desc *desc = &target->desc;
	unsigned int question;
	int answer = 0;

	spin_lock_irq(&host->listeners_lock);
	question = target->question;
	spin_unlock_irq(&host->listeners_lock);

	if (target_is_known(target) && desc->query_remove)
		answer = desc->query_remove(target, desc->data);
	if (answer >= 0)
		devif_target_close(target);

	spin_lock_irq(&host->listeners_lock);
	if (question == target->question) {
		target->answer = answer;
		target->agreed = answer >= 0;
		clear_bit(DEVIF_DUE_QUERY, &target->receiver.due);
	} else if (answer >= 0 && !target->receiver.ended) {
		/* the task that has asked was killed, and has called the removal off */
		set_bit(DEVIF_DUE_CANCELLED, &target->receiver.due);
	}
	spin_unlock_irq(&host->listeners_lock);
	wake_up_all(&target->changed);
}

/*
 * Calling back
 */

static void target_tell_event(struct devif_receiver *receiver,
			      const struct devif_event *event)
{
	struct devif_target *target = to_target(receiver);

	if (target->desc.event)
		target->desc.event(target, event, target->desc.data);
}

static bool target_tell_first(struct devif_receiver *receiver)
{
	struct devif_target *target = to_target(receiver);
	const struct devif_target_desc *desc = &target->desc;

	/* the cancellation is of a removal before the pending one */
	if (test_and_clear_bit(DEVIF_DUE_CANCELLED, &target->receiver.due)) {
		if (desc->remove_cancelled)
			desc->remove_cancelled(target, desc->data);
		return true;
	}
	if (test_bit(DEVIF_DUE_QUERY, &target->receiver.due)) {
		target_answer(target);
		return true;
	}
	return false;
}

static void target_tell_removed(struct devif_receiver *receiver)
{
	struct devif_target *target = to_target(receiver);

	if (target->desc.removed)
		target->desc.removed(target, target->desc.data);
}

/* Callbacks to an importer that does not know its target yet wait. */
static void target_run(struct devif_runner *runner)
{
	struct devif_target *target = to_target(devif_receiver_of_runner(runner));

	if (READ_ONCE(target->stage) == DEVIF_TARGET_KNOWN)
		devif_receiver_run(runner);
	else if (test_bit(DEVIF_DUE_QUERY, &target->receiver.due))
		target_answer(target);
}

/*
 * Coming and going
 */

/* Close a target for good; return whether the caller has to end its runner. */
static bool target_finish(struct devif_target *target)
{
	if (!devif_receiver_end(&target->receiver))
		return false;
	devif_target_close(target);
	/* a pending query wants the target closed, which it is */
	clear_bit(DEVIF_DUE_QUERY, &target->receiver.due);
	wake_up_all(&target->changed);
	return true;
}

static void end_target(struct devif_runner *runner)
{
	if (target_finish(to_target(devif_receiver_of_runner(runner))))
		devif_runner_close(runner);
}

static void target_free_work(struct work_struct *work)
{
	struct devif_target *target = container_of(work, struct devif_target,
						   free_work);

	destroy_workqueue(target->request_wq);
	kfree(target);
}

/* The caller may be a completion in @request_wq, which cannot be destroyed from there. */
static void free_target(struct devif_runner *runner)
{
	struct devif_target *target = to_target(devif_receiver_of_runner(runner));

	devif_put(target->receiver.listener.devif);
	queue_work(devif_wq, &target->free_work);
}

static const struct devif_receiver_ops target_ops = {
	.runner = {
		.kind = "target",
		.run = target_run,
		.end = end_target,
		.free = free_target,
	},
	.listener = {
		.kind = "target",
		.has_event = devif_receiver_has_event,
		.changed = devif_receiver_changed,
		.ask = target_ask,
		.await = target_await_and_put,
		.call_off = target_call_off,
	},
	.ignores = DEVIF_CHANGE_DISABLED,
	.tell_first = target_tell_first,
	.tell_event = target_tell_event,
	.tell_end = target_tell_removed,
};

static struct devif_target *alloc_target(const struct devif_target_desc *desc,
					 struct module *owner,
					 struct lock_class_key *key)
{
	struct devif_target *target = kzalloc(sizeof(*target), GFP_KERNEL);

	if (!target)
		return ERR_PTR(-ENOMEM);
	target->desc = *desc;
	mutex_init(&target->lock);
	init_waitqueue_head(&target->changed);
	INIT_WORK(&target->free_work, target_free_work);
	target->request_wq = alloc_workqueue("devif_request", WQ_UNBOUND,
					     WQ_UNBOUND_MAX_ACTIVE);
	if (!target->request_wq)
		goto err_target;
	if (devif_receiver_init(&target->receiver, &target_ops, desc->holder, owner, key))
		goto err_wq;
	return target;

err_wq:
	destroy_workqueue(target->request_wq);
err_target:
	kfree(target);
	return ERR_PTR(-ENOMEM);
}

static int target_check_desc(const struct devif_target_desc *desc)
{
	const char *why;

	if (desc->flags & ~DEVIF_RUNTIME_PM)
		why = "flags: unknown";
	else if (desc->flags && !desc->holder)
		why = "runtime power management without a holder";
	else
		return 0;
	pr_err_ratelimited("target: %s\n", why);
	return -EINVAL;
}

static int target_make(struct devif *devif, const struct devif_target_desc *desc,
		       enum devif_target_stage stage, struct module *owner,
		       struct lock_class_key *key, struct devif_target **result)
{
	struct devif_target *target;
	int ret = target_check_desc(desc);

	if (ret)
		return ret;
	target = alloc_target(desc, owner, key);
	if (IS_ERR(target))
		return PTR_ERR(target);
	target->stage = stage;
	*result = target;
	ret = devif_receiver_begin(&target->receiver, devif, false);
	if (ret)
		*result = NULL;
	return ret;
}

int __devif_target_create(struct devif_remote *remote,
			  const struct devif_target_desc *desc,
			  struct module *owner, struct lock_class_key *key,
			  struct devif_target **result)
{
	might_sleep();
	if (IS_ERR_OR_NULL(remote) || !desc || !result) {
		pr_err_ratelimited("target: no remote interface, description or result\n");
		return -EINVAL;
	}
	return target_make(devif_remote_interface(remote), desc, DEVIF_TARGET_KNOWN,
			   owner, key, result);
}
EXPORT_SYMBOL_DEVIF(__devif_target_create);

/* Give the importer its target, unless opening has failed, or a removal closes the target. */
static int target_give(struct devif_target *target, int error,
		       struct devif_target **result)
{
	guard(mutex)(&target->lock);
	if (target->stage == DEVIF_TARGET_UNWANTED)
		return -ENODEV;
	if (error)
		return error;
	*result = target;
	WRITE_ONCE(target->stage, DEVIF_TARGET_KNOWN);
	return 0;
}

/**
 * devif_target_open_new() - make a target, and open it
 * @devif: the interface
 * @path: as of devif_target_open()
 * @access: as of devif_target_open()
 * @desc: callbacks and holder; no callback is called unless this succeeds
 * @owner: module of the callbacks
 * @key: lock class, in @owner
 * @result: set to the target before its first callback runs
 *
 * Context: May sleep. Locks may be held that a callback takes.
 *
 * Return: 0, or an errno of devif_target_create() or devif_target_open(); then no target is
 * left
 */
int devif_target_open_new(struct devif *devif, const char *path, unsigned int access,
			  const struct devif_target_desc *desc, struct module *owner,
			  struct lock_class_key *key, struct devif_target **result)
{
	struct devif_runner *runner;
	struct devif_target *target;
	int ret;

	ret = target_make(devif, desc, DEVIF_TARGET_OPENING, owner, key, &target);
	if (ret)
		return ret;
	runner = &target->receiver.runner;
	/* once the importer has the target, a callback may destroy it */
	devif_runner_get(runner);
	ret = target_give(target, devif_target_open(target, path, access), result);
	if (!ret)
		devif_runner_kick(runner);
	else if (target_finish(target))
		devif_runner_discard(runner);
	devif_runner_put(runner);
	return ret;
}

void devif_target_destroy(struct devif_target *target)
{
	might_sleep();
	if (!IS_ERR_OR_NULL(target))
		end_target(&target->receiver.runner);
}
EXPORT_SYMBOL_DEVIF(devif_target_destroy);
