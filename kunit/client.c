// SPDX-License-Identifier: GPL-2.0
/*
 * An importer with a remote interface and a target, which counts its callbacks.
 */
#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "client.h"
#include "fixture.h"
#include "pipe.h"

/*
 * Callbacks
 */

static void begin(struct client *client, atomic_t *inside)
{
	might_sleep();
	/* callbacks of an object run one at a time */
	if (atomic_inc_return(inside) != 1)
		atomic_inc(&client->mistakes);
}

static void end(struct client *client, atomic_t *inside, atomic_t *counter)
{
	atomic_inc(counter);
	wake_up_all(&client->changed);
	atomic_dec(inside);
}

static void on_removal(struct devif_remote *remote, void *data)
{
	struct client *client = data;

	begin(client, &client->in_remote);
	if (remote != client->remote)
		atomic_inc(&client->mistakes);
	if (client->hooks.removal)
		client->hooks.removal(client);
	end(client, &client->in_remote, &client->removals);
}

static void on_remote_event(struct devif_remote *remote,
			    const struct devif_event *event, void *data)
{
	struct client *client = data;

	begin(client, &client->in_remote);
	if (remote != client->remote || atomic_read(&client->removals))
		atomic_inc(&client->mistakes);
	if (client->hooks.remote_event)
		client->hooks.remote_event(client, event);
	end(client, &client->in_remote, &client->remote_events);
}

static int on_query_remove(struct devif_target *target, void *data)
{
	struct client *client = data;
	int ret = 0;

	begin(client, &client->in_target);
	if (target != client->target)
		atomic_inc(&client->mistakes);
	if (client->hooks.query_remove)
		ret = client->hooks.query_remove(client);
	end(client, &client->in_target, &client->queries);
	return ret;
}

static void on_remove_cancelled(struct devif_target *target, void *data)
{
	struct client *client = data;

	begin(client, &client->in_target);
	if (target != client->target)
		atomic_inc(&client->mistakes);
	if (client->hooks.remove_cancelled)
		client->hooks.remove_cancelled(client);
	end(client, &client->in_target, &client->cancels);
}

static void on_removed(struct devif_target *target, void *data)
{
	struct client *client = data;

	begin(client, &client->in_target);
	if (target != client->target)
		atomic_inc(&client->mistakes);
	if (client->hooks.removed)
		client->hooks.removed(client);
	end(client, &client->in_target, &client->removed);
}

static void on_target_event(struct devif_target *target,
			    const struct devif_event *event, void *data)
{
	struct client *client = data;

	begin(client, &client->in_target);
	if (target != client->target || atomic_read(&client->removed))
		atomic_inc(&client->mistakes);
	if (client->hooks.target_event)
		client->hooks.target_event(client, event);
	end(client, &client->in_target, &client->target_events);
}

/*
 * Creation and destruction
 */

/* Destroy the target and the remote interface, also from their own callbacks. */
void client_leave(struct client *client)
{
	devif_target_destroy(client->target);
	client->target = NULL;
	devif_remote_destroy(client->remote);
	client->remote = NULL;
}

static void end_client(void *arg)
{
	struct client *client = arg;
	struct kunit *test = client->test;

	client_leave(client);
	/* a callback that destroyed its own object may be about to return */
	while (atomic_read(&client->in_remote) ||
	       atomic_read(&client->in_target))
		usleep_range(100, 1000);
	KUNIT_EXPECT_EQ(test, atomic_read(&client->mistakes), 0);
	KUNIT_EXPECT_LE(test, atomic_read(&client->removals), 1);
	KUNIT_EXPECT_LE(test, atomic_read(&client->removed), 1);
	kfree(client);
}

struct client *client_new(struct kunit *test)
{
	struct client *client = kzalloc(sizeof(*client), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, client);
	client->test = test;
	client->remote_desc = (struct devif_remote_desc) {
		.removal = on_removal,
		.event = on_remote_event,
		.data = client,
	};
	client->target_desc = (struct devif_target_desc) {
		.query_remove = on_query_remove,
		.remove_cancelled = on_remove_cancelled,
		.removed = on_removed,
		.event = on_target_event,
		.data = client,
	};
	init_waitqueue_head(&client->changed);
	fixture_defer(test, end_client, client);
	return client;
}

int client_attach(struct client *client, struct devif *devif)
{
	return devif_remote_create(devif, &client->remote_desc,
				   &client->remote);
}

int client_aim(struct client *client)
{
	return devif_target_create(client->remote, &client->target_desc,
				   &client->target);
}

struct client *client_aimed(struct kunit *test, struct devif *devif)
{
	struct client *client = client_new(test);

	KUNIT_ASSERT_EQ(test, client_attach(client, devif), 0);
	KUNIT_ASSERT_EQ(test, client_aim(client), 0);
	return client;
}

int client_open_by_name(struct client *client, const char *name,
			unsigned int access)
{
	return devif_target_open_by_name(name, NULL, access, &client->target_desc,
					 &client->target);
}

int client_open(struct client *client)
{
	return devif_target_open(client->target, NULL,
				 DEVIF_READ | DEVIF_WRITE);
}

struct client *client_opened(struct kunit *test, struct devif *devif)
{
	struct client *client = client_aimed(test, devif);

	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	return client;
}

/*
 * Use by tests
 */

/* Wait for a number of callbacks; return whether exactly that many came. */
bool client_awaits(struct client *client, const atomic_t *counter, int number)
{
	wait_event_timeout(client->changed, atomic_read(counter) >= number,
			   PATIENCE);
	return atomic_read(counter) == number;
}

ssize_t client_read(struct client *client, char *data, size_t size)
{
	return devif_target_read(client->target, data, size, NULL);
}

ssize_t client_write(struct client *client, const char *text)
{
	return devif_target_write(client->target, text, strlen(text), NULL);
}

/* Expect that every call on the opened target fails, for ever. */
void client_expect_dead(struct client *client)
{
	struct devif_target *target = client->target;
	struct kunit *test = client->test;
	char data[1];
	u32 number;

	KUNIT_EXPECT_EQ(test, client_read(client, data, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, client_write(client, "x"), -ENODEV);
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(target, PIPE_IOC_NOTHING,
						 NULL), -ENODEV);
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(target, PIPE_IOC_LEVEL,
						 &number), -ENODEV);
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(target, PIPE_IOC_AWAIT, NULL),
			-ENODEV);
}

/* Register an enabled interface, which can be opened once a pipe is exported. */
struct devif *client_door(struct kunit *test, struct device *dev,
			  const char *reference)
{
	struct devif *devif = fixture_register(test, dev, &guid_a, reference, 0);

	KUNIT_ASSERT_EQ(test, devif_enable(devif), 0);
	return devif;
}
