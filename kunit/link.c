// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/sysfs.h>

#include "link.h"

/* Return whether the directory of the consumer, which is registered, has the link. */
bool link_is_there(struct kunit *test, struct device *consumer, struct device *supplier)
{
	char *name = kasprintf(GFP_KERNEL, "supplier:%s:%s", dev_bus_name(supplier),
			       dev_name(supplier));
	struct kernfs_node *node;

	KUNIT_ASSERT_NOT_NULL(test, name);
	node = sysfs_get_dirent(consumer->kobj.sd, name);
	kfree(name);
	sysfs_put(node);
	return node;
}

/* Return whether the link disappears, now or in a while. */
bool link_goes(struct kunit *test, struct device *consumer, struct device *supplier)
{
	int tries = 500;

	while (link_is_there(test, consumer, supplier)) {
		if (!tries--)
			return false;
		msleep(20);
	}
	return true;
}
