// SPDX-License-Identifier: GPL-2.0
/*
 * Query interfaces (J), and all reasons to refuse one.
 */
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/umh.h>

#include "fixture.h"
#include "thing.h"

/*
 * The table and its references
 */

static void j1_header_says_size_and_version(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;

	exporter->table.header.version = 7;
	exporter->table.number = 42;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	/* the registry has copied the table */
	exporter->table.header.version = 8;
	exporter->table.number = 0;

	thing_query(test, &fixture->dev, 0, &thing);
	KUNIT_EXPECT_EQ(test, thing.header.size, sizeof(thing));
	KUNIT_EXPECT_EQ(test, thing.header.version, 7);
	KUNIT_EXPECT_NOT_NULL(test, thing.header.context);
	KUNIT_EXPECT_NOT_NULL(test, thing.header.reference);
	KUNIT_EXPECT_NOT_NULL(test, thing.header.dereference);
	KUNIT_EXPECT_EQ(test, thing.number, 42);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 2), 2);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 3), 5);
	thing_drop(&thing);
}

static void j2_routines_take_the_context(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	thing_query(test, &fixture->dev, 0, &thing);
	thing.header.reference(thing.header.context);
	thing_unexport(exporter);
	thing.header.dereference(thing.header.context);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 1);
	thing.header.dereference(thing.header.context);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

static void j2_routines_of_the_exporter_are_balanced(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing, other;

	thing_count_itself(exporter);
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	thing_query(test, &fixture->dev, 0, &thing);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->references), 1);
	devif_reference(&thing.header);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->references), 2);
	KUNIT_ASSERT_EQ(test, devif_forward(&thing, &other, NULL), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->references), 3);
	thing_drop(&other);
	thing_drop(&thing);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->references), 1);
	thing_drop(&thing);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->references), 0);
}

static void j3_specific_data_reaches_the_hook(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test), *asker = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	static const char specific[] = "specific";
	struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = 9,
		.flags = DEVIF_REVOCABLE,
		.holder = &asker->dev,
		.specific = specific,
		.specific_size = sizeof(specific),
	};
	struct thing thing;
	char name[sizeof(exporter->holder)];

	exporter->desc.query = thing_hook;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	KUNIT_ASSERT_EQ(test, devif_query(&fixture->dev, &desc, &thing), 0);
	snprintf(name, sizeof(name), "%s (%s)", dev_name(&asker->dev),
		 THIS_MODULE->name);
	KUNIT_EXPECT_STREQ(test, exporter->holder, name);
	KUNIT_EXPECT_PTR_EQ(test, exporter->request.dev, &fixture->dev);
	KUNIT_EXPECT_EQ(test, exporter->request.version, 9);
	KUNIT_EXPECT_EQ(test, exporter->request.size, sizeof(thing));
	KUNIT_EXPECT_TRUE(test, exporter->request.revocable);
	KUNIT_EXPECT_EQ(test, exporter->request.specific_size,
			sizeof(specific));
	KUNIT_EXPECT_PTR_EQ(test, exporter->request.specific,
			    (const void *)specific);
	thing_drop(&thing);
}

static void j3_nothing_specific(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;

	exporter->desc.query = thing_hook;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	thing_query(test, &fixture->dev, 0, &thing);
	KUNIT_EXPECT_STREQ(test, exporter->holder, THIS_MODULE->name);
	KUNIT_EXPECT_FALSE(test, exporter->request.revocable);
	KUNIT_EXPECT_EQ(test, exporter->request.specific_size, 0);
	KUNIT_EXPECT_NULL(test, exporter->request.specific);
	thing_drop(&thing);
}

static void j4_answer_is_referenced(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing first, second;

	thing_query(test, &fixture->dev, 0, &first);
	thing_query(test, &fixture->dev, 0, &second);
	/* each query has a handle of its own */
	KUNIT_EXPECT_PTR_NE(test, first.header.context, second.header.context);
	thing_unexport(exporter);
	thing_drop(&first);
	KUNIT_EXPECT_EQ(test, thing_add(&second, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_drop(&second);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

static void j5_dereferenced_and_asked_for_again(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;
	int i;

	/* more queries than the number of dead handles kept */
	for (i = 0; i < 200; i++) {
		thing_query(test, &fixture->dev, i % 2 ? DEVIF_REVOCABLE : 0,
			    &thing);
		KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), i + 1);
		thing_drop(&thing);
	}
	/* dropping all references does not end the export */
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
}

static void j6_plain_copy_with_a_reference_on_behalf(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing first, second;

	thing_query(test, &fixture->dev, 0, &first);
	devif_reference(&first.header);
	second = first;
	thing_drop(&first);

	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, thing_add(&second, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_drop(&second);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

static void j6_forward_makes_a_hold_of_its_own(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing first, second;

	exporter->table.number = 42;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	thing_query(test, &fixture->dev, 0, &first);
	memset(&second, 0xa5, sizeof(second));
	KUNIT_ASSERT_EQ(test, devif_forward(&first, &second, &fixture->dev), 0);
	thing_drop(&first);

	KUNIT_EXPECT_PTR_NE(test, first.header.context, second.header.context);
	KUNIT_EXPECT_EQ(test, second.header.version, 1);
	KUNIT_EXPECT_EQ(test, second.header.size, sizeof(second));
	KUNIT_EXPECT_EQ(test, second.number, 42);
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, thing_add(&second, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_drop(&second);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

static void j6_forward_keeps_the_kind(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing first, second;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &first);
	KUNIT_ASSERT_EQ(test, devif_forward(&first, &second, NULL), 0);
	thing_drop(&first);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&second, 1), 1);
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&second, 1), -ENODEV);
	thing_drop(&second);
}

