// SPDX-License-Identifier: GPL-2.0
/*
 * Properties (C4, N2, N4).
 */
#include "errand.h"
#include "fixture.h"

static struct devif_properties *some_properties(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);

	return devif_properties(fixture_register(test, &fixture->dev, &guid_a,
						 NULL, 0));
}

static void n4_values_of_every_type(struct kunit *test)
{
	struct devif_properties *properties = some_properties(test);
	u8 bytes[] = { 0, 1, 255 }, read[3];
	bool truth = false;
	char text[16];
	guid_t guid;
	u32 small;
	u64 large;

	KUNIT_EXPECT_EQ(test, 0, devif_property_set_bool(properties, "bool", true));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(properties, "u32",
							0x12345678));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u64(properties, "u64",
							0x123456789abcdef0));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_string(properties, "string",
							   "toaströmung"));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_guid(properties, "guid",
							 &guid_b));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set(properties, "bytes",
						    DEVIF_PROPERTY_BYTES, bytes,
						    sizeof(bytes)));

	KUNIT_EXPECT_EQ(test, 0, devif_property_get_bool(properties, "bool",
							 &truth));
	KUNIT_EXPECT_TRUE(test, truth);
	KUNIT_EXPECT_EQ(test, 0, devif_property_get_u32(properties, "u32", &small));
	KUNIT_EXPECT_EQ(test, small, 0x12345678);
	KUNIT_EXPECT_EQ(test, 0, devif_property_get_u64(properties, "u64", &large));
	KUNIT_EXPECT_EQ(test, large, 0x123456789abcdef0);
	KUNIT_EXPECT_EQ(test, 12, devif_property_get_string(properties, "string",
							    text, sizeof(text)));
	KUNIT_EXPECT_STREQ(test, text, "toaströmung");
	KUNIT_EXPECT_EQ(test, 0, devif_property_get_guid(properties, "guid",
							 &guid));
	KUNIT_EXPECT_TRUE(test, guid_equal(&guid, &guid_b));
	KUNIT_EXPECT_EQ(test, 3, devif_property_get(properties, "bytes",
						    DEVIF_PROPERTY_BYTES, read,
						    sizeof(read)));
	KUNIT_EXPECT_EQ(test, 0, memcmp(bytes, read, sizeof(read)));
}

static void n4_new_value_replaces_the_old(struct kunit *test)
{
	struct devif_properties *properties = some_properties(test);
	u32 number = 0;

	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(properties, "a", 1));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(properties, "a", 2));
	KUNIT_EXPECT_EQ(test, 0, devif_property_get_u32(properties, "a", &number));
	KUNIT_EXPECT_EQ(test, number, 2);
	/* a value of another type replaces the property too */
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_bool(properties, "a", true));
	KUNIT_EXPECT_EQ(test, -EINVAL, devif_property_get_u32(properties, "a",
							      &number));
	KUNIT_EXPECT_EQ(test, number, 2);
}

static void n4_removed_property_is_gone(struct kunit *test)
{
	struct devif_properties *properties = some_properties(test);
	u32 number;

	KUNIT_EXPECT_EQ(test, -ENOENT, devif_property_remove(properties, "a"));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(properties, "a", 1));
	KUNIT_EXPECT_EQ(test, 0, devif_property_remove(properties, "a"));
	KUNIT_EXPECT_EQ(test, -ENOENT, devif_property_remove(properties, "a"));
	KUNIT_EXPECT_EQ(test, -ENOENT, devif_property_get_u32(properties, "a",
							      &number));
}

static void n4_room_that_is_too_small(struct kunit *test)
{
	struct devif_properties *properties = some_properties(test);
	char text[8] = "before";

	KUNIT_EXPECT_EQ(test, 0, devif_property_set_string(properties, "a",
							   "toaster"));
	KUNIT_EXPECT_EQ(test, 7, devif_property_get_string(properties, "a", text,
							   8));
	KUNIT_EXPECT_EQ(test, -EMSGSIZE,
			devif_property_get_string(properties, "a", text, 7));
	KUNIT_EXPECT_EQ(test, -EMSGSIZE,
			devif_property_get_string(properties, "a", text, 0));
	KUNIT_EXPECT_EQ(test, 8, devif_property_get(properties, "a",
						    DEVIF_PROPERTY_STRING, NULL,
						    0));
}

