// SPDX-License-Identifier: GPL-2.0
/*
 * The parser of images: each error, found wherever it is. An image is in memory of exactly
 * its size, so that the address sanitizer detects reads past its end.
 */
#include <stdint.h>
#include <sys/mman.h>

#include "../../kmod/devif/lib/image.h"
#include "../../kmod/devif/lib/text.h"
#include "../../scripts/user/ktap.h"
#include "contract.h"
#include "encode.h"
#include "samples.h"

#define HEADER_BYTES	80
#define ENTRY_BYTES	40
/* of version 1 */
#define OLD_HEADER_BYTES	40

/* offsets of the header's fields */
enum {
	VERSION = 8,
	CHECKSUM = 12,
	SIZE = 16,
	GENERATION = 24,
	ENTRIES = 32,
	FLAGS = 36,
};

static const uint8_t guid[16] = { 1 };
static const uint8_t life[16] = { 2 }, parent[16] = { 3 };

/* Return the parser's result for @size bytes, copied to memory of exactly that size. */
static int result_of(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	const char *broken;
	int result;

	require(copy);
	if (size)
		memcpy(copy, data, size);
	broken = contract_broken(copy, size, &result);
	if (broken)
		printf("# contract broken: %s\n", broken);
	check(!broken);
	free(copy);
	return result;
}

/* Return the parser's result for an image, and free the image. */
static int result_and_free(struct encoder *encoder)
{
	int result = result_of(encoder->data, encoder->size);

	free(encoder->data);
	return result;
}

/* Return whether the result is @expected; print any other. */
static bool says(int result, int expected)
{
	if (result != expected)
		printf("# %s instead of %s\n", strerror(-result),
		       strerror(-expected));
	return result == expected;
}

static void samples_are_accepted(void)
{
	struct encoder encoder;
	int i;

	for (i = 0; i < SAMPLES; i++) {
		sample_image(&encoder, i);
		check(says(result_and_free(&encoder), 0));
	}
}

static void what_was_put_in_is_read(void)
{
	struct encoder encoder;
	struct devif_image image;
	struct devif_entry entry;
	struct devif_value value;

	encode_begin(&encoder);
	encode_entry(&encoder, DEVIF_IMAGE_RECORD, DEVIF_IMAGE_DEFAULT, guid,
		     "bus#a#b", "left");
	encode_seen(&encoder, 0x1122334455667788);
	encode_property(&encoder, "key", DEVIF_PROPERTY_U32, "\1\2\3\4", 4);
	encode_flags(&encoder, DEVIF_PROPERTY_VOLATILE);
	encode_lives(&encoder, life, parent, 0x123456789abcdef1);
	encode_end(&encoder, 0x123456789abcdef0, DEVIF_IMAGE_OVERWRITE);

	require(!devif_image_open(&image, encoder.data, encoder.size));
	check(image.version == 2);
	check(image.generation == 0x123456789abcdef0);
	check(devif_image_is_of(&image, life, 0x123456789abcdef0));
	check(!devif_image_is_of(&image, life, 0x123456789abcdef1));
	check(!memcmp(image.parent, parent, sizeof(parent)));
	check(image.parent_generation == 0x123456789abcdef1);
	check(image.flags == DEVIF_IMAGE_OVERWRITE);
	require(devif_image_next(&image, &entry));
	check(entry.type == DEVIF_IMAGE_RECORD);
	check(entry.flags == DEVIF_IMAGE_DEFAULT);
	check(!memcmp(entry.guid, guid, sizeof(guid)));
	check(!strcmp(entry.device, "bus#a#b"));
	check(!strcmp(entry.reference, "left"));
	check(entry.seen == 0x1122334455667788);
	require(devif_image_next_property(&entry.properties, &value));
	check(!strcmp(value.key, "key"));
	check(value.type == DEVIF_PROPERTY_U32 && value.size == 4);
	check(!memcmp(value.data, "\1\2\3\4", 4));
	check(value.flags == DEVIF_PROPERTY_VOLATILE);
	check(!devif_image_next_property(&entry.properties, &value));
	check(!devif_image_next(&image, &entry));
	free(encoder.data);
}

