// SPDX-License-Identifier: GPL-2.0
#define LAYER	DEVIF_LAYER_FUNCTION

#include "layer.h"
