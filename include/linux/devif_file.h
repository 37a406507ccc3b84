/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Opening, the exporter's side: what happens when somebody opens an interface.
 *
 * Part of <linux/devif.h>, which is the header to include. References such as G4
 * name the items of the Windows model.
 */
#ifndef _LINUX_DEVIF_FILE_H
#define _LINUX_DEVIF_FILE_H

#include <linux/devif_query.h>
#include <linux/poll.h>
#include <linux/types.h>
#include <linux/uio.h>
#include <linux/uuid.h>

struct devif;
struct devif_export;

/**
 * DOC: Opening an interface
 *
 * An enabled interface can be opened: by a driver, see devif_target_open(), and,
 * if it was registered with %DEVIF_NODE, by user space through its character
 * device. Both come the same way, and the exporter does not see which it is.
 *
 * An exporter that wants to be opened exports a query interface, &struct
 * devif_file_interface, under %devif_file_guid on its device (A4). So it is
 * protected like any other: when the export ends, further calls fail with -ENODEV,
 * those inside are waited for, those that wait for data are ended, each file that is
 * still open is released, and the module can be unloaded while user space has the
 * file open.
 *
 * The export may be on a parent, where %DEVIF_EXPORT_ASK_PARENT has sent the opener.
 * Then a file ends also with the interface's device or its driver's binding, or when a
 * user removes the interface: no call for it begins any more, those that have begun are
 * waited for, and the file is released, before remove() of that device runs (G11). A
 * method that itself takes the device away for which it was called, which is on no bus, is
 * not waited for: the file is released when it returns.
 *
 * No method waits for something to happen. One that would have to returns -EAGAIN
 * and leaves things as they are; the registry then waits, outside of the exporter,
 * and tries again whenever the exporter calls devif_wake(). So signals,
 * cancellation, O_NONBLOCK, and removal while somebody waits are none of the
 * exporter's business. The buffers are in kernel memory: no method waits for user
 * space either.
 *
 * Methods run at the same time, also those of one file: a file may be shared by threads
 * and processes, and requests of a target overtake each other. Only open is alone with
 * its file, for it comes before all others, and release, which comes after them. So the
 * exporter locks what its methods share. Two calls of release are for two files.
 */

/**
 * enum devif_access - what an interface is opened for
 * @DEVIF_READ: for reading
 * @DEVIF_WRITE: for writing
 * @DEVIF_NONBLOCK: calls return -EAGAIN instead of waiting
 */
enum devif_access {
	DEVIF_READ = BIT(0),
	DEVIF_WRITE = BIT(1),
	DEVIF_NONBLOCK = BIT(2),
};

/**
 * struct devif_file - an opened interface
 * @devif: the interface; devif_reference_string() tells which of several (G4),
 *	devif_class_guid() which class
 * @path: what the opener has added to the name (G5), normally without a leading
 *	separator; empty if nothing. It may be anything (G7).
 * @access: enum devif_access
 * @private: the exporter's, %NULL at first
 */
struct devif_file {
	struct devif *devif;
	const char *path;
	unsigned int access;
	void *private;
};

/* GUID of the query interface by which interfaces are opened */
extern const guid_t devif_file_guid;

/**
 * struct devif_file_interface - how an interface is opened and used (G1, O2)
 * @header: size, version 1, context, references
 * @open: open @file, or refuse with a negative errno. -EAGAIN: not yet, ask again
 *	after devif_wake() (G13). May be %NULL if it has nothing to do
 * @release: the last call for a file that was opened; nobody is in another one. May
 *	end the export, see devif_unexport(). May be %NULL
 * @read: transfer to @to what is there, and return how much; 0 at the end of the
 *	file; -EAGAIN if nothing is there now. @pos is the file position. %NULL if
 *	it cannot be read. An exporter of a stream gives what fits. One of records gives
 *	one, whole, and if @to is too small for it, returns -EMSGSIZE and keeps it, as
 *	reading an event file does; user space reads 64 KiB at most at a time, so that
 *	is the largest record it can get
 * @write: transfer from @from what there is room for, and return how much; -EAGAIN
 *	if there is no room now. %NULL if it cannot be written
 * @ioctl: perform @cmd, built by _IO() and its like, with an argument of
 *	_IOC_SIZE(@cmd) bytes at @arg, %NULL if that is 0. What is read from the
 *	caller has been, and what is to be written to it will be, unless the result
 *	is negative. -ENOTTY for an unknown command; -EAGAIN to be asked again
 *	after devif_wake()
 * @poll: what would not return -EAGAIN now, EPOLLIN and its like; it need not wait.
 *	%NULL if everything is always ready
 *
 * Exported as devif_export() describes, with version 1 and, for it can only be
 * held revocable, without reference routines of its own. All methods may sleep.
 * They find the exporter's context by devif_context(). They run between
 * devif_enter() and devif_exit(), and must not do what that forbids.
 */
struct devif_file_interface {
	struct devif_interface header;
	int (*open)(void *context, struct devif_file *file);
	void (*release)(void *context, struct devif_file *file);
	ssize_t (*read)(void *context, struct devif_file *file,
			struct iov_iter *to, loff_t *pos);
	ssize_t (*write)(void *context, struct devif_file *file,
			 struct iov_iter *from, loff_t *pos);
	long (*ioctl)(void *context, struct devif_file *file, unsigned int cmd,
		      void *arg);
	__poll_t (*poll)(void *context, struct devif_file *file);
};

/**
 * devif_wake() - something has changed for those who wait
 * @export: export of a &struct devif_file_interface
 * @events: what has become possible: EPOLLIN, EPOLLOUT
 *
 * Whoever waits because a method has returned -EAGAIN tries again, and poll() of
 * user space looks again.
 *
 * Context: Any that may take a spinlock, until the export is ended by devif_unexport()
 * or by the managed resource of devm_devif_export(), which is after remove(). Interrupts
 * may be off; with PREEMPT_RT, hard interrupts that are not threaded may not call this.
 */
void devif_wake(struct devif_export *export, __poll_t events);

#endif /* _LINUX_DEVIF_FILE_H */
