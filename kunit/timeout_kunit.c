// SPDX-License-Identifier: GPL-2.0
/*
 * Requests with a timeout (K5).
 */
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/ktime.h>
#include <linux/limits.h>

#include "../kmod/devif/file/file.h"
#include "client.h"
#include "errand.h"
#include "fixture.h"
#include "parcel.h"
#include "pipe.h"
#include "scene.h"

/* Timeouts in milliseconds: one that passes, and one that no test outlasts. */
#define SHORT	5
#define LONG	(10 * 60 * 1000)

#define MANY	100

static struct parcel *parcel_timed(struct client *client, enum devif_request_type type,
				   unsigned int timeout)
{
	struct parcel *parcel = parcels_new(client, 1, type);

	parcel->request.timeout = timeout;
	KUNIT_ASSERT_EQ(client->test, parcel_submit(client, parcel), 0);
	return parcel;
}

static void k5_request_times_out(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *other = parcel_submitted(client, DEVIF_REQUEST_READ);
	ktime_t begin = ktime_get();
	struct parcel *parcel = parcel_timed(client, DEVIF_REQUEST_READ, SHORT);

	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -ETIMEDOUT);
	KUNIT_EXPECT_GE(test, ktime_ms_delta(ktime_get(), begin), SHORT);
	KUNIT_EXPECT_EQ(test, parcel->request.pos, 0);
	/* a request that has timed out takes no data, and others go on */
	pipe_feed(scene.pipe, "a");
	KUNIT_EXPECT_EQ(test, parcel_await(test, other), 1);
	client_leave(client);
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&other->completions), 1);
}

static void k5_request_is_in_time(struct kunit *test)
{
	static const unsigned int timeouts[] = { LONG, INT_MAX, UINT_MAX };
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel;
	int i;

	for (i = 0; i < ARRAY_SIZE(timeouts); i++) {
		parcel = parcel_timed(client, DEVIF_REQUEST_READ, timeouts[i]);
		pipe_await_refusal(scene.pipe, PIPE_READ, 2 * (i + 1));
		pipe_wake_in_vain(scene.pipe, PIPE_READ);
		pipe_feed(scene.pipe, "a");
		KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 1);
		KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 1);
	}
}

/* Submit a read whose time passes while the exporter is at work. */
static struct parcel *expired_inside(struct kunit *test, struct scene *scene,
				     struct client *client)
{
	unsigned long end = jiffies + PATIENCE;
	struct parcel *parcel;

	scene->pipe->stay = PIPE_READ;
	parcel = parcel_timed(client, DEVIF_REQUEST_READ, SHORT);
	errand_await(test, &scene->pipe->entered);
	while (!test_bit(DEVIF_REQUEST_EXPIRED, &parcel->request.state) &&
	       time_before(jiffies, end))
		msleep(20);
	KUNIT_EXPECT_TRUE(test, test_bit(DEVIF_REQUEST_EXPIRED, &parcel->request.state));
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 0);
	complete_all(&scene->pipe->leave);
	return parcel;
}

static void k5_timeout_does_not_end_a_call(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel;

	pipe_feed(scene.pipe, "a");
	parcel = expired_inside(test, &scene, client);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 1);
	KUNIT_EXPECT_EQ(test, parcel->data[0], 'a');
}

static void k5_timed_out_before_it_waits(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = expired_inside(test, &scene, client);

	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -ETIMEDOUT);
}

/* The exporter is called once more when the time is over. */
static void k5_last_attempt_finds_data(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcel_timed(client, DEVIF_REQUEST_READ, SHORT);

	/* without a wake-up */
	pipe_fill(scene.pipe);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), 1);
	KUNIT_EXPECT_EQ(test, parcel->data[0], 'x');
}

static void k5_timeout_of_a_request_that_must_not_wait(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct parcel *parcel;

	KUNIT_ASSERT_EQ(test, devif_target_open(client->target, NULL,
						DEVIF_READ | DEVIF_NONBLOCK), 0);
	parcel = parcel_timed(client, DEVIF_REQUEST_READ, SHORT);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -EAGAIN);
}

