// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks: several exporters on one device, in layers, and methods that open only some of
 * its interfaces.
 */
#include <linux/rcupdate.h>

#include "client.h"
#include "errand.h"
#include "fixture.h"
#include "pipe.h"
#include "thing.h"

/*
 * Layers
 */

static struct thing_exporter *layer_new(struct kunit *test, int layer, u32 version)
{
	struct thing_exporter *exporter = thing_new(test);

	exporter->desc.layer = layer;
	exporter->desc.query = thing_hook;
	exporter->table.header.version = version;
	exporter->table.number = layer;
	return exporter;
}

static struct thing_exporter *layer_add(struct kunit *test, struct device *dev,
					int layer, u32 version)
{
	struct thing_exporter *exporter = layer_new(test, layer, version);

	KUNIT_ASSERT_EQ(test, thing_try(exporter, dev), 0);
	return exporter;
}

/* Return the layer that answers, or INT_MIN if none does. */
static int layer_answers(struct device *dev, u32 version)
{
	const struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = version,
		.flags = DEVIF_REVOCABLE,
	};
	struct thing thing;

	if (devif_query(dev, &desc, &thing))
		return INT_MIN;
	thing_drop(&thing);
	return thing.number;
}

static void j8_highest_layer_answers(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct device *dev = &fixture->dev;
	struct thing_exporter *function, *filter;

	function = layer_add(test, dev, DEVIF_LAYER_FUNCTION, 1);
	layer_add(test, dev, DEVIF_LAYER_BUS, 1);
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 1), DEVIF_LAYER_FUNCTION);
	filter = layer_add(test, dev, DEVIF_LAYER_FILTER, 1);
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 1), DEVIF_LAYER_FILTER);
	thing_unexport(filter);
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 1), DEVIF_LAYER_FUNCTION);
	thing_unexport(function);
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 1), DEVIF_LAYER_BUS);
}

static void j8_one_layer_is_exported_once(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *again;

	layer_add(test, &fixture->dev, DEVIF_LAYER_FILTER, 1);
	again = layer_new(test, DEVIF_LAYER_FILTER, 1);
	KUNIT_EXPECT_EQ(test, thing_try(again, &fixture->dev), -EEXIST);
	again->desc.layer++;
	KUNIT_EXPECT_EQ(test, thing_try(again, &fixture->dev), 0);
}

static void j8_layers_have_bounds(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = layer_new(test, DEVIF_LAYER_MAX + 1, 1);

	KUNIT_EXPECT_EQ(test, thing_try(exporter, &fixture->dev), -EINVAL);
	exporter->desc.layer = INT_MIN;
	KUNIT_EXPECT_EQ(test, thing_try(exporter, &fixture->dev), -EINVAL);
	exporter->desc.layer = -DEVIF_LAYER_MAX;
	KUNIT_EXPECT_EQ(test, thing_try(exporter, &fixture->dev), 0);
}

/* J9 comes first: an importer that knows the new version does not get an old one. */
static void j9_version_comes_before_the_layer(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct device *dev = &fixture->dev;

	layer_add(test, dev, DEVIF_LAYER_FILTER, 1);
	layer_add(test, dev, DEVIF_LAYER_FUNCTION, 2);
	layer_add(test, dev, DEVIF_LAYER_BUS, 3);
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 3), DEVIF_LAYER_BUS);
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 2), DEVIF_LAYER_FUNCTION);
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 1), DEVIF_LAYER_FILTER);
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 0), INT_MIN);
}

static void j8_hook_passes_the_query_on(struct kunit *test)
{
	struct fixture *parent = fixture_add(test);
	struct fixture *fixture = fixture_add_child(test, &parent->dev);
	struct device *dev = &fixture->dev;
	struct thing_exporter *filter, *function, *bus;

	filter = layer_add(test, dev, DEVIF_LAYER_FILTER, 1);
	function = layer_add(test, dev, DEVIF_LAYER_FUNCTION, 1);
	bus = layer_add(test, dev, DEVIF_LAYER_BUS, 1);
	filter->verdict = DEVIF_QUERY_PASS;
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 1), DEVIF_LAYER_FUNCTION);
	KUNIT_EXPECT_EQ(test, filter->asked, 1);
	KUNIT_EXPECT_EQ(test, bus->asked, 0);

	function->verdict = DEVIF_QUERY_PASS;
	bus->verdict = DEVIF_QUERY_PASS;
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 1), INT_MIN);

	layer_add(test, &parent->dev, 7, 1);
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 1), INT_MIN);
	thing_ask_parent(test, dev, NULL);
	KUNIT_EXPECT_EQ(test, layer_answers(dev, 1), 7);
}

