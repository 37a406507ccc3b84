/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An exporter that can be opened: a read returns the bytes written before.
 */
#ifndef DEVIF_KUNIT_PIPE_H
#define DEVIF_KUNIT_PIPE_H

#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/devif.h>
#include <linux/ioctl.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

/* Ioctls of a pipe. */
#define PIPE_IOC_NOTHING	_IO('k', 0)
#define PIPE_IOC_TWICE		_IOWR('k', 1, u32)	/* double the argument */
#define PIPE_IOC_LEVEL		_IOR('k', 2, u32)	/* bytes in the pipe */
#define PIPE_IOC_AWAIT		_IO('k', 3)		/* wait for a byte */

#define PIPE_SIZE	16

/**
 * enum pipe_method - the methods of a pipe
 * @PIPE_OPEN: open
 * @PIPE_RELEASE: release
 * @PIPE_READ: read
 * @PIPE_WRITE: write
 * @PIPE_IOCTL: ioctl
 * @PIPE_METHODS: number of methods; stands for none
 */
enum pipe_method {
	PIPE_OPEN,
	PIPE_RELEASE,
	PIPE_READ,
	PIPE_WRITE,
	PIPE_IOCTL,
	PIPE_METHODS,
};

/**
 * struct pipe_file - the pipe's data of an open file
 * @entry: entry in the pipe's list
 * @file: the file
 * @devif: interface by which the file was opened
 * @path: copy of the path
 * @access: access mode
 * @inside: number of running calls
 * @releases: number of releases
 */
struct pipe_file {
	struct list_head entry;
	struct devif_file *file;
	struct devif *devif;
	char *path;
	unsigned int access;
	atomic_t inside, releases;
};

/**
 * struct pipe - the exporter
 * @test: the test
 * @desc: description of the export; a test may change it before
 * @table: methods that @desc names; a test may change them before
 * @export: the export
 * @lock: guards @data, @level, @files
 * @data: bytes in the pipe
 * @level: number of these bytes
 * @files: all opened files, in order
 * @verdict: result of open
 * @on_open: called by open, for its result, instead of @verdict
 * @on_open_data: data for @on_open
 * @on_release: called by release, which then does nothing more with the pipe
 * @claim: number of bytes by which methods overstate the transfer
 * @at_end: whether a read of the empty pipe returns end of file
 * @calls: number of calls of each method
 * @refusals: number of times that each method has returned -EAGAIN
 * @opens: number of successful opens
 * @releases: number of calls of release
 * @mistakes: number of calls for an unknown file, or releases of a file in use
 * @exports: number of exports
 * @context_releases: number of releases of the context
 * @stay: method that blocks
 * @entered: completed when a method blocks
 * @leave: completed to unblock the method
 * @changed: woken when a count changes
 */
struct pipe {
	struct kunit *test;
	struct devif_export_desc desc;
	struct devif_file_interface table;
	struct devif_export *export;

	spinlock_t lock;	/* see above */
	char data[PIPE_SIZE];
	size_t level;
	struct list_head files;

	int verdict;
	int (*on_open)(struct pipe *pipe);
	void *on_open_data;
	void (*on_release)(struct pipe *pipe);
	size_t claim;
	bool at_end;

	atomic_t calls[PIPE_METHODS], refusals[PIPE_METHODS];
	atomic_t opens, releases, mistakes;
	atomic_t exports, context_releases;

	enum pipe_method stay;
	struct completion entered, leave;
	wait_queue_head_t changed;
};

struct pipe *pipe_new(struct kunit *test);
struct pipe *pipe_export(struct kunit *test, struct device *dev);
int pipe_try(struct pipe *pipe, struct device *dev);
int pipe_try_managed(struct pipe *pipe, struct device *dev);
void pipe_unexport(struct pipe *pipe);

void pipe_feed(struct pipe *pipe, const char *text);
void pipe_fill(struct pipe *pipe);
void pipe_empty(struct pipe *pipe);
void pipe_accept(struct pipe *pipe);

struct pipe_file *pipe_last_file(struct pipe *pipe);
void pipe_await_refusal(struct pipe *pipe, enum pipe_method method, int number);
void pipe_wake_in_vain(struct pipe *pipe, enum pipe_method method);
void pipe_expect_released(struct pipe *pipe, int number);

#endif /* DEVIF_KUNIT_PIPE_H */
