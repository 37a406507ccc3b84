/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Measurements of the costs of device interfaces, beside their alternatives.
 */
#ifndef DEVIF_BENCH_H
#define DEVIF_BENCH_H

#include <linux/types.h>

/* Most threads to do an operation at the same time. */
#define BENCH_THREADS	2

/**
 * struct bench - one operation to measure
 * @name: name in the report
 * @count: number of operations in one round
 * @operation: do the operation @count times
 * @arg: for @operation; shared by all threads
 * @contended: measure the operation with %BENCH_THREADS threads too
 * @prepare: called before each round with @arg, or %NULL; its time does not count
 * @finish: called after each round with @arg, or %NULL
 * @elapsed: nanoseconds that @operation reports; %NULL to take its whole time
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