static void j6_forward_refused(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing first, second = { .number = 42 };
	struct thing *none = NULL;

	thing_query(test, &fixture->dev, 0, &first);
	KUNIT_EXPECT_EQ(test, devif_forward(none, &second, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_forward(&first, none, NULL), -EINVAL);
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, devif_forward(&first, &second, NULL), -ENODEV);
	KUNIT_EXPECT_EQ(test, second.number, 42);
	thing_drop(&first);
}

/* A hard interrupt that calls @fn on a thing. */
struct interrupt {
	struct irq_work work;
	const struct thing *thing;
	void (*fn)(const struct devif_interface *interface);
	bool was_hard;
};

static void in_interrupt_handler(struct irq_work *work)
{
	struct interrupt *interrupt = container_of(work, struct interrupt,
						   work);

	interrupt->was_hard = in_hardirq();
	interrupt->fn(&interrupt->thing->header);
}

static void interrupt_with(struct kunit *test, const struct thing *thing,
			   void (*fn)(const struct devif_interface *interface))
{
	struct interrupt interrupt = {
		.work = IRQ_WORK_INIT_HARD(in_interrupt_handler),
		.thing = thing,
		.fn = fn,
	};

	irq_work_queue(&interrupt.work);
	irq_work_sync(&interrupt.work);
	KUNIT_EXPECT_TRUE(test, interrupt.was_hard);
}

static void j7_hard_interrupt_counts_references(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	thing_query(test, &fixture->dev, 0, &thing);
	interrupt_with(test, &thing, devif_reference);
	thing_drop(&thing);
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	interrupt_with(test, &thing, devif_dereference);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

static void j7_last_one_releases_where_it_may_sleep(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	thing_query(test, &fixture->dev, 0, &thing);
	thing_unexport(exporter);
	interrupt_with(test, &thing, devif_dereference);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
	KUNIT_EXPECT_TRUE(test, exporter->release_could_sleep);
}

static void j7_hard_interrupt_gives_back_the_revocable(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	interrupt_with(test, &thing, devif_reference);
	interrupt_with(test, &thing, devif_dereference);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), 1);
	interrupt_with(test, &thing, devif_dereference);
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
}

/*
 * Asking the parent
 */

static void j8_parent_is_not_asked_unless_told(struct kunit *test)
{
	struct fixture *parent = fixture_add(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	struct thing thing;

	thing_export(test, &parent->dev);
	KUNIT_EXPECT_EQ(test, thing_ask(&child->dev, 0, &thing), -EOPNOTSUPP);
}

static void j8_parent_asked_for_one_guid(struct kunit *test)
{
	struct fixture *parent = fixture_add(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	struct thing_exporter *exporter, *link;
	struct thing thing;

	exporter = thing_export(test, &parent->dev);
	link = thing_ask_parent(test, &child->dev, &guid_b);
	KUNIT_EXPECT_EQ(test, thing_ask(&child->dev, 0, &thing), -EOPNOTSUPP);
	thing_unexport(link);

	link = thing_ask_parent(test, &child->dev, &guid_a);
	thing_query(test, &child->dev, 0, &thing);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->sum), 1);
	/* a granted handle does not depend on the child that forwarded the query */
	thing_unexport(link);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), 2);
	thing_drop(&thing);
	KUNIT_EXPECT_EQ(test, thing_ask(&child->dev, 0, &thing), -EOPNOTSUPP);
}

static void j8_parent_asked_for_all(struct kunit *test)
{
	struct fixture *parent = fixture_add(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	struct thing_exporter *exporter;
	struct thing thing;

	exporter = thing_export(test, &parent->dev);
	thing_ask_parent(test, &child->dev, NULL);
	thing_query(test, &child->dev, DEVIF_REVOCABLE, &thing);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->sum), 1);
	thing_drop(&thing);
}

