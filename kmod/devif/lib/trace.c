// SPDX-License-Identifier: GPL-2.0
/*
 * The tracepoints; they are described in include/trace/events/devif.h.
 */
#define CREATE_TRACE_POINTS
#include <trace/events/devif.h>