/* Version 1 has no lives: the content identifies an image. */
static void old_image_is_read(void)
{
	static const uint8_t none[16];
	struct devif_image image, again;
	struct encoder encoder, other;
	struct devif_entry entry;
	struct devif_value value;
	unsigned int entries = 0, properties = 0;

	sample_image(&encoder, 7);
	require(decode_u32(encoder.data + VERSION) == 1);
	require(!devif_image_open(&image, encoder.data, encoder.size));
	require(!devif_image_open(&again, encoder.data, encoder.size));
	check(devif_image_is_of(&image, again.life, again.generation));
	check(memcmp(image.life, none, sizeof(none)));
	check(!memcmp(image.parent, none, sizeof(none)));
	while (devif_image_next(&image, &entry)) {
		entries++;
		check(!entry.seen);
		while (devif_image_next_property(&entry.properties, &value)) {
			properties++;
			check(!value.flags);
		}
	}
	check(entries == 3 && properties == 14);

	encode_begin_version(&other, 1);
	encode_end(&other, 7, 0);
	require(!devif_image_open(&image, other.data, other.size));
	check(!devif_image_is_of(&image, again.life, again.generation));
	free(other.data);
	free(encoder.data);
}

static void cut_off_at_every_length(void)
{
	struct encoder encoder;
	size_t size;
	int i;

	for (i = 0; i < SAMPLES; i++) {
		sample_image(&encoder, i);
		for (size = 0; size < encoder.size; size++)
			if (!says(result_of(encoder.data, size), -EINVAL))
				check(!"cut off");
		free(encoder.data);
	}
}

/* With the right size and checksum, only missing content can be the error. */
static void cut_off_and_repaired(void)
{
	struct encoder encoder;
	size_t size;
	int i;

	for (i = 1; i < SAMPLES; i++) {
		sample_image(&encoder, i);
		for (size = encoder.size - 1; size >= OLD_HEADER_BYTES; size--) {
			encode_header(encoder.data, size);
			if (!says(result_of(encoder.data, size), -EINVAL))
				check(!"cut off");
		}
		free(encoder.data);
	}
}

static void longer_and_repaired(void)
{
	uint8_t zero[16] = { 0 };
	struct encoder encoder;
	size_t more;

	for (more = 1; more <= sizeof(zero); more++) {
		sample_image(&encoder, 1);
		encoder.data = realloc(encoder.data, encoder.size + more);
		require(encoder.data);
		memcpy(encoder.data + encoder.size, zero, more);
		encoder.size += more;
		check(says(result_of(encoder.data, encoder.size), -EINVAL));
		encode_header(encoder.data, encoder.size);
		check(says(result_and_free(&encoder), -EINVAL));
	}
}

static int error_of_flip(size_t byte)
{
	if (byte < VERSION)
		return -EINVAL;
	if (byte < CHECKSUM)
		return -EPROTONOSUPPORT;
	return byte >= SIZE && byte < GENERATION ? -EINVAL : -EBADMSG;
}

static void each_bit_flipped(void)
{
	struct encoder encoder;
	size_t bit;
	int i;

	for (i = 0; i < SAMPLES; i++) {
		sample_image(&encoder, i);
		for (bit = 0; bit < encoder.size * 8; bit++) {
			encoder.data[bit / 8] ^= 1 << bit % 8;
			if (!says(result_of(encoder.data, encoder.size),
				  error_of_flip(bit / 8)))
				check(!"bit flipped");
			encoder.data[bit / 8] ^= 1 << bit % 8;
		}
		free(encoder.data);
	}
}