static void j8_over_two_levels(struct kunit *test)
{
	struct fixture *grandparent = fixture_add(test);
	struct fixture *parent = fixture_add_child(test, &grandparent->dev);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	struct thing_exporter *exporter, *link;
	struct thing thing;

	exporter = thing_export(test, &grandparent->dev);
	thing_ask_parent(test, &child->dev, &guid_a);
	KUNIT_EXPECT_EQ(test, thing_ask(&child->dev, 0, &thing), -EOPNOTSUPP);
	link = thing_ask_parent(test, &parent->dev, NULL);
	thing_query(test, &child->dev, 0, &thing);
	thing_add(&thing, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->sum), 1);
	thing_drop(&thing);
	thing_unexport(link);
	KUNIT_EXPECT_EQ(test, thing_ask(&child->dev, 0, &thing), -EOPNOTSUPP);
}

static void j8_own_export_comes_first(struct kunit *test)
{
	struct fixture *parent = fixture_add(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	struct thing_exporter *far, *near;
	struct thing thing;

	far = thing_export(test, &parent->dev);
	near = thing_export(test, &child->dev);
	thing_ask_parent(test, &child->dev, &guid_a);
	thing_ask_parent(test, &child->dev, NULL);
	thing_query(test, &child->dev, 0, &thing);
	thing_add(&thing, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&near->sum), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&far->sum), 0);
	thing_drop(&thing);
}

/* A version that the child lacks goes to the parent, if the child asks its parent. */
static void j8_parent_asked_for_an_older_version(struct kunit *test)
{
	struct fixture *parent = fixture_add(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	struct thing_exporter *far = thing_export(test, &parent->dev), *near;
	const struct devif_query_desc desc = { .guid = &guid_a, .version = 2 };
	struct thing thing;

	near = thing_new(test);
	near->table.header.version = 3;
	KUNIT_ASSERT_EQ(test, thing_try(near, &child->dev), 0);
	KUNIT_EXPECT_EQ(test, devif_query(&child->dev, &desc, &thing),
			-EPROTONOSUPPORT);
	thing_ask_parent(test, &child->dev, NULL);
	KUNIT_ASSERT_EQ(test, devif_query(&child->dev, &desc, &thing), 0);
	thing_add(&thing, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&far->sum), 1);
	thing_drop(&thing);
}

static void j8_top_has_no_parent(struct kunit *test)
{
	struct device *root = fixture_root(test, "devif-kunit-top");
	struct fixture *child = fixture_add_child(test, root);
	struct thing thing;

	thing_ask_parent(test, &child->dev, NULL);
	KUNIT_EXPECT_EQ(test, thing_ask(&child->dev, 0, &thing), -EOPNOTSUPP);
	thing_ask_parent(test, root, NULL);
	KUNIT_EXPECT_EQ(test, thing_ask(&child->dev, 0, &thing), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, thing_ask(root, 0, &thing), -EOPNOTSUPP);
}

/*
 * Negotiation
 */

static const struct {
	u32 version, size;
} versions[] = {
	{ 1, offsetof(struct thing, stay) },
	{ 3, offsetof(struct thing, data) },
	{ 5, sizeof(struct thing) },
};

#define GUARD	0xa5

static int expected_version(u32 asked)
{
	int i, best = -1;

	for (i = 0; i < ARRAY_SIZE(versions); i++)
		if (versions[i].version <= asked)
			best = i;
	return best;
}

static bool is_filled(const void *from, u8 byte, size_t size)
{
	return !size || !memchr_inv(from, byte, size);
}

static void negotiate(struct kunit *test, struct device *dev, u32 asked,
		      u32 size)
{
	const struct devif_query_desc desc = { .guid = &guid_a, .version = asked };
	int best = expected_version(asked), expected = 0, ret;
	u64 buffer[16];
	struct devif_interface *header = (void *)buffer;

	if (best < 0)
		expected = -EPROTONOSUPPORT;
	else if (versions[best].size > size)
		expected = -EMSGSIZE;

	memset(buffer, GUARD, sizeof(buffer));
	ret = __devif_query(dev, &desc, header, size, THIS_MODULE);
	KUNIT_EXPECT_EQ_MSG(test, ret, expected, "version %u, size %u", asked,
			    size);
	if (ret) {
		KUNIT_EXPECT_TRUE(test,
				  is_filled(buffer, GUARD, sizeof(buffer)));
		return;
	}
	KUNIT_EXPECT_EQ(test, header->version, versions[best].version);
	KUNIT_EXPECT_EQ(test, header->size, versions[best].size);
	KUNIT_EXPECT_TRUE(test, is_filled((void *)header + header->size, 0,
					  size - header->size));
	KUNIT_EXPECT_TRUE(test, is_filled((void *)header + size, GUARD,
					  sizeof(buffer) - size));
	devif_dereference(header);
}

static void j9_highest_version_not_above_that_fits(struct kunit *test)
{
	static const u8 order[] = { 1, 2, 0 };
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter;
	u32 asked, size;
	int i;

	for (i = 0; i < ARRAY_SIZE(order); i++) {
		exporter = thing_new(test);
		exporter->table.header.version = versions[order[i]].version;
		exporter->table.header.size = versions[order[i]].size;
		KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	}
	for (asked = 0; asked <= 6; asked++)
		for (size = sizeof(struct devif_interface);
		     size <= sizeof(struct thing) + 24; size += 4)
			negotiate(test, &fixture->dev, asked, size);
}

