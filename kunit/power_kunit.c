// SPDX-License-Identifier: GPL-2.0
/*
 * Power: a holder is suspended before the device that it uses, and the end of a device's
 * offers at shutdown.
 *
 * The kernels of these tests may be without power management. They have the links all the
 * same, and the order of shutdown, which is that of system sleep.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "client.h"
#include "errand.h"
#include "fixture.h"
#include "link.h"
#include "pipe.h"
#include "scene.h"
#include "subscriber.h"
#include "thing.h"

/**
 * struct couple - a holder, and a device that exports a thing
 * @holder: the holder, which was there before the exporter's device
 * @fixture: the exporter's device
 * @exporter: the exporter
 * @thing: the holder's thing
 * @references: references to the exporter's device before the export
 */
struct couple {
	struct fixture *holder;
	struct fixture *fixture;
	struct thing_exporter *exporter;
	struct thing thing;
	unsigned int references;
};

static struct couple *couple_new(struct kunit *test)
{
	struct couple *couple = kunit_kzalloc(test, sizeof(*couple), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, couple);
	couple->holder = fixture_add(test);
	couple->fixture = fixture_add(test);
	couple->references = kref_read(&couple->fixture->dev.kobj.kref);
	couple->exporter = thing_export(test, &couple->fixture->dev);
	return couple;
}

static int couple_ask(struct device *dev, struct device *holder, unsigned int flags,
		      struct thing *thing)
{
	const struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = 1,
		.flags = flags,
		.holder = holder,
	};

	return devif_query(dev, &desc, thing);
}

static int couple_query(struct couple *couple, struct thing *thing)
{
	return couple_ask(&couple->fixture->dev, &couple->holder->dev, DEVIF_REVOCABLE,
			  thing);
}

/* Return a couple whose holder has the thing. */
static struct couple *couple_held(struct kunit *test)
{
	struct couple *couple = couple_new(test);

	KUNIT_ASSERT_EQ(test, couple_query(couple, &couple->thing), 0);
	return couple;
}

static bool couple_is_linked(struct kunit *test, struct couple *couple)
{
	return link_is_there(test, &couple->holder->dev, &couple->fixture->dev);
}

static bool couple_parts(struct kunit *test, struct couple *couple)
{
	return link_goes(test, &couple->holder->dev, &couple->fixture->dev);
}

/* Links go one after the other: wait until all that have been dropped before have gone. */
static void wait_for_drops(struct kunit *test)
{
	struct couple *couple = couple_held(test);

	KUNIT_EXPECT_TRUE(test, couple_is_linked(test, couple));
	thing_drop(&couple->thing);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
}

/*
 * A query with a holder
 */

/* Return whether @first is shut down, and suspended, before @second. */
static bool goes_down_before(struct device *first, struct device *second)
{
	struct kset *devices = first->kobj.kset;
	bool found = false, before = false;
	struct kobject *kobj;

	spin_lock(&devices->list_lock);
	list_for_each_entry(kobj, &devices->list, entry) {
		if (kobj == &second->kobj)
			found = true;
		if (kobj == &first->kobj)
			before = found;
	}
	spin_unlock(&devices->list_lock);
	return before;
}

static void holder_is_a_consumer(struct kunit *test)
{
	struct couple *couple = couple_new(test);
	struct device *holder = &couple->holder->dev, *dev = &couple->fixture->dev;

	KUNIT_EXPECT_FALSE(test, goes_down_before(holder, dev));
	KUNIT_ASSERT_EQ(test, couple_query(couple, &couple->thing), 0);
	KUNIT_EXPECT_TRUE(test, couple_is_linked(test, couple));
	KUNIT_EXPECT_TRUE(test, goes_down_before(holder, dev));
	thing_drop(&couple->thing);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
}

static void pinned_holder_is_a_consumer(struct kunit *test)
{
	struct couple *couple = couple_new(test);

	KUNIT_ASSERT_EQ(test, couple_ask(&couple->fixture->dev, &couple->holder->dev, 0,
					 &couple->thing), 0);
	KUNIT_EXPECT_TRUE(test, couple_is_linked(test, couple));
	thing_drop(&couple->thing);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
}

