/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Saving and restoring the registry.
 */
#ifndef DEVIFCTL_SAVE_H
#define DEVIFCTL_SAVE_H

#include <stdbool.h>

int save_registry(const char *file);
int restore_registry(const char *file, bool overwrite);

#endif /* DEVIFCTL_SAVE_H */
