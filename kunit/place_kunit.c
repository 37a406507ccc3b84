// SPDX-License-Identifier: GPL-2.0
/*
 * Names of interfaces on devices of classes, whose own names depend on the order of probing
 * and change (D2, D4).
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "../kmod/devif/lib/compat.h"
#include "fixture.h"

static void end_class(void *arg)
{
	class_destroy(arg);
}

/* Make a class of devices, a new one for each case. */
static struct class *new_class(struct kunit *test)
{
	struct class *cards = compat_class_create("devif-cards");

	KUNIT_ASSERT_FALSE(test, IS_ERR(cards));
	fixture_defer(test, end_class, cards);
	return cards;
}

static struct device *new_card(struct kunit *test, struct class *cards,
			       struct device *parent, const char *name)
{
	struct device *dev = device_create(cards, parent, MKDEV(0, 0), NULL,
					   "%s", name);

	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	return dev;
}

static void end_card(void *arg)
{
	device_unregister(arg);
}

/* Make a card that lasts until the case ends. */
static struct device *lasting_card(struct kunit *test, struct class *cards,
				   struct device *parent, const char *name)
{
	struct device *dev = new_card(test, cards, parent, name);

	fixture_defer(test, end_card, dev);
	return dev;
}

/* Return the symbolic link name that an interface on the device gets. */
static char *name_on(struct kunit *test, struct device *dev)
{
	struct devif *devif = NULL;
	size_t size;
	char *name;

	KUNIT_ASSERT_GE(test, fixture_try(dev, &guid_a, NULL, 0, &devif), 0);
	size = strlen(devif_link_name(devif)) + 1;
	name = kunit_kzalloc(test, size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, name);
	memcpy(name, devif_link_name(devif), size);
	devif_unregister(devif);
	return name;
}

/* Two cards in two slots, probed in one order and then in the other. */
static void d4_card_is_known_by_its_slot(struct kunit *test)
{
	struct fixture *one = fixture_add(test), *two = fixture_add(test);
	struct class *cards = new_class(test);
	struct device *first, *second;
	char *name_one, *name_two;

	first = new_card(test, cards, &one->dev, "eth0");
	second = new_card(test, cards, &two->dev, "eth1");
	name_one = name_on(test, first);
	name_two = name_on(test, second);
	device_unregister(first);
	device_unregister(second);
	KUNIT_EXPECT_STRNEQ(test, name_one, name_two);

	second = lasting_card(test, cards, &two->dev, "eth0");
	first = lasting_card(test, cards, &one->dev, "eth1");
	KUNIT_EXPECT_STREQ(test, name_on(test, first), name_one);
	KUNIT_EXPECT_STREQ(test, name_on(test, second), name_two);
}

