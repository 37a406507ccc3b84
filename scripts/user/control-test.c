// SPDX-License-Identifier: GPL-2.0
/*
 * Conformance of the control node: images of the registry, properties, removal. Run as
 * root in a test guest with devif and its exporter loaded; the last case unloads both.
 * The argument is a seed for random data.
 */
#define _GNU_SOURCE
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "../../kmod/devif/lib/image.h"
#include "builder.h"
#include "ktap.h"
#include "toaster.h"

#define CONTROL		"/dev/devif/control"
#define CLASSES		"/sys/class/devif_class/"
#define NOBODY		65534
#define NAME_SIZE	512

#define TOASTER_GUID	"781ef630-72b2-11d2-b852-00c04fad5171"

static const u8 toaster_guid[16] = {
	0x30, 0xf6, 0x1e, 0x78, 0xb2, 0x72, 0xd2, 0x11,
	0xb8, 0x52, 0x00, 0xc0, 0x4f, 0xad, 0x51, 0x71,
};

/* A null pointer, of which the compiler does not know that it is one. */
static void *nowhere;

static unsigned int seed;

/* Return the number of this case, which has a toaster and a class of its own. */
static unsigned int number(void)
{
	return 100 + test_number;
}

static const u8 *own_guid(void)
{
	static u8 guid[16];

	/* random changes do not turn one number into another */
	memset(guid, test_number, 8);
	guid[15] = 1;
	return guid;
}

static const char *own_class(void)
{
	static char text[40];

	snprintf(text, sizeof(text),
		 "%1$02x%1$02x%1$02x%1$02x-%1$02x%1$02x-%1$02x%1$02x-0000-000000000001",
		 test_number);
	return text;
}

static const char *name_of(const char *device, const char *guid,
			   const char *reference)
{
	static char name[NAME_SIZE];

	snprintf(name, sizeof(name), "%s#{%s}%s%s", device, guid,
		 reference ? "#" : "", reference ?: "");
	return name;
}

static const char *toaster_id(void)
{
	static char text[64];

	snprintf(text, sizeof(text), "bus#toaster#toaster%u", number());
	return text;
}

static const char *toaster_name(void)
{
	return name_of(toaster_id(), TOASTER_GUID, NULL);
}

/* Write the path of a file of the case's class to @path, which has 96 bytes. */
static void class_file(char *path, const char *file)
{
	snprintf(path, 96, CLASSES "%s/%s", own_class(), file);
}

/*
 * Images
 */

static int open_control(int flags)
{
	int fd = open(CONTROL, flags | O_CLOEXEC);

	require(fd >= 0);
	return fd;
}

/* Read an image from the node, and check that it is valid. */
static struct devif_image read_image(void)
{
	int fd = open_control(O_RDONLY);
	size_t size = 0, room = 1 << 16;
	struct devif_image image;
	u8 *data = malloc(room);
	ssize_t n;

	while ((n = read(fd, data + size, room - size)) > 0) {
		size += n;
		if (size == room)
			data = realloc(data, room *= 2);
		require(data);
	}
	require(n == 0);
	close(fd);
	require(devif_image_open(&image, data, size) == 0);
	return image;
}

static void free_image(struct devif_image *image)
{
	free((void *)image->data);
}

/* Return whether two images have the same content. */
static bool same(const struct devif_image *a, const struct devif_image *b)
{
	const size_t head = sizeof(struct devif_image_header);

	return a->size == b->size &&
	       !memcmp(a->data + head, b->data + head, a->size - head);
}

static bool find_entry(struct devif_image image, const u8 *guid,
		       const char *device, const char *reference,
		       struct devif_entry *entry)
{
	while (devif_image_next(&image, entry))
		if (!memcmp(entry->guid, guid, 16) &&
		    !strcmp(entry->device, device ?: "") &&
		    !strcmp(entry->reference, reference ?: ""))
			return true;
	return false;
}

static long write_image(const void *data, size_t size)
{
	int fd = open_control(O_WRONLY);
	ssize_t n = write(fd, data, size);
	int error = errno;

	close(fd);
	errno = error;
	if (n >= 0 && (size_t)n != size)
		return -2;
	return n < 0 ? -1 : 0;
}

static long restore(struct builder *builder)
{
	builder_seal(builder);
	return write_image(builder->data, builder->size);
}

/* Return an image of one record of the case's class, with a property. */
static struct builder one_record(const char *device, u32 value)
{
	struct builder builder = {};
	u32 little = htole32(value);

	builder_begin(&builder);
	builder_entry(&builder, own_guid(), device, NULL);
	builder_property(&builder, "test.value", DEVIF_PROPERTY_U32, &little, 4);
	return builder;
}

/*
 * Requests
 */

static long property(int fd, unsigned long command, const char *name,
		     const char *key, u32 type, void *value, u32 *size)
{
	struct devif_property_request request = {
		.name = (unsigned long)name,
		.key = (unsigned long)key,
		.value = (unsigned long)value,
		.size = *size,
		.type = type,
	};
	long ret = ioctl(fd, command, &request);

	*size = request.size;
	return ret ? ret : command == DEVIF_IOC_GET_PROPERTY ? request.type : 0;
}

static long set_u32(int fd, const char *name, const char *key, u32 value)
{
	u32 little = htole32(value), size = 4;

	return property(fd, DEVIF_IOC_SET_PROPERTY, name, key,
			DEVIF_PROPERTY_U32, &little, &size);
}

/* Return the value, or -1. */
static long long get_u32(int fd, const char *name, const char *key)
{
	u32 little = 0, size = 4;
	long type = property(fd, DEVIF_IOC_GET_PROPERTY, name, key, 0, &little,
			     &size);

	if (type < 0 || !check(type == DEVIF_PROPERTY_U32 && size == 4))
		return -1;
	return le32toh(little);
}

static long remove_property(int fd, const char *name, const char *key)
{
	u32 size = 0;

	return property(fd, DEVIF_IOC_REMOVE_PROPERTY, name, key, 0, NULL,
			&size);
}

static long remove_name(int fd, const char *name, u32 flags, char *holders,
			u32 size)
{
	struct devif_remove_request request = {
		.name = (unsigned long)name,
		.holders = (unsigned long)holders,
		.size = size,
		.flags = flags,
	};

	return ioctl(fd, DEVIF_IOC_REMOVE, &request);
}

/*
 * Cases: images
 */

static void image_shows_interfaces(void)
{
	struct devif_image image;
	struct devif_entry entry;

	require(plug_in(number()) == 0);
	image = read_image();
	require(find_entry(image, toaster_guid, toaster_id(), NULL, &entry));
	check(entry.flags == (DEVIF_IMAGE_PRESENT | DEVIF_IMAGE_ENABLED));
	free_image(&image);

	check(hide(number(), true) == 0);
	image = read_image();
	require(find_entry(image, toaster_guid, toaster_id(), NULL, &entry));
	check(entry.flags == DEVIF_IMAGE_PRESENT);
	free_image(&image);

	require(pull_out(number()) == 0);
	image = read_image();
	require(find_entry(image, toaster_guid, toaster_id(), NULL, &entry));
	check(entry.flags == 0);
	free_image(&image);
}

