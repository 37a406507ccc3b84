/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The objects: classes, records, devices that have interfaces, interfaces, owners,
 * properties, names, numbers. Each can be made, found and put; the floors above decide
 * what happens to them. Core calls lib only. The lock model is in main.c.
 *
 * property.h and keeper.h belong to this floor, too.
 */
#ifndef DEVIF_CORE_H
#define DEVIF_CORE_H

#include <linux/completion.h>
#include <linux/devif.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "lib/budget.h"
#include "lib/lib.h"
#include "lib/roll.h"

struct devif_event_ring;
struct devif_notice;

/**
 * struct devif_properties - properties of an interface or a class
 * @list: of struct property, see property.c; guarded by devif_property_lock
 * @count: number of properties; written under that lock, read without
 * @forgotten: the record or class has been removed: no property can be set
 * @live: the interface of the record is registered: volatile properties can be set
 */
struct devif_properties {
	struct hlist_head list;
	u16 count;
	bool forgotten;
	bool live;
};

/**
 * struct devif_class - an interface class
 * @node: in the table of classes, key @guid
 * @entry: in the list of classes, in order of appearance; guarded by
 *	devif_registry_lock
 * @guid: identifies the class
 * @dev: device of the class in /sys/class/devif_class, %NULL until it is added
 * @records: records of the class by index, in the order of first registration;
 *	marked %DEVIF_MARK_PRESENT and %DEVIF_MARK_ENABLED
 * @next_index: index of the next record
 * @preferred: record of the default interface, which comes first in enumerations;
 *	written under devif_registry_lock, RCU
 * @properties: properties of the class, which outlive the interfaces
 * @remembered: the class is its own user, because it has properties; guarded as @users
 * @restoring: the image being restored has the class; guarded as @users
 * @restoring_preferred: the image has a default interface of the class; guarded as @users
 * @ref: keeps the memory
 * @users: number of users, keeps the class registered; guarded by devif_registry_lock
 * @notify_lock: held while an interface of the class becomes enabled or disabled and
 *	that is logged, and while a subscription comes or goes
 * @log_lock: guards the members up to @last_old, and the notices; a subscription
 *	comes or goes with both locks held
 * @subscriptions: list of the subscriptions to notify
 * @subscribers: number of subscriptions
 * @log: list of struct devif_notice, the changes to tell subscribers
 * @recent: number of notices that are not old, see notify.c
 * @last_old: last notice that is old, or %NULL
 * @added: completed when @dev is added, or adding it has failed with @error
 * @error: errno of adding @dev, or 0
 * @gone: completed when the class is out of sysfs and of the table
 * @rcu: for freeing
 */
struct devif_class {
	struct rhash_head node;
	struct list_head entry;
	guid_t guid;
	struct device *dev;
	struct xarray records;
	unsigned long next_index;
	struct devif_record __rcu *preferred;
	struct devif_properties properties;
	bool remembered;
	bool restoring;
	bool restoring_preferred;
	struct kref ref;
	unsigned int users;
	struct mutex notify_lock;	/* for the order of changes */
	spinlock_t log_lock;		/* for the members below */
	struct list_head subscriptions;
	unsigned int subscribers;
	struct list_head log;
	unsigned int recent;
	struct devif_notice *last_old;
	struct completion added;
	int error;
	struct completion gone;
	struct rcu_head rcu;
};

#define DEVIF_MARK_PRESENT	XA_MARK_0
#define DEVIF_MARK_ENABLED	XA_MARK_1

#define DEVIF_NO_MINOR		U32_MAX

/**
 * struct devif_record - memory of an interface, outlives it
 * @node: in the table of records, key @name
 * @class: class of the record, which is a user of it
 * @index: in @class->records
 * @live: the interface, from before its device is added until it is gone; RCU, written
 *	under devif_registry_lock
 * @reference: reference string, behind @name
 * @device_size: bytes of the device's part of @name
 * @minor: minor number of the character device, %DEVIF_NO_MINOR for none yet; see
 *	minor.c
 * @left: time at which the interface went or, without one so far, the record was made;
 *	ktime_get(), guarded by devif_registry_lock
 * @seen: time at which the interface went before devif was loaded, seconds since 1970, if
 *	known and none has come since; else 0; guarded by devif_registry_lock
 * @restored: an image had the record; guarded by devif_registry_lock
 * @restoring: the image being restored has the record; guarded by devif_registry_lock
 * @properties: properties of the interface, which outlive it
 * @ref: held by the table, by @live and by readers
 * @rcu: for freeing
 * @name: symbolic link name
 */
struct devif_record {
	struct rhash_head node;
	struct devif_class *class;
	unsigned long index;
	struct devif __rcu *live;
	const char *reference;
	unsigned int device_size;
	u32 minor;
	ktime_t left;
	u64 seen;
	bool restored;
	bool restoring;
	struct devif_properties properties;
	struct kref ref;
	struct rcu_head rcu;
	char name[];
};

