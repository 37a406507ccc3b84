// SPDX-License-Identifier: GPL-2.0
/*
 * Opening interfaces (G, O), and the end of files when the exporter leaves.
 */
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "client.h"
#include "errand.h"
#include "fixture.h"
#include "pipe.h"
#include "scene.h"
#include "thing.h"

/*
 * Opening
 */

static void g1_enabled_interface_is_opened(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	struct pipe_file *file = pipe_last_file(pipe);

	KUNIT_EXPECT_PTR_EQ(test, file->devif, devif);
	KUNIT_EXPECT_EQ(test, file->access, DEVIF_READ | DEVIF_WRITE);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->releases), 0);
	devif_target_close(client->target);
	pipe_expect_released(pipe, 1);
	/* a second close does nothing */
	devif_target_close(client->target);
	pipe_expect_released(pipe, 1);
}

static void g2_disabled_interface_is_not_opened(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);

	KUNIT_ASSERT_EQ(test, devif_disable(devif), 0);
	KUNIT_EXPECT_EQ(test, client_open(client), -ENODEV);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->calls[PIPE_OPEN]), 0);
	KUNIT_ASSERT_EQ(test, devif_enable(devif), 0);
	KUNIT_EXPECT_EQ(test, client_open(client), 0);
}

static void g2_absent_device_is_not_opened(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);

	fixture_unplug(fixture);
	KUNIT_EXPECT_EQ(test, client_open(client), -ENODEV);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->calls[PIPE_OPEN]), 0);
}

static void nobody_exports(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);
	struct pipe *pipe;

	KUNIT_EXPECT_EQ(test, client_open(client), -EOPNOTSUPP);
	pipe = pipe_export(test, &fixture->dev);
	KUNIT_EXPECT_EQ(test, client_open(client), 0);
	devif_target_close(client->target);
	pipe_unexport(pipe);
	KUNIT_EXPECT_EQ(test, client_open(client), -EOPNOTSUPP);
	pipe_expect_released(pipe, 1);
}

static void g4_exporter_sees_which_interface(struct kunit *test)
{
	static const char * const references[] = { "left", "right", NULL };
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif;
	int i;

	for (i = 0; i < ARRAY_SIZE(references); i++) {
		devif = client_door(test, &fixture->dev, references[i]);
		client_opened(test, devif);
		devif = pipe_last_file(pipe)->devif;
		KUNIT_EXPECT_STREQ(test, devif_reference_string(devif),
				   references[i] ?: "");
		KUNIT_EXPECT_TRUE(test, guid_equal(devif_class_guid(devif),
						   &guid_a));
		KUNIT_EXPECT_STREQ(test, pipe_last_file(pipe)->path, "");
	}
}

/* The exporter owns the name space: the registry passes paths unchanged. */
static void g5_exporter_sees_the_path(struct kunit *test)
{
	static const char * const paths[] = {
		"a", "a/b", "..", "a/../../b//", "a\\b", "\n\x7f\xff%s", " ", "",
	};
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, "reference");
	struct client *client = client_aimed(test, devif);
	int i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		KUNIT_EXPECT_EQ(test, devif_target_open(client->target, paths[i],
							DEVIF_READ), 0);
		KUNIT_EXPECT_STREQ(test, pipe_last_file(pipe)->path, paths[i]);
		devif_target_close(client->target);
	}
}

static void path_may_be_long_and_no_longer(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);
	char *path = kunit_kzalloc(test, PATH_MAX + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, path);
	memset(path, 'x', PATH_MAX);
	KUNIT_EXPECT_EQ(test, devif_target_open(client->target, path,
						DEVIF_READ), -ENAMETOOLONG);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->calls[PIPE_OPEN]), 0);
	path[PATH_MAX - 1] = '\0';
	KUNIT_ASSERT_EQ(test, devif_target_open(client->target, path,
						DEVIF_READ), 0);
	KUNIT_EXPECT_STREQ(test, pipe_last_file(pipe)->path, path);
}

static void g7_exporter_refuses(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);

	pipe->verdict = -EACCES;
	KUNIT_EXPECT_EQ(test, client_open(client), -EACCES);
	pipe->verdict = -ENOENT;
	KUNIT_EXPECT_EQ(test, client_open(client), -ENOENT);
	KUNIT_EXPECT_EQ(test, client_write(client, "x"), -EBADF);
	/* a failed open is not released */
	pipe_expect_released(pipe, 0);
	pipe->verdict = 0;
	KUNIT_EXPECT_EQ(test, client_open(client), 0);
}

static void open_and_release_may_be_missing(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);
	struct pipe *pipe = pipe_new(test);
	char data[4];

	pipe->table.open = NULL;
	pipe->table.release = NULL;
	KUNIT_ASSERT_EQ(test, pipe_try(pipe, &fixture->dev), 0);
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	pipe_feed(pipe, "ab");
	KUNIT_EXPECT_EQ(test, client_read(client, data, 4), 2);
	devif_target_close(client->target);
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	pipe_unexport(pipe);
	client_expect_dead(client);
}

static void open_refuses_bad_arguments(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);

	KUNIT_EXPECT_EQ(test, devif_target_open(NULL, NULL, DEVIF_READ),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_open(client->target, NULL,
						DEVIF_READ | BIT(7)), -EINVAL);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->calls[PIPE_OPEN]), 0);
}

static void several_files_at_a_time(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *first = client_opened(test, devif);
	struct client *second = client_opened(test, devif);
	char data[4];

	KUNIT_EXPECT_EQ(test, client_write(first, "abc"), 3);
	KUNIT_EXPECT_EQ(test, client_read(second, data, 4), 3);
	devif_target_close(first->target);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->releases), 1);
	KUNIT_EXPECT_EQ(test, client_write(first, "abc"), -EBADF);
	KUNIT_EXPECT_EQ(test, client_write(second, "abc"), 3);
}

