// SPDX-License-Identifier: GPL-2.0
/*
 * Lists of holders and users, in debugfs.
 */
#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>

#include "core/keeper.h"
#include "events/events.h"
#include "query/query.h"
#include "user/user.h"

static struct dentry *directory;

/*
 * Walks. A reader of a file may take its time, and other tasks are to go on: no lock is
 * held between two lines. The walk rests at the object that it has come to, which stays
 * in its list meanwhile.
 */

/**
 * struct walk - position of a reader in one of the files
 * @step: moves to the next line, and returns false at the end
 * @pos: number of the line, 0 before the first
 * @ended: the walk is at its end
 * @export: the present export, referenced
 * @handle: the present handle, where the walk rests, or %NULL for @export itself
 * @host: the present device, referenced
 * @cursor: place among the listeners of @host
 * @listener: the present listener
 * @keepers: the walk has come to the keepers, which are last
 */
struct walk {
	bool (*step)(struct walk *walk);
	loff_t pos;
	bool ended;
	struct devif_export *export;
	struct devif_handle *handle;
	struct devif_host *host;
	struct devif_listener cursor;
	struct devif_listener_view listener;
	bool keepers;
};

static bool export_asks_parent(const struct devif_export *export)
{
	return export->desc.flags & DEVIF_EXPORT_ASK_PARENT;
}

/* Move to the next handle, or to an export without any that sends queries to the parent. */
static bool step_to_holder(struct walk *walk)
{
	do {
		if (walk->export)
			walk->handle = devif_handle_next(walk->export,
							 walk->handle);
		if (walk->handle)
			return true;
		walk->export = devif_export_next(walk->export);
	} while (walk->export && !export_asks_parent(walk->export));
	return walk->export;
}

static bool step_to_listener(struct walk *walk)
{
	for (;;) {
		if (walk->host) {
			if (devif_listener_walk(walk->host, &walk->cursor,
						&walk->listener))
				return true;
			devif_listener_end_walk(walk->host, &walk->cursor);
		}
		walk->host = devif_host_walk(walk->host);
		if (!walk->host)
			return false;
		devif_listener_begin_walk(walk->host, &walk->cursor);
	}
}

/* Walk the files first, by their handles, then the listeners, and all keepers at once. */
static bool step_to_user(struct walk *walk)
{
	if (walk->keepers)
		return false;
	while (!walk->host && step_to_holder(walk))
		if (walk->handle && READ_ONCE(walk->handle->user))
			return true;
	walk->keepers = !step_to_listener(walk);
	return true;
}

static void holders_rewind(struct walk *walk)
{
	devif_handle_leave(walk->handle);
	if (walk->export)
		devif_export_put(walk->export);
	if (walk->host) {
		devif_listener_end_walk(walk->host, &walk->cursor);
		devif_host_put(walk->host);
	}
	walk->handle = NULL;
	walk->export = NULL;
	walk->host = NULL;
	walk->keepers = false;
	walk->ended = false;
	walk->pos = 0;
}

static void *walk_start(struct seq_file *file, loff_t *pos)
{
	struct walk *walk = file->private;

	if (*pos < walk->pos)
		holders_rewind(walk);
	if (!*pos)
		return SEQ_START_TOKEN;
	while (walk->pos < *pos && !walk->ended) {
		walk->ended = !walk->step(walk);
		walk->pos++;
		cond_resched();
	}
	return walk->ended ? NULL : walk;
}

static void *walk_next(struct seq_file *file, void *at, loff_t *pos)
{
	++*pos;
	return walk_start(file, pos);
}

/* The walk stays where it is. */
static void walk_stop(struct seq_file *file, void *at)
{
}

static int open_walk(struct file *file, const struct seq_operations *ops,
		     bool (*step)(struct walk *walk))
{
	struct walk *walk = __seq_open_private(file, ops, sizeof(*walk));

	if (!walk)
		return -ENOMEM;
	walk->step = step;
	return 0;
}

static int walk_release(struct inode *inode, struct file *file)
{
	struct seq_file *seq = file->private_data;

	holders_rewind(seq->private);
	return seq_release_private(inode, file);
}

/*
 * Holders of query interfaces: one line for each handle, and for each device that sends
 * queries to its parent, and so depends on it (J14)
 */

/*
 * Return the device of an export, referenced, and the name that it has as a holder; %NULL
 * if the export has been withdrawn.
 */