static void n4_empty_values(struct kunit *test)
{
	struct devif_properties *properties = some_properties(test);
	char text[4] = "abc";

	KUNIT_EXPECT_EQ(test, 0, devif_property_set_string(properties, "s", ""));
	KUNIT_EXPECT_EQ(test, 0, devif_property_get_string(properties, "s", text,
							   sizeof(text)));
	KUNIT_EXPECT_STREQ(test, text, "");
	KUNIT_EXPECT_EQ(test, 0, devif_property_set(properties, "b",
						    DEVIF_PROPERTY_BYTES, NULL,
						    0));
	KUNIT_EXPECT_EQ(test, 0, devif_property_get(properties, "b",
						    DEVIF_PROPERTY_BYTES, text,
						    sizeof(text)));
}

struct wrong {
	const char *key;
	enum devif_property_type type;
	const void *value;
	size_t size;
	int error;
};

static void n4_wrong_arguments(struct kunit *test)
{
	struct devif_properties *properties = some_properties(test);
	static const u8 large[DEVIF_PROPERTY_VALUE_SIZE + 1];
	char key[DEVIF_PROPERTY_KEY_SIZE + 1] = {};
	const struct wrong wrongs[] = {
		{ NULL, DEVIF_PROPERTY_BYTES, "a", 1, -EINVAL },
		{ "a", DEVIF_PROPERTY_BYTES, NULL, 1, -EINVAL },
		{ "", DEVIF_PROPERTY_BYTES, "a", 1, -EINVAL },
		{ "a b", DEVIF_PROPERTY_BYTES, "a", 1, -EINVAL },
		{ "a/b", DEVIF_PROPERTY_BYTES, "a", 1, -EINVAL },
		{ "a\n", DEVIF_PROPERTY_BYTES, "a", 1, -EINVAL },
		{ "ä", DEVIF_PROPERTY_BYTES, "a", 1, -EINVAL },
		{ key, DEVIF_PROPERTY_BYTES, "a", 1, -EINVAL },
		{ "a", 0, "a", 1, -EINVAL },
		{ "a", 7, "a", 1, -EINVAL },
		{ "a", DEVIF_PROPERTY_BOOL, "\2", 1, -EINVAL },
		{ "a", DEVIF_PROPERTY_BOOL, "\1", 2, -EINVAL },
		{ "a", DEVIF_PROPERTY_BOOL, NULL, 0, -EINVAL },
		{ "a", DEVIF_PROPERTY_U32, "abcd", 3, -EINVAL },
		{ "a", DEVIF_PROPERTY_U64, "abcdefgh", 4, -EINVAL },
		{ "a", DEVIF_PROPERTY_GUID, &guid_a, 15, -EINVAL },
		{ "a", DEVIF_PROPERTY_STRING, "abc", 3, -EINVAL },
		{ "a", DEVIF_PROPERTY_STRING, "a\0b", 4, -EINVAL },
		{ "a", DEVIF_PROPERTY_STRING, "a\nb", 4, -EINVAL },
		{ "a", DEVIF_PROPERTY_STRING, "\xc0\x80", 3, -EINVAL },
		{ "a", DEVIF_PROPERTY_STRING, NULL, 0, -EINVAL },
		{ "a", DEVIF_PROPERTY_BYTES, large, sizeof(large), -E2BIG },
	};
	u8 byte;
	int i;

	memset(key, 'a', DEVIF_PROPERTY_KEY_SIZE);
	for (i = 0; i < ARRAY_SIZE(wrongs); i++)
		KUNIT_EXPECT_EQ_MSG(test, wrongs[i].error,
				    devif_property_set(properties, wrongs[i].key,
						       wrongs[i].type,
						       wrongs[i].value,
						       wrongs[i].size),
				    "case %d", i);
	KUNIT_EXPECT_EQ(test, -EINVAL, devif_property_set_string(properties, "a",
								 NULL));
	KUNIT_EXPECT_EQ(test, -EINVAL, devif_property_set_u32(NULL, "a", 1));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			devif_property_get(properties, "a", 0, &byte, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, devif_property_get(properties, "a",
							  DEVIF_PROPERTY_BOOL,
							  NULL, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, devif_property_remove(NULL, "a"));
	KUNIT_EXPECT_EQ(test, -EINVAL, devif_property_remove(properties, NULL));
	KUNIT_EXPECT_EQ(test, -ENOENT, devif_property_remove(properties, "a"));
}

static void n4_largest_key_and_value(struct kunit *test)
{
	struct devif_properties *properties = some_properties(test);
	char key[DEVIF_PROPERTY_KEY_SIZE] = {};
	u8 *value = kunit_kzalloc(test, DEVIF_PROPERTY_VALUE_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, value);
	memset(key, 'k', sizeof(key) - 1);
	memset(value, 0xa5, DEVIF_PROPERTY_VALUE_SIZE);
	KUNIT_EXPECT_EQ(test, 0, devif_property_set(properties, key,
						    DEVIF_PROPERTY_BYTES, value,
						    DEVIF_PROPERTY_VALUE_SIZE));
	value[DEVIF_PROPERTY_VALUE_SIZE - 1] = 0;
	KUNIT_EXPECT_EQ(test, DEVIF_PROPERTY_VALUE_SIZE,
			devif_property_get(properties, key, DEVIF_PROPERTY_BYTES,
					   value, DEVIF_PROPERTY_VALUE_SIZE));
	KUNIT_EXPECT_EQ(test, 0xa5, value[DEVIF_PROPERTY_VALUE_SIZE - 1]);
}

static void n4_only_so_many(struct kunit *test)
{
	struct devif_properties *properties = some_properties(test);
	char key[8];
	int i;

	for (i = 0; i < DEVIF_PROPERTIES; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(properties, key,
								i));
	}
	KUNIT_EXPECT_EQ(test, -ENOSPC, devif_property_set_u32(properties, "more",
							      0));
	/* an existing property can still be set, and a removed one makes room */
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(properties, "k0", 7));
	KUNIT_EXPECT_EQ(test, 0, devif_property_remove(properties, "k1"));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(properties, "more", 0));
}

