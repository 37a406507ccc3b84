/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Remote interfaces and targets: the importing side of other drivers' interfaces.
 *
 * Part of <linux/devif.h>, which is the header to include. References such as K7
 * name the items of the Windows model.
 */
#ifndef _LINUX_DEVIF_TARGET_H
#define _LINUX_DEVIF_TARGET_H

#include <linux/devif_event.h>
#include <linux/devif_file.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/types.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct device;
struct devif;

/**
 * DOC: Remote interfaces and targets
 *
 * An importer that has been told of an arrival (devif_subscribe()) can make a *remote
 * interface* for it: then it is told once of the removal, and of the device's
 * events until then. On a remote interface it can make a *target*, and open that:
 * then it can read, write, and send ioctls, in its own context or asynchronously.
 * Either may be there without the other. The callback of the arrival may do all
 * this itself, also for an interface of a bus that makes its devices on demand: no
 * lock is held that the bus could want. It may as well leave it to a work item (H5).
 *
 * A target hears of three things. It is *asked* whether the device may be removed
 * in good order: it agrees and is closed, or refuses (K7). If the removal is
 * *cancelled* after that it may open itself again. And when the device, or its
 * driver's binding, has *gone*, asked for or not, calls fail with -ENODEV, and the
 * target is told. Disabling an interface does not concern targets that are open
 * (O3).
 *
 * Callbacks run in work items, may sleep, hold no lock of the registry's, and may
 * make any call, also end the object they are called for. Two callbacks of one
 * object never run at the same time. Remote interfaces and targets that a module
 * has not destroyed when its exit function has run are destroyed then, with a line
 * in the log. Then too a callback is waited for that has destroyed its own object and
 * has yet to return: the module's text stays until it has, and it must not wait for
 * the unload.
 */

struct devif_remote;
struct devif_target;

/**
 * struct devif_remote_desc - what a remote interface is told
 * @removal: called once, when the interface has been disabled or its device has gone
 *	(K6); no event comes after it. May be %NULL
 * @event: called for each event of the device (L2), or %NULL
 * @data: for the callbacks
 */
struct devif_remote_desc {
	void (*removal)(struct devif_remote *remote, void *data);
	void (*event)(struct devif_remote *remote,
		      const struct devif_event *event, void *data);
	void *data;
};

int __devif_remote_create(struct devif *devif,
			  const struct devif_remote_desc *desc,
			  struct module *owner, struct lock_class_key *key,
			  struct devif_remote **remote);

/**
 * devif_remote_create() - make a remote interface
 * @devif: an interface that has arrived
 * @desc: what to be told; copied
 * @remote: where to put it, for devif_remote_destroy(); not %NULL. It is there
 *	before the first callback runs.
 *
 * Twin: IWDFDevice2::CreateRemoteInterface. Implements K3, K6.
 *
 * Context: May sleep.
 *
 * Return: 0, -EINVAL if an argument is missing, -ENODEV if @devif is not enabled any
 * more (H7), or -ENOMEM
 */
#define devif_remote_create(devif, desc, remote) ({			\
	static struct lock_class_key __key;				\
									\
	__devif_remote_create(devif, desc, THIS_MODULE, &__key, remote);\
})

/**
 * devif_remote_destroy() - end a remote interface
 * @remote: the remote interface; %NULL and error pointers are ignored
 *
 * When this returns no callback runs, and none will; but called from one, it does
 * not wait for that one. Targets made on it are not concerned.
 *
 * Context: May sleep. No lock may be held that a callback takes.
 */
void devif_remote_destroy(struct devif_remote *remote);

/**
 * devif_remote_interface() - interface that a remote interface stands for
 * @remote: the remote interface
 *
 * Context: Any.
 *
 * Return: the interface, borrowed: valid as long as @remote
 */
struct devif *devif_remote_interface(struct devif_remote *remote);

/**
 * struct devif_target_desc - what a target is told
 * @query_remove: called to ask whether the device may be removed (K7): 0 to agree, or
 *	a negative errno to refuse. It may close the target itself; if it agrees and
 *	does not, that is done for it. %NULL: agrees
 * @remove_cancelled: called when somebody else has refused, or the removal was called
 *	off, after this target had agreed; it may open itself again. May be %NULL
 * @removed: called once, when the device has gone, its driver's binding, or the export
 *	by which it is open; or when the interface has been unregistered, though then
 *	calls still work. What is left to do is devif_target_destroy(); one that is opened
 *	again instead is told nothing more. May be %NULL
 * @event: called for each event of the device (L2), or %NULL
 * @data: for the callbacks
 * @holder: device that the target is for; its name is shown with that of the calling
 *	module. Registered while the target is there, or %NULL
 */