/* The parser refuses the image, or contract_broken() checks its content. */
static void each_bit_flipped_and_repaired(void)
{
	unsigned int accepted = 0, refused = 0;
	struct encoder encoder;
	size_t bit;
	int i;

	for (i = 0; i < SAMPLES; i++) {
		sample_image(&encoder, i);
		for (bit = GENERATION * 8; bit < encoder.size * 8; bit++) {
			encoder.data[bit / 8] ^= 1 << bit % 8;
			encode_header(encoder.data, encoder.size);
			if (result_of(encoder.data, encoder.size))
				refused++;
			else
				accepted++;
			encoder.data[bit / 8] ^= 1 << bit % 8;
		}
		free(encoder.data);
	}
	printf("# %u accepted, %u refused\n", accepted, refused);
	check(accepted && refused);
}

/* Return the parser's result for sample 1 with @number at @at and a valid checksum. */
static int result_with(size_t at, uint32_t number)
{
	struct encoder encoder;

	sample_image(&encoder, 1);
	encode_u32(encoder.data + at, number);
	encode_u32(encoder.data + CHECKSUM,
		   devif_image_checksum(encoder.data, encoder.size));
	return result_and_free(&encoder);
}

static void wrong_header(void)
{
	check(says(result_with(0, 0), -EINVAL));
	check(says(result_with(VERSION, 0), -EPROTONOSUPPORT));
	check(says(result_with(VERSION, 1), -EINVAL));
	check(says(result_with(VERSION, 3), -EPROTONOSUPPORT));
	check(says(result_with(SIZE, 0), -EINVAL));
	check(says(result_with(SIZE + 4, 1), -EINVAL));
	check(says(result_with(GENERATION, 99), 0));
	check(says(result_with(ENTRIES, 3), -EINVAL));
	check(says(result_with(ENTRIES, 5), -EINVAL));
	check(says(result_with(ENTRIES, DEVIF_IMAGE_ENTRIES), -EINVAL));
	check(says(result_with(ENTRIES, DEVIF_IMAGE_ENTRIES + 1), -E2BIG));
	check(says(result_with(ENTRIES, UINT32_MAX), -E2BIG));
	check(says(result_with(FLAGS, 0), 0));
	check(says(result_with(FLAGS, 3), 0));
	check(says(result_with(FLAGS, 4), -EINVAL));
}

static void wrong_checksum(void)
{
	struct encoder encoder;

	sample_image(&encoder, 1);
	check(decode_u32(encoder.data + CHECKSUM) ==
	      devif_image_checksum(encoder.data, encoder.size));
	encode_u32(encoder.data + CHECKSUM, 0);
	check(says(result_and_free(&encoder), -EBADMSG));
}

/* The parser may read only the header: the mapping of a gigabyte is never touched. */
static void too_large(void)
{
	size_t size = DEVIF_IMAGE_SIZE + 8;
	struct devif_image image;
	uint8_t *data = mmap(NULL, size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			     0);

	require(data != MAP_FAILED);
	memcpy(data, DEVIF_IMAGE_MAGIC, 8);
	encode_u32(data + VERSION, DEVIF_IMAGE_VERSION);
	encode_u64(data + SIZE, size);
	check(says(devif_image_open(&image, data, size), -EFBIG));
	check(image.fault);
}

static void a_million_entries(void)
{
	struct encoder encoder;
	char reference[16];
	unsigned int i;

	encode_begin(&encoder);
	for (i = 0; i < DEVIF_IMAGE_ENTRIES; i++) {
		sprintf(reference, "%u", i);
		encode_entry(&encoder, DEVIF_IMAGE_RECORD, 0, guid, "bus#a#b",
			     reference);
	}
	encode_end(&encoder, 0, 0);
	check(says(result_of(encoder.data, encoder.size), 0));
	encode_entry(&encoder, DEVIF_IMAGE_RECORD, 0, guid, "bus#a#b", "");
	encode_end(&encoder, 0, 0);
	check(says(result_and_free(&encoder), -E2BIG));
}

static int result_of_entry(unsigned int type, unsigned int flags,
			   const char *device, const char *reference)
{
	struct encoder encoder;

	encode_begin(&encoder);
	encode_entry(&encoder, type, flags, guid, device, reference);
	encode_end(&encoder, 0, 0);
	return result_and_free(&encoder);
}