struct listing {
	struct devif_properties *properties;
	char keys[16];
};

static int list_key(const struct devif_property *property, void *data)
{
	struct listing *listing = data;

	strcat(listing->keys, property->key);
	return 0;
}

/* The callback runs without a lock: it may change the listed properties. */
static int list_and_remove(const struct devif_property *property, void *data)
{
	struct listing *listing = data;

	strcat(listing->keys, property->key);
	devif_property_remove(listing->properties, property->key);
	devif_property_set_bool(listing->properties, "z", true);
	return !strcmp(property->key, "z") ? 42 : 0;
}

static void n4_listed_in_the_order_of_keys(struct kunit *test)
{
	struct devif_properties *properties = some_properties(test);
	struct listing listing = { .properties = properties };
	static const char * const keys[] = { "c", "a", "d", "b" };
	int i;

	KUNIT_EXPECT_EQ(test, 0, devif_property_for_each(properties, &listing,
							 list_key));
	KUNIT_EXPECT_STREQ(test, listing.keys, "");
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(properties,
								keys[i], i));
	KUNIT_EXPECT_EQ(test, 0, devif_property_for_each(properties, &listing,
							 list_key));
	KUNIT_EXPECT_STREQ(test, listing.keys, "abcd");

	strscpy(listing.keys, "", sizeof(listing.keys));
	KUNIT_EXPECT_EQ(test, 42, devif_property_for_each(properties, &listing,
							  list_and_remove));
	KUNIT_EXPECT_STREQ(test, listing.keys, "abcdz");
	KUNIT_EXPECT_EQ(test, -EINVAL, devif_property_for_each(properties, NULL,
							       NULL));
}

