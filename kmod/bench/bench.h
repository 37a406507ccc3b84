/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Measurements of what device interfaces cost, beside what else one might use.
 */
#ifndef DEVIF_BENCH_H
#define DEVIF_BENCH_H

#include <linux/types.h>

/* Most threads to do an operation at the same time. */
#define BENCH_THREADS	2

/**
 * struct bench - one operation to measure
 * @name: what it is called in the report
 * @count: how often it is done in one round
 * @operation: do it @count times
 * @arg: for @operation; what all threads share
 * @contended: measure it with %BENCH_THREADS threads too
 * @prepare: called before each round with @arg, or %NULL; what it takes does not count
 * @finish: called after each round with @arg, or %NULL
 * @elapsed: what the operation says it took in nanoseconds; %NULL for all of it
 */
struct bench {
	const char *name;
	unsigned int count;
	void (*operation)(unsigned int count, void *arg);
	void *arg;
	bool contended;
	int (*prepare)(void *arg);
	void (*finish)(void *arg);
	const u64 *elapsed;
};

/* main.c */
bool bench_wanted(const char *name);
int bench_run(const struct bench *bench);
int bench_add(const struct bench *benches, unsigned int count);
int bench_run_added(void);
void bench_report_memory(const char *name, u64 bytes);

/* thread.c */
s64 bench_time(const struct bench *bench, unsigned int threads);

/* primitives.c */
int bench_primitives_init(void);
void bench_primitives_exit(void);

/* hash.c */
int bench_hash_init(void);
void bench_hash_exit(void);

/* query.c */
int bench_query_init(void);
void bench_query_exit(void);

/* notify.c */
int bench_notify_init(void);
void bench_notify_exit(void);

/* callbacks.c */
int bench_callbacks_init(void);
void bench_callbacks_exit(void);

/* replay.c */
int bench_replay_init(void);
void bench_replay_exit(void);

/* target.c */
int bench_target_init(void);
void bench_target_exit(void);

/* lookup.c */
int bench_lookup(unsigned long most);

/* lifecycle.c */
int bench_lifecycle(void);

#endif /* DEVIF_BENCH_H */
