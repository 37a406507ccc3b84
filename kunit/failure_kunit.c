// SPDX-License-Identifier: GPL-2.0
/*
 * Out of memory: tests make each allocation of a call fail in turn. The call fails
 * with -ENOMEM and leaves nothing behind, or copes and fully succeeds.
 */
#include <linux/fault-inject.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "client.h"
#include "fixture.h"
#include "link.h"
#include "pipe.h"
#include "subscriber.h"
#include "thing.h"

/**
 * struct attempt - objects for an attempted call
 * @test: the test
 * @fixture: device
 * @class: class, if it is not guid_a
 * @devif: interface
 * @exporter: exporter of a thing
 * @thing: the importer's thing
 * @other: another thing of the importer
 * @subscriber: subscriber to the class
 * @pipe: exporter that can be opened
 * @client: importer that opens @pipe
 * @holder: holder of @thing, or %NULL
 * @told: number of events that @client received
 * @references: references to this module before the call
 */
struct attempt {
	struct kunit *test;
	struct fixture *fixture;
	guid_t class;
	struct devif *devif;
	struct thing_exporter *exporter;
	struct thing thing, other;
	struct subscriber *subscriber;
	struct pipe *pipe;
	struct client *client;
	struct fixture *holder;
	int told;
	int references;
};

/**
 * struct operation - a call to attempt with failing allocations
 * @allocates: whether the call allocates memory
 * @prepare: called before each attempt
 * @call: make the call
 * @check: check the state after @call, given its result, and undo the call
 */
struct operation {
	bool allocates;
	void (*prepare)(struct attempt *attempt);
	int (*call)(struct attempt *attempt);
	void (*check)(struct attempt *attempt, int ret);
};

#ifdef CONFIG_FAULT_INJECTION
static void fail_nth(unsigned int nth)
{
	current->fail_nth = nth;
}

/* Stop the fault injection, and return whether an allocation has failed. */
static bool has_failed(void)
{
	unsigned int left = current->fail_nth;

	current->fail_nth = 0;
	return !left;
}
#else
static void fail_nth(unsigned int nth)
{
}

static bool has_failed(void)
{
	return false;
}
#endif

/* Skip unless the guest's init script has turned off failslab/ignore-gfp-wait. */
static void want_failures(struct kunit *test)
{
	fail_nth(1);
	kfree(kmalloc(8, GFP_KERNEL));
	if (!has_failed())
		kunit_skip(test, "GFP_KERNEL allocations cannot be made to fail");
}

/* Return whether an allocation has failed. */
static bool try_once(struct attempt *attempt, const struct operation *operation,
		     unsigned int nth)
{
	struct kunit *test = attempt->test;
	bool failed;
	int ret;

	operation->prepare(attempt);
	attempt->references = module_refcount(THIS_MODULE);
	fail_nth(nth);
	ret = operation->call(attempt);
	failed = has_failed();
	if (ret < 0)
		KUNIT_EXPECT_EQ_MSG(test, ret, -ENOMEM, "allocation %u", nth);
	if (!failed)
		KUNIT_EXPECT_GE(test, ret, 0);
	operation->check(attempt, ret);
	return failed;
}

static void sweep(struct attempt *attempt, const struct operation *operation)
{
	struct kunit *test = attempt->test;
	unsigned int nth = 1;

	want_failures(test);
	while (try_once(attempt, operation, nth) && nth < 1000)
		nth++;
	kunit_info(test, "%u allocations made to fail", nth - 1);
	KUNIT_EXPECT_LT(test, nth, 1000);
	KUNIT_EXPECT_EQ(test, nth > 1, operation->allocates);
}

static struct attempt *begin(struct kunit *test)
{
	struct attempt *attempt = kunit_kzalloc(test, sizeof(*attempt),
						GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, attempt);
	attempt->test = test;
	attempt->class = guid_a;
	attempt->fixture = fixture_add_bound(test);
	return attempt;
}

static void prepare_nothing(struct attempt *attempt)
{
}

static void prepare_new_device(struct attempt *attempt)
{
	attempt->fixture = fixture_add_bound(attempt->test);
}

static void prepare_new_class(struct attempt *attempt)
{
	prepare_new_device(attempt);
	guid_gen(&attempt->class);
}

/*
 * Interfaces
 */

static unsigned int count(struct attempt *attempt, enum devif_which which)
{
	return fixture_count(&attempt->class, &attempt->fixture->dev, which);
}

/* Check that an interface can be found, counted, enabled and disabled. */
static void check_whole(struct attempt *attempt)
{
	struct kunit *test = attempt->test;
	struct devif *devif = attempt->devif, *found;

	found = devif_find_by_name(devif_link_name(devif));
	KUNIT_EXPECT_PTR_EQ(test, found, devif);
	devif_put(found);
	KUNIT_EXPECT_EQ(test, count(attempt, DEVIF_PRESENT), 1);
	KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);
	KUNIT_EXPECT_EQ(test, count(attempt, DEVIF_ENABLED), 1);
	KUNIT_EXPECT_EQ(test, devif_disable(devif), 0);
	KUNIT_EXPECT_TRUE(test, fixture_class_is_shown(test,
						       &attempt->fixture->dev,
						       &attempt->class));
}