static void j9_other_guid_is_not_supported(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	const struct devif_query_desc desc = { .guid = &guid_b, .version = 1 };
	struct thing thing;

	KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &thing), -EOPNOTSUPP);
	thing_export(test, &fixture->dev);
	KUNIT_EXPECT_EQ(test, devif_query(&fixture->dev, &desc, &thing),
			-EOPNOTSUPP);
	thing_query(test, &fixture->dev, 0, &thing);
	thing_drop(&thing);
}

/* An importer built when the table was only the header. */
static void j9_importer_of_an_older_version(struct kunit *test)
{
	struct { struct devif_interface header; } old;
	struct fixture *fixture = fixture_add(test);
	const struct devif_query_desc desc = { .guid = &guid_a, .version = 1 };
	struct thing_exporter *exporter = thing_new(test);

	exporter->table.header.size = sizeof(old);
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	KUNIT_ASSERT_EQ(test, devif_query(&fixture->dev, &desc, &old), 0);
	KUNIT_EXPECT_EQ(test, old.header.size, sizeof(old));
	devif_dereference(&old.header);
}

/*
 * The hook
 */

static struct thing *to_thing(struct devif_interface *header)
{
	return container_of(header, struct thing, header);
}

/* Vary the answer with the requested version, and refuse version 13. */
static int varying_hook(void *context, const struct devif_query_request *request,
			struct devif_interface *answer)
{
	thing_hook(context, request, answer);
	if (request->version == 13)
		return -EACCES;
	to_thing(answer)->number += request->version;
	/* the registry restores the header */
	memset(answer, 0, sizeof(*answer));
	return 0;
}

static void j10_hook_fills_and_varies(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct devif_query_desc desc = { .guid = &guid_a };
	struct thing thing;

	exporter->table.number = 100;
	exporter->desc.query = varying_hook;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	for (desc.version = 1; desc.version <= 3; desc.version++) {
		KUNIT_ASSERT_EQ(test, devif_query(&fixture->dev, &desc, &thing),
				0);
		KUNIT_EXPECT_EQ(test, thing.number, 100 + desc.version);
		KUNIT_EXPECT_EQ(test, thing.header.version, 1);
		KUNIT_EXPECT_EQ(test, thing.header.size, sizeof(thing));
		KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), desc.version);
		thing_drop(&thing);
	}
	KUNIT_EXPECT_EQ(test, exporter->asked, 3);
}

static void j10_hook_refuses(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct devif_query_desc desc = { .guid = &guid_a, .version = 13 };
	int references = module_refcount(THIS_MODULE);
	struct thing thing;

	exporter->desc.query = varying_hook;
	thing_count_itself(exporter);
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	memset(&thing, GUARD, sizeof(thing));
	KUNIT_EXPECT_EQ(test, devif_query(&fixture->dev, &desc, &thing),
			-EACCES);
	KUNIT_EXPECT_TRUE(test, is_filled(&thing, GUARD, sizeof(thing)));
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->references), 0);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references);
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
}

static void j10_hook_answers_nonsense(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;

	exporter->desc.query = thing_hook;
	exporter->verdict = DEVIF_QUERY_PASS + 1;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	memset(&thing, GUARD, sizeof(thing));
	KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &thing), -EIO);
	KUNIT_EXPECT_TRUE(test, is_filled(&thing, GUARD, sizeof(thing)));
}

static void j10_hook_is_not_asked_in_vain(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct devif_query_desc desc = { .guid = &guid_a, .version = 0 };
	struct devif_interface header;
	struct thing thing;

	exporter->desc.query = thing_hook;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, devif_query(&fixture->dev, &desc, &thing),
			-EPROTONOSUPPORT);
	desc.version = 1;
	KUNIT_EXPECT_EQ(test, __devif_query(&fixture->dev, &desc, &header,
					    sizeof(header), THIS_MODULE),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, exporter->asked, 0);
}

/* Two-way exchange: call the importer's function, and put it into the answer. */
static int calling_hook(void *context, const struct devif_query_request *request,
			struct devif_interface *answer)
{
	const struct thing *given = container_of(request->given, struct thing,
						 header);

	if (request->size < sizeof(*given) || !given->callback)
		return -EBADE;
	given->callback(given->data, given->number);
	to_thing(answer)->callback = given->callback;
	return 0;
}

static void set_number(void *data, int number)
{
	*(int *)data = number;
}

static void j11_hook_reads_what_the_importer_gives(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	int number = 0;
	struct thing thing = {
		.callback = set_number,
		.data = &number,
		.number = 42,
	};

	exporter->desc.query = calling_hook;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	thing_query(test, &fixture->dev, 0, &thing);
	KUNIT_EXPECT_EQ(test, number, 42);
	KUNIT_EXPECT_TRUE(test, thing.callback == set_number);
	KUNIT_EXPECT_EQ(test, thing.number, 0);
	thing_drop(&thing);

	memset(&thing, 0, sizeof(thing));
	KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &thing), -EBADE);
}

