// SPDX-License-Identifier: GPL-2.0
/*
 * Registration: interfaces come, are found, and are taken away.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#define dev_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <trace/events/devif.h>

#include "core/property.h"
#include "lib/managed.h"
#include "lib/wait.h"
#include "registry/registry.h"

/* The key of an interface (A2), with its hash. */
struct devif_key {
	const struct device *dev;
	const guid_t *class;
	const char *reference;
	u32 hash;
};

static struct rhashtable interfaces;
static u32 hash_seed __ro_after_init;

static struct devif_key make_key(const struct device *dev, const guid_t *class,
				 const char *reference)
{
	u32 hash = jhash(&dev, sizeof(dev), hash_seed);

	hash = jhash(class, sizeof(*class), hash);
	hash = jhash(reference, strlen(reference), hash);
	return (struct devif_key) {
		.dev = dev,
		.class = class,
		.reference = reference,
		.hash = hash,
	};
}

static u32 hash_key(const void *data, u32 len, u32 seed)
{
	const struct devif_key *key = data;

	return jhash_1word(key->hash, seed);
}

static u32 hash_interface(const void *data, u32 len, u32 seed)
{
	const struct devif *devif = data;

	return jhash_1word(devif->hash, seed);
}

static int compare_key(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct devif_key *key = arg->key;
	const struct devif *devif = data;

	return devif->hash != key->hash || devif->key_dev != key->dev ||
	       !guid_equal(&devif->key_class->guid, key->class) ||
	       strcmp(devif->key_reference, key->reference);
}

static const struct rhashtable_params interfaces_params = {
	.head_offset = offsetof(struct devif, node),
	.hashfn = hash_key,
	.obj_hashfn = hash_interface,
	.obj_cmpfn = compare_key,
	.automatic_shrinking = true,
};

/*
 * Memory
 */

struct devif *devif_find(const guid_t *class, const struct device *dev,
			 const char *reference)
{
	struct devif_key key;
	struct devif *devif;

	if (!class || IS_ERR_OR_NULL(dev))
		return NULL;
	key = make_key(dev, class, reference ?: "");
	rcu_read_lock();
	devif = rhashtable_lookup(&interfaces, &key, interfaces_params);
	if (devif && !devif_tryget(devif))
		devif = NULL;
	rcu_read_unlock();
	return devif;
}
EXPORT_SYMBOL_DEVIF(devif_find);

/*
 * In and out of the tables
 */

/* On success the interface owns the caller's use of @host. */
static int enter_tables(struct devif *devif, struct devif_host *host,
			struct devif_record *record)
{
	struct devif_key key;
	int ret;

	lockdep_assert_held(&devif_registry_lock);
	devif->host = host;
	devif->record = record;
	devif->index = host->next_index;
	ret = xa_insert(&host->interfaces, devif->index, devif, GFP_NOIO);
	if (ret)
		return ret;

	devif->key_dev = host->dev;
	devif->key_class = record->class;
	devif->key_reference = record->reference;
	key = make_key(host->dev, &record->class->guid, record->reference);
	devif->hash = key.hash;
	ret = rhashtable_lookup_insert_key(&interfaces, &key, &devif->node,
					   interfaces_params);
	if (ret)
		goto err_index;

	host->next_index++;
	devif_host_get(host);
	devif_record_get(record);
	rcu_assign_pointer(record->live, devif);
	return 0;

err_index:
	xa_erase(&host->interfaces, devif->index);
	return ret == -EBUSY ? ret : -ENOMEM;
}

static void leave_tables(struct devif *devif)
{
	struct devif_record *record = devif->record;

	guard(mutex)(&devif_registry_lock);
	rhashtable_remove_fast(&interfaces, &devif->node, interfaces_params);
	xa_erase(&devif->host->interfaces, devif->index);
	RCU_INIT_POINTER(record->live, NULL);
}

/**
 * devif_detach() - decide that an interface ends
 * @devif: the interface
 *
 * Context: Registry lock held.
 *
 * Return: whether the caller has to call devif_take_away()
 */
bool devif_detach(struct devif *devif)
{
	lockdep_assert_held(&devif_registry_lock);
	if (devif->life == DEVIF_LIFE_ENDED)
		return false;
	WRITE_ONCE(devif->life, DEVIF_LIFE_ENDED);
	return true;
}