static void check_registered(struct attempt *attempt, int ret)
{
	struct kunit *test = attempt->test;

	if (ret >= 0) {
		check_whole(attempt);
		devif_unregister(attempt->devif);
	}
	KUNIT_EXPECT_EQ(test, count(attempt, DEVIF_PRESENT), 0);
}

static void check_registered_new_class(struct attempt *attempt, int ret)
{
	struct kunit *test = attempt->test;

	check_registered(attempt, ret);
	/* a class lives as long as it has names */
	KUNIT_EXPECT_EQ(test, fixture_class_is_shown(test,
						     &attempt->fixture->dev,
						     &attempt->class),
			ret >= 0);
}

static int call_register(struct attempt *attempt)
{
	return fixture_try(&attempt->fixture->dev, &attempt->class, "reference",
			   0, &attempt->devif);
}

static void register_in_a_new_class(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_new_class,
		.call = call_register,
		.check = check_registered_new_class,
	};

	sweep(begin(test), &operation);
}

static void register_on_a_new_device(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_new_device,
		.call = call_register,
		.check = check_registered,
	};
	struct attempt *attempt = begin(test);

	fixture_register(test, &attempt->fixture->dev, &guid_a, NULL, 0);
	sweep(attempt, &operation);
}

static void register_on_a_known_device(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_nothing,
		.call = call_register,
		.check = check_registered,
	};
	struct attempt *attempt = begin(test);

	fixture_register(test, &attempt->fixture->dev, &guid_b, NULL, 0);
	sweep(attempt, &operation);
}

static int call_register_again(struct attempt *attempt)
{
	int ret = call_register(attempt);

	return ret < 0 || ret == DEVIF_EXISTED ? ret : -EBADE;
}

static void check_registered_again(struct attempt *attempt, int ret)
{
	KUNIT_EXPECT_EQ(attempt->test, count(attempt, DEVIF_PRESENT), 1);
	if (ret >= 0)
		devif_unregister(attempt->devif);
	KUNIT_EXPECT_EQ(attempt->test, count(attempt, DEVIF_PRESENT), 1);
}

static void register_the_same_again(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_nothing,
		.call = call_register_again,
		.check = check_registered_again,
	};
	struct attempt *attempt = begin(test);

	fixture_register(test, &attempt->fixture->dev, &guid_a, "reference", 0);
	sweep(attempt, &operation);
}

static int call_join_automatic(struct attempt *attempt)
{
	const struct devif_desc desc = {
		.class = &attempt->class,
		.reference = "reference",
		.flags = DEVIF_AUTO,
	};

	return __devif_register(&attempt->fixture->dev, &desc, NULL,
				&attempt->devif);
}

/* A registration that has failed leaves an interface as it was: not automatic. */
static void check_joined_automatic(struct attempt *attempt, int ret)
{
	struct kunit *test = attempt->test;

	if (ret >= 0) {
		KUNIT_EXPECT_EQ(test, ret, DEVIF_EXISTED);
		KUNIT_EXPECT_EQ(test, count(attempt, DEVIF_ENABLED),
				devif_is_enabled(attempt->devif));
		__devif_unregister(attempt->devif, NULL);
	}
	KUNIT_EXPECT_EQ(test, count(attempt, DEVIF_ENABLED), 0);
	fixture_unbind(attempt->fixture);
	fixture_bind(attempt->fixture);
	KUNIT_EXPECT_EQ(test, count(attempt, DEVIF_ENABLED), 0);
	KUNIT_EXPECT_EQ(test, count(attempt, DEVIF_PRESENT), 1);
}

static void join_as_automatic(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_nothing,
		.call = call_join_automatic,
		.check = check_joined_automatic,
	};
	struct attempt *attempt = begin(test);

	fixture_register(test, &attempt->fixture->dev, &guid_a, "reference", 0);
	sweep(attempt, &operation);
}

static int call_register_managed(struct attempt *attempt)
{
	const struct devif_desc desc = {
		.class = &attempt->class,
		.reference = "reference",
	};

	return devm_devif_register(&attempt->fixture->dev, &desc,
				   &attempt->devif);
}

static void check_registered_managed(struct attempt *attempt, int ret)
{
	KUNIT_EXPECT_EQ(attempt->test, count(attempt, DEVIF_PRESENT), ret >= 0);
	if (ret >= 0)
		check_whole(attempt);
	fixture_unbind(attempt->fixture);
	KUNIT_EXPECT_EQ(attempt->test, count(attempt, DEVIF_PRESENT), 0);
}

static void register_managed(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_new_device,
		.call = call_register_managed,
		.check = check_registered_managed,
	};

	sweep(begin(test), &operation);
}

static int call_enable(struct attempt *attempt)
{
	return devif_enable(attempt->devif);
}

