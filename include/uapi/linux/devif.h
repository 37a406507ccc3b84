/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Device interfaces, for user space: requests of the registry, to the character device of
 * an interface and to the control node.
 */
#ifndef _UAPI_LINUX_DEVIF_H
#define _UAPI_LINUX_DEVIF_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * struct devif_event_record - an event, as read from an event file
 * @size: size of the whole record in bytes, this header included
 * @lost: number of events before this one that were not read in time, and are lost
 * @guid: kind of the event; bytes in the order of the little-endian GUID of the
 *	kernel's guid_t
 * @data: the event's data
 *
 * Each read() returns one record. If the buffer is too small it fails with EMSGSIZE,
 * and the record stays. poll() reports POLLIN when a record can be read, POLLHUP when the
 * interface has gone and no more records will come; then read() returns 0.
 */
struct devif_event_record {
	__u32 size;
	__u32 lost;
	__u8 guid[16];
	__u8 data[];
};

#define DEVIF_IOC_MAGIC		0xD1

/*
 * Flag of DEVIF_IOC_EVENTS: the event file speaks for the file that it was opened through,
 * when the device is to be removed in good order. Without such an event file an open file
 * is a refusal. A record with DEVIF_QUERY_REMOVE_GUID asks; DEVIF_IOC_ANSWER answers in
 * time, or has refused by silence. After DEVIF_REMOVE_CANCELLED_GUID the device stays, and
 * so does the open file. Closing the open file agrees; closing the event file alone leaves
 * the open file without a voice, which refuses.
 */
#define DEVIF_EVENTS_ASK	1

/* GUIDs of records that are no events of the device. */
#define DEVIF_QUERY_REMOVE_GUID \
	{ 0x9c, 0x8d, 0x1b, 0x71, 0x42, 0x6e, 0x0f, 0x4a, \
	  0x8e, 0x35, 0x6a, 0x10, 0x9d, 0x5b, 0xc2, 0x01 }
#define DEVIF_REMOVE_CANCELLED_GUID \
	{ 0x9c, 0x8d, 0x1b, 0x71, 0x42, 0x6e, 0x0f, 0x4a, \
	  0x8e, 0x35, 0x6a, 0x10, 0x9d, 0x5b, 0xc2, 0x02 }

/**
 * struct devif_removal_question - data of these records
 * @number: number of the question, for the answer
 * @seconds: time to answer, in seconds from the question on
 */
struct devif_removal_question {
	__u32 number;
	__u32 seconds;
};

/**
 * struct devif_removal_answer - answer to a question
 * @number: number of the question
 * @agree: 1 to agree, 0 to refuse
 *
 * Errors: ESTALE if the question does not wait for an answer any more.
 */
struct devif_removal_answer {
	__u32 number;
	__u32 agree;
};

#define DEVIF_IOC_ANSWER \
	_IOW(DEVIF_IOC_MAGIC, 0x01, struct devif_removal_answer)

/*
 * Open an event file for the interface; the argument is 0 or O_CLOEXEC, O_NONBLOCK,
 * DEVIF_EVENTS_ASK. A
 * device has 256 event files at most, a user 64 of these, and 64 are reserved for
 * processes with CAP_SYS_ADMIN; the request fails with EUSERS beyond that, with
 * EBADF unless the node is opened for reading, and with ENODEV if the interface has gone, or
 * for DEVIF_EVENTS_ASK while the device may be about to be removed.
 */
#define DEVIF_IOC_EVENTS	_IO(DEVIF_IOC_MAGIC, 0x00)

