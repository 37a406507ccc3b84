/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Well-known interface classes, for devices that the kernel has.
 *
 * A *source* follows the class devices of a kernel subsystem: block devices, network
 * interfaces and so on. It calls wk_add() and wk_remove() from the driver core's own
 * paths, where locks are held and a driver may be in its probe(). One work item does
 * the registering and enabling that follows.
 *
 * A class device is used in these calls only: wk_add() reads all that is needed of
 * it. No reference to it is kept, so that no driver has to wait for us.
 */
#ifndef DEVIF_WELLKNOWN_H
#define DEVIF_WELLKNOWN_H

#include <linux/device.h>
#include <linux/types.h>
#include <linux/uuid.h>

#include "../compat.h"

#define WK_STRING_SIZE	64

/**
 * struct wk_source - a kernel subsystem
 * @subsystem: name of the subsystem, as in /sys/class
 * @directory: directory of the nodes below /dev: empty, or ending with a slash; %NULL
 *	if the devices have no nodes of their own
 * @start: begin to call wk_add() and wk_remove(); wk_add() also for present devices
 * @stop: call wk_remove() for all devices, and no longer follow them
 */
struct wk_source {
	const char *subsystem;
	const char *directory;
	int (*start)(void);
	void (*stop)(void);
};

/**
 * struct wk_class - an interface class
 * @name: name of the class in the parameter "classes"
 * @guid: GUID of the class on Windows
 * @source: source of its devices
 * @pick: return the device that @dev stands for in this class, mostly @dev itself;
 *	%NULL if @dev is not of the class
 * @shared: several class devices may stand for one device, which has one interface
 * @wanted: whether the class is to be published
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
