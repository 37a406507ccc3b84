/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON to standard output.
 */
#ifndef DEVIFCTL_JSON_H
#define DEVIFCTL_JSON_H

#include <stdbool.h>
#include <stdint.h>

/* The key is NULL inside an array and on top. */
void json_open(const char *key, char bracket);
void json_close(char bracket);
void json_end(void);
void json_string(const char *key, const char *value);
void json_bool(const char *key, bool value);
void json_number(const char *key, uint64_t value);

#endif /* DEVIFCTL_JSON_H */
