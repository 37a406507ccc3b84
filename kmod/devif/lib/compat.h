/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences of older kernels that only the registry meets.
 */
#ifndef DEVIF_COMPAT_H
#define DEVIF_COMPAT_H

#include "../../compat.h"

/* 6.3: uevent() and devnode() of a device_type take a const device */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define compat_uevent_device	const struct device
#else
#define compat_uevent_device	struct device
#endif

/* 6.13: the namespace of an export is a string */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define EXPORT_SYMBOL_DEVIF(symbol)	EXPORT_SYMBOL_NS_GPL(symbol, "DEVIF")
#else
#define EXPORT_SYMBOL_DEVIF(symbol)	EXPORT_SYMBOL_NS_GPL(symbol, DEVIF)
#endif

/* 6.9, 6.1.85: wait until deleted device links have given their devices back */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0) || \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 85) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0))
#define compat_device_link_wait_removal()	device_link_wait_removal()
#else
#define compat_device_link_wait_removal()	do { } while (0)
#endif

#endif /* DEVIF_COMPAT_H */
