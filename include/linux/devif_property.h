/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device interfaces: properties. Part of devif.h, include that.
 */
#ifndef _LINUX_DEVIF_PROPERTY_H
#define _LINUX_DEVIF_PROPERTY_H

#include <asm/byteorder.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uuid.h>

#include <uapi/linux/devif.h>

/**
 * DOC: Properties
 *
 * The records of interfaces, and classes, can have properties: a key, a type and a
 * value. Properties replace the registry key that a registration has on Windows
 * (C4, N2, N4). Drivers and user space share them.
 *
 * The properties of an interface belong to its record. So they persist until the
 * device comes back, and, where user space saves and restores the registry, over a
 * reboot. They end when user space removes the record.
 *
 * The last writer of a value decides whether restoring an image may replace it: a value
 * that a driver has set since devif was loaded stays. A driver sets a mere suggestion
 * with %DEVIF_PROPERTY_DEFAULT: a value set by an administrator, also before the last
 * boot, replaces it. A value that holds only while the device is present, such as a name
 * that depends on the order of probing, is set with %DEVIF_PROPERTY_VOLATILE.
 *
 * An interface or a class has %DEVIF_PROPERTIES properties at most, with values of at
 * most %DEVIF_PROPERTY_VALUE_SIZE bytes. A key consists of letters, digits and ``.-_``,
 * fewer than %DEVIF_PROPERTY_KEY_SIZE; by custom it begins with the name of the driver
 * or subsystem, as in ``toaster.slots``. All users can read properties: do not store
 * secrets.
 */

/*
 * struct devif_properties - the properties of an interface or a class
 *
 * Opaque and owned by the registry.
 */
struct devif_properties;
struct devif;

/**
 * devif_properties() - properties of an interface
 * @devif: the interface
 *
 * Context: Any.
 *
 * Return: its properties, valid as long as @devif.
 */
struct devif_properties *devif_properties(struct devif *devif);

/**
 * devif_properties_of_name() - properties of an interface that may be absent
 * @name: symbolic link name of the interface
 *
 * The interface need not be registered: a name is known from its first registration, or
 * from the restoring of an image, until user space removes the record. Volatile properties
 * can be set only while the interface is registered. If user space removes the record,
 * the properties returned here are empty and stay so, also if the name is registered again.
 *
 * Twin: IoOpenDeviceInterfaceRegistryKey, IoGetDeviceInterfacePropertyData. Implements C4,
 * N2, N4.
 *
 * Context: May sleep.
 *
 * Return: its properties, for devif_properties_put(); -ENOENT if the name is unknown, or
 * -EINVAL if it is missing
 */
struct devif_properties *devif_properties_of_name(const char *name);

/**
 * devif_properties_put() - put the properties of an interface
 * @properties: from devif_properties_of_name() only; %NULL and error pointers are ignored
 *
 * The properties remain; @properties must not be used afterwards.
 *
 * Context: May sleep.
 */
void devif_properties_put(struct devif_properties *properties);

/**
 * devif_class_properties_get() - properties of a class
 * @class: class GUID; not the null GUID
 *
 * The class is made if it is new, and is kept while it has properties.
 *
 * Context: May sleep.
 *
 * Return: its properties, for devif_class_properties_put(); -EINVAL, -ENOMEM, or an
 * error of sysfs.
 */
struct devif_properties *devif_class_properties_get(const guid_t *class);

/**
 * devif_class_properties_put() - put the properties of a class
 * @properties: from devif_class_properties_get() only; error pointers are ignored
 *
 * Context: May sleep.
 */
void devif_class_properties_put(struct devif_properties *properties);

/**
 * devif_property_set() - set a property
 * @properties: of an interface or a class
 * @key: its key
 * @type: its type
 * @value: its value, as enum devif_property_type says; copied
 * @size: of @value in bytes
 *
 * An existing property gets the new value, and type. Most types have a call
 * of their own, see devif_property_set_u32().
 *
 * Twin: IoSetDeviceInterfacePropertyData. Implements N4.
 *
 * Context: May sleep. May be called from probe() and from callbacks.
 *
 * Return: 0, or
 *
 * * -EINVAL: an argument is missing, the key has a character that is not allowed or is
 *   too long, the type is unknown or does not go with the value
 * * -E2BIG: the value is too large
 * * -ENOSPC: @properties has %DEVIF_PROPERTIES properties already
 * * -ENODEV: user space has removed the record
 * * -ENOMEM: out of memory
 */
int devif_property_set(struct devif_properties *properties, const char *key,
		       enum devif_property_type type, const void *value,
		       size_t size);

