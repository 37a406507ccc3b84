/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lowest floor: code that knows no device and no interface. It calls the floors
 * above only through functions that they register.
 *
 * budget.h, image.h, managed.h, roll.h, rundown.h, runner.h, text.h and wait.h belong to
 * this floor, too.
 */
#ifndef DEVIF_LIB_H
#define DEVIF_LIB_H

#include <linux/devif.h>
#include <linux/fs.h>
#include <linux/jhash.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "compat.h"

/* base.c */
extern struct mutex devif_registry_lock;
extern struct workqueue_struct *devif_wq;

int devif_wait_for_table(int tries);

/**
 * devif_table_insert() - insert into a table, and wait for one that is growing
 * @insert: expression that inserts, evaluated for each try: 0 or a positive value, -EBUSY
 *	if the table is growing, -EAGAIN to be evaluated again at once, or another errno
 *
 * Context: May sleep; no lock held.
 *
 * Return: last value of @insert; -ENOMEM if the table does not grow, or -EINTR if the
 * process is killed
 */
#define devif_table_insert(insert)					\
({									\
	int __tries = 0, __ret;						\
									\
	do {								\
		__ret = (insert);					\
		if (__ret == -EBUSY)					\
			__ret = devif_wait_for_table(__tries++);	\
	} while (__ret == -EAGAIN);					\
	__ret;								\
})

/* changes.c */
u64 devif_generation(void);
u64 devif_version(void);
void devif_changed(void);
void devif_shown_changed(void);
void devif_changes_init(void (*tell)(u64 generation));
void devif_changes_exit(void);

/* lane.c */
void devif_lanes_exit(void);

/* preempted.c */
void devif_preempted_look(void);

/* runner.c */
unsigned int devif_runner_module_gone(const struct module *module);

/* gate.c */
int devif_gate_init(struct devif_gate *gate, struct lock_class_key *key,
		    unsigned int depth);
void devif_gate_exit(struct devif_gate *gate);
void devif_gate_close(struct devif_gate *gate);
bool devif_gate_is_inside(struct devif_gate *gate);
void devif_gate_will_drain(struct devif_gate *gate);

/**
 * devif_hash_string() - the hash of a string, for rhashtables keyed by strings
 * @data: the string
 * @len: not used: a NUL ends the string
 * @seed: seed of the table
 *
 * Context: Any.
 *
 * Return: the hash
 */
static inline u32 devif_hash_string(const void *data, u32 len, u32 seed)
{
	const char *string = data;

	return jhash(string, strlen(string), seed);
}

/**
 * devif_is_nonblocking() - tell whether a transfer of an application may not wait
 * @iocb: the transfer
 *
 * Return: true if the transfer may not wait
 */
static inline bool devif_is_nonblocking(const struct kiocb *iocb)
{
	return iocb->ki_flags & IOCB_NOWAIT ||
	       iocb->ki_filp->f_flags & O_NONBLOCK;
}

#endif /* DEVIF_LIB_H */
