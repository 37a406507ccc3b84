// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl monitor: print uevents, a line each, without delay.
 *
 * If udevd runs, listen to its events, which come after its rules have made the links;
 * else listen to the kernel's.
 */
#include <errno.h>
#include <libudev.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "devifctl.h"
#include "escape.h"
#include "json.h"
#include "known.h"
#include "subject.h"

#define UDEVD_SOCKET	"/run/udev/control"
#define BUFFER_SIZE	(16 << 20)

/**
 * struct event - an event of an interface or of the registry
 * @time: time of its receipt
 * @kind: kind of event
 * @name: name of the interface; %NULL for an event of the registry
 * @class: GUID of the interface's class
 * @device: name of the interface's device
 * @udev: the event with all its properties
 */
struct event {
	struct timespec time;
	const char *kind;
	const char *name;
	const char *class;
	char *device;
	struct udev_device *udev;
};

/**
 * struct view - filter and output format
 * @class: GUID of the only class to show, or %NULL
 * @json: write JSON
 * @colours: write colours
 */
struct view {
	const char *class;
	bool json;
	bool colours;
};

static const char *property(const struct event *event, const char *key)
{
	return udev_device_get_property_value(event->udev, key);
}

/*
 * Reading events
 */

/* Return the device's name in a path .../device/devif3. */
static char *device_of(const char *path)
{
	char *copy = xstrdup(path ?: "");
	char *end = strrchr(copy, '/');
	char *name = NULL;

	if (end && end != copy) {
		*end = '\0';
		name = strrchr(copy, '/');
		name = xstrdup(name ? name + 1 : copy);
	}
	free(copy);
	return name;
}

static const char *kind_of_interface(const struct event *event)
{
	const char *action = udev_device_get_action(event->udev) ?: "";
	const char *kind = property(event, "DEVIF_EVENT");

	if (!strcmp(action, "add"))
		return "registered";
	if (!strcmp(action, "remove"))
		return "unregistered";
	if (kind && !strcmp(kind, "device"))
		return "event";
	return kind ?: action;
}

/* Return whether the event is one of devif. */
static bool read_event(struct event *event)
{
	const char *subsystem = udev_device_get_subsystem(event->udev) ?: "";

	clock_gettime(CLOCK_REALTIME, &event->time);
	if (strcmp(subsystem, "devif")) {
		event->kind = "registry";
		return property(event, "DEVIF_REGISTRY");
	}
	event->name = udev_device_get_sysname(event->udev);
	event->class = property(event, "DEVIF_CLASS_GUID") ?: "";
	event->device = device_of(udev_device_get_devpath(event->udev));
	event->kind = kind_of_interface(event);
	return true;
}

static bool is_wanted(const struct view *view, const struct event *event)
{
	return !view->class ||
	       (event->class && !strcmp(view->class, event->class));
}

/*
 * Writing events
 */

static const struct {
	const char *kind;
	const char *colour;
} colours[] = {
	{ "arrival", "\033[32m" },
	{ "removal", "\033[31m" },
	{ "event", "\033[36m" },
	{ "registry", "\033[33m" },
};

static const char *colour_of(const struct view *view, const char *kind)
{
	size_t i;

	for (i = 0; view->colours && i < ARRAY_SIZE(colours); i++)
		if (!strcmp(colours[i].kind, kind))
			return colours[i].colour;
	return "";
}

static void print_time(const struct event *event)
{
	char text[sizeof("00:00:00")] = "";
	struct tm tm;

	if (localtime_r(&event->time.tv_sec, &tm))
		strftime(text, sizeof(text), "%T", &tm);
	printf("%s.%03ld ", text, event->time.tv_nsec / 1000000);
}

static void print_kind(const struct view *view, const struct event *event)
{
	const char *colour = colour_of(view, event->kind);

	fputs(colour, stdout);
	printf("%-13s", event->kind);
	if (*colour)
		fputs("\033[0m", stdout);
}

static void print_detail(const struct event *event, const char *label,
			 const char *key)
{
	const char *value = property(event, key);

	if (!value)
		return;
	printf(" %s", label);
	put_escaped(stdout, value);
}