static void image_is_of_one_moment(void)
{
	int fd = open_control(O_RDONLY);
	struct devif_image_header first, header;
	char rest[65536];

	check(read(fd, &first, sizeof(first)) == sizeof(first));
	require(plug_in(number()) == 0);
	check(read(fd, rest, sizeof(rest)) ==
	      (ssize_t)(le64toh(first.size) - sizeof(first)));
	check(read(fd, rest, sizeof(rest)) == 0);
	check(lseek(fd, 0, SEEK_SET) == 0);
	check(read(fd, &header, sizeof(header)) == sizeof(header));
	check(le64toh(header.size) > le64toh(first.size));
	check(le64toh(header.generation) > le64toh(first.generation));
	check_errno(lseek(fd, 0, SEEK_END), EINVAL);
	close(fd);
}

static void restored_record_is_known(void)
{
	struct devif_image image;
	struct devif_entry entry;
	struct builder builder = {};
	int fd = open_control(O_RDWR);
	u32 value = htole32(17);
	char log[128];

	builder_begin(&builder);
	builder_entry(&builder, toaster_guid, toaster_id(), NULL);
	builder_property(&builder, "test.value", DEVIF_PROPERTY_U32, &value, 4);
	check(restore(&builder) == 0);
	image = read_image();
	require(find_entry(image, toaster_guid, toaster_id(), NULL, &entry));
	check(entry.flags == 0);
	free_image(&image);
	check(get_u32(fd, toaster_name(), "test.value") == 17);

	/* the exporter logs that registering has found an existing interface */
	snprintf(log, sizeof(log), "dmesg | grep -q 'toaster%u: .* is back'",
		 number());
	check(system(log) != 0);
	check(plug_in(number()) == 0);
	check(system(log) == 0);
	check(get_u32(fd, toaster_name(), "test.value") == 17);
	close(fd);
}

static void restoring_merges(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	const char *name = name_of("bus#test#a", own_class(), NULL);
	int fd = open_control(O_RDWR);
	u32 two = htole32(2);

	check(restore(&builder) == 0);
	check(set_u32(fd, name, "test.value", 5) == 0);
	builder_property(&builder, "test.more", DEVIF_PROPERTY_U32, &two, 4);
	check(restore(&builder) == 0);
	/* existing properties stay, missing ones appear */
	check(get_u32(fd, name, "test.value") == 5);
	check(get_u32(fd, name, "test.more") == 2);

	builder_header(&builder)->flags = htole32(DEVIF_IMAGE_OVERWRITE);
	check(restore(&builder) == 0);
	check(get_u32(fd, name, "test.value") == 1);
	close(fd);
}

/* An image of version 1: a record of the case's class, with a property. */
static void old_image_is_restored(void)
{
	const struct builder new = one_record("bus#test#a", 8);
	const size_t header = offsetof(struct devif_image_header, life);
	const size_t entry = offsetof(struct devif_image_entry, seen);
	const u8 *rest = new.data + sizeof(struct devif_image_header);
	struct builder old = {};
	u32 size;
	int fd = open_control(O_RDWR);

	memcpy(builder_add(&old, header), new.data, header);
	memcpy(builder_add(&old, entry), rest, entry);
	rest += sizeof(struct devif_image_entry);
	size = new.data + new.size - rest;
	memcpy(builder_add(&old, size), rest, size);
	builder_header(&old)->version = htole32(1);
	size += entry;
	memcpy(old.data + header, &(u32) { htole32(size) }, sizeof(size));
	check(restore(&old) == 0);
	check(get_u32(fd, name_of("bus#test#a", own_class(), NULL),
		      "test.value") == 8);
	close(fd);
}

/* The driver counts registrations in a property, which user space may set. */
static void what_a_driver_sets_stays(void)
{
	struct builder builder = {};
	u32 seven = htole32(7);
	int fd = open_control(O_RDWR);

	require(plug_in(number()) == 0);
	require(get_u32(fd, toaster_name(), "toaster.plugged_in") == 1);
	builder_begin(&builder);
	builder_header(&builder)->flags = htole32(DEVIF_IMAGE_OVERWRITE);
	builder_entry(&builder, toaster_guid, toaster_id(), NULL);
	builder_property(&builder, "toaster.plugged_in", DEVIF_PROPERTY_U32,
			 &seven, 4);
	check(restore(&builder) == 0);
	check(get_u32(fd, toaster_name(), "toaster.plugged_in") == 1);
	check(set_u32(fd, toaster_name(), "toaster.plugged_in", 2) == 0);
	check(restore(&builder) == 0);
	check(get_u32(fd, toaster_name(), "toaster.plugged_in") == 7);
	close(fd);
}

static void passing_properties_are_not_restored(void)
{
	struct builder builder = {};
	const char *name = name_of("bus#test#a", own_class(), NULL);
	u32 value = htole32(3);
	int fd = open_control(O_RDWR);

	builder_begin(&builder);
	builder_entry(&builder, own_guid(), "bus#test#a", NULL);
	builder_property(&builder, "a", DEVIF_PROPERTY_U32, &value, 4);
	builder_property_flags(&builder, DEVIF_PROPERTY_VOLATILE);
	builder_property(&builder, "b", DEVIF_PROPERTY_U32, &value, 4);
	builder_property_flags(&builder, DEVIF_PROPERTY_DEFAULT);
	builder_property(&builder, "c", DEVIF_PROPERTY_U32, &value, 4);
	check(restore(&builder) == 0);
	check_errno(get_u32(fd, name, "a"), ENOENT);
	check_errno(get_u32(fd, name, "b"), ENOENT);
	check(get_u32(fd, name, "c") == 3);
	close(fd);
}

static void image_knows_lives(void)
{
	static const u8 life[16] = { 1, 2, 3 };
	struct builder builder = one_record("bus#test#a", 1);
	struct devif_image_header *header = builder_header(&builder);
	struct devif_image first = read_image(), image;

	memcpy(header->life, life, sizeof(life));
	header->generation = htole64(17);
	check(restore(&builder) == 0);
	image = read_image();
	check(!memcmp(image.life, first.life, sizeof(image.life)));
	check(!memcmp(image.parent, first.parent, sizeof(image.parent)));
	free_image(&image);

	header->flags = htole32(DEVIF_IMAGE_SUCCEED);
	check(restore(&builder) == 0);
	image = read_image();
	check(!memcmp(image.life, first.life, sizeof(image.life)));
	check(!memcmp(image.parent, life, sizeof(life)));
	check(image.parent_generation == 17);
	free_image(&image);
}

static u64 seen_of(const u8 *guid, const char *device)
{
	struct devif_image image = read_image();
	struct devif_entry entry;
	u64 seen;

	require(find_entry(image, guid, device, NULL, &entry));
	seen = entry.seen;
	free_image(&image);
	return seen;
}

static void image_knows_when_a_device_went(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	struct devif_image_entry *entry;
	u64 now;

	require(plug_in(number()) == 0);
	check(seen_of(toaster_guid, toaster_id()) == 0);
	now = time(NULL);
	require(pull_out(number()) == 0);
	check(seen_of(toaster_guid, toaster_id()) >= now);

	/* restoring sets the time, unless the image has one */
	check(restore(&builder) == 0);
	check(seen_of(own_guid(), "bus#test#a") >= now);
	entry = builder_entry(&builder, own_guid(), "bus#test#b", NULL);
	entry->seen = htole64(1000);
	check(restore(&builder) == 0);
	check(seen_of(own_guid(), "bus#test#b") == 1000);
	check(seen_of(own_guid(), "bus#test#a") >= now);
	entry = (void *)(builder.data + builder.entry);
	entry->seen = htole64(900);
	check(restore(&builder) == 0);
	check(seen_of(own_guid(), "bus#test#b") == 1000);
	entry->seen = htole64(1100);
	check(restore(&builder) == 0);
	check(seen_of(own_guid(), "bus#test#b") == 1100);
}

