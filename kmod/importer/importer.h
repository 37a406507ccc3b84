/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sample importer: what its files share.
 */
#ifndef DEVIF_IMPORTER_H
#define DEVIF_IMPORTER_H

#include <linux/atomic.h>
#include <linux/devif.h>

#include "../exporter/toaster_interface.h"

/**
 * struct importer_counters - what has become of calls
 * @calls: made
 * @refused: not made, or not answered, because the toaster was gone
 */
struct importer_counters {
	atomic_long_t calls;
	atomic_long_t refused;
};

extern struct importer_counters importer_counters;

/* caller.c: the first importer */
struct caller;

struct caller *caller_start(struct devif *devif, struct device *holder,
			    bool pinned);
void caller_stop(struct caller *caller);
void caller_count(int ret);

/* second.c: the second importer */
struct second;

int second_init(void);
void second_exit(void);
struct second *second_start(const struct toaster_interface *toaster,
			    bool pinned);
void second_stop(struct second *second);

#endif /* DEVIF_IMPORTER_H */
