// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces at their "add" event, which comes before the end of the registration: what
 * user space finds and may request then, and that a request takes effect.
 *
 * A notifier of the bus of interfaces, which the driver core calls between the two, acts as a
 * quick program would.
 */
#include <linux/kernfs.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "../kmod/devif/lib/compat.h"
#include "fixture.h"

/**
 * struct early - actions and findings at "add" of an interface of a device
 * @watch: notifier that is early_added()
 * @bus: bus of the notifier
 * @parent: the device
 * @write: text to write to "enabled"; %NULL for nothing
 * @written: result of the write
 * @mode: mode of the node for devtmpfs and udev
 * @calls: number of calls of early_added()
 * @linked: whether the link to the class existed
 */
struct early {
	struct notifier_block watch;
	compat_bus_t *bus;
	struct device *parent;
	const char *write;
	ssize_t written;
	umode_t mode;
	unsigned int calls;
	bool linked;
};

/* Actions of the running case. */
static struct early *early;

static struct device_attribute *attribute_of(struct device *dev,
					     const char *name)
{
	const struct attribute_group *const *group;
	struct attribute **attr;

	for (group = dev->type->groups; *group; group++)
		for (attr = (*group)->attrs; *attr; attr++)
			if (!strcmp((*attr)->name, name))
				return container_of(*attr,
						    struct device_attribute,
						    attr);
	return NULL;
}

/* Return the mode as device_get_devnode() does, which is not exported to modules. */
static umode_t mode_of(struct device *dev)
{
	umode_t mode = 0;

	kfree(dev->type->devnode(dev, &mode, NULL, NULL));
	return mode;
}

static int early_added(struct notifier_block *nb, unsigned long event, void *data)
{
	struct device *dev = data;
	struct device_attribute *enabled = attribute_of(dev, "enabled");
	struct kernfs_node *link;

	if (event != BUS_NOTIFY_ADD_DEVICE || dev->kobj.parent != &early->parent->kobj)
		return NOTIFY_DONE;
	early->calls++;
	link = sysfs_get_dirent(dev->kobj.sd, "interface_class");
	early->linked = link;
	kernfs_put(link);
	early->mode = mode_of(dev);
	if (early->write && enabled)
		early->written = enabled->store(dev, enabled, early->write,
						strlen(early->write));
	return NOTIFY_OK;
}

static void early_stop(void *arg)
{
	bus_unregister_notifier(early->bus, &early->watch);
	early = NULL;
}

static struct early *early_start(struct kunit *test, struct device *parent,
				 const char *write)
{
	struct devif *other = fixture_register(test, parent, &guid_b, NULL, 0);
	struct device *dev = fixture_interface_device(test, parent, other);
	struct early *e = kunit_kzalloc(test, sizeof(*e), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, e);
	e->bus = dev->bus;
	e->watch.notifier_call = early_added;
	put_device(dev);
	early = e;
	KUNIT_ASSERT_EQ(test, bus_register_notifier(e->bus, &e->watch), 0);
	fixture_defer(test, early_stop, NULL);
	e->parent = parent;
	e->write = write;
	return e;
}

static void e2_class_is_linked_at_add(struct kunit *test)
{
	struct device *dev = fixture_root(test, "early");
	struct early *e = early_start(test, dev, NULL);

	fixture_register(test, dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_EQ(test, e->calls, 1);
	KUNIT_EXPECT_TRUE(test, e->linked);
}

static void c7_disabled_at_add_stays_disabled(struct kunit *test)
{
	struct device *dev = fixture_root(test, "early");
	struct early *e = early_start(test, dev, "0");
	struct devif *devif;

	devif = fixture_register(test, dev, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_EXPECT_EQ(test, e->calls, 1);
	KUNIT_EXPECT_EQ(test, e->written, 1);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
}

static void c7_enabled_at_add_is_enabled(struct kunit *test)
{
	struct device *dev = fixture_root(test, "early");
	struct early *e = early_start(test, dev, "1");
	struct devif *devif;

	devif = fixture_register(test, dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_EQ(test, e->calls, 1);
	KUNIT_EXPECT_EQ(test, e->written, 1);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	KUNIT_EXPECT_EQ(test, devif_disable(devif), 0);
}

static int probe_with_interface(struct fixture *fixture)
{
	unsigned int *flags = fixture->data;

	return fixture_try(&fixture->dev, &guid_a, NULL, *flags,
			   &fixture->devif);
}

/* Bind a driver that registers in probe(), and return whether the interface is enabled. */
static bool is_enabled_when_bound(struct kunit *test, const char *write,
				  unsigned int flags)
{
	struct fixture *fixture = fixture_add(test);
	struct early *e = early_start(test, &fixture->dev, write);
	bool enabled;

	fixture->probe = probe_with_interface;
	fixture->data = &flags;
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_EQ(test, e->calls, 1);
	KUNIT_EXPECT_EQ(test, e->written, 1);
	enabled = devif_is_enabled(fixture->devif);
	fixture_unbind(fixture);
	devif_unregister(fixture->devif);
	return enabled;
}

static void e8_disabled_at_add_in_probe_stays_disabled(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, is_enabled_when_bound(test, "0", DEVIF_AUTO));
}

static void e8_enabled_at_add_in_probe_is_enabled(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, is_enabled_when_bound(test, "1", 0));
}

/* Register an interface with a node, and check the node's mode at "add" and later. */
static void expect_modes(struct kunit *test, umode_t asked)
{
	struct device *parent = fixture_root(test, "early");
	struct early *e = early_start(test, parent, NULL);
	const struct devif_desc desc = {
		.class = &guid_a,
		.flags = DEVIF_NODE,
		.mode = asked,
	};
	struct devif *devif;
	struct device *dev;

	KUNIT_ASSERT_GE(test, devif_register(parent, &desc, &devif), 0);
	dev = fixture_interface_device(test, parent, devif);
	KUNIT_EXPECT_EQ(test, e->calls, 1);
	KUNIT_EXPECT_EQ(test, e->mode, asked);
	KUNIT_EXPECT_EQ(test, mode_of(dev), 0);
	put_device(dev);
	devif_unregister(devif);
}

static void no_mode_is_told_if_none_is_asked_for(struct kunit *test)
{
	expect_modes(test, 0);
}

static void mode_is_told_at_add_only(struct kunit *test)
{
	expect_modes(test, 0640);
}

static struct kunit_case early_cases[] = {
	KUNIT_CASE(e2_class_is_linked_at_add),
	KUNIT_CASE(c7_disabled_at_add_stays_disabled),
	KUNIT_CASE(c7_enabled_at_add_is_enabled),
	KUNIT_CASE(e8_disabled_at_add_in_probe_stays_disabled),
	KUNIT_CASE(e8_enabled_at_add_in_probe_is_enabled),
	KUNIT_CASE(no_mode_is_told_if_none_is_asked_for),
	KUNIT_CASE(mode_is_told_at_add_only),
	{}
};

static struct kunit_suite early_suite = {
	.name = "devif_early",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = early_cases,
};

kunit_test_suites(&early_suite);
