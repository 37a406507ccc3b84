/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Opening, the exporter's side: the methods of an opened interface.
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
 * device. Both openers use the same methods, and the exporter cannot tell them apart.
 *
 * An exporter that supports opening exports a query interface, &struct
 * devif_file_interface, under %devif_file_guid on its device (A4). The end of the export
 * revokes it like any other: further calls fail with -ENODEV, calls in progress are
 * waited for, calls waiting for data are ended, and each open file is released. The
 * module can be unloaded while user space has the file open.
 *
 * The export may be on a parent, if %DEVIF_EXPORT_ASK_PARENT has sent the opener there.
 * Such a file ends also with the interface's device or its driver's binding, or when an
 * administrator removes the interface: no further call begins, calls in progress are
 * waited for, and the file is released, before remove() of that device runs (G11). A
 * method may itself remove the device it was called for, if that is on no bus: removal
 * does not wait for this method, and the file is released when it returns.
 *
 * No method waits for an event. A method that would have to wait returns -EAGAIN
 * without side effects; the registry then waits, outside of the exporter, and calls the
 * method again whenever the exporter calls devif_wake(). So the registry handles
 * signals, cancellation, O_NONBLOCK, and removal during a wait. The buffers are in
 * kernel memory: no method waits for user space either.
 *
 * Methods run concurrently, also on one file: threads and processes may share a file,
 * and requests of a target overtake each other. Only open, the first call for a file,
 * and release, the last, run alone on their file. The exporter locks the data that its
 * methods share. A file is released once.
 */

/**
 * enum devif_access - mode in which an interface is opened
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
 * @devif: the interface; devif_reference_string() identifies one of several (G4),
 *	devif_class_guid() the class
 * @path: string that the opener has added to the name (G5), or the empty string;
 *	normally without a leading separator, but not checked (G7)
 * @access: enum devif_access
 * @private: the exporter's, %NULL at first
 */
struct devif_file {
	struct devif *devif;
	const char *path;
	unsigned int access;
	void *private;
};

/* GUID of &struct devif_file_interface */
extern const guid_t devif_file_guid;

/**
 * struct devif_file_interface - methods by which an interface is opened and used (G1, O2)
 * @header: size, version 1, context, references
 * @open: open @file, or refuse with a negative errno. Return -EAGAIN to be called again
 *	after devif_wake() (G13). May be %NULL
 * @release: last call for an opened file; no other call for the file is running. May
 *	end the export, see devif_unexport(). May be %NULL
 * @read: transfer available data to @to, and return the number of bytes; 0 at the end of
 *	the file; -EAGAIN if no data is available yet. @pos is the file position. %NULL if
 *	the interface cannot be read. An exporter of a stream fills @to as far as it can.
 *	An exporter of records transfers one whole record; if @to is too small, it
 *	returns -EMSGSIZE and keeps the record, as an event file does. User space reads
 *	64 KiB at most at a time, which limits the size of its records
 * @write: transfer data from @from as room permits, and return the number of bytes;
 *	-EAGAIN if the exporter has no room yet. %NULL if the interface cannot be written
 * @ioctl: perform @cmd, built by _IO() and its like, with an argument of
 *	_IOC_SIZE(@cmd) bytes at @arg, %NULL if that is 0. The registry copies the
 *	argument from user space before the call, and back unless the result is negative,
 *	as @cmd says. Return -ENOTTY for an unknown command; -EAGAIN to be called again
 *	after devif_wake()
 * @poll: return the events that are ready now, EPOLLIN and its like, without waiting.
 *	%NULL if the file is always ready
 *
 * Exported as devif_export() describes, with version 1 and without reference routines
 * of its own, since the interface can only be held revocable. All methods may sleep.
 * They find the exporter's context by devif_context(). They run between
 * devif_enter() and devif_exit(), with the restrictions of these.
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
 * devif_wake() - wake all waiters of an export
 * @export: export of a &struct devif_file_interface
 * @events: events that are ready: EPOLLIN, EPOLLOUT
 *
 * Each call that waits because a method has returned -EAGAIN calls the method again,
 * and poll() of user space is evaluated again.
 *
 * Context: Any that may take a spinlock, until the export is ended by devif_unexport()
 * or by the managed resource of devm_devif_export(), after remove(). Interrupts
 * may be off; with PREEMPT_RT, hard interrupts that are not threaded may not call this.
 */
void devif_wake(struct devif_export *export, __poll_t events);

#endif /* _LINUX_DEVIF_FILE_H */
