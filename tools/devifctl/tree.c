// SPDX-License-Identifier: GPL-2.0
/*
 * Trees of devices and interfaces: a device is below its nearest ancestor that has
 * interfaces too, and is shown with its path from there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devifctl.h"
#include "escape.h"
#include "known.h"
#include "tree.h"

/**
 * struct node - a device, or an interface
 * @path: path of the device or of the interface's device; "" if absent
 * @interface: the interface, or one of the device's
 * @is_device: whether the node is a device
 * @is_last: whether the node is the last one below @parent
 * @parent: index of the node above; -1 on top
 */
struct node {
	const char *path;
	const struct interface *interface;
	bool is_device;
	bool is_last;
	int parent;
};

struct tree {
	struct node *nodes;
	int count;
};

static const char *path_of(const struct interface *interface)
{
	return interface->device_path ?: "";
}

/* Compare directory by directory, so that children sort next to their device. */
static int compare_paths(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (*a == *b)
		return 0;
	if (!*a || !*b)
		return *a ? 1 : -1;
	if (*a == '/' || *b == '/')
		return *a == '/' ? -1 : 1;
	return (unsigned char)*a - (unsigned char)*b;
}

static int compare(const void *a, const void *b)
{
	const struct interface *x = a, *y = b;
	int order = compare_paths(path_of(x), path_of(y));

	if (order)
		return order;
	if (x->device_path)
		return 0;
	return strcmp(x->device, y->device);
}

static bool is_below(const char *path, const char *above)
{
	size_t length = strlen(above);

	return length && !strncmp(path, above, length) && path[length] == '/';
}

static int add(struct tree *tree, const struct interface *interface,
	       bool is_device, int parent)
{
	tree->nodes = xgrow(tree->nodes, tree->count, sizeof(*tree->nodes));
	tree->nodes[tree->count] = (struct node) {
		.path = path_of(interface), .interface = interface,
		.is_device = is_device, .parent = parent,
	};
	return tree->count++;
}

static bool same_device(const struct interface *a, const struct interface *b)
{
	return !strcmp(path_of(a), path_of(b)) && !strcmp(a->device, b->device);
}

/* Add a node for the device, below @last or an ancestor of it, or on top. */
static int add_device(struct tree *tree, const struct interface *interface,
		      int last)
{
	while (last >= 0 &&
	       !is_below(path_of(interface), tree->nodes[last].path))
		last = tree->nodes[last].parent;
	return add(tree, interface, true, last);
}

static void build(struct tree *tree, const struct interfaces *interfaces)
{
	const struct interface *interface;
	int device = -1;
	size_t i;

	for (i = 0; i < interfaces->count; i++) {
		interface = &interfaces->list[i];
		if (device < 0 ||
		    !same_device(tree->nodes[device].interface, interface))
			device = add_device(tree, interface, device);
		add(tree, interface, false, device);
	}
}

/* Walk from the end: the first child found of each node is its last. */
static void find_last(struct tree *tree)
{
	bool *has_one = xzalloc(tree->count + 1);
	struct node *node;
	int i;

	for (i = tree->count - 1; i >= 0; i--) {
		node = &tree->nodes[i];
		node->is_last = !has_one[node->parent + 1];
		has_one[node->parent + 1] = true;
	}
	free(has_one);
}

/* Return a branch of the tree, with line-drawing characters if the terminal has them. */
static const char *line(bool above, bool is_last)
{
	static const char * const lines[2][4] = {
		{ "|-- ", "`-- ", "|   ", "    " },
		{ "├── ", "└── ", "│   ", "    " },
	};
	return lines[locale_is_utf8()][2 * above + is_last];
}

static void print_lines(const struct tree *tree, int i, bool above)
{
	const struct node *node = &tree->nodes[i];

	if (node->parent < 0)
		return;
	print_lines(tree, node->parent, true);
	fputs(line(above, node->is_last), stdout);
}

static void print_device(const struct tree *tree, const struct node *node)
{
	const struct interface *interface = node->interface;
	const char *name = node->path;

	if (!*name)
		name = interface->device;
	else if (node->parent >= 0)
		name += strlen(tree->nodes[node->parent].path) + 1;
	else if (is_below(name, "/sys/devices"))
		name += strlen("/sys/devices/");
	put_escaped(stdout, name);
	if (interface->driver) {
		fputs(" (", stdout);
		put_escaped(stdout, interface->driver);
		putchar(')');
	}
	putchar('\n');
}

static void print_interface(const struct interface *interface)
{
	put_escaped(stdout, interface->name ?: interface->link);
	putchar(' ');
	put_escaped(stdout, class_name(interface->class));
	printf(" %s", interface_state(interface));
	if (interface->reference) {
		putchar(' ');
		put_escaped(stdout, interface->reference);
	}
	putchar('\n');
}

/**
 * tree_print() - write a tree of devices and their interfaces to standard output
 * @interfaces: the interfaces, which this function sorts
 */
void tree_print(struct interfaces *interfaces)
{
	struct tree tree = {};
	int i;

	if (interfaces->count)
		qsort(interfaces->list, interfaces->count,
		      sizeof(*interfaces->list), compare);
	build(&tree, interfaces);
	find_last(&tree);
	for (i = 0; i < tree.count; i++) {
		print_lines(&tree, i, false);
		if (tree.nodes[i].is_device)
			print_device(&tree, &tree.nodes[i]);
		else
			print_interface(tree.nodes[i].interface);
	}
	free(tree.nodes);
}
