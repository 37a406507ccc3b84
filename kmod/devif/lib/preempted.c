// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks that were preempted in the last code of a module that is going.
 *
 * A task that tells that it has released the module's last object still runs in the
 * module's text, and may be preempted before it returns. synchronize_rcu_tasks() waits for
 * such tasks where the kernel was built with CONFIG_TASKS_RCU. In a preemptible kernel
 * without that, which has neither ftrace nor kprobes, it is synchronize_rcu(), which does
 * not wait for them. There devif_preempted_look() polls all tasks: a task that has slept,
 * or has been in user space, has left the place where it was preempted.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include <linux/devif.h>

#include "lib/compat.h"
#include "lib/lib.h"
#include "lib/wait.h"

/**
 * struct preempted_task - a task that was about to run when the wait began
 * @task: the task, with a reference; %NULL when it has left the place
 * @sleeps: how often the task had slept
 * @user_time: time that the task had been in user space
 */
struct preempted_task {
	struct task_struct *task;
	unsigned long sleeps;
	u64 user_time;
};

static bool preempted_is_candidate(const struct task_struct *task)
{
	return task != current && READ_ONCE(task->on_rq);
}

static size_t preempted_count(void)
{
	struct task_struct *process, *task;
	size_t count = 0;

	rcu_read_lock();
	for_each_process_thread(process, task)
		count++;
	rcu_read_unlock();
	return count;
}

/* Return the number of candidates, also of those without room in @list. */
static size_t preempted_list(struct preempted_task *list, size_t room, u64 before)
{
	struct task_struct *process, *task;
	size_t count = 0;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		/* a younger task cannot have been in the module that is going */
		if (task->start_time > before || !preempted_is_candidate(task))
			continue;
		if (count < room)
			list[count] = (struct preempted_task) {
				.task = get_task_struct(task),
				.sleeps = READ_ONCE(task->nvcsw),
				.user_time = READ_ONCE(task->utime),
			};
		count++;
	}
	rcu_read_unlock();
	return count;
}

static void preempted_forget(struct preempted_task *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (list[i].task)
			put_task_struct(list[i].task);
}

/* Return all present candidates. Their number grows only while it is counted. */
static struct preempted_task *preempted_take(size_t *count)
{
	u64 now = ktime_get_ns();
	struct preempted_task *list;
	size_t room, found;

	for (;;) {
		room = preempted_count();
		list = kvmalloc_array(room, sizeof(*list),
				      GFP_KERNEL | __GFP_NOFAIL);
		found = preempted_list(list, room, now);
		if (found <= room)
			break;
		preempted_forget(list, room);
		kvfree(list);
	}
	*count = found;
	return list;
}

static bool preempted_has_left(const struct preempted_task *one)
{
	struct task_struct *task = one->task;

	return !READ_ONCE(task->on_rq) ||
	       READ_ONCE(task->nvcsw) != one->sleeps ||
	       READ_ONCE(task->utime) != one->user_time;
}

/* Return a task that has not left yet, or %NULL */
static struct task_struct *preempted_look(struct preempted_task *list, size_t count)
{
	struct task_struct *left = NULL;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!list[i].task)
			continue;
		if (preempted_has_left(&list[i])) {
			put_task_struct(list[i].task);
			list[i].task = NULL;
		} else {
			left = list[i].task;
		}
	}
	return left;
}

/**
 * devif_preempted_look() - wait for preempted tasks, by looking at them
 *
 * devif_preempted_wait() calls this where the kernel has no other way.
 *
 * Context: May sleep.
 */
void devif_preempted_look(void)
{
	unsigned long mention = jiffies + DEVIF_PATIENCE;
	struct preempted_task *list;
	struct task_struct *task;
	size_t count;

	list = preempted_take(&count);
	while ((task = preempted_look(list, count))) {
		if (time_after(jiffies, mention)) {
			pr_warn("waiting until %s[%d] has run\n",
				task->comm, task_pid_nr(task));
			mention = jiffies + DEVIF_PATIENCE_MOST;
		}
		msleep(20);
	}
	kvfree(list);
	/* interrupts, and code that runs with preemption off */
	synchronize_rcu();
}
EXPORT_SYMBOL_DEVIF(devif_preempted_look);

void devif_preempted_wait(void)
{
	if (IS_ENABLED(CONFIG_PREEMPTION) && !IS_ENABLED(CONFIG_TASKS_RCU))
		devif_preempted_look();
	else
		synchronize_rcu_tasks();
}
EXPORT_SYMBOL_DEVIF(devif_preempted_wait);
