// SPDX-License-Identifier: GPL-2.0
#define LAYER	DEVIF_LAYER_FILTER

#include "layer.h"