static void restoring_a_live_interface(void)
{
	struct builder builder = {};
	int control = open_control(O_RDWR), fd;
	u32 value = htole32(3);

	require(plug_in(number()) == 0);
	fd = open_toaster(number(), O_RDWR);
	require(fd >= 0);
	builder_begin(&builder);
	builder_entry(&builder, toaster_guid, toaster_id(), NULL);
	builder_property(&builder, "test.value", DEVIF_PROPERTY_U32, &value, 4);
	check(restore(&builder) == 0);
	check(get_u32(control, toaster_name(), "test.value") == 3);
	/* the open file still works */
	check(write(fd, "abc", 3) == 3);
	close(fd);
	check(open_toaster(number(), O_RDWR) >= 0);
}

static void image_of_what_was_restored(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	struct devif_image image, again;
	struct devif_entry entry;

	builder_entry(&builder, own_guid(), "class#test#%2fb", "r\xc3\xa9#%1");
	builder_entry(&builder, own_guid(), "dev##%2fdevices%2fb", NULL)->flags =
		htole16(DEVIF_IMAGE_DEFAULT);
	builder_entry(&builder, own_guid(), NULL, NULL);
	builder_property(&builder, "test.class", DEVIF_PROPERTY_STRING, "x", 2);
	check(restore(&builder) == 0);

	image = read_image();
	check(find_entry(image, own_guid(), "class#test#%2fb", "r\xc3\xa9#%1",
			 &entry));
	check(find_entry(image, own_guid(), "dev##%2fdevices%2fb", NULL, &entry) &&
	      entry.flags == DEVIF_IMAGE_DEFAULT);
	check(find_entry(image, own_guid(), NULL, NULL, &entry) &&
	      entry.type == DEVIF_IMAGE_CLASS);
	/* restoring existing content changes nothing */
	check(write_image(image.data, image.size) == 0);
	again = read_image();
	check(same(&image, &again));
	check(again.generation == image.generation);
}

/* Expect that restoring fails with this errno, and changes nothing. */
static void refused(struct builder *builder, int error)
{
	struct devif_image before = read_image(), after;

	check_errno(write_image(builder->data, builder->size), error);
	after = read_image();
	check(same(&before, &after));
	free_image(&before);
	free_image(&after);
}

static void cut_off_images(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	size_t size = builder.size;

	builder_seal(&builder);
	for (builder.size = 0; builder.size < size; builder.size++)
		check_errno(write_image(builder.data, builder.size), EINVAL);
	/* also if the header has the truncated size */
	for (; builder.size > sizeof(struct devif_image_header); builder.size--) {
		if (builder.size == size)
			continue;
		builder_seal(&builder);
		check_errno(write_image(builder.data, builder.size), EINVAL);
	}
	builder.size = size;
	builder_seal(&builder);
	builder.data[size - 1] ^= 1;
	refused(&builder, EBADMSG);
}

static void flipped_bits(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	struct devif_image before = read_image(), after;
	size_t i, taken = 0;

	builder_seal(&builder);
	for (i = 0; i < 8 * builder.size; i++) {
		builder.data[i / 8] ^= 1 << i % 8;
		taken += !write_image(builder.data, builder.size);
		builder.data[i / 8] ^= 1 << i % 8;
	}
	check(taken == 0);
	after = read_image();
	check(same(&before, &after));
}

static void wrong_headers(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	struct devif_image_header *header = builder_header(&builder);

	header->version = htole32(DEVIF_IMAGE_VERSION + 1);
	builder_seal(&builder);
	refused(&builder, EPROTONOSUPPORT);
	header->version = htole32(DEVIF_IMAGE_VERSION);
	header->flags = htole32(4);
	builder_seal(&builder);
	refused(&builder, EINVAL);
	header->flags = 0;
	header->entries = htole32(2);
	builder_seal(&builder);
	refused(&builder, EINVAL);
	header->entries = htole32(0);
	builder_seal(&builder);
	refused(&builder, EINVAL);
	header->entries = htole32(DEVIF_IMAGE_ENTRIES + 1);
	builder_seal(&builder);
	refused(&builder, E2BIG);
	header->entries = htole32(1);
	builder_seal(&builder);
	header->size = htole64(builder.size + 8);
	refused(&builder, EINVAL);
	builder_seal(&builder);
	header->checksum ^= htole32(1);
	refused(&builder, EBADMSG);
	header->magic[0] = 'D' ^ 1;
	refused(&builder, EINVAL);
}

static void keys_that_are_there_twice(void)
{
	struct builder builder = one_record("bus#test#a", 1);

	builder_entry(&builder, own_guid(), "bus#test#b", NULL);
	builder_entry(&builder, own_guid(), "bus#test#a", NULL);
	builder_seal(&builder);
	refused(&builder, EEXIST);

	builder = one_record("bus#test#a", 1);
	builder_property(&builder, "test.value", DEVIF_PROPERTY_BYTES, "", 0);
	builder_seal(&builder);
	refused(&builder, EEXIST);

	builder_begin(&builder);
	builder_entry(&builder, own_guid(), NULL, NULL);
	builder_entry(&builder, own_guid(), NULL, NULL);
	builder_seal(&builder);
	refused(&builder, EEXIST);

	/* and two default interfaces of one class */
	builder_begin(&builder);
	builder_entry(&builder, own_guid(), "bus#test#a", NULL)->flags =
		htole16(DEVIF_IMAGE_DEFAULT);
	builder_entry(&builder, own_guid(), "bus#test#b", NULL)->flags =
		htole16(DEVIF_IMAGE_DEFAULT);
	builder_seal(&builder);
	refused(&builder, EEXIST);
}

static void hostile_strings(void)
{
	static const char * const devices[] = {
		"", "bus", "bus#", "bus#a", "bus#a#b#c", "tub#a#b", "bus#a#b/c",
		"bus#a#%2", "bus#a#%2F", "bus#a#%61", "bus#a#%zz", "bus#a#\n",
		"bus#a#\xff", "../..",
	};
	static const char * const references[] = {
		"", "a/b", "a\\b", "a\nb", "\x7f", "\xc0\xaf", "\xed\xa0\x80",
		"\xe2\x80\xa8",
	};
	struct builder builder = {};
	struct devif_image image;
	struct devif_entry entry;
	char *large;
	size_t i;

	for (i = 0; i < sizeof(devices) / sizeof(*devices); i++) {
		builder_begin(&builder);
		builder_entry(&builder, own_guid(), devices[i], NULL);
		builder_seal(&builder);
		refused(&builder, EINVAL);
	}
	for (i = 0; i < sizeof(references) / sizeof(*references); i++) {
		builder_begin(&builder);
		builder_entry(&builder, own_guid(), "bus#a#b", references[i]);
		builder_seal(&builder);
		refused(&builder, EINVAL);
	}
	/* an image omits only the record whose name would exceed a page */
	large = malloc(4000);
	memset(large, '#', 3999);
	large[3999] = 0;
	builder_begin(&builder);
	builder_entry(&builder, own_guid(), "bus#a#b", large);
	builder_entry(&builder, own_guid(), "bus#a#c", NULL);
	check(restore(&builder) == 0);
	image = read_image();
	check(find_entry(image, own_guid(), "bus#a#c", NULL, &entry));
	check(!find_entry(image, own_guid(), "bus#a#b", large, &entry));
}

