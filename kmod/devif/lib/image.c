// SPDX-License-Identifier: GPL-2.0
/*
 * Images of the registry: checking and reading them.
 *
 * devif_image_open() checks every byte once; later reads trust the image. An image comes
 * from user space, so every size is compared with the bytes left before it is used, every
 * string has its NUL, and all bytes without a meaning must be zero, so that one content
 * has one image. Two properties of one key are found here; the caller finds two entries
 * of one key.
 */
#include "image.h"
#include "text.h"

/* of version 1 */
#define OLD_HEADER_SIZE	offsetof(struct devif_image_header, life)
#define OLD_ENTRY_SIZE	offsetof(struct devif_image_entry, seen)

#define PROPERTY_SIZE	sizeof(struct devif_image_property)

/* Bytes after which other tasks run. */
#define PIECE		65536

/*
 * Numbers
 */

static u16 get_u16(const u8 *p)
{
	return p[0] | p[1] << 8;
}

static u32 get_u32(const u8 *p)
{
	return get_u16(p) | (u32)get_u16(p + 2) << 16;
}

static u64 get_u64(const u8 *p)
{
	return get_u32(p) | (u64)get_u32(p + 4) << 32;
}

#define FIELD(structure, p, field) ((p) + offsetof(structure, field))
#define HEADER(p, field)	FIELD(struct devif_image_header, p, field)
#define ENTRY(p, field)		FIELD(struct devif_image_entry, p, field)
#define PROPERTY(p, field)	FIELD(struct devif_image_property, p, field)

static size_t header_size(const struct devif_image *image)
{
	return image->version == 1 ? OLD_HEADER_SIZE :
				     sizeof(struct devif_image_header);
}

static size_t entry_size(const struct devif_image *image)
{
	return image->version == 1 ? OLD_ENTRY_SIZE :
				     sizeof(struct devif_image_entry);
}

static bool all_zero(const u8 *p, size_t size)
{
	while (size && !*p) {
		p++;
		size--;
	}
	return !size;
}

/* Return whether @p is a string of @size bytes whose only NUL is its last. */
static bool is_string(const u8 *p, size_t size)
{
	return size && strnlen((const char *)p, size) == size - 1;
}

static int image_fail(struct devif_image *image, size_t at, const char *what,
		      int error)
{
	image->fault = what;
	image->fault_at = at;
	return error;
}

static int image_invalid(struct devif_image *image, size_t at, const char *what)
{
	return image_fail(image, at, what, -EINVAL);
}

static int image_check_killed(struct devif_image *image)
{
	return portable_is_killed() ? image_fail(image, image->at, "killed", -EINTR) :
				      0;
}

/**
 * devif_image_checksum() - checksum that an image should have
 * @data: a whole image
 * @size: of @data in bytes, those of a header at least
 *
 * Return: CRC-32 of the bytes after the checksum; any number if the process is killed
 */
u32 devif_image_checksum(const void *data, size_t size)
{
	size_t at = offsetof(struct devif_image_header, size), piece;
	u32 crc = 0;

	while (at < size && !portable_is_killed()) {
		piece = size - at;
		if (piece > PIECE)
			piece = PIECE;
		crc = portable_crc32(crc, (const u8 *)data + at, piece);
		at += piece;
	}
	return crc;
}

/*
 * Values
 */

static bool is_boolean(const struct devif_value *value)
{
	return value->size == 1 && *(const u8 *)value->data <= 1;
}

static bool is_text(const struct devif_value *value)
{
	size_t where;

	return is_string(value->data, value->size) &&
	       devif_text_is_printable(value->data, &where);
}

/**
 * devif_value_check() - whether a property is valid
 * @value: the property; its key is a string
 *
 * Return: 0, -E2BIG if the value is too large, or -EINVAL
 */