static void check_enabled(struct attempt *attempt, int ret)
{
	struct kunit *test = attempt->test;

	KUNIT_EXPECT_EQ(test, devif_is_enabled(attempt->devif), !ret);
	KUNIT_EXPECT_EQ(test, count(attempt, DEVIF_ENABLED), !ret);
	/* a failed enable is not pending */
	KUNIT_EXPECT_EQ(test, devif_disable(attempt->devif),
			ret ? -EALREADY : 0);
}

static void enable(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_nothing,
		.call = call_enable,
		.check = check_enabled,
	};
	struct attempt *attempt = begin(test);

	attempt->devif = fixture_register(test, &attempt->fixture->dev, &guid_a,
					  NULL, 0);
	sweep(attempt, &operation);
}

static void prepare_enabled(struct attempt *attempt)
{
	KUNIT_EXPECT_EQ(attempt->test, devif_enable(attempt->devif), 0);
}

static int call_disable(struct attempt *attempt)
{
	/* devif_disable() never returns -ENOMEM */
	return devif_disable(attempt->devif) ? -EBADE : 0;
}

static void check_disabled(struct attempt *attempt, int ret)
{
	KUNIT_EXPECT_FALSE(attempt->test, devif_is_enabled(attempt->devif));
	KUNIT_EXPECT_EQ(attempt->test, count(attempt, DEVIF_ENABLED), 0);
}

static void disable(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,	/* for the uevent */
		.prepare = prepare_enabled,
		.call = call_disable,
		.check = check_disabled,
	};
	struct attempt *attempt = begin(test);

	attempt->devif = fixture_register(test, &attempt->fixture->dev, &guid_a,
					  NULL, 0);
	sweep(attempt, &operation);
}

static void prepare_registered(struct attempt *attempt)
{
	KUNIT_ASSERT_GE(attempt->test, call_register(attempt), 0);
	prepare_enabled(attempt);
}

static int call_unregister(struct attempt *attempt)
{
	devif_unregister(attempt->devif);
	return 0;
}

static void check_unregistered(struct attempt *attempt, int ret)
{
	KUNIT_EXPECT_EQ(attempt->test, count(attempt, DEVIF_PRESENT), 0);
	KUNIT_EXPECT_EQ(attempt->test, count(attempt, DEVIF_ENABLED), 0);
}

static void unregister(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,	/* for the uevents */
		.prepare = prepare_registered,
		.call = call_unregister,
		.check = check_unregistered,
	};

	sweep(begin(test), &operation);
}

/*
 * Lookups allocate no memory
 */

static int was_found(struct devif *found, struct attempt *attempt)
{
	devif_put(found);
	return found == attempt->devif ? 0 : -ENOENT;
}

static int expect_devif(struct devif *devif, void *data)
{
	struct attempt *attempt = data;

	return devif == attempt->devif ? 0 : -ENOENT;
}

static int expect_name(const char *name, bool present, void *data)
{
	struct attempt *attempt = data;

	return strcmp(name, devif_link_name(attempt->devif)) ? -ENOENT : 0;
}

static int call_all_searches(struct attempt *attempt)
{
	struct device *dev = &attempt->fixture->dev, *found;
	struct devif *devif = attempt->devif;
	const guid_t *class = &attempt->class;

	found = devif_get_device(devif);
	put_device(found);
	if (found != dev)
		return -ENOENT;
	return was_found(devif_find(class, dev, "reference"), attempt) ?:
	       was_found(devif_find_by_name(devif_link_name(devif)), attempt) ?:
	       was_found(devif_find_alias(devif, class), attempt) ?:
	       devif_for_each(class, NULL, DEVIF_PRESENT, attempt,
			      expect_devif) ?:
	       devif_for_each(class, dev, DEVIF_PRESENT, attempt,
			      expect_devif) ?:
	       devif_list_names(class, attempt, expect_name);
}

static void check_nothing(struct attempt *attempt, int ret)
{
	KUNIT_EXPECT_EQ(attempt->test, ret, 0);
}

static void find_and_enumerate(struct kunit *test)
{
	static const struct operation operation = {
		.prepare = prepare_nothing,
		.call = call_all_searches,
		.check = check_nothing,
	};
	struct attempt *attempt = begin(test);

	guid_gen(&attempt->class);
	attempt->devif = fixture_register(test, &attempt->fixture->dev,
					  &attempt->class, "reference", 0);
	sweep(attempt, &operation);
}

/*
 * Exports
 */

static struct attempt *begin_export(struct kunit *test)
{
	struct attempt *attempt = begin(test);

	attempt->exporter = thing_new(test);
	return attempt;
}

/* Query a thing, use it and drop it; return 0 or an errno. */
static int use(struct attempt *attempt, unsigned int flags)
{
	struct thing thing;
	int ret = thing_ask(&attempt->fixture->dev, flags, &thing);

	if (ret)
		return ret;
	KUNIT_EXPECT_GE(attempt->test, thing_enter_and_add(&thing, 0), 0);
	thing_drop(&thing);
	return 0;
}

