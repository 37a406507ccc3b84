// SPDX-License-Identifier: GPL-2.0
/*
 * Finding an object by its GUID and keeping it for a moment, written by hand: the
 * least that a query could cost.
 */
#include <linux/kref.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/rhashtable.h>
#include <linux/uuid.h>

#include "bench.h"

/**
 * struct entry - an object to find
 * @node: in the table
 * @guid: key in the table
 * @ref: references
 */
struct entry {
	struct rhash_head node;
	guid_t guid;
	struct kref ref;
};

static const struct rhashtable_params params = {
	.head_offset = offsetof(struct entry, node),
	.key_offset = offsetof(struct entry, guid),
	.key_len = sizeof(guid_t),
	.automatic_shrinking = true,
};

static struct rhashtable table;

static struct entry entry = {
	.guid = GUID_INIT(0x64657669, 0x662d, 0x6265,
			  0x8e, 0x63, 0x68, 0x2d, 0x68, 0x61, 0x73, 0x68),
	.ref = KREF_INIT(1),
};

static void never_released(struct kref *ref)
{
}

static struct entry *find(const guid_t *guid)
{
	struct entry *found;

	rcu_read_lock();
	found = rhashtable_lookup(&table, guid, params);
	if (found && !kref_get_unless_zero(&found->ref))
		found = NULL;
	rcu_read_unlock();
	return found;
}

static void rhashtable_kref(unsigned int count, void *arg)
{
	const guid_t *guid = arg;
	struct entry *found;

	while (count--) {
		found = find(guid);
		if (!found)
			return;
		kref_put(&found->ref, never_released);
	}
}

static const struct bench bench = {
	"rhashtable_kref", 20000, rhashtable_kref, &entry.guid, true
};

/**
 * bench_hash_init() - add the operation of this file
 *
 * Return: 0 or a negative errno
 */
int bench_hash_init(void)
{
	int ret;

	ret = rhashtable_init(&table, &params);
	if (ret)
		return ret;
	ret = rhashtable_insert_fast(&table, &entry.node, params);
	if (!ret)
		ret = bench_add(&bench, 1);
	if (ret)
		rhashtable_destroy(&table);
	return ret;
}

/**
 * bench_hash_exit() - undo bench_hash_init()
 */
void bench_hash_exit(void)
{
	rhashtable_destroy(&table);
}