static void j10_refusal_is_not_passed_on(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *filter, *function;
	struct thing thing;

	filter = layer_add(test, &fixture->dev, DEVIF_LAYER_FILTER, 1);
	function = layer_add(test, &fixture->dev, DEVIF_LAYER_FUNCTION, 1);
	filter->verdict = -EACCES;
	KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &thing), -EACCES);
	KUNIT_EXPECT_EQ(test, function->asked, 0);
}

/* A query that has been passed on leaves nothing behind: the exports are released. */
static void j8_passing_on_holds_nothing(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *filter;
	struct thing thing;

	filter = layer_add(test, &fixture->dev, DEVIF_LAYER_FILTER, 1);
	layer_add(test, &fixture->dev, DEVIF_LAYER_FUNCTION, 1);
	filter->verdict = DEVIF_QUERY_PASS;
	thing_query(test, &fixture->dev, 0, &thing);
	thing_unexport(filter);
	KUNIT_EXPECT_TRUE(test, thing_is_released(filter));
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 1);
	thing_drop(&thing);
}

/*
 * The layers below
 */

static int ask_below(struct thing_exporter *exporter, u32 version, struct thing *thing)
{
	const struct devif_query_desc desc = {
		.version = version,
		.flags = DEVIF_REVOCABLE,
	};

	return devif_query_below(exporter->export, &desc, thing);
}

static void expect_below(struct kunit *test, struct thing_exporter *exporter,
			 u32 version, int layer)
{
	struct thing thing;

	KUNIT_ASSERT_EQ(test, ask_below(exporter, version, &thing), 0);
	KUNIT_EXPECT_EQ(test, thing.number, layer);
	thing_drop(&thing);
}

static void j8_filter_asks_below(struct kunit *test)
{
	struct fixture *parent = fixture_add(test);
	struct fixture *fixture = fixture_add_child(test, &parent->dev);
	struct device *dev = &fixture->dev;
	struct thing_exporter *filter, *function;
	struct thing thing;

	filter = layer_add(test, dev, DEVIF_LAYER_FILTER, 2);
	KUNIT_EXPECT_EQ(test, ask_below(filter, 2, &thing), -EOPNOTSUPP);
	function = layer_add(test, dev, DEVIF_LAYER_FUNCTION, 1);
	layer_add(test, dev, DEVIF_LAYER_FUNCTION, 3);
	layer_add(test, dev, DEVIF_LAYER_BUS, 1);
	layer_add(test, &parent->dev, 7, 1);
	expect_below(test, filter, 2, DEVIF_LAYER_FUNCTION);
	expect_below(test, function, 1, DEVIF_LAYER_BUS);
	KUNIT_EXPECT_EQ(test, ask_below(function, 0, &thing), -EPROTONOSUPPORT);
	thing_ask_parent(test, dev, NULL);
	KUNIT_EXPECT_EQ(test, ask_below(function, 0, &thing), -EPROTONOSUPPORT);
}

/* "Ask the parent" is below all layers; the layers of the parent are not compared. */
static void j8_lowest_layer_asks_the_parent_below(struct kunit *test)
{
	struct fixture *parent = fixture_add(test);
	struct fixture *fixture = fixture_add_child(test, &parent->dev);
	struct thing_exporter *bus;

	bus = layer_add(test, &fixture->dev, DEVIF_LAYER_BUS, 1);
	thing_ask_parent(test, &fixture->dev, NULL);
	layer_add(test, &parent->dev, DEVIF_LAYER_FILTER, 1);
	expect_below(test, bus, 1, DEVIF_LAYER_FILTER);
}

/* The holds of two layers are apart: the end of one does not end the other. */
static void j13_each_holder_holds_one_layer(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *filter, *function;
	struct thing upper, lower;

	function = layer_add(test, &fixture->dev, DEVIF_LAYER_FUNCTION, 1);
	filter = layer_add(test, &fixture->dev, DEVIF_LAYER_FILTER, 1);
	KUNIT_ASSERT_EQ(test, ask_below(filter, 1, &lower), 0);
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &upper);

	thing_unexport(function);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&lower, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&upper, 1), 1);
	thing_drop(&lower);
	thing_unexport(filter);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&upper, 1), -ENODEV);
	thing_drop(&upper);
}