static struct device *holders_get_asking(const struct devif_export *export,
					 char *holder)
{
	guard(mutex)(&devif_registry_lock);
	if (export->withdrawn)
		return NULL;
	devif_name_holder(holder, export->host->dev, export->owner);
	return get_device(export->host->dev);
}

static void show_asked(struct seq_file *file, const struct devif_export *export,
		       struct device *parent, const char *holder)
{
	struct devif_host *host = devif_host_find(parent);
	char guid[UUID_STRING_LEN + 1] = "any";

	if (!guid_is_null(&export->key.guid))
		snprintf(guid, sizeof(guid), "%pUl", &export->key.guid);
	seq_printf(file, "%-36s %7s  %-9s  %-6s  %10u  %7s  %-9s  %s  %s\n",
		   guid, "-", "asks", "open", 0, "-", "-",
		   host ? host->id : dev_name(parent), holder);
	if (host)
		devif_host_put(host);
}

static void show_asking(struct seq_file *file, const struct devif_export *export)
{
	char holder[DEVIF_HOLDER_SIZE];
	struct device *dev = holders_get_asking(export, holder);
	struct device *parent;

	if (!dev)
		return;
	parent = devif_get_parent(dev);
	if (parent)
		show_asked(file, export, parent, holder);
	put_device(parent);
	put_device(dev);
}

static void show_handle(struct seq_file *file, const struct devif_handle *handle)
{
	const struct devif_export *export = handle->export;
	int interface = READ_ONCE(handle->interface);
	char name[sizeof("devif4294967295")] = "-";

	if (interface >= 0)
		snprintf(name, sizeof(name), "devif%d", interface);
	seq_printf(file, "%pUl %7u  %-9s  %-6s  %10u  %7lld  %-9s  %s  %s\n",
		   &export->key.guid, export->table->version,
		   handle->pinned ? "pinned" : "revocable",
		   devif_is_gone(&handle->hold) ? "ended" : "open",
		   devif_handle_references(handle), devif_handle_age(handle),
		   name, export->host->id, handle->holder);
}

static int holders_show(struct seq_file *file, void *at)
{
	struct walk *walk = file->private;

	if (at == SEQ_START_TOKEN)
		seq_printf(file, "%-36s %7s  %-9s  %-6s  %10s  %7s  %-9s  %s\n",
			   "GUID", "VERSION", "KIND", "EXPORT", "REFERENCES",
			   "SECONDS", "INTERFACE", "DEVICE  HOLDER");
	else if (!walk->handle)
		show_asking(file, walk->export);
	else if (!READ_ONCE(walk->handle->dead))
		show_handle(file, walk->handle);
	return 0;
}

static const struct seq_operations holders_seq_ops = {
	.start = walk_start,
	.next = walk_next,
	.stop = walk_stop,
	.show = holders_show,
};

static int holders_open(struct inode *inode, struct file *file)
{
	return open_walk(file, &holders_seq_ops, step_to_holder);
}

static const struct file_operations holders_fops = {
	.owner = THIS_MODULE,
	.open = holders_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = walk_release,
};

/*
 * Users of interfaces: open files and listeners
 */

static void show_user(struct seq_file *file, unsigned int interface,
		      const char *kind, const char *holder)
{
	char name[sizeof("devif4294967295")];

	snprintf(name, sizeof(name), "devif%u", interface);
	seq_printf(file, "%-9s  %s: %s\n", name, kind, holder);
}

static int users_show(struct seq_file *file, void *at)
{
	const struct walk *walk = file->private;

	if (at == SEQ_START_TOKEN)
		seq_printf(file, "%-9s  %s\n", "INTERFACE", "KIND: HOLDER");
	else if (walk->keepers)
		devif_keepers_show(file);
	else if (walk->host)
		show_user(file, walk->listener.interface, walk->listener.kind,
			  walk->listener.holder);
	else if (!READ_ONCE(walk->handle->dead))
		show_user(file, walk->handle->interface, "file",
			  walk->handle->holder);
	return 0;
}

static const struct seq_operations users_seq_ops = {
	.start = walk_start,
	.next = walk_next,
	.stop = walk_stop,
	.show = users_show,
};

static int users_open(struct inode *inode, struct file *file)
{
	return open_walk(file, &users_seq_ops, step_to_user);
}

static const struct file_operations users_fops = {
	.owner = THIS_MODULE,
	.open = users_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = walk_release,
};

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
