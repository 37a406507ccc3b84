// SPDX-License-Identifier: GPL-2.0
/*
 * Gates: calls are let in until the gate is closed; draining waits for them.
 *
 * To enter and to exit costs a per-CPU counter each, see devif_enter(). For lockdep a
 * gate is a lock that callers inside hold for reading and that a drainer takes for
 * writing, so lockdep finds a caller that waits for itself by way of another lock.
 * devif_gate_is_inside() finds a caller that waits for itself directly.
 */
#include "lib/lib.h"

static void gate_drained(struct percpu_ref *ref)
{
	struct devif_gate *gate = container_of(ref, struct devif_gate, ref);

	complete_all(&gate->drained);
	if (gate->work)
		queue_work(devif_wq, gate->work);
}

#ifdef CONFIG_LOCKDEP
/* For the gates of devices further down than lockdep has subclasses, a key for each 8. */
static struct lock_class_key deep_keys[8];

/*
 * Callers inside may end exports of devices further down, so each level is a class of its
 * own. The first levels are subclasses of the exporter's; lockdep does not check levels too
 * deep even for our keys.
 */
static void init_dep_map(struct devif_gate *gate, struct lock_class_key *key,
			 unsigned int depth)
{
	unsigned int deep = depth / MAX_LOCKDEP_SUBCLASSES;

	if (deep > ARRAY_SIZE(deep_keys))
		key = &__lockdep_no_validate__;
	else if (deep)
		key = &deep_keys[deep - 1];
	lockdep_init_map(&gate->dep_map, "devif_gate", key,
			 depth % MAX_LOCKDEP_SUBCLASSES);
}
#else
static void init_dep_map(struct devif_gate *gate, struct lock_class_key *key,
			 unsigned int depth)
{
}
#endif

/**
 * devif_gate_init() - set up an open gate
 * @gate: the gate
 * @key: lock class
 * @depth: number of ancestors of the device
 *
 * Context: May sleep.
 *
 * Return: 0 or -ENOMEM
 */
int devif_gate_init(struct devif_gate *gate, struct lock_class_key *key,
		    unsigned int depth)
{
	init_completion(&gate->drained);
	gate->work = NULL;
	init_dep_map(gate, key, depth);
	return percpu_ref_init(&gate->ref, gate_drained, 0, GFP_KERNEL);
}

/**
 * devif_gate_exit() - give the resources of a gate back
 * @gate: a gate that no caller can enter any more
 *
 * Context: Task or soft interrupt, an RCU grace period after the last attempt to enter.
 */
void devif_gate_exit(struct devif_gate *gate)
{
	percpu_ref_exit(&gate->ref);
}

/**
 * devif_gate_close() - let no caller in from now on
 * @gate: an open gate
 *
 * Context: Any that may take a spinlock.
 */
void devif_gate_close(struct devif_gate *gate)
{
	percpu_ref_kill(&gate->ref);
}

/**
 * devif_gate_is_inside() - tell whether the caller is inside
 * @gate: the gate
 *
 * Context: Any.
 *
 * Return: true if lockdep knows that the caller is inside
 */
bool devif_gate_is_inside(struct devif_gate *gate)
{
	return IS_ENABLED(CONFIG_LOCKDEP) &&
	       lock_is_held(&gate->dep_map) > 0;
}

/**
 * devif_gate_will_drain() - tell lockdep that the gate is about to be drained
 * @gate: a closed gate, which the caller is not inside of; the module of its lock
 *	class is still loaded
 *
 * Context: May sleep.
 */
void devif_gate_will_drain(struct devif_gate *gate)
{
	lock_map_acquire(&gate->dep_map);
	lock_map_release(&gate->dep_map);
}
