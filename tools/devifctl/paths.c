// SPDX-License-Identifier: GPL-2.0
/*
 * Paths of the running system.
 */
#include "devifctl.h"

#ifndef DEVIF_DATADIR
#define DEVIF_DATADIR "/usr/share/devif"
#endif

const struct paths paths = {
	.interfaces = "/sys/bus/devif/devices",
	.classes = "/sys/class/devif_class",
	.control = "/dev/devif/control",
	.sysfs = "/sys",
	.holders = "/sys/kernel/debug/devif/holders",
	.users = "/sys/kernel/debug/devif/users",
	.known_classes = DEVIF_DATADIR "/classes.tsv",
	.saved = "/var/lib/devif/registry",
};