static void wrong_entries(void)
{
	static const uint8_t null_guid[16];
	struct encoder encoder;

	check(says(result_of_entry(0, 0, "", ""), -EINVAL));
	check(says(result_of_entry(3, 0, "", ""), -EINVAL));
	check(says(result_of_entry(DEVIF_IMAGE_CLASS, 1, "", ""), -EINVAL));
	check(says(result_of_entry(DEVIF_IMAGE_CLASS, 0, "bus#a#b", ""),
		   -EINVAL));
	check(says(result_of_entry(DEVIF_IMAGE_CLASS, 0, "", "left"),
		   -EINVAL));
	check(says(result_of_entry(DEVIF_IMAGE_RECORD, 7, "bus#a#b", ""), 0));
	check(says(result_of_entry(DEVIF_IMAGE_RECORD, 8, "bus#a#b", ""),
		   -EINVAL));
	check(says(result_of_entry(DEVIF_IMAGE_RECORD, 0x8000, "bus#a#b", ""),
		   -EINVAL));

	encode_begin(&encoder);
	encode_entry(&encoder, DEVIF_IMAGE_CLASS, 0, null_guid, "", "");
	encode_end(&encoder, 0, 0);
	check(says(result_and_free(&encoder), -EINVAL));

	encode_begin(&encoder);
	encode_entry(&encoder, DEVIF_IMAGE_CLASS, 0, guid, "", "");
	encode_seen(&encoder, 1);
	encode_end(&encoder, 0, 0);
	check(says(result_and_free(&encoder), -EINVAL));
}

static void device_names(void)
{
	static const char * const good[] = {
		"bus#a#b", "class#net#eth0", "dev##%2fdevices%2fx",
		"bus#scsi#1:0:0:0", "bus#a%20#%ffb",
		"bus#pci#0000:00:03.0#net#0", "class#net#eth0#1",
		"bus#usb#1-1:1.0#usb-serial#0#tty#0", "dev##%2fa#block#=4#17",
	};
	static const char * const bad[] = {
		"", "bus", "bus#", "bus#a", "bus#a#", "bus##", "bus##b",
		"bus#a#b#", "bus#a#b#c", "dev#a#b", "dev##", "dev#", "class##",
		"Bus#a#b", "abus#a#b", "bus#a/#b", "bus#a#b ", "bus#a#b\n",
		"bus#a#%", "bus#a#%2", "bus#a#%2F", "bus#a#%61", "bus#a#%00",
		"bus#a#\303\251", "bus#{a}#b",
	};
	unsigned int i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (!says(result_of_entry(DEVIF_IMAGE_RECORD, 0, good[i], ""),
			  0))
			check(!good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (!says(result_of_entry(DEVIF_IMAGE_RECORD, 0, bad[i], ""),
			  -EINVAL)) {
			printf("# %s\n", bad[i]);
			check(!bad[i]);
		}
}

static void length_of_device_names(void)
{
	char name[DEVIF_IMAGE_DEVICE_SIZE + 1] = "bus#a#";

	memset(name + strlen(name), 'b', DEVIF_IMAGE_DEVICE_SIZE -
	       strlen(name) - 1);
	check(strlen(name) == DEVIF_IMAGE_DEVICE_SIZE - 1);
	check(says(result_of_entry(DEVIF_IMAGE_RECORD, 0, name, ""), 0));
	strcat(name, "b");
	check(says(result_of_entry(DEVIF_IMAGE_RECORD, 0, name, ""), -EINVAL));
}

/* malformed UTF-8, overlong UTF-8 and control characters */
static const char * const bad_texts[] = {
	"\1", "\n", "\37", "\177", "\302\200", "\302\237", "\342\200\250",
	"\342\200\251", "\200", "\277", "\300\200", "\301\277", "\303",
	"\303(", "\340\200\200", "\340\237\277", "\342\202", "\355\240\200",
	"\355\277\277", "\360\200\200\200", "\360\217\277\277",
	"\360\237\215", "\364\220\200\200", "\365\200\200\200",
	"\370\210\200\200\200", "\376", "\377", "good\302",
};

static const char * const good_texts[] = {
	" ", "~", "\302\240", "\337\277", "\340\240\200", "\355\237\277",
	"\356\200\200", "\357\277\277", "\360\220\200\200",
	"\364\217\277\277", "\342\200\247", "\342\200\252", "#%{}",
};

static void reference_strings(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(good_texts) / sizeof(*good_texts); i++)
		if (!says(result_of_entry(DEVIF_IMAGE_RECORD, 0, "bus#a#b",
					  good_texts[i]), 0))
			check(!good_texts[i]);
	for (i = 0; i < sizeof(bad_texts) / sizeof(*bad_texts); i++)
		if (!says(result_of_entry(DEVIF_IMAGE_RECORD, 0, "bus#a#b",
					  bad_texts[i]), -EINVAL))
			check(!bad_texts[i]);
	check(says(result_of_entry(DEVIF_IMAGE_RECORD, 0, "bus#a#b", "a/b"),
		   -EINVAL));
	check(says(result_of_entry(DEVIF_IMAGE_RECORD, 0, "bus#a#b", "a\\b"),
		   -EINVAL));
}

