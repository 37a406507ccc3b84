/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual hardware for the tests of devif_wellknown: a platform device that has
 * functions of several kinds.
 */
#ifndef DEVIF_HARDWARE_H
#define DEVIF_HARDWARE_H

#include <linux/err.h>
#include <linux/kconfig.h>

struct device;

/* Each makes a function of a device; unbinding the device's driver removes it. */
int hardware_add_net(struct device *dev, unsigned int port);

#ifdef CONFIG_BLOCK
int hardware_add_disk(struct device *dev, const char *name);
#else
static inline int hardware_add_disk(struct device *dev, const char *name)
{
	return 0;
}
#endif

#ifdef CONFIG_POWER_SUPPLY
int hardware_add_battery(struct device *dev);
#else
static inline int hardware_add_battery(struct device *dev)
{
	return 0;
}
#endif

#if IS_BUILTIN(CONFIG_INPUT)
int hardware_init_hid(void);
void hardware_exit_hid(void);
int hardware_add_hid(struct device *dev);
#else
static inline int hardware_init_hid(void)
{
	return 0;
}

static inline void hardware_exit_hid(void)
{
}

static inline int hardware_add_hid(struct device *dev)
{
	return 0;
}
#endif

#endif /* DEVIF_HARDWARE_H */