static void expect_usable(struct attempt *attempt, bool usable)
{
	int expected = usable ? 0 : -EOPNOTSUPP;

	KUNIT_EXPECT_EQ(attempt->test, use(attempt, 0), expected);
	KUNIT_EXPECT_EQ(attempt->test, use(attempt, DEVIF_REVOCABLE), expected);
}

static int call_export(struct attempt *attempt)
{
	return thing_try(attempt->exporter, &attempt->fixture->dev);
}

static int call_unexport(struct attempt *attempt)
{
	thing_unexport(attempt->exporter);
	return 0;
}

static void check_unexported(struct attempt *attempt, int ret)
{
	expect_usable(attempt, false);
	KUNIT_EXPECT_TRUE(attempt->test, thing_is_released(attempt->exporter));
}

static void check_exported(struct attempt *attempt, int ret)
{
	expect_usable(attempt, !ret);
	call_unexport(attempt);
	check_unexported(attempt, 0);
}

static void export_on_a_new_device(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_new_device,
		.call = call_export,
		.check = check_exported,
	};

	sweep(begin_export(test), &operation);
}

static void export_on_a_known_device(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_nothing,
		.call = call_export,
		.check = check_exported,
	};
	struct attempt *attempt = begin_export(test);

	fixture_register(test, &attempt->fixture->dev, &guid_a, NULL, 0);
	sweep(attempt, &operation);
}

static int call_export_managed(struct attempt *attempt)
{
	return thing_try_managed(attempt->exporter, &attempt->fixture->dev);
}

static void check_exported_managed(struct attempt *attempt, int ret)
{
	expect_usable(attempt, !ret);
	fixture_unbind(attempt->fixture);
	check_unexported(attempt, 0);
}

static void export_managed(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_new_device,
		.call = call_export_managed,
		.check = check_exported_managed,
	};

	sweep(begin_export(test), &operation);
}

static void prepare_exported(struct attempt *attempt)
{
	KUNIT_ASSERT_EQ(attempt->test, call_export(attempt), 0);
}

static void unexport(struct kunit *test)
{
	static const struct operation operation = {
		.prepare = prepare_exported,
		.call = call_unexport,
		.check = check_unexported,
	};

	sweep(begin_export(test), &operation);
}

/*
 * Remote interfaces, targets and events
 */

/* Prepare an interface that can be opened, and an importer without any object. */
static struct attempt *begin_door(struct kunit *test)
{
	struct attempt *attempt = begin(test);
	struct device *dev = &attempt->fixture->dev;

	attempt->pipe = pipe_export(test, dev);
	attempt->devif = client_door(test, dev, NULL);
	attempt->client = client_new(test);
	return attempt;
}

static int call_remote_create(struct attempt *attempt)
{
	return client_attach(attempt->client, attempt->devif);
}

static void check_remote(struct attempt *attempt, int ret)
{
	if (ret)
		KUNIT_EXPECT_NULL(attempt->test, attempt->client->remote);
	else
		KUNIT_EXPECT_PTR_EQ(attempt->test, attempt->devif,
				    devif_remote_interface(attempt->client->remote));
	client_leave(attempt->client);
}

static void remote_create(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_nothing,
		.call = call_remote_create,
		.check = check_remote,
	};

	sweep(begin_door(test), &operation);
}

static void prepare_remote(struct attempt *attempt)
{
	KUNIT_ASSERT_EQ(attempt->test, call_remote_create(attempt), 0);
}

static int call_target_create(struct attempt *attempt)
{
	return client_aim(attempt->client);
}

static void check_target(struct attempt *attempt, int ret)
{
	if (ret)
		KUNIT_EXPECT_NULL(attempt->test, attempt->client->target);
	else
		KUNIT_EXPECT_EQ(attempt->test, client_open(attempt->client), 0);
	client_leave(attempt->client);
}

static void target_create(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_remote,
		.call = call_target_create,
		.check = check_target,
	};

	sweep(begin_door(test), &operation);
}

static int call_open_by_name(struct attempt *attempt)
{
	return client_open_by_name(attempt->client, devif_link_name(attempt->devif),
				   DEVIF_READ | DEVIF_WRITE);
}

static void check_opened_by_name(struct attempt *attempt, int ret)
{
	struct kunit *test = attempt->test;

	if (ret)
		KUNIT_EXPECT_NULL(test, attempt->client->target);
	else
		KUNIT_EXPECT_EQ(test, client_write(attempt->client, "a"), 1);
	pipe_empty(attempt->pipe);
	client_leave(attempt->client);
	KUNIT_EXPECT_EQ(test, atomic_read(&attempt->pipe->releases),
			atomic_read(&attempt->pipe->opens));
}

static void target_open_by_name(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_nothing,
		.call = call_open_by_name,
		.check = check_opened_by_name,
	};

	sweep(begin_door(test), &operation);
}

static struct attempt *begin_target(struct kunit *test)
{
	struct attempt *attempt = begin_door(test);

