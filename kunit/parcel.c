// SPDX-License-Identifier: GPL-2.0
/*
 * Parcels: requests, and what became of them.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "client.h"
#include "fixture.h"
#include "parcel.h"

void parcel_prepare(struct parcel *parcel)
{
	parcel->request = (struct devif_request) {
		.type = parcel->request.type,
		.cmd = parcel->request.cmd,
		.buffer = parcel->request.buffer,
		.size = parcel->request.size,
		.timeout = parcel->request.timeout,
		.complete = parcel->request.complete,
	};
}

void parcel_completed(struct devif_request *request, ssize_t result)
{
	struct parcel *parcel = to_parcel(request);

	might_sleep();
	parcel->result = result;
	atomic_inc(&parcel->completions);
	if (result == -ETIMEDOUT)
		atomic_inc(&parcel->timeouts);
	if (parcel->again) {
		parcel->again--;
		parcel_prepare(parcel);
		parcel->refused = devif_target_submit(parcel->target, request);
		if (!parcel->refused)
			return;
	}
	complete_all(&parcel->done);
}

void parcel_init(struct parcel *parcel, enum devif_request_type type)
{
	memset(parcel, 0, sizeof(*parcel));
	parcel->request.type = type;
	parcel->request.buffer = parcel->data;
	parcel->request.size = 1;
	parcel->request.complete = parcel_completed;
	init_completion(&parcel->done);
}

static void close_if_there(void *arg)
{
	struct client *client = arg;

	if (client->target)
		devif_target_close(client->target);
}

static void free_parcels(void *arg)
{
	kfree(arg);
}

/* Make requests, which are freed only after the client's target is closed. */
struct parcel *parcels_new(struct client *client, int number,
			   enum devif_request_type type)
{
	struct parcel *parcels = kcalloc(number, sizeof(*parcels), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(client->test, parcels);
	fixture_defer(client->test, free_parcels, parcels);
	fixture_defer(client->test, close_if_there, client);
	for (i = 0; i < number; i++)
		parcel_init(&parcels[i], type);
	return parcels;
}

int parcel_submit(struct client *client, struct parcel *parcel)
{
	parcel->target = client->target;
	parcel_prepare(parcel);
	reinit_completion(&parcel->done);
	return devif_target_submit(client->target, &parcel->request);
}

struct parcel *parcel_submitted(struct client *client,
				enum devif_request_type type)
{
	struct parcel *parcel = parcels_new(client, 1, type);

	KUNIT_ASSERT_EQ(client->test, parcel_submit(client, parcel), 0);
	return parcel;
}

ssize_t parcel_await(struct kunit *test, struct parcel *parcel)
{
	KUNIT_ASSERT_NE(test, wait_for_completion_timeout(&parcel->done,
							  PATIENCE), 0);
	return parcel->result;
}

atomic_t parcel_freed_result;
DECLARE_COMPLETION(parcel_freed);

static void free_completed(struct devif_request *request, ssize_t result)
{
	atomic_set(&parcel_freed_result, result);
	kfree(to_parcel(request));
	complete(&parcel_freed);
}

/* Submit a request that its completion frees. */
void parcel_submit_to_be_freed(struct client *client, unsigned int timeout)
{
	struct parcel *parcel = kmalloc(sizeof(*parcel), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(client->test, parcel);
	parcel_init(parcel, DEVIF_REQUEST_READ);
	parcel->request.complete = free_completed;
	parcel->request.timeout = timeout;
	KUNIT_ASSERT_EQ(client->test, parcel_submit(client, parcel), 0);
}
