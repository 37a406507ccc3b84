// SPDX-License-Identifier: GPL-2.0
/*
 * Any device: hosts whose driver takes all children of its device for its own, casts them
 * and unregisters them, at every time at which drivers walk. An interface is no child.
 */
#include <linux/kernfs.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "client.h"
#include "fixture.h"
#include "pipe.h"

#define CUB_MAGIC	0xcb

/* A child that the driver has made; @magic is behind the end of any other device. */
struct cub {
	struct device dev;
	unsigned int magic;
};

/* Number of children that the driver has met, and that were not its own. */
static unsigned int cubs_met, strangers_met;

static void cub_release(struct device *dev)
{
	kfree(container_of(dev, struct cub, dev));
}

static int cub_add(struct fixture *mother)
{
	struct cub *cub = kzalloc(sizeof(*cub), GFP_KERNEL);
	int ret;

	if (!cub)
		return -ENOMEM;
	cub->magic = CUB_MAGIC;
	cub->dev.parent = &mother->dev;
	cub->dev.release = cub_release;
	device_initialize(&cub->dev);
	ret = dev_set_name(&cub->dev, "cub-of-%s", dev_name(&mother->dev));
	ret = ret ?: device_add(&cub->dev);
	if (ret)
		put_device(&cub->dev);
	return ret;
}

/* Cast as such drivers do; a look at the release function keeps a failing test alive. */
static int cub_meet(struct device *dev, void *data)
{
	cubs_met++;
	if (dev->release != cub_release ||
	    container_of(dev, struct cub, dev)->magic != CUB_MAGIC)
		strangers_met++;
	return 0;
}

static int cub_unregister(struct device *dev, void *data)
{
	cub_meet(dev, data);
	if (dev->release == cub_release)
		device_unregister(dev);
	return 0;
}

static int mother_probe(struct fixture *mother)
{
	int ret = cub_add(mother);

	device_for_each_child(&mother->dev, NULL, cub_meet);
	return ret;
}

static void mother_remove(struct fixture *mother)
{
	device_for_each_child(&mother->dev, NULL, cub_unregister);
}

static struct fixture *mother_add(struct kunit *test)
{
	struct fixture *mother = fixture_add(test);

	mother->probe = mother_probe;
	mother->remove = mother_remove;
	cubs_met = 0;
	strangers_met = 0;
	return mother;
}

/* A third module registers before the driver is bound, with a file that is open. */
static void expect_own_children_only(struct kunit *test,
				     void (*leave)(struct fixture *fixture))
{
	struct fixture *mother = mother_add(test);
	struct client *client;
	struct pipe *pipe;
	struct devif *devif;

	devif = fixture_register(test, &mother->dev, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_ASSERT_TRUE(test, fixture_bind(mother));
	pipe = pipe_export(test, &mother->dev);
	client = client_opened(test, devif);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);

	leave(mother);
	/* once in probe(), once in remove() */
	KUNIT_EXPECT_EQ(test, cubs_met, 2);
	KUNIT_EXPECT_EQ(test, strangers_met, 0);
	KUNIT_EXPECT_EQ(test, client_write(client, "b"), -ENODEV);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->releases), 1);
}

static void driver_unbound_meets_its_own_children(struct kunit *test)
{
	expect_own_children_only(test, fixture_unbind);
}

static void driver_of_removed_device_meets_its_own_children(struct kunit *test)
{
	expect_own_children_only(test, fixture_unplug);
}

/* Drivers that suspend, or reset, walk their children too, and keep their device. */
static void walk_of_a_bound_driver_leaves_interfaces_alone(struct kunit *test)
{
	struct fixture *mother = mother_add(test);
	struct client *client;
	struct devif *devif;

	devif = fixture_register(test, &mother->dev, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_ASSERT_TRUE(test, fixture_bind(mother));
	pipe_export(test, &mother->dev);
	client = client_opened(test, devif);
	mother_remove(mother);
	KUNIT_EXPECT_EQ(test, strangers_met, 0);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &mother->dev, DEVIF_ENABLED), 1);
}

static void interfaces_come_back_with_a_walking_driver(struct kunit *test)
{
	struct fixture *mother = mother_add(test);
	struct devif *devif;

	devif = fixture_register(test, &mother->dev, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_ASSERT_TRUE(test, fixture_bind(mother));
	fixture_unbind(mother);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	KUNIT_ASSERT_TRUE(test, fixture_bind(mother));
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	KUNIT_EXPECT_EQ(test, strangers_met, 0);
}

static void expect_link(struct kunit *test, struct device *dev, const char *name,
			const struct device *target)
{
	struct kernfs_node *link = sysfs_get_dirent(dev->kobj.sd, name);

	KUNIT_ASSERT_NOT_NULL(test, link);
	KUNIT_EXPECT_PTR_EQ(test, link->symlink.target_kn, target->kobj.sd);
	kernfs_put(link);
}

/* User space finds the interface below its device, and a link up, as before. */
static void interface_is_below_its_device_in_sysfs(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	struct device *dev = fixture_interface_device(test, &fixture->dev, devif);

	KUNIT_EXPECT_NULL(test, dev->parent);
	KUNIT_EXPECT_PTR_EQ(test, dev->kobj.parent, &fixture->dev.kobj);
	KUNIT_EXPECT_STREQ(test, dev->bus->name, "devif");
	expect_link(test, dev, "device", &fixture->dev);
	put_device(dev);
}

static struct kunit_case children_cases[] = {
	KUNIT_CASE(driver_unbound_meets_its_own_children),
	KUNIT_CASE(driver_of_removed_device_meets_its_own_children),
	KUNIT_CASE(walk_of_a_bound_driver_leaves_interfaces_alone),
	KUNIT_CASE(interfaces_come_back_with_a_walking_driver),
	KUNIT_CASE(interface_is_below_its_device_in_sysfs),
	{}
};

static struct kunit_suite children_suite = {
	.name = "devif_children",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = children_cases,
};

kunit_test_suites(&children_suite);
