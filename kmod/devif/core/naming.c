// SPDX-License-Identifier: GPL-2.0
/*
 * Symbolic link names and reference strings.
 *
 * A name is made of the device's id, the class GUID and, if there is one, the reference
 * string:
 *
 *	bus#scsi#1:0:0:0#{53f56308-b6bf-11d0-94f2-00a0c91efb8b}
 *	bus#pci#0000:00:03.0#net#0#{cac88484-7515-4c03-82e6-71a87abac361}#left
 *	class#net#bridge#{...}
 *	dev##%2fdevices%2fdevif-demo#{...}
 *
 * place.c makes the ids of devices that are on no bus. Every part is escaped so that '#'
 * stays the separator. So no two keys have one name, and the name is printable ASCII
 * without blanks or slashes. Users must not take a name apart: to them it is opaque (D1).
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/core.h"
#include "lib/text.h"

static size_t escaped_length(const char *s)
{
	size_t length = 0;

	for (; *s; s++)
		length += devif_text_is_plain(*s) ? 1 : 3;
	return length;
}

static char *name_append(char *to, const char *s)
{
	size_t length = strlen(s);

	memcpy(to, s, length);
	return to + length;
}

static char *name_escape(char *to, const char *s)
{
	for (; *s; s++) {
		if (devif_text_is_plain(*s))
			*to++ = *s;
		else
			to += sprintf(to, "%%%02x", (unsigned char)*s);
	}
	return to;
}

/**
 * devif_id_join() - make an id longer by two parts
 * @id: the beginning: an id, or a kind
 * @where: a bus or a class; may be empty
 * @name: name or number of the device there
 *
 * Return: a string for kfree(), or %NULL without memory.
 */
char *devif_id_join(const char *id, const char *where, const char *name)
{
	size_t length = strlen(id) + 1 + escaped_length(where) + 1 +
			escaped_length(name) + 1;
	char *joined = kmalloc(length, GFP_KERNEL);
	char *end;

	if (!joined)
		return NULL;
	end = name_append(joined, id);
	*end++ = '#';
	end = name_escape(end, where);
	*end++ = '#';
	end = name_escape(end, name);
	*end = '\0';
	return joined;
}

/**
 * devif_id_of_name() - the id of a device that its name identifies
 * @kind: "bus" or "class"
 * @where: the name of the bus or class
 * @dev: the device
 *
 * Return: a string for kfree(), or %NULL without memory.
 */
char *devif_id_of_name(const char *kind, const char *where,
		       const struct device *dev)
{
	char name[NAME_MAX + 1];

	/* a copy: the name of a network device may be changed, and freed */
	strscpy(name, dev_name(dev), sizeof(name));
	return devif_id_join(kind, where, name);
}

/* "#{guid}" */
#define GUID_PART_LENGTH	(1 + 1 + UUID_STRING_LEN + 1)

/**
 * devif_name_length() - length of a symbolic link name
 * @device_id: of devif_device_id()
 * @reference: reference string, empty for none
 *
 * Return: characters without the final NUL
 */
size_t devif_name_length(const char *device_id, const char *reference)
{
	size_t length = strlen(device_id) + GUID_PART_LENGTH;

	if (*reference)
		length += 1 + escaped_length(reference);
	return length;
}

/**
 * devif_build_name() - build a symbolic link name
 * @name: room for devif_name_length() and a NUL
 * @device_id: of devif_device_id()
 * @class: class GUID
 * @reference: reference string, empty for none
 */
void devif_build_name(char *name, const char *device_id, const guid_t *class,
		      const char *reference)
{
	char *end = name_append(name, device_id);

	end += sprintf(end, "#{%pUl}", class);
	if (*reference) {
		*end++ = '#';
		end = name_escape(end, reference);
	}
	*end = '\0';
}

/**
 * devif_check_reference() - check a reference string
 * @reference: the string
 * @where: where to put the index of the first byte that is wrong
 *
 * Return: 0, -EINVAL for a character that is not allowed or malformed UTF-8, or
 * -ENAMETOOLONG for a string that cannot fit in a name.
 */
int devif_check_reference(const char *reference, size_t *where)
{
	*where = 0;
	if (strnlen(reference, PAGE_SIZE) == PAGE_SIZE)
		return -ENAMETOOLONG;
	return devif_text_is_reference(reference, where) ? 0 : -EINVAL;
}
