/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sample images, which together have every feature: seeds of fuzzing, and images for the
 * tests to damage.
 */
#ifndef DEVIF_SAMPLES_H
#define DEVIF_SAMPLES_H

#include "encode.h"

#define SAMPLES	8

void sample_image(struct encoder *encoder, int number);

#endif /* DEVIF_SAMPLES_H */
