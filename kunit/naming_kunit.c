// SPDX-License-Identifier: GPL-2.0
/*
 * Symbolic link names (D) and reference strings (C9, C10, C13, C20).
 */
#include <linux/ctype.h>
#include <linux/slab.h>

#include "fixture.h"

static void d1_name_is_plain(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;
	const char *s;

	devif = fixture_register(test, &fixture->dev, &guid_a,
				 "sp ace#%\"'$\xc3\xa9", 0);
	for (s = devif_link_name(devif); *s; s++)
		KUNIT_EXPECT_TRUE_MSG(test, isgraph(*s) && *s != '/',
				      "byte 0x%02x", (unsigned char)*s);
}

/* Expect that a name which is not that of an interface finds none. */
static void expect_nameless(struct kunit *test, const char *name,
			    const char *other)
{
	struct devif *found = devif_find_by_name(other);

	KUNIT_EXPECT_NULL_MSG(test, found, "%s found as %s", name, other);
	devif_put(found);
}

/*
 * A name is whole or nothing: no part of it has a meaning for a lookup, so that a name
 * that differs in any place is unknown.
 */
static void a7_name_is_taken_as_a_whole(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif, *found;
	const char *name;
	char *other;
	size_t length, i;

	devif = fixture_register(test, &fixture->dev, &guid_a, "Left", 0);
	name = devif_link_name(devif);
	length = strlen(name);
	other = kunit_kzalloc(test, length + 2, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, other);
	for (i = 0; i < length; i++) {
		/* in another case, or next to it in the alphabet */
		memcpy(other, name, length + 1);
		other[i] = isalpha(other[i]) ? other[i] ^ 0x20 : other[i] + 1;
		expect_nameless(test, name, other);
		/* cut off, at the end and at the beginning */
		strscpy(other, name, i + 1);
		expect_nameless(test, name, other);
		expect_nameless(test, name, name + i + 1);
		/* one character more */
		memcpy(other, name, i + 1);
		memcpy(other + i + 1, name + i, length - i + 1);
		expect_nameless(test, name, other);
	}
	memcpy(other, name, length + 1);
	found = devif_find_by_name(other);
	KUNIT_EXPECT_PTR_EQ(test, found, devif);
	devif_put(found);
}

static void d2_name_is_stable_over_unplug(struct kunit *test)
{
	struct fixture *fixture = fixture_add_named(test, "stable");
	struct devif *devif;
	char *name;

	devif = fixture_register(test, &fixture->dev, &guid_a, "left", 0);
	name = kstrdup(devif_link_name(devif), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, name);
	fixture_defer(test, (void (*)(void *))kfree, name);
	fixture_unplug(fixture);

	fixture = fixture_add_named(test, "stable");
	devif = fixture_register(test, &fixture->dev, &guid_a, "left", 0);
	KUNIT_EXPECT_STREQ(test, devif_link_name(devif), name);
}

static dev_t register_node(struct kunit *test, struct device *dev,
			   const char *reference)
{
	struct devif *devif;
	struct device *node;
	dev_t number;

	devif = fixture_register(test, dev, &guid_a, reference, DEVIF_NODE);
	node = fixture_interface_device(test, dev, devif);
	number = node->devt;
	put_device(node);
	return number;
}

/*
 * The device number belongs to the name, so that user space, which identifies devices by
 * number, does not see a new device at each plug.
 */
static void d2_device_number_stays_with_the_name(struct kunit *test)
{
	struct fixture *fixture = fixture_add_named(test, "stable");
	dev_t left, right;

	left = register_node(test, &fixture->dev, "left");
	right = register_node(test, &fixture->dev, "right");
	KUNIT_EXPECT_NE(test, MAJOR(left), 0);
	KUNIT_EXPECT_NE(test, left, right);
	fixture_unplug(fixture);

	fixture = fixture_add_named(test, "stable");
	KUNIT_EXPECT_NE(test, register_node(test, &fixture->dev, "new"), left);
	KUNIT_EXPECT_EQ(test, register_node(test, &fixture->dev, "right"),
			right);
	KUNIT_EXPECT_EQ(test, register_node(test, &fixture->dev, "left"), left);
}