int devif_value_check(const struct devif_value *value)
{
	bool good = false;

	if (value->size > DEVIF_PROPERTY_VALUE_SIZE)
		return -E2BIG;
	if (strnlen(value->key, DEVIF_PROPERTY_KEY_SIZE) ==
	    DEVIF_PROPERTY_KEY_SIZE || !devif_text_is_key(value->key))
		return -EINVAL;

	switch (value->type) {
	case DEVIF_PROPERTY_BOOL:
		good = is_boolean(value);
		break;
	case DEVIF_PROPERTY_U32:
		good = value->size == sizeof(u32);
		break;
	case DEVIF_PROPERTY_U64:
		good = value->size == sizeof(u64);
		break;
	case DEVIF_PROPERTY_STRING:
		good = is_text(value);
		break;
	case DEVIF_PROPERTY_GUID:
		good = value->size == 16;
		break;
	case DEVIF_PROPERTY_BYTES:
		good = true;
		break;
	}
	return good ? 0 : -EINVAL;
}

/*
 * Properties
 */

/* The sizes in the property at @image->at have been checked. */
static void read_property(const struct devif_image *image,
			  struct devif_value *value)
{
	const u8 *p = image->data + image->at;
	size_t key_size = get_u16(PROPERTY(p, key_size));

	value->type = get_u16(PROPERTY(p, type));
	value->flags = get_u32(PROPERTY(p, flags));
	value->key = (const char *)p + PROPERTY_SIZE;
	value->size = get_u32(PROPERTY(p, value_size));
	value->data = p + PROPERTY_SIZE + key_size;
}

/**
 * devif_image_next_property() - read the next property
 * @properties: of an entry
 * @value: where to put the property; points into the image
 *
 * Return: false at the end
 */
bool devif_image_next_property(struct devif_image *properties,
			       struct devif_value *value)
{
	if (!properties->left)
		return false;
	properties->left--;
	read_property(properties, value);
	properties->at +=
		get_u32(PROPERTY(properties->data + properties->at, size));
	return true;
}

static bool has_key_before(struct devif_image properties, u32 count,
			   const char *key)
{
	struct devif_value value;

	properties.left = count;
	while (devif_image_next_property(&properties, &value))
		if (!strcmp(value.key, key))
			return true;
	return false;
}

static u32 property_flags(const struct devif_image *image)
{
	return image->version == 1 ?
	       0 : DEVIF_PROPERTY_VOLATILE | DEVIF_PROPERTY_DEFAULT;
}

/* Check the property at @image->at, whose entry has @room bytes left. */
static int check_property(struct devif_image *image, size_t room)
{
	const u8 *p = image->data + image->at;
	size_t size, key_size, value_size, used;
	struct devif_value value;
	int ret;

	if (room < PROPERTY_SIZE)
		return image_invalid(image, image->at, "property: cut off");
	size = get_u32(PROPERTY(p, size));
	key_size = get_u16(PROPERTY(p, key_size));
	value_size = get_u32(PROPERTY(p, value_size));
	if (value_size > DEVIF_PROPERTY_VALUE_SIZE)
		return image_fail(image, image->at, "property: value too large",
				  -E2BIG);
	used = PROPERTY_SIZE + key_size + value_size;
	if (size != DEVIF_IMAGE_PAD(used) || size > room)
		return image_invalid(image, image->at, "property: wrong size");
	if (!all_zero(p + used, size - used))
		return image_invalid(image, image->at, "property: not zero");
	if (get_u32(PROPERTY(p, flags)) & ~property_flags(image))
		return image_invalid(image, image->at, "property: flags");
	if (!is_string(p + PROPERTY_SIZE, key_size))
		return image_invalid(image, image->at, "property: key");
	read_property(image, &value);
	ret = devif_value_check(&value);
	if (ret)
		return image_fail(image, image->at, "property: key, type or value",
				  ret);
	return 0;
}

/* Check the properties of an entry, which are to fill @room bytes. */
static int check_properties(struct devif_image *image, size_t room, u32 count)
{
	struct devif_image first = *image;
	const char *key;
	size_t size;
	u32 i;
	int ret;

	if (count > DEVIF_PROPERTIES)
		return image_fail(image, image->at, "entry: too many properties",
				  -E2BIG);
	for (i = 0; i < count; i++) {
		ret = check_property(image, room);
		if (ret)
			return ret;
		key = (const char *)image->data + image->at + PROPERTY_SIZE;
		if (has_key_before(first, i, key))
			return image_fail(image, image->at, "property: key twice",
					  -EEXIST);
		size = get_u32(PROPERTY(image->data + image->at, size));
		image->at += size;
		room -= size;
	}
	if (room)
		return image_invalid(image, image->at, "entry: more than it has");
	return 0;
}