static void set_present(struct devif *devif, bool present)
{
	struct devif_record *record = devif->record;
	struct devif_class *class = record->class;

	lockdep_assert_held(&devif_registry_lock);
	if (present)
		xa_set_mark(&class->records, record->index, DEVIF_MARK_PRESENT);
	else
		xa_clear_mark(&class->records, record->index,
			      DEVIF_MARK_PRESENT);
	if (!present)
		devif_record_left(record);
	devif_properties_live(&record->properties, present);
	devif_shown_changed();
}

/**
 * devif_wait_added() - wait until the device of an interface is added, or adding it failed
 * @devif: the interface
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_wait_added(struct devif *devif)
{
	devif_wait(&devif->added,
		   "%s: waiting for it to be added to sysfs",
		   devif_link_name(devif));
}

/* Wait until another task has taken an interface away. */
static void registry_wait_gone(struct devif *devif)
{
	devif_wait(&devif->gone,
		   "%s: waiting for it to be taken away",
		   devif_link_name(devif));
}

/**
 * devif_take_away() - disable an interface and remove it from the system
 * @devif: an interface that the caller has detached, and holds
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_take_away(struct devif *devif)
{
	struct devif_host *host = devif->host;
	unsigned int noio = memalloc_noio_save();

	devif_wait_added(devif);
	if (devif->dev) {
		devif_sync_state(devif);
		mutex_lock(&devif_registry_lock);
		set_present(devif, false);
		mutex_unlock(&devif_registry_lock);
		devif_sysfs_remove(devif);
	}
	devif_listeners_gone(devif);
	leave_tables(devif);
	devif_host_unuse(host);
	complete_all(&devif->gone);
	memalloc_noio_restore(noio);
	devif_put(devif);
}

/**
 * devif_end() - take an interface away, or wait for the task that does
 * @devif: an interface that is detached, and that the caller holds
 * @detached: whether the caller has detached it
 *
 * Context: May sleep; no lock of ours held.
 */
void devif_end(struct devif *devif, bool detached)
{
	if (detached)
		devif_take_away(devif);
	else
		registry_wait_gone(devif);
}

/*
 * Registration
 */

/**
 * struct request - a call of devif_register()
 * @dev: the device
 * @guid: the class
 * @reference: reference string, empty for none
 * @flags: enum devif_flags
 * @mode: permissions of the character device
 * @owner: module that registers
 * @class: used until the call ends
 * @host: used until the call ends, or as long as @devif is in the tables
 * @record: new record, used if the key has none
 * @record_is_new: @record has been used
 * @differs: an argument differs from that of the interface: the call fails with -EBUSY,
 *	which has another meaning for a single try
 * @registration: new registration, used if @owner has none of the interface
 * @devif: interface of the key once it is found or entered, referenced
 * @result: the caller's pointer to the interface
 */
struct request {
	struct device *dev;
	const guid_t *guid;
	const char *reference;
	unsigned int flags;
	umode_t mode;
	struct module *owner;

	struct devif_class *class;
	struct devif_host *host;
	struct devif_record *record;
	bool record_is_new;
	bool differs;
	struct devif_registration *registration;
	struct devif *devif;
	struct devif **result;
};

/* Permissions of a character device whose registration names none; see devif.h. */
#define DEFAULT_MODE	0600

static int check_reference(const struct request *req)
{
	size_t where;
	int ret = devif_check_reference(req->reference, &where);

	if (ret == -EINVAL)
		dev_err_ratelimited(req->dev,
				    "reference string: byte 0x%02x at %zu is not allowed\n",
				    (unsigned char)req->reference[where], where);
	if (ret == -ENAMETOOLONG)
		dev_err_ratelimited(req->dev,
				    "reference string: too long\n");
	return ret;
}

static int registry_check_request(const struct request *req, unsigned int known_flags)
{
	if (IS_ERR_OR_NULL(req->dev)) {
		pr_err_ratelimited("register: no device\n");
		return -EINVAL;
	}
	if (!req->guid || guid_is_null(req->guid)) {
		dev_err_ratelimited(req->dev, "class: null GUID\n");
		return -EINVAL;
	}
	if (req->flags & ~known_flags) {
		dev_err_ratelimited(req->dev, "flags: 0x%x unknown\n",
				    req->flags & ~known_flags);
		return -EINVAL;
	}
	if (req->mode & ~0777 || (req->mode && !(req->flags & DEVIF_NODE))) {
		dev_err_ratelimited(req->dev,
				    "mode: 0%o: no permissions, or no node\n",
				    req->mode);
		return -EINVAL;
	}
	if (!device_is_registered(req->dev)) {
		dev_err_ratelimited(req->dev, "device: not registered\n");
		return -ENODEV;
	}
	return check_reference(req);
}