static int result_of_property(const char *key, unsigned int type,
			      const void *value, size_t size)
{
	struct encoder encoder;

	encode_begin(&encoder);
	encode_entry(&encoder, DEVIF_IMAGE_CLASS, 0, guid, "", "");
	encode_property(&encoder, key, type, value, size);
	encode_end(&encoder, 0, 0);
	return result_and_free(&encoder);
}

static void texts_of_properties(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(good_texts) / sizeof(*good_texts); i++)
		if (!says(result_of_property("k", DEVIF_PROPERTY_STRING,
					     good_texts[i],
					     strlen(good_texts[i]) + 1), 0))
			check(!good_texts[i]);
	for (i = 0; i < sizeof(bad_texts) / sizeof(*bad_texts); i++)
		if (!says(result_of_property("k", DEVIF_PROPERTY_STRING,
					     bad_texts[i],
					     strlen(bad_texts[i]) + 1),
			  -EINVAL))
			check(!bad_texts[i]);
	check(says(result_of_property("k", DEVIF_PROPERTY_STRING, "", 0),
		   -EINVAL));
	check(says(result_of_property("k", DEVIF_PROPERTY_STRING, "a", 1),
		   -EINVAL));
	check(says(result_of_property("k", DEVIF_PROPERTY_STRING, "a\0b", 4),
		   -EINVAL));
	check(says(result_of_property("k", DEVIF_PROPERTY_STRING, "a\0", 3),
		   -EINVAL));
}

/* Each type accepts only its sizes of values. */
static void sizes_of_values(void)
{
	static const size_t wanted[] = {
		[DEVIF_PROPERTY_BOOL] = 1, [DEVIF_PROPERTY_U32] = 4,
		[DEVIF_PROPERTY_U64] = 8, [DEVIF_PROPERTY_GUID] = 16,
	};
	static const uint8_t zero[20];
	unsigned int type;
	size_t size;

	for (size = 0; size <= sizeof(zero); size++) {
		for (type = 1; type <= DEVIF_PROPERTY_GUID; type++) {
			if (type == DEVIF_PROPERTY_STRING)
				continue;
			check(says(result_of_property("k", type, zero, size),
				   size == wanted[type] ? 0 : -EINVAL));
		}
		check(says(result_of_property("k", DEVIF_PROPERTY_BYTES, zero,
					      size), 0));
		check(says(result_of_property("k", 0, zero, size), -EINVAL));
		check(says(result_of_property("k", 7, zero, size), -EINVAL));
	}
	check(says(result_of_property("k", DEVIF_PROPERTY_BOOL, "\2", 1),
		   -EINVAL));
}