/**
 * enum devif_phase - where a device is in its life
 * @DEVIF_PHASE_UNKNOWN: probe() of another task runs, or has just failed; requests to
 *	enable wait
 * @DEVIF_PHASE_STARTING: probe() runs; requests to enable wait
 * @DEVIF_PHASE_BOUND: a driver is bound, or the device has no bus
 * @DEVIF_PHASE_IDLE: no driver
 * @DEVIF_PHASE_LEAVING: remove() is about to run or runs
 * @DEVIF_PHASE_GONE: the device is being removed
 */
enum devif_phase {
	DEVIF_PHASE_UNKNOWN,
	DEVIF_PHASE_STARTING,
	DEVIF_PHASE_BOUND,
	DEVIF_PHASE_IDLE,
	DEVIF_PHASE_LEAVING,
	DEVIF_PHASE_GONE,
};

/**
 * enum devif_removal - whether a device is about to be removed in good order
 * @DEVIF_REMOVAL_NONE: no
 * @DEVIF_REMOVAL_CHECKED: no, but a query-remove finds out whether it may begin
 * @DEVIF_REMOVAL_CALLED_OFF: no, and the holders that had agreed are just being told so:
 *	no query-remove of the device, an ancestor or a descendant begins meanwhile
 * @DEVIF_REMOVAL_PENDING: the holders have been asked, or are being asked: opening the
 *	device or a descendant fails
 *
 * In ascending order: of a device and its ancestors, the highest counts.
 */
enum devif_removal {
	DEVIF_REMOVAL_NONE,
	DEVIF_REMOVAL_CHECKED,
	DEVIF_REMOVAL_CALLED_OFF,
	DEVIF_REMOVAL_PENDING,
};

/**
 * struct devif_host - a device that has interfaces
 * @node: in the table of hosts, key @dev
 * @member: keeps the memory, not @dev, and is in the roll of hosts
 * @dev: the device, referenced while there are users; afterwards only a key
 * @on_bus: @dev has a bus, whose notifier tells of its life
 * @phase: guarded by devif_registry_lock
 * @interfaces: interfaces of the device by index, in order of registration
 * @next_index: index of the next interface
 * @exports: list of struct devif_export, those not withdrawn; guarded as @phase
 * @users: number of interfaces, exports, open files, calls in flight; guarded as @phase
 * @listed: in the table: has users, and its interfaces and exports have not ended with it
 * @ended: completed when they have
 * @settle: finds out the phase; ends before @users is 0
 * @removal: whether @dev is about to be removed in good order; guarded as @phase, read
 *	without
 * @removal_number: number of the last query-remove, of any device; guarded as @phase
 * @removal_asks: a query-remove runs, which alone ends what it has begun; guarded as @phase
 * @removal_uses: the pending removal is a user; guarded as @phase
 * @pins: number of pinned handles whose holder would stay if @dev were removed
 * @listeners_lock: guards the members up to @for_user; any context
 * @listeners: list of struct devif_listener
 * @files: list of struct devif_file_node, one for each file open, or being opened,
 *	through the device's interfaces; each a user
 * @for_user: events to be sent as uevents; %NULL before the first
 * @tell_user: sends @for_user
 * @for_user_paid: time up to which uevents of events have used up the device's rate;
 *	in jiffies, guarded by the lock of event.c
 * @event_files: budget of event files, by user
 * @open_by_user: number of opens in user space, also of interfaces that are gone
 * @spoken_for: number of these that an event file speaks for when @dev is to be removed
 * @rcu: for freeing
 * @id: the device's part of symbolic link names
 */
struct devif_host {
	struct rhash_head node;
	struct devif_member member;
	struct device *dev;
	bool on_bus;
	enum devif_phase phase;
	struct xarray interfaces;
	unsigned long next_index;
	struct list_head exports;
	unsigned int users;
	bool listed;
	struct completion ended;
	struct delayed_work settle;
	enum devif_removal removal;
	unsigned long removal_number;
	bool removal_asks;
	bool removal_uses;
	atomic_t pins;
	spinlock_t listeners_lock;	/* for the members below */
	struct list_head listeners;
	struct list_head files;
	struct devif_event_ring *for_user;
	struct delayed_work tell_user;
	unsigned long for_user_paid;
	struct devif_budget event_files;
	atomic_t open_by_user;
	atomic_t spoken_for;
	struct rcu_head rcu;
	char *id;
};

/**
 * devif_host_get() - take a reference to the memory of a host
 * @host: a host that the caller knows to be there
 *
 * Context: Any.
 *
 * Return: @host
 */