	prepare_remote(attempt);
	KUNIT_ASSERT_EQ(test, call_target_create(attempt), 0);
	return attempt;
}

static int call_target_open(struct attempt *attempt)
{
	return client_open(attempt->client);
}

static void check_opened(struct attempt *attempt, int ret)
{
	struct kunit *test = attempt->test;
	struct pipe *pipe = attempt->pipe;
	int opens = atomic_read(&pipe->opens);

	/* a failed open leaves no trace */
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->releases),
			ret ? opens : opens - 1);
	if (ret)
		KUNIT_EXPECT_EQ(test, call_target_open(attempt), 0);
	KUNIT_EXPECT_EQ(test, client_write(attempt->client, "a"), 1);
	pipe_empty(pipe);
	devif_target_close(attempt->client->target);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->releases),
			atomic_read(&pipe->opens));
}

static void target_open(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_nothing,
		.call = call_target_open,
		.check = check_opened,
	};

	sweep(begin_target(test), &operation);
}

static void prepare_open(struct attempt *attempt)
{
	KUNIT_ASSERT_EQ(attempt->test, call_target_open(attempt), 0);
}

/* Request that writes one byte. */
static struct sending {
	struct devif_request request;
	struct completion done;
	char data;
	ssize_t result;
} sending;

static void sending_completed(struct devif_request *request, ssize_t result)
{
	sending.result = result;
	complete(&sending.done);
}

static int send_timed(struct attempt *attempt, unsigned int timeout)
{
	int ret;

	sending = (struct sending) {
		.request.timeout = timeout,
		.request.type = DEVIF_REQUEST_WRITE,
		.request.buffer = &sending.data,
		.request.size = 1,
		.request.complete = sending_completed,
	};
	init_completion(&sending.done);
	ret = devif_target_submit(attempt->client->target, &sending.request);
	if (ret)
		return ret;
	if (!wait_for_completion_timeout(&sending.done, PATIENCE))
		return -ETIMEDOUT;
	return sending.result == 1 ? 0 : -EIO;
}

static int call_target_submit(struct attempt *attempt)
{
	return send_timed(attempt, 0);
}

/* The timer needs memory of the registry. */
static int call_target_submit_timed(struct attempt *attempt)
{
	return send_timed(attempt, INT_MAX);
}

static void check_sent_timed(struct attempt *attempt, int ret)
{
	pipe_empty(attempt->pipe);
	devif_target_close(attempt->client->target);
}

static void target_submit_timed(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_open,
		.call = call_target_submit_timed,
		.check = check_sent_timed,
	};

	sweep(begin_target(test), &operation);
}

static void check_sent(struct attempt *attempt, int ret)
{
	/* the registry uses the request itself if it cannot allocate its own */
	KUNIT_EXPECT_EQ(attempt->test, ret, 0);
	pipe_empty(attempt->pipe);
	devif_target_close(attempt->client->target);
}

static void target_submit(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_open,
		.call = call_target_submit,
		.check = check_sent,
	};

	sweep(begin_target(test), &operation);
}

/* Calls on an open target allocate no memory. */
static int call_all_of_target(struct attempt *attempt)
{
	struct client *client = attempt->client;
	char data[1];
	u32 number;

	if (client_write(client, "a") != 1 ||
	    devif_target_ioctl(client->target, PIPE_IOC_LEVEL, &number) < 0 ||
	    client_read(client, data, 1) != 1)
		return -EIO;
	return devif_query_remove(&attempt->fixture->dev);
}

static void check_agreed(struct attempt *attempt, int ret)
{
	KUNIT_EXPECT_EQ(attempt->test, ret, 0);
	KUNIT_EXPECT_EQ(attempt->test, atomic_read(&attempt->pipe->releases),
			atomic_read(&attempt->pipe->opens));
	devif_cancel_remove(&attempt->fixture->dev);
}

static void target_use(struct kunit *test)
{
	static const struct operation operation = {
		.prepare = prepare_open,
		.call = call_all_of_target,
		.check = check_agreed,
	};

	sweep(begin_target(test), &operation);
}

static int call_post_event(struct attempt *attempt)
{
	return devif_post_event(&attempt->fixture->dev, &guid_a, "data", 5);
}

/* Check that an event reaches all receivers or none. */
static void check_posted(struct attempt *attempt, int ret)
{
	struct client *client = attempt->client;
	struct kunit *test = attempt->test;

	KUNIT_EXPECT_EQ(test, call_post_event(attempt), 0);
	attempt->told += ret ? 1 : 2;
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->remote_events,
					      attempt->told));
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->target_events,
					      attempt->told));
}

static void post_event(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_nothing,
		.call = call_post_event,
		.check = check_posted,
	};

	sweep(begin_target(test), &operation);
}

/*
 * Queries
 */

#define UNTOUCHED	0xa5

static void prepare_things(struct attempt *attempt)
{
	memset(&attempt->thing, UNTOUCHED, sizeof(attempt->thing));
}