static void values_too_large(void)
{
	uint8_t value[DEVIF_PROPERTY_VALUE_SIZE + 1] = { 0 };

	check(says(result_of_property("k", DEVIF_PROPERTY_BYTES, value,
				      sizeof(value) - 1), 0));
	check(says(result_of_property("k", DEVIF_PROPERTY_BYTES, value,
				      sizeof(value)), -E2BIG));
}

/* Values from a driver or an ioctl instead of an image. */
static void values_of_others(void)
{
	uint8_t data[DEVIF_PROPERTY_VALUE_SIZE + 1] = { 0 };
	struct devif_value value = {
		.key = "k", .type = DEVIF_PROPERTY_BYTES, .data = data,
		.size = sizeof(data),
	};

	check(says(devif_value_check(&value), -E2BIG));
	value.size = SIZE_MAX;
	check(says(devif_value_check(&value), -E2BIG));
	value.size = DEVIF_PROPERTY_VALUE_SIZE;
	check(says(devif_value_check(&value), 0));
	value.key = "a b";
	check(says(devif_value_check(&value), -EINVAL));
}

static void keys(void)
{
	static const char * const bad[] = {
		"", " ", "a b", "a/b", "a\n", "a=b", "a#", "\303\251", "a:b",
	};
	char key[DEVIF_PROPERTY_KEY_SIZE + 1] = "";
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (!says(result_of_property(bad[i], DEVIF_PROPERTY_BYTES, "",
					     0), -EINVAL))
			check(!bad[i]);
	memset(key, 'k', DEVIF_PROPERTY_KEY_SIZE - 1);
	check(says(result_of_property(key, DEVIF_PROPERTY_BYTES, "", 0), 0));
	strcat(key, "k");
	check(says(result_of_property(key, DEVIF_PROPERTY_BYTES, "", 0),
		   -EINVAL));
}

static void duplicate_keys(void)
{
	struct encoder encoder;
	char key[8];
	int first, i;

	for (first = 0; first < 4; first++) {
		encode_begin(&encoder);
		encode_entry(&encoder, DEVIF_IMAGE_CLASS, 0, guid, "", "");
		for (i = 0; i < 5; i++) {
			sprintf(key, "k%d", i < 4 ? i : first);
			encode_property(&encoder, key, DEVIF_PROPERTY_BYTES,
					"1234", i);
		}
		encode_end(&encoder, 0, 0);
		check(says(result_and_free(&encoder), -EEXIST));
	}
}

static int result_of_flags(uint32_t version, uint32_t flags)
{
	struct encoder encoder;

	encode_begin_version(&encoder, version);
	encode_entry(&encoder, DEVIF_IMAGE_CLASS, 0, guid, "", "");
	encode_property(&encoder, "k", DEVIF_PROPERTY_BYTES, "", 0);
	encode_flags(&encoder, flags);
	encode_end(&encoder, 0, 0);
	return result_and_free(&encoder);
}

static void flags_of_properties(void)
{
	uint32_t flags;

	check(says(result_of_flags(1, 0), 0));
	for (flags = 0; flags < 4; flags++)
		check(says(result_of_flags(2, flags), 0));
	for (flags = 4; flags; flags <<= 1)
		check(says(result_of_flags(2, flags), -EINVAL));
	for (flags = 1; flags; flags <<= 1)
		check(says(result_of_flags(1, flags), -EINVAL));
}

/* Two entries may have the same key. */
static void same_key_elsewhere(void)
{
	struct encoder encoder;

	encode_begin(&encoder);
	encode_entry(&encoder, DEVIF_IMAGE_CLASS, 0, guid, "", "");
	encode_property(&encoder, "k", DEVIF_PROPERTY_BYTES, "", 0);
	encode_entry(&encoder, DEVIF_IMAGE_RECORD, 0, guid, "bus#a#b", "");
	encode_property(&encoder, "k", DEVIF_PROPERTY_BYTES, "", 0);
	encode_end(&encoder, 0, 0);
	check(says(result_and_free(&encoder), 0));
}

