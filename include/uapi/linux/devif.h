/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Device interfaces, for user space: what can be done with the character device of
 * an interface besides what its exporter offers, and with the control node of the
 * registry.
 */
#ifndef _UAPI_LINUX_DEVIF_H
#define _UAPI_LINUX_DEVIF_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * struct devif_event_record - an event, as it is read from an event file
 * @size: of the whole record in bytes, this header included
 * @lost: how many events before this one have been lost, because they were not read
 *	in time
 * @guid: what has happened; bytes in the order of the little-endian GUID of the
 *	kernel's guid_t
 * @data: what the event came with
 *
 * Each read() returns one record. If the buffer is too small it fails with EMSGSIZE,
 * and the record stays. poll() reports POLLIN when there is one, POLLHUP when the
 * interface has gone and there will be no more; then read() returns 0.
 */
struct devif_event_record {
	__u32 size;
	__u32 lost;
	__u8 guid[16];
	__u8 data[];
};

#define DEVIF_IOC_MAGIC		0xD1

/*
 * Open an event file for the interface; the argument is 0 or O_CLOEXEC, O_NONBLOCK. A
 * device has 256 of them at most, a user 64 of these, and 64 are for those who may
 * administrate (CAP_SYS_ADMIN) only; it fails with EUSERS if there are no more. It needs
 * the node opened for reading; EBADF if it is not.
 */
#define DEVIF_IOC_EVENTS	_IO(DEVIF_IOC_MAGIC, 0x00)

/*
 * The control node, /dev/devif/control: the registry as a whole.
 *
 * Reading it gives an image of the registry, as it was when the first byte was read:
 * all records, and the classes that have properties. After lseek() to 0 there is a new
 * one. Writing an image, whole in one write(), restores it: what it knows and the
 * registry does not is added, or, with an error, nothing. Nothing that the registry has
 * is removed. What the registry cannot keep is left out, and all else is kept: properties
 * of something that has DEVIF_PROPERTIES already, and records whose symbolic link name is
 * too long here. The kernel's log names them. See struct devif_image_header.
 *
 * Errors of read(): EFBIG if there is more than an image can have; for those who may not
 * administrate (CAP_SYS_ADMIN), EUSERS if a user keeps more than 32 MiB of images, or all
 * of them 128 MiB, and EBUSY if the registry changes so fast that there is no moment of
 * which an image could be made without keeping it from that. Errors of write(): EINVAL if
 * the image is not in order, the kernel's log says where; EPROTONOSUPPORT if its version is
 * unknown,
 * EBADMSG if the checksum is wrong, EFBIG or E2BIG if the image, a value, or a number of
 * things is too large, EEXIST if something is there twice. A write() can be killed, and
 * then has restored nothing, or all.
 *
 * Writing, and all requests but DEVIF_IOC_GET_PROPERTY, need the node opened for
 * writing, which is for root only unless udev says otherwise, and DEVIF_IOC_GET_PROPERTY
 * needs it opened for reading; EBADF if it is not.
 *
 * When something has changed that an image would remember, the node has a uevent
 * "change" with DEVIF_REGISTRY=changed and DEVIF_GENERATION, at most one a second.
 */

/**
 * enum devif_property_type - type of a property
 * @DEVIF_PROPERTY_BOOL: one byte, 0 or 1
 * @DEVIF_PROPERTY_U32: four bytes, little-endian
 * @DEVIF_PROPERTY_U64: eight bytes, little-endian
 * @DEVIF_PROPERTY_STRING: UTF-8 without control characters, with a final NUL
 * @DEVIF_PROPERTY_GUID: 16 bytes in the order of a little-endian GUID
 * @DEVIF_PROPERTY_BYTES: any bytes, or none
 *
 * That is how values are in an image and in requests.
 */