/*
 * The control node, /dev/devif/control: the registry as a whole.
 *
 * Reading the node gives an image of the registry, as it was when the first byte was
 * read: all records, and the classes that have properties. A read after lseek() to 0
 * gives a new image. Writing an image, whole in one write(), restores it: records,
 * classes and properties that the registry does not have are added, or, on an error,
 * none. None is removed. Two kinds are left out, for the registry cannot keep them:
 * properties beyond DEVIF_PROPERTIES of an interface or class, and records with a
 * symbolic link name too long here. The kernel's log names them. See struct
 * devif_image_header.
 *
 * Errors of read(): EFBIG if the registry has more than an image can have; for processes
 * without CAP_SYS_ADMIN, EUSERS if the images of a user exceed 32 MiB, or of all these
 * users 128 MiB, and EBUSY if an image could only be made by blocking the changes of the
 * registry, which come too fast. Errors of write(): EINVAL if the image is malformed, and
 * the kernel's log says where; EPROTONOSUPPORT if its version is unknown; EBADMSG if the
 * checksum is wrong; EFBIG or E2BIG if the image, a value or a number of objects is too
 * large; EEXIST if the image has an object twice. A write() can be killed, and then has
 * restored nothing, or all.
 *
 * Writing, and all requests but DEVIF_IOC_GET_PROPERTY, need the node opened for
 * writing, which is for root only unless udev says otherwise, and DEVIF_IOC_GET_PROPERTY
 * needs it opened for reading; EBADF if it is not.
 *
 * After a change that an image remembers, the node has a uevent "change" with
 * DEVIF_REGISTRY=changed and DEVIF_GENERATION, at most one a second.
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
 * Values have this form in images and in requests.
 */
enum devif_property_type {
	DEVIF_PROPERTY_BOOL = 1,
	DEVIF_PROPERTY_U32 = 2,
	DEVIF_PROPERTY_U64 = 3,
	DEVIF_PROPERTY_STRING = 4,
	DEVIF_PROPERTY_GUID = 5,
	DEVIF_PROPERTY_BYTES = 6,
};

/* Bytes of a key, with its NUL; a key has letters, digits and ".-_". */
#define DEVIF_PROPERTY_KEY_SIZE		64

/* Bytes of a value, at most. */
#define DEVIF_PROPERTY_VALUE_SIZE	2048

/* Properties of an interface or a class, at most. */
#define DEVIF_PROPERTIES		64

/*
 * Flags of a property; a property with one of them is not restored from an image. A
 * volatile property ends with the registration of the interface.
 */
#define DEVIF_PROPERTY_VOLATILE		1
/* A driver's default, until another value is set: a restored value replaces it. */
#define DEVIF_PROPERTY_DEFAULT		2

/**
 * struct devif_property_request - read, set or remove a property
 * @name: address of a string: symbolic link name of an interface, present or not, or
 *	GUID of a class in lower case without braces
 * @key: address of a string: key of the property
 * @value: address of the value, or of room for it
 * @size: size of the value in bytes, or of the room for it; DEVIF_IOC_GET_PROPERTY puts
 *	the size of the value here
 * @type: enum devif_property_type; DEVIF_IOC_GET_PROPERTY puts it here
 *
 * Errors: ENOENT for a name or a property that does not exist, EINVAL for a wrong key,
 * type or value, EMSGSIZE if the room is too small, E2BIG if the value is too large,
 * ENOSPC beyond DEVIF_PROPERTIES.
 */
struct devif_property_request {
	__u64 name;
	__u64 key;
	__u64 value;
	__u32 size;
	__u32 type;
};

/* Remove an interface that has holders, too: as safe as pulling the device out. */
#define DEVIF_REMOVE_FORCE	1
/* Only forget an absent interface: the request fails with EEXIST if it is registered. */
#define DEVIF_REMOVE_ABSENT	2

/**
 * struct devif_remove_request - remove an interface, and forget its record
 * @name: address of a string: symbolic link name; or GUID of a class, to forget its
 *	properties and its default interface
 * @holders: address of room for a string: the holders of the interface, a line each;
 *	filled, cut off if need be, when the request fails with EBUSY
 * @size: size of this room in bytes
 * @flags: 0, %DEVIF_REMOVE_FORCE or %DEVIF_REMOVE_ABSENT
 *
 * Errors: ENOENT for a name that does not exist, EBUSY if the interface has holders,
 * EEXIST if it is registered and was to be absent.
 */
struct devif_remove_request {
	__u64 name;
	__u64 holders;
	__u32 size;
	__u32 flags;
};

/* Longest time that applications may have to answer, in seconds. */
#define DEVIF_EJECT_SECONDS	3600

