/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who holds what, from debugfs.
 */
#ifndef DEVIFCTL_HOLDERS_H
#define DEVIFCTL_HOLDERS_H

#include <stddef.h>

/**
 * struct holder - a line of debugfs' lists; what is not in it is an empty string
 * @line: where the strings are
 * @guid: GUID of the query interface
 * @version: its version
 * @kind: "pinned" or "revocable" for a query interface of a device; "target",
 *	"remote", or of applications "file" or "events", for an interface, "events" also
 *	for one that has gone; "subscription" for a class; "control" for the registry
 * @export: "open" or "ended"
 * @interface: name of the interface, or GUID of the class; "-" for a query interface,
 *	and for the registry
 * @device: the device's part of symbolic link names, for a query interface
 * @holder: who holds it
 */
struct holder {
	char *line;
	const char *guid;
	const char *version;
	const char *kind;
	const char *export;
	const char *interface;
	const char *device;
	const char *holder;
};

/**
 * struct holders - all of them
 * @list: one after another
 * @count: how many
 */
struct holders {
	struct holder *list;
	size_t count;
};

int holders_read(struct holders *holders);
void holders_free(struct holders *holders);
const char *holders_advice(int error);

#endif /* DEVIFCTL_HOLDERS_H */
