// SPDX-License-Identifier: GPL-2.0
/*
 * Query interfaces: querying for one, holding it, and calling its methods, beside a
 * plain indirect call.
 */
#include <linux/devif.h>
#include <linux/device.h>

#include "bench.h"

static const guid_t guid = GUID_INIT(0x64657669, 0x662d, 0x6265,
				     0x8e, 0x63, 0x68, 0x2d, 0x71, 0x75, 0x65, 0x72);

#define CALLS	100000
#define PAIRS	30000
#define QUERIES	300

/**
 * struct bench_interface - the query interface
 * @header: header
 * @call: do nothing
 */
struct bench_interface {
	struct devif_interface header;
	void (*call)(void *context);
};

/**
 * struct plain - methods of a subsystem without query interfaces
 * @context: for @call
 * @call: do nothing
 */
struct plain {
	void *context;
	void (*call)(void *context);
};

static struct device *host;
static struct devif_export *export;
static struct plain plain ____cacheline_aligned_in_smp;
static struct bench_interface pinned ____cacheline_aligned_in_smp;
static struct bench_interface revocable ____cacheline_aligned_in_smp;

/* Target of both kinds of calls; the compiler is not to know that it is empty. */
static noinline void method(void *context)
{
	barrier();
}

static void indirect_call(unsigned int count, void *arg)
{
	struct plain *object = arg;
	void (*call)(void *context);

	while (count--) {
		call = READ_ONCE(object->call);
		call(object->context);
	}
}

static void pinned_call(unsigned int count, void *arg)
{
	struct bench_interface *interface = arg;
	void (*call)(void *context);

	while (count--) {
		call = READ_ONCE(interface->call);
		call(interface->header.context);
	}
}

static void reference_dereference(unsigned int count, void *arg)
{
	struct bench_interface *interface = arg;

	while (count--) {
		devif_reference(&interface->header);
		devif_dereference(&interface->header);
	}
}

static void enter_exit(unsigned int count, void *arg)
{
	struct bench_interface *interface = arg;
	struct devif_call call;

	while (count--) {
		if (devif_enter(&interface->header, &call))
			return;
		devif_exit(&call);
	}
}

static int query(unsigned int flags, struct bench_interface *interface)
{
	const struct devif_query_desc desc = {
		.guid = &guid,
		.version = 1,
		.flags = flags,
	};

	return devif_query(host, &desc, interface);
}

static void query_release_as(unsigned int flags, unsigned int count)
{
	struct bench_interface interface;

	while (count--) {
		if (query(flags, &interface))
			return;
		devif_dereference(&interface.header);
	}
}

static void query_release(unsigned int count, void *arg)
{
	query_release_as(0, count);
}

static void query_release_revocable(unsigned int count, void *arg)
{
	query_release_as(DEVIF_REVOCABLE, count);
}

static const struct bench benches[] = {
	{ "indirect_call", CALLS, indirect_call, &plain, true },
	{ "pinned_call", CALLS, pinned_call, &pinned, true },
	{ "reference_dereference", PAIRS, reference_dereference, &pinned, true },
	{ "enter_exit", PAIRS, enter_exit, &revocable, true },
	{ "query_release", QUERIES, query_release, NULL, true },
	{ "query_release_revocable", QUERIES, query_release_revocable, NULL,
	  true },
};

static int export_table(void)
{
	static const struct bench_interface table = {
		.header = DEVIF_INTERFACE_INIT(struct bench_interface, 1),
		.call = method,
	};
	const struct devif_export_desc desc = {
		.guid = &guid,
		.table = devif_header(&table),
	};

	return devif_export(host, &desc, &export);
}

static int hold(void)
{
	int ret;

	ret = query(0, &pinned);
	if (ret)
		return ret;
	ret = query(DEVIF_REVOCABLE, &revocable);
	if (ret)
		devif_dereference(&pinned.header);
	return ret;
}

static void let_go(void)
{
	devif_dereference(&revocable.header);
	devif_dereference(&pinned.header);
}

/**
 * bench_query_init() - add the operations of this file
 *
 * Return: 0 or a negative errno
 */
int bench_query_init(void)
{
	int ret;

	host = root_device_register("devif-bench-query");
	if (IS_ERR(host))
		return PTR_ERR(host);
	ret = export_table();
	if (ret)
		goto out_host;
	ret = hold();
	if (ret)
		goto out_export;
	plain.context = pinned.header.context;
	plain.call = method;
	ret = bench_add(benches, ARRAY_SIZE(benches));
	if (!ret)
		return 0;

	let_go();
out_export:
	devif_unexport(export);
out_host:
	root_device_unregister(host);
	return ret;
}

/**
 * bench_query_exit() - undo bench_query_init()
 */
void bench_query_exit(void)
{
	let_go();
	devif_unexport(export);
	root_device_unregister(host);
}
