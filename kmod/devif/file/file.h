/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Opening: files, which exporters control, and their openers: targets and character
 * devices. This floor calls query, events, core and lib.
 */
#ifndef DEVIF_FILE_ROOM_H
#define DEVIF_FILE_ROOM_H

#include <linux/devif.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "core/core.h"
#include "core/keeper.h"
#include "lib/rundown.h"
#include "query/query.h"

/**
 * struct devif_file_node - a place in the list of the files of a device
 * @entry: in @files of the host
 * @open: the file, or %NULL if the place is a walk's cursor
 */
struct devif_file_node {
	struct list_head entry;
	struct devif_open_file *open;
};

/**
 * struct devif_speaker - an application's voice when a device is to be removed
 * @entry: in @speakers of the file; guarded by the host's listeners_lock
 * @file: the file that the application speaks for, %NULL once it is released; guarded as
 *	@entry
 * @released: called when the file is released, with the host's listeners_lock held
 */
struct devif_speaker {
	struct list_head entry;
	struct devif_open_file *file;
	void (*released)(struct devif_speaker *speaker);
};

/**
 * struct devif_open_file - an opened interface, or one being opened
 * @file: the exporter's view of the file
 * @table: the exporter's methods, held revocable
 * @export: export of these methods; kept by @table
 * @entry: in @export->files from before the opening until the release; guarded by
 *	@export->files_lock, as @hung_up, @gone and @opener
 * @hung_up: waiters have been woken for the end of the export
 * @of_host: in the files of the interface's device, as long as @entry; guarded by the
 *	host's listeners_lock
 * @gone: called when the exporter ends it before the opener closes it; may be %NULL
 * @opener: argument of @gone
 * @opened: the exporter has opened the file; set once
 * @user: the opener is a process
 * @keeper: if @user, shows that the file is still open once the interface has gone
 * @speakers: list of struct devif_speaker; guarded by the host's listeners_lock
 * @cancelled: waiters are to give up
 * @hang_up: waiters and pollers, woken when the file is cancelled and when it ends; and
 *	tasks that have ended it, woken as its last calls return
 * @calls: used until the file is closed, and by each call and each request
 * @lock: guards @requests, @ended and @calls_inside; any context
 * @ended: the interface or its device has gone: no call begins any more
 * @calls_inside: list of struct file_call, the calls of the exporter in progress
 * @requests: list of struct devif_request, those not completed
 * @ref: held by the opener, and for @entry
 * @rcu: for freeing
 * @path: path in @file
 *
 * Only targets use @calls and @requests.
 */
struct devif_open_file {
	struct devif_file file;
	struct devif_file_interface table;
	struct devif_export *export;
	struct list_head entry;
	bool hung_up;
	struct devif_file_node of_host;
	void (*gone)(void *opener);
	void *opener;
	bool opened;
	bool user;
	struct devif_keeper keeper;
	struct list_head speakers;
	bool cancelled;
	wait_queue_head_t hang_up;
	struct devif_rundown calls;
	spinlock_t lock;		/* for the next three */
	bool ended;
	struct list_head calls_inside;
	struct list_head requests;
	struct kref ref;
	struct rcu_head rcu;
	char path[];
};

/**
 * enum devif_io_type - kind of a call of the exporter
 * @DEVIF_IO_OPEN: open
 * @DEVIF_IO_READ: read
 * @DEVIF_IO_WRITE: write
 * @DEVIF_IO_IOCTL: ioctl
 */
enum devif_io_type {
	DEVIF_IO_OPEN,
	DEVIF_IO_READ,
	DEVIF_IO_WRITE,
	DEVIF_IO_IOCTL,
};

/**
 * struct devif_io - a call of the exporter
 * @type: kind of the call
 * @buffer: data, in kernel memory
 * @size: size of @buffer in bytes
 * @pos: file position, moved by the call
 * @cmd: command of an ioctl
 * @timeout: milliseconds to wait, at most; 0 for no limit. Used by devif_file_io()
 * @nonblock: -EAGAIN is a result, and not a reason to wait
 */
struct devif_io {
	enum devif_io_type type;
	void *buffer;
	size_t size;
	loff_t pos;
	unsigned int cmd;
	unsigned int timeout;
	bool nonblock;
};

/* Bits in the state of a request. */
#define DEVIF_REQUEST_CANCELLED	0
#define DEVIF_REQUEST_WAITING	1
#define DEVIF_REQUEST_TIMED	2	/* a timeout has a timer */
#define DEVIF_REQUEST_EXPIRED	3	/* -EAGAIN is no reason to wait any more */

/**
 * devif_request_jiffies() - convert a timeout
 * @timeout: in milliseconds
 *
 * Return: jiffies; the present one has begun already, and does not count
 */
static inline unsigned long devif_request_jiffies(unsigned int timeout)
{
	return msecs_to_jiffies(timeout) + 1;
}

/**
 * devif_request_kick() - have a work item make another attempt
 * @request: the request
 *
 * Context: Any.
 */
static inline void devif_request_kick(struct devif_request *request)
{
	queue_work(request->wq, request->work);
}

/**
 * devif_request_give_up() - cancel a request
 * @request: the request, which has not completed
 *
 * Context: Lock of its file held.
 */
static inline void devif_request_give_up(struct devif_request *request)
{
	set_bit(DEVIF_REQUEST_CANCELLED, &request->state);
	devif_request_kick(request);
}

/* file.c */
void devif_requests_cancel(struct devif_open_file *open);
struct devif_open_file *devif_file_alloc(struct devif *devif, const char *path,
					 unsigned int access,
					 struct device *holder,
					 unsigned int flags,
					 struct module *module);
int devif_file_open(struct devif_open_file *open);
void devif_file_close(struct devif_open_file *open);
void devif_file_put(struct devif_open_file *open);
ssize_t devif_file_attempt(struct devif_open_file *open, struct devif_io *io);
ssize_t devif_file_io(struct devif_open_file *open, struct devif_io *io);
void devif_file_cancel(struct devif_open_file *open);
bool devif_file_is_gone(const struct devif_open_file *open);
__poll_t devif_file_poll(struct devif_open_file *open);

void devif_files_left(struct devif_host *host, enum devif_phase phase);
void devif_files_cut_off(struct devif *devif);
void devif_files_show(const struct devif *devif, struct devif_list *list);
bool devif_file_add_speaker(struct devif_open_file *open, struct devif_speaker *speaker);
void devif_file_remove_speaker(struct devif_host *host, struct devif_speaker *speaker);
void devif_files_unspoken(struct devif_host *host, char *name, char *holder);
extern const struct devif_files_ops devif_files_ops;

/* target.c */
ssize_t devif_target_io(struct devif_target *target, struct devif_io *io);
struct devif_open_file *devif_target_begin_call(struct devif_target *target);
void devif_target_end_call(struct devif_open_file *open);
int devif_target_open_new(struct devif *devif, const char *path, unsigned int access,
			  const struct devif_target_desc *desc, struct module *owner,
			  struct lock_class_key *key, struct devif_target **result);

/* removal.c */
int devif_removal_ask(struct device *dev, struct devif_list *report, unsigned long limit,
		      unsigned long *number);
void devif_removal_cancel(struct device *dev, unsigned long number);
void devif_removals_exit(void);

/* eventfile.c */
int devif_eventfile_open(struct devif_open_file *open, unsigned long flags);

/* chardev.c */
int devif_chardev_init(void);
void devif_chardev_exit(void);

#endif /* DEVIF_FILE_ROOM_H */