/* Renaming a device while it has an interface, and while it has none. */
static void d2_renamed_device_keeps_its_names(struct kunit *test)
{
	struct device *dev = lasting_card(test, new_class(test), NULL, "eth0");
	char *name = name_on(test, dev);
	struct devif *devif;

	KUNIT_EXPECT_EQ(test, device_rename(dev, "lan0"), 0);
	devif = fixture_register(test, dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_STREQ(test, devif_link_name(devif), name);
	KUNIT_EXPECT_EQ(test, device_rename(dev, "wan0"), 0);
	KUNIT_EXPECT_EQ(test, fixture_try(dev, &guid_a, NULL, 0, &devif),
			DEVIF_EXISTED);
	KUNIT_EXPECT_STREQ(test, devif_link_name(devif), name);
	devif_unregister(devif);
}

/* Expect that the next device may take a name that has become free. */
static void expect_room_for_next(struct kunit *test, struct class *cards,
				 const char *name, struct device *parent,
				 struct device *other)
{
	struct device *first, *second;
	struct devif *devif, *next;
	char renamed[16];

	first = lasting_card(test, cards, parent, name);
	devif = fixture_register(test, first, &guid_a, NULL, 0);
	snprintf(renamed, sizeof(renamed), "was-%s", name);
	KUNIT_ASSERT_EQ(test, device_rename(first, renamed), 0);
	second = lasting_card(test, cards, other, name);
	next = fixture_register(test, second, &guid_a, NULL, 0);
	KUNIT_EXPECT_STRNEQ(test, devif_link_name(devif),
			    devif_link_name(next));
}

static void d4_next_device_of_the_name_has_another(struct kunit *test)
{
	struct fixture *one = fixture_add(test), *two = fixture_add(test);
	struct class *cards = new_class(test);

	expect_room_for_next(test, cards, "eth0", NULL, NULL);
	expect_room_for_next(test, cards, "eth1", &one->dev, &two->dev);
	expect_room_for_next(test, cards, "eth2", &one->dev, &one->dev);
}

/*
 * A moved device, and another one in its old place. Their parents are of the class too:
 * otherwise device_move() would leak the class directory between, and the parent with it.
 */
static void d4_moved_device_keeps_its_names(struct kunit *test)
{
	struct class *cards = new_class(test);
	struct device *one = lasting_card(test, cards, NULL, "hci0");
	struct device *two = lasting_card(test, cards, NULL, "hci1");
	struct device *moved, *next;
	struct devif *devif, *other;
	char *name;

	moved = lasting_card(test, cards, one, "rfcomm0");
	name = name_on(test, moved);
	KUNIT_ASSERT_EQ(test, device_move(moved, two, DPM_ORDER_NONE), 0);
	devif = fixture_register(test, moved, &guid_a, NULL, 0);
	KUNIT_EXPECT_STREQ(test, devif_link_name(devif), name);
	next = lasting_card(test, cards, one, "rfcomm1");
	other = fixture_register(test, next, &guid_a, NULL, 0);
	KUNIT_EXPECT_STRNEQ(test, devif_link_name(other), name);
}

#define PORTS	4

/* The index of a card's port identifies it, in whatever order interfaces are registered. */
static void d4_port_is_known_by_its_index(struct kunit *test)
{
	struct fixture *slot = fixture_add(test);
	struct class *cards = new_class(test);
	struct device *ports[PORTS];
	char *names[PORTS];
	char port_name[16];
	int i;

	for (i = 0; i < PORTS; i++) {
		snprintf(port_name, sizeof(port_name), "port%d", i);
		ports[i] = new_card(test, cards, &slot->dev, port_name);
	}
	for (i = 0; i < PORTS; i++)
		names[i] = name_on(test, ports[i]);
	for (i = 0; i < PORTS; i++)
		device_unregister(ports[i]);

	for (i = 0; i < PORTS; i++) {
		snprintf(port_name, sizeof(port_name), "port%d", i + 7);
		ports[i] = lasting_card(test, cards, &slot->dev, port_name);
	}
	for (i = PORTS - 1; i >= 0; i--)
		KUNIT_EXPECT_STREQ(test, name_on(test, ports[i]), names[i]);
}

/* A port keeps its index when a port before it goes and comes back. */
static void d4_port_keeps_its_index(struct kunit *test)
{
	struct fixture *slot = fixture_add(test);
	struct class *cards = new_class(test);
	struct device *first, *second;
	char *name_first, *name_second;

	first = new_card(test, cards, &slot->dev, "port0");
	second = lasting_card(test, cards, &slot->dev, "port1");
	name_first = name_on(test, first);
	name_second = name_on(test, second);
	KUNIT_EXPECT_STRNEQ(test, name_first, name_second);
	device_unregister(first);
	KUNIT_EXPECT_STREQ(test, name_on(test, second), name_second);
	first = lasting_card(test, cards, &slot->dev, "port2");
	KUNIT_EXPECT_STREQ(test, name_on(test, first), name_first);
	KUNIT_EXPECT_STREQ(test, name_on(test, second), name_second);
}

/* Like partitions: sda2 is the second of its disk, even without a first. */
static void d4_number_within_the_parent_counts(struct kunit *test)
{
	struct fixture *slot = fixture_add(test);
	struct class *cards = new_class(test);
	struct device *disk, *first, *second;
	char *name;

	disk = new_card(test, cards, &slot->dev, "sda");
	first = new_card(test, cards, disk, "sda1");
	second = new_card(test, cards, disk, "sda2");
	KUNIT_EXPECT_STRNEQ(test, name_on(test, first), name_on(test, disk));
	name = name_on(test, second);
	KUNIT_EXPECT_STRNEQ(test, name, name_on(test, first));
	device_unregister(second);
	device_unregister(first);
	device_unregister(disk);

	disk = lasting_card(test, cards, &slot->dev, "sdb");
	second = lasting_card(test, cards, disk, "sdb2");
	KUNIT_EXPECT_STREQ(test, name_on(test, second), name);
}

static struct bus_type numbering_bus = {
	.name = "gameport",
};

static void end_bus(void *arg)
{
	compat_bus_unregister(&numbering_bus);
}

static void release_numbered(struct device *dev)
{
	kfree(dev);
}

/* Make a device on a bus where names depend on the order of probing. */
static struct device *new_numbered(struct kunit *test, struct device *parent,
				   const char *name)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, dev);
	dev->parent = parent;
	dev->bus = &numbering_bus;
	dev->release = release_numbered;
	dev_set_name(dev, "%s", name);
	KUNIT_ASSERT_EQ(test, device_register(dev), 0);
	return dev;
}

