/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An interface that suites export and query, and its exporter.
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
 * @stay: say that the caller has come, and stay until the exporter lets it go
 * @callback: of the importer, for the exporter to call (J11)
 * @data: for @callback
 * @number: what the exporter likes
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
 * struct thing_exporter - who exports a thing
 * @test: the test
 * @desc: what to export, and how; may be changed before
 * @table: the table that @desc says; may be changed before
 * @export: the export, unless it is managed
 * @exports: how often it was exported
 * @releases: how often the context was released
 * @released: it has been released as often as exported
 * @release_could_sleep: the last release() ran where it may sleep
 * @inside: calls under way
 * @closed: no call is to come any more
 * @late: calls that came all the same, and were under way in release()
 * @entered: somebody stays
 * @leave: who stays may go
 * @sum: see @thing.add
 * @references: balance of the routines that count, see thing_count_itself()
 * @verdict: what thing_hook() answers
 * @asked: how often thing_hook() was
 * @request: what it was asked last
 * @holder: by whom
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