static void n2_property_outlives_the_interface(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif;
	u32 number = 0;

	KUNIT_ASSERT_EQ(test, 0, fixture_try(&fixture->dev, &guid_a, "kept", 0,
					     &devif));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(devif_properties(devif),
							"a", 5));
	devif_unregister(devif);
	KUNIT_ASSERT_EQ(test, DEVIF_EXISTED,
			fixture_try(&fixture->dev, &guid_a, "kept", 0, &devif));
	KUNIT_EXPECT_EQ(test, 0, devif_property_get_u32(devif_properties(devif),
							"a", &number));
	KUNIT_EXPECT_EQ(test, number, 5);
	devif_unregister(devif);
}

static int set_with(struct devif_properties *properties, const char *key,
		    u8 byte, unsigned int flags)
{
	return devif_property_set_flags(properties, key, DEVIF_PROPERTY_BYTES,
					&byte, sizeof(byte), flags);
}

/* Return the value of a one-byte property, or an error. */
static int byte_of(struct devif_properties *properties, const char *key)
{
	u8 byte;
	ssize_t ret;

	ret = devif_property_get(properties, key, DEVIF_PROPERTY_BYTES, &byte,
				 sizeof(byte));
	return ret < 0 ? ret : byte;
}

static void n2_volatile_property_ends_with_the_interface(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif_properties *properties;
	struct devif *devif, *again;

	KUNIT_ASSERT_EQ(test, 0, fixture_try(&fixture->dev, &guid_a, "passing",
					     0, &devif));
	properties = devif_properties(devif);
	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "passing", 1,
					  DEVIF_PROPERTY_VOLATILE));
	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "kept", 2, 0));
	KUNIT_EXPECT_EQ(test, 1, byte_of(properties, "passing"));
	/* the flags of the last set call count */
	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "other", 3,
					  DEVIF_PROPERTY_VOLATILE));
	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "other", 4, 0));
	devif_get(devif);
	devif_unregister(devif);
	KUNIT_EXPECT_EQ(test, -ENODEV, set_with(properties, "passing", 5,
						DEVIF_PROPERTY_VOLATILE));
	KUNIT_ASSERT_EQ(test, DEVIF_EXISTED,
			fixture_try(&fixture->dev, &guid_a, "passing", 0,
				    &again));
	properties = devif_properties(again);
	KUNIT_EXPECT_EQ(test, -ENOENT, byte_of(properties, "passing"));
	KUNIT_EXPECT_EQ(test, 2, byte_of(properties, "kept"));
	KUNIT_EXPECT_EQ(test, 4, byte_of(properties, "other"));
	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "passing", 6,
					  DEVIF_PROPERTY_VOLATILE));
	devif_unregister(again);
	devif_put(devif);
}

/* Unregister an interface, and return its properties, found by its name. */
static struct devif_properties *properties_of_absent(struct kunit *test,
						     struct devif *devif)
{
	struct devif_properties *properties;

	devif_get(devif);
	devif_unregister(devif);
	properties = devif_properties_of_name(devif_link_name(devif));
	devif_put(devif);
	KUNIT_ASSERT_FALSE(test, IS_ERR(properties));
	return properties;
}

static void n2_properties_of_a_name_are_those_of_the_interface(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif = fixture_register(test, &fixture->dev, &guid_a, "named", 0);
	struct devif_properties *properties;
	u32 number = 0;

	properties = devif_properties_of_name(devif_link_name(devif));
	KUNIT_ASSERT_FALSE(test, IS_ERR(properties));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(properties, "a", 5));
	KUNIT_EXPECT_EQ(test, 0, devif_property_get_u32(devif_properties(devif), "a",
							&number));
	KUNIT_EXPECT_EQ(test, number, 5);
	devif_properties_put(properties);
	/* they stay when the reference is given back */
	KUNIT_EXPECT_EQ(test, 0, devif_property_remove(devif_properties(devif), "a"));
}

