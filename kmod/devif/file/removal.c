// SPDX-License-Identifier: GPL-2.0
/*
 * Removal in good order: the holders of a device and of the devices below are asked, one
 * after the other, and any may refuse (question.c).
 *
 * The devices below a device go with it, and their interfaces may be open by an export of
 * the device. So their holders are asked too, children first, as the driver core removes.
 *
 * A pending removal uses its host, which keeps the state, also of a device that has neither
 * interfaces nor exports.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>

#include "file/question.h"

/* Time that an application has to answer, unless the caller says otherwise. */
#define ANSWER_LIMIT	(10 * HZ)

/* A visit to the hosts of a device and of all devices below. */
struct visit {
	int (*fn)(struct devif_host *host, const struct visit *visit);
	const struct devif_host *top;
	const struct devif_question *question;
};

/* Visit children first, until one visit returns an error. */
static int visit_below(struct device *dev, void *data)
{
	const struct visit *visit = data;
	struct devif_host *host;
	int ret;

	ret = device_for_each_child(dev, data, visit_below);
	host = ret ? NULL : devif_host_find(dev);
	if (host) {
		ret = visit->fn(host, visit);
		devif_host_put(host);
	}
	return ret;
}

static int visit_all(struct devif_host *top, const struct devif_question *question,
		     int (*fn)(struct devif_host *host, const struct visit *visit))
{
	struct visit visit = { .fn = fn, .top = top, .question = question };

	return visit_below(top->dev, &visit);
}

static int ask_host(struct devif_host *host, const struct visit *visit)
{
	return devif_question_put(host, visit->question);
}

/*
 * A device below the top may be at the top of another query-remove. One that has not
 * found out yet whether it may begin has asked no holder.
 */
static bool is_asked_for(const struct devif_host *host, const struct visit *visit,
			 enum devif_removal since)
{
	return host != visit->top && READ_ONCE(host->removal) >= since;
}

static int call_off_host(struct devif_host *host, const struct visit *visit)
{
	if (!is_asked_for(host, visit, DEVIF_REMOVAL_CALLED_OFF))
		devif_question_call_off(host);
	return 0;
}

static void set_removal(struct devif_host *host, enum devif_removal removal)
{
	guard(mutex)(&devif_registry_lock);
	WRITE_ONCE(host->removal, removal);
}

/* A holder that has been told may open again; no new query begins until all are told. */
static void removal_call_off(struct devif_host *host)
{
	visit_all(host, NULL, call_off_host);
	set_removal(host, DEVIF_REMOVAL_NONE);
}

/* Files that cannot be asked come first, and another query-remove of a device below. */
static int check_host(struct devif_host *host, const struct visit *visit)
{
	if (is_asked_for(host, visit, DEVIF_REMOVAL_CHECKED))
		return -EBUSY;
	return devif_question_check_files(host, visit->question);
}

/* Fail, before any holder is asked, if another query-remove goes on above or below. */
static int removal_check(struct devif_host *host, const struct devif_question *question)
{
	/* pairs with itself, in a task that asks for a device above or below */
	smp_mb();
	if (devif_removal_above(host->dev) != DEVIF_REMOVAL_NONE)
		return -EBUSY;
	set_removal(host, DEVIF_REMOVAL_PENDING);
	/* pairs with the barrier in list_file() of file.c */
	smp_mb();
	return visit_all(host, question, check_host);
}

/* Begin to ask, unless another task does, or has; return whether this task does. */
static bool removal_begin(struct devif_host *host, unsigned long *number)
{
	static unsigned long last_number;

	guard(mutex)(&devif_registry_lock);
	if (host->removal != DEVIF_REMOVAL_NONE)
		return false;
	WRITE_ONCE(host->removal, DEVIF_REMOVAL_CHECKED);
	host->removal_asks = true;
	host->removal_number = ++last_number;
	if (number)
		*number = host->removal_number;
	return true;
}

/* Give up before any holder is asked. */
static void removal_give_up(struct devif_host *host)
{
	guard(mutex)(&devif_registry_lock);
	WRITE_ONCE(host->removal, DEVIF_REMOVAL_NONE);
	host->removal_asks = false;
}

