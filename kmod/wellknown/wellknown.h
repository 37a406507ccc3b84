/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface classes that people know, for devices that the kernel has.
 *
 * A *source* is a kernel subsystem that tells us of its class devices: those of
 * block devices, of network interfaces and so on. It calls wk_add() and wk_remove()
 * from the driver core's own paths, where locks are held and a driver may be in its
 * probe(). What follows from that, registering and enabling, is done by one work item.
 *
 * A class device is never used but in these calls: all that is wanted of it is read
 * in wk_add(). Nor is a reference to it kept, so that no driver has to wait for us.
 */
#ifndef DEVIF_WELLKNOWN_H
#define DEVIF_WELLKNOWN_H

#include <linux/device.h>
#include <linux/types.h>
#include <linux/uuid.h>

#include "../devif/lib/compat.h"

#define WK_STRING_SIZE	64

/**
 * struct wk_source - a kernel subsystem
 * @subsystem: its name, as in /sys/class
 * @directory: where below /dev its nodes are: empty, or ending with a slash; %NULL
 *	if its devices have no nodes of their own
 * @start: begin to call wk_add() and wk_remove(), also for what is there
 * @stop: stop that, after wk_remove() for all
 */
struct wk_source {
	const char *subsystem;
	const char *directory;
	int (*start)(void);
	void (*stop)(void);
};

/**
 * struct wk_class - an interface class
 * @name: what users call it, in the parameter "classes"
 * @guid: what Windows calls it
 * @source: where its devices come from
 * @pick: the device that @dev stands for in this class, mostly itself; %NULL if it
 *	has no part in it
 * @shared: several class devices may stand for the same one, which has one interface
 * @wanted: whether it is to be published
 */
struct wk_class {
	const char *name;
	guid_t guid;
	const struct wk_source *source;
	struct device *(*pick)(struct device *dev);
	bool shared;
	bool wanted;
};

extern struct wk_class wk_classes[];
extern const unsigned int wk_class_count;

/* item.c */
void wk_add(const struct wk_source *source, struct device *dev,
	    const char *reference);
void wk_remove(struct device *dev);
void wk_rename(struct device *dev, const char *name);
void wk_set_node(struct device *dev, const char *directory, const char *name);
int wk_items_init(void);
void wk_items_exit(void);

/* physical.c */
struct device *wk_physical(struct device *dev);
struct device *wk_above_on_bus(struct device *dev, const char *bus);

/* kernel_class.c */
compat_class_t *wk_find_kernel_class(const char *name);

/* one file for each */
extern const struct wk_source wk_block;
extern const struct wk_source wk_input;
extern const struct wk_source wk_net;
extern const struct wk_source wk_power;
extern const struct wk_source wk_tty;

struct device *wk_pick_disk(struct device *dev);
struct device *wk_pick_cdrom(struct device *dev);
struct device *wk_pick_floppy(struct device *dev);
struct device *wk_pick_partition(struct device *dev);
struct device *wk_pick_net(struct device *dev);
struct device *wk_pick_keyboard(struct device *dev);
struct device *wk_pick_mouse(struct device *dev);
struct device *wk_pick_hid(struct device *dev);
struct device *wk_pick_button(struct device *dev);
struct device *wk_pick_lid(struct device *dev);
struct device *wk_pick_serial(struct device *dev);
struct device *wk_pick_battery(struct device *dev);

#endif /* DEVIF_WELLKNOWN_H */
