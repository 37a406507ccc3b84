// SPDX-License-Identifier: GPL-2.0
/*
 * Methods that lock the device they belong to.
 */
#include <linux/completion.h>
#include <linux/device.h>

#include "client.h"
#include "errand.h"
#include "fixture.h"
#include "pipe.h"
#include "thing.h"

/**
 * struct locker - a query interface with a method that locks the device
 * @header: header of every query interface
 * @reset: complete @entered of the exporter, wait for its @leave, and lock the device
 */
struct locker {
	struct devif_interface header;
	int (*reset)(void *context);
};

/**
 * struct locked - the exporter
 * @dev: the device
 * @entered: completed when the method runs
 * @leave: completed when the method may lock
 */
struct locked {
	struct device *dev;
	struct completion entered, leave;
};

/* Lock the device; return -EIO if it is not locked then. */
static int lock_and_unlock(void *context, struct device *dev)
{
	int ret = devif_lock_device(context);

	if (ret)
		return ret;
	if (device_trylock(dev)) {
		device_unlock(dev);
		ret = -EIO;
	}
	devif_unlock_device(context);
	return ret;
}

static int method_reset(void *context)
{
	struct locked *locked = devif_context(context);

	complete(&locked->entered);
	wait_for_completion(&locked->leave);
	return lock_and_unlock(context, locked->dev);
}

static void lock_unexport(void *arg)
{
	devif_unexport(arg);
}

static struct locked *lock_export(struct kunit *test, struct device *dev,
				  unsigned int flags)
{
	struct locked *locked = kunit_kzalloc(test, sizeof(*locked), GFP_KERNEL);
	const struct locker table = {
		.header = DEVIF_INTERFACE_INIT(struct locker, 1),
		.reset = method_reset,
	};
	const struct devif_export_desc desc = {
		.guid = &guid_a,
		.table = devif_header(&table),
		.context = locked,
		.flags = flags,
	};
	struct devif_export *export;

	KUNIT_ASSERT_NOT_NULL(test, locked);
	locked->dev = dev;
	init_completion(&locked->entered);
	init_completion(&locked->leave);
	KUNIT_ASSERT_EQ(test, devif_export(dev, &desc, &export), 0);
	fixture_defer(test, lock_unexport, export);
	return locked;
}

static void lock_query(struct kunit *test, struct device *dev, unsigned int flags,
		       struct locker *locker)
{
	const struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = 1,
		.flags = flags,
		.holder = dev,
	};

	KUNIT_ASSERT_EQ(test, devif_query(dev, &desc, locker), 0);
}

static long lock_call(void *arg)
{
	struct locker *locker = arg;

	scoped_devif_call(&locker->header)
		return locker->reset(locker->header.context);
	return -ESHUTDOWN;
}

static long lock_unbind(void *arg)
{
	fixture_unbind(arg);
	return 0;
}

static void method_locks_its_device(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct device *dev = &fixture->dev;
	struct locked *locked = lock_export(test, dev, 0);
	struct locker locker;

	complete_all(&locked->leave);
	lock_query(test, dev, DEVIF_REVOCABLE, &locker);
	KUNIT_EXPECT_EQ(test, lock_call(&locker), 0);
	devif_dereference(&locker.header);

	lock_query(test, dev, 0, &locker);
	KUNIT_EXPECT_EQ(test, locker.reset(locker.header.context), 0);
	KUNIT_EXPECT_EQ(test, devif_lock_device(NULL), -EINVAL);
	KUNIT_EXPECT_TRUE(test, device_trylock(dev));
	device_unlock(dev);
	fixture_unbind(fixture);
	KUNIT_EXPECT_EQ(test, locker.reset(locker.header.context), -ENODEV);
	devif_dereference(&locker.header);
}

static void method_locks_the_device_of_a_noop_table(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct locked *locked = lock_export(test, &fixture->dev,
					    DEVIF_EXPORT_NOOP);
	struct locker locker;

	complete_all(&locked->leave);
	lock_query(test, &fixture->dev, 0, &locker);
	KUNIT_EXPECT_EQ(test, locker.reset(locker.header.context), 0);
	fixture_unbind(fixture);
	KUNIT_EXPECT_EQ(test, locker.reset(locker.header.context), -ENODEV);
}

