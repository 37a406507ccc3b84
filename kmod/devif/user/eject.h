/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ejections, for the control node.
 */
#ifndef DEVIF_EJECT_H
#define DEVIF_EJECT_H

#include <linux/mutex.h>

#include "user/user.h"

/**
 * struct devif_ejection - a removal that a program has asked for
 * @lock: held while the holders are asked, and guards @dev
 * @dev: the device, if all have agreed; referenced
 * @number: number of the removal: another one may be pending once a new driver has come
 */
struct devif_ejection {
	struct mutex lock;	/* for @dev */
	struct device *dev;
	unsigned long number;
};

void devif_ejection_init(struct devif_ejection *ejection);
long devif_ejection_ask(struct devif_ejection *ejection, void __user *arg);
void devif_ejection_end(struct devif_ejection *ejection);

#endif /* DEVIF_EJECT_H */
