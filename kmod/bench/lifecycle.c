// SPDX-License-Identifier: GPL-2.0
/*
 * Registering and unregistering an interface, beside device_create() and
 * device_unregister(); and the memory that either takes.
 */
#include <linux/devif.h>
#include <linux/device.h>
#include <linux/kdev_t.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "../compat.h"
#include "bench.h"

static const guid_t guid = GUID_INIT(0x64657669, 0x662d, 0x6265,
				     0x8e, 0x63, 0x68, 0x2d, 0x6c, 0x69, 0x66, 0x65);

#define MEMORY_COUNT	20000

static struct device *host;
static struct class *class;

static int register_one(unsigned int number, struct devif **devif)
{
	char reference[12];
	const struct devif_desc desc = {
		.class = &guid,
		.reference = reference,
	};

	snprintf(reference, sizeof(reference), "%u", number);
	return devif_register(host, &desc, devif);
}

static void register_unregister(unsigned int count, void *arg)
{
	struct devif *devif;

	while (count--)
		if (register_one(0, &devif) >= 0)
			devif_unregister(devif);
}

static void device_create_unregister(unsigned int count, void *arg)
{
	struct device *dev;

	while (count--) {
		dev = device_create(class, host, MKDEV(0, 0), NULL, "bench%u", 0);
		if (!IS_ERR(dev))
			device_unregister(dev);
	}
}

static u64 free_bytes(void)
{
	struct sysinfo info;

	si_meminfo(&info);
	return (u64)info.freeram * info.mem_unit;
}

static void create_devices(struct device **devs)
{
	unsigned int i;

	for (i = 0; i < MEMORY_COUNT; i++)
		devs[i] = device_create(class, host, MKDEV(0, 0), NULL,
					"bench%u", i);
}

static void register_interfaces(struct devif **devifs)
{
	unsigned int i;

	for (i = 0; i < MEMORY_COUNT; i++)
		if (register_one(i, &devifs[i]) < 0)
			devifs[i] = NULL;
}

/* Return the memory of one object; @before was free before MEMORY_COUNT were made. */
static u64 per_object(u64 before)
{
	return div_u64(before - free_bytes(), MEMORY_COUNT);
}

/* Keep devices and interfaces until the end: neither reuses memory of the other. */
static int measure_memory(void)
{
	struct device **devs = kvcalloc(MEMORY_COUNT, sizeof(*devs), GFP_KERNEL);
	struct devif **devifs = kvcalloc(MEMORY_COUNT, sizeof(*devifs),
					 GFP_KERNEL);
	unsigned int i;
	int ret = -ENOMEM;
	u64 before;

	if (!devs || !devifs)
		goto out_free;

	before = free_bytes();
	create_devices(devs);
	bench_report_memory("device", per_object(before));
	before = free_bytes();
	register_interfaces(devifs);
	bench_report_memory("interface", per_object(before));

	for (i = 0; i < MEMORY_COUNT; i++) {
		devif_unregister(devifs[i]);
		if (!IS_ERR(devs[i]))
			device_unregister(devs[i]);
	}
	ret = 0;
out_free:
	kvfree(devifs);
	kvfree(devs);
	return ret;
}

static int measure_times(void)
{
	static const struct bench benches[] = {
		{ "device_create_unregister", 100, device_create_unregister },
		{ "register_unregister", 100, register_unregister },
	};

	return bench_add(benches, ARRAY_SIZE(benches)) ?: bench_run_added();
}

int bench_lifecycle(void)
{
	int ret;

	host = root_device_register("devif-bench");
	if (IS_ERR(host))
		return PTR_ERR(host);
	class = compat_class_create("devif-bench");
	ret = PTR_ERR_OR_ZERO(class);
	if (ret)
		goto out_host;

	/* first, before RCU has memory to free */
	if (bench_wanted("memory"))
		ret = measure_memory();
	if (!ret)
		ret = measure_times();

	class_destroy(class);
out_host:
	root_device_unregister(host);
	return ret;
}
