// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl prop
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "devifctl.h"
#include "escape.h"
#include "json.h"
#include "properties.h"
#include "registry.h"
#include "subject.h"
#include "value.h"

/**
 * struct call - a property request to the registry
 * @name: interface or class that has the property
 * @key: key of the property
 * @request: number of the ioctl
 * @flags: flags for opening the control node
 */
struct call {
	const char *name;
	const char *key;
	unsigned long request;
	int flags;
};

static int explain(const struct call *call, int error)
{
	switch (error) {
	case ENOENT:
		complain(EXIT_NOT_FOUND, "%s has no property %s", call->name,
			 call->key);
		hint("try: devifctl prop list '%s'", call->name);
		return EXIT_NOT_FOUND;
	case ENOSPC:
		return complain(EXIT_FAILED, "%s has %u properties already",
				call->name, DEVIF_PROPERTIES);
	}
	return complain_errno(error, "property %s of %s", call->key,
			      call->name);
}

static int ask(const struct call *call, struct value *value)
{
	struct devif_property_request request = {
		.name = (uintptr_t)call->name,
		.key = (uintptr_t)call->key,
		.value = (uintptr_t)value->data,
		.size = value->property.size,
		.type = value->property.type,
	};
	int fd = control_open(call->flags);
	int error = 0;

	if (fd < 0)
		return -fd;
	if (ioctl(fd, call->request, &request))
		error = errno;
	close(fd);
	value->property.size = request.size;
	value->property.type = request.type;
	return error ? explain(call, error) : EXIT_OK;
}

static void print(const struct devif_value *property, bool json)
{
	char *text;

	if (json) {
		value_json(property);
		json_end();
		return;
	}
	text = value_text(property);
	printf("%s:", value_type(property));
	put_escaped(stdout, text);
	putchar('\n');
	free(text);
}

static int get(const char *name, char **names, bool json)
{
	const struct call call = {
		name, names[0], DEVIF_IOC_GET_PROPERTY, O_RDONLY
	};
	struct value value = {
		.property = { .key = names[0], .data = value.data,
			      .size = DEVIF_PROPERTY_VALUE_SIZE },
	};
	int ret = key_check(names[0]) ?: ask(&call, &value);

	if (ret)
		return ret;
	if (devif_value_check(&value.property))
		return complain(EXIT_FAILED, "the value is not in order");
	print(&value.property, json);
	return EXIT_OK;
}

static int set(const char *name, char **names, bool json)
{
	const struct call call = {
		name, names[0], DEVIF_IOC_SET_PROPERTY, O_RDWR
	};
	struct value value;

	(void)json;
	return value_parse(&value, names[0], names[1]) ?: ask(&call, &value);
}

static int forget(const char *name, char **names, bool json)
{
	const struct call call = {
		name, names[0], DEVIF_IOC_REMOVE_PROPERTY, O_RDWR
	};
	struct value value = {};

	(void)json;
	return key_check(names[0]) ?: ask(&call, &value);
}

static int list(const char *name, char **names, bool json)
{
	struct properties properties;
	int ret = properties_read(&properties, name);

	(void)names;
	if (!ret && json) {
		properties_json(&properties, NULL);
		json_end();
	} else if (!ret) {
		properties_print(&properties);
	}
	properties_free(&properties);
	return ret;
}

static const struct verb {
	const char *name;
	int (*run)(const char *name, char **names, bool json);
	size_t names;
} verbs[] = {
	{ "list", list, 0 },
	{ "get", get, 1 },
	{ "set", set, 2 },
	{ "remove", forget, 1 },
};

static const struct verb *find_verb(char **names)
{
	size_t i, count = 0;

	while (names[2 + count])
		count++;
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, names[0]) &&
		    verbs[i].names == count)
			return &verbs[i];
	return NULL;
}

int command_prop(const struct options *options, char **names)
{
	const struct verb *verb = find_verb(names);
	struct subject subject;
	int ret;

	if (!verb) {
		complain(EXIT_USAGE, "prop does not know what to do");
		hint("usage: devifctl prop list NAME | get NAME KEY |");
		hint("       set NAME KEY TYPE:VALUE | remove NAME KEY");
		return EXIT_USAGE;
	}
	ret = subject_find(&subject, names[1]);
	if (!ret)
		ret = verb->run(subject.name, names + 2,
				is_given(options, OPT_JSON));
	subject_free(&subject);
	return ret;
}
