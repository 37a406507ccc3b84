/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contract of the parser of images, checked independently of the parser.
 */
#ifndef DEVIF_CONTRACT_H
#define DEVIF_CONTRACT_H

#include <stddef.h>
#include <stdint.h>

const char *contract_broken(const uint8_t *data, size_t size, int *result);

#endif /* DEVIF_CONTRACT_H */