/*
 * References that do nothing
 */

static struct thing_exporter *export_noop(struct kunit *test, struct device *dev)
{
	struct thing_exporter *exporter = thing_new(test);

	exporter->desc.flags = DEVIF_EXPORT_NOOP;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, dev), 0);
	return exporter;
}

static int ask_for(struct device *dev, struct device *holder,
		   struct thing *thing)
{
	const struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = 1,
		.holder = holder,
	};

	return devif_query(dev, &desc, thing);
}

static void j12_noop_is_for_the_family(struct kunit *test)
{
	struct fixture *parent = fixture_add(test), *other = fixture_add(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	struct fixture *grandchild = fixture_add_child(test, &child->dev);
	struct thing thing;

	export_noop(test, &child->dev);
	KUNIT_EXPECT_EQ(test, ask_for(&child->dev, &child->dev, &thing), 0);
	KUNIT_EXPECT_EQ(test, ask_for(&child->dev, &grandchild->dev, &thing), 0);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), 1);

	memset(&thing, GUARD, sizeof(thing));
	KUNIT_EXPECT_EQ(test, ask_for(&child->dev, &parent->dev, &thing),
			-EPERM);
	KUNIT_EXPECT_EQ(test, ask_for(&child->dev, &other->dev, &thing),
			-EPERM);
	KUNIT_EXPECT_EQ(test, ask_for(&child->dev, NULL, &thing), -EPERM);
	KUNIT_EXPECT_TRUE(test, is_filled(&thing, GUARD, sizeof(thing)));
}

static void j12_noop_stays_in_the_family(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test), *other = fixture_add(test);
	struct fixture *child = fixture_add_child(test, &fixture->dev);
	struct thing first, second;

	export_noop(test, &fixture->dev);
	KUNIT_ASSERT_EQ(test, ask_for(&fixture->dev, &fixture->dev, &first), 0);
	KUNIT_EXPECT_EQ(test, devif_forward(&first, &second, &child->dev), 0);
	KUNIT_EXPECT_EQ(test, thing_add(&second, 1), 1);
	memset(&second, GUARD, sizeof(second));
	KUNIT_EXPECT_EQ(test, devif_forward(&first, &second, &other->dev),
			-EPERM);
	KUNIT_EXPECT_EQ(test, devif_forward(&first, &second, NULL), -EPERM);
	KUNIT_EXPECT_TRUE(test, is_filled(&second, GUARD, sizeof(second)));
}

static void j12_noop_routines_do_nothing(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = export_noop(test, &fixture->dev);
	int references = module_refcount(THIS_MODULE);
	struct thing thing;
	int i;

	KUNIT_ASSERT_EQ(test, ask_for(&fixture->dev, &fixture->dev, &thing), 0);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), references);
	for (i = 0; i < 3; i++)
		thing_drop(&thing);
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 1);
	devif_reference(&thing.header);
	/* references of such an export keep nothing */
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
}

/* A built-in importer has no module: the holder's name is its device's. */
static void j12_noop_hook_is_told_the_holder(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	const struct devif_query_desc desc = {
		.guid = &guid_a,
		.version = 1,
		.holder = &fixture->dev,
	};
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;
	char name[sizeof(exporter->holder)];

	exporter->desc.flags = DEVIF_EXPORT_NOOP;
	exporter->desc.query = thing_hook;
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	KUNIT_EXPECT_EQ(test, __devif_query(&fixture->dev, &desc, &thing.header,
					    sizeof(thing), NULL), 0);
	snprintf(name, sizeof(name), "%s (kernel)", dev_name(&fixture->dev));
	KUNIT_EXPECT_STREQ(test, exporter->holder, name);
}

/*
 * The exporter leaves
 */

static void j13_pinned_keeps_the_context(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	thing_query(test, &fixture->dev, 0, &thing);
	KUNIT_EXPECT_FALSE(test, devif_is_gone(thing.header.context));
	thing_unexport(exporter);
	fixture_unplug(fixture);

	KUNIT_EXPECT_TRUE(test, devif_is_gone(thing.header.context));
	KUNIT_EXPECT_EQ(test, thing_add(&thing, 1), 1);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), -ENODEV);
	devif_reference(&thing.header);
	thing_drop(&thing);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_drop(&thing);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
	KUNIT_EXPECT_TRUE(test, exporter->release_could_sleep);
}

static void j13_revocable_keeps_nothing(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing thing;

	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &thing);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), 1);
	KUNIT_EXPECT_FALSE(test, devif_is_gone(thing.header.context));
	thing_unexport(exporter);

	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 1);
	KUNIT_EXPECT_EQ(test, thing_enter_and_add(&thing, 1), -ENODEV);
	KUNIT_EXPECT_TRUE(test, devif_is_gone(thing.header.context));
	devif_reference(&thing.header);
	thing_drop(&thing);
	thing_drop(&thing);
}