/* Parts that would merge without escapes. */
static void d3_name_is_injective(struct kunit *test)
{
	static const struct {
		const char *device, *reference;
	} keys[] = {
		{ "inj", NULL }, { "inj", "a" }, { "inj", "#a" },
		{ "inj", "%23a" }, { "inj", "%" }, { "inj", "%25" },
		{ "inj#a", NULL }, { "inj#a", "a" }, { "inj%23a", NULL },
		{ "inj", "a#" }, { "inj", "a " }, { "inj", "A" },
	};
	struct devif *devifs[ARRAY_SIZE(keys)];
	struct device *root = fixture_root(test, "inj");
	struct fixture *fixture = NULL;
	int i, j;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!fixture || strcmp(keys[i].device, dev_name(&fixture->dev))) {
			if (fixture)
				fixture_unplug(fixture);
			fixture = fixture_add_named(test, keys[i].device);
		}
		devifs[i] = fixture_register(test, &fixture->dev, &guid_a,
					     keys[i].reference, 0);
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_STRNEQ(test, devif_link_name(devifs[i]),
					    devif_link_name(devifs[j]));
	}
	/* a device of the same name elsewhere */
	KUNIT_EXPECT_STRNEQ(test, devif_link_name(devifs[0]),
			    devif_link_name(fixture_register(test, root, &guid_a,
							     NULL, 0)));
}

static void d8_name_lives_as_long_as_the_hold(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif, *found;

	KUNIT_ASSERT_EQ(test, 0, fixture_try(&fixture->dev, &guid_a, NULL, 0,
					     &devif));
	found = devif_find(&guid_a, &fixture->dev, NULL);
	KUNIT_ASSERT_PTR_EQ(test, found, devif);
	devif_unregister(devif);
	fixture_unplug(fixture);
	KUNIT_EXPECT_GT(test, strlen(devif_link_name(found)), 0);
	KUNIT_EXPECT_GT(test, strlen(devif_name(found)), 0);
	KUNIT_EXPECT_TRUE(test, guid_equal(devif_class_guid(found), &guid_a));
	KUNIT_EXPECT_STREQ(test, devif_reference_string(found), "");
	devif_put(found);
}

static const struct {
	const char *name;
	const char *reference;
	int result;
} reference_cases[] = {
	{ "C9 slash", "a/b", -EINVAL },
	{ "C9 backslash", "a\\b", -EINVAL },
	{ "newline", "a\nb", -EINVAL },
	{ "carriage return", "\r", -EINVAL },
	{ "tab", "a\tb", -EINVAL },
	{ "escape", "\x1b[31m", -EINVAL },
	{ "delete", "a\x7f", -EINVAL },
	{ "C1 control U+0085", "\xc2\x85", -EINVAL },
	{ "line separator U+2028", "\xe2\x80\xa8", -EINVAL },
	{ "paragraph separator U+2029", "\xe2\x80\xa9", -EINVAL },
	{ "lone continuation byte", "a\x80", -EINVAL },
	{ "truncated sequence", "a\xc3", -EINVAL },
	{ "overlong slash", "\xc0\xaf", -EINVAL },
	{ "overlong three bytes", "\xe0\x80\xaf", -EINVAL },
	{ "surrogate", "\xed\xa0\x80", -EINVAL },
	{ "beyond U+10FFFF", "\xf4\x90\x80\x80", -EINVAL },
	{ "Latin-1", "caf\xe9", -EINVAL },
	{ "byte 0xff", "\xff", -EINVAL },
	{ "no other character is rejected", " !\"#$%&'()*+,-.:;<=>?@[]^_`{|}~", 0 },
	{ "two bytes", "caf\xc3\xa9", 0 },
	{ "three bytes", "\xe2\x82\xac", 0 },
	{ "four bytes", "\xf0\x9f\x98\x80", 0 },
	{ "U+00A0", "\xc2\xa0", 0 },
};