static inline struct devif_host *devif_host_get(struct devif_host *host)
{
	devif_member_get(&host->member);
	return host;
}

/**
 * devif_host_put() - give a reference to the memory of a host back
 * @host: the host
 *
 * Context: Any that may take a spinlock.
 */
static inline void devif_host_put(struct devif_host *host)
{
	devif_member_put(&host->member);
}

/**
 * enum devif_want - whether an interface is to be enabled
 * @DEVIF_WANT_OFF: no
 * @DEVIF_WANT_AUTO: yes, if a driver turns out to be bound or binding
 * @DEVIF_WANT_PROBE: yes, if the probe() that has asked for it succeeds
 * @DEVIF_WANT_ON: yes, on request
 *
 * In ascending order: the highest request prevails.
 */
enum devif_want {
	DEVIF_WANT_OFF,
	DEVIF_WANT_AUTO,
	DEVIF_WANT_PROBE,
	DEVIF_WANT_ON,
};

/**
 * enum devif_life - where an interface is in its life
 * @DEVIF_LIFE_NEW: its device is being added
 * @DEVIF_LIFE_ACTIVE: lookups find it
 * @DEVIF_LIFE_ENDED: being taken away, or gone
 */
enum devif_life {
	DEVIF_LIFE_NEW,
	DEVIF_LIFE_ACTIVE,
	DEVIF_LIFE_ENDED,
};

/* Links from an interface's device: to its class's, and to the host's. */
#define DEVIF_CLASS_LINK	"interface_class"
#define DEVIF_HOST_LINK		"device"

/* Room for the name of an interface's device. */
#define DEVIF_NAME_SIZE	sizeof("devif4294967295")

/**
 * struct devif - an interface
 * @ref: keeps the memory
 * @hash: of the key
 * @node: in the table of interfaces, key (device, class, reference string)
 * @key_dev: device of @host; copied with the rest of the key, so that a lookup touches
 *	little memory
 * @key_class: likewise
 * @key_reference: likewise
 * @life: written under devif_registry_lock, read without
 * @host: device that the interface belongs to
 * @record: record of the interface, with its class and names
 * @dev: device of the interface on the bus "devif", referenced
 * @registrations: list of struct devif_registration
 * @index: in @host->interfaces
 * @id: number in the name of @dev
 * @name: name of @dev; here because the memory of @dev may go at once
 * @flags: enum devif_flags, without %DEVIF_AUTO
 * @mode: permissions of the character device, 0 for the default
 * @devt: number of the character device, 0 for none
 * @want: whether the interface is to be enabled; guarded by devif_registry_lock
 * @error: errno of the last request to enable; guarded as @want
 * @automatic: number of @registrations that want %DEVIF_AUTO; guarded as @want
 * @state_lock: held while @enabled changes
 * @enabled: the state; read without a lock
 * @removal_notice: while the interface is enabled, the notice of its removal to come
 * @added: completed when @dev is added, or will not be
 * @gone: completed when the interface is out of sysfs and of all tables
 * @rcu: for freeing
 */
struct devif {
	struct kref ref;
	u32 hash;
	struct rhash_head node;
	const struct device *key_dev;
	const struct devif_class *key_class;
	const char *key_reference;
	enum devif_life life;

	struct devif_host *host;
	struct devif_record *record;
	struct device *dev;
	struct list_head registrations;
	unsigned long index;
	unsigned int id;
	char name[DEVIF_NAME_SIZE];
	unsigned int flags;
	umode_t mode;
	dev_t devt;
	enum devif_want want;
	int error;
	unsigned int automatic;
	bool enabled;
	struct devif_notice *removal_notice;
	struct mutex state_lock;	/* for @enabled */
	struct completion added;
	struct completion gone;
	struct rcu_head rcu;
};

/* interface.c */
extern struct bus_type devif_interface_bus;
extern const struct device_type *devif_interface_type;

void devif_interface_exit(void);
int devif_number_take(struct devif *devif);
void devif_number_give(struct devif *devif);
struct devif *devif_host_next(struct devif_host *host, unsigned long *index);

/* minor.c */
#define DEVIF_MINORS		(MINORMASK + 1)

int devif_minor_init(dev_t *first);
void devif_minor_exit(void);
int devif_minor_take(struct devif *devif);
void devif_minor_leave(struct devif *devif);
void devif_minor_forget(struct devif_record *record);
struct devif *devif_minor_find(unsigned int minor);

#define DEVIF_HOLDER_SIZE	64

/**
 * struct devif_list - lines of text, cut off where @text is full
 * @text: room for the lines and a NUL; %NULL if @size is 0
 * @size: of @text in bytes
 * @length: of the text so far, without the NUL
 * @lines: number of lines added, also one that was cut off
 */
struct devif_list {
	char *text;
	size_t size;
	size_t length;
	unsigned int lines;
};

