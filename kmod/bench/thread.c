// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that do one operation at the same time, each on a CPU of its own.
 *
 * From before the first begins to count until the last has ended, all threads do
 * the operation, as in kernel/rcu/refscale.c: none is timed alone. Where a third
 * party, such as a hypervisor, may stop a CPU this does not suffice, so a round is
 * done again if the threads have not counted side by side.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "bench.h"

/* A 64th of a round is done at a time while waiting for the others. */
#define PORTION	64

/* Number of tries before a round is taken as it is. */
#define TRIES	50

struct team;

/**
 * struct member - one of the threads
 * @team: all threads
 * @task: the thread
 * @start: time at which the thread began to count, in nanoseconds
 * @end: time at which the thread ended
 */
struct member {
	struct team *team;
	struct task_struct *task;
	u64 start;
	u64 end;
};

/**
 * struct team - threads that do one operation
 * @bench: the operation
 * @size: number of threads
 * @ready: number of threads about to begin
 * @done: number of threads that have ended
 * @exited: completed by each thread
 * @members: the threads
 */
struct team {
	const struct bench *bench;
	unsigned int size;
	atomic_t ready;
	atomic_t done;
	struct completion exited;
	struct member members[BENCH_THREADS];
};

/* Arrive, and do the operation until all threads have arrived. */
static void await(const struct team *team, atomic_t *arrived)
{
	const struct bench *bench = team->bench;

	atomic_inc(arrived);
	while (atomic_read(arrived) < team->size)
		bench->operation(bench->count / PORTION + 1, bench->arg);
}

static int bench_thread(void *data)
{
	struct member *member = data;
	struct team *team = member->team;
	const struct bench *bench = team->bench;

	await(team, &team->ready);
	member->start = ktime_get_ns();
	bench->operation(bench->count, bench->arg);
	member->end = bench->elapsed ? member->start + *bench->elapsed :
				       ktime_get_ns();
	await(team, &team->done);
	kthread_complete_and_exit(&team->exited, 0);
}

static void stop_threads(struct team *team, unsigned int count)
{
	while (count--)
		kthread_stop(team->members[count].task);
}

static int create_thread(struct member *member, unsigned int cpu)
{
	member->task = kthread_create_on_cpu(bench_thread, member, cpu,
					     "devif-bench/%u");
	return PTR_ERR_OR_ZERO(member->task);
}

/* Create all threads of a team, of which none runs yet. */
static int create_threads(struct team *team)
{
	unsigned int cpu, count = 0;
	int ret = 0;

	for_each_online_cpu(cpu) {
		if (count == team->size)
			return 0;
		ret = create_thread(&team->members[count], cpu);
		if (ret)
			break;
		count++;
	}
	if (count == team->size)
		return 0;
	stop_threads(team, count);
	return ret ?: -ENODEV;
}

static int run_team(struct team *team)
{
	unsigned int i;
	int ret;

	ret = create_threads(team);
	if (ret)
		return ret;
	for (i = 0; i < team->size; i++)
		wake_up_process(team->members[i].task);
	for (i = 0; i < team->size; i++)
		wait_for_completion(&team->exited);
	return 0;
}

/* Return whether all counted at the same time for most of the longest one's time. */
static bool was_together(const struct team *team)
{
	u64 start = 0, end = U64_MAX, longest = 0;
	const struct member *member;
	unsigned int i;

	for (i = 0; i < team->size; i++) {
		member = &team->members[i];
		start = max(start, member->start);
		end = min(end, member->end);
		longest = max(longest, member->end - member->start);
	}
	return end > start && (end - start) * 4 >= longest * 3;
}

static u64 average(const struct team *team)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < team->size; i++)
		sum += team->members[i].end - team->members[i].start;
	return div_u64(sum, team->size);
}

static void init_team(struct team *team, const struct bench *bench,
		      unsigned int size)
{
	unsigned int i;

	memset(team, 0, sizeof(*team));
	team->bench = bench;
	team->size = size;
	init_completion(&team->exited);
	for (i = 0; i < size; i++)
		team->members[i].team = team;
}

/**
 * bench_time() - do one round of an operation
 * @bench: the operation
 * @threads: number of threads at the same time, each doing it @bench->count times
 *
 * Context: May sleep.
 *
 * Return: nanoseconds that a thread took on the average, or a negative errno
 */
s64 bench_time(const struct bench *bench, unsigned int threads)
{
	unsigned int tries = TRIES;
	struct team team;
	int ret;

	do {
		init_team(&team, bench, threads);
		ret = run_team(&team);
	} while (!ret && !was_together(&team) && --tries);
	return ret ?: average(&team);
}
