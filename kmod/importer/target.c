// SPDX-License-Identifier: GPL-2.0
/*
 * An interface that is opened: a remote interface, and a target on it.
 *
 * A query-remove closes the target, unless the importer is told to refuse, and the
 * target opens again if the removal is cancelled. Callbacks run one at a time for each of
 * the two, and may run while the target is opened for the first time; so try_to_open()
 * sets the state only if no callback has meanwhile.
 */
#include <linux/device.h>
#include <linux/slab.h>

#include "importer.h"

static void set_state(struct importer_target *target, enum importer_state state)
{
	WRITE_ONCE(target->state, state);
	follow_look_again();
}

static void try_to_open(struct importer_target *target)
{
	const char *path = importer_options.path;
	unsigned int access = DEVIF_READ | (path ? 0 : DEVIF_WRITE);
	int ret;

	WRITE_ONCE(target->state, IMPORTER_OPENING);
	ret = devif_target_open(target->target, path, access);
	WRITE_ONCE(target->error, ret);
	if (!ret)
		atomic_long_inc(&target->counts[IMPORTER_OPENS]);
	cmpxchg(&target->state, IMPORTER_OPENING,
		ret ? IMPORTER_CLOSED : IMPORTER_OPEN);
}

static void open_target(struct importer_target *target)
{
	guard(mutex)(&target->open_lock);
	/* a cancelled removal before the first opening has opened it already */
	if (READ_ONCE(target->state) != IMPORTER_OPEN)
		try_to_open(target);
}

/**
 * target_is_open() - tell whether a target is in use
 * @target: the target, or %NULL
 *
 * Context: Any.
 *
 * Return: whether the target is open or about to be
 */
bool target_is_open(const struct importer_target *target)
{
	int state = target ? READ_ONCE(target->state) : IMPORTER_CLOSED;

	return state == IMPORTER_OPENING || state == IMPORTER_OPEN;
}

/*
 * Callbacks
 */

static int query_remove(struct devif_target *devif_target, void *data)
{
	struct importer_target *target = data;

	if (READ_ONCE(target->refuse))
		return -EBUSY;
	devif_target_close(devif_target);
	set_state(target, IMPORTER_QUERY_REMOVE);
	return 0;
}

static void remove_cancelled(struct devif_target *devif_target, void *data)
{
	open_target(data);
	follow_look_again();
}

static void removed(struct devif_target *devif_target, void *data)
{
	set_state(data, IMPORTER_REMOVED);
}

static void remote_removal(struct devif_remote *remote, void *data)
{
	struct importer_target *target = data;

	WRITE_ONCE(target->disabled, true);
}

static void remote_event(struct devif_remote *remote,
			 const struct devif_event *event, void *data)
{
	struct importer_target *target = data;

	atomic_long_add(event->lost + 1, &target->counts[IMPORTER_EVENTS]);
}

/*
 * Coming and going
 */

static int create(struct importer_target *target, struct devif *devif,
		  struct device *holder)
{
	const struct devif_remote_desc remote_desc = {
		.removal = remote_removal,
		.event = remote_event,
		.data = target,
	};
	const struct devif_target_desc target_desc = {
		.query_remove = query_remove,
		.remove_cancelled = remove_cancelled,
		.removed = removed,
		.data = target,
		.holder = holder,
	};
	int ret;

	ret = devif_remote_create(devif, &remote_desc, &target->remote);
	if (ret)
		return ret;
	ret = devif_target_create(target->remote, &target_desc,
				  &target->target);
	if (ret)
		devif_remote_destroy(target->remote);
	return ret;
}

/**
 * target_start() - open an interface, and read and write
 * @devif: an interface that has arrived
 * @holder: device of this importer
 *
 * Return: the target, for target_stop(), or %NULL if the interface has gone again or
 * without memory
 */
struct importer_target *target_start(struct devif *devif, struct device *holder)
{
	struct importer_target *target = kzalloc(sizeof(*target), GFP_KERNEL);

	if (!target)
		return NULL;
	mutex_init(&target->open_lock);
	target->refuse = importer_options.refuse;
	if (create(target, devif, holder)) {
		kfree(target);
		return NULL;
	}
	target->display = display_add(target, devif_name(devif));
	open_target(target);
	requests_start(target, devif_class_guid(devif));
	return target;
}

/**
 * target_stop() - close an interface
 * @target: from target_start()
 *
 * First the posting of requests stops; then requests in flight complete and the target's
 * callbacks end; then the callbacks of the remote interface end.
 */
void target_stop(struct importer_target *target)
{
	if (!target)
		return;
	display_remove(target->display);
	requests_stop(target);
	devif_target_destroy(target->target);
	devif_remote_destroy(target->remote);
	kfree(target);
}