enum devif_property_type {
	DEVIF_PROPERTY_BOOL = 1,
	DEVIF_PROPERTY_U32 = 2,
	DEVIF_PROPERTY_U64 = 3,
	DEVIF_PROPERTY_STRING = 4,
	DEVIF_PROPERTY_GUID = 5,
	DEVIF_PROPERTY_BYTES = 6,
};

/* Bytes of a key, with its NUL; letters, digits and ".-_" are allowed in it. */
#define DEVIF_PROPERTY_KEY_SIZE		64

/* Bytes of a value, at most. */
#define DEVIF_PROPERTY_VALUE_SIZE	2048

/* Properties of an interface or a class, at most. */
#define DEVIF_PROPERTIES		64

/*
 * What a property is besides its value; neither of these is restored from an image. True
 * only while the interface is registered: it ends with that.
 */
#define DEVIF_PROPERTY_VOLATILE		1
/* What a driver takes as long as nobody has set anything: a restored value replaces it. */
#define DEVIF_PROPERTY_DEFAULT		2

/**
 * struct devif_property_request - read, set or remove a property
 * @name: address of a string: symbolic link name of an interface, present or not, or
 *	GUID of a class in lower case without braces
 * @key: address of a string: key of the property
 * @value: address of the value, or of room for it
 * @size: of the value in bytes, or of the room for it; DEVIF_IOC_GET_PROPERTY puts
 *	the size of the value here
 * @type: enum devif_property_type; DEVIF_IOC_GET_PROPERTY puts it here
 *
 * Errors: ENOENT for a name or a property that does not exist, EINVAL for a wrong key,
 * type or value, EMSGSIZE if there is not enough room, E2BIG if the value is too large,
 * ENOSPC if there are too many properties.
 */
struct devif_property_request {
	__u64 name;
	__u64 key;
	__u64 value;
	__u32 size;
	__u32 type;
};

/* Remove it though somebody has it open: as safe as pulling the device out. */
#define DEVIF_REMOVE_FORCE	1
/* Only forget it: it stays if it is registered, and the request fails with EEXIST. */
#define DEVIF_REMOVE_ABSENT	2

/**
 * struct devif_remove_request - remove an interface, and forget that there was one
 * @name: address of a string: symbolic link name, or GUID of a class, of which then the
 *	properties and the default interface are forgotten
 * @holders: address of room for a string: who holds the interface, a line each; it is
 *	filled, cut off if need be, when the request fails with EBUSY
 * @size: of this room
 * @flags: 0, %DEVIF_REMOVE_FORCE or %DEVIF_REMOVE_ABSENT
 *
 * Errors: ENOENT for a name that does not exist, EBUSY if somebody holds the interface,
 * EEXIST if it is registered and was to be absent.
 */
struct devif_remove_request {
	__u64 name;
	__u64 holders;
	__u32 size;
	__u32 flags;
};

#define DEVIF_IOC_GET_PROPERTY \
	_IOWR(DEVIF_IOC_MAGIC, 0x10, struct devif_property_request)
#define DEVIF_IOC_SET_PROPERTY \
	_IOW(DEVIF_IOC_MAGIC, 0x11, struct devif_property_request)
#define DEVIF_IOC_REMOVE_PROPERTY \
	_IOW(DEVIF_IOC_MAGIC, 0x12, struct devif_property_request)
#define DEVIF_IOC_REMOVE \
	_IOW(DEVIF_IOC_MAGIC, 0x13, struct devif_remove_request)

/*
 * An image: a header, and as many entries as it says. An entry is followed by its
 * strings and its properties, a property by its key and its value; both end with zero
 * bytes up to a multiple of eight. All numbers are little-endian, all fields without a
 * meaning are zero, and nothing follows the last entry.
 */

#define DEVIF_IMAGE_MAGIC	"DEVIFREG"
#define DEVIF_IMAGE_VERSION	2

/* Bytes of an image, and entries in it, at most. */
#define DEVIF_IMAGE_SIZE	(256u << 20)
#define DEVIF_IMAGE_ENTRIES	(1u << 20)

