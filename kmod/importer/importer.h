/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sample importer: declarations that its files share.
 */
#ifndef DEVIF_IMPORTER_H
#define DEVIF_IMPORTER_H

#include <linux/atomic.h>
#include <linux/devif.h>
#include <linux/mutex.h>
#include <linux/timer.h>

#include "../exporter/toaster_interface.h"
#include "../exporter/toaster_ioctl.h"

struct kobject;

/*
 * main.c: parameters
 */

/**
 * struct importer_options - how the importer behaves
 * @read_ms: milliseconds from read to read
 * @path: path appended to the names of interfaces that are opened
 * @refuse: refuse removals
 * @pinned: hold toasters pinned, else revocable
 * @keep: let go of removed interfaces only when they are back, or at the end
 */
struct importer_options {
	unsigned int read_ms;
	char *path;
	bool refuse;
	bool pinned;
	bool keep;
};

extern struct importer_options importer_options;

/*
 * follow.c: arrivals and removals
 */

extern guid_t importer_class;
extern unsigned long importer_arrivals, importer_removals;

int follow_start(struct device *dev);
void follow_stop(void);
void follow_look_again(void);

/*
 * target.c: an interface that is opened
 */

/**
 * enum importer_state - state of a target
 * @IMPORTER_OPENING: being opened
 * @IMPORTER_OPEN: open
 * @IMPORTER_CLOSED: could not be opened
 * @IMPORTER_QUERY_REMOVE: closed, for the device is about to be removed
 * @IMPORTER_REMOVED: the device has gone
 */
enum importer_state {
	IMPORTER_OPENING,
	IMPORTER_OPEN,
	IMPORTER_CLOSED,
	IMPORTER_QUERY_REMOVE,
	IMPORTER_REMOVED,
};

/**
 * enum importer_count - counters of each target
 * @IMPORTER_OPENS: openings that have succeeded
 * @IMPORTER_READS: reads that have succeeded
 * @IMPORTER_BYTES: bytes read
 * @IMPORTER_WRITES: writes that have succeeded
 * @IMPORTER_CANCELLED: requests that were cancelled
 * @IMPORTER_EVENTS: events of the device
 * @IMPORTER_COUNTS: number of counters
 */
enum importer_count {
	IMPORTER_OPENS,
	IMPORTER_READS,
	IMPORTER_BYTES,
	IMPORTER_WRITES,
	IMPORTER_CANCELLED,
	IMPORTER_EVENTS,
	IMPORTER_COUNTS,
};

/**
 * struct importer_target - an interface opened
 * @remote: remote interface, for events and the removal of the interface
 * @target: target on @remote
 * @open_lock: held while @target is being opened
 * @state: enum importer_state
 * @error: result of the last opening, 0 or a negative errno
 * @disabled: the interface has been removed
 * @refuse: refuse removals
 * @counts: by enum importer_count
 * @timer: posts requests
 * @ticks: of the timer
 * @writes: write now and then
 * @busy: bit mask of requests that have not completed
 * @read: request that reads to @toast
 * @write: request that writes @bread
 * @toast: data that was read
 * @bread: data to write
 * @display: directory of the target in sysfs
 */
struct importer_target {
	struct devif_remote *remote;
	struct devif_target *target;
	struct mutex open_lock;		/* see open_target() */
	int state;
	int error;
	bool disabled;
	bool refuse;
	atomic_long_t counts[IMPORTER_COUNTS];
	struct timer_list timer;
	unsigned int ticks;
	bool writes;
	unsigned long busy;
	struct devif_request read;
	struct devif_request write;
	char toast[TOASTER_SLOTS];
	char bread;
	struct display *display;
};

struct importer_target *target_start(struct devif *devif,
				     struct device *holder);
void target_stop(struct importer_target *target);
bool target_is_open(const struct importer_target *target);

/*
 * requests.c: reading and writing
 */

void requests_start(struct importer_target *target, const guid_t *class);
void requests_stop(struct importer_target *target);

/*
 * display.c: targets in sysfs
 */

int display_init(struct device *importer);
void display_exit(void);
struct display *display_add(struct importer_target *target, const char *name);
void display_remove(struct display *display);

/*
 * caller.c: the first user of query interfaces
 */

/**
 * struct importer_calls - results of calls
 * @calls: number of calls made
 * @refused: number of calls not made, or not answered, because the toaster was gone
 */
struct importer_calls {
	atomic_long_t calls;
	atomic_long_t refused;
};

extern struct importer_calls importer_calls;

struct caller;

struct caller *caller_start(struct devif *devif, struct device *holder,
			    bool pinned);
void caller_stop(struct caller *caller);
void caller_call(const struct toaster_interface *toaster, bool pinned,
		 int (*use)(const struct toaster_interface *toaster,
			    unsigned int round),
		 unsigned int round);

/*
 * second.c: the second user of query interfaces
 */

struct second;

int second_init(void);
void second_exit(void);
struct second *second_start(const struct toaster_interface *toaster,
			    bool pinned);
void second_stop(struct second *second);

#endif /* DEVIF_IMPORTER_H */
