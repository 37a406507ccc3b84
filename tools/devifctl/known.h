/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of well-known classes, from classes.tsv.
 */
#ifndef DEVIFCTL_KNOWN_H
#define DEVIFCTL_KNOWN_H

#include <stddef.h>

/**
 * struct known_class - a line of classes.tsv
 * @guid: GUID of the class
 * @name: its short name
 * @description: description of its devices
 */
struct known_class {
	const char *guid;
	const char *name;
	const char *description;
};

size_t known_classes(const struct known_class **classes);
const struct known_class *known_class(const char *guid);
const char *class_name(const char *guid);
const char *class_guid(const char *name);
void known_classes_free(void);

#endif /* DEVIFCTL_KNOWN_H */