/*
 * Opening that blocks
 */

static long open_it(void *arg)
{
	return client_open(arg);
}

static void g13_open_waits(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);
	struct errand *errand;

	pipe->verdict = -EAGAIN;
	errand = errand_start(test, open_it, client);
	pipe_await_refusal(pipe, PIPE_OPEN, 1);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errand));
	pipe_wake_in_vain(pipe, PIPE_OPEN);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errand));
	pipe_accept(pipe);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
	KUNIT_EXPECT_EQ(test, client_write(client, "x"), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->opens), 1);
}

static void g13_open_that_must_not_wait(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);
	unsigned int access = DEVIF_READ | DEVIF_NONBLOCK;

	pipe->verdict = -EAGAIN;
	KUNIT_EXPECT_EQ(test, devif_target_open(client->target, NULL, access),
			-EAGAIN);
	pipe_accept(pipe);
	KUNIT_EXPECT_EQ(test, devif_target_open(client->target, NULL, access),
			0);
	KUNIT_EXPECT_EQ(test, pipe_last_file(pipe)->access, access);
}

static void g13_open_waits_and_is_refused(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);
	struct errand *errand;

	pipe->verdict = -EAGAIN;
	errand = errand_start(test, open_it, client);
	pipe_await_refusal(pipe, PIPE_OPEN, 1);
	WRITE_ONCE(pipe->verdict, -ENXIO);
	devif_wake(pipe->export, EPOLLIN);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ENXIO);
	pipe_expect_released(pipe, 0);
}

static void signal_ends_an_open_that_waits(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);
	struct errand *errand;

	pipe->verdict = -EAGAIN;
	errand = errand_start(test, open_it, client);
	pipe_await_refusal(pipe, PIPE_OPEN, 1);
	errand_interrupt(errand);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ERESTARTSYS);
	/* the interrupted open leaves no trace */
	pipe_accept(pipe);
	KUNIT_EXPECT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->opens), 1);
}

/*
 * Reading, writing, ioctls
 */

static void data_goes_through(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	char data[PIPE_SIZE] = "";
	loff_t pos = 7;

	KUNIT_EXPECT_EQ(test, devif_target_write(client->target, "abcde", 5,
						 &pos), 5);
	KUNIT_EXPECT_EQ(test, pos, 12);
	/* a read returns the available bytes, up to the requested size */
	KUNIT_EXPECT_EQ(test, devif_target_read(client->target, data, 2, &pos),
			2);
	KUNIT_EXPECT_STREQ(test, data, "ab");
	KUNIT_EXPECT_EQ(test, pos, 14);
	KUNIT_EXPECT_EQ(test, client_read(client, data, sizeof(data)), 3);
	KUNIT_EXPECT_STREQ(test, data, "cde");
	pipe->at_end = true;
	KUNIT_EXPECT_EQ(test, client_read(client, data, sizeof(data)), 0);
}

static void write_is_done_in_part(struct kunit *test)
{
	static const char text[] = "twenty-two characters.";
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	char data[sizeof(text)] = "";

	KUNIT_EXPECT_EQ(test, client_write(client, text), PIPE_SIZE);
	KUNIT_EXPECT_EQ(test, client_read(client, data, sizeof(data)),
			PIPE_SIZE);
	KUNIT_EXPECT_EQ(test, strncmp(data, text, PIPE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, pipe->level, 0);
}

static void ioctl_takes_and_gives(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct devif_target *target = client_opened(test, devif)->target;
	u32 number = 21;

	KUNIT_EXPECT_EQ(test, devif_target_ioctl(target, PIPE_IOC_NOTHING,
						 NULL), 0);
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(target, PIPE_IOC_TWICE,
						 &number), 0);
	KUNIT_EXPECT_EQ(test, number, 42);
	pipe_feed(pipe, "abc");
	/* a positive result passes through unchanged */
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(target, PIPE_IOC_LEVEL,
						 &number), 3);
	KUNIT_EXPECT_EQ(test, number, 3);
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(target, _IO('k', 99), NULL),
			-ENOTTY);
}

static void missing_methods(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);
	struct pipe *pipe = pipe_new(test);
	char data[1];

	pipe->table.read = NULL;
	pipe->table.write = NULL;
	pipe->table.ioctl = NULL;
	KUNIT_ASSERT_EQ(test, pipe_try(pipe, &fixture->dev), 0);
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_EQ(test, client_read(client, data, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, client_write(client, "x"), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(client->target,
						 PIPE_IOC_NOTHING, NULL),
			-ENOTTY);
}

static void only_what_it_was_opened_for(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *reader = client_aimed(test, devif);
	struct client *writer = client_aimed(test, devif);
	char data[1];

	KUNIT_ASSERT_EQ(test, devif_target_open(reader->target, NULL,
						DEVIF_READ), 0);
	KUNIT_ASSERT_EQ(test, devif_target_open(writer->target, NULL,
						DEVIF_WRITE), 0);
	KUNIT_EXPECT_EQ(test, client_write(reader, "x"), -EBADF);
	KUNIT_EXPECT_EQ(test, client_read(writer, data, 1), -EBADF);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->calls[PIPE_READ]), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->calls[PIPE_WRITE]), 0);
	KUNIT_EXPECT_EQ(test, client_write(writer, "x"), 1);
	KUNIT_EXPECT_EQ(test, client_read(reader, data, 1), 1);
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(reader->target,
						 PIPE_IOC_NOTHING, NULL), 0);
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(writer->target,
						 PIPE_IOC_NOTHING, NULL), 0);
}