/*
 * Entries
 */

static size_t strings_size(const u8 *entry)
{
	return (size_t)get_u16(ENTRY(entry, device_size)) +
	       get_u16(ENTRY(entry, reference_size));
}

/* The sizes in the entry at @image->at have been checked. */
static void read_entry(const struct devif_image *image,
		       struct devif_entry *entry)
{
	const u8 *p = image->data + image->at;
	size_t device_size = get_u16(ENTRY(p, device_size));
	size_t reference_size = get_u16(ENTRY(p, reference_size));
	const char *strings = (const char *)p + entry_size(image);

	entry->type = get_u16(ENTRY(p, type));
	entry->flags = get_u16(ENTRY(p, flags));
	entry->guid = ENTRY(p, guid);
	entry->device = device_size ? strings : "";
	entry->reference = reference_size ? strings + device_size : "";
	entry->seen = image->version == 1 ? 0 : get_u64(ENTRY(p, seen));
	entry->properties = *image;
	entry->properties.at += entry_size(image) +
				DEVIF_IMAGE_PAD(strings_size(p));
	entry->properties.left = get_u32(ENTRY(p, properties));
}

/**
 * devif_image_next() - read the next entry
 * @image: an image that has been opened
 * @entry: where to put the entry; points into the image
 *
 * Return: false at the end
 */
bool devif_image_next(struct devif_image *image, struct devif_entry *entry)
{
	if (!image->left)
		return false;
	image->left--;
	read_entry(image, entry);
	image->at += get_u32(ENTRY(image->data + image->at, size));
	return true;
}

static int check_class(struct devif_image *image, const u8 *p)
{
	if (strings_size(p) || get_u16(ENTRY(p, flags)))
		return image_invalid(image, image->at, "class: strings or flags");
	if (image->version != 1 && get_u64(ENTRY(p, seen)))
		return image_invalid(image, image->at, "class: time");
	return 0;
}

static int check_record(struct devif_image *image, const u8 *p)
{
	const unsigned int flags = DEVIF_IMAGE_DEFAULT | DEVIF_IMAGE_PRESENT |
				   DEVIF_IMAGE_ENABLED;
	size_t device_size = get_u16(ENTRY(p, device_size));
	size_t reference_size = get_u16(ENTRY(p, reference_size));
	const u8 *device = p + entry_size(image);
	const u8 *reference = device + device_size;
	size_t where;

	if (get_u16(ENTRY(p, flags)) & ~flags)
		return image_invalid(image, image->at, "record: flags");
	if (device_size > DEVIF_IMAGE_DEVICE_SIZE ||
	    !is_string(device, device_size) ||
	    !devif_text_is_device_id((const char *)device))
		return image_invalid(image, image->at, "record: device");
	if (!reference_size)
		return 0;
	if (reference_size == 1 || !is_string(reference, reference_size) ||
	    !devif_text_is_reference((const char *)reference, &where))
		return image_invalid(image, image->at, "record: reference string");
	return 0;
}

/* Check the entry at @image->at, and step over it. */
static int check_entry(struct devif_image *image)
{
	const u8 *p = image->data + image->at;
	size_t room = image->size - image->at;
	size_t size, used, strings;
	int ret;

	if (room < entry_size(image))
		return image_invalid(image, image->at, "entry: cut off");
	size = get_u32(ENTRY(p, size));
	used = entry_size(image) + strings_size(p);
	strings = DEVIF_IMAGE_PAD(used);
	if (size > room || size < strings || size % DEVIF_IMAGE_ALIGN)
		return image_invalid(image, image->at, "entry: wrong size");
	if (!all_zero(p + used, strings - used))
		return image_invalid(image, image->at, "entry: not zero");
	if (all_zero(ENTRY(p, guid), 16))
		return image_invalid(image, image->at, "entry: null GUID");

	switch (get_u16(ENTRY(p, type))) {
	case DEVIF_IMAGE_CLASS:
		ret = check_class(image, p);
		break;
	case DEVIF_IMAGE_RECORD:
		ret = check_record(image, p);
		break;
	default:
		ret = image_invalid(image, image->at, "entry: unknown type");
		break;
	}
	if (ret)
		return ret;
	image->at += strings;
	return check_properties(image, size - strings,
				get_u32(ENTRY(p, properties)));
}

