/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An exporter that can be opened: what is written can be read again.
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

/* What a pipe does when it is sent an ioctl. */
#define PIPE_IOC_NOTHING	_IO('k', 0)
#define PIPE_IOC_TWICE		_IOWR('k', 1, u32)	/* double the argument */
#define PIPE_IOC_LEVEL		_IOR('k', 2, u32)	/* bytes in the pipe */
#define PIPE_IOC_AWAIT		_IO('k', 3)		/* there is a byte */

#define PIPE_SIZE	16

/**
 * enum pipe_method - the methods of a pipe
 * @PIPE_OPEN: open
 * @PIPE_RELEASE: release
 * @PIPE_READ: read
 * @PIPE_WRITE: write
 * @PIPE_IOCTL: ioctl
 * @PIPE_METHODS: how many there are; stands for none
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
 * struct pipe_file - a file, as the pipe sees it
 * @entry: in the list of the pipe
 * @file: what it was given
 * @devif: interface that was opened
 * @path: copy of the path
 * @access: what it was opened for
 * @inside: calls under way
 * @releases: how often it was released
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
 * @desc: what to export, and how; may be changed before
 * @table: the table that @desc says; may be changed before
 * @export: the export
 * @lock: guards @data, @level, @files
 * @data: bytes in the pipe
 * @level: how many there are
 * @files: all that were opened, in this order
 * @verdict: what open answers
 * @on_open: called by open, which answers what it does, instead of @verdict
 * @on_open_data: for @on_open
 * @on_release: called by release, which then does nothing more with the pipe
 * @claim: how much more is claimed to be transferred than was
 * @at_end: a read of the empty pipe finds the end of the file
 * @calls: how often each method was called
 * @refusals: how often each method has answered -EAGAIN
 * @opens: how often open has succeeded
 * @releases: how often release was called
 * @mistakes: calls for a file that is not there, or is being used
 * @exports: how often it was exported
 * @context_releases: how often the context was released
 * @stay: method that stays inside until it is let go
 * @entered: somebody stays
 * @leave: who stays may go
 * @changed: for those who wait for one of the counts
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
