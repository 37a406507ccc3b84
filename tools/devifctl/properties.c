// SPDX-License-Identifier: GPL-2.0
/*
 * All properties of an interface or a class. No request lists them, so they come from an
 * image of the registry.
 */
#include <stdlib.h>
#include <string.h>

#include "devifctl.h"
#include "json.h"
#include "properties.h"
#include "table.h"
#include "value.h"

static bool is_called(const struct devif_entry *entry, const char *name)
{
	char *other = entry_name(entry);
	bool result = !strcmp(other, name);

	free(other);
	return result;
}

/**
 * properties_read() - read the properties of an interface or a class
 * @properties: filled with the properties
 * @name: symbolic link name, or GUID of a class; an unknown name has no properties
 *
 * Return: exit code; errors have been reported
 */
int properties_read(struct properties *properties, const char *name)
{
	struct devif_entry entry;
	int ret;

	*properties = (struct properties) {};
	ret = registry_read(&properties->registry);
	while (!ret && devif_image_next(&properties->registry.image, &entry)) {
		if (is_called(&entry, name)) {
			properties->first = entry.properties;
			break;
		}
	}
	return ret;
}

/**
 * properties_print() - write properties as a table
 * @properties: the properties
 */
void properties_print(const struct properties *properties)
{
	struct devif_image next = properties->first;
	struct table table = { .columns = 3 };
	struct devif_value value;
	char *text;

	table_add(&table, "KEY");
	table_add(&table, "TYPE");
	table_add(&table, "VALUE");
	while (devif_image_next_property(&next, &value)) {
		text = value_text(&value);
		table_add(&table, value.key);
		table_add(&table, value_type(&value));
		table_add(&table, text);
		free(text);
	}
	table_print(&table);
	table_free(&table);
}

/**
 * properties_json() - write properties as an array
 * @properties: the properties
 * @key: key of the array, or %NULL
 */
void properties_json(const struct properties *properties, const char *key)
{
	struct devif_image next = properties->first;
	struct devif_value value;

	json_open(key, '[');
	while (devif_image_next_property(&next, &value))
		value_json(&value);
	json_close(']');
}

void properties_free(struct properties *properties)
{
	registry_free(&properties->registry);
}
