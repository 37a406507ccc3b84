/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Holders of query interfaces, interfaces and the registry, from debugfs.
 */
#ifndef DEVIFCTL_HOLDERS_H
#define DEVIFCTL_HOLDERS_H

#include <stddef.h>

/**
 * struct holder - a line of debugfs' lists; a missing column is an empty string
 * @line: memory of the strings
 * @guid: GUID of the query interface
 * @version: its version
 * @kind: "pinned" or "revocable" for a query interface of a device; "target" or
 *	"remote" for an interface that an importer holds, "file" or "events" for one that a
 *	process holds, even if it has gone; "subscription" for a class; "control" for the
 *	registry
 * @export: "open" or "ended"
 * @interface: name of the interface, or GUID of the class; "-" for a query interface,
 *	and for the registry
 * @device: the device's part of symbolic link names, for a query interface
 * @holder: name of the holder
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
 * struct holders - list of holders
 * @list: array of holders
 * @count: number of holders
 */
struct holders {
	struct holder *list;
	size_t count;
};

int holders_read(struct holders *holders);
void holders_free(struct holders *holders);
const char *holders_advice(int error);

#endif /* DEVIFCTL_HOLDERS_H */
