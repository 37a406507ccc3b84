/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices by their ids, the device's part of symbolic link names.
 */
#ifndef DEVIFCTL_PLACE_H
#define DEVIFCTL_PLACE_H

#include <stdbool.h>

bool place_is_there(const char *id);

#endif /* DEVIFCTL_PLACE_H */