struct devif_target_desc {
	int (*query_remove)(struct devif_target *target, void *data);
	void (*remove_cancelled)(struct devif_target *target, void *data);
	void (*removed)(struct devif_target *target, void *data);
	void (*event)(struct devif_target *target,
		      const struct devif_event *event, void *data);
	void *data;
	struct device *holder;
};

int __devif_target_create(struct devif_remote *remote,
			  const struct devif_target_desc *desc,
			  struct module *owner, struct lock_class_key *key,
			  struct devif_target **target);

/**
 * devif_target_create() - make a target, not opened yet
 * @remote: remote interface to open
 * @desc: what to be told; copied
 * @target: where to put it, for devif_target_destroy(); not %NULL. It is there
 *	before the first callback runs.
 *
 * Twin: IWDFDevice2::CreateRemoteTarget, WdfIoTargetCreate. Implements K4.
 *
 * Context: May sleep.
 *
 * Return: 0, -EINVAL if an argument is missing, -ENODEV if the interface has gone, or
 * -ENOMEM
 */
#define devif_target_create(remote, desc, target) ({			\
	static struct lock_class_key __key;				\
									\
	__devif_target_create(remote, desc, THIS_MODULE, &__key, target);\
})

/**
 * devif_target_destroy() - end a target
 * @target: the target; %NULL and error pointers are ignored
 *
 * Close it as devif_target_close() does. When this returns no callback runs, and none
 * will; but called from one, it does not wait for that one.
 *
 * Context: May sleep. No lock may be held that a callback takes. Not from the
 * completion of a request.
 */
void devif_target_destroy(struct devif_target *target);

/**
 * devif_target_open() - open the interface
 * @target: a target that is not open
 * @path: what to add to the name (G5, K9), or %NULL; at most PATH_MAX bytes with its
 *	NUL. It is passed on as it is, so do not begin with a separator
 * @access: enum devif_access
 *
 * The exporter's open method is called; while it says "not yet" this waits, unless
 * %DEVIF_NONBLOCK is given; that the interface is disabled meanwhile is noticed when the
 * exporter is asked again. A target can be opened again after it was closed.
 *
 * Twin: IWDFRemoteTarget::OpenRemoteInterface, WdfIoTargetOpen. Implements G1, G2, G9,
 * K4, K9.
 *
 * Context: May sleep. Not from the completion of a request of this target.
 *
 * Return: 0, or
 *
 * * -EBUSY: it is open, or is just being closed
 * * -EINVAL: an argument is missing or unknown
 * * -ENAMETOOLONG: @path is too long
 * * -ENODEV: the interface is not enabled, or its device has gone or is about to
 * * -EOPNOTSUPP: nobody has exported a &struct devif_file_interface
 * * -EAGAIN: not yet, and %DEVIF_NONBLOCK is given
 * * -ERESTARTSYS: a signal has come while this was waiting
 * * -ECANCELED: the target was closed while this was waiting
 * * -ENOMEM: out of memory
 * * what the exporter says
 */
int devif_target_open(struct devif_target *target, const char *path,
		      unsigned int access);

/**
 * devif_target_close() - close the interface
 * @target: the target; nothing happens if it is not open
 *
 * Calls and requests that wait are ended with -ECANCELED, others are waited for; when
 * this returns, all have completed (K8). The exporter's release method has been called,
 * unless the export is ending: that has it called.
 *
 * Context: May sleep. Not from the completion of a request of this target.
 */
void devif_target_close(struct devif_target *target);

/**
 * devif_target_read() - read from a target
 * @target: the target
 * @buffer: where to put it
 * @size: how much at most
 * @pos: file position, moved on; %NULL for 0
 *
 * Wait until there is something to be read.
 *
 * Context: May sleep.
 *
 * Return: how much, 0 at the end of the file, or
 *
 * * -ENODEV: the device has gone
 * * -EBADF: the target is not open, or not for reading
 * * -EINVAL: it cannot be read
 * * -EAGAIN: there is nothing, and the target was opened with %DEVIF_NONBLOCK
 * * -ERESTARTSYS: a signal has come while this was waiting
 * * -ECANCELED: the target was closed while this was waiting
 * * -EIO: the exporter claims to have transferred what it has not
 * * what the exporter says: -EMSGSIZE if @size is too small for the next record, which
 *   stays
 */
ssize_t devif_target_read(struct devif_target *target, void *buffer, size_t size,
			  loff_t *pos);

/**
 * devif_target_write() - write to a target
 * @target: the target
 * @buffer: what to write
 * @size: how much at most
 * @pos: file position, moved on; %NULL for 0
 *
 * Wait until there is room.
 *
 * Context: May sleep.
 *
 * Return: how much, or an errno as of devif_target_read()
 */
ssize_t devif_target_write(struct devif_target *target, const void *buffer,
			   size_t size, loff_t *pos);