static void exporter_claims_too_much(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	char data[8];

	pipe->claim = 1;
	KUNIT_EXPECT_EQ(test, client_write(client, "abcd"), -EIO);
	/* claims of more than the available, and more than the requested bytes */
	KUNIT_EXPECT_EQ(test, client_read(client, data, 8), -EIO);
	pipe_feed(pipe, "abcd");
	KUNIT_EXPECT_EQ(test, client_read(client, data, 1), -EIO);
	pipe->claim = 0;
	KUNIT_EXPECT_EQ(test, client_read(client, data, 8), 3);
}

static long read_one(void *arg)
{
	char data;
	ssize_t ret = client_read(arg, &data, 1);

	return ret == 1 ? data : ret;
}

static long write_one(void *arg)
{
	return client_write(arg, "x");
}

static long await_one(void *arg)
{
	struct client *client = arg;

	return devif_target_ioctl(client->target, PIPE_IOC_AWAIT, NULL);
}

static void calls_wait(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	struct errand *reader, *writer, *other;

	other = errand_start(test, await_one, client);
	pipe_await_refusal(pipe, PIPE_IOCTL, 1);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(other));
	pipe_feed(pipe, "a");
	KUNIT_EXPECT_EQ(test, errand_finish(other), 0);
	pipe_empty(pipe);

	reader = errand_start(test, read_one, client);
	pipe_await_refusal(pipe, PIPE_READ, 1);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(reader));
	pipe_feed(pipe, "b");
	KUNIT_EXPECT_EQ(test, errand_finish(reader), 'b');

	pipe_fill(pipe);
	writer = errand_start(test, write_one, client);
	pipe_await_refusal(pipe, PIPE_WRITE, 1);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(writer));
	pipe_empty(pipe);
	KUNIT_EXPECT_EQ(test, errand_finish(writer), 1);
}

static void calls_that_must_not_wait(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);

	KUNIT_ASSERT_EQ(test, devif_target_open(client->target, NULL,
						DEVIF_READ | DEVIF_WRITE |
						DEVIF_NONBLOCK), 0);
	KUNIT_EXPECT_EQ(test, read_one(client), -EAGAIN);
	KUNIT_EXPECT_EQ(test, await_one(client), -EAGAIN);
	pipe_fill(pipe);
	KUNIT_EXPECT_EQ(test, write_one(client), -EAGAIN);
	KUNIT_EXPECT_EQ(test, read_one(client), 'x');
	KUNIT_EXPECT_EQ(test, write_one(client), 1);
}

static void signal_ends_a_call_that_waits(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	struct errand *errand;

	errand = errand_start(test, read_one, client);
	pipe_await_refusal(pipe, PIPE_READ, 1);
	errand_interrupt(errand);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ERESTARTSYS);
	/* the file still works */
	pipe_feed(pipe, "a");
	KUNIT_EXPECT_EQ(test, read_one(client), 'a');
}

/* Block the pipe in two reads until both have entered. */
static void methods_of_a_file_run_at_the_same_time(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	struct errand *first, *second;

	pipe_feed(pipe, "aa");
	pipe->stay = PIPE_READ;
	first = errand_start(test, read_one, client);
	second = errand_start(test, read_one, client);
	errand_await(test, &pipe->entered);
	errand_await(test, &pipe->entered);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe_last_file(pipe)->inside), 2);
	complete_all(&pipe->leave);
	KUNIT_EXPECT_EQ(test, errand_finish(first), 'a');
	KUNIT_EXPECT_EQ(test, errand_finish(second), 'a');
}

/* Read method of an exporter with one record of four bytes. */
static ssize_t read_record(void *context, struct devif_file *file,
			   struct iov_iter *to, loff_t *pos)
{
	if (iov_iter_count(to) < 4)
		return -EMSGSIZE;
	return copy_to_iter("abcd", 4, to);
}

static void record_is_larger_than_the_buffer(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_new(test);
	struct client *client;
	char data[4];

	pipe->table.read = read_record;
	KUNIT_ASSERT_EQ(test, pipe_try(pipe, &fixture->dev), 0);
	client = client_opened(test, client_door(test, &fixture->dev, NULL));
	KUNIT_EXPECT_EQ(test, client_read(client, data, 3), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, client_read(client, data, 4), 4);
}

static void two_wait_and_each_gets_one(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	struct client *other = client_opened(test, devif);
	struct errand *first, *second;

	first = errand_start(test, read_one, client);
	second = errand_start(test, read_one, other);
	pipe_await_refusal(pipe, PIPE_READ, 2);
	pipe_feed(pipe, "ab");
	KUNIT_EXPECT_EQ(test, errand_finish(first) + errand_finish(second),
			'a' + 'b');
}

/* An interrupt that feeds the pipe; with PREEMPT_RT a thread, as most interrupts are. */
struct interrupt {
	struct irq_work work;
	struct pipe *pipe;
};

static void feed_in_interrupt(struct irq_work *work)
{
	struct interrupt *interrupt = container_of(work, struct interrupt,
						   work);

	pipe_feed(interrupt->pipe, "i");
}

static void woken_from_an_interrupt(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct interrupt interrupt = {
		.work = IRQ_WORK_INIT(feed_in_interrupt),
		.pipe = pipe_export(test, &fixture->dev),
	};
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	struct errand *errand;

	errand = errand_start(test, read_one, client);
	pipe_await_refusal(interrupt.pipe, PIPE_READ, 1);
	irq_work_queue(&interrupt.work);
	irq_work_sync(&interrupt.work);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 'i');
}