/* A time limit holds however often the request is woken. */
static void k5_wake_ups_in_vain_do_not_prolong(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcel_timed(client, DEVIF_REQUEST_READ, SHORT);
	unsigned long end = jiffies + PATIENCE;

	while (!completion_done(&parcel->done) && time_before(jiffies, end)) {
		pipe_feed(scene.pipe, "");
		usleep_range(50, 200);
	}
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -ETIMEDOUT);
}

static void k5_submitted_again_when_timed_out(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcels_new(client, 1, DEVIF_REQUEST_READ);

	parcel->again = 20;
	parcel->request.timeout = 1;
	KUNIT_ASSERT_EQ(test, parcel_submit(client, parcel), 0);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->timeouts), 21);
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 21);
	KUNIT_EXPECT_EQ(test, parcel->refused, 0);
}

static void k5_freed_when_timed_out(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	int i;

	for (i = 0; i < 50; i++) {
		parcel_submit_to_be_freed(client, i % 2 ? LONG : 1);
		if (i % 2)
			pipe_feed(scene.pipe, "a");
		errand_await(test, &parcel_freed);
		KUNIT_EXPECT_EQ(test, atomic_read(&parcel_freed_result),
				i % 2 ? 1 : -ETIMEDOUT);
	}
}

static void k5_cancelled_before_its_time(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcel_timed(client, DEVIF_REQUEST_READ, LONG);

	pipe_await_refusal(scene.pipe, PIPE_READ, 1);
	devif_request_cancel(&parcel->request);
	KUNIT_EXPECT_EQ(test, parcel_await(test, parcel), -ECANCELED);
}

/* Submit reads; every other one times out soon, if nothing else happens. */
static struct parcel *many_timed(struct kunit *test, struct client *client)
{
	struct parcel *parcels = parcels_new(client, MANY, DEVIF_REQUEST_READ);
	int i;

	for (i = 0; i < MANY; i++) {
		parcels[i].request.timeout = i % 2 ? LONG : 1 + i % 4;
		KUNIT_ASSERT_EQ(test, parcel_submit(client, &parcels[i]), 0);
	}
	return parcels;
}

static void expect_result(struct kunit *test, const struct parcel *parcel, int result)
{
	if (parcel->result != -ETIMEDOUT || parcel->request.timeout == LONG)
		KUNIT_EXPECT_EQ(test, parcel->result, result);
	KUNIT_EXPECT_EQ(test, atomic_read(&parcel->completions), 1);
}

static void k8_close_ends_requests_with_a_timeout(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_aimed(test, scene.devif);
	struct parcel *parcels;
	int i, round;

	for (round = 0; round < 20; round++) {
		KUNIT_ASSERT_EQ(test, client_open(client), 0);
		parcels = many_timed(test, client);
		if (round % 2)
			usleep_range(10, 2000);
		devif_target_close(client->target);
		for (i = 0; i < MANY; i++)
			expect_result(test, &parcels[i], -ECANCELED);
	}
}

static void unplugging_ends_requests_with_a_timeout(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcels = many_timed(test, client);
	int i;

	fixture_unplug(scene.fixture);
	for (i = 0; i < MANY; i++) {
		parcel_await(test, &parcels[i]);
		expect_result(test, &parcels[i], -ENODEV);
	}
}

/* Cancel one of three requests, and feed another, while their timeouts pass. */
static long cancel_some(void *arg)
{
	struct parcel *parcels = arg;
	int i;

	for (i = 0; i < MANY; i += 3) {
		devif_request_cancel(&parcels[i].request);
		fixture_breathe(i);
	}
	return 0;
}

static void k5_timeouts_race_with_data_and_cancellation(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcels;
	struct errand *errand;
	int i, round, odd;

	for (round = 0; round < 20; round++) {
		parcels = parcels_new(client, MANY, DEVIF_REQUEST_READ);
		for (i = 0; i < MANY; i++) {
			parcels[i].request.timeout = 1 + i % 8;
			KUNIT_ASSERT_EQ(test, parcel_submit(client, &parcels[i]), 0);
		}
		errand = errand_start(test, cancel_some, parcels);
		for (i = 0; i < MANY / 3; i++) {
			pipe_feed(scene.pipe, "a");
			fixture_breathe(i);
		}
		errand_finish(errand);
		for (i = 0, odd = 0; i < MANY; i++) {
			parcel_await(test, &parcels[i]);
			odd += parcels[i].result != 1 && parcels[i].result != -ETIMEDOUT &&
			       (i % 3 || parcels[i].result != -ECANCELED);
			odd += atomic_read(&parcels[i].completions) != 1;
		}
		KUNIT_EXPECT_EQ(test, odd, 0);
		pipe_empty(scene.pipe);
	}
}