static void too_many_properties(void)
{
	struct builder builder = {};
	int fd = open_control(O_RDWR), i;
	const char *name = name_of("bus#test#a", own_class(), NULL);
	char key[16];

	builder_begin(&builder);
	builder_entry(&builder, own_guid(), "bus#test#a", NULL);
	for (i = 0; i < DEVIF_PROPERTIES; i++) {
		snprintf(key, sizeof(key), "k%02d", i);
		builder_property(&builder, key, DEVIF_PROPERTY_BOOL, "\1", 1);
	}
	builder_seal(&builder);
	check(write_image(builder.data, builder.size) == 0);
	check_errno(set_u32(fd, name, "more", 1), ENOSPC);
	builder_property(&builder, "more", DEVIF_PROPERTY_BOOL, "\1", 1);
	builder_seal(&builder);
	refused(&builder, E2BIG);

	close(fd);
}

/* A full record loses only the properties that do not fit. */
static void what_has_room_is_kept(void)
{
	const char *name = name_of("bus#test#full", own_class(), NULL);
	int fd = open_control(O_RDWR), i;
	struct builder builder = {};
	struct devif_image image;
	u32 value = htole32(7);
	char key[16];

	builder_begin(&builder);
	builder_entry(&builder, own_guid(), "bus#test#full", NULL);
	builder_seal(&builder);
	check(write_image(builder.data, builder.size) == 0);
	for (i = 0; i < DEVIF_PROPERTIES - 2; i++) {
		snprintf(key, sizeof(key), "k%02d", i);
		check(set_u32(fd, name, key, 1) == 0);
	}

	builder_begin(&builder);
	builder_header(&builder)->flags = htole32(DEVIF_IMAGE_OVERWRITE);
	builder_entry(&builder, own_guid(), "bus#test#before", NULL);
	builder_property(&builder, "a", DEVIF_PROPERTY_U32, &value, 4);
	builder_entry(&builder, own_guid(), "bus#test#full", NULL)->flags =
		htole16(DEVIF_IMAGE_DEFAULT);
	for (i = 0; i < 4; i++) {
		snprintf(key, sizeof(key), "new%d", i);
		builder_property(&builder, key, DEVIF_PROPERTY_U32, &value, 4);
	}
	builder_property(&builder, "k05", DEVIF_PROPERTY_U32, &value, 4);
	builder_entry(&builder, own_guid(), "bus#test#after", NULL);
	builder_property(&builder, "a", DEVIF_PROPERTY_U32, &value, 4);
	check(restore(&builder) == 0);

	check(get_u32(fd, name, "new0") == 7);
	check(get_u32(fd, name, "new1") == 7);
	check_errno(get_u32(fd, name, "new2"), ENOENT);
	check_errno(get_u32(fd, name, "new3"), ENOENT);
	check(get_u32(fd, name, "k05") == 7);
	check(get_u32(fd, name, "k06") == 1);
	check(get_u32(fd, name_of("bus#test#before", own_class(), NULL),
		      "a") == 7);
	check(get_u32(fd, name_of("bus#test#after", own_class(), NULL),
		      "a") == 7);
	check(system("dmesg | grep -q '2 of .*from .new2. on: bus#test#full#'") == 0);
	/* the resulting image can be restored */
	image = read_image();
	check(write_image(image.data, image.size) == 0);
	close(fd);
}

static void bad_addresses(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	int fd = open_control(O_RDWR);

	builder_seal(&builder);
	check_errno(write(fd, nowhere, builder.size), EFAULT);
	check_errno(write(fd, builder.data, (size_t)DEVIF_IMAGE_SIZE + 1), EFBIG);
	check_errno(write(fd, builder.data, 0), EINVAL);
	check_errno(read(fd, nowhere, 100), EFAULT);
	check_errno(ioctl(fd, DEVIF_IOC_GET_PROPERTY, nowhere), EFAULT);
	check_errno(ioctl(fd, DEVIF_IOC_REMOVE, nowhere), EFAULT);
	check_errno(ioctl(fd, _IO(DEVIF_IOC_MAGIC, 0x7f), 0), ENOTTY);
	check_errno(set_u32(fd, nowhere, "a", 1), EFAULT);
	check_errno(set_u32(fd, own_class(), nowhere, 1), EFAULT);
	close(fd);
}

/* xorshift32 */
static u32 random32(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* Images with random corruption and a valid checksum. */
static void random_images(void)
{
	unsigned int first = seed, i, taken = 0;

	printf("# seed %u\n", first);
	for (i = 0; i < 3000; i++) {
		struct builder builder = one_record("bus#test#a", i);
		size_t head = sizeof(struct devif_image_header);
		unsigned int flips = 1 + random32() % 3;

		builder_entry(&builder, own_guid(), "bus#test#b", "ref");
		while (flips--)
			builder.data[head + random32() % (builder.size - head)] =
				random32() % 4 ? random32() : random32() % 9;
		taken += !restore(&builder);
		free(builder.data);
	}
	printf("# %u of %u were taken\n", taken, i);
	check(taken > 0 && taken < i);
}

/* Make the nth allocation of a write fail; return the count left in fail-nth. */
static int write_failing(int fd, const struct builder *builder, int nth,
			 ssize_t *result)
{
	int fail = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC), error;
	char text[16] = "";

	require(fail >= 0);
	snprintf(text, sizeof(text), "%d", nth);
	require(pwrite(fail, text, strlen(text), 0) > 0);
	*result = write(fd, builder->data, builder->size);
	error = errno;
	memset(text, 0, sizeof(text));
	pread(fail, text, sizeof(text) - 1, 0);
	pwrite(fail, "0", 1, 0);
	close(fail);
	errno = error;
	return atoi(text);
}

/* Fail each allocation of a restore in turn: it restores all or nothing. */
static void failing_allocations(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	const char *name = name_of("bus#test#a", own_class(), NULL);
	struct devif_image before = read_image(), after;
	int fd = open_control(O_RDWR), nth, failed = 0, left = 0;
	ssize_t ret;

	if (access("/proc/self/fail-nth", F_OK))
		return;
	builder_entry(&builder, own_guid(), NULL, NULL);
	builder_property(&builder, "test.class", DEVIF_PROPERTY_BOOL, "\1", 1);
	builder_seal(&builder);
	for (nth = 1; !left && nth < 500; nth++) {
		left = write_failing(fd, &builder, nth, &ret);
		failed += ret < 0;
		require(ret > 0 || errno == ENOMEM);
		if (ret > 0) {
			check(get_u32(fd, name, "test.value") == 1);
			check(remove_name(fd, name, 0, NULL, 0) == 0);
			check(remove_name(fd, own_class(), 0, NULL, 0) == 0);
		}
		after = read_image();
		require(same(&before, &after));
		free_image(&after);
	}
	printf("# %d allocations, %d of them needed\n", nth - 2, failed);
	check(left > 0 && failed > 5);
}

/* Restore as many records as the guest's parameter says, else few. */
static void many_records(void)
{
	const char *records = getenv("records");
	u32 count = records && *records ? strtoul(records, NULL, 0) : 5000, i;
	struct builder builder = {};
	struct devif_image image;
	long long begin;
	char device[32];

	builder_begin(&builder);
	for (i = 0; i < count; i++) {
		snprintf(device, sizeof(device), "bus#test#%u", i);
		builder_entry(&builder, own_guid(), device, NULL);
	}
	begin = now_ms();
	check(restore(&builder) == 0);
	printf("# %u records, %zu bytes: %lld ms\n", count, builder.size,
	       now_ms() - begin);
	if (count == DEVIF_IMAGE_ENTRIES) {
		/* with the earlier records these are too many to read */
		check_errno(read(open_control(O_RDONLY), device, 1), EFBIG);
		return;
	}
	image = read_image();
	check(image.left >= count);
}

