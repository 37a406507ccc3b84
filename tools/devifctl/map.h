/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Maps from strings to strings, with a count for each.
 */
#ifndef DEVIFCTL_MAP_H
#define DEVIFCTL_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct map_entry;

/**
 * struct map - a map; all zeros is an empty map
 * @entries: slots; an unused slot has no key
 * @room: number of slots, a power of two
 * @count: number of used slots
 */
struct map {
	struct map_entry *entries;
	size_t room;
	size_t count;
};

bool map_add(struct map *map, const char *key, const char *value);
const char *map_find(const struct map *map, const char *key);
size_t *map_count(const struct map *map, const char *key);
void map_free(struct map *map);

#endif /* DEVIFCTL_MAP_H */
