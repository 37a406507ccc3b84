// SPDX-License-Identifier: GPL-2.0
#include <kunit/resource.h>
#include <linux/delay.h>
#include <linux/kernfs.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/umh.h>
#include <linux/wait.h>

#include "../kmod/devif/lib/compat.h"
#include "fixture.h"

const guid_t guid_a = GUID_INIT(0x0e5a3f10, 0x5d0c, 0x4f5e,
				0x9a, 0x11, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60);
const guid_t guid_b = GUID_INIT(0x0e5a3f11, 0x5d0c, 0x4f5e,
				0x9a, 0x11, 0x10, 0x20, 0x30, 0x40, 0x50, 0x61);

/*
 * The bus
 */

static struct fixture *to_fixture(struct device *dev)
{
	return container_of(dev, struct fixture, dev);
}

int fixture_probe(struct device *dev)
{
	struct fixture *fixture = to_fixture(dev);

	if (!fixture->bindable)
		return -ENODEV;
	return fixture->probe ? fixture->probe(fixture) : 0;
}

void fixture_remove(struct device *dev)
{
	struct fixture *fixture = to_fixture(dev);

	if (fixture->remove)
		fixture->remove(fixture);
}

static struct bus_type fixture_bus = {
	.name = "devif-kunit",
	.probe = fixture_probe,
	.remove = fixture_remove,
};

/* Without an owner, for the reason given below. */
static struct device_driver fixture_driver = {
	.name = "devif-kunit",
	.bus = &fixture_bus,
};

/*
 * Parent of all devices, so that their names cannot clash in /sys/devices. It has no
 * owner: 6.1 runs suites before it adds the module's directory.
 */
static struct device *fixture_parent;

static atomic_t alive = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(released);

static void fixture_release(struct device *dev)
{
	kfree(to_fixture(dev));
	if (atomic_dec_and_test(&alive))
		wake_up(&released);
}

int fixture_suite_init(struct kunit_suite *suite)
{
	int ret;

	fixture_parent = __root_device_register("devif-kunit", NULL);
	if (IS_ERR(fixture_parent))
		return PTR_ERR(fixture_parent);
	ret = bus_register(&fixture_bus);
	if (ret)
		goto err_parent;
	ret = driver_register(&fixture_driver);
	if (ret)
		goto err_bus;
	return 0;

err_bus:
	compat_bus_unregister(&fixture_bus);
err_parent:
	root_device_unregister(fixture_parent);
	return ret;
}

void fixture_suite_exit(struct kunit_suite *suite)
{
	driver_unregister(&fixture_driver);
	/* CONFIG_DEBUG_KOBJECT_RELEASE delays releases */
	wait_event(released, !atomic_read(&alive));
	compat_bus_unregister(&fixture_bus);
	root_device_unregister(fixture_parent);
}

/*
 * Clean-up at the end of a test, in reverse order
 */

struct deferred {
	void (*fn)(void *arg);
	void *arg;
};

static int deferred_init(struct kunit_resource *res, void *context)
{
	res->data = kmemdup(context, sizeof(struct deferred), GFP_KERNEL);
	return res->data ? 0 : -ENOMEM;
}

static void deferred_free(struct kunit_resource *res)
{
	struct deferred *deferred = res->data;

	deferred->fn(deferred->arg);
	kfree(deferred);
}

/*
 * Let other tasks run after a round of a loop. Racing threads must not keep the only
 * processor from a task that waits for a grace period.
 */
void fixture_breathe(unsigned int round)
{
	if (round % 16)
		cond_resched();
	else
		schedule_timeout_uninterruptible(1);
}

void fixture_defer(struct kunit *test, void (*fn)(void *arg), void *arg)
{
	struct deferred deferred = { .fn = fn, .arg = arg };

	KUNIT_ASSERT_NOT_NULL(test, kunit_alloc_resource(test, deferred_init,
							 deferred_free,
							 GFP_KERNEL,
							 &deferred));
}

/*
 * Devices
 */

void fixture_unplug(struct fixture *fixture)
{
	if (!fixture->removed)
		device_del(&fixture->dev);
	fixture->removed = true;
}

static void remove_fixture(void *arg)
{
	struct fixture *fixture = arg;

	fixture_unplug(fixture);
	put_device(&fixture->dev);
}

static struct fixture *add_under(struct kunit *test, struct bus_type *bus,
				 struct device *parent, const char *name)
{
	struct fixture *fixture = kzalloc(sizeof(*fixture), GFP_KERNEL);
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, fixture);
	atomic_inc(&alive);
	fixture->test = test;
	fixture->dev.bus = bus;
	fixture->dev.parent = parent;
	fixture->dev.release = fixture_release;
	device_initialize(&fixture->dev);
	ret = dev_set_name(&fixture->dev, "%s", name) ?: device_add(&fixture->dev);
	if (ret)
		put_device(&fixture->dev);
	KUNIT_ASSERT_EQ(test, ret, 0);
	fixture_defer(test, remove_fixture, fixture);
	return fixture;
}

struct fixture *fixture_add_named(struct kunit *test, const char *name)
{
	return add_under(test, &fixture_bus, fixture_parent, name);
}

static struct fixture *add_numbered(struct kunit *test, struct bus_type *bus,
				    struct device *parent)
{
	static atomic_t number;
	char name[20];

	snprintf(name, sizeof(name), "kunit%d", atomic_inc_return(&number));
	return add_under(test, bus, parent, name);
}

struct fixture *fixture_add_child(struct kunit *test, struct device *parent)
{
	return add_numbered(test, &fixture_bus, parent);
}

