// SPDX-License-Identifier: GPL-2.0
/*
 * Images of the whole registry, from the control node and from files.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../kmod/devif/lib/text.h"
#include "devifctl.h"
#include "guid.h"
#include "place.h"
#include "registry.h"

#define READ_STEP	65536

/**
 * control_open() - open the control node
 * @flags: as for open()
 *
 * Return: a file descriptor, or minus an exit code; errors have been reported
 */
int control_open(int flags)
{
	int fd = open(paths.control, flags | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno != ENOENT)
		return -complain_errno(errno, "%s", paths.control);
	if (access(paths.interfaces, F_OK))
		return -complain_not_loaded();
	complain(EXIT_NOT_LOADED, "%s is not there", paths.control);
	hint("this devif has none, or /dev is not a devtmpfs");
	return -EXIT_NOT_LOADED;
}

/**
 * registry_load() - read an image
 * @registry: filled with the image
 * @fd: file to read to its end
 *
 * Return: 0 or an errno
 */
int registry_load(struct registry *registry, int fd)
{
	size_t room = 0;
	ssize_t n;

	*registry = (struct registry) {};
	do {
		if (room - registry->size < READ_STEP) {
			room += room / 2 + 2 * READ_STEP;
			registry->data = xrealloc(registry->data, room, 1);
		}
		n = read(fd, registry->data + registry->size,
			 room - registry->size);
		if (n > 0)
			registry->size += n;
		if (registry->size > DEVIF_IMAGE_SIZE) {
			n = -1;
			errno = EFBIG;
		}
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? errno : 0;
}

/**
 * registry_check() - check a loaded image
 * @registry: the image
 * @what: name of the image in messages
 *
 * Return: exit code; errors have been reported
 */
int registry_check(struct registry *registry, const char *what)
{
	struct devif_image *image = &registry->image;
	int ret = devif_image_open(image, registry->data, registry->size);

	if (!ret)
		return EXIT_OK;
	return complain(EXIT_FAILED, "%s: %s (at byte %zu of %zu)", what,
			image->fault ?: strerror(-ret), image->fault_at,
			registry->size);
}

/**
 * registry_read() - read the registry of the running kernel
 * @registry: filled with the image
 *
 * Return: exit code; errors have been reported
 */
int registry_read(struct registry *registry)
{
	int fd = control_open(O_RDONLY);
	int error;

	*registry = (struct registry) {};
	if (fd < 0)
		return -fd;
	error = registry_load(registry, fd);
	close(fd);
	if (error)
		return complain_errno(error, "%s", paths.control);
	return registry_check(registry, paths.control);
}

/**
 * registry_open() - read an image from a file, and check it
 * @registry: filled with the image
 * @file: the file
 *
 * Return: exit code; errors have been reported
 */
int registry_open(struct registry *registry, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int error;

	*registry = (struct registry) {};
	if (fd < 0)
		return complain_errno(errno, "%s", file);
	error = registry_load(registry, fd);
	close(fd);
	if (error)
		return complain_errno(error, "%s", file);
	return registry_check(registry, file);
}

/**
 * registry_has() - find out whether the registry has had all entries of an image
 * @registry: current image of the registry
 * @other: saved image
 *
 * Return: whether @other is of the same life, and so older, or is the image that the
 * registry continues; entries that only @other has were then removed meanwhile
 */
bool registry_has(const struct registry *registry,
		  const struct registry *other)
{
	const struct devif_image *image = &registry->image;

	return !memcmp(image->life, other->image.life, sizeof(image->life)) ||
	       devif_image_is_of(&other->image, image->parent,
				 image->parent_generation);
}

/**
 * registry_set_flag() - set a flag in the header of an image
 * @registry: a checked image
 * @flag: DEVIF_IMAGE_OVERWRITE or DEVIF_IMAGE_SUCCEED
 */
void registry_set_flag(struct registry *registry, unsigned int flag)
{
	struct devif_image_header header;

	memcpy(&header, registry->data, sizeof(header));
	header.flags |= htole32(flag);
	memcpy(registry->data, &header, sizeof(header));
	header.checksum = htole32(devif_image_checksum(registry->data,
						       registry->size));
	memcpy(registry->data, &header, sizeof(header));
}

void registry_free(struct registry *registry)
{
	free(registry->data);
	registry->data = NULL;
}

/*
 * Records
 */

static void put_in_name(FILE *file, const char *text)
{
	for (; *text; text++)
		if (devif_text_is_plain(*text))
			fputc(*text, file);
		else
			fprintf(file, "%%%02x", (unsigned char)*text);
}

/**
 * entry_name() - make the name of an entry for requests
 * @entry: entry of an image
 *
 * Return: symbolic link name of a record, GUID of a class, for free()
 */
char *entry_name(const struct devif_entry *entry)
{
	char guid[GUID_TEXT], *name;
	size_t size;
	FILE *file;

	guid_format(guid, entry->guid);
	if (entry->type == DEVIF_IMAGE_CLASS)
		return xstrdup(guid);
	file = open_memstream(&name, &size);
	if (!file)
		return xstrdup("");
	fprintf(file, "%s#{%s}", entry->device, guid);
	if (*entry->reference) {
		fputc('#', file);
		put_in_name(file, entry->reference);
	}
	fclose(file);
	return name;
}

static void add_absent(struct interfaces *interfaces,
		       const struct devif_entry *entry)
{
	struct interface interface = {
		.link = entry_name(entry),
		.class = xzalloc(GUID_TEXT),
		.device = xstrdup(entry->device),
		.seen = entry->seen,
		.unbound = place_is_there(entry->device),
		.is_default = entry->flags & DEVIF_IMAGE_DEFAULT,
	};

	guid_format(interface.class, entry->guid);
	if (*entry->reference)
		interface.reference = xstrdup(entry->reference);
	interfaces_add(interfaces, &interface);
}

/**
 * registry_add_absent() - add the interfaces that only the registry knows, not sysfs
 * @interfaces: the list
 *
 * Return: exit code; errors have been reported
 */
int registry_add_absent(struct interfaces *interfaces)
{
	struct registry registry;
	struct devif_entry entry;
	int ret = registry_read(&registry);

	while (!ret && devif_image_next(&registry.image, &entry))
		if (entry.type == DEVIF_IMAGE_RECORD &&
		    !(entry.flags & DEVIF_IMAGE_PRESENT))
			add_absent(interfaces, &entry);
	registry_free(&registry);
	return ret;
}

/*
 * Nodes: an interface without a node of its own may have a property that names its
 * device's node, as interfaces of devif_wellknown have.
 */

static int compare_links(const void *a, const void *b)
{
	const struct interface *const *x = a, *const *y = b;

	return strcmp((*x)->link, (*y)->link);
}

static int compare_with_link(const void *key, const void *element)
{
	const struct interface *const *interface = element;

	return strcmp(key, (*interface)->link);
}

static char *node_of(struct devif_entry *entry)
{
	struct devif_value value;

	while (devif_image_next_property(&entry->properties, &value))
		if (!strcmp(value.key, "node") &&
		    value.type == DEVIF_PROPERTY_STRING)
			return xstrdup(value.data);
	return NULL;
}

static void add_node(struct interface **sorted, size_t count,
		     struct devif_entry *entry)
{
	char *link = entry_name(entry), *node = node_of(entry);
	struct interface **found;

	found = node ? bsearch(link, sorted, count, sizeof(*sorted),
			       compare_with_link) : NULL;
	if (found && !(*found)->node) {
		(*found)->node = node;
		node = NULL;
	}
	free(node);
	free(link);
}

/**
 * registry_add_nodes() - give interfaces without a node the one that a property names
 * @interfaces: the interfaces
 *
 * Return: exit code; errors have been reported
 */
int registry_add_nodes(struct interfaces *interfaces)
{
	struct interface **sorted = xrealloc(NULL, interfaces->count + 1,
					     sizeof(*sorted));
	struct registry registry;
	struct devif_entry entry;
	size_t i;
	int ret;

	for (i = 0; i < interfaces->count; i++)
		sorted[i] = &interfaces->list[i];
	qsort(sorted, interfaces->count, sizeof(*sorted), compare_links);
	ret = registry_read(&registry);
	while (!ret && devif_image_next(&registry.image, &entry))
		if (entry.type == DEVIF_IMAGE_RECORD)
			add_node(sorted, interfaces->count, &entry);
	registry_free(&registry);
	free(sorted);
	return ret;
}
