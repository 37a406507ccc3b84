// SPDX-License-Identifier: GPL-2.0
/*
 * Names on the command line: devif3 is a present interface, a name with a "#" is a
 * symbolic link name, any other name is a class.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devifctl.h"
#include "guid.h"
#include "known.h"
#include "subject.h"

static bool is_number_name(const char *name)
{
	const char *digits = name + strlen("devif");

	return !strncmp(name, "devif", strlen("devif")) &&
	       isdigit((unsigned char)*digits);
}

static bool is_called(const struct interface *interface, const char *name)
{
	return !strcmp(interface->link, name) ||
	       (interface->name && !strcmp(interface->name, name));
}

/* Move the interface of this name from the list to @subject. */
static bool take(struct subject *subject, struct interfaces *interfaces,
		 const char *name)
{
	size_t i;

	for (i = 0; i < interfaces->count; i++) {
		if (!is_called(&interfaces->list[i], name))
			continue;
		subject->interface = interfaces->list[i];
		interfaces->list[i] = (struct interface) {};
		return true;
	}
	return false;
}

static int not_found(const char *name)
{
	complain(EXIT_NOT_FOUND, "no interface %s", name);
	hint("try: devifctl list --all");
	return EXIT_NOT_FOUND;
}

static int find_interface(struct subject *subject, const char *name,
			  bool absent)
{
	struct interfaces interfaces;
	int ret = interfaces_read(&interfaces, absent);

	if (!ret && !take(subject, &interfaces, name))
		ret = EXIT_NOT_FOUND;
	interfaces_free(&interfaces);
	subject->name = subject->interface.link;
	return ret;
}

/**
 * subject_find_interface() - find an interface
 * @subject: filled with the result
 * @name: its name, like devif3, or its symbolic link name, which finds an absent one too
 *
 * Return: exit code; errors have been reported
 */
int subject_find_interface(struct subject *subject, const char *name)
{
	int ret;

	*subject = (struct subject) {};
	ret = find_interface(subject, name, false);
	if (ret == EXIT_NOT_FOUND && !is_number_name(name) &&
	    strchr(name, '#'))
		ret = find_interface(subject, name, true);
	return ret == EXIT_NOT_FOUND ? not_found(name) : ret;
}

/**
 * subject_find_class() - find a class
 * @subject: filled with the result
 * @name: its GUID, or its short name
 *
 * The class need not have interfaces.
 *
 * Return: exit code; errors have been reported
 */
int subject_find_class(struct subject *subject, const char *name)
{
	char guid[GUID_TEXT];
	const char *known;

	*subject = (struct subject) { .is_class = true };
	known = guid_normalize(guid, name) ? guid : class_guid(name);
	if (!known) {
		complain(EXIT_NOT_FOUND, "no class is known as %s", name);
		hint("try: devifctl classes");
		if (access(paths.known_classes, R_OK))
			hint("names are in %s, which cannot be read",
			     paths.known_classes);
		return EXIT_NOT_FOUND;
	}
	subject->interface.class = xstrdup(known);
	subject->name = subject->interface.class;
	return EXIT_OK;
}

/**
 * interfaces_keep_named_class() - drop all interfaces of other classes
 * @interfaces: the list
 * @name: GUID of the class, or its short name
 *
 * Return: exit code; errors have been reported
 */
int interfaces_keep_named_class(struct interfaces *interfaces, const char *name)
{
	struct subject class;
	int ret = subject_find_class(&class, name);

	if (!ret)
		interfaces_keep_class(interfaces, class.name);
	subject_free(&class);
	return ret;
}

/**
 * subject_find() - find an interface or a class
 * @subject: filled with the result
 * @name: its name
 *
 * Return: exit code; errors have been reported
 */
int subject_find(struct subject *subject, const char *name)
{
	char guid[GUID_TEXT];

	if (guid_normalize(guid, name) || class_guid(name))
		return subject_find_class(subject, name);
	return subject_find_interface(subject, name);
}

void subject_free(struct subject *subject)
{
	interface_free(&subject->interface);
}
