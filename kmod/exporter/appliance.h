/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Appliances: devices that ondemand.c makes, with their driver in appliance.c.
 */
#ifndef DEVIF_EXPORTER_APPLIANCE_H
#define DEVIF_EXPORTER_APPLIANCE_H

#include <linux/devif.h>

struct device;

/**
 * struct appliance_interface - query interface of an appliance, private to this module
 * @header: size, version, context, references
 * @read: read from the note
 * @write: write to the note
 */
struct appliance_interface {
	struct devif_interface header;
	ssize_t (*read)(void *context, struct iov_iter *to, loff_t *pos);
	ssize_t (*write)(void *context, struct iov_iter *from, loff_t *pos);
};

int appliance_init(void);
void appliance_exit(void);

struct device *appliance_add(struct device *parent, const char *name);
int appliance_query(struct device *dev, struct appliance_interface *table);

#endif /* DEVIF_EXPORTER_APPLIANCE_H */
