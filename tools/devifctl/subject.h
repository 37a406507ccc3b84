/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names on the command line.
 */
#ifndef DEVIFCTL_SUBJECT_H
#define DEVIFCTL_SUBJECT_H

#include "interface.h"

/**
 * struct subject - an interface or a class
 * @name: name for requests: symbolic link name, or GUID of a class
 * @interface: the interface; for a class, only the GUID is set
 * @is_class: whether it is a class
 */
struct subject {
	const char *name;
	struct interface interface;
	bool is_class;
};

int subject_find(struct subject *subject, const char *name);
int subject_find_interface(struct subject *subject, const char *name);
int subject_find_class(struct subject *subject, const char *name);
int interfaces_keep_named_class(struct interfaces *interfaces,
				const char *name);
void subject_free(struct subject *subject);

#endif /* DEVIFCTL_SUBJECT_H */