/* Start a process that restores an image with an invalid last entry. */
static pid_t restore_in_vain(const char *device)
{
	struct builder builder = {};
	char name[64];
	pid_t pid;
	int i;

	builder_begin(&builder);
	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "%s%d", device, i);
		builder_entry(&builder, own_guid(), name, NULL);
	}
	snprintf(name, sizeof(name), "%s0", device);
	builder_entry(&builder, own_guid(), name, NULL);
	pid = fork();
	require(pid >= 0);
	if (!pid)
		_exit(restore(&builder) == -1 && errno == EEXIST ? 0 : 1);
	free(builder.data);
	return pid;
}

static void half_restored_is_not_seen(void)
{
	struct devif_image image = read_image();
	u32 before = image.left;
	int status = -1;
	pid_t pid = restore_in_vain("bus#test#p");

	free_image(&image);
	while (waitpid(pid, &status, WNOHANG) != pid) {
		image = read_image();
		check(image.left == before);
		free_image(&image);
	}
	check(status == 0);
}

/* A property that is set on a half-restored record is not lost. */
static void set_while_restoring_fails(void)
{
	const char *name = name_of("bus#test#l0", own_class(), NULL);
	int fd = open_control(O_RDWR), status = -1;
	pid_t pid = restore_in_vain("bus#test#l");
	bool was_set = false;

	while (waitpid(pid, &status, WNOHANG) != pid)
		was_set = was_set || set_u32(fd, name, "a", 1) == 0;
	check(status == 0);
	check(get_u32(fd, name, "a") == (was_set ? 1 : -1));
	close(fd);
}

/*
 * Cases: properties
 */

static void properties_by_requests(void)
{
	int fd = open_control(O_RDWR);
	const char *name;
	char text[16] = "";
	u32 size = 6;

	require(plug_in(number()) == 0);
	name = toaster_name();
	check_errno(get_u32(fd, name, "a"), ENOENT);
	check_errno(get_u32(fd, "nobody", "a"), ENOENT);
	check_errno(set_u32(fd, "nobody", "a", 1), ENOENT);
	check(set_u32(fd, name, "a", 1) == 0);
	check(get_u32(fd, name, "a") == 1);
	check(property(fd, DEVIF_IOC_SET_PROPERTY, name, "s",
		       DEVIF_PROPERTY_STRING, "toast", &size) == 0);
	size = 5;
	check_errno(property(fd, DEVIF_IOC_GET_PROPERTY, name, "s", 0, text,
			     &size), EMSGSIZE);
	size = 0;
	check(property(fd, DEVIF_IOC_GET_PROPERTY, name, "s", 0, NULL, &size) ==
	      DEVIF_PROPERTY_STRING);
	check(size == 6);
	check(property(fd, DEVIF_IOC_GET_PROPERTY, name, "s", 0, text, &size) ==
	      DEVIF_PROPERTY_STRING && !strcmp(text, "toast"));
	check_errno(property(fd, DEVIF_IOC_SET_PROPERTY, name, "s",
			     DEVIF_PROPERTY_STRING, "toas\n", &size), EINVAL);
	check_errno(property(fd, DEVIF_IOC_SET_PROPERTY, name, "a b",
			     DEVIF_PROPERTY_STRING, "toast", &size), EINVAL);
	check_errno(property(fd, DEVIF_IOC_SET_PROPERTY, name, "s", 99, "toast",
			     &size), EINVAL);
	size = DEVIF_PROPERTY_VALUE_SIZE + 1;
	check_errno(property(fd, DEVIF_IOC_SET_PROPERTY, name, "s",
			     DEVIF_PROPERTY_BYTES, text, &size), E2BIG);
	check(remove_property(fd, name, "s") == 0);
	check_errno(remove_property(fd, name, "s"), ENOENT);
	close(fd);
}

static void properties_of_a_class(void)
{
	int fd = open_control(O_RDWR);
	char path[96];

	snprintf(path, sizeof(path), CLASSES "%s", own_class());
	check_errno(get_u32(fd, own_class(), "a"), ENOENT);
	check(access(path, F_OK) != 0);
	check(set_u32(fd, own_class(), "a", 4) == 0);
	check(get_u32(fd, own_class(), "a") == 4);
	check(access(path, F_OK) == 0);
	check(remove_property(fd, own_class(), "a") == 0);
	check(access(path, F_OK) != 0);
	check_errno(set_u32(fd, "00000000-0000-0000-0000-000000000000", "a", 1),
		    EINVAL);

	check(set_u32(fd, own_class(), "a", 4) == 0);
	check(remove_name(fd, own_class(), 0, NULL, 0) == 0);
	check(access(path, F_OK) != 0);
	check_errno(remove_name(fd, own_class(), 0, NULL, 0), ENOENT);
	close(fd);
}

static void reading_is_for_all(void)
{
	struct devif_image image;
	int fd;

	require(plug_in(number()) == 0);
	fd = open_control(O_RDWR);
	check(set_u32(fd, toaster_name(), "a", 1) == 0);
	close(fd);
	require(setuid(NOBODY) == 0);
	check_errno(open(CONTROL, O_RDWR), EACCES);
	image = read_image();
	free_image(&image);
	fd = open_control(O_RDONLY);
	check(get_u32(fd, toaster_name(), "a") == 1);
	check_errno(set_u32(fd, toaster_name(), "a", 2), EBADF);
	check_errno(remove_property(fd, toaster_name(), "a"), EBADF);
	check_errno(remove_name(fd, toaster_name(), 0, NULL, 0), EBADF);
	/* a get creates no class */
	check_errno(get_u32(fd, own_class(), "a"), ENOENT);
	close(fd);
}

/* Return an image of some megabytes: records with as many large properties as possible. */
static struct builder large_image(void)
{
	static const u8 value[DEVIF_PROPERTY_VALUE_SIZE];
	struct builder builder = {};
	char text[32];
	int i, k;

	builder_begin(&builder);
	for (i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "bus#test#%d", i);
		builder_entry(&builder, own_guid(), text, NULL);
		for (k = 0; k < DEVIF_PROPERTIES; k++) {
			snprintf(text, sizeof(text), "k%d", k);
			builder_property(&builder, text, DEVIF_PROPERTY_BYTES,
					 value, sizeof(value));
		}
	}
	return builder;
}

/* An unprivileged user's open files keep 64 MiB of images at most. */
static void images_that_are_kept(void)
{
	struct builder builder = large_image();
	int fds[64], fd, count;
	char byte;

	check(restore(&builder) == 0);
	require(setuid(NOBODY) == 0);
	for (count = 0; count < 64; count++) {
		fds[count] = open_control(O_RDONLY);
		if (read(fds[count], &byte, 1) != 1)
			break;
	}
	check(count < 64 && errno == EUSERS);
	check(count * builder.size < 64 << 20);
	close(fds[0]);
	fd = open_control(O_RDONLY);
	check(read(fd, &byte, 1) == 1);
}

static int open_uevents(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			NETLINK_KOBJECT_UEVENT);

	require(fd >= 0);
	require(bind(fd, (void *)&address, sizeof(address)) == 0);
	return fd;
}