static void n2_properties_of_an_absent_interface(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct listing listing = {};
	struct devif_properties *properties;
	struct devif *devif;
	u32 number = 0;

	KUNIT_ASSERT_EQ(test, 0, fixture_try(&fixture->dev, &guid_a, "away", 0, &devif));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(devif_properties(devif), "a", 5));
	properties = properties_of_absent(test, devif);
	KUNIT_EXPECT_EQ(test, 0, devif_property_get_u32(properties, "a", &number));
	KUNIT_EXPECT_EQ(test, number, 5);
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(properties, "b", 6));
	KUNIT_EXPECT_EQ(test, 0, devif_property_remove(properties, "a"));
	KUNIT_EXPECT_EQ(test, 0, devif_property_for_each(properties, &listing, list_key));
	KUNIT_EXPECT_STREQ(test, listing.keys, "b");
	/* the interface that comes back has them */
	KUNIT_ASSERT_EQ(test, DEVIF_EXISTED,
			fixture_try(&fixture->dev, &guid_a, "away", 0, &devif));
	KUNIT_EXPECT_EQ(test, 0, devif_property_get_u32(devif_properties(devif), "b",
							&number));
	KUNIT_EXPECT_EQ(test, number, 6);
	KUNIT_EXPECT_EQ(test, -ENOENT, devif_property_remove(devif_properties(devif), "a"));
	devif_unregister(devif);
	devif_properties_put(properties);
}

static void n2_properties_of_an_unplugged_device(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *devif = fixture_register(test, &fixture->dev, &guid_a, NULL, 0);
	struct devif_properties *properties;

	fixture_unplug(fixture);
	properties = devif_properties_of_name(devif_link_name(devif));
	KUNIT_ASSERT_FALSE(test, IS_ERR(properties));
	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "a", 1, 0));
	KUNIT_EXPECT_EQ(test, 1, byte_of(properties, "a"));
	devif_properties_put(properties);
}

static void n2_properties_of_unknown_names(struct kunit *test)
{
	char class[UUID_STRING_LEN + 1];

	snprintf(class, sizeof(class), DEVIF_GUID_FMT, &guid_a);
	KUNIT_EXPECT_EQ(test, -ENOENT, PTR_ERR(devif_properties_of_name("no such name")));
	KUNIT_EXPECT_EQ(test, -ENOENT, PTR_ERR(devif_properties_of_name("")));
	KUNIT_EXPECT_EQ(test, -ENOENT, PTR_ERR(devif_properties_of_name(class)));
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR(devif_properties_of_name(NULL)));
	devif_properties_put(NULL);
	devif_properties_put(ERR_PTR(-ENOENT));
}

static void n2_volatile_property_of_a_name(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif_properties *properties;
	struct devif *devif;

	KUNIT_ASSERT_EQ(test, 0, fixture_try(&fixture->dev, &guid_a, "brief", 0, &devif));
	properties = properties_of_absent(test, devif);
	KUNIT_EXPECT_EQ(test, -ENODEV, set_with(properties, "a", 1,
						DEVIF_PROPERTY_VOLATILE));
	KUNIT_ASSERT_EQ(test, DEVIF_EXISTED,
			fixture_try(&fixture->dev, &guid_a, "brief", 0, &devif));
	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "a", 2, DEVIF_PROPERTY_VOLATILE));
	KUNIT_EXPECT_EQ(test, 2, byte_of(properties, "a"));
	devif_unregister(devif);
	KUNIT_EXPECT_EQ(test, -ENOENT, byte_of(properties, "a"));
	devif_properties_put(properties);
}

