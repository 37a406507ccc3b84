/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device links, as sysfs shows them.
 */
#ifndef DEVIF_KUNIT_LINK_H
#define DEVIF_KUNIT_LINK_H

#include <linux/types.h>

struct device;
struct kunit;

bool link_is_there(struct kunit *test, struct device *consumer, struct device *supplier);
bool link_goes(struct kunit *test, struct device *consumer, struct device *supplier);

#endif /* DEVIF_KUNIT_LINK_H */
