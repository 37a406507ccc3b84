// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl graph: a graph for Graphviz, from left to right: drivers, their devices, their
 * interfaces, and holders. Red edges keep a module from being unloaded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devifctl.h"
#include "escape.h"
#include "graph.h"
#include "known.h"
#include "map.h"

/* Kind of a handle that pins the exporter's module */
#define PINNED	"pinned"

static void put_id(const char *kind, const char *name)
{
	printf("\"%s:", kind);
	put_dot_string(stdout, name);
	putchar('"');
}

static void put_line(const char *text)
{
	if (!text || !*text)
		return;
	fputs("\\n", stdout);
	put_dot_string(stdout, text);
}

static void begin_node(const char *kind, const char *id, const char *label)
{
	putchar('\t');
	put_id(kind, id);
	fputs(" [label=\"", stdout);
	put_dot_string(stdout, label);
}

static void put_edge(const char *from_kind, const char *from,
		     const char *to_kind, const char *to, const char *rest)
{
	putchar('\t');
	put_id(from_kind, from);
	fputs(" -> ", stdout);
	put_id(to_kind, to);
	printf("%s;\n", rest);
}

/*
 * Exporters: drivers, devices, interfaces
 */

static void put_driver(const struct interface *interface)
{
	begin_node("driver", interface->driver, interface->driver);
	put_line(interface->module ?: "(built in)");
	puts("\", shape=component, style=filled, fillcolor=\"#f8f0d8\"];");
}

static void put_device(const struct interface *interface)
{
	begin_node("device", interface->device_path, interface->device);
	puts("\", shape=box3d];");
	if (interface->driver)
		put_edge("driver", interface->driver, "device",
			 interface->device_path, "");
}

static void put_interface(const struct interface *interface)
{
	begin_node("interface", interface->name, interface->name);
	put_line(class_name(interface->class));
	put_line(interface->reference);
	printf("\", shape=ellipse, style=\"%s%s\"];\n",
	       interface->enabled ? "filled" : "dashed",
	       interface->is_default ? ",bold" : "");
	put_edge("device", interface->device_path, "interface",
		 interface->name, "");
}

static void put_exporters(const struct interfaces *interfaces)
{
	struct map drivers = {}, devices = {};
	const struct interface *interface;
	size_t i;

	for (i = 0; i < interfaces->count; i++) {
		interface = &interfaces->list[i];
		if (interface->driver && map_add(&drivers, interface->driver, ""))
			put_driver(interface);
		if (map_add(&devices, interface->device_path, ""))
			put_device(interface);
		put_interface(interface);
	}
	map_free(&drivers);
	map_free(&devices);
}

/*
 * Importers
 */

/**
 * struct held - the registered interfaces, and their devices
 * @interfaces: names of interfaces
 * @devices: directories of devices, by the device's part of symbolic link names
 */
struct held {
	struct map interfaces;
	struct map devices;
};

static void find_held(struct held *held, const struct interfaces *interfaces)
{
	const char *link, *end;
	char *id;
	size_t i;

	*held = (struct held) {};
	for (i = 0; i < interfaces->count; i++) {
		link = interfaces->list[i].link;
		end = strstr(link, "#{");
		if (!end)
			continue;
		id = strndup(link, end - link);
		map_add(&held->devices, id, interfaces->list[i].device_path);
		map_add(&held->interfaces, interfaces->list[i].name, "");
		free(id);
	}
}

static char *edge_of(const struct holder *holder)
{
	return xasprintf("%s\n%s\n%s\n%s\n%s", holder->holder, holder->device,
			 holder->interface, holder->kind, holder->export);
}

/*
 * Draw an object without interfaces, by its id: one that has gone but is still held, or a
 * device whose export is open.
 */
static void put_bare(const char *id, const char *export)
{
	bool open = !strcmp(export, "open");

	begin_node("gone", id, id);
	printf("%s\", shape=box3d%s];\n", open ? "" : "\\n(gone)",
	       open ? "" : ", style=dashed");
}

/* Draw a class with subscribers, or the registry itself. */
static void put_other(const char *kind, const char *id, const char *label)
{
	begin_node(kind, id, label);
	puts("\", shape=folder];");
	putchar('\t');
	put_id(kind, id);
}

static bool has_class(const struct holder *holder)
{
	return !strcmp(holder->kind, "subscription");
}