static void j8_asking_below_is_checked(struct kunit *test)
{
	struct devif_query_desc desc = { .guid = &guid_b, .version = 1 };
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *filter, *parent;
	struct thing thing;

	filter = layer_add(test, &fixture->dev, DEVIF_LAYER_FILTER, 1);
	parent = thing_ask_parent(test, &fixture->dev, &guid_b);
	KUNIT_EXPECT_EQ(test, devif_query_below(filter->export, &desc, &thing), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_query_below(parent->export, &desc, &thing), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_query_below(NULL, &desc, &thing), -EINVAL);
	KUNIT_EXPECT_EQ(test, __devif_query_below(filter->export, NULL, &thing.header,
						  sizeof(thing), NULL), -EINVAL);
	desc.guid = &guid_a;
	desc.flags = ~0;
	KUNIT_EXPECT_EQ(test, devif_query_below(filter->export, &desc, &thing), -EINVAL);
}

static void j8_nothing_is_below_an_export_that_has_ended(struct kunit *test)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *filter;
	struct thing thing;

	layer_add(test, &fixture->dev, DEVIF_LAYER_FUNCTION, 1);
	filter = layer_add(test, &fixture->dev, DEVIF_LAYER_FILTER, 1);
	fixture_unbind(fixture);
	KUNIT_EXPECT_EQ(test, ask_below(filter, 1, &thing), -ENODEV);
}

/*
 * All orders, under load
 */

#define LAYERS	3

static const int layer_numbers[LAYERS] = {
	DEVIF_LAYER_BUS, DEVIF_LAYER_FUNCTION, DEVIF_LAYER_FILTER,
};

static const unsigned int orders[][LAYERS] = {
	{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
};

/* Queries of a device until @stop. */
struct load {
	struct device *dev;
	bool stop;
};

/* Query and call until told to stop; return the number of answers from an odd layer. */
static long load_run(void *arg)
{
	struct load *load = arg;
	unsigned int round = 0;
	struct thing thing;
	long odd = 0;

	while (!READ_ONCE(load->stop)) {
		if (!thing_ask(load->dev, DEVIF_REVOCABLE, &thing)) {
			odd += abs((int)thing.number) % 100;
			thing_enter_and_add(&thing, 1);
			thing_drop(&thing);
		}
		fixture_breathe(round++);
	}
	return odd;
}

/* The layers come in one order and go in another, up to a step; then the device goes. */
static void layers_come_and_go(struct kunit *test, const unsigned int *come,
			       const unsigned int *go, unsigned int steps)
{
	struct fixture *fixture = fixture_add_bound(test);
	struct thing_exporter *layers[LAYERS] = {};
	struct load load = { .dev = &fixture->dev };
	struct errand *errand = errand_start(test, load_run, &load);
	unsigned int i;
	int top = INT_MIN;

	for (i = 0; i < LAYERS && i < steps; i++) {
		layers[come[i]] = layer_add(test, &fixture->dev,
					    layer_numbers[come[i]], 1);
		top = max(top, layer_numbers[come[i]]);
		KUNIT_EXPECT_EQ(test, layer_answers(&fixture->dev, 1), top);
		fixture_breathe(i);
	}
	for (; i < 2 * LAYERS && i < steps; i++) {
		thing_unexport(layers[go[i - LAYERS]]);
		fixture_breathe(i);
	}
	fixture_unplug(fixture);
	KUNIT_EXPECT_EQ(test, layer_answers(&fixture->dev, 1), INT_MIN);
	WRITE_ONCE(load.stop, true);
	KUNIT_EXPECT_EQ(test, errand_finish(errand), 0);
	for (i = 0; i < LAYERS; i++)
		if (layers[i])
			thing_unexport(layers[i]);
}

static void j8_layers_come_and_go_in_all_orders(struct kunit *test)
{
	unsigned int come, go;

	for (come = 0; come < ARRAY_SIZE(orders); come++)
		for (go = 0; go < ARRAY_SIZE(orders); go++)
			layers_come_and_go(test, orders[come], orders[go],
					   (come + go) % (2 * LAYERS + 1));
}

/*
 * Methods of an interface, of a class, and of the device
 */

static struct pipe *scope_new(struct kunit *test, struct devif *devif,
			      const guid_t *class)
{
	struct pipe *pipe = pipe_new(test);

	pipe->desc.of_interface = devif;
	pipe->desc.of_class = class;
	return pipe;
}

static struct pipe *scope_add(struct kunit *test, struct device *dev,
			      struct devif *devif, const guid_t *class)
{
	struct pipe *pipe = scope_new(test, devif, class);

	KUNIT_ASSERT_EQ(test, pipe_try(pipe, dev), 0);
	return pipe;
}

/* Open the interface, and expect that this pipe's methods do it. */
static void expect_opened_by(struct kunit *test, struct devif *devif, struct pipe *pipe)
{
	struct client *client = client_opened(test, devif);

	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->opens), 1);
	client_leave(client);
	atomic_set(&pipe->opens, 0);
	atomic_set(&pipe->releases, 0);
}

