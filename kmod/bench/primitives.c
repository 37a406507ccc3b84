// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's means to keep an object, or to stay out once it is gone.
 *
 * Each is used as in a driver: by a pointer to an object that has other users too.
 */
#include <linux/device.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/percpu-refcount.h>
#include <linux/rwsem.h>
#include <linux/srcu.h>

#include "bench.h"

#define COUNT	30000

/**
 * struct flagged - an object that may be gone
 * @lock: held for reading by users
 * @gone: the object is gone
 */
struct flagged {
	struct rw_semaphore lock;
	bool gone;
};

static struct kref kref ____cacheline_aligned_in_smp;
static struct flagged flagged ____cacheline_aligned_in_smp;
static struct percpu_ref percpu_ref ____cacheline_aligned_in_smp;
static struct device *device;
DEFINE_STATIC_SRCU(srcu);

static void never_released(struct kref *ref)
{
}

static void never_drained(struct percpu_ref *ref)
{
}

static void kref_pair(unsigned int count, void *arg)
{
	struct kref *ref = arg;

	while (count--) {
		kref_get(ref);
		kref_put(ref, never_released);
	}
}

/*
 * Cost of calling a pair by pointers.
 */

static void get(void *context)
{
	kref_get(context);
}

static void put(void *context)
{
	kref_put(context, never_released);
}

static struct table {
	void *context;
	void (*get)(void *context);
	void (*put)(void *context);
} table ____cacheline_aligned_in_smp = { &kref, get, put };

static void kref_pair_by_pointers(unsigned int count, void *arg)
{
	const struct table *pair = arg;

	while (count--) {
		pair->get(pair->context);
		pair->put(pair->context);
	}
}

static void get_device_pair(unsigned int count, void *arg)
{
	struct device *dev = device;

	while (count--) {
		get_device(dev);
		put_device(dev);
	}
}

static void module_get_pair(unsigned int count, void *arg)
{
	struct module *module = arg;

	while (count--) {
		if (!try_module_get(module))
			return;
		module_put(module);
	}
}

static void rwsem_flag(unsigned int count, void *arg)
{
	struct flagged *object = arg;
	bool gone;

	while (count--) {
		down_read(&object->lock);
		gone = READ_ONCE(object->gone);
		up_read(&object->lock);
		if (gone)
			return;
	}
}

static void srcu_pair(unsigned int count, void *arg)
{
	struct srcu_struct *domain = arg;
	int index;

	while (count--) {
		index = srcu_read_lock(domain);
		srcu_read_unlock(domain, index);
	}
}

static void percpu_ref_pair(unsigned int count, void *arg)
{
	struct percpu_ref *ref = arg;

	while (count--) {
		if (!percpu_ref_tryget_live(ref))
			return;
		percpu_ref_put(ref);
	}
}

static const struct bench benches[] = {
	{ "kref_pair", COUNT, kref_pair, &kref, true },
	{ "kref_pair_by_pointers", COUNT, kref_pair_by_pointers, &table, true },
	{ "get_device_pair", COUNT, get_device_pair, NULL, true },
	{ "module_get_pair", COUNT, module_get_pair, THIS_MODULE, true },
	{ "rwsem_flag", COUNT, rwsem_flag, &flagged, true },
	{ "srcu", COUNT / 30, srcu_pair, &srcu, true },
	{ "percpu_ref", COUNT, percpu_ref_pair, &percpu_ref, true },
};

/**
 * bench_primitives_init() - add the operations of this file
 *
 * Return: 0 or a negative errno
 */
int bench_primitives_init(void)
{
	int ret;

	device = root_device_register("devif-bench-primitives");
	if (IS_ERR(device))
		return PTR_ERR(device);
	ret = percpu_ref_init(&percpu_ref, never_drained, 0, GFP_KERNEL);
	if (ret)
		goto out_device;
	kref_init(&kref);
	init_rwsem(&flagged.lock);
	ret = bench_add(benches, ARRAY_SIZE(benches));
	if (!ret)
		return 0;

	percpu_ref_exit(&percpu_ref);
out_device:
	root_device_unregister(device);
	return ret;
}

/**
 * bench_primitives_exit() - undo bench_primitives_init()
 */
void bench_primitives_exit(void)
{
	percpu_ref_exit(&percpu_ref);
	root_device_unregister(device);
}
