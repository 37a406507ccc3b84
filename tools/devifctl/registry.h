/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images of the whole registry, from the control node and from files.
 */
#ifndef DEVIFCTL_REGISTRY_H
#define DEVIFCTL_REGISTRY_H

#include "../../kmod/devif/lib/image.h"
#include "interface.h"

/**
 * struct registry - an image that has been read
 * @data: its bytes
 * @size: number of bytes
 * @image: iterator over the entries, once the image has been checked
 */
struct registry {
	unsigned char *data;
	size_t size;
	struct devif_image image;
};

int control_open(int flags);
int registry_read(struct registry *registry);
int registry_load(struct registry *registry, int fd);
int registry_open(struct registry *registry, const char *file);
bool registry_has(const struct registry *registry,
		  const struct registry *other);
int registry_check(struct registry *registry, const char *what);
void registry_set_flag(struct registry *registry, unsigned int flag);
void registry_free(struct registry *registry);
int registry_add_nodes(struct interfaces *interfaces);
int registry_add_absent(struct interfaces *interfaces);
char *entry_name(const struct devif_entry *entry);

#endif /* DEVIFCTL_REGISTRY_H */