static void last_reference_ends_the_order(struct kunit *test)
{
	struct couple *couple = couple_held(test);

	devif_reference(&couple->thing.header);
	thing_drop(&couple->thing);
	wait_for_drops(test);
	KUNIT_EXPECT_TRUE(test, couple_is_linked(test, couple));
	thing_drop(&couple->thing);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
}

#define MANY	2000

static void many_holds_are_one_link(struct kunit *test)
{
	struct couple *couple = couple_new(test);
	struct thing *things;
	int i;

	things = kunit_kcalloc(test, MANY, sizeof(*things), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, things);
	for (i = 0; i < MANY; i++)
		KUNIT_ASSERT_EQ(test, couple_query(couple, &things[i]), 0);
	for (i = 1; i < MANY; i++)
		thing_drop(&things[i]);
	wait_for_drops(test);
	KUNIT_EXPECT_TRUE(test, couple_is_linked(test, couple));
	thing_drop(&things[0]);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
}

struct interrupt {
	struct irq_work work;
	const struct thing *thing;
};

static void drop_in_interrupt(struct irq_work *work)
{
	struct interrupt *interrupt = container_of(work, struct interrupt, work);

	thing_drop(interrupt->thing);
}

static void order_ends_in_any_context(struct kunit *test)
{
	struct couple *couple = couple_held(test);
	struct interrupt interrupt = {
		.work = IRQ_WORK_INIT_HARD(drop_in_interrupt),
		.thing = &couple->thing,
	};

	irq_work_queue(&interrupt.work);
	irq_work_sync(&interrupt.work);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
}

static void receiver_of_a_forward_is_a_consumer(struct kunit *test)
{
	struct couple *couple = couple_held(test);
	struct fixture *other = fixture_add(test);
	struct thing thing;

	KUNIT_ASSERT_EQ(test, devif_forward(&couple->thing, &thing, &other->dev), 0);
	thing_drop(&couple->thing);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
	KUNIT_EXPECT_TRUE(test, link_is_there(test, &other->dev, &couple->fixture->dev));
	thing_drop(&thing);
	KUNIT_EXPECT_TRUE(test, link_goes(test, &other->dev, &couple->fixture->dev));
}

static void parent_that_answers_is_the_supplier(struct kunit *test)
{
	struct couple *couple = couple_new(test);
	struct fixture *child = fixture_add_child(test, &couple->fixture->dev);

	thing_ask_parent(test, &child->dev, NULL);
	KUNIT_ASSERT_EQ(test, couple_ask(&child->dev, &couple->holder->dev, 0,
					 &couple->thing), 0);
	KUNIT_EXPECT_TRUE(test, couple_is_linked(test, couple));
	KUNIT_EXPECT_FALSE(test, link_is_there(test, &couple->holder->dev, &child->dev));
	thing_drop(&couple->thing);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
}

/*
 * No link
 */

static void expect_no_link(struct kunit *test, struct device *dev, struct device *holder)
{
	struct thing thing;

	KUNIT_ASSERT_EQ(test, couple_ask(dev, holder, DEVIF_REVOCABLE, &thing), 0);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 0), 0);
	KUNIT_EXPECT_FALSE(test, link_is_there(test, holder, dev));
	KUNIT_EXPECT_FALSE(test, link_is_there(test, dev, holder));
	thing_drop(&thing);
	wait_for_drops(test);
}