/**
 * devif_property_set_flags() - set a property that is volatile or a default
 * @properties: of an interface or a class
 * @key: its key
 * @type: its type
 * @value: its value, as enum devif_property_type says; copied
 * @size: of @value in bytes
 * @flags: 0 or of these:
 *
 * * %DEVIF_PROPERTY_VOLATILE: the property ends with the interface's registration, and
 *   is not restored from an image. User space may set another value, which is volatile
 *   too.
 * * %DEVIF_PROPERTY_DEFAULT: the value is the driver's default. An existing value,
 *   unless it is a default too, stays; a value that is restored later replaces the
 *   default. Defaults are not restored.
 *
 * Twin: IoSetDeviceInterfacePropertyData; REG_OPTION_VOLATILE of ZwCreateKey. Implements
 * N4.
 *
 * Context: May sleep. May be called from probe() and from callbacks.
 *
 * Return: 0, also if an existing value stays, or an errno of devif_property_set(), and
 *
 * * -EINVAL: a flag is unknown
 * * -ENODEV: with %DEVIF_PROPERTY_VOLATILE: the interface is not registered any more, or
 *   @properties belong to a class
 */
int devif_property_set_flags(struct devif_properties *properties,
			     const char *key, enum devif_property_type type,
			     const void *value, size_t size,
			     unsigned int flags);

/**
 * devif_property_get() - read a property
 * @properties: of an interface or a class
 * @key: its key
 * @type: expected type
 * @value: receives the value; may be %NULL if @size is 0
 * @size: size of @value in bytes; 0 to get only the size of the property
 *
 * Context: May sleep. May be called from probe() and from callbacks.
 *
 * Return: size of the value in bytes, or
 *
 * * -ENOENT: no property has this key
 * * -EINVAL: the property has another type, or an argument is missing
 * * -EMSGSIZE: @size is too small, and not 0
 */
ssize_t devif_property_get(struct devif_properties *properties,
			   const char *key, enum devif_property_type type,
			   void *value, size_t size);

/**
 * devif_property_remove() - remove a property
 * @properties: of an interface or a class
 * @key: its key
 *
 * Context: May sleep.
 *
 * Return: 0, -ENOENT if no property has this key, or -EINVAL if an argument is missing.
 */
int devif_property_remove(struct devif_properties *properties, const char *key);

/**
 * struct devif_property - a property, as devif_property_for_each() shows it
 * @key: its key
 * @type: its type
 * @value: its value
 * @size: of @value in bytes
 */
struct devif_property {
	const char *key;
	enum devif_property_type type;
	const void *value;
	size_t size;
};

/**
 * typedef devif_property_iter_t - callback for each property
 * @property: the property, only borrowed
 * @data: the caller's
 *
 * Return: 0 to go on; any other value ends the walk.
 */
typedef int (*devif_property_iter_t)(const struct devif_property *property,
				     void *data);

/**
 * devif_property_for_each() - list properties
 * @properties: of an interface or a class
 * @data: for @fn
 * @fn: called for each property, in the order of keys
 *
 * @fn gets copies, and is called without locks. A property that comes or goes during the
 * walk may or may not be seen.
 *
 * Context: May sleep.
 *
 * Return: the last result of @fn, 0 if no property was found, -EINVAL if an argument
 * is missing, or -ENOMEM.
 */
int devif_property_for_each(struct devif_properties *properties, void *data,
			    devif_property_iter_t fn);

/**
 * devif_property_set_bool() - set a property that is true or false
 * @properties: of an interface or a class
 * @key: its key
 * @value: its value
 *
 * Context: May sleep.
 *
 * Return: As devif_property_set().
 */
static inline int devif_property_set_bool(struct devif_properties *properties,
					  const char *key, bool value)
{
	u8 byte = value;

	return devif_property_set(properties, key, DEVIF_PROPERTY_BOOL, &byte,
				  sizeof(byte));
}

/**
 * devif_property_set_u32() - set a property that is a number of 32 bits
 * @properties: of an interface or a class
 * @key: its key
 * @value: its value
 *
 * Context: May sleep.
 *
 * Return: As devif_property_set().
 */
static inline int devif_property_set_u32(struct devif_properties *properties,
					 const char *key, u32 value)
{
	__le32 bytes = cpu_to_le32(value);

	return devif_property_set(properties, key, DEVIF_PROPERTY_U32, &bytes,
				  sizeof(bytes));
}

/**
 * devif_property_set_u64() - set a property that is a number of 64 bits
 * @properties: of an interface or a class
 * @key: its key
 * @value: its value
 *
 * Context: May sleep.
 *
 * Return: As devif_property_set().
 */
