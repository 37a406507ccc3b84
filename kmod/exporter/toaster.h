/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sample exporter: virtual toasters, interfaces on any other device, and devices
 * on demand.
 */
#ifndef DEVIF_EXPORTER_TOASTER_H
#define DEVIF_EXPORTER_TOASTER_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "toaster_ioctl.h"

/* GUID_DEVINTERFACE_TOASTER, of the Windows toaster sample */
#define TOASTER_GUID_STRING	"781ef630-72b2-11d2-b852-00c04fad5171"

struct device;
struct devif_export;

/**
 * struct toaster - state of a toaster
 * @ref: held by the exports
 * @level: how brown the toast is to be
 * @slices: number of slices toasted
 * @lock: guards @slots, @count, and @popped
 * @slots: the slices in the toaster, a letter each
 * @count: number of slices in @slots
 * @popped: the slices have popped up, and are to be read
 * @pop_work: lets the slices pop up
 * @dev: the toaster; valid for methods and @pop_work
 * @export: export of the file methods; valid as @dev is
 *
 * The state outlives the device and the driver's binding: pinned importers may call when
 * both are gone.
 */
struct toaster {
	struct kref ref;
	unsigned int level;
	atomic_long_t slices;

	struct mutex lock;	/* for the slots */
	char slots[TOASTER_SLOTS];
	unsigned int count;
	bool popped;
	struct delayed_work pop_work;
	struct device *dev;
	struct devif_export *export;
};

/* Permissions of the nodes of interfaces, 0 for the default. */
extern unsigned short node_mode;
extern bool public_events;

int toaster_init(unsigned int count);
void toaster_exit(void);

int toaster_export(struct device *dev);
void toaster_put(void *toaster);
int toaster_set_level(struct toaster *toaster, unsigned int level);
void toaster_report(void);

int slots_export(struct device *dev, struct toaster *toaster);
void slots_report(void);

#define MAX_TARGETS		16

int target_add(const char *target, const char *guid, const char *reference);
void target_exit(void);

#define MAX_ONDEMAND		8

int ondemand_init(char **names, unsigned int n);
void ondemand_exit(void);

#endif /* DEVIF_EXPORTER_TOASTER_H */
