/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Save and restore the registry.
 */
#ifndef DEVIFCTL_SAVE_H
#define DEVIFCTL_SAVE_H

#include "registry.h"

int save_registry(const char *file, bool merge);
int restore_image(struct registry *registry, unsigned int flags);
int restore_registry(const char *file, unsigned int flags);

#endif /* DEVIFCTL_SAVE_H */
