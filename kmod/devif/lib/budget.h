/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Budgets: limits of one user's share of a common resource.
 */
#ifndef DEVIF_BUDGET_H
#define DEVIF_BUDGET_H

#include <linux/uidgid.h>
#include <linux/xarray.h>

/**
 * struct devif_budget - how much of a resource is in use
 * @users: by each unprivileged user, by uid
 * @unprivileged: by all unprivileged users
 * @all: by all users
 */
struct devif_budget {
	struct xarray users;
	long unprivileged;
	long all;
};

/* With nothing in use: for a budget that lives as long as the module. */
#define DEVIF_BUDGET_INIT(name) { .users = XARRAY_INIT((name).users, 0) }

/**
 * struct devif_budget_limits - how much of a resource may be in use
 * @user: by one unprivileged user
 * @unprivileged: by all unprivileged users; the rest of @all is a reserve
 * @all: by all users
 */
struct devif_budget_limits {
	long user;
	long unprivileged;
	long all;
};

/**
 * struct devif_share - a part of a budget that is in use
 * @budget: the budget; %NULL if the share has been given back, or none was taken
 * @user: real uid of the process that took the share
 * @privileged: that process had CAP_SYS_ADMIN
 * @amount: size of the share
 */
struct devif_share {
	struct devif_budget *budget;
	kuid_t user;
	bool privileged;
	long amount;
};

void devif_budget_init(struct devif_budget *budget);
int devif_budget_take(struct devif_budget *budget,
		      const struct devif_budget_limits *limits, long amount,
		      struct devif_share *share);
void devif_budget_give(struct devif_share *share);

#endif /* DEVIF_BUDGET_H */
