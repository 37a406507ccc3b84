// SPDX-License-Identifier: GPL-2.0
/*
 * Notifications: the cost of enabling or disabling an interface with subscribers to
 * its class, or to others.
 *
 * An operation is one edge: an arrival or a removal, half each.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/devif.h>
#include <linux/device.h>
#include <linux/ktime.h>
#include <linux/string.h>

#include "bench.h"

/* Most subscribers, and number of classes besides the one with edges. */
#define MANY	1000

/**
 * struct audience - the subscribers
 * @size: number of subscribers
 * @elsewhere: each subscribes to a class of its own, none to the class with edges
 */
struct audience {
	unsigned int size;
	bool elsewhere;
};

static struct device *host;

/* The first interface has the edges; each of the others has a class of its own. */
static struct devif *devifs[1 + MANY];
static struct devif_subscription *subscriptions[MANY];

static atomic_t not_called;
static DECLARE_COMPLETION(all_called);
static u64 last_called;
static u64 latency;

static guid_t class_of(unsigned int number)
{
	guid_t guid = GUID_INIT(0x64657669, 0x662d, 0x6265,
				0x8e, 0x63, 0x68, 0x2d, 0, 0, 0, 0);

	memcpy(&guid.b[12], &number, sizeof(number));
	return guid;
}

static void call(struct devif *devif, void *data)
{
	if (!atomic_dec_and_test(&not_called))
		return;
	last_called = ktime_get_ns();
	complete(&all_called);
}

static void expect_calls(unsigned int count)
{
	atomic_set(&not_called, count);
	reinit_completion(&all_called);
}

/*
 * Operations; an even number, so the interface is disabled in the end
 */

static int edge(bool up)
{
	return up ? devif_enable(devifs[0]) : devif_disable(devifs[0]);
}

static void edges(unsigned int count, void *arg)
{
	while (count--)
		if (edge(count % 2))
			return;
}

/* Do an edge, and wait until all subscribers have been called back. */
static int told_edge(bool up, const struct audience *audience)
{
	int ret;

	expect_calls(audience->size);
	ret = edge(up);
	if (!ret)
		wait_for_completion(&all_called);
	return ret;
}

static void told_edges(unsigned int count, void *arg)
{
	while (count--)
		if (told_edge(count % 2, arg))
			return;
}

/* Count only the time from the beginning of an edge to the last callback's. */
static void latencies(unsigned int count, void *arg)
{
	u64 start;

	latency = 0;
	while (count--) {
		start = ktime_get_ns();
		if (told_edge(count % 2, arg))
			return;
		latency += last_called - start;
	}
}

/*
 * Around each round
 */

static int subscribe(const struct audience *audience)
{
	guid_t class;
	const struct devif_subscribe_desc desc = {
		.class = &class,
		.arrival = call,
		.removal = call,
		.flags = DEVIF_EXISTING,
	};
	unsigned int i;
	int ret;

	for (i = 0; i < audience->size; i++) {
		class = class_of(audience->elsewhere ? 1 + i : 0);
		ret = devif_subscribe(&desc, &subscriptions[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static void disperse(void *arg)
{
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		devif_unsubscribe(subscriptions[i]);
		subscriptions[i] = NULL;
	}
}

/* Subscribe, and wait for the callbacks that subscribing causes. */
static int assemble(void *arg)
{
	struct audience *audience = arg;
	int ret;

	expect_calls(audience->size);
	ret = subscribe(audience);
	if (ret) {
		disperse(audience);
		return ret;
	}
	if (audience->elsewhere)
		wait_for_completion(&all_called);
	else
		told_edges(2, audience);
	return 0;
}

/*
 * The module
 */

static int register_all(void)
{
	guid_t class;
	struct devif_desc desc = { .class = &class };
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(devifs); i++) {
		class = class_of(i);
		ret = devif_register(host, &desc, &devifs[i]);
		if (ret < 0)
			return ret;
		/* the first interface begins disabled, the others stay enabled */
		desc.flags = DEVIF_AUTO;
	}
	return 0;
}

static void unregister_all(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(devifs); i++) {
		devif_unregister(devifs[i]);
		devifs[i] = NULL;
	}
}

static int add_benches(void)
{
	static struct audience one = { 1 }, ten = { 10 }, many = { MANY };
	static struct audience others = { MANY, .elsewhere = true };
	static const struct bench benches[] = {
		{ "edge_0_other_subscribers", 400, edges },
		{ "edge_1000_other_subscribers", 400, edges, &others,
		  .prepare = assemble, .finish = disperse },
		{ "notify_1", 100, told_edges, &one,
		  .prepare = assemble, .finish = disperse },
		{ "notify_10", 40, told_edges, &ten,
		  .prepare = assemble, .finish = disperse },
		{ "notify_1000", 4, told_edges, &many,
		  .prepare = assemble, .finish = disperse },
		{ "notify_latency", 100, latencies, &one,
		  .prepare = assemble, .finish = disperse,
		  .elapsed = &latency },
	};

	return bench_add(benches, ARRAY_SIZE(benches));
}

/**
 * bench_notify_init() - add the operations of this file
 *
 * Return: 0 or a negative errno
 */
int bench_notify_init(void)
{
	int ret;

	host = root_device_register("devif-bench-notify");
	if (IS_ERR(host))
		return PTR_ERR(host);
	ret = register_all();
	if (!ret)
		ret = add_benches();
	if (ret)
		bench_notify_exit();
	return ret;
}

/**
 * bench_notify_exit() - undo bench_notify_init()
 */
void bench_notify_exit(void)
{
	unregister_all();
	root_device_unregister(host);
}