/* Return @error, or -EBUSY if the removal was called off, or a new driver came, meanwhile. */
static int removal_end_asking(struct devif_host *host, int error)
{
	guard(mutex)(&devif_registry_lock);
	if (!error && host->removal != DEVIF_REMOVAL_PENDING)
		error = -EBUSY;
	if (error)
		WRITE_ONCE(host->removal, DEVIF_REMOVAL_CALLED_OFF);
	host->removal_asks = false;
	return error;
}

static int ask_below(struct devif_host *host, const struct devif_question *question,
		     unsigned long *number)
{
	int ret;

	if (!removal_begin(host, number))
		return -EBUSY;
	ret = removal_check(host, question);
	if (ret) {
		removal_give_up(host);
		return ret;
	}
	ret = visit_all(host, question, ask_host);
	ret = removal_end_asking(host, ret);
	if (ret)
		removal_call_off(host);
	return ret;
}

/* Let a pending removal keep the caller's use of the host; return whether it is pending. */
static bool removal_keep(struct devif_host *host)
{
	guard(mutex)(&devif_registry_lock);
	if (host->removal != DEVIF_REMOVAL_PENDING || host->phase == DEVIF_PHASE_GONE ||
	    host->removal_uses)
		return false;
	host->removal_uses = true;
	return true;
}

/**
 * devif_removal_ask() - ask whether a device may be removed
 * @dev: the device
 * @report: gets a line for each holder that was asked
 * @limit: time that an application has to answer, in jiffies; 0 for the usual time
 * @number: set to the number of the removal, for devif_removal_cancel(), or %NULL
 *
 * Context: May sleep; no lock held.
 *
 * Return: as devif_query_remove()
 */
int devif_removal_ask(struct device *dev, struct devif_list *report, unsigned long limit,
		      unsigned long *number)
{
	struct devif_question question = {
		.report = report,
		.limit = limit ?: ANSWER_LIMIT,
	};
	struct devif_host *host;
	int ret;

	if (!device_is_registered(dev))
		return -ENODEV;
	host = devif_host_use(dev);
	if (IS_ERR(host))
		return PTR_ERR(host);
	question.top = host;
	ret = ask_below(host, &question, number);
	if (ret || !removal_keep(host))
		devif_host_unuse(host);
	return ret;
}

int devif_query_remove_report(struct device *dev, char *report, size_t size)
{
	struct devif_list list = { .text = report, .size = report ? size : 0 };

	might_sleep();
	if (IS_ERR_OR_NULL(dev)) {
		pr_err_ratelimited("query remove: no device\n");
		return -EINVAL;
	}
	if (list.size)
		*report = '\0';
	return devif_removal_ask(dev, &list, 0, NULL);
}
EXPORT_SYMBOL_DEVIF(devif_query_remove_report);

/* Return whether the caller is to tell the holders: while they are asked, who asks does. */
static bool removal_begin_calling_off(struct devif_host *host, unsigned long number)
{
	guard(mutex)(&devif_registry_lock);
	if (number && number != host->removal_number)
		return false;
	/* a new driver ends a pending removal, but does not tell holders that had agreed */
	if (host->removal != DEVIF_REMOVAL_PENDING &&
	    host->removal != DEVIF_REMOVAL_NONE)
		return false;
	WRITE_ONCE(host->removal, DEVIF_REMOVAL_CALLED_OFF);
	return !host->removal_asks;
}

/**
 * devif_removal_cancel() - call a removal off, unless it is over
 * @dev: the device
 * @number: number of the removal, or 0 for any
 *
 * Context: May sleep; no lock held.
 */
void devif_removal_cancel(struct device *dev, unsigned long number)
{
	struct devif_host *host = devif_host_find(dev);

	if (!host)
		return;
	if (removal_begin_calling_off(host, number))
		removal_call_off(host);
	devif_host_end_removal(host);
	devif_host_put(host);
}

void devif_cancel_remove(struct device *dev)
{
	might_sleep();
	if (!IS_ERR_OR_NULL(dev))
		devif_removal_cancel(dev, 0);
}
EXPORT_SYMBOL_DEVIF(devif_cancel_remove);

/**
 * devif_removals_exit() - give up the removals that are pending
 *
 * Context: May sleep; no driver can ask any more.
 */
void devif_removals_exit(void)
{
	struct devif_host *host = NULL;

	while ((host = devif_host_walk(host))) {
		set_removal(host, DEVIF_REMOVAL_NONE);
		devif_host_end_removal(host);
	}
}