/* A loop, because 6.1 does not print the results of parameters as a subtest. */
static void c9_reference_string(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(reference_cases); i++) {
		ret = fixture_try(&fixture->dev, &guid_a,
				  reference_cases[i].reference, 0, &devif);
		KUNIT_EXPECT_EQ_MSG(test, ret, reference_cases[i].result, "%s",
				    reference_cases[i].name);
		KUNIT_EXPECT_EQ(test, fixture_count(&guid_a, &fixture->dev,
						    DEVIF_PRESENT), ret >= 0);
		if (ret < 0)
			continue;
		KUNIT_EXPECT_STREQ(test, devif_reference_string(devif),
				   reference_cases[i].reference);
		devif_unregister(devif);
	}
}

/* The longest name fits in a page with a newline; one more does not. */
static void c10_longest_name(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;
	char *reference;
	size_t rest;

	devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	rest = PAGE_SIZE - 2 - strlen(devif_link_name(devif)) - 1;
	reference = kunit_kzalloc(test, PAGE_SIZE * 2, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, reference);

	memset(reference, 'x', rest);
	devif = fixture_register(test, &fixture->dev, &guid_a, reference, 0);
	KUNIT_EXPECT_EQ(test, strlen(devif_link_name(devif)), PAGE_SIZE - 2);
	/* enabling must not fail on the size of a uevent */
	KUNIT_EXPECT_EQ(test, devif_enable(devif), 0);

	reference[rest] = 'x';
	KUNIT_EXPECT_EQ(test, fixture_try(&fixture->dev, &guid_a, reference, 0,
					  &devif), -ENAMETOOLONG);
	/* the length counts with escapes */
	memset(reference, '#', rest / 2);
	reference[rest / 2] = '\0';
	KUNIT_EXPECT_EQ(test, fixture_try(&fixture->dev, &guid_a, reference, 0,
					  &devif), -ENAMETOOLONG);
	memset(reference, 'x', PAGE_SIZE * 2 - 1);
	KUNIT_EXPECT_EQ(test, fixture_try(&fixture->dev, &guid_a, reference, 0,
					  &devif), -ENAMETOOLONG);
}

static void c13_reference_strings_are_independent(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *none, *left, *right;

	none = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	left = fixture_register(test, &fixture->dev, &guid_a, "left", 0);
	right = fixture_register(test, &fixture->dev, &guid_a, "right", 0);
	KUNIT_EXPECT_PTR_NE(test, none, left);
	KUNIT_EXPECT_PTR_NE(test, left, right);
	KUNIT_EXPECT_EQ(test, devif_enable(left), 0);
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(none));
	KUNIT_EXPECT_TRUE(test, devif_is_enabled(left));
	KUNIT_EXPECT_FALSE(test, devif_is_enabled(right));
}

static void c20_reference_strings_are_case_sensitive(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *lower, *upper;

	lower = fixture_register(test, &fixture->dev, &guid_a, "a", 0);
	upper = fixture_register(test, &fixture->dev, &guid_a, "A", 0);
	KUNIT_EXPECT_PTR_NE(test, lower, upper);
}

static struct kunit_case naming_cases[] = {
	KUNIT_CASE(a7_name_is_taken_as_a_whole),
	KUNIT_CASE(d1_name_is_plain),
	KUNIT_CASE(d2_name_is_stable_over_unplug),
	KUNIT_CASE(d2_device_number_stays_with_the_name),
	KUNIT_CASE(d3_name_is_injective),
	KUNIT_CASE(d8_name_lives_as_long_as_the_hold),
	KUNIT_CASE(c9_reference_string),
	KUNIT_CASE(c10_longest_name),
	KUNIT_CASE(c13_reference_strings_are_independent),
	KUNIT_CASE(c20_reference_strings_are_case_sensitive),
	{}
};

static struct kunit_suite naming_suite = {
	.name = "devif_naming",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = naming_cases,
};

kunit_test_suites(&naming_suite);
