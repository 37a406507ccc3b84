/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device events: what an exporter tells those who use its interfaces.
 *
 * Part of <linux/devif.h>, which is the header to include. References such as L4
 * name the items of the Windows model.
 */
#ifndef _LINUX_DEVIF_EVENT_H
#define _LINUX_DEVIF_EVENT_H

#include <linux/sizes.h>
#include <linux/types.h>
#include <linux/uuid.h>

struct device;

/**
 * DEVIF_EVENT_MAX - how many bytes of data an event may have (L5)
 *
 * With its header it is less than 64 KiB.
 */
#define DEVIF_EVENT_MAX		(SZ_64K - 64)

/**
 * struct devif_event - an event, as receivers see it
 * @guid: what has happened; its meaning is between the two sides (L3)
 * @data: @size bytes, only borrowed; %NULL if there are none
 * @size: 0 to %DEVIF_EVENT_MAX
 * @lost: how many events before this one this receiver has lost, because it was slow
 */
struct devif_event {
	guid_t guid;
	const void *data;
	size_t size;
	unsigned long lost;
};

/**
 * devif_post_event() - tell all who use a device's interfaces of an event
 * @dev: the device, which the caller keeps from being freed
 * @event: GUID of the event; not the null GUID. Borrowed
 * @data: what it comes with, @size bytes; copied
 * @size: 0 to %DEVIF_EVENT_MAX (L5)
 *
 * The event goes to every remote interface and every target of any interface of
 * @dev (L2); to user space as a uevent of each of its interfaces, which shows the data
 * only if there are 64 bytes at most and the interface has %DEVIF_PUBLIC_EVENTS, since
 * everybody can read it; and to each event file of an application (L6). They get it a moment
 * later (L4), all events of one device in the same order. A receiver keeps 64 of
 * them; one that is slower than that loses the oldest, and is told how many. Uevents are
 * slow: ten a second of a device, and a hundred of all, after a few at once. It is no
 * matter whether the interfaces are enabled.
 *
 * Twin: IWDFDevice::PostEvent, IoReportTargetDeviceChangeAsynchronous. Implements L1
 * to L6.
 *
 * Context: Any that may take a spinlock. Interrupts may be off; with PREEMPT_RT, hard
 * interrupts that are not threaded may not call this.
 *
 * Return: 0, also if nobody listens; -EINVAL if an argument is missing or the GUID
 * is null, -EMSGSIZE if @size is too large, -ENODEV if @dev has no interfaces, or
 * -ENOMEM: nobody gets it
 */
int devif_post_event(struct device *dev, const guid_t *event, const void *data,
		     size_t size);

#endif /* _LINUX_DEVIF_EVENT_H */
