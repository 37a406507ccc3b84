/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The registry: registers, enables, finds and forgets interfaces, and notifies of them.
 * This floor calls all floors below.
 */
#ifndef DEVIF_REGISTRY_H
#define DEVIF_REGISTRY_H

#include "core/core.h"
#include "events/events.h"

/* registry.c */
int devif_registry_init(void);
void devif_registry_exit(void);
bool devif_detach(struct devif *devif);
void devif_wait_added(struct devif *devif);
void devif_end(struct devif *devif, bool detached);
void devif_take_away(struct devif *devif);
unsigned int devif_registry_module_gone(const struct module *owner);

/* life.c */
extern const struct devif_life_ops devif_life_ops;

/* state.c */
void devif_sync_state(struct devif *devif);
void devif_auto_begins(struct devif *devif);
void devif_auto_ends(struct devif *devif);
void devif_adjust_want(struct devif *devif, enum devif_phase phase);

/* event.c */
void devif_tell_user_work(struct work_struct *work);
void devif_events_exit(void);

/* notify.c */
int devif_notify_enabled(struct devif *devif);
void devif_notify_disabled(struct devif *devif);

/* sysfs.c */
int devif_sysfs_add(struct devif *devif);
void devif_sysfs_remove(struct devif *devif);
int devif_sysfs_link(struct devif *devif);
void devif_sysfs_unlink(struct devif *devif);
void devif_sysfs_event(struct devif *devif, const char *event);
void devif_sysfs_device_event(struct devif *devif,
			      const struct devif_event_item *item,
			      unsigned long lost);

/* forget.c */
int devif_forget(const char *name, u32 flags, char *holders, size_t size);
void devif_forget_all(void);

#endif /* DEVIF_REGISTRY_H */
