// SPDX-License-Identifier: GPL-2.0
/*
 * Reading from targets and writing to them: a timer posts requests, at most one of a
 * kind at a time. A target that is not open does not accept requests.
 *
 * Every interface is read. Only toasters are written to, bread: the class defines the
 * meaning of writing.
 */
#include <linux/jiffies.h>

#include "../compat.h"
#include "importer.h"

/* Ticks from write to write. */
#define BREAD_TICKS	4

#define READ_BUSY	0
#define WRITE_BUSY	1

static void complete_request(struct importer_target *target,
			     unsigned int busy_bit, ssize_t result,
			     enum importer_count count)
{
	if (result >= 0)
		atomic_long_inc(&target->counts[count]);
	else if (result == -ECANCELED)
		atomic_long_inc(&target->counts[IMPORTER_CANCELLED]);
	clear_bit_unlock(busy_bit, &target->busy);
}

static void read_completed(struct devif_request *request, ssize_t result)
{
	struct importer_target *target =
		container_of(request, struct importer_target, read);

	if (result > 0)
		atomic_long_add(result, &target->counts[IMPORTER_BYTES]);
	complete_request(target, READ_BUSY, result, IMPORTER_READS);
}

static void write_completed(struct devif_request *request, ssize_t result)
{
	struct importer_target *target =
		container_of(request, struct importer_target, write);

	complete_request(target, WRITE_BUSY, result, IMPORTER_WRITES);
}

static void post(struct importer_target *target, struct devif_request *request,
		 unsigned int busy_bit)
{
	if (test_and_set_bit_lock(busy_bit, &target->busy))
		return;
	request->pos = 0;
	if (devif_target_submit(target->target, request))
		clear_bit_unlock(busy_bit, &target->busy);
}

static void tick(struct timer_list *timer)
{
	struct importer_target *target =
		container_of(timer, struct importer_target, timer);

	post(target, &target->read, READ_BUSY);
	if (target->writes && target->ticks++ % BREAD_TICKS == 0)
		post(target, &target->write, WRITE_BUSY);
	mod_timer(timer, jiffies + msecs_to_jiffies(importer_options.read_ms));
}

/**
 * requests_start() - begin to read and write
 * @target: the target
 * @class: class of the interface
 */
void requests_start(struct importer_target *target, const guid_t *class)
{
	static const guid_t toasters = TOASTER_CLASS_GUID;

	target->bread = 'b';
	target->writes = guid_equal(class, &toasters) && !importer_options.path;
	target->read.type = DEVIF_REQUEST_READ;
	target->read.buffer = target->toast;
	target->read.size = sizeof(target->toast);
	target->read.complete = read_completed;
	target->write.type = DEVIF_REQUEST_WRITE;
	target->write.buffer = &target->bread;
	target->write.size = sizeof(target->bread);
	target->write.complete = write_completed;
	timer_setup(&target->timer, tick, 0);
	mod_timer(&target->timer, jiffies);
}

/**
 * requests_stop() - stop posting requests
 * @target: the target; requests in flight complete when it is closed
 */
void requests_stop(struct importer_target *target)
{
	compat_timer_delete_sync(&target->timer);
}