/*
 * Disabling leaves open files alone
 */

static void o3_disabling_leaves_files_alone(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	struct client *other = client_aimed(test, devif);
	struct errand *errand;
	u32 number = 1;

	errand = errand_start(test, read_one, client);
	pipe_await_refusal(pipe, PIPE_READ, 1);
	KUNIT_ASSERT_EQ(test, devif_disable(devif), 0);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(errand));
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 'a');
	KUNIT_EXPECT_EQ(test, devif_target_ioctl(client->target,
						 PIPE_IOC_TWICE, &number), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->releases), 0);
	/* a closed target cannot be opened */
	KUNIT_EXPECT_EQ(test, client_open(other), -ENODEV);
	devif_target_close(client->target);
	pipe_expect_released(pipe, 1);
	KUNIT_EXPECT_EQ(test, client_open(client), -ENODEV);
}

static void o3_unregistering_leaves_files_alone(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif;
	struct client *client;

	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid_b, "r", 0,
					  &devif), 0);
	KUNIT_ASSERT_EQ(test, devif_enable(devif), 0);
	client = client_opened(test, devif);
	devif_unregister(devif);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
	KUNIT_EXPECT_EQ(test, read_one(client), 'a');
	/* an open file's interface still has its name */
	KUNIT_EXPECT_STREQ(test,
			   devif_reference_string(pipe_last_file(pipe)->devif),
			   "r");
	devif_target_close(client->target);
	KUNIT_EXPECT_EQ(test, client_open(client), -ENODEV);
}

/*
 * debugfs reads names under RCU, of interfaces that other tasks may release. KASAN reports
 * memory that is freed too early.
 */
static void name_outlasts_the_last_hold(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	char before[32];
	struct devif *devif;
	const char *name;
	bool same;

	KUNIT_ASSERT_EQ(test, fixture_try(&fixture->dev, &guid_b, "r", 0,
					  &devif), 0);
	devif_get(devif);
	strscpy(before, devif_name(devif), sizeof(before));
	devif_unregister(devif);

	rcu_read_lock();
	name = devif_name(devif);
	devif_put(devif);
	same = !strcmp(name, before);
	rcu_read_unlock();
	KUNIT_EXPECT_TRUE(test, same);
}

/*
 * The exporter leaves
 */

/* A way in which an exporter leaves. */
struct leaving {
	struct fixture *fixture;
	struct pipe *pipe;
	void (*leave)(struct leaving *leaving);
	int releases;
};

static void leave_by_unexport(struct leaving *leaving)
{
	pipe_unexport(leaving->pipe);
}

static void leave_by_unbind(struct leaving *leaving)
{
	fixture_unbind(leaving->fixture);
}

static void leave_by_unplug(struct leaving *leaving)
{
	fixture_unplug(leaving->fixture);
}

static void (* const leaves[])(struct leaving *leaving) = {
	leave_by_unexport, leave_by_unbind, leave_by_unplug,
};

static long leave(void *arg)
{
	struct leaving *leaving = arg;

	leaving->leave(leaving);
	/* all releases must have run by now */
	leaving->releases = atomic_read(&leaving->pipe->releases);
	return 0;
}

static struct leaving *leaving_new(struct kunit *test)
{
	struct leaving *leaving = kunit_kzalloc(test, sizeof(*leaving),
						GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, leaving);
	leaving->fixture = fixture_add_bound(test);
	leaving->pipe = pipe_export(test, &leaving->fixture->dev);
	return leaving;
}

/* Run @fn for each way of leaving. */
static void each_way(struct kunit *test,
		     void (*fn)(struct kunit *test, struct leaving *leaving,
				struct devif *devif))
{
	struct leaving *leaving;
	int i;

	for (i = 0; i < ARRAY_SIZE(leaves); i++) {
		leaving = leaving_new(test);
		leaving->leave = leaves[i];
		fn(test, leaving, client_door(test, &leaving->fixture->dev,
					      NULL));
	}
}

static void expect_dead_after(struct kunit *test, struct leaving *leaving,
			      struct devif *devif)
{
	struct client *client = client_opened(test, devif);
	struct client *other = client_opened(test, devif);

	leave(leaving);
	KUNIT_EXPECT_EQ(test, leaving->releases, 2);
	client_expect_dead(client);
	client_expect_dead(other);
	devif_target_close(client->target);
	pipe_expect_released(leaving->pipe, 2);
	KUNIT_EXPECT_EQ(test, read_one(client), -EBADF);
	/* unexport leaves the interface without an exporter */
	KUNIT_EXPECT_EQ(test, client_open(client),
			leaving->leave == leave_by_unexport ? -EOPNOTSUPP :
							      -ENODEV);
}

static void g11_files_are_dead_when_the_exporter_has_left(struct kunit *test)
{
	each_way(test, expect_dead_after);
}

static void expect_files_released(struct fixture *fixture)
{
	struct pipe *pipe = fixture->data;

	KUNIT_EXPECT_EQ(fixture->test, atomic_read(&pipe->releases), 1);
	KUNIT_EXPECT_EQ(fixture->test, atomic_read(&pipe->context_releases), 0);
	fixture->result++;
}

static void g10_files_are_released_before_remove_runs(struct kunit *test)
{
	struct leaving *leaving;
	int i;

	for (i = 1; i < ARRAY_SIZE(leaves); i++) {
		leaving = leaving_new(test);
		client_opened(test, client_door(test, &leaving->fixture->dev,
						NULL));
		leaving->leave = leaves[i];
		leaving->fixture->remove = expect_files_released;
		leaving->fixture->data = leaving->pipe;
		leave(leaving);
		KUNIT_EXPECT_EQ(test, leaving->fixture->result, 1);
	}
}

