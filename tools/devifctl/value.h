/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Values of properties, as text, TYPE:VALUE, and in devif's form.
 */
#ifndef DEVIFCTL_VALUE_H
#define DEVIFCTL_VALUE_H

#include "../../kmod/devif/lib/image.h"

/**
 * struct value - a property parsed from text
 * @property: the property; points to @data
 * @data: its value
 */
struct value {
	struct devif_value property;
	unsigned char data[DEVIF_PROPERTY_VALUE_SIZE + 1];
};

int value_parse(struct value *value, const char *key, const char *text);
int key_check(const char *key);
char *value_text(const struct devif_value *value);
const char *value_type(const struct devif_value *value);
void value_json(const struct devif_value *value);

#endif /* DEVIFCTL_VALUE_H */
