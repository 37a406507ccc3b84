// SPDX-License-Identifier: GPL-2.0
/*
 * Places: the ids of devices without a bus.
 *
 * The name of such a device mostly depends on the order of probing: eth0, ttyUSB0,
 * hidraw0, video0. The next boot may give the name to another device, and network devices
 * are renamed. So the id of a device of a class says where the device is (D4): the id of
 * its parent, the class, and
 *
 *	- the part that its name adds to its parent's, after a "=": sda4 below sda is "=4"
 *	- else its index among the parent's children of that class: the lowest that is
 *	  free, given in the order in which they were added
 *
 *	bus#pci#0000:00:03.0#net#0
 *	bus#usb#1-1:1.0#usb-serial#0#tty#0
 *
 * The id of a parent on a bus is its name there, unless the bus numbers its devices in the
 * order of probing, too. Then the id is made of the grandparent's id and the number of
 * elder siblings on the same bus.
 *
 * The id of a device without a parent, which software has made, is its name; the id of a
 * device without a class is its path in the tree. A number is added if another device took
 * the id and still exists: renamed since, or moved, or in another namespace.
 *
 * A device keeps its place, even if renamed or moved, until it is removed. The place is a
 * managed resource of the device; the driver core gives it back, or this module when it
 * is unloaded.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "core/core.h"
#include "lib/wait.h"

/* Deeper in a tree of devices of classes, names are used: the search is recursive. */
#define MAX_DEPTH	8

/* Buses on which a name is a number in the order of probing. */
static const char *const numbering_buses[] = {
	"gameport", "hid", "serio", "usb-serial", "virtio",
};

/**
 * struct place_group - places that differ by their index only
 * @node: in the table of groups, key @base
 * @places: by index
 * @rcu: for freeing
 * @base: common beginning of their ids
 */
struct place_group {
	struct rhash_head node;
	struct xarray places;
	struct rcu_head rcu;
	char base[];
};

/**
 * struct place - the place of a device, whose managed resource it is
 * @entry: in the list of places, or empty
 * @dev: the device
 * @group: its group
 * @index: in @group
 * @id: id of the device
 */
struct place {
	struct list_head entry;
	struct device *dev;
	struct place_group *group;
	u32 index;
	char id[];
};

/* "#" and an index */
#define INDEX_LENGTH	(1 + 10)

/*
 * Guards the groups, the list of places and their ids. No function that could release a
 * device is called under it.
 */
static DEFINE_SPINLOCK(places_lock);
static LIST_HEAD(places);
static struct rhashtable groups;

/* Number of places, also those being given back. */
static atomic_t place_count = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(no_places);

static u32 hash_group(const void *data, u32 len, u32 seed)
{
	const struct place_group *group = data;

	return devif_hash_string(group->base, 0, seed);
}

static int compare_base(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct place_group *group = data;

	return strcmp(group->base, arg->key);
}

static const struct rhashtable_params groups_params = {
	.head_offset = offsetof(struct place_group, node),
	.hashfn = devif_hash_string,
	.obj_hashfn = hash_group,
	.obj_cmpfn = compare_base,
	.automatic_shrinking = true,
};

static void drop_group_if_empty(struct place_group *group)
{
	lockdep_assert_held(&places_lock);
	if (!xa_empty(&group->places))
		return;
	rhashtable_remove_fast(&groups, &group->node, groups_params);
	xa_destroy(&group->places);
	kfree_rcu(group, rcu);
}

/* The device is removed, or this module unloaded. */
static void release_place(struct device *dev, void *res)
{
	struct place *place = res;

	spin_lock(&places_lock);
	list_del(&place->entry);
	xa_erase(&place->group->places, place->index);
	drop_group_if_empty(place->group);
	spin_unlock(&places_lock);
	if (atomic_dec_and_test(&place_count))
		wake_up(&no_places);
}

static struct place *place_of(struct device *dev)
{
	return devres_find(dev, release_place, NULL, NULL);
}

/* Return the id of a device that has a place, for kfree(); %NULL without a place. */
static char *copy_id(struct device *dev)
{
	struct place *place;
	char *id = NULL;

	/* release_place() waits for the lock */
	spin_lock(&places_lock);
	place = place_of(dev);
	if (place)
		id = kstrdup(place->id, GFP_ATOMIC) ?: ERR_PTR(-ENOMEM);
	spin_unlock(&places_lock);
	return id;
}

static struct place_group *alloc_group(const char *base)
{
	size_t size = strlen(base) + 1;
	struct place_group *group;

	group = kzalloc(struct_size(group, base, size), GFP_KERNEL);
	if (!group)
		return NULL;
	xa_init_flags(&group->places, XA_FLAGS_ALLOC);
	memcpy(group->base, base, size);
	return group;
}