static inline int devif_property_set_u64(struct devif_properties *properties,
					 const char *key, u64 value)
{
	__le64 bytes = cpu_to_le64(value);

	return devif_property_set(properties, key, DEVIF_PROPERTY_U64, &bytes,
				  sizeof(bytes));
}

/**
 * devif_property_set_string() - set a property that is a string
 * @properties: of an interface or a class
 * @key: its key
 * @value: its value: UTF-8 without control characters
 *
 * Context: May sleep.
 *
 * Return: As devif_property_set().
 */
static inline int devif_property_set_string(struct devif_properties *properties,
					    const char *key, const char *value)
{
	return devif_property_set(properties, key, DEVIF_PROPERTY_STRING, value,
				  value ? strlen(value) + 1 : 0);
}

/**
 * devif_property_set_guid() - set a property that is a GUID
 * @properties: of an interface or a class
 * @key: its key
 * @value: its value
 *
 * Context: May sleep.
 *
 * Return: As devif_property_set().
 */
static inline int devif_property_set_guid(struct devif_properties *properties,
					  const char *key, const guid_t *value)
{
	return devif_property_set(properties, key, DEVIF_PROPERTY_GUID, value,
				  sizeof(*value));
}

/**
 * devif_property_get_bool() - read a property that is true or false
 * @properties: of an interface or a class
 * @key: its key
 * @value: receives the value
 *
 * Context: May sleep.
 *
 * Return: 0, -ENOENT or -EINVAL, see devif_property_get().
 */
static inline int devif_property_get_bool(struct devif_properties *properties,
					  const char *key, bool *value)
{
	u8 byte;
	ssize_t ret;

	ret = devif_property_get(properties, key, DEVIF_PROPERTY_BOOL, &byte,
				 sizeof(byte));
	if (ret < 0)
		return ret;
	*value = byte;
	return 0;
}

/**
 * devif_property_get_u32() - read a property that is a number of 32 bits
 * @properties: of an interface or a class
 * @key: its key
 * @value: receives the value
 *
 * Context: May sleep.
 *
 * Return: 0, -ENOENT or -EINVAL, see devif_property_get().
 */
static inline int devif_property_get_u32(struct devif_properties *properties,
					 const char *key, u32 *value)
{
	__le32 bytes;
	ssize_t ret;

	ret = devif_property_get(properties, key, DEVIF_PROPERTY_U32, &bytes,
				 sizeof(bytes));
	if (ret < 0)
		return ret;
	*value = le32_to_cpu(bytes);
	return 0;
}

/**
 * devif_property_get_u64() - read a property that is a number of 64 bits
 * @properties: of an interface or a class
 * @key: its key
 * @value: receives the value
 *
 * Context: May sleep.
 *
 * Return: 0, -ENOENT or -EINVAL, see devif_property_get().
 */
static inline int devif_property_get_u64(struct devif_properties *properties,
					 const char *key, u64 *value)
{
	__le64 bytes;
	ssize_t ret;

	ret = devif_property_get(properties, key, DEVIF_PROPERTY_U64, &bytes,
				 sizeof(bytes));
	if (ret < 0)
		return ret;
	*value = le64_to_cpu(bytes);
	return 0;
}

/**
 * devif_property_get_string() - read a property that is a string
 * @properties: of an interface or a class
 * @key: its key
 * @value: receives the value, with a NUL
 * @size: size of @value in bytes
 *
 * Context: May sleep.
 *
 * Return: length without the NUL, -ENOENT, -EINVAL or -EMSGSIZE, see
 * devif_property_get().
 */
static inline ssize_t
devif_property_get_string(struct devif_properties *properties, const char *key,
			  char *value, size_t size)
{
	ssize_t ret;

	if (!size)
		return -EMSGSIZE;
	ret = devif_property_get(properties, key, DEVIF_PROPERTY_STRING, value,
				 size);
	return ret > 0 ? ret - 1 : ret;
}

/**
 * devif_property_get_guid() - read a property that is a GUID
 * @properties: of an interface or a class
 * @key: its key
 * @value: receives the value
 *
 * Context: May sleep.
 *
 * Return: 0, -ENOENT or -EINVAL, see devif_property_get().
 */
static inline int devif_property_get_guid(struct devif_properties *properties,
					  const char *key, guid_t *value)
{
	ssize_t ret;

	ret = devif_property_get(properties, key, DEVIF_PROPERTY_GUID, value,
				 sizeof(*value));
	return ret < 0 ? ret : 0;
}

#endif /* _LINUX_DEVIF_PROPERTY_H */