static void managed_export_releases_its_files(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_aimed(test, devif);
	struct pipe *pipe = pipe_new(test);

	KUNIT_ASSERT_EQ(test, pipe_try_managed(pipe, &fixture->dev), 0);
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	fixture_unbind(fixture);
	pipe_expect_released(pipe, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->context_releases), 1);
	client_expect_dead(client);
}

static void device_without_bus_releases_its_files(struct kunit *test)
{
	struct device *root = __root_device_register("devif-kunit-goes", NULL);
	struct client *client = client_new(test);
	struct pipe *pipe = pipe_new(test);
	struct devif *devif;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, root);
	KUNIT_EXPECT_EQ(test, pipe_try(pipe, root), 0);
	KUNIT_EXPECT_EQ(test, fixture_try(root, &guid_a, NULL, DEVIF_AUTO,
					  &devif), 0);
	KUNIT_EXPECT_EQ(test, client_attach(client, devif), 0);
	KUNIT_EXPECT_EQ(test, client_aim(client), 0);
	KUNIT_EXPECT_EQ(test, client_open(client), 0);
	root_device_unregister(root);
	pipe_expect_released(pipe, 1);
	client_expect_dead(client);
	devif_unregister(devif);
}

/* A call that waits, and the exporter's method in which it does. */
static const struct waiting {
	long (*call)(void *arg);
	enum pipe_method method;
} waitings[] = {
	{ read_one, PIPE_READ },
	{ write_one, PIPE_WRITE },
	{ await_one, PIPE_IOCTL },
	{ open_it, PIPE_OPEN },
};

static struct client *client_for(struct kunit *test, struct devif *devif,
				 const struct waiting *waiting)
{
	return waiting->method == PIPE_OPEN ? client_aimed(test, devif) :
					      client_opened(test, devif);
}

static void make_wait(struct pipe *pipe, const struct waiting *waiting)
{
	pipe_empty(pipe);
	if (waiting->method == PIPE_WRITE)
		pipe_fill(pipe);
	if (waiting->method == PIPE_OPEN)
		pipe->verdict = -EAGAIN;
}

static void expect_waiting_ended(struct kunit *test, struct leaving *leaving,
				 struct devif *devif,
				 const struct waiting *waiting)
{
	struct client *client = client_for(test, devif, waiting);
	struct errand *errand;
	int calls;

	make_wait(leaving->pipe, waiting);
	errand = errand_start(test, waiting->call, client);
	pipe_await_refusal(leaving->pipe, waiting->method, 1);
	leave(leaving);
	calls = atomic_read(&leaving->pipe->calls[waiting->method]);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ENODEV);
	/* the exporter's method was not called again */
	KUNIT_EXPECT_EQ(test,
			atomic_read(&leaving->pipe->calls[waiting->method]),
			calls);
}

static void expect_all_waiting_ended(struct kunit *test,
				     struct leaving *leaving,
				     struct devif *devif)
{
	struct leaving *another;
	int i;

	expect_waiting_ended(test, leaving, devif, &waitings[0]);
	for (i = 1; i < ARRAY_SIZE(waitings); i++) {
		another = leaving_new(test);
		another->leave = leaving->leave;
		expect_waiting_ended(test, another,
				     client_door(test, &another->fixture->dev,
						 NULL),
				     &waitings[i]);
	}
}

static void g11_who_waits_is_told(struct kunit *test)
{
	each_way(test, expect_all_waiting_ended);
}

/* Wait until the exporter has begun to leave, as seen from outside. */
static void await_death(struct client *client)
{
	int tries = 10000;

	while (devif_target_ioctl(client->target, PIPE_IOC_NOTHING, NULL) !=
	       -ENODEV && tries--)
		usleep_range(500, 1000);
}

/* Expect that an exporter leaves only after a call inside it has returned. */
static void expect_inside_awaited(struct kunit *test, struct leaving *leaving,
				  struct devif *devif,
				  const struct waiting *waiting)
{
	struct client *client = client_for(test, devif, waiting);
	struct client *other = client_opened(test, devif);
	struct pipe *pipe = leaving->pipe;
	struct errand *inside, *going;

	pipe_feed(pipe, "a");
	pipe->stay = waiting->method;
	inside = errand_start(test, waiting->call, client);
	errand_await(test, &pipe->entered);
	WRITE_ONCE(pipe->stay, PIPE_METHODS);

	going = errand_start(test, leave, leaving);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(going));
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->context_releases), 0);
	/* the file in use is not released, and further calls are refused */
	KUNIT_EXPECT_LE(test, atomic_read(&pipe->releases), 1);
	await_death(other);
	client_expect_dead(other);
	complete_all(&pipe->leave);
	KUNIT_EXPECT_GE(test, errand_finish(inside), 0);
	KUNIT_EXPECT_EQ(test, errand_finish(going), 0);
	KUNIT_EXPECT_EQ(test, leaving->releases, 2);
}

static void expect_all_inside_awaited(struct kunit *test,
				      struct leaving *leaving,
				      struct devif *devif)
{
	struct leaving *another;
	int i;

	expect_inside_awaited(test, leaving, devif, &waitings[0]);
	for (i = 1; waitings[i].method != PIPE_OPEN; i++) {
		another = leaving_new(test);
		another->leave = leaving->leave;
		expect_inside_awaited(test, another,
				      client_door(test, &another->fixture->dev,
						  NULL),
				      &waitings[i]);
	}
}

static void who_is_inside_is_waited_for(struct kunit *test)
{
	each_way(test, expect_all_inside_awaited);
}

