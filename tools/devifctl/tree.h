/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trees of devices and interfaces.
 */
#ifndef DEVIFCTL_TREE_H
#define DEVIFCTL_TREE_H

#include "interface.h"

void tree_print(struct interfaces *interfaces);

#endif /* DEVIFCTL_TREE_H */