static struct devif *scope_door(struct kunit *test, struct device *dev,
				const guid_t *class, const char *reference)
{
	struct devif *devif = fixture_register(test, dev, class, reference, 0);

	KUNIT_ASSERT_EQ(test, devif_enable(devif), 0);
	return devif;
}

/* Two modules each register an interface on one device, and each opens its own. */
static void a4_each_interface_has_its_own_methods(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct device *dev = &fixture->dev;
	struct devif *left = scope_door(test, dev, &guid_a, "left");
	struct devif *right = scope_door(test, dev, &guid_a, "right");
	struct pipe *of_left = scope_add(test, dev, left, NULL);
	struct pipe *of_right = scope_add(test, dev, right, NULL);

	expect_opened_by(test, left, of_left);
	expect_opened_by(test, right, of_right);
}

static void a4_interface_then_class_then_device(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct device *dev = &fixture->dev;
	struct devif *own = scope_door(test, dev, &guid_a, "own");
	struct devif *other = scope_door(test, dev, &guid_a, "other");
	struct devif *stranger = scope_door(test, dev, &guid_b, NULL);
	struct pipe *of_device, *of_class, *of_interface;

	of_device = scope_add(test, dev, NULL, NULL);
	expect_opened_by(test, own, of_device);
	of_class = scope_add(test, dev, NULL, &guid_a);
	expect_opened_by(test, own, of_class);
	of_interface = scope_add(test, dev, own, NULL);
	expect_opened_by(test, own, of_interface);
	expect_opened_by(test, other, of_class);
	expect_opened_by(test, stranger, of_device);

	pipe_unexport(of_interface);
	expect_opened_by(test, own, of_class);
	pipe_unexport(of_class);
	expect_opened_by(test, own, of_device);
}

static void a4_methods_of_others_do_not_open(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct device *dev = &fixture->dev;
	struct devif *own = scope_door(test, dev, &guid_a, "own");
	struct devif *other = scope_door(test, dev, &guid_b, "other");
	struct client *client = client_aimed(test, other);

	scope_add(test, dev, own, NULL);
	scope_add(test, dev, NULL, &guid_a);
	KUNIT_EXPECT_EQ(test, client_open(client), -EOPNOTSUPP);
}

