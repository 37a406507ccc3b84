/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions that libFuzzer calls, under its names, and one that it offers.
 */
#ifndef DEVIF_LIBFUZZER_H
#define DEVIF_LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

int fuzz_one(const uint8_t *data, size_t size)
	__asm__("LLVMFuzzerTestOneInput");
size_t fuzz_mutate(uint8_t *data, size_t size, size_t room, unsigned int seed)
	__asm__("LLVMFuzzerCustomMutator");
size_t mutate_bytes(uint8_t *data, size_t size, size_t room)
	__asm__("LLVMFuzzerMutate");

#endif /* DEVIF_LIBFUZZER_H */