/* Expect that a file being opened is released, and that the opener gets an error. */
static void expect_opening_awaited(struct kunit *test, struct leaving *leaving,
				   struct devif *devif)
{
	struct client *client = client_aimed(test, devif);
	struct pipe *pipe = leaving->pipe;
	struct errand *inside, *going;

	pipe->stay = PIPE_OPEN;
	inside = errand_start(test, open_it, client);
	errand_await(test, &pipe->entered);
	going = errand_start(test, leave, leaving);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(going));
	complete_all(&pipe->leave);
	errand_finish(going);
	KUNIT_EXPECT_EQ(test, leaving->releases, 1);
	if (!errand_finish(inside))
		client_expect_dead(client);
	else
		KUNIT_EXPECT_EQ(test, inside->result, -ENODEV);
	pipe_expect_released(pipe, 1);
}

static void who_is_opening_is_waited_for(struct kunit *test)
{
	each_way(test, expect_opening_awaited);
}

static long close_it(void *arg)
{
	struct client *client = arg;

	devif_target_close(client->target);
	return 0;
}

static void close_waits_for_calls_inside(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	struct errand *inside, *closing;

	pipe_feed(pipe, "a");
	pipe->stay = PIPE_READ;
	inside = errand_start(test, read_one, client);
	errand_await(test, &pipe->entered);
	closing = errand_start(test, close_it, client);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(closing));
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->releases), 0);
	complete_all(&pipe->leave);
	KUNIT_EXPECT_EQ(test, errand_finish(inside), 'a');
	errand_finish(closing);
	pipe_expect_released(pipe, 1);
}

/* Expect that a leaving exporter waits for a running release. */
static void leaving_waits_for_a_release(struct kunit *test,
					struct leaving *leaving,
					struct devif *devif)
{
	struct client *client = client_opened(test, devif);
	struct pipe *pipe = leaving->pipe;
	struct errand *closing, *going;

	pipe->stay = PIPE_RELEASE;
	closing = errand_start(test, close_it, client);
	errand_await(test, &pipe->entered);
	going = errand_start(test, leave, leaving);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(going));
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->context_releases), 0);
	complete_all(&pipe->leave);
	errand_finish(closing);
	errand_finish(going);
	KUNIT_EXPECT_EQ(test, leaving->releases, 1);
	pipe_expect_released(pipe, 1);
}

static void close_is_waited_for(struct kunit *test)
{
	each_way(test, leaving_waits_for_a_release);
}

/* Expect that a leaving exporter releases the file once, even if it is closed meanwhile. */
static void closed_while_it_is_released(struct kunit *test,
					struct leaving *leaving,
					struct devif *devif)
{
	struct client *client = client_opened(test, devif);
	struct pipe *pipe = leaving->pipe;
	struct errand *going;

	pipe->stay = PIPE_RELEASE;
	going = errand_start(test, leave, leaving);
	errand_await(test, &pipe->entered);
	/* close does not wait for the exporter */
	devif_target_close(client->target);
	client_leave(client);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->context_releases), 0);
	complete_all(&pipe->leave);
	errand_finish(going);
	KUNIT_EXPECT_EQ(test, leaving->releases, 1);
	pipe_expect_released(pipe, 1);
}

static void closed_while_the_exporter_leaves(struct kunit *test)
{
	each_way(test, closed_while_it_is_released);
}

#define ROUNDS	30

static void race_closing_with_leaving(struct kunit *test,
				      struct leaving *leaving,
				      struct devif *devif)
{
	struct client *client, *reader;
	struct errand *closing, *going, *reading;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		client = client_opened(test, devif);
		reader = client_opened(test, devif);
		reading = errand_start(test, read_one, reader);
		closing = errand_start(test, close_it, client);
		going = errand_start(test, leave, leaving);
		errand_finish(closing);
		errand_finish(going);
		KUNIT_EXPECT_EQ(test, errand_finish(reading), -ENODEV);
		KUNIT_EXPECT_EQ(test, atomic_read(&leaving->pipe->opens),
				leaving->releases);
		client_leave(client);
		client_leave(reader);
		if (i + 1 == ROUNDS)
			break;
		/* export again for the next round */
		if (leaving->leave != leave_by_unexport) {
			leaving = leaving_new(test);
			leaving->leave = leave_by_unplug;
			devif = client_door(test, &leaving->fixture->dev, NULL);
		} else {
			KUNIT_ASSERT_EQ(test, pipe_try(leaving->pipe,
						       &leaving->fixture->dev),
					0);
		}
	}
}

static void close_races_with_leaving(struct kunit *test)
{
	struct leaving *leaving = leaving_new(test);

	leaving->leave = leave_by_unexport;
	race_closing_with_leaving(test, leaving,
				  client_door(test, &leaving->fixture->dev,
					      NULL));
	leaving = leaving_new(test);
	leaving->leave = leave_by_unplug;
	race_closing_with_leaving(test, leaving,
				  client_door(test, &leaving->fixture->dev,
					      NULL));
}

/* An exporter that leaves and returns is a new one: open files stay dead. */
static void opened_again_after_the_exporter_came_back(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *before = pipe_export(test, &fixture->dev), *after;
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);

	pipe_unexport(before);
	after = pipe_export(test, &fixture->dev);
	client_expect_dead(client);
	devif_target_close(client->target);
	KUNIT_ASSERT_EQ(test, client_open(client), 0);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&after->calls[PIPE_WRITE]), 1);
	pipe_expect_released(before, 1);
	devif_target_close(client->target);
	pipe_expect_released(before, 1);
	pipe_expect_released(after, 1);
}