/* An interrupt that submits a request. */
struct interrupt {
	struct irq_work work;
	struct client *client;
	struct parcel *parcel;
	int result;
};

static void submit_in_interrupt(struct irq_work *work)
{
	struct interrupt *interrupt = container_of(work, struct interrupt, work);

	interrupt->result = parcel_submit(interrupt->client, interrupt->parcel);
}

static void k5_timeout_of_a_request_from_an_interrupt(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct interrupt interrupt = {
		.work = IRQ_WORK_INIT(submit_in_interrupt),
		.client = client_opened(test, scene.devif),
	};

	interrupt.parcel = parcels_new(interrupt.client, 1, DEVIF_REQUEST_READ);
	interrupt.parcel->request.timeout = SHORT;
	irq_work_queue(&interrupt.work);
	irq_work_sync(&interrupt.work);
	KUNIT_ASSERT_EQ(test, interrupt.result, 0);
	KUNIT_EXPECT_EQ(test, parcel_await(test, interrupt.parcel), -ETIMEDOUT);
}

/*
 * Sending: the caller waits
 */

/* Send the request of a parcel, for an errand. */
static long send_it(void *arg)
{
	struct parcel *parcel = arg;

	return devif_target_send(parcel->target, &parcel->request);
}

static struct parcel *parcel_to_send(struct client *client, enum devif_request_type type,
				     unsigned int timeout)
{
	struct parcel *parcel = parcels_new(client, 1, type);

	parcel->target = client->target;
	parcel->request.timeout = timeout;
	/* not needed */
	parcel->request.complete = NULL;
	return parcel;
}

static void k5_requests_are_sent(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *write = parcel_to_send(client, DEVIF_REQUEST_WRITE, 0);
	struct parcel *read = parcel_to_send(client, DEVIF_REQUEST_READ, LONG);
	struct parcel *ioctl = parcel_to_send(client, DEVIF_REQUEST_IOCTL, LONG);

	write->data[0] = 'a';
	KUNIT_EXPECT_EQ(test, send_it(write), 1);
	KUNIT_EXPECT_EQ(test, write->request.pos, 1);
	read->request.size = sizeof(read->data);
	KUNIT_EXPECT_EQ(test, send_it(read), 1);
	KUNIT_EXPECT_STREQ(test, read->data, "a");
	KUNIT_EXPECT_EQ(test, read->request.pos, 1);
	ioctl->number = 4;
	ioctl->request.cmd = PIPE_IOC_TWICE;
	ioctl->request.buffer = &ioctl->number;
	ioctl->request.size = sizeof(ioctl->number);
	KUNIT_EXPECT_EQ(test, send_it(ioctl), 0);
	KUNIT_EXPECT_EQ(test, ioctl->number, 8);
}

static void k5_sent_request_times_out(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *read = parcel_to_send(client, DEVIF_REQUEST_READ, SHORT);
	struct parcel *write = parcel_to_send(client, DEVIF_REQUEST_WRITE, SHORT);
	struct parcel *ioctl = parcel_to_send(client, DEVIF_REQUEST_IOCTL, SHORT);
	ktime_t begin = ktime_get();

	KUNIT_EXPECT_EQ(test, send_it(read), -ETIMEDOUT);
	KUNIT_EXPECT_GE(test, ktime_ms_delta(ktime_get(), begin), SHORT);
	ioctl->request.cmd = PIPE_IOC_AWAIT;
	KUNIT_EXPECT_EQ(test, send_it(ioctl), -ETIMEDOUT);
	pipe_fill(scene.pipe);
	KUNIT_EXPECT_EQ(test, send_it(write), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, write->request.pos, 0);
	KUNIT_EXPECT_EQ(test, send_it(read), 1);
}

