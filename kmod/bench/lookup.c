// SPDX-License-Identifier: GPL-2.0
/*
 * Finding one interface among many, beside class_find_device().
 *
 * The lookups are for 128 interfaces drawn at random, over and over: few enough to
 * stay in the cache, whatever the number of interfaces. So the bench measures the
 * effect of that number, and not the processor's memory.
 */
#include <linux/devif.h>
#include <linux/device.h>
#include <linux/kdev_t.h>
#include <linux/slab.h>

#include "../compat.h"
#include "bench.h"

static const guid_t guid = GUID_INIT(0x64657669, 0x662d, 0x6265,
				     0x8e, 0x63, 0x68, 0x2d, 0x6c, 0x6f, 0x6f, 0x6b);

#define SAMPLES	128

static struct device *host;
static struct class *class;
static char samples[SAMPLES][24];
static struct devif **devifs;
static unsigned long registered;

static void draw_samples(unsigned long population)
{
	unsigned long draw = 12345;
	unsigned int i;

	for (i = 0; i < SAMPLES; i++) {
		draw = (draw * 1103515245 + 12345) & 0x7fffffff;
		snprintf(samples[i], sizeof(samples[i]), "%lu",
			 draw % population);
	}
}

static void find(unsigned int count, void *arg)
{
	while (count--)
		devif_put(devif_find(&guid, host, samples[count % SAMPLES]));
}

static void find_in_class(unsigned int count, void *arg)
{
	struct device *dev;

	while (count--) {
		dev = class_find_device_by_name(class,
						samples[count % SAMPLES]);
		put_device(dev);
	}
}

static int register_up_to(unsigned long population)
{
	char reference[24];
	const struct devif_desc desc = {
		.class = &guid,
		.reference = reference,
	};
	int ret;

	for (; registered < population; registered++) {
		snprintf(reference, sizeof(reference), "%lu", registered);
		ret = devif_register(host, &desc, &devifs[registered]);
		if (ret < 0)
			return ret;
		cond_resched();
	}
	return 0;
}

static int measure_among(unsigned long population, const struct bench *bench)
{
	int ret;

	if (!bench_wanted(bench->name))
		return 0;
	ret = register_up_to(population);
	if (ret)
		return ret;
	draw_samples(population);
	return bench_run(bench);
}

static int measure_interfaces(unsigned long most)
{
	static const struct bench benches[] = {
		{ "lookup_100", 10000, find },
		{ "lookup_10000", 10000, find },
		{ "lookup_1000000", 10000, find },
	};
	unsigned long population = 100;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(benches) && population <= most; i++) {
		ret = measure_among(population, &benches[i]);
		if (ret)
			break;
		population *= 100;
	}
	while (registered)
		devif_unregister(devifs[--registered]);
	return ret;
}

static int measure_class(void)
{
	static const struct bench bench = {
		"class_find_device_100", 300, find_in_class
	};
	struct device *devs[100];
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(devs); i++)
		devs[i] = device_create(class, host, MKDEV(0, 0), NULL, "%u", i);
	draw_samples(ARRAY_SIZE(devs));
	ret = bench_run(&bench);
	for (i = 0; i < ARRAY_SIZE(devs); i++)
		if (!IS_ERR(devs[i]))
			device_unregister(devs[i]);
	return ret;
}

int bench_lookup(unsigned long most)
{
	int ret;

	devifs = kvcalloc(most, sizeof(*devifs), GFP_KERNEL);
	if (!devifs)
		return -ENOMEM;
	host = root_device_register("devif-bench");
	ret = PTR_ERR_OR_ZERO(host);
	if (ret)
		goto out_free;
	class = compat_class_create("devif-bench");
	ret = PTR_ERR_OR_ZERO(class);
	if (ret)
		goto out_host;

	ret = measure_class();
	if (!ret)
		ret = measure_interfaces(most);

	class_destroy(class);
out_host:
	root_device_unregister(host);
out_free:
	kvfree(devifs);
	return ret;
}