static void d4_number_on_a_bus_does_not_count(struct kunit *test)
{
	struct fixture *slot = fixture_add(test);
	struct class *cards = new_class(test);
	struct device *port, *second, *card;
	char *name, *name_second;

	KUNIT_ASSERT_EQ(test, bus_register(&numbering_bus), 0);
	fixture_defer(test, end_bus, NULL);
	port = new_numbered(test, &slot->dev, "gameport0");
	second = new_numbered(test, &slot->dev, "gameport1");
	card = new_card(test, cards, port, "js0");
	name = name_on(test, card);
	device_unregister(card);
	card = new_card(test, cards, second, "js1");
	name_second = name_on(test, card);
	device_unregister(card);
	KUNIT_EXPECT_STRNEQ(test, name, name_second);
	device_unregister(port);
	device_unregister(second);

	port = new_numbered(test, &slot->dev, "gameport5");
	card = new_card(test, cards, port, "js3");
	KUNIT_EXPECT_STREQ(test, name_on(test, card), name);
	device_unregister(card);
	device_unregister(port);
}

/**
 * struct namesakes - two devices of one name on one bus
 * @first: the one that has been renamed
 * @second: the other
 * @name: the name that @first was added with
 */
struct namesakes {
	struct fixture *first, *second;
	char name[16];
};

static void end_namesakes(void *arg)
{
	struct namesakes *namesakes = arg;

	/* the bus has the device by the name that it was added with */
	device_rename(&namesakes->first->dev, namesakes->name);
}

/*
 * Make two devices of one name on one bus, with different parents: the first has been
 * renamed, which the driver core lets happen.
 */
static struct namesakes *make_namesakes(struct kunit *test)
{
	struct fixture *first = fixture_add(test), *parent = fixture_add(test);
	struct fixture *second = fixture_add_child(test, &parent->dev);
	struct namesakes *namesakes = kunit_kzalloc(test, sizeof(*namesakes),
						    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, namesakes);
	namesakes->first = first;
	namesakes->second = second;
	strscpy(namesakes->name, dev_name(&first->dev), sizeof(namesakes->name));
	KUNIT_ASSERT_EQ(test, device_rename(&first->dev, dev_name(&second->dev)),
			0);
	fixture_defer(test, end_namesakes, namesakes);
	return namesakes;
}

/* Of two devices of one name on a bus, one has a key at a time. */
static void expect_one_at_a_time(struct kunit *test, struct device *one,
				 struct device *other)
{
	struct devif *devif, *refused = ERR_PTR(-EBADE), *next;