/*
 * The last release() ends the export
 */

static long unplug_arg(void *arg)
{
	fixture_unplug(arg);
	return 0;
}

static void end_with_the_last(struct pipe *pipe)
{
	if (atomic_read(&pipe->releases) == atomic_read(&pipe->opens))
		pipe_unexport(pipe);
}

static void g10_release_ends_the_export_when_the_device_goes(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct errand *errand;

	client_opened(test, devif);
	client_opened(test, devif);
	pipe->on_release = end_with_the_last;
	errand = errand_start(test, unplug_arg, fixture);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
	pipe_expect_released(pipe, 2);
	KUNIT_EXPECT_NULL(test, pipe->export);
}

static long close_arg(void *arg)
{
	struct client *client = arg;

	devif_target_close(client->target);
	return 0;
}

static void g10_release_ends_the_export_when_it_is_closed(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &fixture->dev);
	struct devif *devif = client_door(test, &fixture->dev, NULL);
	struct client *client = client_opened(test, devif);
	struct errand *errand;

	pipe->on_release = end_with_the_last;
	errand = errand_start(test, close_arg, client);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
	pipe_expect_released(pipe, 1);
	/* the device can export another pipe now */
	pipe_export(test, &fixture->dev);
}

/*
 * Children opened through their parent's export (J8): the child leaves, the exporter stays
 */

static long unbind(void *arg)
{
	fixture_unbind(arg);
	return 0;
}

static long (* const departures[])(void *fixture) = { unbind, unplug_arg };

static void expect_ended_with_the_child(struct kunit *test,
					long (*depart)(void *fixture))
{
	struct fixture *parent = fixture_add_bound(test);
	struct scene scene = scene_below(test, parent);
	struct devif *other = client_door(test, &parent->dev, NULL);
	struct client *client = client_opened(test, scene.devif);
	struct client *waiter = client_opened(test, scene.devif);
	struct client *stays = client_opened(test, other);
	struct errand *errand = errand_start(test, read_one, waiter);

	pipe_await_refusal(scene.pipe, PIPE_READ, 1);
	depart(scene.fixture);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->releases), 2);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ENODEV);
	client_expect_dead(client);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
	devif_target_close(client->target);
	KUNIT_EXPECT_EQ(test, client_open(client), -ENODEV);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->releases), 2);
	/* files opened by the parent's own interface stay open */
	KUNIT_EXPECT_EQ(test, client_write(stays, "a"), 1);
	devif_target_close(stays->target);
	pipe_expect_released(scene.pipe, 3);
}

static void g11_opened_by_the_parent_and_the_child_leaves(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(departures); i++)
		expect_ended_with_the_child(test, departures[i]);
}

/* Expect that the child's departure waits for @call, which is inside @method. */
static void expect_child_waits(struct kunit *test, long (*depart)(void *fixture),
			       long (*call)(void *arg), enum pipe_method method)
{
	struct scene scene = scene_below(test, fixture_add_bound(test));
	struct client *client = method == PIPE_OPEN ?
				client_aimed(test, scene.devif) :
				client_opened(test, scene.devif);
	struct errand *inside, *going;

	pipe_feed(scene.pipe, "a");
	scene.pipe->stay = method;
	inside = errand_start(test, call, client);
	errand_await(test, &scene.pipe->entered);
	WRITE_ONCE(scene.pipe->stay, PIPE_METHODS);
	going = errand_start(test, depart, scene.fixture);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(going));
	complete_all(&scene.pipe->leave);
	errand_finish(going);
	pipe_expect_released(scene.pipe, 1);
	KUNIT_EXPECT_GE(test, errand_finish(inside), 0);
}

static void child_waits_for_who_is_inside_the_parent(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(departures); i++) {
		expect_child_waits(test, departures[i], read_one, PIPE_READ);
		expect_child_waits(test, departures[i], open_it, PIPE_OPEN);
		expect_child_waits(test, departures[i], close_it, PIPE_RELEASE);
	}
}

static int unregister_child(struct pipe *pipe)
{
	root_device_unregister(pipe->on_open_data);
	return 0;
}

/*
 * A method of the parent, called for the child, unplugs the child. The child is on no bus:
 * otherwise the method, inside the gate, would wait for the bus's notifiers.
 */
static void child_unplugged_by_a_call_of_its_own(struct kunit *test)
{
	struct device *child = __root_device_register("devif-kunit-child", NULL);
	struct fixture *parent = fixture_add_bound(test);
	struct pipe *pipe = pipe_export(test, &parent->dev);
	struct client *client;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, child);
	KUNIT_EXPECT_EQ(test, device_move(child, &parent->dev, DPM_ORDER_NONE), 0);
	thing_ask_parent(test, child, NULL);
	client = client_aimed(test, client_door(test, child, NULL));
	pipe->on_open = unregister_child;
	pipe->on_open_data = child;
	if (!client_open(client))
		client_expect_dead(client);
	pipe_expect_released(pipe, 1);
}

static void child_leaves_while_the_parent_does(struct kunit *test)
{
	struct client *client, *closed;
	struct errand *child, *closing;
	struct scene scene;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		scene = scene_below(test, fixture_add_bound(test));
		client = client_opened(test, scene.devif);
		closed = client_opened(test, scene.devif);
		child = errand_start(test, departures[i % 2], scene.fixture);
		closing = errand_start(test, close_it, closed);
		pipe_unexport(scene.pipe);
		pipe_expect_released(scene.pipe, 2);
		errand_finish(child);
		errand_finish(closing);
		client_expect_dead(client);
	}
}

