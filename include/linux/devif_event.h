/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device events: messages of an exporter to the users of its interfaces.
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
 * DEVIF_EVENT_MAX - largest size of an event's data in bytes (L5)
 *
 * An event with its header is smaller than 64 KiB.
 */
#define DEVIF_EVENT_MAX		(SZ_64K - 64)

/**
 * struct devif_event - an event, as receivers see it
 * @guid: kind of the event; exporter and receiver agree on its meaning (L3)
 * @data: @size bytes, only borrowed; %NULL if @size is 0
 * @size: 0 to %DEVIF_EVENT_MAX
 * @lost: number of events that this receiver has lost before this one, being slow
 */
struct devif_event {
	guid_t guid;
	const void *data;
	size_t size;
	unsigned long lost;
};

/**
 * devif_post_event() - send an event to all users of a device's interfaces
 * @dev: the device, which the caller keeps from being freed
 * @event: GUID of the event; not the null GUID. Borrowed
 * @data: data of the event, @size bytes; copied
 * @size: 0 to %DEVIF_EVENT_MAX (L5)
 *
 * The event goes to every remote interface and every target of any interface of
 * @dev (L2); to each event file of an application (L6); and to user space as a uevent of
 * each interface. A uevent can be read by all users, so it shows the data only if the
 * interface has %DEVIF_PUBLIC_EVENTS, and @size is 64 at most. Delivery is
 * asynchronous (L4), all events of one device in the same order. A receiver keeps 64
 * events; a slower one loses the oldest, and is told how many. Uevents are limited to
 * ten a second of a device and a hundred of all, after a burst. Interfaces need not be
 * enabled.
 *
 * Twin: IWDFDevice::PostEvent, IoReportTargetDeviceChangeAsynchronous. Implements L1
 * to L6.
 *
 * Context: Any that may take a spinlock. Interrupts may be off; with PREEMPT_RT, hard
 * interrupts that are not threaded may not call this.
 *
 * Return: 0, also without listeners; -EINVAL if an argument is missing or the GUID
 * is null, -EMSGSIZE if @size is too large, -ENODEV if @dev has no interfaces, or
 * -ENOMEM: no receiver gets the event
 */
int devif_post_event(struct device *dev, const guid_t *event, const void *data,
		     size_t size);

#endif /* _LINUX_DEVIF_EVENT_H */
