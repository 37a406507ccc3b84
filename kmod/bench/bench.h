/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Measurements of what device interfaces cost, beside what else one might use.
 */
#ifndef DEVIF_BENCH_H
#define DEVIF_BENCH_H

#include <linux/types.h>

/**
 * struct bench - one operation to measure
 * @name: what it is called in the report
 * @count: how often it is done in one round
 * @operation: do it @count times
 * @arg: for @operation
 */
struct bench {
	const char *name;
	unsigned int count;
	void (*operation)(unsigned int count, void *arg);
	void *arg;
};

void bench_run(const struct bench *bench);
void bench_report_memory(const char *name, u64 bytes);

int bench_lookup(unsigned long most);
int bench_lifecycle(void);

#endif /* DEVIF_BENCH_H */