/* The child's departure ends files even of an unregistered interface. */
static void child_leaves_after_unregistering(struct kunit *test)
{
	struct fixture *parent = fixture_add_bound(test);
	struct scene scene = scene_below(test, parent);
	struct client *client;
	struct devif *devif;

	KUNIT_ASSERT_EQ(test, fixture_try(&scene.fixture->dev, &guid_b, "r", 0,
					  &devif), 0);
	KUNIT_ASSERT_EQ(test, devif_enable(devif), 0);
	client = client_opened(test, devif);
	devif_unregister(devif);
	KUNIT_EXPECT_EQ(test, client_write(client, "a"), 1);
	fixture_unplug(scene.fixture);
	pipe_expect_released(scene.pipe, 1);
	client_expect_dead(client);
}

static void n3_removed_by_a_user_while_open_by_the_parent(struct kunit *test)
{
	struct scene scene = scene_below(test, fixture_add_bound(test));
	struct client *client = client_opened(test, scene.devif);
	struct errand *errand = errand_start(test, read_one, client);

	pipe_await_refusal(scene.pipe, PIPE_READ, 1);
	KUNIT_EXPECT_NE(test, fixture_remove_by_user(scene.devif, ""), 0);
	KUNIT_EXPECT_EQ(test, fixture_remove_by_user(scene.devif, " force"), 0);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ENODEV);
	pipe_expect_released(scene.pipe, 1);
	client_expect_dead(client);
	KUNIT_EXPECT_TRUE(test, client_awaits(client, &client->removed, 1));
}

/* A release caused by the child's end ends the parent's export. */
static void g10_release_ends_the_export_when_the_child_goes(struct kunit *test)
{
	struct scene scene = scene_below(test, fixture_add_bound(test));
	struct errand *errand;

	client_opened(test, scene.devif);
	client_opened(test, scene.devif);
	scene.pipe->on_release = end_with_the_last;
	errand = errand_start(test, unplug_arg, scene.fixture);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
	pipe_expect_released(scene.pipe, 2);
	KUNIT_EXPECT_NULL(test, scene.pipe->export);
}

static struct kunit_case file_cases[] = {
	KUNIT_CASE(g1_enabled_interface_is_opened),
	KUNIT_CASE(g2_disabled_interface_is_not_opened),
	KUNIT_CASE(g2_absent_device_is_not_opened),
	KUNIT_CASE(nobody_exports),
	KUNIT_CASE(g4_exporter_sees_which_interface),
	KUNIT_CASE(g5_exporter_sees_the_path),
	KUNIT_CASE(path_may_be_long_and_no_longer),
	KUNIT_CASE(g7_exporter_refuses),
	KUNIT_CASE(open_and_release_may_be_missing),
	KUNIT_CASE(open_refuses_bad_arguments),
	KUNIT_CASE(several_files_at_a_time),
	KUNIT_CASE(g13_open_waits),
	KUNIT_CASE(g13_open_that_must_not_wait),
	KUNIT_CASE(g13_open_waits_and_is_refused),
	KUNIT_CASE(signal_ends_an_open_that_waits),
	KUNIT_CASE(data_goes_through),
	KUNIT_CASE(write_is_done_in_part),
	KUNIT_CASE(ioctl_takes_and_gives),
	KUNIT_CASE(missing_methods),
	KUNIT_CASE(only_what_it_was_opened_for),
	KUNIT_CASE(exporter_claims_too_much),
	KUNIT_CASE(calls_wait),
	KUNIT_CASE(calls_that_must_not_wait),
	KUNIT_CASE(signal_ends_a_call_that_waits),
	KUNIT_CASE(methods_of_a_file_run_at_the_same_time),
	KUNIT_CASE(record_is_larger_than_the_buffer),
	KUNIT_CASE(two_wait_and_each_gets_one),
	KUNIT_CASE(woken_from_an_interrupt),
	KUNIT_CASE(o3_disabling_leaves_files_alone),
	KUNIT_CASE(o3_unregistering_leaves_files_alone),
	KUNIT_CASE(name_outlasts_the_last_hold),
	KUNIT_CASE(g11_files_are_dead_when_the_exporter_has_left),
	KUNIT_CASE(g10_files_are_released_before_remove_runs),
	KUNIT_CASE(managed_export_releases_its_files),
	KUNIT_CASE(device_without_bus_releases_its_files),
	KUNIT_CASE(g10_release_ends_the_export_when_the_device_goes),
	KUNIT_CASE(g10_release_ends_the_export_when_it_is_closed),
	KUNIT_CASE(g11_who_waits_is_told),
	KUNIT_CASE(who_is_inside_is_waited_for),
	KUNIT_CASE(who_is_opening_is_waited_for),
	KUNIT_CASE(close_waits_for_calls_inside),
	KUNIT_CASE(close_is_waited_for),
	KUNIT_CASE(closed_while_the_exporter_leaves),
	KUNIT_CASE(close_races_with_leaving),
	KUNIT_CASE(opened_again_after_the_exporter_came_back),
	KUNIT_CASE(g11_opened_by_the_parent_and_the_child_leaves),
	KUNIT_CASE(child_waits_for_who_is_inside_the_parent),
	KUNIT_CASE(child_unplugged_by_a_call_of_its_own),
	KUNIT_CASE(child_leaves_while_the_parent_does),
	KUNIT_CASE(child_leaves_after_unregistering),
	KUNIT_CASE(n3_removed_by_a_user_while_open_by_the_parent),
	KUNIT_CASE(g10_release_ends_the_export_when_the_child_goes),
	{}
};

static struct kunit_suite file_suite = {
	.name = "devif_file",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = file_cases,
};

kunit_test_suites(&file_suite);