/* Wait for the event of a change; return its generation. */
static u64 await_change(int fd)
{
	char text[8192];
	ssize_t n;

	for (;;) {
		const char *value = NULL, *s;
		bool changed = false;

		n = recv(fd, text, sizeof(text) - 1, 0);
		require(n > 0);
		text[n] = 0;
		for (s = text; s < text + n; s += strlen(s) + 1) {
			if (!strcmp(s, "DEVIF_REGISTRY=changed"))
				changed = true;
			if (!strncmp(s, "DEVIF_GENERATION=", 17))
				value = s + 17;
		}
		if (changed && value)
			return strtoull(value, NULL, 10);
	}
}

static void changes_are_told(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	int events = open_uevents(), fd = open_control(O_RDWR);
	const char *name = name_of("bus#test#a", own_class(), NULL);
	struct devif_image image;
	u64 before, after;

	check(restore(&builder) == 0);
	before = await_change(events);
	check(set_u32(fd, name, "a", 1) == 0);
	after = await_change(events);
	check(after > before);
	/* setting the same value again is no change */
	check(set_u32(fd, name, "a", 1) == 0);
	image = read_image();
	check(image.generation == after);
	free_image(&image);
	check(remove_property(fd, name, "a") == 0);
	check(await_change(events) > after);
	check(remove_name(fd, name, 0, NULL, 0) == 0);
	image = read_image();
	check(await_change(events) == image.generation);
	close(fd);
}

/*
 * Cases: removal, the default interface, the state
 */

static void absent_record_is_removed(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	const char *name = name_of("bus#test#a", own_class(), NULL);
	int fd = open_control(O_RDWR);
	char path[96];

	snprintf(path, sizeof(path), CLASSES "%s", own_class());
	check(restore(&builder) == 0);
	check(access(path, F_OK) == 0);
	check_errno(remove_name(fd, name, 4, NULL, 0), EINVAL);
	check(remove_name(fd, name, DEVIF_REMOVE_ABSENT, NULL, 0) == 0);
	check_errno(remove_name(fd, name, 0, NULL, 0), ENOENT);
	check_errno(get_u32(fd, name, "test.value"), ENOENT);
	/* the class goes with its last record */
	check(access(path, F_OK) != 0);
	close(fd);
}

static void registered_one_is_not_absent(void)
{
	int fd = open_control(O_RDWR);

	require(plug_in(number()) == 0);
	check_errno(remove_name(fd, toaster_name(), DEVIF_REMOVE_ABSENT, NULL,
				0), EEXIST);
	check(open_toaster(number(), O_RDWR) >= 0);
	require(pull_out(number()) == 0);
	check(remove_name(fd, toaster_name(), DEVIF_REMOVE_ABSENT, NULL, 0) == 0);
	check_errno(remove_name(fd, toaster_name(), DEVIF_REMOVE_ABSENT, NULL,
				0), ENOENT);
	close(fd);
}

static void held_interface_is_not_removed(void)
{
	int control = open_control(O_RDWR), fd;
	char holders[256], expected[64], few[8];

	require(plug_in(number()) == 0);
	fd = open_toaster(number(), O_RDWR);
	require(fd >= 0);
	check(set_u32(control, toaster_name(), "a", 1) == 0);
	check_errno(remove_name(control, toaster_name(), 0, holders,
				sizeof(holders)), EBUSY);
	snprintf(expected, sizeof(expected),
		 "file: process %d (control-test)\n", getpid());
	if (!check(!strcmp(holders, expected)))
		printf("# holders: %s\n", holders);
	memset(few, 'x', sizeof(few));
	check_errno(remove_name(control, toaster_name(), 0, few, 5), EBUSY);
	check(!memcmp(few, "file\0xxx", 8));
	check_errno(remove_name(control, toaster_name(), 0, nowhere, 5),
		    EFAULT);
	/* the refused removal has no effect */
	check(write(fd, "abc", 3) == 3);
	check(get_u32(control, toaster_name(), "a") == 1);
	close(fd);
	check(remove_name(control, toaster_name(), 0, holders,
			  sizeof(holders)) == 0);
	check_errno(get_u32(control, toaster_name(), "a"), ENOENT);
	check_errno(open_toaster(number(), O_RDWR), ENOENT);
	close(control);
}

/* A process may choose any name. */
static void name_with_a_newline(void)
{
	int control = open_control(O_RDWR), fd;
	char holders[256] = "", expected[64];

	prctl(PR_SET_NAME, "a\nfile: b\xff");
	require(plug_in(number()) == 0);
	fd = open_toaster(number(), O_RDWR);
	require(fd >= 0);
	check_errno(remove_name(control, toaster_name(), 0, holders,
				sizeof(holders)), EBUSY);
	snprintf(expected, sizeof(expected), "file: process %d (a?file: b?)\n",
		 getpid());
	check(!strcmp(holders, expected));
	close(fd);
	close(control);
}

static void *read_until_it_ends(void *arg)
{
	char byte;

	errno = 0;
	while (read(*(int *)arg, &byte, 1) > 0)
		;
	return (void *)(long)errno;
}

static void forced_removal(void)
{
	int control = open_control(O_RDWR), fd, events;
	struct pollfd poll_fd = { .events = POLLIN };
	pthread_t reader;
	void *error;
	char bytes[100], byte;

	require(plug_in(number()) == 0);
	fd = open_toaster(number(), O_RDWR);
	require(fd >= 0);
	events = ioctl(fd, DEVIF_IOC_EVENTS, 0);
	require(events >= 0);
	require(pthread_create(&reader, NULL, read_until_it_ends, &fd) == 0);
	usleep(100000);
	check_errno(remove_name(control, toaster_name(), 0, NULL, 0), EBUSY);
	check(remove_name(control, toaster_name(), DEVIF_REMOVE_FORCE, NULL,
			  0) == 0);
	pthread_join(reader, &error);
	check((long)error == ENODEV);
	check_errno(read(fd, &byte, 1), ENODEV);
	check_errno(write(fd, "a", 1), ENODEV);
	poll_fd.fd = fd;
	check(poll(&poll_fd, 1, 0) == 1 && poll_fd.revents & POLLHUP);
	check(read(events, bytes, sizeof(bytes)) <= 0);
	check_errno(get_u32(control, toaster_name(), "a"), ENOENT);
	close(events);

	/* the open node does not block an orderly removal */
	check(eject_toaster(number()) == 0);
	check(plug_in(number()) == 0);
	check(remove_name(control, toaster_name(), 0, NULL, 0) == 0);

	/* the exporter survives, and registers the interface again */
	check(unbind_driver(number()) == 0);
	check(bind_driver(number()) == 0);
	close(fd);
	fd = open_toaster(number(), O_RDWR);
	check(fd >= 0);
	check(write(fd, "abc", 3) == 3);
	close(fd);
	close(control);
}

static int eject_name(int control, const char *name)
{
	const struct devif_eject_request request = {
		.name = (unsigned long)name,
	};

	return ioctl(control, DEVIF_IOC_EJECT, &request);
}

/* Who has ejected the device from its former driver does not call a later ejection off. */
static void later_ejection_stays(void)
{
	int first = open_control(O_RDWR), second = open_control(O_RDWR);

	require(plug_in(number()) == 0);
	check(eject_name(first, toaster_name()) == 0);
	check_errno(eject_name(second, toaster_name()), EBUSY);
	require(unbind_driver(number()) == 0);
	require(bind_driver(number()) == 0);
	check(eject_name(second, toaster_name()) == 0);
	close(first);
	check_errno(open_toaster(number(), O_RDWR), ENODEV);
	close(second);
	check(open_toaster(number(), O_RDWR) >= 0);
}