/* Whoever holds the properties of a record that is removed keeps memory only. */
static void n3_properties_of_a_removed_record(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif_properties *properties;
	struct devif *devif, *again;

	KUNIT_ASSERT_EQ(test, 0, fixture_try(&fixture->dev, &guid_a, "removed", 0,
					     &devif));
	devif_get(devif);
	properties = properties_of_absent(test, devif);
	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "a", 1, 0));
	KUNIT_EXPECT_EQ(test, 0, fixture_remove_by_user(devif, ""));
	KUNIT_EXPECT_EQ(test, -ENOENT, byte_of(properties, "a"));
	KUNIT_EXPECT_EQ(test, -ENODEV, set_with(properties, "a", 2, 0));
	KUNIT_EXPECT_EQ(test, -ENOENT, devif_property_remove(properties, "a"));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			PTR_ERR(devif_properties_of_name(devif_link_name(devif))));
	/* the same name has other properties now */
	KUNIT_ASSERT_EQ(test, 0, fixture_try(&fixture->dev, &guid_a, "removed", 0,
					     &again));
	KUNIT_EXPECT_EQ(test, 0, set_with(devif_properties(again), "a", 3, 0));
	KUNIT_EXPECT_EQ(test, -ENOENT, byte_of(properties, "a"));
	devif_unregister(again);
	devif_put(devif);
	devif_properties_put(properties);
}

static void n4_default_yields(struct kunit *test)
{
	struct devif_properties *properties = some_properties(test);

	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "a", 1,
					  DEVIF_PROPERTY_DEFAULT));
	KUNIT_EXPECT_EQ(test, 1, byte_of(properties, "a"));
	/* a default replaces a default, but not a value */
	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "a", 2,
					  DEVIF_PROPERTY_DEFAULT));
	KUNIT_EXPECT_EQ(test, 2, byte_of(properties, "a"));
	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "a", 3, 0));
	KUNIT_EXPECT_EQ(test, 0, set_with(properties, "a", 4,
					  DEVIF_PROPERTY_DEFAULT));
	KUNIT_EXPECT_EQ(test, 3, byte_of(properties, "a"));
	KUNIT_EXPECT_EQ(test, -EINVAL, set_with(properties, "a", 5, 4));
	KUNIT_EXPECT_EQ(test, -EINVAL, set_with(properties, "a", 5, 0x100));
}

static void n2_property_is_of_one_interface(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif *one, *other;
	u32 number;

	one = fixture_register(test, &fixture->dev, &guid_a, "1", 0);
	other = fixture_register(test, &fixture->dev, &guid_a, "2", 0);
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(devif_properties(one),
							"a", 5));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			devif_property_get_u32(devif_properties(other), "a",
					       &number));
}

static void c4_property_keeps_its_class(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif_properties *properties;
	u32 number = 0;
	guid_t guid;

	guid_gen(&guid);
	properties = devif_class_properties_get(&guid);
	KUNIT_ASSERT_FALSE(test, IS_ERR(properties));
	KUNIT_EXPECT_EQ(test, 0, devif_property_set_u32(properties, "a", 5));
	devif_class_properties_put(properties);
	KUNIT_EXPECT_TRUE(test,
			  fixture_class_is_shown(test, &fixture->dev, &guid));

	properties = devif_class_properties_get(&guid);
	KUNIT_ASSERT_FALSE(test, IS_ERR(properties));
	KUNIT_EXPECT_EQ(test, 0, devif_property_get_u32(properties, "a", &number));
	KUNIT_EXPECT_EQ(test, number, 5);
	KUNIT_EXPECT_EQ(test, 0, devif_property_remove(properties, "a"));
	devif_class_properties_put(properties);
	KUNIT_EXPECT_TRUE(test,
			  fixture_class_goes(test, &fixture->dev, &guid));
}

