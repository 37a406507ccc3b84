/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of the registry.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM devif

#if !defined(_TRACE_DEVIF_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_DEVIF_H

#include <linux/device.h>
#include <linux/devif.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#ifndef DEVIF_TRACE_NAME_SIZE
#define DEVIF_TRACE_NAME_SIZE	64
#endif

TRACE_EVENT(devif_register,

	TP_PROTO(const struct device *dev, const guid_t *class,
		 const char *reference, int ret),

	TP_ARGS(dev, class, reference, ret),

	TP_STRUCT__entry(
		__array(char, device, DEVIF_TRACE_NAME_SIZE)
		__array(char, reference, DEVIF_TRACE_NAME_SIZE)
		__field_struct(guid_t, class)
		__field(int, ret)
	),

	TP_fast_assign(
		strscpy(__entry->device, dev_name(dev), DEVIF_TRACE_NAME_SIZE);
		strscpy(__entry->reference, reference, DEVIF_TRACE_NAME_SIZE);
		__entry->class = *class;
		__entry->ret = ret;
	),

	TP_printk("device=%s class=%pUl reference=\"%s\" ret=%d",
		  __entry->device, &__entry->class, __entry->reference,
		  __entry->ret)
);

DECLARE_EVENT_CLASS(devif_edge,

	TP_PROTO(const char *name, const guid_t *class),

	TP_ARGS(name, class),

	TP_STRUCT__entry(
		__array(char, name, DEVIF_TRACE_NAME_SIZE)
		__field_struct(guid_t, class)
	),

	TP_fast_assign(
		strscpy(__entry->name, name, DEVIF_TRACE_NAME_SIZE);
		__entry->class = *class;
	),

	TP_printk("interface=%s class=%pUl", __entry->name, &__entry->class)
);

DEFINE_EVENT(devif_edge, devif_enable,
	TP_PROTO(const char *name, const guid_t *class),
	TP_ARGS(name, class));

DEFINE_EVENT(devif_edge, devif_disable,
	TP_PROTO(const char *name, const guid_t *class),
	TP_ARGS(name, class));

TRACE_EVENT(devif_query,

	TP_PROTO(const struct device *dev, const struct devif_query_desc *desc,
		 const struct devif_interface *interface, int ret),

	TP_ARGS(dev, desc, interface, ret),

	TP_STRUCT__entry(
		__array(char, device, DEVIF_TRACE_NAME_SIZE)
		__field_struct(guid_t, guid)
		__field(u32, asked)
		__field(u32, version)
		__field(const void *, context)
		__field(bool, revocable)
		__field(int, ret)
	),

	TP_fast_assign(
		strscpy(__entry->device, dev_name(dev), DEVIF_TRACE_NAME_SIZE);
		__entry->guid = *desc->guid;
		__entry->asked = desc->version;
		__entry->version = interface ? interface->version : 0;
		__entry->context = interface ? interface->context : NULL;
		__entry->revocable = desc->flags & DEVIF_REVOCABLE;
		__entry->ret = ret;
	),

	TP_printk("device=%s guid=%pUl asked=%u version=%u %s context=%p ret=%d",
		  __entry->device, &__entry->guid, __entry->asked,
		  __entry->version,
		  __entry->revocable ? "revocable" : "pinned",
		  __entry->context, __entry->ret)
);

DECLARE_EVENT_CLASS(devif_count,

	TP_PROTO(const void *context, const char *holder),

	TP_ARGS(context, holder),

	TP_STRUCT__entry(
		__field(const void *, context)
		__array(char, holder, DEVIF_TRACE_NAME_SIZE)
	),

	TP_fast_assign(
		__entry->context = context;
		strscpy(__entry->holder, holder, DEVIF_TRACE_NAME_SIZE);
	),

	TP_printk("context=%p holder=%s", __entry->context, __entry->holder)
);

DEFINE_EVENT(devif_count, devif_reference,
	TP_PROTO(const void *context, const char *holder),
	TP_ARGS(context, holder));

DEFINE_EVENT(devif_count, devif_dereference,
	TP_PROTO(const void *context, const char *holder),
	TP_ARGS(context, holder));

TRACE_EVENT(devif_revoke,

	TP_PROTO(const struct device *dev, const guid_t *guid, u32 version),

	TP_ARGS(dev, guid, version),

	TP_STRUCT__entry(
		__array(char, device, DEVIF_TRACE_NAME_SIZE)
		__field_struct(guid_t, guid)
		__field(u32, version)
	),

	TP_fast_assign(
		strscpy(__entry->device, dev_name(dev), DEVIF_TRACE_NAME_SIZE);
		__entry->guid = *guid;
		__entry->version = version;
	),

	TP_printk("device=%s guid=%pUl version=%u", __entry->device,
		  &__entry->guid, __entry->version)
);

TRACE_EVENT(devif_event,

	TP_PROTO(const struct device *dev, const guid_t *guid, size_t size,
		 int ret),

	TP_ARGS(dev, guid, size, ret),

	TP_STRUCT__entry(
		__array(char, device, DEVIF_TRACE_NAME_SIZE)
		__field_struct(guid_t, guid)
		__field(size_t, size)
		__field(int, ret)
	),

	TP_fast_assign(
		strscpy(__entry->device, dev_name(dev), DEVIF_TRACE_NAME_SIZE);
		__entry->guid = *guid;
		__entry->size = size;
		__entry->ret = ret;
	),

	TP_printk("device=%s guid=%pUl size=%zu ret=%d", __entry->device,
		  &__entry->guid, __entry->size, __entry->ret)
);

#endif /* _TRACE_DEVIF_H */

#include <trace/define_trace.h>