static void too_many_properties(void)
{
	struct encoder encoder;
	char key[8];
	int i;

	encode_begin(&encoder);
	encode_entry(&encoder, DEVIF_IMAGE_CLASS, 0, guid, "", "");
	for (i = 0; i < DEVIF_PROPERTIES + 1; i++) {
		sprintf(key, "k%d", i);
		encode_property(&encoder, key, DEVIF_PROPERTY_BYTES, "", 0);
	}
	encode_end(&encoder, 0, 0);
	check(says(result_of(encoder.data, encoder.size), -E2BIG));
	encode_u32(encoder.data + HEADER_BYTES + 28, UINT32_MAX);
	encode_header(encoder.data, encoder.size);
	check(says(result_and_free(&encoder), -E2BIG));
}

/* A property with consistent sizes that extends past the end. */
static void property_behind_the_end(void)
{
	struct encoder encoder;
	size_t at, more;

	for (more = 8; more <= DEVIF_PROPERTY_VALUE_SIZE; more += 8) {
		encode_begin(&encoder);
		encode_entry(&encoder, DEVIF_IMAGE_CLASS, 0, guid, "", "");
		at = encoder.size;
		encode_property(&encoder, "k", DEVIF_PROPERTY_BYTES, "", 0);
		encode_u32(encoder.data + at,
			   decode_u32(encoder.data + at) + more);
		encode_u32(encoder.data + at + 8, more);
		encode_end(&encoder, 0, 0);
		check(says(result_and_free(&encoder), -EINVAL));
	}
}

/* Set each 32-bit word of the first entry and its first property to large numbers. */
static void large_numbers(void)
{
	size_t at;

	for (at = HEADER_BYTES; at < HEADER_BYTES + ENTRY_BYTES + 16; at += 4) {
		if (at >= HEADER_BYTES + 8 && at < HEADER_BYTES + 24)
			continue;	/* any GUID is valid */
		check(result_with(at, UINT32_MAX) < 0);
		check(result_with(at, UINT32_MAX - 7) < 0);
		check(result_with(at, 0x7ffffff8) < 0);
	}
}

static const struct test tests[] = {
	{ "samples_are_accepted", samples_are_accepted, 10 },
	{ "what_was_put_in_is_read", what_was_put_in_is_read, 10 },
	{ "old_image_is_read", old_image_is_read, 10 },
	{ "cut_off_at_every_length", cut_off_at_every_length, 60 },
	{ "cut_off_and_repaired", cut_off_and_repaired, 60 },
	{ "longer_and_repaired", longer_and_repaired, 10 },
	{ "each_bit_flipped", each_bit_flipped, 300 },
	{ "each_bit_flipped_and_repaired", each_bit_flipped_and_repaired, 300 },
	{ "wrong_header", wrong_header, 10 },
	{ "wrong_checksum", wrong_checksum, 10 },
	{ "too_large", too_large, 10 },
	{ "a_million_entries", a_million_entries, 300 },
	{ "wrong_entries", wrong_entries, 10 },
	{ "device_names", device_names, 10 },
	{ "length_of_device_names", length_of_device_names, 10 },
	{ "reference_strings", reference_strings, 10 },
	{ "texts_of_properties", texts_of_properties, 10 },
	{ "sizes_of_values", sizes_of_values, 10 },
	{ "values_too_large", values_too_large, 10 },
	{ "values_of_others", values_of_others, 10 },
	{ "keys", keys, 10 },
	{ "duplicate_keys", duplicate_keys, 10 },
	{ "flags_of_properties", flags_of_properties, 10 },
	{ "same_key_elsewhere", same_key_elsewhere, 10 },
	{ "too_many_properties", too_many_properties, 10 },
	{ "property_behind_the_end", property_behind_the_end, 10 },
	{ "large_numbers", large_numbers, 10 },
};

int main(void)
{
	return run_tests(tests, sizeof(tests) / sizeof(*tests));
}