/**
 * devif_target_ioctl() - send an ioctl to a target
 * @target: the target
 * @cmd: the command, built by _IO() and its like
 * @arg: argument of _IOC_SIZE(@cmd) bytes, in kernel memory; %NULL if that is 0
 *
 * Context: May sleep.
 *
 * Return: what the exporter says, -ENOTTY if it knows no ioctls, or an errno as of
 * devif_target_read()
 */
long devif_target_ioctl(struct devif_target *target, unsigned int cmd, void *arg);

struct devif_open_file;

/**
 * enum devif_request_type - what a request is for
 * @DEVIF_REQUEST_READ: as devif_target_read()
 * @DEVIF_REQUEST_WRITE: as devif_target_write()
 * @DEVIF_REQUEST_IOCTL: as devif_target_ioctl()
 */
enum devif_request_type {
	DEVIF_REQUEST_READ,
	DEVIF_REQUEST_WRITE,
	DEVIF_REQUEST_IOCTL,
};

/**
 * struct devif_request - an asynchronous read, write or ioctl
 * @type: enum devif_request_type
 * @cmd: command of an ioctl
 * @buffer: of @size bytes; argument of an ioctl
 * @size: how much to transfer at most
 * @pos: file position, moved on
 * @complete: called once for each request that was submitted, in a context that may
 *	sleep; @result is as of the call that @type names. The request is the
 *	caller's again: it may be freed, or submitted once more, also from here
 *
 * Part of a structure of the caller's, not on the stack. The caller fills these in, and
 * clears the rest before the first use. @buffer has to stay until @complete.
 */
struct devif_request {
	enum devif_request_type type;
	unsigned int cmd;
	void *buffer;
	size_t size;
	loff_t pos;
	void (*complete)(struct devif_request *request, ssize_t result);

	/* private: */
	struct devif_open_file *file;
	struct workqueue_struct *wq;
	struct work_struct *work;
	struct work_struct spare_work;
	struct wait_queue_entry wait;
	struct list_head entry;
	unsigned long state;
};

/**
 * devif_target_submit() - send a request, and do not wait
 * @target: the target
 * @request: what to do; owned by the registry until it is completed
 *
 * Requests of one target may overtake each other. Those that sleep, in the exporter or in
 * their completions, hold up no other target's. Of one target as many may do so as a
 * workqueue runs at a time (%WQ_UNBOUND_MAX_ACTIVE).
 *
 * Twin: WdfRequestSend. Implements K5.
 *
 * Context: Any that may take a spinlock. Interrupts may be off; with PREEMPT_RT, hard
 * interrupts that are not threaded may not call this.
 *
 * Return: 0: @request->complete will be called; -EBADF or -EINVAL: it will not
 */
int devif_target_submit(struct devif_target *target,
			struct devif_request *request);

/**
 * devif_request_cancel() - complete a request soon
 * @request: a request that was submitted, and that the caller keeps from being
 *	freed
 *
 * If it waits it is completed with -ECANCELED; if the exporter is at work on it, with
 * what that leads to. Nothing happens if it was completed.
 *
 * Twin: WdfRequestCancelSentRequest.
 *
 * Context: Any that may take a spinlock. Interrupts may be off; with PREEMPT_RT, hard
 * interrupts that are not threaded may not call this.
 */
void devif_request_cancel(struct devif_request *request);

/**
 * devif_query_remove() - ask whether a device may be removed
 * @dev: the device, which the caller is about to remove, or to unbind
 *
 * Ask every target of its interfaces, and of those of all devices below it, which go
 * with it: one after the other, children first (K7). As soon as one refuses, those asked
 * before are told that the removal is cancelled. An interface that user space has opened
 * cannot be asked, and counts as refusal. Once this has succeeded no interface of @dev,
 * or of a device below, can be opened (G9), until devif_cancel_remove() or until @dev was
 * bound to a driver again. If @dev itself has no interfaces and exports, nobody is asked.
 *
 * A removal that was not asked for, by unplugging or unbinding, is none the less safe.
 *
 * Twin: IRP_MN_QUERY_REMOVE_DEVICE.
 *
 * Context: May sleep. No lock may be held that the callbacks take.
 *
 * A callback that takes its time is named in the log. A process that asks can be
 * killed meanwhile: then the removal is cancelled.
 *
 * Return: 0, -EBUSY if somebody refuses (he is named in the log) or somebody else is
 * asking, for @dev or for a device above or below, -EINTR if the process was killed,
 * -EINVAL if @dev is %NULL
 */
int devif_query_remove(struct device *dev);

/**
 * devif_cancel_remove() - do not remove a device after all
 * @dev: a device for which devif_query_remove() has succeeded
 *
 * Twin: IRP_MN_CANCEL_REMOVE_DEVICE.
 *
 * Context: May sleep.
 */
void devif_cancel_remove(struct device *dev);

#endif /* _LINUX_DEVIF_TARGET_H */