static void check_hold(struct attempt *attempt, const struct thing *thing,
		       int ret)
{
	struct kunit *test = attempt->test;

	if (ret) {
		KUNIT_EXPECT_NULL(test, memchr_inv(thing, UNTOUCHED,
						   sizeof(*thing)));
	} else {
		KUNIT_EXPECT_GE(test, thing_enter_and_add(thing, 0), 0);
		thing_drop(thing);
	}
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE),
			attempt->references);
	expect_usable(attempt, true);
}

static void check_queried(struct attempt *attempt, int ret)
{
	check_hold(attempt, &attempt->thing, ret);
}

static int call_query_pinned(struct attempt *attempt)
{
	return thing_ask(&attempt->fixture->dev, 0, &attempt->thing);
}

static int call_query_revocable(struct attempt *attempt)
{
	return thing_ask(&attempt->fixture->dev, DEVIF_REVOCABLE,
			 &attempt->thing);
}

static int call_query_by_target(struct attempt *attempt)
{
	const struct devif_query_desc desc = { .guid = &guid_a, .version = 1 };

	return devif_target_query(attempt->client->target, &desc, &attempt->thing);
}

static const struct operation query_operations[] = {
	{
		.allocates = true,
		.prepare = prepare_things,
		.call = call_query_pinned,
		.check = check_queried,
	}, {
		.allocates = true,
		.prepare = prepare_things,
		.call = call_query_revocable,
		.check = check_queried,
	},
};

static void sweep_queries(struct attempt *attempt)
{
	int i;

	KUNIT_ASSERT_EQ(attempt->test, call_export(attempt), 0);
	for (i = 0; i < ARRAY_SIZE(query_operations); i++)
		sweep(attempt, &query_operations[i]);
	thing_unexport(attempt->exporter);
	KUNIT_EXPECT_TRUE(attempt->test, thing_is_released(attempt->exporter));
}

static void query(struct kunit *test)
{
	sweep_queries(begin_export(test));
}

static void query_by_target(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_things,
		.call = call_query_by_target,
		.check = check_queried,
	};
	struct attempt *attempt = begin_target(test);

	attempt->exporter = thing_export(test, &attempt->fixture->dev);
	sweep(attempt, &operation);
	thing_unexport(attempt->exporter);
	KUNIT_EXPECT_TRUE(test, thing_is_released(attempt->exporter));
}

static int call_query_for_holder(struct attempt *attempt)
{
	const struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = 1,
		.flags = DEVIF_REVOCABLE,
		.holder = &attempt->holder->dev,
	};

	return devif_query(&attempt->fixture->dev, &desc, &attempt->thing);
}

static void check_queried_for_holder(struct attempt *attempt, int ret)
{
	struct kunit *test = attempt->test;
	struct device *holder = &attempt->holder->dev, *dev = &attempt->fixture->dev;

	if (ret)
		KUNIT_EXPECT_FALSE(test, link_is_there(test, holder, dev));
	check_hold(attempt, &attempt->thing, ret);
	KUNIT_EXPECT_TRUE(test, link_goes(test, holder, dev));
}

/* Without memory for the device link there is none; the query succeeds. */
static void query_for_holder(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_things,
		.call = call_query_for_holder,
		.check = check_queried_for_holder,
	};
	struct attempt *attempt = begin_export(test);

	attempt->holder = fixture_add(test);
	KUNIT_ASSERT_EQ(test, call_export(attempt), 0);
	sweep(attempt, &operation);
}

static void query_with_hook(struct kunit *test)
{
	struct attempt *attempt = begin_export(test);

	attempt->exporter->desc.query = thing_hook;
	sweep_queries(attempt);
}

static void query_that_goes_to_the_parent(struct kunit *test)
{
	struct attempt *attempt = begin_export(test);
	struct fixture *child = fixture_add_child(test, &attempt->fixture->dev);

	KUNIT_ASSERT_EQ(test, call_export(attempt), 0);
	thing_ask_parent(test, &child->dev, NULL);
	attempt->fixture = child;
	sweep(attempt, &query_operations[0]);
}

static void prepare_forward(struct attempt *attempt)
{
	memset(&attempt->other, UNTOUCHED, sizeof(attempt->other));
}

static int call_forward(struct attempt *attempt)
{
	return devif_forward(&attempt->thing, &attempt->other, NULL);
}

static void check_forwarded(struct attempt *attempt, int ret)
{
	check_hold(attempt, &attempt->other, ret);
	/* the forwarding holder keeps its own reference */
	KUNIT_EXPECT_GE(attempt->test, thing_enter_and_add(&attempt->thing, 0),
			0);
}

static void forward(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_forward,
		.call = call_forward,
		.check = check_forwarded,
	};
	struct attempt *attempt = begin_export(test);

	KUNIT_ASSERT_EQ(test, call_export(attempt), 0);
	thing_query(test, &attempt->fixture->dev, 0, &attempt->thing);
	sweep(attempt, &operation);
	thing_drop(&attempt->thing);
}