static void removal_by_sysfs(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	char path[96], name[NAME_SIZE];
	int fd;

	class_file(path, "remove");
	snprintf(name, sizeof(name), "%s",
		 name_of("bus#test#a", own_class(), NULL));
	check(restore(&builder) == 0);
	check_errno(write_file(path, "%s", "nobody"), ENOENT);
	check_errno(write_file(path, "%s fast", name), EINVAL);
	require(plug_in(number()) == 0);
	check_errno(write_file(path, "%s", toaster_name()), EINVAL);
	check(write_file(path, "%s\n", name) == 0);
	check(access(path, F_OK) != 0);

	fd = open_toaster(number(), O_RDONLY);
	require(fd >= 0);
	check_errno(write_file(CLASSES TOASTER_GUID "/remove", "%s\n",
			       toaster_name()), EBUSY);
	check(write_file(CLASSES TOASTER_GUID "/remove", "%s force\n",
			 toaster_name()) == 0);
	check_errno(read(fd, path, 1), ENODEV);
	close(fd);
}

static void default_interface(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	char path[96], name[NAME_SIZE], text[NAME_SIZE];
	struct devif_image image;
	struct devif_entry entry;

	builder_entry(&builder, own_guid(), "bus#test#b", NULL);
	check(restore(&builder) == 0);
	class_file(path, "default_interface");
	snprintf(name, sizeof(name), "%s",
		 name_of("bus#test#b", own_class(), NULL));
	check(read_file(path, text, sizeof(text)) == 0 && !strcmp(text, "\n"));
	check(write_file(path, "%s\n", name) == 0);
	strcat(name, "\n");
	check(read_file(path, text, sizeof(text)) == 0 && !strcmp(text, name));
	image = read_image();
	check(find_entry(image, own_guid(), "bus#test#b", NULL, &entry) &&
	      entry.flags == DEVIF_IMAGE_DEFAULT);

	check_errno(write_file(path, "nobody"), ENOENT);
	require(plug_in(number()) == 0);
	check_errno(write_file(path, "%s", toaster_name()), EINVAL);
	check(read_file(path, text, sizeof(text)) == 0 && !strcmp(text, name));
	check(write_file(path, "\n") == 0);
	check(read_file(path, text, sizeof(text)) == 0 && !strcmp(text, "\n"));
	/* an image brings the default back; then it goes with its record */
	check(write_image(image.data, image.size) == 0);
	check(read_file(path, text, sizeof(text)) == 0 && !strcmp(text, name));
	check(remove_name(open_control(O_RDWR),
			  name_of("bus#test#b", own_class(), NULL), 0, NULL,
			  0) == 0);
	check(read_file(path, text, sizeof(text)) == 0 && !strcmp(text, "\n"));
}

static void state_by_sysfs(void)
{
	char name[32], path[96], text[8];

	require(plug_in(number()) == 0);
	require(find_interface(number(), name));
	snprintf(path, sizeof(path), "/sys/bus/devif/devices/%s/enabled", name);
	check(write_file(path, "0") == 0);
	check(read_file(path, text, sizeof(text)) == 0 && *text == '0');
	check_errno(open_toaster(number(), O_RDWR), ENODEV);
	check(write_file(path, "0") == 0);
	check(write_file(path, "1") == 0);
	check(write_file(path, "on") == 0);
	check(read_file(path, text, sizeof(text)) == 0 && *text == '1');
	check(open_toaster(number(), O_RDWR) >= 0);
	check_errno(write_file(path, "maybe"), EINVAL);
}

/*
 * Cases: user space makes no interface
 */

static bool is_known(unsigned int command)
{
	static const unsigned int known[] = {
		DEVIF_IOC_EVENTS, DEVIF_IOC_GET_PROPERTY, DEVIF_IOC_SET_PROPERTY,
		DEVIF_IOC_REMOVE_PROPERTY, DEVIF_IOC_REMOVE, DEVIF_IOC_EJECT,
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (command == known[i])
			return true;
	return false;
}

/* All requests but those of the header, with a size that fits any of them. */
static void no_request_makes_one(void)
{
	static const unsigned int directions[] = {
		_IOC_NONE, _IOC_READ, _IOC_WRITE, _IOC_READ | _IOC_WRITE,
	};
	static const unsigned int sizes[] = {
		0, sizeof(u32), sizeof(struct devif_property_request),
		sizeof(struct devif_remove_request), 256,
	};
	static char argument[256];
	int fd = open_control(O_RDWR);
	unsigned int n, d, s, command;

	for (n = 0; n < 256; n++)
		for (d = 0; d < sizeof(directions) / sizeof(*directions); d++)
			for (s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
				command = _IOC(directions[d], DEVIF_IOC_MAGIC, n,
					       sizes[s]);
				if (!is_known(command))
					check_errno(ioctl(fd, command, argument),
						    ENOTTY);
			}
	check_errno(ioctl(fd, DEVIF_IOC_EVENTS, 0), ENOTTY);
	close(fd);
}

/* Return the number of interfaces that are registered, of all classes. */
static int count_interfaces(void)
{
	struct devif_image image = read_image();
	struct devif_image all = image;
	struct devif_entry entry;
	int count = 0;

	while (devif_image_next(&image, &entry))
		count += !!(entry.flags & DEVIF_IMAGE_PRESENT);
	free_image(&all);
	return count;
}

/* Write names of interfaces that could be made to all files of a directory. */
static void write_names(const char *directory)
{
	const char * const names[] = {
		name_of("bus#toaster#toaster0", own_class(), NULL),
		own_class(), "toaster0", "devif9999",
	};
	char path[512];
	struct dirent *entry;
	DIR *dir = opendir(directory);
	size_t i;

	require(dir);
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		for (i = 0; entry->d_type == DT_REG && i < 4; i++)
			if (!access(path, W_OK))
				write_file(path, "%s\n", names[i]);
	}
	closedir(dir);
}

static void no_file_makes_one(void)
{
	struct builder builder = one_record("bus#toaster#toaster0", 1);
	char path[96], name[32];
	int before;

	require(plug_in(number()) == 0);
	require(find_interface(number(), name));
	before = count_interfaces();
	/* a class that user space has made, with a record of a device that is there */
	check(restore(&builder) == 0);
	check(count_interfaces() == before);
	class_file(path, "");
	write_names(path);
	write_names(CLASSES TOASTER_GUID);
	snprintf(path, sizeof(path), "/sys/bus/devif/devices/%s", name);
	write_names(path);
	check(count_interfaces() == before);
	check(find_interface(number(), path) && !strcmp(path, name));
	/* nor do directories and links in sysfs */
	class_file(path, "registered/devif9999");
	check(mkdir(path, 0755) == -1);
	check(symlink("/sys/devices", path) == -1);
	class_file(path, "interfaces/devif9999");
	check(symlink("/sys/devices", path) == -1);
	check(count_interfaces() == before);
}

/* A node of the right major number, made by hand, is of no interface. */
static void no_node_makes_one(void)
{
	const char *node = "/dev/made-by-hand";
	struct stat own;
	int before, fd;

	require(plug_in(number()) == 0);
	fd = open_toaster(number(), O_RDWR);
	require(fd >= 0 && fstat(fd, &own) == 0);
	close(fd);
	before = count_interfaces();
	require(mknod(node, S_IFCHR | 0600,
		      makedev(major(own.st_rdev), 1 << 19)) == 0);
	check_errno(open(node, O_RDWR), ENODEV);
	check(unlink(node) == 0);
	check(count_interfaces() == before);
}

