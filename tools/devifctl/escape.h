/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Untrusted strings, escaped for terminals and for programs.
 */
#ifndef DEVIFCTL_ESCAPE_H
#define DEVIFCTL_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

void put_escaped(FILE *file, const char *text);
void put_json_string(FILE *file, const char *text);
void put_dot_string(FILE *file, const char *text);
bool locale_is_utf8(void);
char *escaped(const char *text);
size_t shown_width(const char *text);

#endif /* DEVIFCTL_ESCAPE_H */
