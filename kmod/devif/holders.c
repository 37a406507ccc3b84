// SPDX-License-Identifier: GPL-2.0
/*
 * Who holds what: in debugfs, and in the log when it matters.
 */
#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "keeper.h"
#include "listener.h"

static struct dentry *directory;

static unsigned int references(const struct devif_handle *handle)
{
	return refcount_read(&handle->refs);
}

static s64 age(const struct devif_handle *handle)
{
	return ktime_divns(ktime_sub(ktime_get(), handle->since), NSEC_PER_SEC);
}

/* One line for each handle. */
static void show_export(struct devif_export *export, void *data)
{
	struct seq_file *file = data;
	struct devif_handle *handle;

	list_for_each_entry_rcu(handle, &export->handles, entry)
		seq_printf(file, "%pUl %7u  %-9s  %-6s  %10u  %7lld  %-9s  %s  %s\n",
			   &export->key.guid, export->table->version,
			   handle->pinned ? "pinned" : "revocable",
			   devif_is_gone(&handle->hold) ? "ended" : "open",
			   references(handle), age(handle),
			   devif_file_interface_of(handle), export->host->id,
			   handle->holder);
}

static int holders_show(struct seq_file *file, void *data)
{
	seq_printf(file, "%-36s %7s  %-9s  %-6s  %10s  %7s  %-9s  %s\n", "GUID",
		   "VERSION", "KIND", "EXPORT", "REFERENCES", "SECONDS",
		   "INTERFACE", "DEVICE  HOLDER");
	devif_export_each(show_export, file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(holders);

static void show_users(struct seq_file *file, struct devif *devif, char *text)
{
	struct devif_list list = { .text = text, .size = PAGE_SIZE };
	char *line;

	*text = '\0';
	devif_users_show(devif, &list);
	while ((line = strsep(&text, "\n")) && *line)
		seq_printf(file, "%-9s  %s\n", devif_name(devif), line);
}

/* A line for each who has an interface open, or listens by it; and for each keeper. */
static int users_show(struct seq_file *file, void *data)
{
	char *text = kmalloc(PAGE_SIZE, GFP_KERNEL);
	struct devif_record *record;
	struct devif_class *class;
	unsigned long index;

	if (!text)
		return -ENOMEM;
	seq_printf(file, "%-9s  %s\n", "INTERFACE", "KIND: HOLDER");
	mutex_lock(&devif_registry_lock);
	list_for_each_entry(class, &devif_classes, entry)
		xa_for_each_marked(&class->records, index, record,
				   DEVIF_MARK_PRESENT)
			show_users(file, devif_record_live(record), text);
	mutex_unlock(&devif_registry_lock);
	kfree(text);
	devif_keepers_show(file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(users);

/**
 * devif_holders_report() - name those who keep the context of an export
 * @export: an export that has ended
 *
 * Context: Any.
 */
void devif_holders_report(struct devif_export *export)
{
	struct devif_handle *handle;

	rcu_read_lock();
	list_for_each_entry_rcu(handle, &export->handles, entry)
		if (handle->pinned)
			pr_notice_ratelimited("devif: %s: %pUl version %u has ended and is still held by %s, %u references, for %lld s\n",
					      export->host->id,
					      &export->key.guid,
					      export->table->version,
					      handle->holder,
					      references(handle), age(handle));
	rcu_read_unlock();
}

static void check_export(struct devif_export *export, void *data)
{
	const struct module *module = data;
	struct devif_handle *handle;

	list_for_each_entry_rcu(handle, &export->handles, entry) {
		if (handle->module != module)
			continue;
		WRITE_ONCE(handle->module, NULL);
		pr_warn("devif: %s is unloaded and has left %u references to %pUl version %u of %s\n",
			handle->holder, references(handle), &export->key.guid,
			export->table->version, export->host->id);
	}
}

/**
 * devif_holders_module_gone() - name what a module has not given back
 * @module: a module that is being unloaded
 *
 * It stays referenced: another driver may have been given a reference by it.
 *
 * Context: Module notifier.
 */
void devif_holders_module_gone(struct module *module)
{
	devif_export_each(check_export, module);
}

void devif_holders_init(void)
{
	directory = debugfs_create_dir("devif", NULL);
	debugfs_create_file("holders", 0400, directory, NULL, &holders_fops);
	debugfs_create_file("users", 0400, directory, NULL, &users_fops);
}

void devif_holders_exit(void)
{
	debugfs_remove_recursive(directory);
}