/*
 * Cases: all at once
 */

static bool done;

static bool is_done(void)
{
	return __atomic_load_n(&done, __ATOMIC_RELAXED);
}

static void *churn_images(void *arg)
{
	struct builder *builder = arg;

	while (!is_done()) {
		write_image(builder->data, builder->size);
		struct devif_image image = read_image();

		free_image(&image);
	}
	return NULL;
}

static void *churn_removal(void *arg)
{
	const char *name = arg;
	int fd = open_control(O_RDWR);

	while (!is_done()) {
		remove_name(fd, name, 0, NULL, 0);
		remove_name(fd, name, DEVIF_REMOVE_FORCE, NULL, 0);
		set_u32(fd, name, "churn", 1);
	}
	close(fd);
	return NULL;
}

static void *churn_toaster(void *arg)
{
	unsigned int n = *(unsigned int *)arg;
	int fd;

	while (!is_done()) {
		plug_in(n);
		fd = open_toaster(n, O_RDWR);
		if (fd >= 0)
			write(fd, "a", 1);
		pull_out(n);
		if (fd >= 0)
			close(fd);
	}
	return NULL;
}

static void all_at_once(void)
{
	struct builder builder = {};
	unsigned int n = number();
	pthread_t threads[6];
	char name[NAME_SIZE];
	u32 value = 0;
	int i;

	snprintf(name, sizeof(name), "%s", toaster_name());
	builder_begin(&builder);
	builder_entry(&builder, own_guid(), "bus#test#a", NULL);
	builder_entry(&builder, toaster_guid, toaster_id(), NULL)->flags =
		htole16(DEVIF_IMAGE_DEFAULT);
	builder_property(&builder, "churn.more", DEVIF_PROPERTY_U32, &value, 4);
	builder_seal(&builder);
	for (i = 0; i < 6; i++)
		require(pthread_create(&threads[i], NULL,
				       i < 2 ? churn_images :
				       i < 4 ? churn_removal : churn_toaster,
				       i < 2 ? (void *)&builder :
				       i < 4 ? (void *)name : (void *)&n) == 0);
	sleep(4);
	__atomic_store_n(&done, true, __ATOMIC_RELAXED);
	for (i = 0; i < 6; i++)
		pthread_join(threads[i], NULL);
	/* the registry still works */
	pull_out(n);
	require(plug_in(n) == 0);
	check(open_toaster(n, O_RDWR) >= 0);
	check(write_image(builder.data, builder.size) == 0);
}

/* Write to an attribute of a class until the class has gone. */
static void write_until_it_goes(int fd, const char *text)
{
	char byte;

	for (;;) {
		if (pwrite(fd, text, strlen(text), 0) < 0 && errno == ENODEV)
			_exit(0);
		if (pread(fd, &byte, 1, 0) < 0 && errno == ENODEV)
			_exit(0);
	}
}

/* All modules go while attributes of classes with properties are in use. */
static void all_goes(void)
{
	struct builder builder = one_record("bus#test#a", 1);
	int attribute, fd, status, i;
	const char *name = name_of("bus#test#a", own_class(), NULL);
	const char *texts[3] = { name, "\n", "nobody" };
	char path[96];
	pid_t pids[3];

	builder_entry(&builder, own_guid(), NULL, NULL);
	builder_property(&builder, "test.class", DEVIF_PROPERTY_BOOL, "\1", 1);
	check(restore(&builder) == 0);
	class_file(path, "default_interface");
	attribute = open(path, O_RDWR);
	require(attribute >= 0);
	for (i = 0; i < 3; i++) {
		pids[i] = fork();
		if (!pids[i])
			write_until_it_goes(attribute, texts[i]);
	}

	check(unload("devif_exporter") == 0);
	fd = open_control(O_RDONLY);
	check_errno(unload("devif"), EWOULDBLOCK);
	close(fd);
	check(unload("devif") == 0);
	check(access(CONTROL, F_OK) != 0);
	for (i = 0; i < 3; i++)
		check(waitpid(pids[i], &status, 0) == pids[i] && status == 0);
}

static const struct test tests[] = {
	{ "an image shows interfaces and their state", image_shows_interfaces,
	  20 },
	{ "an image is of one moment", image_is_of_one_moment, 20 },
	{ "N1 C5 what was restored is known", restored_record_is_known, 20 },
	{ "restoring merges", restoring_merges, 20 },
	{ "N1 an image of version 1 is restored", old_image_is_restored, 20 },
	{ "N1 what a driver has set is not replaced", what_a_driver_sets_stays,
	  20 },
	{ "N1 volatile properties and defaults are not restored",
	  passing_properties_are_not_restored, 20 },
	{ "N1 an image knows its life and its parent", image_knows_lives, 20 },
	{ "N1 an image knows when a device went",
	  image_knows_when_a_device_went, 20 },
	{ "N3 one that is registered is not removed as absent",
	  registered_one_is_not_absent, 20 },
	{ "restoring what is live", restoring_a_live_interface, 20 },
	{ "an image of what was restored", image_of_what_was_restored, 20 },
	{ "images that are cut off", cut_off_images, 20 },
	{ "images with flipped bits", flipped_bits, 30 },
	{ "images with wrong headers", wrong_headers, 20 },
	{ "keys that are there twice", keys_that_are_there_twice, 20 },
	{ "hostile strings", hostile_strings, 20 },
	{ "too many properties", too_many_properties, 20 },
	{ "what has room is kept, and what has not is named",
	  what_has_room_is_kept, 20 },
	{ "bad addresses", bad_addresses, 20 },
	{ "random images", random_images, 60 },
	{ "allocations fail: nothing is restored", failing_allocations, 60 },
	{ "N4 properties by requests", properties_by_requests, 20 },
	{ "C4 properties of a class", properties_of_a_class, 20 },
	{ "reading is for all, writing is not", reading_is_for_all, 20 },
	{ "images that are kept", images_that_are_kept, 60 },
	{ "changes are told", changes_are_told, 30 },
	{ "N3 C14 an absent record is removed", absent_record_is_removed, 20 },
	{ "N3 what is held is not removed, and says by whom",
	  held_interface_is_not_removed, 20 },
	{ "a process with a newline in its name", name_with_a_newline, 20 },
	{ "N3 forced removal is as if the device went", forced_removal, 20 },
	{ "N3 removal by sysfs", removal_by_sysfs, 20 },
	{ "F5 default interface", default_interface, 20 },
	{ "state by sysfs", state_by_sysfs, 20 },
	{ "C22 no request makes an interface", no_request_makes_one, 20 },
	{ "C22 no file of sysfs makes an interface", no_file_makes_one, 20 },
	{ "C22 no node makes an interface", no_node_makes_one, 20 },
	{ "K7 an ejection outlasts an earlier one", later_ejection_stays, 20 },
	{ "all at once", all_at_once, 60 },
	{ "what is restored by half is not seen", half_restored_is_not_seen,
	  60 },
	{ "what is set while restoring fails", set_while_restoring_fails, 60 },
	{ "many records", many_records, 600 },
	{ "all modules go", all_goes, 600 },
};

int main(int argc, char **argv)
{
	seed = argc > 1 ? strtoul(argv[1], NULL, 0) : (unsigned int)now_ms();
	seed = seed ?: 1;
	nowhere = (void *)8;
	return run_tests(tests, sizeof(tests) / sizeof(*tests));
}
