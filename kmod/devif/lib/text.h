/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checks of names, reference strings and properties. Also built in user space, for the
 * tools and the fuzzer.
 */
#ifndef DEVIF_TEXT_H
#define DEVIF_TEXT_H

#include "portable.h"

bool devif_text_is_plain(unsigned char c);
bool devif_text_is_printable(const char *text, size_t *where);
bool devif_text_is_reference(const char *text, size_t *where);
bool devif_text_is_device_id(const char *text);
bool devif_text_is_key(const char *text);

#endif /* DEVIF_TEXT_H */