/*
 * Images
 */

static int check_version(struct devif_image *image)
{
	const u8 *p = image->data;

	if (image->size < OLD_HEADER_SIZE)
		return image_invalid(image, 0, "header: cut off");
	if (memcmp(p, DEVIF_IMAGE_MAGIC, 8))
		return image_invalid(image, 0, "header: not an image");
	image->version = get_u32(HEADER(p, version));
	if (!image->version || image->version > DEVIF_IMAGE_VERSION)
		return image_fail(image, offsetof(struct devif_image_header, version),
				  "header: unknown version", -EPROTONOSUPPORT);
	if (image->size < header_size(image))
		return image_invalid(image, 0, "header: cut off");
	return 0;
}

static int check_header(struct devif_image *image)
{
	const u32 flags = DEVIF_IMAGE_OVERWRITE | DEVIF_IMAGE_SUCCEED;
	const u8 *p = image->data;
	u32 checksum;

	if (image->size > DEVIF_IMAGE_SIZE)
		return image_fail(image, 0, "header: image too large", -EFBIG);
	if (get_u64(HEADER(p, size)) != image->size)
		return image_invalid(image, offsetof(struct devif_image_header, size),
				     "header: not the size of the image");
	checksum = devif_image_checksum(p, image->size);
	if (image_check_killed(image))
		return -EINTR;
	if (get_u32(HEADER(p, checksum)) != checksum)
		return image_fail(image,
				  offsetof(struct devif_image_header, checksum),
				  "header: wrong checksum", -EBADMSG);
	if (get_u32(HEADER(p, flags)) & ~flags)
		return image_invalid(image,
				     offsetof(struct devif_image_header, flags),
				     "header: unknown flags");
	if (get_u32(HEADER(p, entries)) > DEVIF_IMAGE_ENTRIES)
		return image_fail(image,
				  offsetof(struct devif_image_header, entries),
				  "header: too many entries", -E2BIG);
	return 0;
}

/* Make a life that no registry has, to recognise an image of version 1 by. */
static void make_life(struct devif_image *image)
{
	const u8 *p = image->data;

	memcpy(image->life, DEVIF_IMAGE_MAGIC, 8);
	memcpy(image->life + 8, HEADER(p, size), 4);
	memcpy(image->life + 12, HEADER(p, entries), 4);
}

static void read_header(struct devif_image *image)
{
	const u8 *p = image->data;

	image->at = header_size(image);
	image->left = get_u32(HEADER(p, entries));
	image->flags = get_u32(HEADER(p, flags));
	image->generation = get_u64(HEADER(p, generation));
	if (image->version == 1) {
		make_life(image);
		return;
	}
	memcpy(image->life, HEADER(p, life), sizeof(image->life));
	memcpy(image->parent, HEADER(p, parent), sizeof(image->parent));
	image->parent_generation = get_u64(HEADER(p, parent_generation));
}

/**
 * devif_image_open() - check an image, and be ready to read it
 * @image: where to put the state of reading
 * @data: the image, which the caller keeps and frees
 * @size: of @data in bytes
 *
 * Return: 0, for devif_image_next(), or an error, which @image->fault explains:
 *
 * * -EPROTONOSUPPORT: the version is unknown
 * * -EBADMSG: the checksum is wrong
 * * -EFBIG or -E2BIG: the image, a value, or a number of entries or properties is too large
 * * -EEXIST: an entry has two properties with one key
 * * -EINTR: the process is killed
 * * -EINVAL: anything else
 */
int devif_image_open(struct devif_image *image, const void *data, size_t size)
{
	u32 i, entries;
	int ret;

	*image = (struct devif_image) { .data = data, .size = size };
	ret = check_version(image);
	if (!ret)
		ret = check_header(image);
	if (ret)
		return ret;

	entries = get_u32(HEADER(image->data, entries));
	image->at = header_size(image);
	for (i = 0; i < entries; i++) {
		ret = check_entry(image);
		if (!ret)
			ret = image_check_killed(image);
		if (ret)
			return ret;
	}
	if (image->at != size)
		return image_invalid(image, image->at, "image: more than it has");
	read_header(image);
	return 0;
}