static void family_has_no_link(struct kunit *test)
{
	struct fixture *parent = fixture_add(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	struct fixture *grandchild = fixture_add_child(test, &child->dev);

	thing_export(test, &parent->dev);
	expect_no_link(test, &parent->dev, &parent->dev);
	expect_no_link(test, &parent->dev, &grandchild->dev);
	thing_export(test, &grandchild->dev);
	expect_no_link(test, &grandchild->dev, &parent->dev);
}

static void refused_link_is_no_error(struct kunit *test)
{
	struct couple *couple = couple_held(test);
	struct device *holder = &couple->holder->dev, *dev = &couple->fixture->dev;
	struct thing thing;

	thing_export(test, holder);
	KUNIT_ASSERT_EQ(test, couple_ask(holder, dev, DEVIF_REVOCABLE, &thing), 0);
	KUNIT_EXPECT_FALSE(test, link_is_there(test, dev, holder));
	thing_drop(&thing);
	wait_for_drops(test);
	KUNIT_EXPECT_TRUE(test, couple_is_linked(test, couple));
	thing_drop(&couple->thing);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
}

static void refused_query_has_no_link(struct kunit *test)
{
	struct couple *couple = couple_new(test);

	thing_unexport(couple->exporter);
	couple->exporter = thing_new(test);
	couple->exporter->desc.query = thing_hook;
	couple->exporter->verdict = -EACCES;
	KUNIT_ASSERT_EQ(test, thing_try(couple->exporter, &couple->fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, couple_query(couple, &couple->thing), -EACCES);
	KUNIT_EXPECT_FALSE(test, couple_is_linked(test, couple));
}

static void query_without_holder_has_no_link(struct kunit *test)
{
	struct couple *couple = couple_new(test);

	KUNIT_ASSERT_EQ(test, couple_ask(&couple->fixture->dev, NULL, 0, &couple->thing), 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&couple->fixture->dev.links.consumers));
	thing_drop(&couple->thing);
}

static void runtime_pm_needs_a_holder(struct kunit *test)
{
	struct couple *couple = couple_new(test);
	struct client *client = client_new(test);
	struct scene scene = scene_new(test);

	KUNIT_EXPECT_EQ(test, couple_ask(&couple->fixture->dev, NULL, DEVIF_RUNTIME_PM,
					 &couple->thing), -EINVAL);
	KUNIT_ASSERT_EQ(test, client_attach(client, scene.devif), 0);
	client->target_desc.flags = DEVIF_RUNTIME_PM;
	KUNIT_EXPECT_EQ(test, client_aim(client), -EINVAL);
	client->target_desc.holder = &couple->holder->dev;
	client->target_desc.flags = DEVIF_REVOCABLE;
	KUNIT_EXPECT_EQ(test, client_aim(client), -EINVAL);
	client->target_desc.flags = DEVIF_RUNTIME_PM;
	KUNIT_EXPECT_EQ(test, client_aim(client), 0);
}

/*
 * One end goes first
 */

static void holder_goes_first(struct kunit *test)
{
	struct couple *couple = couple_held(test);

	fixture_unplug(couple->holder);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&couple->thing, 1), 1);
	thing_drop(&couple->thing);
	wait_for_drops(test);
	KUNIT_EXPECT_TRUE(test, list_empty(&couple->fixture->dev.links.consumers));
}

/* Return whether a device has no more than some references, now or in a while. */
static bool has_references(struct fixture *fixture, unsigned int references)
{
	int tries = 500;

	while (kref_read(&fixture->dev.kobj.kref) > references) {
		if (!tries--)
			return false;
		msleep(20);
	}
	return true;
}

static void exporter_goes_first(struct kunit *test)
{
	struct couple *couple = couple_held(test);

	fixture_unplug(couple->fixture);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
	/* the hold does not keep the device */
	thing_unexport(couple->exporter);
	KUNIT_EXPECT_TRUE(test, has_references(couple->fixture, 1));
	thing_drop(&couple->thing);
}

static void export_goes_first(struct kunit *test)
{
	struct couple *couple = couple_held(test);

	thing_unexport(couple->exporter);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
	KUNIT_EXPECT_TRUE(test, has_references(couple->fixture, couple->references));
	thing_drop(&couple->thing);
}

static void driver_of_the_exporter_goes_first(struct kunit *test)
{
	struct fixture *holder = fixture_add(test), *fixture = fixture_add_bound(test);
	struct thing thing;

	thing_export(test, &fixture->dev);
	KUNIT_ASSERT_EQ(test, couple_ask(&fixture->dev, &holder->dev, 0, &thing), 0);
	KUNIT_EXPECT_TRUE(test, link_is_there(test, &holder->dev, &fixture->dev));
	fixture_unbind(fixture);
	KUNIT_EXPECT_TRUE(test, link_goes(test, &holder->dev, &fixture->dev));
	thing_drop(&thing);
}

