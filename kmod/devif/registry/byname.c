// SPDX-License-Identifier: GPL-2.0
/*
 * Opening by name: an importer knows the symbolic link name of an interface, from a
 * property or a parameter perhaps, and has not been told of an arrival.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "file/file.h"

int __devif_target_open_by_name(const char *name, const char *path,
				unsigned int access,
				const struct devif_target_desc *desc,
				struct module *owner, struct lock_class_key *key,
				struct devif_target **target)
{
	struct devif *devif;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(name) || !desc || !target) {
		pr_err_ratelimited("target: no name, description or result\n");
		return -EINVAL;
	}
	*target = NULL;
	devif = devif_find_by_name(name);
	if (!devif)
		return -ENOENT;
	ret = devif_target_open_new(devif, path, access, desc, owner, key, target);
	devif_put(devif);
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devif_target_open_by_name);
