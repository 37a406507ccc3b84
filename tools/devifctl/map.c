// SPDX-License-Identifier: GPL-2.0
/*
 * Maps from strings to strings: a hash table with open addresses, at most half full.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "devifctl.h"
#include "map.h"

/**
 * struct map_entry - a slot of a map
 * @key: copy of the key; %NULL if the slot is unused
 * @value: copy of the value
 * @count: count for the caller
 */
struct map_entry {
	char *key;
	char *value;
	size_t count;
};

/* FNV-1a */
static size_t hash(const char *key)
{
	uint64_t value = 0xcbf29ce484222325;

	while (*key)
		value = (value ^ (unsigned char)*key++) * 0x100000001b3;
	return value ^ value >> 32;
}

/* Return the slot of a key, or the free slot for it. */
static struct map_entry *place_of(const struct map *map, const char *key)
{
	size_t i = hash(key);

	for (;; i++) {
		struct map_entry *entry = &map->entries[i & (map->room - 1)];

		if (!entry->key || !strcmp(entry->key, key))
			return entry;
	}
}

static void grow(struct map *map)
{
	struct map old = *map;
	size_t i;

	map->room = old.room ? 2 * old.room : 16;
	map->entries = xzalloc(map->room * sizeof(*map->entries));
	for (i = 0; i < old.room; i++)
		if (old.entries[i].key)
			*place_of(map, old.entries[i].key) = old.entries[i];
	free(old.entries);
}

/**
 * map_add() - add a key
 * @map: the map
 * @key: the key, which is copied
 * @value: its value, which is copied
 *
 * Return: whether the key is new; an existing key keeps its value
 */
bool map_add(struct map *map, const char *key, const char *value)
{
	struct map_entry *entry;

	if (2 * map->count >= map->room)
		grow(map);
	entry = place_of(map, key);
	if (entry->key)
		return false;
	entry->key = xstrdup(key);
	entry->value = xstrdup(value);
	map->count++;
	return true;
}

/**
 * map_find() - find the value of a key
 * @map: the map
 * @key: the key
 *
 * Return: the value, or %NULL if the map lacks the key
 */
const char *map_find(const struct map *map, const char *key)
{
	return map->count ? place_of(map, key)->value : NULL;
}

/**
 * map_count() - find the count of a key
 * @map: the map
 * @key: the key, which must be in the map
 *
 * Return: pointer to the count, valid until another key is added
 */
size_t *map_count(const struct map *map, const char *key)
{
	return &place_of(map, key)->count;
}

void map_free(struct map *map)
{
	size_t i;

	for (i = 0; i < map->room; i++) {
		free(map->entries[i].key);
		free(map->entries[i].value);
	}
	free(map->entries);
	*map = (struct map) {};
}