/*
 * Notification
 */

static void prepare_subscriber(struct attempt *attempt)
{
	attempt->subscriber = subscriber_new(attempt->test, &attempt->class,
					     DEVIF_EXISTING);
}

static void prepare_subscriber_of_a_new_class(struct attempt *attempt)
{
	guid_gen(&attempt->class);
	prepare_subscriber(attempt);
}

static void prepare_managed_subscriber(struct attempt *attempt)
{
	prepare_new_device(attempt);
	prepare_subscriber(attempt);
}

static int call_subscribe(struct attempt *attempt)
{
	return subscriber_try(attempt->subscriber);
}

static int call_subscribe_managed(struct attempt *attempt)
{
	return subscriber_try_managed(attempt->subscriber,
				      &attempt->fixture->dev);
}

/* Expect all callbacks or, if subscribing has failed, none, not even later. */
static void expect_to_be_told(struct attempt *attempt, int ret)
{
	struct subscriber *witness;

	if (!ret) {
		subscriber_expect(attempt->subscriber, "+a +a +a");
		return;
	}
	witness = subscriber_start(attempt->test, &attempt->class, 0);
	fixture_toggle(attempt->test, attempt->devif);
	subscriber_expect(witness, "+b -b");
	subscriber_stop(witness);
	KUNIT_EXPECT_STREQ(attempt->test, attempt->subscriber->text, "");
}

static void check_subscribed(struct attempt *attempt, int ret)
{
	expect_to_be_told(attempt, ret);
	subscriber_stop(attempt->subscriber);
	KUNIT_EXPECT_EQ(attempt->test, module_refcount(THIS_MODULE),
			attempt->references);
}

static void check_subscribed_managed(struct attempt *attempt, int ret)
{
	expect_to_be_told(attempt, ret);
	fixture_unbind(attempt->fixture);
	KUNIT_EXPECT_EQ(attempt->test, module_refcount(THIS_MODULE),
			attempt->references);
}

static void check_subscribed_to_a_new_class(struct attempt *attempt, int ret)
{
	struct device *dev = &attempt->fixture->dev;
	struct kunit *test = attempt->test;

	KUNIT_EXPECT_EQ(test, fixture_class_is_shown(test, dev,
						     &attempt->class), !ret);
	subscriber_stop(attempt->subscriber);
	KUNIT_EXPECT_TRUE(test, fixture_class_goes(test, dev,
						   &attempt->class));
}

/* Prepare three enabled interfaces, and one to toggle. */
static struct attempt *begin_subscribe(struct kunit *test)
{
	struct attempt *attempt = begin(test);
	int i;

	for (i = 0; i < 3; i++)
		fixture_interface(test, "a", true);
	attempt->devif = fixture_interface(test, "b", false);
	return attempt;
}

static void subscribe(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_subscriber,
		.call = call_subscribe,
		.check = check_subscribed,
	};

	sweep(begin_subscribe(test), &operation);
}

static void subscribe_besides_another(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_subscriber,
		.call = call_subscribe,
		.check = check_subscribed,
	};
	struct attempt *attempt = begin_subscribe(test);

	subscriber_start(test, &guid_a, 0);
	sweep(attempt, &operation);
}

static void subscribe_to_a_new_class(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_subscriber_of_a_new_class,
		.call = call_subscribe,
		.check = check_subscribed_to_a_new_class,
	};

	sweep(begin(test), &operation);
}

static void subscribe_managed(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_managed_subscriber,
		.call = call_subscribe_managed,
		.check = check_subscribed_managed,
	};

	sweep(begin_subscribe(test), &operation);
}

static void expect_belief(struct attempt *attempt, bool enabled)
{
	subscriber_sync(attempt->subscriber);
	KUNIT_EXPECT_EQ(attempt->test, enabled,
			subscriber_believes(attempt->subscriber,
					    attempt->devif));
}

static void check_enabled_and_told(struct attempt *attempt, int ret)
{
	expect_belief(attempt, !ret);
	check_enabled(attempt, ret);
	expect_belief(attempt, false);
}

static void check_disabled_and_told(struct attempt *attempt, int ret)
{
	expect_belief(attempt, false);
	check_disabled(attempt, ret);
}

static void check_unregistered_and_told(struct attempt *attempt, int ret)
{
	expect_belief(attempt, false);
	KUNIT_EXPECT_EQ(attempt->test, 1,
			subscriber_count(attempt->subscriber, attempt->devif,
					 false));
	check_unregistered(attempt, ret);
}

static struct attempt *begin_told(struct kunit *test)
{
	struct attempt *attempt = begin(test);

	attempt->subscriber = subscriber_start(test, &guid_a, DEVIF_EXISTING);
	subscriber_sync(attempt->subscriber);
	return attempt;
}

static void enable_with_subscriber(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_nothing,
		.call = call_enable,
		.check = check_enabled_and_told,
	};
	struct attempt *attempt = begin_told(test);

	attempt->devif = fixture_register(test, &attempt->fixture->dev, &guid_a,
					  NULL, 0);
	sweep(attempt, &operation);
}