static void link_of_another_stays(struct kunit *test)
{
	struct couple *couple = couple_new(test);
	struct device_link *link;

	link = device_link_add(&couple->holder->dev, &couple->fixture->dev,
			       DL_FLAG_STATELESS);
	KUNIT_ASSERT_NOT_NULL(test, link);
	KUNIT_ASSERT_EQ(test, couple_query(couple, &couple->thing), 0);
	thing_drop(&couple->thing);
	wait_for_drops(test);
	KUNIT_EXPECT_TRUE(test, couple_is_linked(test, couple));
	device_link_del(link);
	KUNIT_EXPECT_FALSE(test, couple_is_linked(test, couple));
}

#define ROUNDS	200

static long query_often(void *arg)
{
	struct couple *couple = arg;
	struct thing thing;
	unsigned int i;
	int ret;

	for (i = 0; i < ROUNDS; i++) {
		ret = couple_query(couple, &thing);
		if (!ret)
			thing_drop(&thing);
		else if (ret != -EOPNOTSUPP && ret != -ENODEV)
			return ret;
		fixture_breathe(i);
	}
	return 0;
}

/* Exports end while a holder queries and drops. */
static void orders_end_in_a_race(struct kunit *test)
{
	struct couple *couple = couple_new(test);
	struct errand *errand = errand_start(test, query_often, couple);
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		thing_unexport(couple->exporter);
		KUNIT_ASSERT_EQ(test, thing_try(couple->exporter, &couple->fixture->dev), 0);
		fixture_breathe(i);
	}
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
	thing_unexport(couple->exporter);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
	KUNIT_EXPECT_TRUE(test, has_references(couple->fixture, couple->references));
}

/*
 * Targets
 */

static struct client *client_held(struct kunit *test, struct devif *devif,
				  struct device *holder)
{
	struct client *client = client_new(test);

	client->target_desc.holder = holder;
	KUNIT_ASSERT_EQ(test, client_attach(client, devif), 0);
	KUNIT_ASSERT_EQ(test, client_aim(client), 0);
	return client;
}

static void open_target_has_the_link(struct kunit *test)
{
	struct fixture *holder = fixture_add(test);
	struct scene scene = scene_new(test);
	struct client *client = client_held(test, scene.devif, &holder->dev);
	struct device *dev = &scene.fixture->dev;

	KUNIT_EXPECT_FALSE(test, link_is_there(test, &holder->dev, dev));
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_TRUE(test, link_is_there(test, &holder->dev, dev));
	devif_target_close(client->target);
	KUNIT_EXPECT_TRUE(test, link_goes(test, &holder->dev, dev));
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_TRUE(test, link_is_there(test, &holder->dev, dev));
	scene_unbind(&scene);
	KUNIT_EXPECT_TRUE(test, link_goes(test, &holder->dev, dev));
}

static void target_opened_by_the_parent_has_its_link(struct kunit *test)
{
	struct fixture *holder = fixture_add(test), *parent = fixture_add_bound(test);
	struct scene scene = scene_below(test, parent);
	struct client *client = client_held(test, scene.devif, &holder->dev);

	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_TRUE(test, link_is_there(test, &holder->dev, &parent->dev));
	devif_target_close(client->target);
	KUNIT_EXPECT_TRUE(test, link_goes(test, &holder->dev, &parent->dev));
}

/*
 * Runtime power management
 */

static void runtime_init(struct kunit *test, struct device *dev)
{
	if (!IS_ENABLED(CONFIG_PM))
		kunit_skip(test, "a kernel without runtime power management");
	pm_runtime_no_callbacks(dev);
	pm_runtime_enable(dev);
}

static void expect_runtime(struct kunit *test, struct couple *couple, bool active)
{
	pm_runtime_barrier(&couple->fixture->dev);
	KUNIT_EXPECT_EQ(test, pm_runtime_suspended(&couple->fixture->dev), !active);
}