static void print_text(const struct view *view, const struct event *event)
{
	print_time(event);
	print_kind(view, event);
	if (!event->name) {
		fputs(property(event, "DEVIF_REGISTRY"), stdout);
		print_detail(event, "generation ", "DEVIF_GENERATION");
	} else {
		printf("%s %s ", event->name, class_name(event->class));
		put_escaped(stdout, event->device ?: "-");
		print_detail(event, "", "DEVIF_REFERENCE_STRING");
		print_detail(event, "", "DEVIF_EVENT_GUID");
		print_detail(event, "bytes ", "DEVIF_EVENT_SIZE");
		print_detail(event, "data ", "DEVIF_EVENT_DATA");
		print_detail(event, "lost ", "DEVIF_EVENT_LOST");
	}
	putchar('\n');
}

static void json_time(const struct event *event)
{
	char text[sizeof("2000-01-01T00:00:00")] = "", full[64];
	struct tm tm;

	if (gmtime_r(&event->time.tv_sec, &tm))
		strftime(text, sizeof(text), "%FT%T", &tm);
	snprintf(full, sizeof(full), "%s.%03ldZ", text,
		 event->time.tv_nsec / 1000000);
	json_string("time", full);
}

/* Write all properties of devif. */
static void json_properties(const struct event *event)
{
	struct udev_list_entry *first, *entry;
	const char *key, *value;

	json_open("properties", '{');
	first = udev_device_get_properties_list_entry(event->udev);
	udev_list_entry_foreach(entry, first) {
		key = udev_list_entry_get_name(entry);
		value = udev_list_entry_get_value(entry);
		if (!strncmp(key, "DEVIF_", strlen("DEVIF_")))
			json_string(key, value);
	}
	json_close('}');
}

static void print_json(const struct event *event)
{
	json_open(NULL, '{');
	json_time(event);
	json_string("event", event->kind);
	json_string("name", event->name);
	json_string("class", event->class);
	json_string("device", event->device);
	json_properties(event);
	json_close('}');
	json_end();
}

/* Write an event, unless the view excludes it; return whether writing succeeded. */
static bool tell(const struct view *view, struct udev_device *device)
{
	struct event event = { .udev = device };

	if (read_event(&event) && is_wanted(view, &event)) {
		if (view->json)
			print_json(&event);
		else
			print_text(view, &event);
	}
	free(event.device);
	return !fflush(stdout);
}

/*
 * Waiting for events
 */

static struct udev_monitor *start(struct udev *udev)
{
	const char *source = access(UDEVD_SOCKET, F_OK) ? "kernel" : "udev";
	struct udev_monitor *monitor = udev_monitor_new_from_netlink(udev,
								     source);

	if (!monitor)
		return NULL;
	/* fails for other users than root, which keep the usual size */
	udev_monitor_set_receive_buffer_size(monitor, BUFFER_SIZE);
	if (udev_monitor_filter_add_match_subsystem_devtype(monitor, "devif",
							    NULL) < 0 ||
	    udev_monitor_filter_add_match_subsystem_devtype(monitor, "misc",
							    NULL) < 0 ||
	    udev_monitor_enable_receiving(monitor) < 0) {
		udev_monitor_unref(monitor);
		return NULL;
	}
	return monitor;
}

/* Write one event; return whether to go on. */
static bool receive(const struct view *view, struct udev_monitor *monitor)
{
	struct udev_device *device;
	bool written;

	errno = 0;
	device = udev_monitor_receive_device(monitor);
	if (!device) {
		if (errno == ENOBUFS)
			complain(EXIT_FAILED, "events came too fast, some are lost");
		return true;
	}
	written = tell(view, device);
	udev_device_unref(device);
	return written;
}

static int watch(const struct view *view)
{
	struct udev *udev = udev_new();
	struct udev_monitor *monitor = udev ? start(udev) : NULL;
	struct pollfd fd = { .events = POLLIN };

	if (!monitor) {
		if (udev)
			udev_unref(udev);
		return complain(EXIT_FAILED, "cannot receive uevents");
	}
	fd.fd = udev_monitor_get_fd(monitor);
	do
		poll(&fd, 1, -1);
	while (receive(view, monitor));
	udev_monitor_unref(monitor);
	udev_unref(udev);
	return EXIT_FAILED;
}

static bool wants_colours(void)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && (!no || !*no) &&
	       (!term || strcmp(term, "dumb"));
}

int command_monitor(const struct options *options, char **names)
{
	struct view view = {
		.json = is_given(options, OPT_JSON),
		.colours = wants_colours(),
	};
	struct subject class = {};
	int ret = EXIT_OK;

	(void)names;
	if (options->class)
		ret = subject_find_class(&class, options->class);
	view.class = class.name;
	if (!ret)
		ret = watch(&view);
	subject_free(&class);
	return ret;
}