/* Return the group with the base of @spare; a new group uses @spare up. */
static struct place_group *find_group(struct place_group **spare)
{
	struct place_group *group;

	lockdep_assert_held(&places_lock);
	group = rhashtable_lookup_fast(&groups, (*spare)->base, groups_params);
	if (group)
		return group;
	group = *spare;
	if (rhashtable_insert_fast(&groups, &group->node, groups_params))
		return NULL;
	*spare = NULL;
	return group;
}

/* Return whether @dev has got @place, or -ENOMEM. */
static int enter_group(struct device *dev, struct place *place,
		       struct place_group **spare, bool bare)
{
	struct place_group *group;
	int length;

	lockdep_assert_held(&places_lock);
	if (place_of(dev))
		return false;
	group = find_group(spare);
	if (!group)
		return -ENOMEM;
	if (xa_alloc(&group->places, &place->index, place, xa_limit_31b,
		     GFP_ATOMIC)) {
		drop_group_if_empty(group);
		return -ENOMEM;
	}
	place->dev = dev;
	place->group = group;
	length = sprintf(place->id, "%s", group->base);
	if (!bare || place->index)
		sprintf(place->id + length, "#%u", place->index);
	atomic_inc(&place_count);
	list_add(&place->entry, &places);
	devres_add(dev, place);
	return true;
}

/*
 * Give a device a place, unless it has one: @base with the lowest index that is free. If
 * @bare, index 0 is not written.
 */
static int add_place(struct device *dev, const char *base, bool bare)
{
	size_t size = sizeof(struct place) + strlen(base) + INDEX_LENGTH + 1;
	struct place_group *spare = alloc_group(base);
	struct place *place = devres_alloc(release_place, size, GFP_KERNEL);
	int ret = -ENOMEM;

	if (spare && place) {
		spin_lock(&places_lock);
		ret = enter_group(dev, place, &spare, bare);
		spin_unlock(&places_lock);
	}
	kfree(spare);
	if (ret <= 0)
		devres_free(place);
	return ret < 0 ? ret : 0;
}

/*
 * Siblings: the elder siblings of a device get their indices first. So the indices do not
 * depend on the order of requests.
 */

/**
 * struct sibling - a device that is to get a place
 * @entry: in struct siblings
 * @dev: the device, referenced
 */
struct sibling {
	struct list_head entry;
	struct device *dev;
};

/**
 * struct siblings - a search for the devices that are to get a place
 * @list: found so far, in the order in which the devices were added
 * @last: the youngest device to get a place
 * @seen: @last has been found
 */
struct siblings {
	struct list_head list;
	struct device *last;
	bool seen;
};

/* Return the part that a device's name adds to its parent's, or %NULL. */
static const char *place_addition(const char *name, const struct device *parent)
{
	const char *start = dev_name(parent);
	size_t length = strlen(start);

	return !strncmp(name, start, length) && name[length] ? name + length :
							       NULL;
}

static int add_sibling(struct siblings *siblings, struct device *dev)
{
	struct sibling *sibling = kzalloc(sizeof(*sibling), GFP_KERNEL);

	if (!sibling)
		return -ENOMEM;
	sibling->dev = get_device(dev);
	list_add(&sibling->entry, &siblings->list);
	cond_resched();
	return 0;
}

/* Called for the children from the youngest to the eldest, until one has a place. */
static int note_sibling(struct device *dev, void *data)
{
	struct siblings *siblings = data;

	siblings->seen |= dev == siblings->last;
	if (!siblings->seen || dev->class != siblings->last->class || dev->bus ||
	    place_addition(dev_name(dev), dev->parent))
		return 0;
	return place_of(dev) ? 1 : add_sibling(siblings, dev);
}

static int place_siblings(struct device *dev, const char *base)
{
	struct siblings siblings = { .last = dev };
	struct sibling *sibling, *next;
	int ret;

	INIT_LIST_HEAD(&siblings.list);
	ret = device_for_each_child_reverse(dev->parent, &siblings,
					    note_sibling);
	list_for_each_entry_safe(sibling, next, &siblings.list, entry) {
		if (ret >= 0)
			ret = add_place(sibling->dev, base, false);
		put_device(sibling->dev);
		kfree(sibling);
		cond_resched();
	}
	return ret < 0 ? ret : add_place(dev, base, false);
}

/*
 * Parents
 */

static bool numbers_devices(compat_bus_t *bus)
{
	return match_string(numbering_buses, ARRAY_SIZE(numbering_buses),
			    bus->name) >= 0;
}

/**
 * struct rank - the number of elder siblings of a device on its bus
 * @dev: the device
 * @before: the number
 */
struct rank {
	const struct device *dev;
	unsigned int before;
};

