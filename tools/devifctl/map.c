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
 * struct map_entry - a place
 * @key: a copy; %NULL if the place is not used
 * @value: a copy
 * @count: for the user of the map
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

/* The place of a key, or the one where it would be. */
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
 * @key: the key, of which a copy is made
 * @value: its value, likewise
 *
 * Return: whether it is new; else the value stays
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
 * Return: the value, or %NULL if there is no such key
 */
const char *map_find(const struct map *map, const char *key)
{
	return map->count ? place_of(map, key)->value : NULL;
}

/**
 * map_count() - the count of a key
 * @map: the map
 * @key: the key, which is there
 *
 * Return: where it is, until another key is added
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
