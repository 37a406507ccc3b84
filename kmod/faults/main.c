// SPDX-License-Identifier: GPL-2.0
/*
 * Faults on request: the parameter "commit" takes the name of a fault and commits it,
 * so that a test kernel shows that its checkers report it. The registry is not
 * involved.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spinlock);

static void faults_use_after_free(void)
{
	char *memory = kmalloc(64, GFP_KERNEL);
	char *stale = memory;

	if (!memory)
		return;
	OPTIMIZER_HIDE_VAR(stale);
	kfree(memory);
	WRITE_ONCE(stale[8], 1);
}

static void faults_leak(void)
{
	int i;

	/* a stale copy of one address may be left in a register or on a stack */
	for (i = 0; i < 16; i++) {
		char *memory = kmalloc(96, GFP_KERNEL);

		OPTIMIZER_HIDE_VAR(memory);
	}
}

static void faults_inversion(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void faults_sleep(void)
{
	spin_lock(&spinlock);
	might_sleep();
	spin_unlock(&spinlock);
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "use-after-free", faults_use_after_free },
	{ "leak", faults_leak },
	{ "inversion", faults_inversion },
	{ "sleep", faults_sleep },
};

static int faults_set(const char *value, const struct kernel_param *param)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (sysfs_streq(value, faults[i].name)) {
			faults[i].commit();
			return 0;
		}
	}
	return -EINVAL;
}

static const struct kernel_param_ops faults_ops = { .set = faults_set };
module_param_cb(commit, &faults_ops, NULL, 0200);
MODULE_PARM_DESC(commit, "use-after-free, leak, inversion or sleep");

MODULE_DESCRIPTION("Faults on request, which checkers have to report");
MODULE_LICENSE("GPL");
