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
#include <linux/devif_query.h>
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
 * interface* for it: the remote interface gets the device's events, and at last the
 * removal. The importer can make a *target* on the remote interface, and open it
 * to read, write, and send ioctls, in its own context or asynchronously. An importer that
 * knows only a symbolic link name makes and opens a target in one call, see
 * devif_target_open_by_name().
 * Each of the two may outlive the other. The arrival callback may make and open both,
 * also for an interface of a bus that makes its devices on demand: no lock is held that
 * the bus could want. The callback may also leave this to a work item (H5).
 *
 * A target gets three notifications. *Query remove* asks whether the device may be
 * removed in good order: the target agrees and is closed, or refuses (K7). *Remove
 * cancelled* follows if the removal is called off: the target may be opened again.
 * *Removed* tells that the device, or its driver's binding, has gone, after a query or
 * not; calls fail with -ENODEV. Disabling an interface does not affect open targets
 * (O3).
 *
 * Callbacks run in work items, may sleep, hold no lock of the registry, and may
 * make any call, also to destroy their own object. Two callbacks of one
 * object never run at the same time. Remote interfaces and targets left after the
 * module's exit function are destroyed then, with a line in the log. The unload also
 * waits for a callback that has destroyed its own object and has yet to return: such a
 * callback must not wait for the unload.
 */

struct devif_remote;
struct devif_target;

/**
 * struct devif_remote_desc - callbacks of a remote interface
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
 * @desc: callbacks; copied
 * @remote: receives the remote interface, for devif_remote_destroy(); not %NULL. Set
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
 * When this returns no callback runs, and none will; but called from a callback, it does
 * not wait for that callback. Targets made on @remote stay.
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
 * struct devif_target_desc - callbacks of a target
 * @query_remove: called to ask whether the device may be removed (K7): return 0 to agree,
 *	or a negative errno to refuse. The callback may close the target; else the
 *	registry closes a target that agrees. %NULL agrees
 * @remove_cancelled: called when another target has refused, or the removal was called
 *	off, after this target had agreed; it may open itself again. May be %NULL
 * @removed: called once, when the device, its driver's binding, or the export by which
 *	the target is open, has gone; or when the interface has been unregistered, though
 *	then calls still work. Usually followed by devif_target_destroy(); a target that is
 *	opened again instead gets only @query_remove from now on. May be %NULL
 * @event: called for each event of the device (L2), or %NULL
 * @data: for the callbacks
 * @holder: importing device; users are listed by its name and the calling module's.
 *	Registered for the life of the target, or %NULL. While the target is open, the holder
 *	is suspended before the device whose export has opened it, and resumed after it, as
 *	with devif_query()
 * @flags: %DEVIF_RUNTIME_PM for the query that opens the target, or 0
 */
struct devif_target_desc {
	int (*query_remove)(struct devif_target *target, void *data);
	void (*remove_cancelled)(struct devif_target *target, void *data);
	void (*removed)(struct devif_target *target, void *data);
	void (*event)(struct devif_target *target,
		      const struct devif_event *event, void *data);
	void *data;
	struct device *holder;
	unsigned int flags;
};

int __devif_target_create(struct devif_remote *remote,
			  const struct devif_target_desc *desc,
			  struct module *owner, struct lock_class_key *key,
			  struct devif_target **target);

/**
 * devif_target_create() - make a target, not opened yet
 * @remote: remote interface to open
 * @desc: callbacks and holder; copied
 * @target: receives the target, for devif_target_destroy(); not %NULL. Set
 *	before the first callback runs.
 *
 * Twin: IWDFDevice2::CreateRemoteTarget, WdfIoTargetCreate. Implements K4.
 *
 * Context: May sleep.
 *
 * Return: 0; -EINVAL if an argument is missing, a flag is unknown, or a flag is given without
 * a holder; -ENODEV if the interface has gone; or -ENOMEM
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
 * Close @target as devif_target_close() does. When this returns no callback runs, and
 * none will; but called from a callback, it does not wait for that callback.
 *
 * Context: May sleep. No lock may be held that a callback takes. Not from the
 * completion of a request.
 */
void devif_target_destroy(struct devif_target *target);