static void j13_pinned_and_revocable_together(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_export(test, &fixture->dev);
	struct thing pinned, revocable;

	thing_query(test, &fixture->dev, 0, &pinned);
	thing_query(test, &fixture->dev, DEVIF_REVOCABLE, &revocable);
	thing_unexport(exporter);
	KUNIT_EXPECT_EQ(test, thing_add(&pinned, 1), 1);
	thing_drop(&revocable);
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	thing_drop(&pinned);
	KUNIT_EXPECT_TRUE(test, thing_is_released(exporter));
}

/*
 * Bad input
 */

static void export_wants_arguments(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct devif_export *export = NULL;

	KUNIT_EXPECT_EQ(test, devif_export(NULL, &exporter->desc, &export),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, devif_export(&fixture->dev, NULL, &export),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, devif_export(&fixture->dev, &exporter->desc, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, devm_devif_export(&fixture->dev, NULL, NULL), -EINVAL);
	KUNIT_EXPECT_NULL(test, export);
	devif_unexport(NULL);
	devif_unexport(ERR_PTR(-ENODEV));
}

/* Each function makes one member invalid. */
static void spoil_guid(struct thing_exporter *exporter)
{
	exporter->desc.guid = NULL;
}

static void spoil_guid_null(struct thing_exporter *exporter)
{
	exporter->desc.guid = &guid_null;
}

static void spoil_table(struct thing_exporter *exporter)
{
	exporter->desc.table = NULL;
}

static void spoil_size(struct thing_exporter *exporter)
{
	exporter->table.header.size = sizeof(struct devif_interface) - 1;
}

static void spoil_reference(struct thing_exporter *exporter)
{
	thing_count_itself(exporter);
	exporter->desc.reference = NULL;
}

/* Return whether debugfs has a line of holders that matches, as only user space can tell. */
static bool is_listed(struct kunit *test, const char *pattern)
{
	char *argv[5] = {
		"/bin/sh", "-c",
		"exec grep -q \"$0\" /sys/kernel/debug/devif/holders",
		(char *)pattern,
	};
	char *envp[2] = { "PATH=/bin" };
	int status = call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);

	/* grep has found a line, or none */
	KUNIT_EXPECT_TRUE(test, status == 0 || status == 1 << 8);
	return !status;
}

/* Return whether @child is listed as one that asks @device, an id, for @guid. */
static bool is_listed_as_asking(struct kunit *test, struct fixture *child,
				const char *guid, const char *device)
{
	char pattern[160];

	snprintf(pattern, sizeof(pattern), "^%s  *-  asks  .*  %s  %s (%s)$", guid,
		 device, dev_name(&child->dev), KBUILD_MODNAME);
	return is_listed(test, pattern);
}

/* A device that answers out of its parent depends on it, and that can be seen. */
static void j14_asking_the_parent_is_listed(struct kunit *test)
{
	struct fixture *parent = fixture_add_bound(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	struct thing_exporter *asks, *asks_one;
	char id[64], guid[UUID_STRING_LEN + 1];

	snprintf(guid, sizeof(guid), "%pUl", &guid_b);
	asks = thing_ask_parent(test, &child->dev, NULL);
	/* the parent has nothing yet */
	KUNIT_EXPECT_TRUE(test, is_listed_as_asking(test, child, "any",
						    dev_name(&parent->dev)));
	thing_export(test, &parent->dev);
	snprintf(id, sizeof(id), "bus#devif-kunit#%s", dev_name(&parent->dev));
	KUNIT_EXPECT_TRUE(test, is_listed_as_asking(test, child, "any", id));
	KUNIT_EXPECT_FALSE(test, is_listed_as_asking(test, child, guid, id));
	asks_one = thing_ask_parent(test, &child->dev, &guid_b);
	KUNIT_EXPECT_TRUE(test, is_listed_as_asking(test, child, guid, id));

	thing_unexport(asks);
	KUNIT_EXPECT_FALSE(test, is_listed_as_asking(test, child, "any", id));
	fixture_unplug(child);
	KUNIT_EXPECT_FALSE(test, is_listed_as_asking(test, child, guid, id));
	thing_unexport(asks_one);
}

static void spoil_dereference(struct thing_exporter *exporter)
{
	thing_count_itself(exporter);
	exporter->desc.dereference = NULL;
}

static void spoil_flags(struct thing_exporter *exporter)
{
	exporter->desc.flags = BIT(7);
}

static void spoil_noop(struct thing_exporter *exporter)
{
	thing_count_itself(exporter);
	exporter->desc.flags = DEVIF_EXPORT_NOOP;
}

static void only_ask_parent(struct thing_exporter *exporter)
{
	exporter->desc = (struct devif_export_desc) {
		.guid = &guid_a,
		.flags = DEVIF_EXPORT_ASK_PARENT,
	};
}

static void spoil_ask_table(struct thing_exporter *exporter)
{
	only_ask_parent(exporter);
	exporter->desc.table = &exporter->table.header;
}

static void spoil_ask_hook(struct thing_exporter *exporter)
{
	only_ask_parent(exporter);
	exporter->desc.query = thing_hook;
}

static void spoil_ask_routines(struct thing_exporter *exporter)
{
	only_ask_parent(exporter);
	thing_count_itself(exporter);
}

static void spoil_ask_release(struct thing_exporter *exporter)
{
	void (*release)(void *context) = exporter->desc.release;

	only_ask_parent(exporter);
	exporter->desc.release = release;
}

static void spoil_ask_flags(struct thing_exporter *exporter)
{
	only_ask_parent(exporter);
	exporter->desc.flags |= DEVIF_EXPORT_NOOP;
}

static void export_refuses_bad_descriptions(struct kunit *test)
{
	static void (*const spoil[])(struct thing_exporter *exporter) = {
		spoil_guid, spoil_guid_null, spoil_table, spoil_size,
		spoil_reference, spoil_dereference, spoil_flags, spoil_noop,
		spoil_ask_table, spoil_ask_hook, spoil_ask_routines,
		spoil_ask_release, spoil_ask_flags,
	};
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter;
	struct thing thing;
	int i;

	for (i = 0; i < ARRAY_SIZE(spoil); i++) {
		exporter = thing_new(test);
		spoil[i](exporter);
		KUNIT_EXPECT_EQ_MSG(test, thing_try(exporter, &fixture->dev),
				    -EINVAL, "%ps", spoil[i]);
		KUNIT_EXPECT_EQ(test, atomic_read(&exporter->releases), 0);
	}
	KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &thing), -EOPNOTSUPP);
}