static void finish_request(struct request *req)
{
	if (req->record_is_new && !req->devif)
		devif_record_forget(req->record, false);
	if (!IS_ERR_OR_NULL(req->record))
		devif_record_put(req->record);
	kfree(req->registration);
	if (!IS_ERR_OR_NULL(req->host))
		devif_host_unuse(req->host);
	if (!IS_ERR_OR_NULL(req->class))
		devif_class_unuse(req->class);
}

static int prepare_request(struct request *req)
{
	req->class = devif_class_use(req->guid);
	if (IS_ERR(req->class))
		return PTR_ERR(req->class);
	req->host = devif_host_use(req->dev);
	if (IS_ERR(req->host))
		return PTR_ERR(req->host);
	req->record = devif_record_alloc(req->host->id, req->guid,
					 req->reference);
	if (IS_ERR(req->record)) {
		if (PTR_ERR(req->record) == -ENAMETOOLONG)
			dev_err_ratelimited(req->dev,
					    "reference string: too long\n");
		return PTR_ERR(req->record);
	}
	return 0;
}

/* End the registration that a failed request has made. */
static void registry_revert(struct request *req)
{
	bool last;

	mutex_lock(&devif_registry_lock);
	devif_registration_drop(req->devif, req->owner, &last);
	mutex_unlock(&devif_registry_lock);
	if (last)
		devif_put(req->devif);
	devif_put(req->devif);
	req->devif = NULL;
	*req->result = NULL;
}

/* Set the result before the interface can be enabled and subscribers be told of it. */
static void answer_with(struct request *req, struct devif *devif)
{
	lockdep_assert_held(&devif_registry_lock);
	if (devif_registration_add(&req->registration, devif, req->owner,
				   req->flags & DEVIF_AUTO))
		devif_auto_begins(devif);
	req->devif = devif_get(devif);
	*req->result = devif;
}

static umode_t effective_mode(umode_t mode)
{
	return mode ?: DEFAULT_MODE;
}

/*
 * The node, its mode, and who sees events belong to the interface, not to a registration.
 * Return the argument that differs from the interface's, or NULL.
 */
static const char *registry_differing(const struct request *req,
				      const struct devif *devif)
{
	unsigned int flags = req->flags ^ devif->flags;

	if (flags & DEVIF_NODE)
		return "flags: DEVIF_NODE";
	if (flags & DEVIF_PUBLIC_EVENTS)
		return "flags: DEVIF_PUBLIC_EVENTS";
	/* both are 0 without a node */
	if (effective_mode(req->mode) != effective_mode(devif->mode))
		return "mode";
	return NULL;
}

/* An interface that is being added may yet fail, and leave the key to the request. */
static int registry_refuse(struct request *req, const struct devif *devif,
			   const char *argument)
{
	if (devif->life == DEVIF_LIFE_NEW)
		return -EAGAIN;
	dev_err_ratelimited(req->dev,
			    "%s: differs: %s is registered with flags 0x%x, mode %#o\n",
			    argument, devif_link_name(devif), devif->flags,
			    devif->flags & DEVIF_NODE ?
				effective_mode(devif->mode) : 0);
	req->differs = true;
	return -EEXIST;
}

/*
 * The key is registered, but the interface's device may be being added, or the key is that
 * of another device of the same name on the same bus, which is being removed, or has been
 * renamed.
 */
static int registry_join(struct request *req, struct devif *devif)
{
	const char *differing;

	lockdep_assert_held(&devif_registry_lock);
	if (devif->life == DEVIF_LIFE_ENDED)
		return -EAGAIN;
	if (devif->host->dev != req->dev) {
		if (!device_is_registered(req->dev))
			return -ENODEV;
		if (devif->life == DEVIF_LIFE_NEW)
			return -EAGAIN;
		dev_err_ratelimited(req->dev,
				    "device: one of the same name has registered this\n");
		return -EEXIST;
	}
	differing = registry_differing(req, devif);
	if (differing)
		return registry_refuse(req, devif, differing);
	answer_with(req, devif);
	return 0;
}

