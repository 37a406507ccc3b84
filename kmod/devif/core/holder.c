// SPDX-License-Identifier: GPL-2.0
/*
 * Holders: their names, and lists of names.
 */
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "core/core.h"

/* A process chooses its own name, which must not break a line. */
static void name_process(char *name)
{
	char comm[TASK_COMM_LEN], *s;

	get_task_comm(comm, current);
	for (s = comm; *s; s++)
		if (!isascii(*s) || !isprint(*s))
			*s = '?';
	snprintf(name, DEVIF_HOLDER_SIZE, "process %d (%s)",
		 task_tgid_nr(current), comm);
}

/**
 * devif_name_holder() - make the name by which a holder is known
 * @name: where to put it, %DEVIF_HOLDER_SIZE bytes
 * @holder: device of the holder, or %NULL
 * @module: module of the holder, %NULL if it is built in; ours if the holder is the
 *	current process
 *
 * Context: Any.
 */
void devif_name_holder(char *name, const struct device *holder,
		       const struct module *module)
{
	const char *of = module ? module->name : "kernel";

	if (holder)
		snprintf(name, DEVIF_HOLDER_SIZE, "%s (%s)", dev_name(holder),
			 of);
	else if (module == THIS_MODULE)
		name_process(name);
	else
		strscpy(name, of, DEVIF_HOLDER_SIZE);
}

/**
 * devif_list_add() - add a line to a list
 * @list: the list
 * @kind: kind of object held, in a word
 * @holder: name of the holder
 *
 * Context: Any.
 *
 * Return: whether there is room for another line; else the caller need not look for one
 */
bool devif_list_add(struct devif_list *list, const char *kind,
		    const char *holder)
{
	list->lines++;
	if (list->length + 1 >= list->size)
		return false;
	list->length += scnprintf(list->text + list->length,
				  list->size - list->length, "%s: %s\n", kind,
				  holder);
	return list->length + 1 < list->size;
}