static void export_refuses_a_version_twice(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test), *other = fixture_add(test);
	struct thing_exporter *first = thing_export(test, &fixture->dev);
	struct thing_exporter *second = thing_new(test);

	KUNIT_EXPECT_EQ(test, thing_try(second, &fixture->dev), -EEXIST);
	KUNIT_EXPECT_EQ(test, atomic_read(&second->releases), 0);
	/* another GUID, device or version, or the same after the end, is accepted */
	second->desc.guid = &guid_b;
	KUNIT_EXPECT_EQ(test, thing_try(second, &fixture->dev), 0);
	thing_unexport(second);
	second->desc.guid = &guid_a;
	KUNIT_EXPECT_EQ(test, thing_try(second, &other->dev), 0);
	thing_unexport(second);
	second->table.header.version = 2;
	KUNIT_EXPECT_EQ(test, thing_try(second, &fixture->dev), 0);
	thing_unexport(second);
	second->table.header.version = 1;
	thing_unexport(first);
	KUNIT_EXPECT_EQ(test, thing_try(second, &fixture->dev), 0);
}

static void export_refuses_to_ask_the_parent_twice(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *second = thing_new(test);

	thing_ask_parent(test, &fixture->dev, &guid_a);
	only_ask_parent(second);
	KUNIT_EXPECT_EQ(test, thing_try(second, &fixture->dev), -EEXIST);
	second->desc.guid = NULL;
	KUNIT_EXPECT_EQ(test, thing_try(second, &fixture->dev), 0);
}

static void export_refuses_an_unplugged_device(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;

	fixture_unplug(fixture);
	KUNIT_EXPECT_EQ(test, thing_try(exporter, &fixture->dev), -ENODEV);
	KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, 0, &thing), -EOPNOTSUPP);
}

static void remove_exports(struct fixture *fixture)
{
	fixture->result = thing_try(fixture->data, &fixture->dev);
}

/* Try devices that the registry knows by an interface, by an export, and not at all. */
static void export_refuses_while_the_driver_leaves(struct kunit *test)
{
	struct thing_exporter *exporter = thing_new(test);
	struct fixture *fixture;
	int i;

	for (i = 0; i < 6; i++) {
		fixture = fixture_add_bound(test);
		fixture->data = exporter;
		fixture->remove = remove_exports;
		if (i % 3 == 1)
			fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
		if (i % 3 == 2)
			thing_export(test, &fixture->dev);
		if (i < 3)
			fixture_unbind(fixture);
		else
			fixture_unplug(fixture);
		KUNIT_EXPECT_EQ_MSG(test, fixture->result, -ENODEV, "%d", i);
		thing_unexport(exporter);
	}
}

static void query_wants_arguments(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif_query_desc desc = { .guid = &guid_a, .version = 1 };
	struct thing thing, *none = NULL;

	thing_export(test, &fixture->dev);
	KUNIT_EXPECT_EQ(test, devif_query(NULL, &desc, &thing), -EINVAL);
	KUNIT_EXPECT_EQ(test, devif_query(&fixture->dev, NULL, &thing),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, devif_query(&fixture->dev, &desc, none), -EINVAL);
	desc.guid = NULL;
	KUNIT_EXPECT_EQ(test, devif_query(&fixture->dev, &desc, &thing),
			-EINVAL);
	desc.guid = &guid_null;
	KUNIT_EXPECT_EQ(test, devif_query(&fixture->dev, &desc, &thing),
			-EINVAL);
	desc.guid = &guid_a;
	desc.flags = BIT(7);
	KUNIT_EXPECT_EQ(test, devif_query(&fixture->dev, &desc, &thing),
			-EINVAL);
	desc.flags = 0;
	desc.specific_size = 1;
	KUNIT_EXPECT_EQ(test, devif_query(&fixture->dev, &desc, &thing),
			-EINVAL);
}

