// SPDX-License-Identifier: GPL-2.0
/*
 * Ejections: a program asks whether a device may be removed, and removes it while the
 * answer holds, which is until the program closes the control node.
 */
#include <linux/device.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "file/file.h"
#include "user/eject.h"

/* Room for a report. */
#define REPORT_SIZE	SZ_16K

/**
 * devif_ejection_init() - set up an ejection that has not been asked for
 * @ejection: the ejection
 *
 * Context: Any.
 */
void devif_ejection_init(struct devif_ejection *ejection)
{
	mutex_init(&ejection->lock);
	ejection->dev = NULL;
}

/* Return the device of an interface that is present, for put_device(), or %NULL. */
static struct device *eject_find(const char *name)
{
	struct devif *devif = devif_find_by_name(name);
	struct device *dev = devif_get_device(devif);

	devif_put(devif);
	return dev;
}

static int eject_ask(struct devif_ejection *ejection, const char *name,
		     struct devif_list *report, unsigned int seconds)
{
	struct device *dev;
	int ret;

	if (ejection->dev)
		return -EALREADY;
	dev = eject_find(name);
	if (!dev)
		return -ENOENT;
	ret = devif_removal_ask(dev, report, seconds * HZ, &ejection->number);
	if (ret)
		put_device(dev);
	else
		ejection->dev = dev;
	return ret;
}

static int eject_report(const struct devif_list *report,
			const struct devif_eject_request *request)
{
	size_t size = min_t(size_t, report->length + 1, request->size);

	if (!size)
		return 0;
	report->text[size - 1] = '\0';
	return copy_to_user(u64_to_user_ptr(request->report), report->text, size) ?
	       -EFAULT : 0;
}

static int eject_name(struct devif_ejection *ejection, const char *name,
		      const struct devif_eject_request *request)
{
	struct devif_list report = { .size = REPORT_SIZE };
	int ret;

	report.text = kvzalloc(REPORT_SIZE, GFP_KERNEL_ACCOUNT);
	if (!report.text)
		return -ENOMEM;
	ret = mutex_lock_killable(&ejection->lock);
	if (!ret) {
		ret = eject_ask(ejection, name, &report, request->seconds);
		mutex_unlock(&ejection->lock);
		/* the request has succeeded, or not, whether or not the text is read */
		ret = eject_report(&report, request) ?: ret;
	}
	kvfree(report.text);
	return ret;
}

/**
 * devif_ejection_ask() - ask whether the device of an interface may be removed
 * @ejection: the ejection
 * @arg: struct devif_eject_request, in user space
 *
 * Context: May sleep; no lock held.
 *
 * Return: 0, or an errno, see struct devif_eject_request
 */
long devif_ejection_ask(struct devif_ejection *ejection, void __user *arg)
{
	struct devif_eject_request request;
	char *name;
	int ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.seconds > DEVIF_EJECT_SECONDS)
		return -EINVAL;
	name = strndup_user(u64_to_user_ptr(request.name), PAGE_SIZE);
	if (IS_ERR(name))
		return PTR_ERR(name);
	ret = eject_name(ejection, name, &request);
	kfree(name);
	return ret;
}

/**
 * devif_ejection_end() - call the removal off, unless it has happened
 * @ejection: the ejection, which is not being asked for
 *
 * Context: May sleep; no lock held.
 */
void devif_ejection_end(struct devif_ejection *ejection)
{
	if (ejection->dev)
		devif_removal_cancel(ejection->dev, ejection->number);
	put_device(ejection->dev);
	mutex_destroy(&ejection->lock);
}