/* Unbinding holds the lock, and waits for the method that wants it. */
static void unbinding_ends_the_wait_for_the_lock(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct locked *locked = lock_export(test, &fixture->dev, 0);
	struct errand *call, *unbind;
	struct locker locker;

	lock_query(test, &fixture->dev, DEVIF_REVOCABLE, &locker);
	call = errand_start(test, lock_call, &locker);
	errand_await(test, &locked->entered);
	unbind = errand_start(test, lock_unbind, fixture);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(unbind));
	complete_all(&locked->leave);
	KUNIT_EXPECT_EQ(test, errand_finish(call), -ENODEV);
	errand_finish(unbind);
	devif_dereference(&locker.header);
}

static void kill_ends_the_wait_for_the_lock(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct locked *locked = lock_export(test, &fixture->dev, 0);
	struct errand *killed, *patient;
	struct locker locker;

	complete_all(&locked->leave);
	lock_query(test, &fixture->dev, DEVIF_REVOCABLE, &locker);
	device_lock(&fixture->dev);
	killed = errand_start(test, lock_call, &locker);
	patient = errand_start(test, lock_call, &locker);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(killed));
	errand_kill(killed);
	KUNIT_EXPECT_EQ(test, errand_finish(killed), -EINTR);
	device_unlock(&fixture->dev);
	KUNIT_EXPECT_EQ(test, errand_finish(patient), 0);
	devif_dereference(&locker.header);
}

/*
 * A file of a parent's exporter, opened through a child: on some buses the parent is locked
 * while the child is unbound.
 */

static struct completion in_ioctl, leave_ioctl;

static long ioctl_locks(void *context, struct devif_file *file, unsigned int cmd,
			void *arg)
{
	struct device *child = devif_get_device(file->devif);
	struct device *parent = child->parent;

	put_device(child);
	complete(&in_ioctl);
	wait_for_completion(&leave_ioctl);
	return lock_and_unlock(context, parent);
}

static long lock_ioctl(void *arg)
{
	struct client *client = arg;

	return devif_target_ioctl(client->target, PIPE_IOC_NOTHING, NULL);
}

static long unplug_below_locked(void *arg)
{
	struct fixture *child = arg;
	struct device *parent = child->dev.parent;

	device_lock(parent);
	fixture_unplug(child);
	device_unlock(parent);
	return 0;
}

static void end_of_a_file_ends_the_wait_for_the_lock(struct kunit *test)
{
	struct fixture *parent = fixture_add_bound(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	struct pipe *pipe = pipe_new(test);
	struct errand *call, *unplug;
	struct client *client;

	init_completion(&in_ioctl);
	init_completion(&leave_ioctl);
	pipe->table.ioctl = ioctl_locks;
	KUNIT_ASSERT_EQ(test, pipe_try(pipe, &parent->dev), 0);
	KUNIT_ASSERT_TRUE(test, fixture_bind(child));
	thing_ask_parent(test, &child->dev, NULL);
	client = client_opened(test, client_door(test, &child->dev, NULL));
	call = errand_start(test, lock_ioctl, client);
	errand_await(test, &in_ioctl);
	unplug = errand_start(test, unplug_below_locked, child);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(unplug));
	complete_all(&leave_ioctl);
	KUNIT_EXPECT_EQ(test, errand_finish(call), -ENODEV);
	errand_finish(unplug);
}

static struct kunit_case lock_cases[] = {
	KUNIT_CASE(method_locks_its_device),
	KUNIT_CASE(method_locks_the_device_of_a_noop_table),
	KUNIT_CASE(unbinding_ends_the_wait_for_the_lock),
	KUNIT_CASE(kill_ends_the_wait_for_the_lock),
	KUNIT_CASE(end_of_a_file_ends_the_wait_for_the_lock),
	{}
};

static struct kunit_suite lock_suite = {
	.name = "devif_lock",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = lock_cases,
};

kunit_test_suites(&lock_suite);