	KUNIT_ASSERT_GE(test, fixture_try(one, &guid_a, NULL, DEVIF_AUTO, &devif),
			0);
	KUNIT_EXPECT_EQ(test, fixture_try(other, &guid_a, NULL, DEVIF_AUTO,
					  &refused), -EEXIST);
	KUNIT_EXPECT_PTR_EQ(test, refused, ERR_PTR(-EBADE));
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, one, DEVIF_PRESENT), 1);
	KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, other, DEVIF_PRESENT), 0);
	/* another key is no one's yet */
	next = fixture_register(test, other, &guid_b, NULL, 0);
	KUNIT_EXPECT_EQ(test, fixture_try(one, &guid_b, NULL, 0, &refused),
			-EEXIST);

	devif_unregister(devif);
	KUNIT_EXPECT_EQ(test, fixture_try(other, &guid_a, NULL, 0, &devif),
			DEVIF_EXISTED);
	KUNIT_EXPECT_PTR_NE(test, devif, next);
	devif_unregister(devif);
}

static void d4_namesakes_on_a_bus_exclude_each_other(struct kunit *test)
{
	struct namesakes *namesakes = make_namesakes(test);

	expect_one_at_a_time(test, &namesakes->first->dev,
			     &namesakes->second->dev);
	namesakes = make_namesakes(test);
	expect_one_at_a_time(test, &namesakes->second->dev,
			     &namesakes->first->dev);
}

/* A namesake that goes makes room for one that stays. */
static void d4_namesake_gone_makes_room(struct kunit *test)
{
	struct namesakes *namesakes = make_namesakes(test);
	struct device *stays = &namesakes->first->dev;
	struct devif *devif;

	fixture_register(test, &namesakes->second->dev, &guid_a, NULL, 0);
	KUNIT_EXPECT_EQ(test, fixture_try(stays, &guid_a, NULL, 0, &devif),
			-EEXIST);
	fixture_unplug(namesakes->second);
	KUNIT_EXPECT_EQ(test, fixture_try(stays, &guid_a, NULL, 0, &devif),
			DEVIF_EXISTED);
	devif_unregister(devif);
}

/* Length of a chain of devices, deeper than ids are made for. */
#define DEEP	40

static void d4_any_depth(struct kunit *test)
{
	struct device *parent = &fixture_add(test)->dev;
	struct class *cards = new_class(test);
	struct device *chain[DEEP];
	char *name = NULL, *before;
	char deep_name[16];
	int i;

	for (i = 0; i < DEEP; i++) {
		snprintf(deep_name, sizeof(deep_name), "%d-deep", i);
		chain[i] = lasting_card(test, cards, parent, deep_name);
		parent = chain[i];
	}
	for (i = DEEP - 1; i >= 0; i--) {
		before = name;
		name = name_on(test, chain[i]);
		if (before)
			KUNIT_EXPECT_STRNEQ(test, before, name);
	}
}

static struct kunit_case place_cases[] = {
	KUNIT_CASE(d2_renamed_device_keeps_its_names),
	KUNIT_CASE(d4_card_is_known_by_its_slot),
	KUNIT_CASE(d4_next_device_of_the_name_has_another),
	KUNIT_CASE(d4_moved_device_keeps_its_names),
	KUNIT_CASE(d4_port_is_known_by_its_index),
	KUNIT_CASE(d4_port_keeps_its_index),
	KUNIT_CASE(d4_number_within_the_parent_counts),
	KUNIT_CASE(d4_namesakes_on_a_bus_exclude_each_other),
	KUNIT_CASE(d4_namesake_gone_makes_room),
	KUNIT_CASE(d4_number_on_a_bus_does_not_count),
	KUNIT_CASE(d4_any_depth),
	{}
};

static struct kunit_suite place_suite = {
	.name = "devif_place",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = place_cases,
};

kunit_test_suites(&place_suite);
