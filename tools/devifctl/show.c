// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl show
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devifctl.h"
#include "escape.h"
#include "holders.h"
#include "json.h"
#include "known.h"
#include "properties.h"
#include "registry.h"
#include "subject.h"
#include "sysfs.h"

static void line(const char *key, const char *value)
{
	if (!value || !*value)
		return;
	printf("%-15s ", key);
	put_escaped(stdout, value);
	putchar('\n');
}

static void show_class_lines(const char *guid)
{
	const struct known_class *class = known_class(guid);

	line("class", guid);
	if (!class)
		return;
	line("class name", class->name);
	line("description", class->description);
}

static void show_interface_lines(const struct interface *interface)
{
	line("name", interface->name);
	show_class_lines(interface->class);
	line("state", interface_state(interface));
	line("symbolic link", interface->link);
	line("reference", interface->reference);
	line("device", interface->device);
	line("device path", interface->device_path);
	line("driver", interface->driver);
	line("module", interface->module);
	line("node", interface->node);
}

/*
 * Holders
 */

/* Return whether the interface and the held query interface are of one device. */
static bool same_device(const struct interface *interface,
			const struct holder *holder)
{
	size_t length = strlen(holder->device);

	return length && !strncmp(interface->link, holder->device, length) &&
	       !strncmp(interface->link + length, "#{", 2);
}

/* Return whether the interface, its class or a query interface of its device is held. */
static bool is_held(const struct interface *interface,
		    const struct holder *holder)
{
	if (!strcmp(holder->interface, "-"))
		return same_device(interface, holder);
	if (!strcmp(holder->interface, interface->class))
		return true;
	return interface->name && !strcmp(holder->interface, interface->name);
}

static void show_holder(const struct holder *holder)
{
	printf("%-15s ", "held by");
	put_escaped(stdout, holder->holder);
	printf(": %s", holder->kind);
	if (*holder->guid)
		printf(" %s", holder->guid);
	if (isdigit((unsigned char)*holder->version))
		printf(" version %s", holder->version);
	if (*holder->guid)
		fputs(" of its device", stdout);
	putchar('\n');
}

static void show_holders(const struct interface *interface)
{
	struct holders holders;
	int error = holders_read(&holders);
	size_t i;

	if (error)
		line("held by", holders_advice(error));
	for (i = 0; i < holders.count; i++)
		if (is_held(interface, &holders.list[i]))
			show_holder(&holders.list[i]);
	holders_free(&holders);
}

static const char *text_or_null(const char *text)
{
	return *text ? text : NULL;
}

static void json_holder(const struct holder *holder)
{
	json_open(NULL, '{');
	json_string("holder", holder->holder);
	json_string("kind", holder->kind);
	json_string("export", text_or_null(holder->export));
	json_string("guid", text_or_null(holder->guid));
	json_string("version", text_or_null(holder->version));
	json_close('}');
}

/* Write the holders, or null for a user that may not read them. */
static void json_holders(const struct interface *interface)
{
	struct holders holders;
	size_t i;

	if (holders_read(&holders)) {
		json_string("holders", NULL);
		return;
	}
	json_open("holders", '[');
	for (i = 0; i < holders.count; i++)
		if (is_held(interface, &holders.list[i]))
			json_holder(&holders.list[i]);
	json_close(']');
	holders_free(&holders);
}

/*
 * Output
 */

static int show_properties(const char *name)
{
	struct properties properties;
	int ret = properties_read(&properties, name);

	if (!ret && properties.first.left) {
		putchar('\n');
		properties_print(&properties);
	}
	properties_free(&properties);
	return ret;
}

static void json_properties(const char *name)
{
	struct properties properties;

	if (properties_read(&properties, name))
		json_string("properties", NULL);
	else
		properties_json(&properties, "properties");
	properties_free(&properties);
}

static char *default_of(const char *guid)
{
	char *path = xasprintf("%s/%s", paths.classes, guid);
	char *name = sysfs_read(path, "default_interface");

	free(path);
	return name;
}

static void show_class(const char *guid)
{
	char *name = default_of(guid);

	show_class_lines(guid);
	line("default", name);
	free(name);
}

static void json_class(const char *guid)
{
	const struct known_class *class = known_class(guid);
	char *name = default_of(guid);

	json_string("class", guid);
	json_string("class_name", class ? class->name : NULL);
	json_string("description", class ? class->description : NULL);
	json_string("default", name && *name ? name : NULL);
	free(name);
}

static int show_text(const struct subject *subject)
{
	if (subject->is_class) {
		show_class(subject->name);
	} else {
		show_interface_lines(&subject->interface);
		show_holders(&subject->interface);
	}
	return show_properties(subject->name);
}

static int show_json(const struct subject *subject)
{
	json_open(NULL, '{');
	if (subject->is_class) {
		json_class(subject->name);
	} else {
		interface_json(&subject->interface);
		json_holders(&subject->interface);
	}
	json_properties(subject->name);
	json_close('}');
	json_end();
	return EXIT_OK;
}

int command_show(const struct options *options, char **names)
{
	struct subject subject;
	struct interfaces one = { &subject.interface, 1 };
	int ret = subject_find(&subject, names[0]);

	if (!ret && !subject.is_class)
		ret = registry_add_nodes(&one);
	if (!ret)
		ret = is_given(options, OPT_JSON) ? show_json(&subject) :
						    show_text(&subject);
	subject_free(&subject);
	return ret;
}
