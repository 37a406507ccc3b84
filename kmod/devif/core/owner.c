// SPDX-License-Identifier: GPL-2.0
/*
 * Registrations: which module has registered which interface, how often.
 *
 * An interface lives as long as it has registrations. When a module is unloaded, the
 * registrations that it has left are given up after its exit function. So a registration
 * always has a living owner; and because owners use our symbols, no registration is left
 * when this module is unloaded.
 *
 * An interface is automatic as long as one of its registrations is. A call that ends one
 * of a module's registrations does not say which: the automatic ones end last.
 */
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "core/core.h"

/**
 * struct devif_registration - a module's registration of an interface
 * @of_devif: in the list of the interface
 * @of_owner: in the table of owners; a module's registrations share a bucket
 * @devif: the interface, referenced
 * @owner: the module
 * @count: number of successful calls of devif_register() not undone
 * @automatic: one of these calls has asked for %DEVIF_AUTO
 */
struct devif_registration {
	struct list_head of_devif;
	struct hlist_node of_owner;
	struct devif *devif;
	struct module *owner;
	unsigned int count;
	bool automatic;
};

/* Registrations by owner; guarded by devif_registry_lock. */
static DEFINE_HASHTABLE(owners, 6);

static struct devif_registration *registration_find_in(struct devif *devif,
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

static void registration_forget(struct devif_registration *reg)
{
	reg->devif->automatic -= reg->automatic;
	list_del(&reg->of_devif);
	hash_del(&reg->of_owner);
	kfree(reg);
}

/**
 * devif_registration_alloc() - make a registration that is not in use
 *
 * Context: May sleep.
 *
 * Return: the registration, for devif_registration_add() or kfree(), or %NULL
 */
struct devif_registration *devif_registration_alloc(void)
{
	return kzalloc(sizeof(struct devif_registration), GFP_KERNEL);
}

/**
 * devif_registration_add() - count a registration
 * @spare: a new registration, taken and set to %NULL if @owner has none of @devif
 * @devif: interface that is registered
 * @owner: module that registers it
 * @automatic: whether it asks for %DEVIF_AUTO
 *
 * Context: Registry lock held.
 *
 * Return: whether @devif has been made automatic by this
 */
bool devif_registration_add(struct devif_registration **spare,
			    struct devif *devif, struct module *owner,
			    bool automatic)
{
	struct devif_registration *reg = registration_find_in(devif, owner);

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
	if (!automatic || reg->automatic)
		return false;
	reg->automatic = true;
	return !devif->automatic++;
}

/**
 * devif_registration_drop() - count a registration back
 * @devif: interface that is registered
 * @owner: module that has registered it
 * @last: set to whether the count is 0 now: then the caller has the registration's
 *	reference to @devif
 *
 * Context: Registry lock held.
 *
 * Return: 0, or -ENOENT if @owner has no registration of @devif
 */
int devif_registration_drop(struct devif *devif, struct module *owner,
			    bool *last)
{
	struct devif_registration *reg = registration_find_in(devif, owner);

	lockdep_assert_held(&devif_registry_lock);
	*last = false;
	if (!reg)
		return -ENOENT;
	if (--reg->count)
		return 0;
	registration_forget(reg);
	*last = true;
	return 0;
}

/**
 * devif_registration_take() - drop a registration that a module has left
 * @owner: the module
 *
 * Context: Registry lock held.
 *
 * Return: the interface, with the registration's reference, or %NULL if none is left
 */
struct devif *devif_registration_take(const struct module *owner)
{
	struct devif_registration *reg = find_owned(owner);
	struct devif *devif;

	lockdep_assert_held(&devif_registry_lock);
	if (!reg)
		return NULL;
	devif = reg->devif;
	registration_forget(reg);
	return devif;
}
