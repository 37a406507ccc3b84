/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parcels: requests, and what became of them.
 */
#ifndef DEVIF_KUNIT_PARCEL_H
#define DEVIF_KUNIT_PARCEL_H

#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/devif.h>

struct client;

/**
 * struct parcel - a request, and its completion
 * @request: the request
 * @target: target for @again
 * @data: buffer of the request
 * @number: buffer of an ioctl
 * @result: result of the last completion
 * @completions: number of completions
 * @timeouts: number of completions because of a timeout
 * @again: number of times to submit it again, from its completion
 * @refused: error of such a submission
 * @done: completed when the request is not submitted again
 */
struct parcel {
	struct devif_request request;
	struct devif_target *target;
	char data[8];
	u32 number;
	ssize_t result;
	atomic_t completions, timeouts;
	int again, refused;
	struct completion done;
};

static inline struct parcel *to_parcel(struct devif_request *request)
{
	return container_of(request, struct parcel, request);
}

extern atomic_t parcel_freed_result;
extern struct completion parcel_freed;

void parcel_init(struct parcel *parcel, enum devif_request_type type);
struct parcel *parcels_new(struct client *client, int number,
			   enum devif_request_type type);
void parcel_prepare(struct parcel *parcel);
void parcel_completed(struct devif_request *request, ssize_t result);
int parcel_submit(struct client *client, struct parcel *parcel);
struct parcel *parcel_submitted(struct client *client,
				enum devif_request_type type);
ssize_t parcel_await(struct kunit *test, struct parcel *parcel);
void parcel_submit_to_be_freed(struct client *client, unsigned int timeout);

#endif /* DEVIF_KUNIT_PARCEL_H */