static void put_held(const struct held *held, const struct holder *holder)
{
	const char *path = map_find(&held->devices, holder->device);
	const char *gone = *holder->device ? holder->device : holder->interface;

	if (map_find(&held->interfaces, holder->interface)) {
		put_id("interface", holder->interface);
	} else if (path) {
		put_id("device", path);
	} else if (has_class(holder)) {
		put_other("class", holder->interface,
			  class_name(holder->interface));
	} else if (!strcmp(gone, "-")) {
		put_other("registry", "devif", "devif");
	} else {
		put_bare(gone, holder->export);
		putchar('\t');
		put_id("gone", gone);
	}
}

static void put_holder_edge(const struct held *held,
			    const struct holder *holder, size_t count)
{
	bool pinned = !strcmp(holder->kind, PINNED);

	putchar('\t');
	put_held(held, holder);
	fputs(" -> ", stdout);
	put_id("holder", holder->holder);
	fputs(" [dir=back, label=\"", stdout);
	put_dot_string(stdout, holder->kind);
	if (count > 1)
		printf(" (%zu)", count);
	printf("\"%s%s];\n", pinned ? ", color=red, penwidth=2" : "",
	       strcmp(holder->export, "ended") ? "" : ", style=dashed");
}

/* Draw a holder, "device (module)", in two lines. */
static void put_holder(const struct holder *holder)
{
	char *name = xstrdup(holder->holder);
	char *module = strstr(name, " (");

	if (module)
		*module++ = '\0';
	begin_node("holder", holder->holder, name);
	put_line(module);
	puts("\", shape=box, style=\"rounded,filled\", fillcolor=\"#e8eef8\"];");
	free(name);
}

/* Draw all holders on the right, whatever they hold. */
static void put_holders(const struct holders *holders)
{
	struct map known = {};
	size_t i;

	if (!holders->count)
		return;
	puts("\tsubgraph holders {\n\trank=sink;");
	for (i = 0; i < holders->count; i++)
		if (map_add(&known, holders->list[i].holder, ""))
			put_holder(&holders->list[i]);
	puts("\t}");
	map_free(&known);
}

/* Count the holders of each edge. */
static void count_edges(struct map *edges, const struct holders *holders)
{
	char *edge;
	size_t i;

	for (i = 0; i < holders->count; i++) {
		edge = edge_of(&holders->list[i]);
		map_add(edges, edge, "");
		(*map_count(edges, edge))++;
		free(edge);
	}
}

/* Draw each edge once, for its first holder. */
static void put_edges(const struct held *held, const struct holders *holders)
{
	struct map edges = {};
	size_t *count, i;
	char *edge;

	count_edges(&edges, holders);
	for (i = 0; i < holders->count; i++) {
		edge = edge_of(&holders->list[i]);
		count = map_count(&edges, edge);
		if (*count)
			put_holder_edge(held, &holders->list[i], *count);
		*count = 0;
		free(edge);
	}
	map_free(&edges);
}

static void put_importers(const struct interfaces *interfaces,
			  const struct holders *holders)
{
	struct held held;

	find_held(&held, interfaces);
	put_holders(holders);
	put_edges(&held, holders);
	map_free(&held.interfaces);
	map_free(&held.devices);
}

/**
 * graph_print() - write a graph to standard output
 * @interfaces: the registered interfaces
 * @holders: their holders
 */
void graph_print(const struct interfaces *interfaces,
		 const struct holders *holders)
{
	puts("digraph devif {\n"
	     "\trankdir=LR; ranksep=0.6; nodesep=0.2;\n"
	     "\tnode [fontname=\"sans-serif\", fontsize=11, height=0.4, fillcolor=\"#e8f4e8\"];\n"
	     "\tedge [fontname=\"sans-serif\", fontsize=9];");
	put_exporters(interfaces);
	put_importers(interfaces, holders);
	puts("}");
}

int command_graph(const struct options *options, char **names)
{
	struct interfaces interfaces;
	struct holders holders;
	int ret, error;

	(void)options;
	(void)names;
	ret = interfaces_read(&interfaces, false);
	if (!ret) {
		error = holders_read(&holders);
		if (error)
			hint("drawn without holders: %s",
			     holders_advice(error));
		graph_print(&interfaces, &holders);
		holders_free(&holders);
	}
	interfaces_free(&interfaces);
	return ret;
}
