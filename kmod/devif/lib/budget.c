// SPDX-License-Identifier: GPL-2.0
/*
 * Budgets: limits of one user's share of a common resource.
 *
 * A user is a real uid. Privileged users count against the limit of all only, and the
 * lower limits of unprivileged users leave them a reserve.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/mutex.h>
#include <linux/user_namespace.h>

#include "lib/budget.h"

/* Guards all budgets. Removal of a device does not take it. */
static DEFINE_MUTEX(budgets_lock);

static long used_by(const struct devif_share *share)
{
	void *used = xa_load(&share->budget->users,
			     from_kuid(&init_user_ns, share->user));

	return used ? xa_to_value(used) : 0;
}

/* Cannot fail if @used is not larger than before: storing it allocates nothing. */
static int set_used_by(const struct devif_share *share, long used)
{
	return xa_err(xa_store(&share->budget->users,
			       from_kuid(&init_user_ns, share->user),
			       used ? xa_mk_value(used) : NULL,
			       GFP_KERNEL_ACCOUNT));
}

static bool budget_fits(const struct devif_share *share,
			const struct devif_budget_limits *limits)
{
	const struct devif_budget *budget = share->budget;
	long amount = share->amount;

	if (amount > limits->all - budget->all)
		return false;
	return share->privileged ||
	       (amount <= limits->unprivileged - budget->unprivileged &&
		amount <= limits->user - used_by(share));
}

static int budget_take(const struct devif_share *share,
		       const struct devif_budget_limits *limits)
{
	struct devif_budget *budget = share->budget;
	int ret;

	if (!budget_fits(share, limits))
		return -EUSERS;
	if (!share->privileged) {
		ret = set_used_by(share, used_by(share) + share->amount);
		if (ret)
			return ret;
		budget->unprivileged += share->amount;
	}
	budget->all += share->amount;
	return 0;
}

/**
 * devif_budget_init() - begin a budget with nothing in use
 * @budget: the budget, which needs no exit: its memory may be freed once all shares have
 *	been given back
 */
void devif_budget_init(struct devif_budget *budget)
{
	xa_init(&budget->users);
	budget->unprivileged = 0;
	budget->all = 0;
}

/**
 * devif_budget_take() - take a share for the calling process
 * @budget: the budget
 * @limits: how much may be in use
 * @amount: how much to take
 * @share: where to put it, for devif_budget_give()
 *
 * Context: May sleep; no lock held that device removal takes.
 *
 * Return: 0, -EUSERS if @amount exceeds a limit, or -ENOMEM; on error @share is empty
 */
int devif_budget_take(struct devif_budget *budget,
		      const struct devif_budget_limits *limits, long amount,
		      struct devif_share *share)
{
	int ret;

	*share = (struct devif_share) {
		.budget = budget,
		.user = current_uid(),
		.privileged = ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN),
		.amount = amount,
	};
	mutex_lock(&budgets_lock);
	ret = budget_take(share, limits);
	mutex_unlock(&budgets_lock);
	if (ret)
		share->budget = NULL;
	return ret;
}

/**
 * devif_budget_give() - give a share back
 * @share: the share, which may be empty
 *
 * Context: May sleep; no lock held that device removal takes.
 */
void devif_budget_give(struct devif_share *share)
{
	struct devif_budget *budget = share->budget;

	if (!budget)
		return;
	mutex_lock(&budgets_lock);
	budget->all -= share->amount;
	if (!share->privileged) {
		budget->unprivileged -= share->amount;
		set_used_by(share, used_by(share) - share->amount);
	}
	mutex_unlock(&budgets_lock);
	share->budget = NULL;
}
