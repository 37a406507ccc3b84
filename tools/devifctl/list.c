// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl list
 */
#include <stdio.h>

#include "devifctl.h"
#include "interface.h"
#include "json.h"
#include "known.h"
#include "registry.h"
#include "subject.h"
#include "table.h"
#include "tree.h"

static void print_json(const struct interfaces *interfaces)
{
	size_t i;

	json_open(NULL, '[');
	for (i = 0; i < interfaces->count; i++) {
		json_open(NULL, '{');
		interface_json(&interfaces->list[i]);
		json_close('}');
	}
	json_close(']');
	json_end();
}

static void add_row(struct table *table, const struct interface *interface,
		    bool link)
{
	table_add(table, interface->name);
	table_add(table, class_name(interface->class));
	table_add(table, interface_state(interface));
	table_add(table, interface->device);
	table_add(table, interface->driver);
	table_add(table, interface->reference);
	if (link)
		table_add(table, interface->link);
}

static void print_table(const struct interfaces *interfaces, bool link)
{
	static const char * const headings[] = {
		"NAME", "CLASS", "STATE", "DEVICE", "DRIVER", "REFERENCE",
		"LINK",
	};
	struct table table = { .columns = link ? 7 : 6 };
	size_t i;

	for (i = 0; i < table.columns; i++)
		table_add(&table, headings[i]);
	for (i = 0; i < interfaces->count; i++)
		add_row(&table, &interfaces->list[i], link);
	table_print(&table);
	table_free(&table);
}

/* Show link names with --all too: an absent interface has no other name. */
static void print(struct interfaces *interfaces, const struct options *options)
{
	if (is_given(options, OPT_JSON))
		print_json(interfaces);
	else if (is_given(options, OPT_TREE))
		tree_print(interfaces);
	else
		print_table(interfaces, is_given(options, OPT_LONG | OPT_ALL));
}

int command_list(const struct options *options, char **names)
{
	struct interfaces interfaces;
	int ret, nodes = EXIT_OK;

	(void)names;
	ret = interfaces_read(&interfaces, is_given(options, OPT_ALL));
	if (!ret && options->class)
		ret = interfaces_keep_named_class(&interfaces, options->class);
	if (!ret && is_given(options, OPT_JSON))
		nodes = registry_add_nodes(&interfaces);
	if (!ret)
		print(&interfaces, options);
	interfaces_free(&interfaces);
	return ret ?: nodes;
}