static int finish_join(struct request *req)
{
	devif_wait_added(req->devif);
	devif_sync_state(req->devif);
	if (READ_ONCE(req->devif->life) == DEVIF_LIFE_ACTIVE)
		return DEVIF_EXISTED;
	registry_revert(req);
	return -EAGAIN;
}

/* Context: Registry lock held, which device removal takes too: no I/O. */
static struct devif *alloc_devif(const struct request *req)
{
	struct devif *devif = kzalloc(sizeof(*devif), GFP_NOIO);

	if (!devif)
		return NULL;
	kref_init(&devif->ref);
	INIT_LIST_HEAD(&devif->registrations);
	mutex_init(&devif->state_lock);
	init_completion(&devif->added);
	init_completion(&devif->gone);
	devif->flags = req->flags & ~DEVIF_AUTO;
	devif->mode = req->mode;
	return devif;
}

/* Enter the key, with a new record if it has none. */
static int registry_enter(struct request *req, struct devif_record *record)
{
	struct devif *devif;
	int ret;

	lockdep_assert_held(&devif_registry_lock);
	if (!record) {
		record = req->record;
		ret = devif_record_insert(record, req->class);
		if (ret)
			return ret;
		req->record_is_new = true;
	}
	devif = alloc_devif(req);
	if (!devif)
		return -ENOMEM;
	ret = enter_tables(devif, req->host, record);
	if (ret) {
		kfree(devif);
		return ret;
	}
	req->host = NULL;
	answer_with(req, devif);
	return 0;
}

/*
 * Let lookups and waiters know that the device of the interface is added, or is not.
 * Return whether this has ended the interface.
 */
static bool registry_publish(struct devif *devif, bool added)
{
	bool ended = false;

	mutex_lock(&devif_registry_lock);
	if (!added) {
		ended = devif_detach(devif);
	} else if (devif->life == DEVIF_LIFE_NEW) {
		set_present(devif, true);
		/* pairs with the acquire in devif_tryget() */
		smp_store_release(&devif->life, DEVIF_LIFE_ACTIVE);
	}
	mutex_unlock(&devif_registry_lock);
	complete_all(&devif->added);
	return ended;
}

static int finish_enter(struct request *req)
{
	struct devif *devif = req->devif;
	unsigned int noio;
	int ret;

	/* device removal waits for us */
	noio = memalloc_noio_save();
	ret = devif_sysfs_add(devif);
	memalloc_noio_restore(noio);
	if (registry_publish(devif, !ret))
		devif_take_away(devif);
	devif_sync_state(devif);
	if (!ret && READ_ONCE(devif->life) != DEVIF_LIFE_ACTIVE)
		ret = -ENODEV;
	if (!ret)
		return req->record_is_new ? 0 : DEVIF_EXISTED;
	registry_revert(req);
	return ret;
}

/* Wait until an interface that is coming or going has come or gone. */
static void wait_for_settled(struct devif *devif)
{
	devif_wait_added(devif);
	if (READ_ONCE(devif->life) == DEVIF_LIFE_ENDED)
		registry_wait_gone(devif);
}

/* Return -EAGAIN if an interface was coming or going, -EBUSY if a table is growing. */
static int registry_try(struct request *req)
{
	struct devif_record *record;
	struct devif *live = NULL;
	int ret;

	/* a former try may have used it up */
	if (!req->registration)
		req->registration = devif_registration_alloc();
	if (!req->registration)
		return -ENOMEM;

	mutex_lock(&devif_registry_lock);
	record = devif_record_find(req->record->name);
	if (record)
		live = devif_record_live(record);
	if (req->host->phase == DEVIF_PHASE_GONE)
		ret = -ENODEV;
	else if (!live)
		ret = registry_enter(req, record);
	else
		ret = registry_join(req, live);
	if (ret == -EAGAIN)
		devif_get(live);
	mutex_unlock(&devif_registry_lock);

	if (ret == -EAGAIN) {
		wait_for_settled(live);
		devif_put(live);
	}
	if (ret)
		return ret;
	return live ? finish_join(req) : finish_enter(req);
}

int __devif_register(struct device *dev, const struct devif_desc *desc,
		     struct module *owner, struct devif **devif)
{
	struct request req = { .dev = dev, .owner = owner, .result = devif };
	int ret;