static void c4_class_without_properties_goes(struct kunit *test)
{
	struct fixture *fixture = fixture_add(test);
	struct devif_properties *properties;
	guid_t guid;

	guid_gen(&guid);
	properties = devif_class_properties_get(&guid);
	KUNIT_ASSERT_FALSE(test, IS_ERR(properties));
	KUNIT_EXPECT_TRUE(test,
			  fixture_class_is_shown(test, &fixture->dev, &guid));
	devif_class_properties_put(properties);
	KUNIT_EXPECT_TRUE(test,
			  fixture_class_goes(test, &fixture->dev, &guid));

	KUNIT_EXPECT_EQ(test, -EINVAL,
			PTR_ERR(devif_class_properties_get(&guid_null)));
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR(devif_class_properties_get(NULL)));
	devif_class_properties_put(ERR_PTR(-EINVAL));
}

/* Two threads write a value each; a third must read one of them, whole. */
struct race {
	struct devif_properties *properties;
	u8 byte;
};

#define RACE_ROUNDS	2000
#define RACE_SIZE	200

static long write_value(void *data)
{
	struct race *race = data;
	u8 value[RACE_SIZE];
	int i, failures = 0;

	memset(value, race->byte, sizeof(value));
	for (i = 0; i < RACE_ROUNDS; i++) {
		failures += devif_property_set(race->properties, "a",
					       DEVIF_PROPERTY_BYTES, value,
					       race->byte) != 0;
		if (i % 16 == 0)
			devif_property_remove(race->properties, "a");
	}
	return failures;
}

static long read_value(void *data)
{
	struct race *race = data;
	int i, failures = 0;
	u8 value[RACE_SIZE];
	ssize_t size, k;

	for (i = 0; i < RACE_ROUNDS; i++) {
		size = devif_property_get(race->properties, "a",
					  DEVIF_PROPERTY_BYTES, value,
					  sizeof(value));
		/* each writer writes @byte bytes of the value @byte */
		for (k = 0; k < size; k++)
			failures += value[k] != size;
	}
	return failures;
}

static void n4_values_are_whole(struct kunit *test)
{
	struct devif_properties *properties = some_properties(test);
	struct race low = { properties, 10 }, high = { properties, 200 };
	struct race reader = { properties };
	struct errand *errands[] = {
		errand_start(test, write_value, &low),
		errand_start(test, write_value, &high),
		errand_start(test, read_value, &reader),
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(errands); i++)
		KUNIT_EXPECT_EQ(test, 0, errand_finish(errands[i]));
}

static struct kunit_case property_cases[] = {
	KUNIT_CASE(n4_values_of_every_type),
	KUNIT_CASE(n4_new_value_replaces_the_old),
	KUNIT_CASE(n4_removed_property_is_gone),
	KUNIT_CASE(n4_room_that_is_too_small),
	KUNIT_CASE(n4_empty_values),
	KUNIT_CASE(n4_wrong_arguments),
	KUNIT_CASE(n4_largest_key_and_value),
	KUNIT_CASE(n4_only_so_many),
	KUNIT_CASE(n4_listed_in_the_order_of_keys),
	KUNIT_CASE(n4_values_are_whole),
	KUNIT_CASE(n4_default_yields),
	KUNIT_CASE(n2_volatile_property_ends_with_the_interface),
	KUNIT_CASE(n2_property_outlives_the_interface),
	KUNIT_CASE(n2_properties_of_a_name_are_those_of_the_interface),
	KUNIT_CASE(n2_properties_of_an_absent_interface),
	KUNIT_CASE(n2_properties_of_an_unplugged_device),
	KUNIT_CASE(n2_properties_of_unknown_names),
	KUNIT_CASE(n2_volatile_property_of_a_name),
	KUNIT_CASE(n3_properties_of_a_removed_record),
	KUNIT_CASE(n2_property_is_of_one_interface),
	KUNIT_CASE(c4_property_keeps_its_class),
	KUNIT_CASE(c4_class_without_properties_goes),
	{}
};

static struct kunit_suite property_suite = {
	.name = "devif_property",
	.suite_init = fixture_suite_init,
	.suite_exit = fixture_suite_exit,
	.test_cases = property_cases,
};

kunit_test_suites(&property_suite);
