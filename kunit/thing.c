// SPDX-License-Identifier: GPL-2.0
/*
 * A query interface for the suites, and its exporter.
 */
#include <linux/preempt.h>
#include <linux/slab.h>

#include "fixture.h"
#include "thing.h"

/*
 * The exporter's side
 */

static struct thing_exporter *begin_call(void *context)
{
	struct thing_exporter *exporter = devif_context(context);

	atomic_inc(&exporter->inside);
	if (READ_ONCE(exporter->closed))
		atomic_inc(&exporter->late);
	return exporter;
}

static void end_call(struct thing_exporter *exporter)
{
	atomic_dec(&exporter->inside);
}

static int method_add(void *context, int number)
{
	struct thing_exporter *exporter = begin_call(context);
	int sum = atomic_add_return(number, &exporter->sum);

	end_call(exporter);
	return sum;
}

static void method_stay(void *context)
{
	struct thing_exporter *exporter = begin_call(context);

	complete(&exporter->entered);
	wait_for_completion(&exporter->leave);
	end_call(exporter);
}

static void release(void *context)
{
	struct thing_exporter *exporter = context;

	exporter->release_could_sleep = in_task() && !irqs_disabled();
	might_sleep();
	atomic_add(atomic_read(&exporter->inside), &exporter->late);
	if (atomic_inc_return(&exporter->releases) ==
	    atomic_read(&exporter->exports))
		complete_all(&exporter->released);
}

static void count_reference(void *context)
{
	struct thing_exporter *exporter = context;

	atomic_inc(&exporter->references);
}

static void count_dereference(void *context)
{
	struct thing_exporter *exporter = context;

	atomic_dec(&exporter->references);
}

/* Export with reference routines that count. */
void thing_count_itself(struct thing_exporter *exporter)
{
	exporter->desc.reference = count_reference;
	exporter->desc.dereference = count_dereference;
}

/* Record the request, and return the verdict. */
int thing_hook(void *context, const struct devif_query_request *request,
	       struct devif_interface *answer)
{
	struct thing_exporter *exporter = context;

	exporter->asked++;
	exporter->request = *request;
	strscpy(exporter->holder, request->holder, sizeof(exporter->holder));
	return exporter->verdict;
}

/* Check after any test that all exports have been released. */
static void end_exporter(void *arg)
{
	struct thing_exporter *exporter = arg;

	complete_all(&exporter->leave);
	thing_unexport(exporter);
	if (exporter->desc.release && !thing_is_released(exporter)) {
		KUNIT_FAIL(exporter->test, "%d exports, %d releases",
			   atomic_read(&exporter->exports),
			   atomic_read(&exporter->releases));
		return;	/* @exporter may still be in use */
	}
	kfree(exporter);
}

struct thing_exporter *thing_new(struct kunit *test)
{
	struct thing_exporter *exporter = kzalloc(sizeof(*exporter), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, exporter);
	exporter->test = test;
	exporter->table = (struct thing) {
		.header = DEVIF_INTERFACE_INIT(struct thing, 1),
		.add = method_add,
		.stay = method_stay,
	};
	exporter->desc = (struct devif_export_desc) {
		.guid = &guid_a,
		.table = devif_header(&exporter->table),
		.context = exporter,
		.release = release,
	};
	init_completion(&exporter->released);
	init_completion(&exporter->entered);
	init_completion(&exporter->leave);
	fixture_defer(test, end_exporter, exporter);
	return exporter;
}

static int count_export(struct thing_exporter *exporter, int error)
{
	if (!error) {
		atomic_inc(&exporter->exports);
		reinit_completion(&exporter->released);
	}
	return error;
}

int thing_try(struct thing_exporter *exporter, struct device *dev)
{
	return count_export(exporter, devif_export(dev, &exporter->desc,
						   &exporter->export));
}

int thing_try_managed(struct thing_exporter *exporter, struct device *dev)
{
	return count_export(exporter, devm_devif_export(dev, &exporter->desc, NULL));
}

struct thing_exporter *thing_export(struct kunit *test, struct device *dev)
{
	struct thing_exporter *exporter = thing_new(test);

	KUNIT_ASSERT_EQ(test, thing_try(exporter, dev), 0);
	return exporter;
}

/* Forward queries for @guid, or all if it is %NULL, to the parent of @dev. */
struct thing_exporter *thing_ask_parent(struct kunit *test, struct device *dev,
					const guid_t *guid)
{
	struct thing_exporter *exporter = thing_new(test);

	exporter->desc = (struct devif_export_desc) {
		.guid = guid,
		.flags = DEVIF_EXPORT_ASK_PARENT,
	};
	KUNIT_ASSERT_EQ(test, thing_try(exporter, dev), 0);
	return exporter;
}

void thing_unexport(struct thing_exporter *exporter)
{
	struct devif_export *export = exporter->export;

	exporter->export = NULL;
	devif_unexport(export);
}

/* Return whether all exports are released, now or in a while. */
bool thing_is_released(struct thing_exporter *exporter)
{
	if (atomic_read(&exporter->exports))
		wait_for_completion_timeout(&exporter->released, PATIENCE);
	return atomic_read(&exporter->releases) ==
	       atomic_read(&exporter->exports);
}

/*
 * The importer's side
 */

int thing_ask(struct device *dev, unsigned int flags, struct thing *thing)
{
	const struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = U32_MAX,
		.flags = flags,
	};

	return devif_query(dev, &desc, thing);
}

void thing_query(struct kunit *test, struct device *dev, unsigned int flags,
		 struct thing *thing)
{
	KUNIT_ASSERT_EQ(test, thing_ask(dev, flags, thing), 0);
}

int thing_add(const struct thing *thing, int number)
{
	return thing->add(thing->header.context, number);
}

int thing_enter_and_add(const struct thing *thing, int number)
{
	scoped_devif_call(&thing->header)
		return thing_add(thing, number);
	return -ENODEV;
}

void thing_drop(const struct thing *thing)
{
	devif_dereference(&thing->header);
}
