// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading. The classes themselves are in classes.c.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/devif.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include "wellknown.h"

#define MAX_NAMES	16

static char *classes[MAX_NAMES];
static unsigned int names;
module_param_array(classes, charp, &names, 0444);
MODULE_PARM_DESC(classes, "Classes to publish, for instance disk,net (default all)");

static const struct wk_source *const sources[] = {
#ifdef CONFIG_BLOCK
	&wk_block,
#endif
#if IS_BUILTIN(CONFIG_INPUT)
	&wk_input,
#endif
#ifdef CONFIG_NET
	&wk_net,
#endif
#ifdef CONFIG_POWER_SUPPLY
	&wk_power,
#endif
#ifdef CONFIG_TTY
	&wk_tty,
#endif
};

static unsigned int started;

static int want(const char *name)
{
	unsigned int i;

	for (i = 0; i < wk_class_count; i++) {
		if (!strcmp(wk_classes[i].name, name)) {
			wk_classes[i].wanted = true;
			return 0;
		}
	}
	pr_err("classes: there is no class \"%s\" here\n", name);
	return -EINVAL;
}

static int want_classes(void)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !names && i < wk_class_count; i++)
		wk_classes[i].wanted = true;
	for (i = 0; !ret && i < names; i++)
		ret = want(classes[i]);
	return ret;
}

static bool is_wanted(const struct wk_source *source)
{
	unsigned int i;

	for (i = 0; i < wk_class_count; i++)
		if (wk_classes[i].source == source && wk_classes[i].wanted)
			return true;
	return false;
}

static void stop_sources(void)
{
	while (started--)
		if (is_wanted(sources[started]))
			sources[started]->stop();
}

static int start_sources(void)
{
	int ret = 0;

	for (started = 0; started < ARRAY_SIZE(sources); started++) {
		if (!is_wanted(sources[started]))
			continue;
		ret = sources[started]->start();
		if (ret)
			break;
	}
	if (ret) {
		pr_err("%s: cannot be followed: error %d\n",
		       sources[started]->subsystem, ret);
		stop_sources();
	}
	return ret;
}

static int __init wellknown_init(void)
{
	int ret;

	ret = want_classes();
	if (ret)
		return ret;
	ret = wk_items_init();
	if (ret)
		return ret;
	ret = start_sources();
	if (ret)
		wk_items_exit();
	return ret;
}

static void __exit wellknown_exit(void)
{
	stop_sources();
	wk_items_exit();
}

module_init(wellknown_init);
module_exit(wellknown_exit);

MODULE_DESCRIPTION("Device interfaces of well-known classes for the kernel's devices");
MODULE_LICENSE("GPL");
MODULE_IMPORT_DEVIF();
