// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl graph: for Graphviz, from left to right: drivers, their devices, interfaces of
 * these, and who holds what. Red is what keeps a module from being unloaded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devifctl.h"
#include "escape.h"
#include "holders.h"
#include "interface.h"
#include "known.h"

/* What cannot be unloaded while it is held */
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

static bool is_first_of_device(const struct interfaces *interfaces, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(interfaces->list[i].device_path,
			    interfaces->list[n].device_path))
			return false;
	return true;
}

static bool is_first_of_driver(const struct interfaces *interfaces, size_t n)
{
	const char *driver = interfaces->list[n].driver;
	size_t i;

	for (i = 0; i < n; i++)
		if (interfaces->list[i].driver &&
		    !strcmp(interfaces->list[i].driver, driver))
			return false;
	return true;
}

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
	size_t i;

	for (i = 0; i < interfaces->count; i++) {
		if (interfaces->list[i].driver &&
		    is_first_of_driver(interfaces, i))
			put_driver(&interfaces->list[i]);
		if (is_first_of_device(interfaces, i))
			put_device(&interfaces->list[i]);
		put_interface(&interfaces->list[i]);
	}
}

/*
 * Importers
 */

static bool same_edge(const struct holder *a, const struct holder *b)
{
	return !strcmp(a->holder, b->holder) && !strcmp(a->device, b->device) &&
	       !strcmp(a->interface, b->interface) &&
	       !strcmp(a->kind, b->kind) && !strcmp(a->export, b->export);
}

/* How many holders have this edge; 0 if it was that of one before. */
static size_t count_edges(const struct holders *holders, size_t n)
{
	size_t i, count = 0;

	for (i = 0; i < holders->count; i++) {
		if (!same_edge(&holders->list[i], &holders->list[n]))
			continue;
		if (i < n)
			return 0;
		count++;
	}
	return count;
}

/* The directory of a device that is called so in symbolic link names, or NULL. */
static const char *path_of_device(const struct interfaces *interfaces,
				  const char *id)
{
	size_t i, length = strlen(id);
	const char *link;

	for (i = 0; i < interfaces->count; i++) {
		link = interfaces->list[i].link;
		if (!strncmp(link, id, length) &&
		    !strncmp(link + length, "#{", 2))
			return interfaces->list[i].device_path;
	}
	return NULL;
}

static bool has_interface(const struct interfaces *interfaces, const char *name)
{
	size_t i;

	for (i = 0; i < interfaces->count; i++)
		if (!strcmp(interfaces->list[i].name, name))
			return true;
	return false;
}

/* What is held may have gone: then it is drawn by the name it had. */
static void put_gone(const char *id)
{
	begin_node("gone", id, id);
	puts("\\n(gone)\", shape=box3d, style=dashed];");
}

/* A class that somebody follows, or the registry itself. */
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

static void put_held(const struct interfaces *interfaces,
		     const struct holder *holder)
{
	const char *path = path_of_device(interfaces, holder->device);
	const char *gone = *holder->device ? holder->device : holder->interface;

	if (has_interface(interfaces, holder->interface)) {
		put_id("interface", holder->interface);
	} else if (path) {
		put_id("device", path);
	} else if (has_class(holder)) {
		put_other("class", holder->interface,
			  class_name(holder->interface));
	} else if (!strcmp(gone, "-")) {
		put_other("registry", "devif", "devif");
	} else {
		put_gone(gone);
		putchar('\t');
		put_id("gone", gone);
	}
}

static void put_holder_edge(const struct interfaces *interfaces,
			    const struct holder *holder, size_t count)
{
	bool pinned = !strcmp(holder->kind, PINNED);

	putchar('\t');
	put_held(interfaces, holder);
	fputs(" -> ", stdout);
	put_id("holder", holder->holder);
	fputs(" [dir=back, label=\"", stdout);
	put_dot_string(stdout, holder->kind);
	if (count > 1)
		printf(" (%zu)", count);
	printf("\"%s%s];\n", pinned ? ", color=red, penwidth=2" : "",
	       strcmp(holder->export, "ended") ? "" : ", style=dashed");
}

static bool is_first_of_holder(const struct holders *holders, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(holders->list[i].holder, holders->list[n].holder))
			return false;
	return true;
}

/* "device (module)", in two lines */
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

/* All on the right, whatever they hold */
static void put_holders(const struct holders *holders)
{
	size_t i;

	if (!holders->count)
		return;
	puts("\tsubgraph holders {\n\trank=sink;");
	for (i = 0; i < holders->count; i++)
		if (is_first_of_holder(holders, i))
			put_holder(&holders->list[i]);
	puts("\t}");
}

static void put_importers(const struct interfaces *interfaces,
			  const struct holders *holders)
{
	size_t i, count;

	put_holders(holders);
	for (i = 0; i < holders->count; i++) {
		count = count_edges(holders, i);
		if (count)
			put_holder_edge(interfaces, &holders->list[i], count);
	}
}

static void put_graph(const struct interfaces *interfaces,
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
		put_graph(&interfaces, &holders);
		holders_free(&holders);
	}
	interfaces_free(&interfaces);
	return ret;
}
