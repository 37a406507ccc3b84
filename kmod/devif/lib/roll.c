// SPDX-License-Identifier: GPL-2.0
/*
 * Rolls: all objects of a kind that still have memory.
 */
#include <linux/sched.h>

#include "lib/roll.h"

/**
 * devif_roll_add() - enter an object
 * @roll: the roll
 * @member: member of the object, set up by devif_member_init()
 *
 * Context: Any.
 */
void devif_roll_add(struct devif_roll *roll, struct devif_member *member)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&roll->lock, flags);
	list_add_tail(&member->entry, &roll->members);
	raw_spin_unlock_irqrestore(&roll->lock, flags);
}

static void member_release(struct kref *ref)
{
	struct devif_member *member = container_of(ref, struct devif_member, ref);
	struct devif_roll *roll = member->roll;
	unsigned long flags;

	raw_spin_lock_irqsave(&roll->lock, flags);
	list_del(&member->entry);
	raw_spin_unlock_irqrestore(&roll->lock, flags);
	roll->free(member);
}

/**
 * devif_member_init() - set up the reference count of an object
 * @member: the member; the caller has its first reference
 * @roll: roll of the object's kind, which the object enters later, or never
 *
 * Context: Any.
 */
void devif_member_init(struct devif_member *member, struct devif_roll *roll)
{
	member->roll = roll;
	INIT_LIST_HEAD(&member->entry);
	kref_init(&member->ref);
}

/**
 * devif_member_put() - give back a reference to an object
 * @member: member of the object
 *
 * Context: Any that the roll's @free allows.
 */
void devif_member_put(struct devif_member *member)
{
	kref_put(&member->ref, member_release);
}

/**
 * devif_roll_next() - walk a roll
 * @roll: the roll
 * @member: %NULL for the first; or the member returned last, which is given back: until
 *	then it is in the roll
 *
 * Context: May sleep; nothing is locked between two calls.
 *
 * Return: the next member, referenced, or %NULL
 */
struct devif_member *devif_roll_next(struct devif_roll *roll,
				     struct devif_member *member)
{
	struct devif_member *last = member;
	struct list_head *entry;

	raw_spin_lock_irq(&roll->lock);
	entry = member ? &member->entry : &roll->members;
	do {
		entry = entry->next;
		member = list_entry(entry, struct devif_member, entry);
	} while (entry != &roll->members && !kref_get_unless_zero(&member->ref));
	raw_spin_unlock_irq(&roll->lock);
	if (last)
		devif_member_put(last);
	cond_resched();
	return entry == &roll->members ? NULL : member;
}
