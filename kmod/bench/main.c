// SPDX-License-Identifier: GPL-2.0
/*
 * Loading this module measures and prints one line for each operation.
 *
 *	devif_bench: name=lookup_100 threads=1 count=200000 ns=31337000
 *
 * A round is done seven times after one to warm up, and the median counts. Under
 * QEMU's "-icount shift=0" a nanosecond is an instruction.
 */
#include <linux/devif.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sort.h>

#include "bench.h"

#define ROUNDS	7

static unsigned long most = 1000000;
module_param(most, ulong, 0444);
MODULE_PARM_DESC(most, "most interfaces to register for lookups (default 1000000)");

static int compare(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static u64 time_round(const struct bench *bench)
{
	u64 start = ktime_get_ns();

	bench->operation(bench->count, bench->arg);
	return ktime_get_ns() - start;
}

/**
 * bench_run() - measure an operation and print the result
 * @bench: the operation
 */
void bench_run(const struct bench *bench)
{
	u64 ns[ROUNDS];
	int i;

	time_round(bench);
	for (i = 0; i < ROUNDS; i++) {
		ns[i] = time_round(bench);
		cond_resched();
	}
	sort(ns, ROUNDS, sizeof(*ns), compare, NULL);
	pr_info("devif_bench: name=%s threads=1 count=%u ns=%llu\n",
		bench->name, bench->count, ns[ROUNDS / 2]);
}

/**
 * bench_report_memory() - print how much memory something takes
 * @name: what it is
 * @bytes: memory
 */
void bench_report_memory(const char *name, u64 bytes)
{
	pr_info("devif_bench: memory=%s bytes=%llu\n", name, bytes);
}

static int __init bench_init(void)
{
	int ret;

	ret = bench_lifecycle();
	if (!ret)
		ret = bench_lookup(most);
	if (!ret)
		pr_info("devif_bench: complete\n");
	return ret;
}

static void __exit bench_exit(void)
{
}

module_init(bench_init);
module_exit(bench_exit);

MODULE_DESCRIPTION("Device interfaces: measurements");
MODULE_AUTHOR("The devif authors");
MODULE_LICENSE("GPL");
MODULE_IMPORT_DEVIF();