/* Methods of a class on the parent open interfaces of that class below, which ask it. */
static void a4_class_methods_of_the_parent(struct kunit *test)
{
	struct fixture *parent = fixture_add(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	struct devif *devif = scope_door(test, &child->dev, &guid_a, NULL);
	struct pipe *of_class;

	of_class = scope_add(test, &parent->dev, NULL, &guid_a);
	scope_add(test, &parent->dev, NULL, NULL);
	thing_ask_parent(test, &child->dev, NULL);
	expect_opened_by(test, devif, of_class);
}

static void a4_files_are_stacked_too(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif = scope_door(test, &fixture->dev, &guid_a, NULL);
	struct pipe *function = scope_add(test, &fixture->dev, devif, NULL);
	struct pipe *filter = scope_new(test, devif, NULL);

	KUNIT_EXPECT_EQ(test, pipe_try(filter, &fixture->dev), -EEXIST);
	filter->desc.layer = DEVIF_LAYER_FILTER;
	KUNIT_EXPECT_EQ(test, pipe_try(filter, &fixture->dev), 0);
	expect_opened_by(test, devif, filter);
	pipe_unexport(filter);
	expect_opened_by(test, devif, function);
}

static void a4_scope_is_checked(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct fixture *elsewhere = fixture_add(test);
	struct devif *devif = scope_door(test, &fixture->dev, &guid_a, NULL);
	struct thing_exporter *exporter = thing_new(test);
	struct pipe *pipe = scope_new(test, devif, &guid_a);

	KUNIT_EXPECT_EQ(test, pipe_try(pipe, &fixture->dev), -EINVAL);
	pipe->desc.of_class = NULL;
	KUNIT_EXPECT_EQ(test, pipe_try(pipe, &elsewhere->dev), -EINVAL);
	pipe->desc.of_interface = ERR_PTR(-ENOMEM);
	KUNIT_EXPECT_EQ(test, pipe_try(pipe, &fixture->dev), -EINVAL);
	exporter->desc.of_interface = devif;
	KUNIT_EXPECT_EQ(test, thing_try(exporter, &fixture->dev), -EINVAL);
	exporter->desc = (struct devif_export_desc) {
		.flags = DEVIF_EXPORT_ASK_PARENT,
		.layer = 1,
	};
	KUNIT_EXPECT_EQ(test, thing_try(exporter, &fixture->dev), -EINVAL);
}

/* The export keeps the memory of the interface, whose address is its key. */
static void a4_interface_goes_before_its_methods(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct device *dev = &fixture->dev;
	struct devif *devif = NULL, *next;
	struct pipe *pipe;

	KUNIT_ASSERT_EQ(test, fixture_try(dev, &guid_a, NULL, 0, &devif), 0);
	pipe = scope_add(test, dev, devif, NULL);
	devif_unregister(devif);
	next = scope_door(test, dev, &guid_a, NULL);
	KUNIT_EXPECT_PTR_NE(test, next, devif);
	KUNIT_EXPECT_EQ(test, client_open(client_aimed(test, next)), -EOPNOTSUPP);
	pipe_unexport(pipe);
	KUNIT_EXPECT_EQ(test, atomic_read(&pipe->context_releases), 1);
}

static int scope_stay_and_pass(void *context, const struct devif_query_request *request,
			       struct devif_interface *answer)
{
	struct pipe *pipe = context;

	complete(&pipe->entered);
	/* a failed test does not complete @leave */
	wait_for_completion_timeout(&pipe->leave, PATIENCE);
	return DEVIF_QUERY_PASS;
}

static long scope_ask_below(void *arg)
{
	struct pipe *filter = arg;
	const struct devif_query_desc desc = {
		.version = 1,
		.flags = DEVIF_REVOCABLE,
	};
	struct devif_file_interface table;

	return devif_query_below(filter->export, &desc, &table);
}

static long scope_unplug(void *arg)
{
	fixture_unplug(arg);
	return 0;
}

/* The device goes while a query is below methods of an interface that has gone before. */
static void a4_device_goes_while_methods_ask_below(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct device *dev = &fixture->dev;
	struct errand *query, *unplug;
	struct pipe *filter, *function;
	struct devif *devif = NULL;

	KUNIT_ASSERT_EQ(test, fixture_try(dev, &guid_a, NULL, 0, &devif), 0);
	filter = scope_new(test, devif, NULL);
	filter->desc.layer = DEVIF_LAYER_FILTER;
	KUNIT_ASSERT_EQ(test, pipe_try(filter, dev), 0);
	devif_unregister(devif);
	function = scope_new(test, NULL, NULL);
	function->desc.query = scope_stay_and_pass;
	KUNIT_ASSERT_EQ(test, pipe_try(function, dev), 0);

	query = errand_start(test, scope_ask_below, filter);
	errand_await(test, &function->entered);
	unplug = errand_start(test, scope_unplug, fixture);
	KUNIT_EXPECT_TRUE(test, errand_takes_its_time(unplug));
	/* a reference that was the last is put by now, and the memory is freed */
	rcu_barrier();
	complete_all(&function->leave);
	KUNIT_EXPECT_LT(test, errand_finish(query), 0);
	KUNIT_EXPECT_EQ(test, errand_finish(unplug), 0);
}

static struct kunit_case stack_cases[] = {
	KUNIT_CASE(a4_device_goes_while_methods_ask_below),
	KUNIT_CASE(j8_highest_layer_answers),
	KUNIT_CASE(j8_one_layer_is_exported_once),
	KUNIT_CASE(j8_layers_have_bounds),
	KUNIT_CASE(j9_version_comes_before_the_layer),
	KUNIT_CASE(j8_hook_passes_the_query_on),
	KUNIT_CASE(j10_refusal_is_not_passed_on),
	KUNIT_CASE(j8_passing_on_holds_nothing),
	KUNIT_CASE(j8_filter_asks_below),
	KUNIT_CASE(j8_lowest_layer_asks_the_parent_below),
	KUNIT_CASE(j13_each_holder_holds_one_layer),
	KUNIT_CASE(j8_asking_below_is_checked),
	KUNIT_CASE(j8_nothing_is_below_an_export_that_has_ended),
	KUNIT_CASE(j8_layers_come_and_go_in_all_orders),
	KUNIT_CASE(a4_each_interface_has_its_own_methods),
	KUNIT_CASE(a4_interface_then_class_then_device),
	KUNIT_CASE(a4_methods_of_others_do_not_open),
	KUNIT_CASE(a4_class_methods_of_the_parent),
	KUNIT_CASE(a4_files_are_stacked_too),
	KUNIT_CASE(a4_scope_is_checked),
	KUNIT_CASE(a4_interface_goes_before_its_methods),
	{}
};

static struct kunit_suite stack_suite = {
	.name = "devif_stack",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = stack_cases,
};

kunit_test_suites(&stack_suite);