	might_sleep();
	if (!desc || !devif) {
		pr_err_ratelimited("register: no description or result\n");
		return -EINVAL;
	}
	req.guid = desc->class;
	req.reference = desc->reference ?: "";
	req.flags = desc->flags;
	req.mode = desc->mode;

	ret = registry_check_request(&req, DEVIF_AUTO | DEVIF_NODE |
				     DEVIF_PUBLIC_EVENTS);
	if (ret)
		return ret;

	ret = prepare_request(&req);
	if (!ret)
		ret = devif_table_insert(registry_try(&req));
	if (req.differs)
		ret = -EBUSY;
	finish_request(&req);
	trace_devif_register(dev, req.guid, req.reference, ret);
	if (ret < 0)
		return ret;
	/* the registration has a reference of its own */
	devif_put(req.devif);
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devif_register);

/**
 * enum rest - what is left of an interface when a module's registration has ended
 * @REST_REGISTERED: the registrations of other modules
 * @REST_OURS: nothing, and the caller takes it away
 * @REST_OTHERS: nothing, and another task takes it away
 */
enum rest {
	REST_REGISTERED,
	REST_OURS,
	REST_OTHERS,
};

static enum rest registry_rest(struct devif *devif)
{
	lockdep_assert_held(&devif_registry_lock);
	devif_auto_ends(devif);
	if (!list_empty(&devif->registrations))
		return REST_REGISTERED;
	return devif_detach(devif) ? REST_OURS : REST_OTHERS;
}

/* Put the ended registration's reference, too. */
static void registry_clear(struct devif *devif, enum rest rest)
{
	if (rest == REST_REGISTERED)
		devif_sync_state(devif);
	else
		devif_end(devif, rest == REST_OURS);
	devif_put(devif);
}

void __devif_unregister(struct devif *devif, struct module *owner)
{
	enum rest rest;
	bool last;
	int ret;

	might_sleep();
	if (IS_ERR_OR_NULL(devif))
		return;

	mutex_lock(&devif_registry_lock);
	ret = devif_registration_drop(devif, owner, &last);
	if (last)
		rest = registry_rest(devif);
	mutex_unlock(&devif_registry_lock);

	if (ret) {
		pr_err_ratelimited("unregister: %s is not registered by this module\n",
				   devif_link_name(devif));
		return;
	}
	if (last)
		registry_clear(devif, rest);
}
EXPORT_SYMBOL_DEVIF(__devif_unregister);

/* Give up one interface that a module has left registered. */
static bool registry_give_up_one(const struct module *owner)
{
	struct devif *devif;
	enum rest rest;

	mutex_lock(&devif_registry_lock);
	devif = devif_registration_take(owner);
	if (devif)
		rest = registry_rest(devif);
	mutex_unlock(&devif_registry_lock);

	if (devif)
		registry_clear(devif, rest);
	return devif;
}

/**
 * devif_registry_module_gone() - give up the interfaces that a module has left registered
 * @owner: a module that is being unloaded
 *
 * Context: Module notifier; may sleep; no lock of ours held.
 *
 * Return: number of these interfaces
 */
unsigned int devif_registry_module_gone(const struct module *owner)
{
	unsigned int n = 0;

	while (registry_give_up_one(owner))
		n++;
	return n;
}

static void registry_end_managed(const struct devif_managed *managed)
{
	struct devif *devif = managed->object;

	__devif_unregister(devif, managed->owner);
	devif_put(devif);
}

int __devm_devif_register(struct device *dev, const struct devif_desc *desc,
			  struct module *owner, struct devif **devif)
{
	struct devif_managed *managed;
	int ret;

	managed = devif_managed_alloc(registry_end_managed);
	if (!managed)
		return -ENOMEM;
	ret = __devif_register(dev, desc, owner, devif);
	if (ret < 0) {
		devif_managed_free(managed);
		return ret;
	}
	devif_managed_add(dev, managed, devif_get(*devif), owner);
	return ret;
}
EXPORT_SYMBOL_DEVIF(__devm_devif_register);

int __init devif_registry_init(void)
{
	hash_seed = get_random_u32();
	return rhashtable_init(&interfaces, &interfaces_params);
}

void devif_registry_exit(void)
{
	rhashtable_destroy(&interfaces);
}