static void disable_with_subscriber(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,	/* for the uevent */
		.prepare = prepare_enabled,
		.call = call_disable,
		.check = check_disabled_and_told,
	};
	struct attempt *attempt = begin_told(test);

	attempt->devif = fixture_register(test, &attempt->fixture->dev, &guid_a,
					  NULL, 0);
	sweep(attempt, &operation);
}

static void unregister_with_subscriber(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,	/* for the uevents */
		.prepare = prepare_registered,
		.call = call_unregister,
		.check = check_unregistered_and_told,
	};

	sweep(begin_told(test), &operation);
}

/*
 * Properties
 */

static void prepare_property(struct attempt *attempt)
{
	KUNIT_ASSERT_EQ(attempt->test, 0,
			fixture_try(&attempt->fixture->dev, &attempt->class,
				    NULL, 0, &attempt->devif) & ~DEVIF_EXISTED);
	devif_property_remove(devif_properties(attempt->devif), "a");
}

static int call_set_property(struct attempt *attempt)
{
	return devif_property_set_u32(devif_properties(attempt->devif), "a", 7);
}

static void check_property(struct attempt *attempt, int ret)
{
	struct devif_properties *properties = devif_properties(attempt->devif);
	u32 value = 7;

	KUNIT_EXPECT_EQ(attempt->test, ret ? -ENOENT : 0,
			devif_property_get_u32(properties, "a", &value));
	KUNIT_EXPECT_EQ(attempt->test, value, 7);
	devif_unregister(attempt->devif);
}

static void set_property(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_property,
		.call = call_set_property,
		.check = check_property,
	};

	sweep(begin(test), &operation);
}

static int call_set_class_property(struct attempt *attempt)
{
	struct devif_properties *properties;
	int ret;

	properties = devif_class_properties_get(&attempt->class);
	if (IS_ERR(properties))
		return PTR_ERR(properties);
	ret = devif_property_set_u32(properties, "a", 7);
	devif_class_properties_put(properties);
	return ret;
}

/* Check that the class exists exactly if it has the property. */
static void check_class_property(struct attempt *attempt, int ret)
{
	struct kunit *test = attempt->test;
	struct devif_properties *properties;

	KUNIT_EXPECT_EQ(test, !ret,
			fixture_class_is_shown(test, &attempt->fixture->dev,
					       &attempt->class));
	properties = devif_class_properties_get(&attempt->class);
	KUNIT_ASSERT_FALSE(test, IS_ERR(properties));
	KUNIT_EXPECT_EQ(test, ret ? -ENOENT : 0,
			devif_property_remove(properties, "a"));
	devif_class_properties_put(properties);
}

static void set_property_of_a_new_class(struct kunit *test)
{
	static const struct operation operation = {
		.allocates = true,
		.prepare = prepare_new_class,
		.call = call_set_class_property,
		.check = check_class_property,
	};

	sweep(begin(test), &operation);
}

static struct kunit_case failure_cases[] = {
	KUNIT_CASE(register_in_a_new_class),
	KUNIT_CASE(register_on_a_new_device),
	KUNIT_CASE(register_on_a_known_device),
	KUNIT_CASE(register_the_same_again),
	KUNIT_CASE(join_as_automatic),
	KUNIT_CASE(register_managed),
	KUNIT_CASE(enable),
	KUNIT_CASE(disable),
	KUNIT_CASE(unregister),
	KUNIT_CASE(find_and_enumerate),
	KUNIT_CASE(set_property),
	KUNIT_CASE(set_property_of_a_new_class),
	KUNIT_CASE(export_on_a_new_device),
	KUNIT_CASE(export_on_a_known_device),
	KUNIT_CASE(export_managed),
	KUNIT_CASE(unexport),
	KUNIT_CASE(remote_create),
	KUNIT_CASE(target_create),
	KUNIT_CASE(target_open),
	KUNIT_CASE(target_open_by_name),
	KUNIT_CASE(target_submit),
	KUNIT_CASE(target_submit_timed),
	KUNIT_CASE(target_use),
	KUNIT_CASE(post_event),
	KUNIT_CASE(query),
	KUNIT_CASE(query_by_target),
	KUNIT_CASE(query_for_holder),
	KUNIT_CASE(query_with_hook),
	KUNIT_CASE(query_that_goes_to_the_parent),
	KUNIT_CASE(forward),
	KUNIT_CASE(subscribe),
	KUNIT_CASE(subscribe_besides_another),
	KUNIT_CASE(subscribe_to_a_new_class),
	KUNIT_CASE(subscribe_managed),
	KUNIT_CASE(enable_with_subscriber),
	KUNIT_CASE(disable_with_subscriber),
	KUNIT_CASE(unregister_with_subscriber),
	{}
};

static struct kunit_suite failure_suite = {
	.name = "devif_failure",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = failure_cases,
};

kunit_test_suites(&failure_suite);
