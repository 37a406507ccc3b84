/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All properties of an interface or a class.
 */
#ifndef DEVIFCTL_PROPERTIES_H
#define DEVIFCTL_PROPERTIES_H

#include "registry.h"

/**
 * struct properties - properties of an interface or a class
 * @registry: image with the properties
 * @first: iterator at the first property
 */
struct properties {
	struct registry registry;
	struct devif_image first;
};

int properties_read(struct properties *properties, const char *name);
void properties_print(const struct properties *properties);
void properties_json(const struct properties *properties, const char *key);
void properties_free(struct properties *properties);

#endif /* DEVIFCTL_PROPERTIES_H */
