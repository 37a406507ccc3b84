// SPDX-License-Identifier: GPL-2.0
/*
 * Registrations: which module has registered which interface, how often.
 *
 * An interface lives as long as anybody has it registered. What a module has
 * left behind is given up when it is unloaded, after its exit function. So a
 * registration always has a living owner; and because owners use our symbols,
 * there are none when this module is unloaded.
 */
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/slab.h>

#include "internal.h"

/**
 * devif_managed_begin() - a device has got a managed resource of ours
 *
 * What a module has left to a device that is not its own stays with the device when
 * the module is unloaded, and so must the code that releases it.
 *
 * Context: Any; the caller's module uses ours.
 */
void devif_managed_begin(void)
{
	__module_get(THIS_MODULE);
}

/**
 * devif_managed_end() - a managed resource of ours is released
 *
 * The last thing that a release function does; devif_unload() waits until it has
 * returned.
 *
 * Context: Any.
 */
void devif_managed_end(void)
{
	module_put(THIS_MODULE);
}

/**
 * struct devif_registration - a module's registration of an interface
 * @of_devif: in the list of the interface
 * @of_owner: in the table of owners; a module's registrations share a bucket
 * @devif: the interface, referenced
 * @owner: the module
 * @count: successful calls of devif_register() not undone
 */
struct devif_registration {
	struct list_head of_devif;
	struct hlist_node of_owner;
	struct devif *devif;
	struct module *owner;
	unsigned int count;
};

/* by owner; guarded by devif_registry_lock */
static DEFINE_HASHTABLE(owners, 6);

static struct devif_registration *find_in(struct devif *devif,
					  const struct module *owner)
{
	struct devif_registration *reg;

	list_for_each_entry(reg, &devif->registrations, of_devif)
		if (reg->owner == owner)
			return reg;
	return NULL;
}

static struct devif_registration *find_owned(const struct module *owner)
{
	struct devif_registration *reg;

	hash_for_each_possible(owners, reg, of_owner, (unsigned long)owner)
		if (reg->owner == owner)
			return reg;
	return NULL;
}

static void forget(struct devif_registration *reg)
{
	list_del(&reg->of_devif);
	hash_del(&reg->of_owner);
	kfree(reg);
}

/**
 * devif_registration_alloc() - make a registration that is not in use
 *
 * Return: the registration, for devif_registration_add() or kfree(), or %NULL
 */
struct devif_registration *devif_registration_alloc(void)
{
	return kzalloc(sizeof(struct devif_registration), GFP_KERNEL);
}

/**
 * devif_registration_add() - count a registration
 * @spare: a new registration, taken and set to %NULL if it is needed
 * @devif: interface that is registered
 * @owner: module that registers it
 *
 * Context: Registry lock held.
 */
void devif_registration_add(struct devif_registration **spare,
			    struct devif *devif, struct module *owner)
{
	struct devif_registration *reg = find_in(devif, owner);

	lockdep_assert_held(&devif_registry_lock);
	if (!reg) {
		reg = *spare;
		*spare = NULL;
		reg->devif = devif_get(devif);
		reg->owner = owner;
		list_add_tail(&reg->of_devif, &devif->registrations);
		hash_add(owners, &reg->of_owner, (unsigned long)owner);
	}
	reg->count++;
}

/**
 * devif_registration_drop() - count a registration back
 * @devif: interface that is registered
 * @owner: module that has registered it
 * @last: whether that was the owner's last, whose reference to @devif the caller
 *	now holds
 *
 * Context: Registry lock held.
 *
 * Return: 0, or -ENOENT if there was no such registration
 */
int devif_registration_drop(struct devif *devif, struct module *owner,
			    bool *last)
{
	struct devif_registration *reg = find_in(devif, owner);

	lockdep_assert_held(&devif_registry_lock);
	*last = false;
	if (!reg)
		return -ENOENT;
	if (--reg->count)
		return 0;
	forget(reg);
	*last = true;
	return 0;
}

/* Give up one interface that a module has left registered. */
static bool give_up_one(const struct module *owner)
{
	struct devif_registration *reg;
	struct devif *devif;
	bool unowned, detached;

	mutex_lock(&devif_registry_lock);
	reg = find_owned(owner);
	if (!reg) {
		mutex_unlock(&devif_registry_lock);
		return false;
	}
	devif = reg->devif;
	forget(reg);
	unowned = list_empty(&devif->registrations);
	detached = unowned && devif_detach(devif);
	mutex_unlock(&devif_registry_lock);

	if (detached)
		devif_take_away(devif);
	else if (unowned)
		devif_wait_gone(devif);
	devif_put(devif);
	return true;
}

static int module_event(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct module *module = data;
	unsigned int callbacks, exports, n = 0;

	if (event != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	callbacks = devif_runner_module_gone(module);
	devif_holders_module_gone(module);
	exports = devif_export_module_gone(module);
	while (give_up_one(module))
		n++;
	if (n || exports || callbacks)
		pr_info("devif: %s left %u interfaces, %u exports and %u callbacks, they are given up\n",
			module->name, n, exports, callbacks);
	devif_watch_drop_unused(module);
	return NOTIFY_OK;
}

static struct notifier_block module_nb = {
	.notifier_call = module_event,
};

int devif_owner_init(void)
{
	return register_module_notifier(&module_nb);
}

void devif_owner_exit(void)
{
	unregister_module_notifier(&module_nb);
}