/**
 * devif_target_open() - open the interface
 * @target: a target that is not open
 * @path: string to add to the name (G5, K9), or %NULL; at most PATH_MAX bytes with its
 *	NUL. Passed on unchanged, so do not begin with a separator
 * @access: enum devif_access
 *
 * Call the exporter's open method; while it returns -EAGAIN wait for devif_wake() and
 * call it again, unless %DEVIF_NONBLOCK is given. The interface has to be enabled at each
 * call. A target can be opened again after it was closed.
 *
 * Twin: IWDFRemoteTarget::OpenRemoteInterface, WdfIoTargetOpen. Implements G1, G2, G9,
 * K4, K9.
 *
 * Context: May sleep. Not from the completion of a request of this target.
 *
 * Return: 0, or
 *
 * * -EBUSY: the target is open, or is being closed
 * * -EINVAL: @target is missing, or a flag of @access is unknown
 * * -ENAMETOOLONG: @path is too long
 * * -ENODEV: the interface is not enabled, or its device has gone or is about to
 * * -EOPNOTSUPP: no &struct devif_file_interface is exported
 * * -EAGAIN: the exporter is not ready, and %DEVIF_NONBLOCK is given
 * * -ERESTARTSYS: a signal has come while this was waiting, or the kernel thread is to
 *   stop or to park
 * * -ECANCELED: the target was closed while this was waiting
 * * -ENOMEM: out of memory
 * * an errno of the exporter, or -EIO if it has returned a positive number
 */
int devif_target_open(struct devif_target *target, const char *path,
		      unsigned int access);

/**
 * devif_target_close() - close the interface
 * @target: the target; ignored if not open
 *
 * End waiting calls and requests with -ECANCELED, and wait for the others; when this
 * returns, all have completed (K8). The exporter's release method has been called,
 * unless the export is ending, which then calls it.
 *
 * Context: May sleep. Not from the completion of a request of this target.
 */
void devif_target_close(struct devif_target *target);

int __devif_target_open_by_name(const char *name, const char *path,
				unsigned int access,
				const struct devif_target_desc *desc,
				struct module *owner, struct lock_class_key *key,
				struct devif_target **target);

/**
 * devif_target_open_by_name() - make a target for an interface of a known name, and open it
 * @name: symbolic link name
 * @path: as of devif_target_open()
 * @access: enum devif_access
 * @desc: callbacks and holder; copied
 * @target: receives the target, for devif_target_destroy(); not %NULL. Set before the
 *	first callback runs; %NULL if this fails
 *
 * As devif_find_by_name(), devif_remote_create(), devif_target_create() and
 * devif_target_open(), but no remote interface is left, and no callback is called before
 * the target is open: callbacks that become due meanwhile are called then. If this
 * fails, no target is left, and no callback has been called. A device that is to be removed
 * while this waits for the exporter is given up without asking @desc->query_remove.
 *
 * Twin: WdfIoTargetOpen with WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME. Implements G1,
 * G2, K4, K9.
 *
 * Context: May sleep. Locks may be held that the callbacks take, but none that the
 * exporter's open method takes.
 *
 * Return: 0, or
 *
 * * -EINVAL: an argument is missing, or a flag of @access is unknown
 * * -ENOENT: the name is unknown, or its device is absent
 * * -ENODEV: the interface is not enabled, or its device has gone or is about to
 * * -ENAMETOOLONG, -EOPNOTSUPP, -EAGAIN, -ERESTARTSYS, -ENOMEM, or an errno of the
 *   exporter: as devif_target_open()
 */
#define devif_target_open_by_name(name, path, access, desc, target) ({	\
	static struct lock_class_key __key;				\
									\
	__devif_target_open_by_name(name, path, access, desc,		\
				    THIS_MODULE, &__key, target);	\
})

/**
 * devif_target_read() - read from a target
 * @target: the target
 * @buffer: receives the data
 * @size: number of bytes to read, at most
 * @pos: file position, moved on; %NULL for 0
 *
 * Wait until data can be read.
 *
 * Context: May sleep.
 *
 * Return: number of bytes read, 0 at the end of the file, or
 *
 * * -ENODEV: the device has gone
 * * -EBADF: the target is not open, or not for reading
 * * -EINVAL: the interface has no read method
 * * -EAGAIN: no data can be read, and the target was opened with %DEVIF_NONBLOCK
 * * -ERESTARTSYS: a signal has come while this was waiting, or the kernel thread is to
 *   stop or to park
 * * -ECANCELED: the target was closed while this was waiting
 * * -EIO: the exporter has returned a number larger than the bytes transferred
 * * an errno of the exporter: -EMSGSIZE if @size is too small for the next record, which
 *   stays
 */