/*
 * On restoring, values of properties, and default interfaces, replace those that the
 * registry has. What a driver has set since devif was loaded is never replaced.
 */
#define DEVIF_IMAGE_OVERWRITE	1
/*
 * On restoring, the registry continues this image: @parent of images that are read from
 * now on says that all of it that can be kept was in the registry once.
 */
#define DEVIF_IMAGE_SUCCEED	2

/**
 * struct devif_image_header - how an image begins
 * @magic: DEVIF_IMAGE_MAGIC, without a NUL
 * @version: DEVIF_IMAGE_VERSION
 * @checksum: CRC-32, that of zlib, of all that follows this field
 * @size: of the whole image in bytes
 * @generation: counts the changes of the registry in one life
 * @entries: how many follow
 * @flags: %DEVIF_IMAGE_OVERWRITE and %DEVIF_IMAGE_SUCCEED, which are for restoring
 * @life: of the registry, another one each time devif is loaded
 * @parent: life of the image that the registry continues, the last one restored with
 *	%DEVIF_IMAGE_SUCCEED; zero if there is none
 * @parent_generation: generation of that image
 *
 * Of two images of one life, that of the higher generation is the newer one; it has all
 * that the other one has and that was not removed. Of two lives, the one whose image has
 * the other as its parent is the later one.
 *
 * In version 1 the header ends before @life, an entry's before @seen, and there are no
 * flags of properties. Such images are still taken.
 */
struct devif_image_header {
	__u8 magic[8];
	__le32 version;
	__le32 checksum;
	__le64 size;
	__le64 generation;
	__le32 entries;
	__le32 flags;
	__u8 life[16];
	__u8 parent[16];
	__le64 parent_generation;
};

/**
 * enum devif_image_type - what an entry is about
 * @DEVIF_IMAGE_CLASS: a class; it has no device, no reference string and no flags
 * @DEVIF_IMAGE_RECORD: an interface, present or not
 */
enum devif_image_type {
	DEVIF_IMAGE_CLASS = 1,
	DEVIF_IMAGE_RECORD = 2,
};

/* The interface is the default one of its class. */
#define DEVIF_IMAGE_DEFAULT	1
/* Its device is there; ignored on restoring, as is the next one. */
#define DEVIF_IMAGE_PRESENT	2
#define DEVIF_IMAGE_ENABLED	4

/**
 * struct devif_image_entry - how an entry begins
 * @size: in bytes, with all that belongs to it
 * @type: enum devif_image_type
 * @flags: DEVIF_IMAGE_DEFAULT and so on
 * @guid: of the class, in the order of a little-endian GUID
 * @device_size: bytes of the device's part of the symbolic link name, with a NUL; 0 for
 *	a class
 * @reference_size: bytes of the reference string, with a NUL; 0 if there is none
 * @properties: how many follow
 * @seen: when the interface was last registered, in seconds since 1970; 0 for a class, and
 *	for one that is present or of which it is not known, which then counts as seen when
 *	it is restored
 *
 * The device's part of the name and the reference string follow, then zero bytes up to
 * a multiple of eight, then the properties. No two entries have the same key.
 */
struct devif_image_entry {
	__le32 size;
	__le16 type;
	__le16 flags;
	__u8 guid[16];
	__le16 device_size;
	__le16 reference_size;
	__le32 properties;
	__le64 seen;
};

/**
 * struct devif_image_property - how a property begins
 * @size: in bytes, with all that belongs to it
 * @type: enum devif_property_type
 * @key_size: bytes of the key, with a NUL
 * @value_size: bytes of the value
 * @flags: %DEVIF_PROPERTY_VOLATILE and so on
 *
 * The key and the value follow. No two properties of an entry have the same key.
 */
struct devif_image_property {
	__le32 size;
	__le16 type;
	__le16 key_size;
	__le32 value_size;
	__le32 flags;
};

#endif /* _UAPI_LINUX_DEVIF_H */