/**
 * struct devif_eject_request - ask whether the device of an interface may be removed
 * @name: address of a string: symbolic link name of the interface
 * @report: address of room for a string: those who were asked, or refuse, a line each;
 *	filled, cut off if need be, in either case
 * @size: size of this room in bytes
 * @seconds: time that applications have to answer, or 0 for ten seconds; at most
 *	%DEVIF_EJECT_SECONDS
 *
 * When all have agreed, no interface of the device or below can be opened, until a new
 * driver is bound to the device, or the control node is closed: then all who have
 * agreed and are still there are told that the removal is called off. So a program
 * keeps the node open, unbinds the driver or removes the device, and closes the node. An
 * open control node has one such request at a time.
 *
 * Errors: ENOENT for a name that is not present, EBUSY if a holder refuses, or another
 * removal is asked for above or below, EALREADY if the node has a request that has
 * succeeded, EINTR if the process is killed.
 */
struct devif_eject_request {
	__u64 name;
	__u64 report;
	__u32 size;
	__u32 seconds;
};

#define DEVIF_IOC_GET_PROPERTY \
	_IOWR(DEVIF_IOC_MAGIC, 0x10, struct devif_property_request)
#define DEVIF_IOC_SET_PROPERTY \
	_IOW(DEVIF_IOC_MAGIC, 0x11, struct devif_property_request)
#define DEVIF_IOC_REMOVE_PROPERTY \
	_IOW(DEVIF_IOC_MAGIC, 0x12, struct devif_property_request)
#define DEVIF_IOC_REMOVE \
	_IOW(DEVIF_IOC_MAGIC, 0x13, struct devif_remove_request)
#define DEVIF_IOC_EJECT \
	_IOW(DEVIF_IOC_MAGIC, 0x14, struct devif_eject_request)

/*
 * An image: a header, and its number of entries. An entry is followed by its
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
 * On restoring, values of properties, and default interfaces, replace the registry's. A
 * value that a driver has set since devif was loaded is kept, unless it is a default.
 */
#define DEVIF_IMAGE_OVERWRITE	1
/*
 * On restoring, the registry continues this image: @parent of images read from then on
 * says that the registry has had all of this image that can be kept.
 */
#define DEVIF_IMAGE_SUCCEED	2

/**
 * struct devif_image_header - header of an image
 * @magic: DEVIF_IMAGE_MAGIC, without a NUL
 * @version: DEVIF_IMAGE_VERSION
 * @checksum: CRC-32, as in zlib, of all bytes behind this field
 * @size: size of the whole image in bytes
 * @generation: number of changes of the registry in this life
 * @entries: number of entries
 * @flags: %DEVIF_IMAGE_OVERWRITE and %DEVIF_IMAGE_SUCCEED, for restoring
 * @life: identifies the life of the registry, which begins when devif is loaded
 * @parent: life of the image that the registry continues, the last one restored with
 *	%DEVIF_IMAGE_SUCCEED; zero for none
 * @parent_generation: generation of that image
 *
 * Of two images of one life, the image of the higher generation is newer; it has all of
 * the older one that was not removed since. Of two lives, the life with the other as the
 * @parent of its images is later.
 *
 * In version 1 the header ends before @life, the head of an entry before @seen, and
 * properties have no flags. Images of version 1 can be restored.
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
 * enum devif_image_type - type of an entry
 * @DEVIF_IMAGE_CLASS: a class; it has no device, no reference string and no flags
 * @DEVIF_IMAGE_RECORD: an interface, present or not
 */
enum devif_image_type {
	DEVIF_IMAGE_CLASS = 1,
	DEVIF_IMAGE_RECORD = 2,
};

/* The interface is the default one of its class. */
#define DEVIF_IMAGE_DEFAULT	1
/* The interface is registered; ignored on restoring, as the next one. */
#define DEVIF_IMAGE_PRESENT	2
#define DEVIF_IMAGE_ENABLED	4

/**
 * struct devif_image_entry - head of an entry
 * @size: size of the whole entry in bytes, with its strings and properties
 * @type: enum devif_image_type
 * @flags: DEVIF_IMAGE_DEFAULT and so on
 * @guid: GUID of the class, in the order of a little-endian GUID
 * @device_size: bytes of the device's part of the symbolic link name, with a NUL; 0 for
 *	a class
 * @reference_size: bytes of the reference string, with a NUL; 0 for none
 * @properties: number of properties
 * @seen: last time at which the interface was registered, in seconds since 1970; 0 for a
 *	class, for a present interface, and if the time is unknown: then the interface
 *	counts as seen when it is restored
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
 * struct devif_image_property - head of a property
 * @size: size of the whole property in bytes, with its key and value
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
