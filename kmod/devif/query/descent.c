// SPDX-License-Identifier: GPL-2.0
/*
 * Descents: the exports that may answer a query, one after the other.
 *
 * The exports of a device under a GUID form a stack, and one of them answers: methods of the
 * opened interface before those of its class, and these before those of the device; then
 * the highest version that is not above the one asked for (J9); then the highest layer. An
 * export that passes the query on, or ends at this moment, is left behind, and the next one
 * is tried. The last is "ask the parent", from where the descent goes on (J8).
 */
#include <linux/device.h>
#include <linux/rhashtable.h>

#include "query/query.h"

/* Candidates in ascending order. */
enum tier {
	TIER_PARENT,
	TIER_DEVICE,
	TIER_CLASS,
	TIER_INTERFACE,
	TIER_TOP,
};

static const struct devif_rank rank_top = { .tier = TIER_TOP };

static int rank_compare(const struct devif_rank *a, const struct devif_rank *b)
{
	if (a->tier != b->tier)
		return a->tier < b->tier ? -1 : 1;
	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	if (a->layer != b->layer)
		return a->layer < b->layer ? -1 : 1;
	return 0;
}

static enum tier rank_tier(const struct devif_export *export)
{
	if (export->desc.flags & DEVIF_EXPORT_ASK_PARENT)
		return TIER_PARENT;
	if (export->desc.of_interface)
		return TIER_INTERFACE;
	return export->desc.of_class ? TIER_CLASS : TIER_DEVICE;
}

static struct devif_rank rank_of(const struct devif_export *export)
{
	return (struct devif_rank) {
		.tier = rank_tier(export),
		.version = export->table->version,
		.layer = export->desc.layer,
	};
}

/* May the export answer, apart from its version? */
static bool descent_meets(const struct devif_descent *descent,
			  const struct devif_export *export,
			  const struct devif_rank *rank)
{
	if (rank_compare(rank, &descent->passed) >= 0)
		return false;
	if (rank->tier == TIER_CLASS &&
	    (!descent->class || !guid_equal(export->desc.of_class, descent->class)))
		return false;
	return rank->tier == TIER_PARENT || rank->layer < descent->limit;
}

/*
 * Return whether it is too early to call an export of @dev. Until the driver is bound, the
 * driver core may undo the export's probe(); the status changes before the event comes.
 */
static bool is_early(const struct devif_export *export, const struct device *dev)
{
	return READ_ONCE(export->of_probe) &&
	       READ_ONCE(dev->links.status) != DL_DEV_DRIVER_BOUND;
}

/* Return the next export in a list, %NULL, or -EPROBE_DEFER if it is too early for all. */
static struct devif_export *descent_choose(struct devif_descent *descent,
					   struct rhlist_head *list)
{
	struct devif_export *export, *best = NULL;
	struct devif_rank rank, best_rank;
	struct rhlist_head *pos;
	bool early = false;

	rhl_for_each_entry_rcu(export, pos, list, node) {
		rank = rank_of(export);
		if (!descent_meets(descent, export, &rank))
			continue;
		if (rank.version > descent->version) {
			descent->error = -EPROTONOSUPPORT;
			continue;
		}
		if (best && rank_compare(&rank, &best_rank) < 0)
			continue;
		if (is_early(export, descent->dev)) {
			early = true;
			continue;
		}
		best = export;
		best_rank = rank;
	}
	return best || !early ? best : ERR_PTR(-EPROBE_DEFER);
}

/* Context: RCU reader. Return the next export on the device, or an error. */
static struct devif_export *descent_find(struct devif_descent *descent)
{
	const struct devif *opened = descent->opened;
	struct devif_export *export = NULL;

	if (opened && opened->host->dev == descent->dev)
		export = descent_choose(descent,
					devif_export_lookup(opened, descent->guid));
	if (!export)
		export = descent_choose(descent,
					devif_export_lookup(descent->dev, descent->guid));
	if (!export)
		export = descent_choose(descent,
					devif_export_lookup(descent->dev, &guid_null));
	return export ?: ERR_PTR(descent->error);
}

/* As descent_find(), and enter the export's gate, which keeps the export. */
static struct devif_export *descent_enter(struct devif_descent *descent)
{
	struct devif_export *export;
	bool entered;

	do {
		rcu_read_lock();
		export = descent_find(descent);
		entered = !IS_ERR(export) && devif_gate_enter(&export->gate);
		if (!IS_ERR(export))
			descent->passed = rank_of(export);
		rcu_read_unlock();
		if (IS_ERR(export))
			return export;
		/* the export is ending: those below may answer */
		if (!entered)
			descent->error = -ENODEV;
	} while (!entered);
	return export;
}

/**
 * devif_descent_begin() - begin at the top of the stack of a device
 * @descent: filled in; the caller may set @opened, @class and @limit then
 * @dev: the device
 * @desc: description of the query
 *
 * Context: Any.
 */
void devif_descent_begin(struct devif_descent *descent, struct device *dev,
			 const struct devif_query_desc *desc)
{
	*descent = (struct devif_descent) {
		.dev = get_device(dev),
		.guid = desc->guid,
		.version = desc->version,
		.limit = INT_MAX,
		.passed = rank_top,
		.error = -EOPNOTSUPP,
	};
}

/**
 * devif_descent_next() - find the next export that may answer
 * @descent: the descent
 *
 * Context: May sleep.
 *
 * Return: the export, the caller inside its gate; or
 *
 * * -EOPNOTSUPP: no export is left
 * * -EPROTONOSUPPORT: likewise, and the versions of others are above the one asked for
 * * -EPROBE_DEFER: exports that are left are of a probe() that has not ended
 * * -ENODEV: no export is left, and one has just ended
 */
struct devif_export *devif_descent_next(struct devif_descent *descent)
{
	struct devif_export *export;
	struct device *parent;

	while (descent->dev) {
		export = descent_enter(descent);
		if (IS_ERR(export) ||
		    !(export->desc.flags & DEVIF_EXPORT_ASK_PARENT))
			return export;
		parent = devif_get_parent(descent->dev);
		devif_gate_leave(&export->gate);
		put_device(descent->dev);
		descent->dev = parent;
		descent->passed = rank_top;
		descent->limit = INT_MAX;
	}
	return ERR_PTR(descent->error);
}

/**
 * devif_descent_end() - end a descent
 * @descent: the descent
 *
 * Context: May sleep.
 */
void devif_descent_end(struct devif_descent *descent)
{
	put_device(descent->dev);
}
