/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A query interface for the suites, and its exporter.
 */
#ifndef DEVIF_KUNIT_THING_H
#define DEVIF_KUNIT_THING_H

#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/devif.h>

/**
 * struct thing - the interface; its GUID is guid_a
 * @header: header of every query interface
 * @add: add to the exporter's sum, and return it
 * @stay: complete the exporter's @entered, and block until its @leave
 * @callback: function of the importer, for the exporter to call (J11)
 * @data: argument of @callback
 * @number: any number of the exporter
 */
struct thing {
	struct devif_interface header;
	int (*add)(void *context, int number);
	void (*stay)(void *context);
	void (*callback)(void *data, int number);
	void *data;
	u64 number;
};

/**
 * struct thing_exporter - an exporter of a thing
 * @test: the test
 * @desc: description of the export; a test may change it before
 * @table: table that @desc names; a test may change it before
 * @export: the export, unless it is managed
 * @exports: number of exports
 * @releases: number of releases of the context
 * @released: completed when all exports have been released
 * @release_could_sleep: whether the last release() ran in a context that may sleep
 * @inside: number of running calls
 * @closed: whether no further call may come
 * @late: number of calls that came all the same, or ran during release()
 * @entered: completed when a call blocks
 * @leave: completed to unblock the call
 * @sum: see @thing.add
 * @references: balance of the routines that count, see thing_count_itself()
 * @verdict: result of thing_hook()
 * @asked: number of calls of thing_hook()
 * @request: its last request
 * @holder: holder in its last request
 */
struct thing_exporter {
	struct kunit *test;
	struct devif_export_desc desc;
	struct thing table;
	struct devif_export *export;

	atomic_t exports, releases;
	struct completion released;
	bool release_could_sleep;

	atomic_t inside, late;
	bool closed;
	struct completion entered, leave;
	atomic_t sum, references;

	int verdict;
	unsigned int asked;
	struct devif_query_request request;
	char holder[64];
};

struct thing_exporter *thing_new(struct kunit *test);
struct thing_exporter *thing_export(struct kunit *test, struct device *dev);
struct thing_exporter *thing_ask_parent(struct kunit *test, struct device *dev,
					const guid_t *guid);
void thing_count_itself(struct thing_exporter *exporter);
int thing_hook(void *context, const struct devif_query_request *request,
	       struct devif_interface *answer);

int thing_try(struct thing_exporter *exporter, struct device *dev);
int thing_try_managed(struct thing_exporter *exporter, struct device *dev);
void thing_unexport(struct thing_exporter *exporter);
bool thing_is_released(struct thing_exporter *exporter);

int thing_ask(struct device *dev, unsigned int flags, struct thing *thing);
void thing_query(struct kunit *test, struct device *dev, unsigned int flags,
		 struct thing *thing);
int thing_add(const struct thing *thing, int number);
int thing_enter_and_add(const struct thing *thing, int number);
void thing_drop(const struct thing *thing);

#endif /* DEVIF_KUNIT_THING_H */
