/* SPDX-License-Identifier: GPL-2.0 */
/*
 * GUIDs: as text, in lower case without braces, and as little-endian bytes.
 */
#ifndef DEVIFCTL_GUID_H
#define DEVIFCTL_GUID_H

#include <stdbool.h>

#define GUID_BYTES	16
#define GUID_TEXT	37	/* with the NUL */

bool guid_parse(const char *text, unsigned char *bytes);
void guid_format(char *text, const unsigned char *bytes);
bool guid_normalize(char *text, const char *any);

#endif /* DEVIFCTL_GUID_H */