/* The registry stores "ask the parent for all" as a null GUID, which queries must not use. */
static void query_refuses_the_null_guid_of_ask_parent(struct kunit *test)
{
	struct fixture *parent = fixture_add(test);
	struct fixture *child = fixture_add_child(test, &parent->dev);
	const struct devif_query_desc desc = { .guid = &guid_null };
	struct thing thing;

	thing_ask_parent(test, &child->dev, NULL);
	KUNIT_EXPECT_EQ(test, devif_query(&child->dev, &desc, &thing), -EINVAL);
}

static void query_refuses_revocable_with_own_routines(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct thing_exporter *exporter = thing_new(test);
	struct thing thing;

	thing_count_itself(exporter);
	KUNIT_ASSERT_EQ(test, thing_try(exporter, &fixture->dev), 0);
	memset(&thing, GUARD, sizeof(thing));
	KUNIT_EXPECT_EQ(test, thing_ask(&fixture->dev, DEVIF_REVOCABLE, &thing),
			-EOPNOTSUPP);
	KUNIT_EXPECT_TRUE(test, is_filled(&thing, GUARD, sizeof(thing)));
	KUNIT_EXPECT_EQ(test, atomic_read(&exporter->references), 0);
}

static struct kunit_case query_cases[] = {
	KUNIT_CASE(j1_header_says_size_and_version),
	KUNIT_CASE(j2_routines_take_the_context),
	KUNIT_CASE(j2_routines_of_the_exporter_are_balanced),
	KUNIT_CASE(j3_specific_data_reaches_the_hook),
	KUNIT_CASE(j3_nothing_specific),
	KUNIT_CASE(j4_answer_is_referenced),
	KUNIT_CASE(j5_dereferenced_and_asked_for_again),
	KUNIT_CASE(j6_plain_copy_with_a_reference_on_behalf),
	KUNIT_CASE(j6_forward_makes_a_hold_of_its_own),
	KUNIT_CASE(j6_forward_keeps_the_kind),
	KUNIT_CASE(j6_forward_refused),
	KUNIT_CASE(j7_hard_interrupt_counts_references),
	KUNIT_CASE(j7_last_one_releases_where_it_may_sleep),
	KUNIT_CASE(j7_hard_interrupt_gives_back_the_revocable),
	KUNIT_CASE(j8_parent_is_not_asked_unless_told),
	KUNIT_CASE(j8_parent_asked_for_one_guid),
	KUNIT_CASE(j8_parent_asked_for_all),
	KUNIT_CASE(j8_over_two_levels),
	KUNIT_CASE(j8_own_export_comes_first),
	KUNIT_CASE(j8_parent_asked_for_an_older_version),
	KUNIT_CASE(j8_top_has_no_parent),
	KUNIT_CASE(j9_highest_version_not_above_that_fits),
	KUNIT_CASE(j9_other_guid_is_not_supported),
	KUNIT_CASE(j9_importer_of_an_older_version),
	KUNIT_CASE(j10_hook_fills_and_varies),
	KUNIT_CASE(j10_hook_refuses),
	KUNIT_CASE(j10_hook_answers_nonsense),
	KUNIT_CASE(j10_hook_is_not_asked_in_vain),
	KUNIT_CASE(j11_hook_reads_what_the_importer_gives),
	KUNIT_CASE(j12_noop_is_for_the_family),
	KUNIT_CASE(j12_noop_stays_in_the_family),
	KUNIT_CASE(j12_noop_routines_do_nothing),
	KUNIT_CASE(j12_noop_hook_is_told_the_holder),
	KUNIT_CASE(j13_pinned_keeps_the_context),
	KUNIT_CASE(j13_revocable_keeps_nothing),
	KUNIT_CASE(j13_pinned_and_revocable_together),
	KUNIT_CASE(j14_asking_the_parent_is_listed),
	KUNIT_CASE(export_wants_arguments),
	KUNIT_CASE(export_refuses_bad_descriptions),
	KUNIT_CASE(export_refuses_a_version_twice),
	KUNIT_CASE(export_refuses_to_ask_the_parent_twice),
	KUNIT_CASE(export_refuses_an_unplugged_device),
	KUNIT_CASE(export_refuses_while_the_driver_leaves),
	KUNIT_CASE(query_wants_arguments),
	KUNIT_CASE(query_refuses_the_null_guid_of_ask_parent),
	KUNIT_CASE(query_refuses_revocable_with_own_routines),
	{}
};

static struct kunit_suite query_suite = {
	.name = "devif_query",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = query_cases,
};

kunit_test_suites(&query_suite);
