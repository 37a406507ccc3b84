/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Graphs of exporters, interfaces and holders.
 */
#ifndef DEVIFCTL_GRAPH_H
#define DEVIFCTL_GRAPH_H

#include "holders.h"
#include "interface.h"

void graph_print(const struct interfaces *interfaces,
		 const struct holders *holders);

#endif /* DEVIFCTL_GRAPH_H */
