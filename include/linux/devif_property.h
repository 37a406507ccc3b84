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
 * What is remembered of an interface, and of a class, may have properties: a key, a type
 * and a value. They take the place of the storage that a registration has on Windows
 * (C4, N2, N4). Drivers and user space set and read the same ones.
 *
 * The properties of an interface belong to its record. So they are there again when the
 * device comes back, and, where user space saves and restores the registry, after a
 * reboot. They end when user space has the record removed.
 *
 * Who has set a value last decides whether an image that is restored may replace it: what
 * a driver has set since devif was loaded stays. What is no more than a suggestion of the
 * driver's is set with %DEVIF_PROPERTY_DEFAULT: what an administrator has set, also before
 * the last boot, replaces it. What is true only while the device is there, such as a name
 * that depends on the order of probing, is set with %DEVIF_PROPERTY_VOLATILE.
 *
 * There are %DEVIF_PROPERTIES of them at most, with values of %DEVIF_PROPERTY_VALUE_SIZE
 * bytes at most. A key has letters, digits and ``.-_``, and less than
 * %DEVIF_PROPERTY_KEY_SIZE of them; by custom it begins with the name of the driver or
 * subsystem, as in ``toaster.slots``. Everybody can read them: they are no place for
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
 * Return: its properties, which live as long as the caller's hold on @devif.
 */
struct devif_properties *devif_properties(struct devif *devif);

/**
 * devif_class_properties_get() - properties of a class
 * @class: class GUID; not the null GUID
 *
 * The class is made if it is new, and is kept while it has properties.
 *
 * Context: May sleep.
 *
 * Return: its properties, for devif_class_properties_put(); -EINVAL, -ENOMEM, or what
 * sysfs says.
 */
struct devif_properties *devif_class_properties_get(const guid_t *class);

/**
 * devif_class_properties_put() - have used the properties of a class
 * @properties: of devif_class_properties_get(), and of nothing else; error pointers are
 *	ignored
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
 * A property that is there gets the new value, and type. For most types there is a call
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
 * * -ENOSPC: there are %DEVIF_PROPERTIES already
 * * -ENODEV: user space has had the record removed
 * * -ENOMEM: out of memory
 */
int devif_property_set(struct devif_properties *properties, const char *key,
		       enum devif_property_type type, const void *value,
		       size_t size);

/**
 * devif_property_set_flags() - set a property, and say what it is worth
 * @properties: of an interface or a class
 * @key: its key
 * @type: its type
 * @value: its value, as enum devif_property_type says; copied
 * @size: of @value in bytes
 * @flags: 0 or of these:
 *
 * * %DEVIF_PROPERTY_VOLATILE: it is true only while the interface is registered. It ends
 *   with that, and is not restored from an image. User space may set another value, which
 *   is volatile too.
 * * %DEVIF_PROPERTY_DEFAULT: it is what the driver takes if nobody has set anything. A
 *   value that is there, unless it is such a default, stays; one that is restored later
 *   replaces it. It is not restored itself.
 *
 * Twin: IoSetDeviceInterfacePropertyData; REG_OPTION_VOLATILE of ZwCreateKey. Implements
 * N4.
 *
 * Context: May sleep. May be called from probe() and from callbacks.
 *
 * Return: 0, also if a default is not needed, or what devif_property_set() says, and
 *
 * * -EINVAL: a flag is unknown
 * * -ENODEV: it is to be volatile, and the interface is not registered any more, or
 *   @properties are those of a class
 */
int devif_property_set_flags(struct devif_properties *properties,
			     const char *key, enum devif_property_type type,
			     const void *value, size_t size,
			     unsigned int flags);

/**
 * devif_property_get() - read a property
 * @properties: of an interface or a class
 * @key: its key
 * @type: the type it is to have
 * @value: where to put its value; may be %NULL if @size is 0
 * @size: room there, in bytes
 *
 * Context: May sleep. May be called from probe() and from callbacks.
 *
 * Return: size of the value in bytes, or
 *
 * * -ENOENT: there is none of this key
 * * -EINVAL: it has another type, or an argument is missing
 * * -EMSGSIZE: there is not enough room, and @size is not 0; with 0 only the size is
 *   told
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
 * Return: 0, -ENOENT if there is none of this key, or -EINVAL if an argument is missing.
 */
int devif_property_remove(struct devif_properties *properties, const char *key);

/**
 * struct devif_property - a property, as it is shown
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
 * typedef devif_property_iter_t - what is called for each property
 * @property: the property, only borrowed
 * @data: of the caller
 *
 * Return: 0 to go on; anything else ends the walk.
 */
typedef int (*devif_property_iter_t)(const struct devif_property *property,
				     void *data);

/**
 * devif_property_for_each() - list properties
 * @properties: of an interface or a class
 * @data: for @fn
 * @fn: called for each, in the order of keys
 *
 * What is shown are copies; no lock is held in @fn. What comes or goes during the walk
 * may or may not be seen.
 *
 * Context: May sleep.
 *
 * Return: the last result of @fn, 0 if there was nothing to show, -EINVAL if an argument
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
 * @value: where to put its value
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
 * @value: where to put its value
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
 * @value: where to put its value
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
 * @value: where to put its value, with a NUL
 * @size: room there, in bytes
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
 * @value: where to put its value
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