/* Add a device to a bus of the test, with fixture_probe() and fixture_remove(). */
struct fixture *fixture_add_on(struct kunit *test, struct bus_type *bus)
{
	return add_numbered(test, bus, fixture_parent);
}

struct fixture *fixture_add(struct kunit *test)
{
	return fixture_add_child(test, fixture_parent);
}

/* Bind the driver; return whether probe() succeeded. */
bool fixture_bind(struct fixture *fixture)
{
	fixture->bindable = true;
	return device_attach(&fixture->dev) == 1;
}

void fixture_unbind(struct fixture *fixture)
{
	device_release_driver(&fixture->dev);
	fixture->bindable = false;
}

struct fixture *fixture_add_bound(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	return fixture;
}

static void remove_root(void *arg)
{
	root_device_unregister(arg);
}

struct device *fixture_root(struct kunit *test, const char *name)
{
	struct device *dev = __root_device_register(name, NULL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	fixture_defer(test, remove_root, dev);
	return dev;
}

/*
 * Interfaces
 */

int fixture_try(struct device *dev, const guid_t *class, const char *reference,
		unsigned int flags, struct devif **devif)
{
	const struct devif_desc desc = {
		.class = class,
		.reference = reference,
		.flags = flags,
	};

	return devif_register(dev, &desc, devif);
}

static void unregister(void *arg)
{
	devif_unregister(arg);
}

struct devif *fixture_register(struct kunit *test, struct device *dev,
			       const guid_t *class, const char *reference,
			       unsigned int flags)
{
	struct devif *devif;

	KUNIT_ASSERT_GE(test, fixture_try(dev, class, reference, flags, &devif),
			0);
	fixture_defer(test, unregister, devif);
	return devif;
}

/* Register an interface on a new device, enabled or not. */
struct devif *fixture_interface(struct kunit *test, const char *reference,
				bool enabled)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;

	devif = fixture_register(test, &fixture->dev, &guid_a, reference, 0);
	if (enabled)
		KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
	return devif;
}

void fixture_toggle(struct kunit *test, struct devif *devif)
{
	KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
	KUNIT_EXPECT_EQ(test, devif_disable(devif), 0);
}

/*
 * Return the device of an interface of @host, for put_device(). No walk of the children of
 * @host finds it, and the bus is not exported; its directory is below that of @host.
 */
struct device *fixture_interface_device(struct kunit *test, struct device *host,
					struct devif *devif)
{
	struct kernfs_node *directory;
	struct device *dev;

	directory = sysfs_get_dirent(host->kobj.sd, devif_name(devif));
	KUNIT_ASSERT_NOT_NULL(test, directory);
	dev = get_device(kobj_to_dev(directory->priv));
	kernfs_put(directory);
	return dev;
}

/* Return the device of an interface's class, found by the interface's link. */
static struct device *class_device(struct kunit *test, struct devif *devif)
{
	struct device *host = devif_get_device(devif);
	struct kernfs_node *link;
	struct device *dev, *class;

	KUNIT_ASSERT_NOT_NULL(test, host);
	dev = fixture_interface_device(test, host, devif);
	put_device(host);
	link = sysfs_get_dirent(dev->kobj.sd, "interface_class");
	KUNIT_ASSERT_NOT_NULL(test, link);
	class = kobj_to_dev(link->symlink.target_kn->priv);
	kernfs_put(link);
	put_device(dev);
	return class;
}

/* Return whether sysfs has the class, found through another class of an interface of @dev. */
bool fixture_class_is_shown(struct kunit *test, struct device *dev,
			    const guid_t *class)
{
	struct devif *devif = fixture_register(test, dev, &guid_b, NULL, 0);
	struct device *other = class_device(test, devif);
	char name[UUID_STRING_LEN + 1];
	struct device *found;

	snprintf(name, sizeof(name), "%pUl", class);
	found = class_find_device_by_name(other->class, name);
	put_device(found);
	return found;
}

/* Return whether the class disappears from sysfs, now or in a while. */
bool fixture_class_goes(struct kunit *test, struct device *dev,
			const guid_t *class)
{
	int tries = 500;

	while (fixture_class_is_shown(test, dev, class)) {
		if (!tries--)
			return false;
		msleep(20);
	}
	return true;
}

static int count_one(struct devif *devif, void *data)
{
	++*(unsigned int *)data;
	return 0;
}

unsigned int fixture_count(const guid_t *class, struct device *dev,
			   enum devif_which which)
{
	unsigned int count = 0;

	return devif_for_each(class, dev, which, &count, count_one) ?: count;
}

/*
 * Announce a provoked report in the log. Up to fixture_expect_end(), scripts/judge requires
 * this text, and accepts warnings of devif and of reference counts.
 */
void fixture_expect_report(const char *format, ...)
{
	struct va_format text = { .fmt = format };
	va_list args;

	va_start(args, format);
	text.va = &args;
	pr_info("devif-kunit: expect: begin: %pV\n", &text);
	va_end(args);
}

void fixture_expect_end(void)
{
	pr_info("devif-kunit: expect: end\n");
}

MODULE_DESCRIPTION("Device interfaces: KUnit suites");
MODULE_LICENSE("GPL");
MODULE_IMPORT_DEVIF();

/* Remove an interface as user space does, by the attribute "remove" of the class. */
int fixture_remove_by_user(struct devif *devif, char *how)
{
	char path[96];
	char *argv[7] = {
		"/bin/sh", "-c", "echo \"$1$2\" >\"$0/remove\"", path,
		(char *)devif_link_name(devif), how, NULL,
	};
	char *envp[1] = {};

	snprintf(path, sizeof(path), "/sys/class/devif_class/%pUl",
		 devif_class_guid(devif));
	return call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}