static void active_holder_keeps_the_device_active(struct kunit *test)
{
	struct couple *couple = couple_new(test);
	struct device *holder = &couple->holder->dev;

	runtime_init(test, holder);
	runtime_init(test, &couple->fixture->dev);
	KUNIT_ASSERT_EQ(test, couple_ask(&couple->fixture->dev, holder, DEVIF_RUNTIME_PM,
					 &couple->thing), 0);
	expect_runtime(test, couple, false);
	KUNIT_EXPECT_GE(test, pm_runtime_get_sync(holder), 0);
	expect_runtime(test, couple, true);
	pm_runtime_put_sync(holder);
	expect_runtime(test, couple, false);
	thing_drop(&couple->thing);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
}

static void query_of_an_active_holder_resumes_the_device(struct kunit *test)
{
	struct couple *couple = couple_new(test);
	struct device *holder = &couple->holder->dev;

	runtime_init(test, holder);
	runtime_init(test, &couple->fixture->dev);
	KUNIT_EXPECT_GE(test, pm_runtime_get_sync(holder), 0);
	KUNIT_ASSERT_EQ(test, couple_ask(&couple->fixture->dev, holder, DEVIF_RUNTIME_PM,
					 &couple->thing), 0);
	expect_runtime(test, couple, true);
	pm_runtime_put_sync(holder);
	expect_runtime(test, couple, false);
	thing_drop(&couple->thing);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
}

static void device_without_runtime_pm_is_in_order(struct kunit *test)
{
	struct couple *couple = couple_new(test);

	KUNIT_ASSERT_EQ(test, couple_ask(&couple->fixture->dev, &couple->holder->dev,
					 DEVIF_RUNTIME_PM, &couple->thing), 0);
	KUNIT_EXPECT_TRUE(test, couple_is_linked(test, couple));
	thing_drop(&couple->thing);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
}

/*
 * Shutdown
 */

/* Call devif_shutdown() as the driver core calls shutdown(). */
static void shut_down(struct device *dev)
{
	device_lock(dev);
	devif_shutdown(dev);
	device_unlock(dev);
}

static void expect_shut(struct kunit *test, struct scene *scene)
{
	struct device *dev = &scene->fixture->dev;
	struct thing_exporter *exporter = thing_new(test);
	struct devif *devif;

	KUNIT_EXPECT_FALSE(test, devif_is_enabled(scene->devif));
	KUNIT_EXPECT_EQ(test, devif_enable(scene->devif), -ENODEV);
	KUNIT_EXPECT_EQ(test, thing_try(exporter, dev), -ENODEV);
	devif = fixture_register(test, dev, &guid_b, NULL, DEVIF_AUTO);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
}

static void shutdown_ends_all(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct subscriber *subscriber;
	char data[4];

	subscriber = subscriber_start(test, devif_class_guid(scene.devif), DEVIF_EXISTING);
	subscriber_wait(subscriber, 1);
	shut_down(&scene.fixture->dev);
	expect_shut(test, &scene);
	KUNIT_EXPECT_EQ(test, client_read(client, data, sizeof(data)), -ENODEV);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removals, 1));
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
	subscriber_wait(subscriber, 2);
	KUNIT_EXPECT_FALSE(test, subscriber_believes(subscriber, scene.devif));
	KUNIT_EXPECT_NOT_NULL(test, scene.fixture->dev.driver);
}

static void shutdown_twice_is_once(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);

	shut_down(&scene.fixture->dev);
	shut_down(&scene.fixture->dev);
	scene_unbind(&scene);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removals, 1));
}

static long read_byte(void *arg)
{
	char data;

	return client_read(arg, &data, 1);
}

static void shutdown_wakes_waiters(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct errand *reader = errand_start(test, read_byte, client);

	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(reader));
	shut_down(&scene.fixture->dev);
	KUNIT_EXPECT_EQ(test, errand_finish(reader), -ENODEV);
}

static long stay_inside(void *arg)
{
	const struct thing *thing = arg;

	scoped_devif_call(&thing->header)
		thing->stay(thing->header.context);
	return 0;
}

static long shut_down_device(void *arg)
{
	shut_down(arg);
	return 0;
}