static int count_before(struct device *dev, void *data)
{
	struct rank *rank = data;

	if (dev == rank->dev)
		return 1;
	rank->before += dev->bus == rank->dev->bus;
	return 0;
}

static char *class_id(struct device *dev, unsigned int depth);

/* Return the id of a device that has children. */
static char *parent_id(struct device *dev, unsigned int depth)
{
	struct rank rank = { .dev = dev };
	char number[INDEX_LENGTH + 1];
	char *above, *id;

	if (!dev->bus)
		return class_id(dev, depth + 1);
	if (!dev->parent || depth >= MAX_DEPTH || !numbers_devices(dev->bus))
		return devif_id_of_name("bus", dev->bus->name, dev);
	above = parent_id(dev->parent, depth + 1);
	if (!above)
		return NULL;
	device_for_each_child(dev->parent, &rank, count_before);
	snprintf(number, sizeof(number), "%u", rank.before);
	id = devif_id_join(above, dev->bus->name, number);
	kfree(above);
	return id;
}

/* Make a place by the name alone, or without a class by the path. */
static int place_by_name(struct device *dev)
{
	char *path = NULL, *base = NULL;
	int ret = -ENOMEM;

	if (dev->class) {
		base = devif_id_of_name("class", dev->class->name, dev);
	} else {
		path = kobject_get_path(&dev->kobj, GFP_KERNEL);
		if (path)
			base = devif_id_join("dev", "", path);
	}
	if (base)
		ret = add_place(dev, base, true);
	kfree(path);
	kfree(base);
	return ret;
}

/* Make a place below the parent, which has the id @above. */
static int place_below(struct device *dev, const char *above)
{
	char name[1 + NAME_MAX + 1] = "=";
	const char *added;
	char *base;
	int ret = -ENOMEM;

	strscpy(name + 1, dev_name(dev), sizeof(name) - 1);
	added = place_addition(name + 1, dev->parent);
	if (added)
		memmove(name + 1, added, strlen(added) + 1);
	base = devif_id_join(above, dev->class->name, added ? name : "");
	if (!base)
		return -ENOMEM;
	if (added) {
		ret = add_place(dev, base, true);
	} else {
		/* the separator comes with the index */
		base[strlen(base) - 1] = '\0';
		ret = place_siblings(dev, base);
	}
	kfree(base);
	return ret;
}

static int make_place(struct device *dev, unsigned int depth)
{
	char *above;
	int ret;

	if (!dev->class || !dev->parent || depth >= MAX_DEPTH)
		return place_by_name(dev);
	above = parent_id(dev->parent, depth);
	if (!above)
		return -ENOMEM;
	ret = place_below(dev, above);
	kfree(above);
	return ret;
}

static char *class_id(struct device *dev, unsigned int depth)
{
	char *id = copy_id(dev);

	if (!id && !make_place(dev, depth))
		id = copy_id(dev);
	return IS_ERR(id) ? NULL : id;
}

/**
 * devif_place_id() - the id of a device that is on no bus
 * @dev: a registered device
 *
 * Context: May sleep; no lock held, other than that of @dev.
 *
 * Return: a string for kfree(), or %NULL without memory.
 */
char *devif_place_id(struct device *dev)
{
	return class_id(dev, 0);
}

/* Return a device that has a place, referenced, and once only; or %NULL. */
static struct device *next_device(void)
{
	struct device *dev = NULL;
	struct place *place;

	spin_lock(&places_lock);
	list_for_each_entry(place, &places, entry) {
		/* else the driver core is just giving the place back */
		if (!kobject_get_unless_zero(&place->dev->kobj))
			continue;
		dev = place->dev;
		list_del_init(&place->entry);
		break;
	}
	spin_unlock(&places_lock);
	return dev;
}

int devif_place_init(void)
{
	return rhashtable_init(&groups, &groups_params);
}

/**
 * devif_place_exit() - take all places from their devices
 *
 * Context: May sleep. No device is asked for its id any more.
 */
void devif_place_exit(void)
{
	struct device *dev;

	while ((dev = next_device())) {
		devres_destroy(dev, release_place, NULL, NULL);
		put_device(dev);
	}
	devif_wait_event(no_places, !atomic_read(&place_count),
			 "unloading waits for %d places of devices that are being removed",
			 atomic_read(&place_count));
	rhashtable_destroy(&groups);
}

/**
 * devif_device_id() - the device's part of symbolic link names
 * @dev: a registered device
 *
 * Context: May sleep; no lock held, other than that of @dev.
 *
 * Return: a string for kfree(), or %NULL without memory.
 */
char *devif_device_id(struct device *dev)
{
	return dev->bus ? devif_id_of_name("bus", dev->bus->name, dev) :
			  devif_place_id(dev);
}
