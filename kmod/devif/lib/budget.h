/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Budgets: what one user may have of something that is there for all.
 */
#ifndef DEVIF_BUDGET_H
#define DEVIF_BUDGET_H

#include <linux/uidgid.h>
#include <linux/xarray.h>

/**
 * struct devif_budget - how much of something is in use
 * @users: by each user who may not administrate, by uid
 * @unprivileged: by all of these
 * @all: by everybody
 */
struct devif_budget {
	struct xarray users;
	long unprivileged;
	long all;
};

/* Nothing is in use: for a budget that lives as long as the module. */
#define DEVIF_BUDGET_INIT(name) { .users = XARRAY_INIT((name).users, 0) }

/**
 * struct devif_budget_limits - how much of something may be in use
 * @user: by a user who may not administrate
 * @unprivileged: by all of these; what is left of @all is a reserve
 * @all: by everybody
 */
struct devif_budget_limits {
	long user;
	long unprivileged;
	long all;
};

/**
 * struct devif_share - a part of a budget that is in use
 * @budget: the budget; %NULL if it has been given back, or nothing was taken
 * @user: who has it, by whom it was taken
 * @privileged: that user may administrate
 * @amount: how much it is
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