ssize_t devif_target_read(struct devif_target *target, void *buffer, size_t size,
			  loff_t *pos);

/**
 * devif_target_write() - write to a target
 * @target: the target
 * @buffer: data to write
 * @size: number of bytes to write, at most
 * @pos: file position, moved on; %NULL for 0
 *
 * Wait until data can be written.
 *
 * Context: May sleep.
 *
 * Return: number of bytes written, or an errno as devif_target_read()
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
 * Return: result of the exporter, -ENOTTY if it has no ioctl method, or an errno as
 * devif_target_read()
 */
long devif_target_ioctl(struct devif_target *target, unsigned int cmd, void *arg);

int __devif_target_query(struct devif_target *target,
			 const struct devif_query_desc *desc,
			 struct devif_interface *interface, u32 size,
			 struct module *module);

/**
 * devif_target_query() - ask the device of a target for a query interface
 * @target: the target, open or not
 * @desc: description of the query. Its holder is the target's; @desc->holder has to be that,
 *	or %NULL
 * @table: receives the table, as of devif_query()
 *
 * As devif_query() of the device that the target's interface belongs to, as long as the
 * interface is registered. The table is the importer's: devif_target_close() and
 * devif_target_destroy() do not give it back.
 *
 * The table is tied to the removal of that device by the target's callbacks, which speak
 * for it:
 *
 * * The importer is asked by @query_remove of the target. To agree it gives a pinned table
 *   back first, by devif_dereference(); a pinned table that is still held when all have
 *   agreed refuses the removal. A revocable table may be kept: it ends with the export.
 * * No table is had through a target while the removal is pending. After
 *   @remove_cancelled it may be queried again.
 * * @removed comes without a question, as when the device was unplugged: the importer gives
 *   the table back, of either kind.
 *
 * A table that another device exports, see %DEVIF_EXPORT_ASK_PARENT, is not affected by
 * the removal of the target's device; but the other device's removal asks the target too,
 * as it asks all below.
 *
 * Twin: WdfIoTargetQueryForInterface. Implements J3, K4.
 *
 * Context: May sleep. No lock may be held that the exporter's hook takes. Not once
 * devif_target_destroy() has been called.
 *
 * Return: 0, -ENODEV if the interface has gone or its device may be about to be removed,
 * -EINVAL if an argument is missing or @desc has another holder, or an errno of
 * devif_query()
 */
#define devif_target_query(target, desc, table)				\
	__devif_target_query(target, desc, devif_header(table),		\
			     sizeof(*(table)), THIS_MODULE)

struct devif_open_file;

/**
 * enum devif_request_type - kind of a request
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
 * @size: number of bytes to transfer, at most
 * @pos: file position, moved on
 * @timeout: milliseconds that the request may wait; 0 for any time
 * @complete: called once for each submitted request, in a context that may
 *	sleep; @result is as of the call that @type names, or -ETIMEDOUT. The caller owns
 *	the request again: it may be freed, or submitted once more, also from here
 *
 * Embedded in a structure of the caller, not on the stack. The caller fills these in, and
 * clears the rest before the first use. @buffer has to stay until @complete.
 *
 * The timeout counts from the submission. When it is over, the exporter is called once
 * more, and if the request would have to wait again it completes with -ETIMEDOUT. So a
 * request is always tried, and one that has timed out has transferred nothing. A timeout
 * does not end a call inside the exporter: the request completes with its result.
 */