static void shutdown_waits_for_calls(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct errand *caller, *shutdown;
	struct thing thing;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	caller = errand_start(test, stay_inside, &thing);
	errand_await(test, &exporter->entered);
	shutdown = errand_start(test, shut_down_device, &fixture->dev);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(shutdown));
	complete_all(&exporter->leave);
	errand_finish(caller);
	errand_finish(shutdown);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), -ENODEV);
	/* nothing is freed before the exporter says so */
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
	thing_drop(&thing);
}

static void shutdown_ends_orders(struct kunit *test)
{
	struct couple *couple = couple_held(test);

	shut_down(&couple->fixture->dev);
	KUNIT_EXPECT_TRUE(test, couple_parts(test, couple));
	thing_drop(&couple->thing);
}

static void driver_is_bound_again_after_shutdown(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct devif *devif;
	struct thing thing;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	shut_down(&fixture->dev);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	thing_unexport(exporter);
	fixture_unbind(fixture);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	KUNIT_ASSERT_TRUE(test, fixture_bind(fixture));
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	thing_query(test, &fixture->dev, 0, &thing);
	thing_drop(&thing);
}

static void device_is_unplugged_after_shutdown(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);

	shut_down(&scene.fixture->dev);
	scene_unplug(&scene);
	client_expect_dead(client);
	KUNIT_EXPECT_NULL(test, devif_get_device(scene.devif));
}

static void shutdown_of_a_device_without_bus(struct kunit *test)
{
	struct device *root = fixture_root(test, "devif-kunit-off");
	struct devif *devif;

	devif = fixture_register(test, root, &guid_a, NULL, DEVIF_AUTO);
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(devif));
	shut_down(root);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(devif));
	KUNIT_EXPECT_EQ(test, devif_enable(devif), -ENODEV);
}

static void shutdown_of_a_device_without_interfaces(struct kunit *test)
{
	shut_down(&fixture_add_bound(test)->dev);
	devif_shutdown(NULL);
	devif_shutdown(ERR_PTR(-ENODEV));
}

static struct kunit_case power_cases[] = {
	KUNIT_CASE(holder_is_a_consumer),
	KUNIT_CASE(pinned_holder_is_a_consumer),
	KUNIT_CASE(last_reference_ends_the_order),
	KUNIT_CASE(many_holds_are_one_link),
	KUNIT_CASE(order_ends_in_any_context),
	KUNIT_CASE(receiver_of_a_forward_is_a_consumer),
	KUNIT_CASE(parent_that_answers_is_the_supplier),
	KUNIT_CASE(family_has_no_link),
	KUNIT_CASE(refused_link_is_no_error),
	KUNIT_CASE(refused_query_has_no_link),
	KUNIT_CASE(query_without_holder_has_no_link),
	KUNIT_CASE(runtime_pm_needs_a_holder),
	KUNIT_CASE(holder_goes_first),
	KUNIT_CASE(exporter_goes_first),
	KUNIT_CASE(export_goes_first),
	KUNIT_CASE(driver_of_the_exporter_goes_first),
	KUNIT_CASE(link_of_another_stays),
	KUNIT_CASE(orders_end_in_a_race),
	KUNIT_CASE(open_target_has_the_link),
	KUNIT_CASE(target_opened_by_the_parent_has_its_link),
	KUNIT_CASE(active_holder_keeps_the_device_active),
	KUNIT_CASE(query_of_an_active_holder_resumes_the_device),
	KUNIT_CASE(device_without_runtime_pm_is_in_order),
	KUNIT_CASE(shutdown_ends_all),
	KUNIT_CASE(shutdown_twice_is_once),
	KUNIT_CASE(shutdown_wakes_waiters),
	KUNIT_CASE(shutdown_waits_for_calls),
	KUNIT_CASE(shutdown_ends_orders),
	KUNIT_CASE(driver_is_bound_again_after_shutdown),
	KUNIT_CASE(device_is_unplugged_after_shutdown),
	KUNIT_CASE(shutdown_of_a_device_without_bus),
	KUNIT_CASE(shutdown_of_a_device_without_interfaces),
	{}
};

static struct kunit_suite power_suite = {
	.name = "devif_power",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = power_cases,
};

kunit_test_suites(&power_suite);