static void k5_sent_request_is_woken_in_vain(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct errand *errand;
	unsigned long end = jiffies + PATIENCE;

	errand = errand_start(test, send_it,
			      parcel_to_send(client, DEVIF_REQUEST_READ, SHORT));
	while (!completion_done(&errand->done) && time_before(jiffies, end)) {
		pipe_feed(scene.pipe, "");
		usleep_range(50, 200);
	}
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ETIMEDOUT);
}

static void k5_sent_request_is_in_time(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct errand *errand;

	errand = errand_start(test, send_it,
			      parcel_to_send(client, DEVIF_REQUEST_READ, LONG));
	pipe_await_refusal(scene.pipe, PIPE_READ, 2);
	pipe_feed(scene.pipe, "a");
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 1);
}

static void k5_sent_request_is_interrupted(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct errand *errand;

	errand = errand_start(test, send_it,
			      parcel_to_send(client, DEVIF_REQUEST_READ, LONG));
	pipe_await_refusal(scene.pipe, PIPE_READ, 2);
	errand_interrupt(errand);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ERESTARTSYS);
}

static void k8_close_ends_a_sent_request(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcel_to_send(client, DEVIF_REQUEST_READ, LONG);
	struct errand *errand = errand_start(test, send_it, parcel);

	pipe_await_refusal(scene.pipe, PIPE_READ, 2);
	devif_target_close(client->target);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), -ECANCELED);
	KUNIT_EXPECT_EQ(test, send_it(parcel), -EBADF);
}

static void k5_bad_requests_are_not_sent(struct kunit *test)
{
	struct scene scene = scene_new(test);
	struct client *client = client_opened(test, scene.devif);
	struct parcel *parcel = parcel_to_send(client, DEVIF_REQUEST_READ, SHORT);

	KUNIT_EXPECT_EQ(test, devif_target_send(client->target, NULL), -EINVAL);
	parcel->request.type = 77;
	KUNIT_EXPECT_EQ(test, send_it(parcel), -EINVAL);
	parcel->request.type = DEVIF_REQUEST_READ;
	parcel->request.buffer = NULL;
	KUNIT_EXPECT_EQ(test, send_it(parcel), -EINVAL);
	parcel->request.type = DEVIF_REQUEST_IOCTL;
	parcel->request.cmd = PIPE_IOC_TWICE;
	parcel->request.buffer = parcel->data;
	KUNIT_EXPECT_EQ(test, send_it(parcel), -EINVAL);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->calls[PIPE_READ]), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&scene.pipe->calls[PIPE_IOCTL]), 0);
}

static struct kunit_case timeout_cases[] = {
	KUNIT_CASE(k5_request_times_out),
	KUNIT_CASE(k5_request_is_in_time),
	KUNIT_CASE(k5_timeout_does_not_end_a_call),
	KUNIT_CASE(k5_timed_out_before_it_waits),
	KUNIT_CASE(k5_last_attempt_finds_data),
	KUNIT_CASE(k5_timeout_of_a_request_that_must_not_wait),
	KUNIT_CASE(k5_wake_ups_in_vain_do_not_prolong),
	KUNIT_CASE(k5_submitted_again_when_timed_out),
	KUNIT_CASE(k5_freed_when_timed_out),
	KUNIT_CASE(k5_cancelled_before_its_time),
	KUNIT_CASE(k8_close_ends_requests_with_a_timeout),
	KUNIT_CASE(unplugging_ends_requests_with_a_timeout),
	KUNIT_CASE(k5_timeouts_race_with_data_and_cancellation),
	KUNIT_CASE(k5_timeout_of_a_request_from_an_interrupt),
	KUNIT_CASE(k5_requests_are_sent),
	KUNIT_CASE(k5_sent_request_times_out),
	KUNIT_CASE(k5_sent_request_is_woken_in_vain),
	KUNIT_CASE(k5_sent_request_is_in_time),
	KUNIT_CASE(k5_sent_request_is_interrupted),
	KUNIT_CASE(k8_close_ends_a_sent_request),
	KUNIT_CASE(k5_bad_requests_are_not_sent),
	{}
};

static struct kunit_suite timeout_suite = {
	.name = "devif_timeout",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = timeout_cases,
};

kunit_test_suites(&timeout_suite);