struct devif_request {
	enum devif_request_type type;
	unsigned int cmd;
	void *buffer;
	size_t size;
	loff_t pos;
	unsigned int timeout;
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
 * devif_target_submit() - send a request without waiting
 * @target: the target
 * @request: the request; owned by the registry until it is completed
 *
 * Requests of one target may overtake each other. Requests that sleep, in the exporter or
 * in their completions, do not delay other targets. Each target has a workqueue, which
 * runs up to %WQ_UNBOUND_MAX_ACTIVE of its requests at a time.
 *
 * Twin: WdfRequestSend, with WDF_REQUEST_SEND_OPTIONS_SET_TIMEOUT if @request has a
 * timeout. Implements K5.
 *
 * Context: Any that may take a spinlock. Interrupts may be off; with PREEMPT_RT, hard
 * interrupts that are not threaded may not call this.
 *
 * Return: 0, and @request->complete will be called; or without that, -EBADF if the target
 * is not open, -EINVAL if an argument is missing or @request is malformed, or -ENOMEM if
 * there is no memory for its timeout
 */
int devif_target_submit(struct devif_target *target,
			struct devif_request *request);

/**
 * devif_target_send() - send a request and wait
 * @target: the target
 * @request: the request, which may be on the stack; @complete and the members behind it
 *	are not used
 *
 * As devif_target_read(), devif_target_write() or devif_target_ioctl(), but no longer than
 * @request->timeout, which counts the time spent waiting. The exporter is called in the
 * context of the caller.
 *
 * Twin: WdfIoTargetSendReadSynchronously and its like, with a timeout in
 * WDF_REQUEST_SEND_OPTIONS.
 *
 * Context: May sleep.
 *
 * Return: as the call that @type names, -EINVAL if an argument is missing or @request is
 * malformed, or -ETIMEDOUT: nothing was transferred
 */
ssize_t devif_target_send(struct devif_target *target, struct devif_request *request);

/**
 * devif_request_cancel() - complete a request soon
 * @request: a request that was submitted, and that the caller keeps from being
 *	freed
 *
 * A waiting request is completed with -ECANCELED; a request inside the exporter, with
 * the exporter's result. A completed request is ignored.
 *
 * Twin: WdfRequestCancelSentRequest.
 *
 * Context: Any that may take a spinlock. Interrupts may be off; with PREEMPT_RT, hard
 * interrupts that are not threaded may not call this.
 */
void devif_request_cancel(struct devif_request *request);

/**
 * devif_query_remove_report() - ask whether a device may be removed, and by whom
 * @dev: the device, which the caller is about to remove, or to unbind
 * @report: gets a text: a line for each holder that was asked, or that refuses, which
 *	begins with "agreed: " or "refused: "; or %NULL
 * @size: room in @report in bytes; the text is cut off there
 *
 * Ask the holders of @dev and of all devices below it, one after the other, children first
 * (K7):
 *
 * * targets of interfaces, by their callback;
 * * applications that have opened an interface, by a record in an event file, see
 *   DEVIF_EVENTS_ASK in <uapi/linux/devif.h>. An application has ten seconds to answer. An
 *   open file that no event file speaks for is a refusal;
 * * then, pinned holders of query interfaces refuse, unless their device is removed with
 *   @dev. A holder that wants to be asked has a target, and gives its tables back in the
 *   target's query_remove(). Revocable holders agree (J13).
 *
 * As soon as one refuses, those that have agreed are told that the removal is cancelled.
 * Once this has succeeded no interface of @dev, or of a device below, can be opened (G9),
 * until devif_cancel_remove() or until @dev was bound to a driver again. No lock of the
 * driver core is held while a holder is asked.
 *
 * A removal without this query, by unplugging or unbinding, is safe too.
 *
 * Twin: IRP_MN_QUERY_REMOVE_DEVICE.
 *
 * Context: May sleep. No lock may be held that the callbacks take.
 *
 * The log names targets with slow callbacks, and those who refuse. The calling process can
 * be killed meanwhile: then the removal is cancelled.
 *
 * Return: 0, or
 *
 * * -EBUSY: a holder refuses, another query for @dev or for a device above or below is
 *   running or has succeeded, or meanwhile a new driver was bound to @dev or the removal was
 *   cancelled
 * * -EINTR: the process was killed
 * * -EINVAL: @dev is missing
 * * -ENODEV: @dev is not registered
 * * -ENOMEM: out of memory
 */
int devif_query_remove_report(struct device *dev, char *report, size_t size);

/**
 * devif_query_remove() - ask whether a device may be removed
 * @dev: the device, which the caller is about to remove, or to unbind
 *
 * As devif_query_remove_report(), without a report.
 *
 * Context: May sleep. No lock may be held that the callbacks take.
 *
 * Return: as devif_query_remove_report()
 */
static inline int devif_query_remove(struct device *dev)
{
	return devif_query_remove_report(dev, NULL, 0);
}

/**
 * devif_cancel_remove() - do not remove a device after all
 * @dev: a device for which devif_query_remove() has succeeded
 *
 * If a query is running, it fails, and tells the holders that have agreed by then.
 *
 * Twin: IRP_MN_CANCEL_REMOVE_DEVICE.
 *
 * Context: May sleep.
 */
void devif_cancel_remove(struct device *dev);

#endif /* _LINUX_DEVIF_TARGET_H */
