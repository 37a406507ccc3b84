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

/* Is a device below the top of this query-remove at the top of another one? */
static bool is_asked_for(const struct devif_host *host, const struct visit *visit)
{
	return host != visit->top &&
	       READ_ONCE(host->removal) != DEVIF_REMOVAL_NONE;
}

static int call_off_host(struct devif_host *host, const struct visit *visit)
{
	if (!is_asked_for(host, visit))
		devif_question_call_off(host);
	return 0;
}

static void set_removal(struct devif_host *host, enum devif_removal removal)
{
	guard(mutex)(&devif_registry_lock);
	WRITE_ONCE(host->removal, removal);
}

/* Change the state from @from to @to; return false if it is not @from by now. */
static bool change_removal(struct devif_host *host, enum devif_removal from,
			   enum devif_removal to)
{
	guard(mutex)(&devif_registry_lock);
	if (host->removal != from)
		return false;
	WRITE_ONCE(host->removal, to);
	return true;
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
	if (is_asked_for(host, visit))
		return -EBUSY;
	return devif_question_check_files(host, visit->question);
}

/* Fail, before any holder is asked, if another query-remove goes on above or below. */
static int removal_check(struct devif_host *host, const struct devif_question *question)
{
	if (devif_removal_above(host->dev) != DEVIF_REMOVAL_NONE)
		return -EBUSY;
	return visit_all(host, question, check_host);
}

static int ask_below(struct devif_host *host, const struct devif_question *question)
{
	int ret;

	if (!change_removal(host, DEVIF_REMOVAL_NONE, DEVIF_REMOVAL_PENDING))
		return -EBUSY;
	/* pairs with the barrier in list_file() of file.c */
	smp_mb();
	ret = removal_check(host, question);
	if (ret) {
		/* no holder was asked */
		set_removal(host, DEVIF_REMOVAL_NONE);
		return ret;
	}
	ret = visit_all(host, question, ask_host);
	if (ret) {
		set_removal(host, DEVIF_REMOVAL_CALLED_OFF);
		removal_call_off(host);
	}
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
 *
 * Context: May sleep; no lock held.
 *
 * Return: as devif_query_remove()
 */
int devif_removal_ask(struct device *dev, struct devif_list *report, unsigned long limit)
{
	const struct devif_question question = {
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
	ret = ask_below(host, &question);
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
	return devif_removal_ask(dev, &list, 0);
}
EXPORT_SYMBOL_DEVIF(devif_query_remove_report);

void devif_cancel_remove(struct device *dev)
{
	struct devif_host *host;

	might_sleep();
	host = IS_ERR_OR_NULL(dev) ? NULL : devif_host_find(dev);
	if (!host)
		return;
	/* a new driver ends a pending removal, but does not tell holders that had agreed */
	if (change_removal(host, DEVIF_REMOVAL_PENDING, DEVIF_REMOVAL_CALLED_OFF) ||
	    change_removal(host, DEVIF_REMOVAL_NONE, DEVIF_REMOVAL_CALLED_OFF))
		removal_call_off(host);
	devif_host_end_removal(host);
	devif_host_put(host);
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

	while ((host = devif_host_walk(host)))
		devif_host_end_removal(host);
}