/* naming.c */
int devif_check_reference(const char *reference, size_t *where);
char *devif_id_join(const char *id, const char *where, const char *name);
char *devif_id_of_name(const char *kind, const char *where,
		       const struct device *dev);
char *devif_device_id(struct device *dev);
size_t devif_name_length(const char *device_id, const char *reference);
void devif_build_name(char *name, const char *device_id, const guid_t *class,
		      const char *reference);

/* place.c */
int devif_place_init(void);
void devif_place_exit(void);
char *devif_place_id(struct device *dev);

/* class.c */
extern struct list_head devif_classes;
extern struct class *devif_class_class;

int devif_class_init(void);
void devif_class_exit(void);
struct devif_class *devif_class_use(const guid_t *guid);
void devif_class_again(struct devif_class *class);
void devif_class_unuse(struct devif_class *class);
struct devif_class *devif_class_find(const guid_t *guid);
void devif_class_put(struct devif_class *class);
struct devif_class *devif_class_use_existing(const guid_t *guid);
void devif_class_remember(struct devif_class *class);
void devif_class_prefer(struct devif_class *class, struct devif_record *record);
struct devif_record *devif_class_preferred(struct devif_class *class);

/* record.c */
int devif_record_init(void);
void devif_record_exit(void);
struct devif_record *devif_record_alloc(const char *device_id,
					const guid_t *class,
					const char *reference);
struct devif_record *devif_record_find(const char *name);
int devif_record_insert(struct devif_record *record, struct devif_class *class);
struct devif *devif_record_live(struct devif_record *record);
void devif_record_withdraw(struct devif_record *record);
void devif_record_left(struct devif_record *record);
void devif_record_seen_before(struct devif_record *record, u64 seen, bool new);
u64 devif_record_seen(const struct devif_record *record);
bool devif_record_is_unused(struct devif_record *record);
bool devif_record_forget(struct devif_record *record, bool used);
struct devif_record *devif_record_get(struct devif_record *record);
void devif_record_put(struct devif_record *record);

/* host.c */
/**
 * struct devif_life_ops - callbacks for events in the life of devices
 * @init: set up the members of a new host that the callbacks use
 * @found: a host has entered the table: find out the phase of its device, which has a bus
 * @event: a device enters a phase
 * @gone: a device without a bus is being removed
 *
 * The callbacks belong to a floor above; see life.c.
 */
struct devif_life_ops {
	void (*init)(struct devif_host *host);
	void (*found)(struct devif_host *host);
	void (*event)(struct device *dev, enum devif_phase phase);
	void (*gone)(struct devif_host *host);
};

extern const struct devif_life_ops *devif_life;

int devif_host_init(const struct devif_life_ops *life);
void devif_host_end(struct devif_host *host);
void devif_host_end_removal(struct devif_host *host);
bool devif_host_is_going(struct devif_host *host);
enum devif_phase devif_phase_of(struct device *dev);
void devif_host_exit(void);
struct devif_host *devif_host_use(struct device *dev);
void devif_host_unuse(struct devif_host *host);
struct devif_host *devif_host_find(struct device *dev);
struct devif_host *devif_host_peek(struct device *dev);
struct device *devif_get_parent(struct device *dev);
bool devif_is_below(const struct device *dev, const struct device *above);
enum devif_removal devif_removal_above(struct device *dev);
bool devif_removal_is_pending(struct devif_host *host);
bool devif_in_probe(struct device *dev);
void devif_host_wait_unused(void);
void devif_unload_hold(void);
void devif_unload_allow(void);
struct devif_host *devif_host_walk(struct devif_host *host);

/* bus.c */
int devif_watch_init(void);
int devif_watch_bus(compat_bus_t *bus);
void devif_watch_drop(const struct module *module);

/* holder.c */
void devif_name_holder(char *name, const struct device *holder,
		       const struct module *module);
bool devif_list_add(struct devif_list *list, const char *kind,
		    const char *holder);

/* owner.c */
struct devif_registration;
struct devif_registration *devif_registration_alloc(void);
bool devif_registration_add(struct devif_registration **spare,
			    struct devif *devif, struct module *owner,
			    bool automatic);
int devif_registration_drop(struct devif *devif, struct module *owner,
			    bool *last);
struct devif *devif_registration_take(const struct module *owner);

/**
 * devif_tryget() - take a reference to an interface found in a table
 * @devif: the interface
 *
 * Context: RCU reader.
 *
 * Return: whether the interface is active, and referenced now
 */
static inline bool devif_tryget(struct devif *devif)
{
	/* pairs with the release in registry_publish(): the device is there */
	return smp_load_acquire(&devif->life) == DEVIF_LIFE_ACTIVE &&
	       kref_get_unless_zero(&devif->ref);
}

#endif /* DEVIF_CORE_H */
