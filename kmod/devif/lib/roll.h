/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rolls: all objects of a kind that still have memory, for walks that lock nothing
 * between two steps.
 */
#ifndef DEVIF_ROLL_H
#define DEVIF_ROLL_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>

struct devif_member;

/**
 * struct devif_roll - the objects of a kind
 * @lock: guards @members; innermost, any context
 * @members: list of struct devif_member
 * @free: frees the object of a member that has left; called in any context that gives
 *	references back
 */
struct devif_roll {
	raw_spinlock_t lock;		/* for @members */
	struct list_head members;
	void (*free)(struct devif_member *member);
};

#define DEVIF_ROLL_INIT(name, free_member) {				\
	.lock = __RAW_SPIN_LOCK_UNLOCKED(name.lock),			\
	.members = LIST_HEAD_INIT(name.members),			\
	.free = free_member,						\
}

/**
 * struct devif_member - keeps the memory of an object, and enters it
 * @ref: references to the memory
 * @entry: in @roll, until the last reference is given back
 * @roll: roll of the object's kind
 */
struct devif_member {
	struct kref ref;
	struct list_head entry;
	struct devif_roll *roll;
};

/**
 * devif_member_get() - take a reference to an object
 * @member: member of an object that the caller knows to be there
 *
 * Context: Any.
 */
static inline void devif_member_get(struct devif_member *member)
{
	kref_get(&member->ref);
}

void devif_member_init(struct devif_member *member, struct devif_roll *roll);
void devif_member_put(struct devif_member *member);
void devif_roll_add(struct devif_roll *roll, struct devif_member *member);
struct devif_member *devif_roll_next(struct devif_roll *roll,
				     struct devif_member *member);

#endif /* DEVIF_ROLL_H */
