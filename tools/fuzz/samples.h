/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images with something of everything: what fuzzing begins with, and what the tests
 * spoil.
 */
#ifndef DEVIF_SAMPLES_H
#define DEVIF_SAMPLES_H

#include "encode.h"

#define SAMPLES	8

void sample_image(struct encoder *encoder, int number);

#endif /* DEVIF_SAMPLES_H */
