// SPDX-License-Identifier: GPL-2.0
/*
 * Loading this module measures and prints one line for each operation.
 *
 *	devif_bench: name=lookup_100 threads=1 count=200000 ns=31337000
 *
 * Several rounds are done after one to warm up. The operations compared take turns,
 * so that a disturbance hits all, and a round is short enough to mostly be done
 * without one. As disturbances only ever add, the lower quartile counts: even on a
 * machine that is half busy it is the median of a quiet one. Under QEMU's
 * "-icount shift=0" a nanosecond is an instruction.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/devif.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "bench.h"

#define MOST_ROUNDS	51
#define MOST	32

static unsigned long most = 1000000;
module_param(most, ulong, 0444);
MODULE_PARM_DESC(most, "most interfaces to register for lookups (default 1000000)");

static unsigned int rounds = MOST_ROUNDS;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "rounds to take the lower quartile of, 1 to 51 (default 51)");

static char *only = "";
module_param(only, charp, 0444);
MODULE_PARM_DESC(only, "beginnings of the names of what to measure, with commas between (default all)");

/**
 * struct run - an operation with a number of threads, to be measured
 * @bench: the operation
 * @threads: number of threads that do the operation at the same time
 * @ns: the time that each round took
 */
struct run {
	const struct bench *bench;
	unsigned int threads;
	u64 ns[MOST_ROUNDS];
};

static struct run runs[MOST];
static unsigned int added;

/**
 * bench_wanted() - tell whether an operation is to be measured
 * @name: name of the operation in the report
 *
 * Return: whether the parameter "only" is empty or has a beginning of @name
 */
bool bench_wanted(const char *name)
{
	const char *prefix = only;
	size_t length;

	for (;;) {
		length = strcspn(prefix, ",");
		if (!strncmp(name, prefix, length))
			return true;
		if (!prefix[length])
			return false;
		prefix += length + 1;
	}
}

static int compare(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void report(struct run *run)
{
	sort(run->ns, rounds, sizeof(*run->ns), compare, NULL);
	pr_info("name=%s threads=%u count=%u ns=%llu\n",
		run->bench->name, run->threads, run->bench->count,
		run->ns[rounds / 4]);
}

static s64 time_run(const struct run *run)
{
	const struct bench *bench = run->bench;
	int ret = 0;
	s64 ns;

	if (bench->prepare)
		ret = bench->prepare(bench->arg);
	if (ret)
		return ret;
	ns = bench_time(bench, run->threads);
	if (bench->finish)
		bench->finish(bench->arg);
	return ns;
}

static int run_round(unsigned int round)
{
	unsigned int i;
	s64 ns;

	for (i = 0; i < added; i++) {
		ns = time_run(&runs[i]);
		if (ns < 0)
			return ns;
		runs[i].ns[round] = ns;
		cond_resched();
	}
	return 0;
}

static int add_run(const struct bench *bench, unsigned int threads)
{
	if (added == MOST)
		return -ENOSPC;
	runs[added].bench = bench;
	runs[added].threads = threads;
	added++;
	return 0;
}

static int add_bench(const struct bench *bench)
{
	int ret;

	if (!bench_wanted(bench->name))
		return 0;
	ret = add_run(bench, 1);
	if (!ret && bench->contended && num_online_cpus() >= BENCH_THREADS)
		ret = add_run(bench, BENCH_THREADS);
	return ret;
}

/**
 * bench_add() - add operations to be measured together
 * @benches: the operations; borrowed until bench_run_added()
 * @count: number of @benches
 *
 * Return: 0 or -ENOSPC
 */
int bench_add(const struct bench *benches, unsigned int count)
{
	int ret = 0;

	while (count-- && !ret)
		ret = add_bench(benches++);
	return ret;
}

/**
 * bench_run_added() - measure the operations added, side by side, and print the results
 *
 * Return: 0 or a negative errno
 */
int bench_run_added(void)
{
	unsigned int i;
	int ret;

	ret = run_round(0);
	for (i = 0; i < rounds && !ret; i++)
		ret = run_round(i);
	for (i = 0; i < added && !ret; i++)
		report(&runs[i]);
	added = 0;
	return ret;
}

/**
 * bench_run() - measure one operation by itself and print the result
 * @bench: the operation
 *
 * Return: 0 or a negative errno
 */
int bench_run(const struct bench *bench)
{
	return bench_add(bench, 1) ?: bench_run_added();
}

/**
 * bench_report_memory() - print how much memory an object takes
 * @name: kind of object
 * @bytes: memory
 */
void bench_report_memory(const char *name, u64 bytes)
{
	pr_info("memory=%s bytes=%llu\n", name, bytes);
}

/**
 * struct part - some of the operations measured side by side
 * @init: add the operations
 * @exit: undo @init
 */
struct part {
	int (*init)(void);
	void (*exit)(void);
};

static int run_parts(const struct part *parts, unsigned int count)
{
	int ret;

	if (!count)
		return bench_run_added();
	ret = parts->init();
	if (ret)
		return ret;
	ret = run_parts(parts + 1, count - 1);
	parts->exit();
	return ret;
}

/* Measure the costs of keeping and calling an object that may go away. */
static int bench_holding(void)
{
	static const struct part parts[] = {
		{ bench_primitives_init, bench_primitives_exit },
		{ bench_hash_init, bench_hash_exit },
		{ bench_query_init, bench_query_exit },
	};

	return run_parts(parts, ARRAY_SIZE(parts));
}

/* Measure the costs of notifications, and of opening and using an interface. */
static int bench_opening(void)
{
	static const struct part parts[] = {
		{ bench_callbacks_init, bench_callbacks_exit },
		{ bench_notify_init, bench_notify_exit },
		{ bench_replay_init, bench_replay_exit },
		{ bench_target_init, bench_target_exit },
	};

	return run_parts(parts, ARRAY_SIZE(parts));
}

static int __init bench_init(void)
{
	int ret;

	if (!rounds || rounds > MOST_ROUNDS)
		return -EINVAL;
	ret = bench_lifecycle();
	if (!ret)
		ret = bench_holding();
	if (!ret)
		ret = bench_opening();
	if (!ret)
		ret = bench_lookup(most);
	if (!ret)
		pr_info("complete\n");
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
