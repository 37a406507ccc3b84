/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An importer with a remote interface and a target, which counts its callbacks.
 */
#ifndef DEVIF_KUNIT_CLIENT_H
#define DEVIF_KUNIT_CLIENT_H

#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/devif.h>
#include <linux/wait.h>

struct client;

/**
 * struct client_hooks - functions that the callbacks of a client call
 * @removal: removal of the interface
 * @query_remove: return whether the device may be removed
 * @remove_cancelled: the removal is cancelled
 * @removed: the device was removed
 * @remote_event: event of the device for the remote interface
 * @target_event: event of the device for the target
 */
struct client_hooks {
	void (*removal)(struct client *client);
	int (*query_remove)(struct client *client);
	void (*remove_cancelled)(struct client *client);
	void (*removed)(struct client *client);
	void (*remote_event)(struct client *client,
			     const struct devif_event *event);
	void (*target_event)(struct client *client,
			     const struct devif_event *event);
};

/**
 * struct client - an importer
 * @test: the test
 * @remote: remote interface
 * @target: target
 * @remote_desc: description of @remote; a test may change it before
 * @target_desc: description of @target; a test may change it before
 * @hooks: functions for the callbacks; a test may change them
 * @data: for @hooks
 * @removals: number of callbacks of this kind
 * @queries: likewise
 * @cancels: likewise
 * @removed: likewise
 * @remote_events: likewise
 * @target_events: likewise
 * @in_remote: number of callbacks of @remote that are running
 * @in_target: number of callbacks of @target that are running
 * @mistakes: number of unexpected callbacks
 * @changed: woken when a count changes
 */
struct client {
	struct kunit *test;
	struct devif_remote *remote;
	struct devif_target *target;
	struct devif_remote_desc remote_desc;
	struct devif_target_desc target_desc;
	struct client_hooks hooks;
	void *data;
	atomic_t removals, queries, cancels, removed;
	atomic_t remote_events, target_events;
	atomic_t in_remote, in_target, mistakes;
	wait_queue_head_t changed;
};

struct client *client_new(struct kunit *test);
int client_attach(struct client *client, struct devif *devif);
int client_aim(struct client *client);
struct client *client_aimed(struct kunit *test, struct devif *devif);
struct client *client_opened(struct kunit *test, struct devif *devif);
int client_open(struct client *client);
int client_open_by_name(struct client *client, const char *name,
			unsigned int access);
void client_leave(struct client *client);

bool client_awaits(struct client *client, const atomic_t *counter, int number);
ssize_t client_read(struct client *client, char *data, size_t size);
ssize_t client_write(struct client *client, const char *text);
void client_expect_dead(struct client *client);

struct devif *client_door(struct kunit *test, struct device *dev,
			  const char *reference);

#endif /* DEVIF_KUNIT_CLIENT_H */
