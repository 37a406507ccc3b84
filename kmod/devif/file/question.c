// SPDX-License-Identifier: GPL-2.0
/*
 * Questions: the holders of one device are asked whether it may be removed (K7).
 *
 * Targets, and event files that were opened for it, answer. Two kinds of holders cannot be
 * asked, and so refuse: files that are open in user space and that no event file speaks
 * for, and pinned holds on query interfaces whose holder would stay. A holder that wants to
 * be asked queries through a target, and gives the table back in its query_remove(): so
 * pinned holds are looked at after all have answered.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "file/question.h"

/* Add a line to the report, and log a refusal. */
static void question_note(const struct devif_question *question,
			  const struct devif_host *host, const char *kind,
			  const char *name, const char *holder, int answer)
{
	char text[UUID_STRING_LEN + DEVIF_HOLDER_SIZE + 16];

	snprintf(text, sizeof(text), "%s %s %s", kind, name, holder);
	devif_list_add(question->report, answer ? "refused" : "agreed", text);
	if (answer)
		pr_info("%s: removal refused by %s (%s %s): error %d\n", host->id,
			holder, kind, name, answer);
}

/* Context: The host's listeners_lock held. */
static bool question_ask(struct devif_listener *listener, void *data)
{
	const struct devif_question *question = data;

	return listener->ops->ask && listener->ops->ask(listener, question->limit);
}

/* Ask those who can answer, until one refuses. */
static int question_ask_listeners(struct devif_host *host,
				  const struct devif_question *question)
{
	struct devif_listener *listener, cursor = {};
	char name[DEVIF_NAME_SIZE], holder[DEVIF_HOLDER_SIZE];
	const char *kind;
	int ret = 0;

	devif_listener_begin_walk(host, &cursor);
	while (!ret && devif_question_is_pending(question) &&
	       (listener = devif_listener_next(host, &cursor, question_ask,
					       (void *)question))) {
		/* the listener may be freed when it has answered */
		kind = listener->ops->kind;
		strscpy(name, devif_name(listener->devif), sizeof(name));
		strscpy(holder, listener->holder, sizeof(holder));
		ret = listener->ops->await(listener);
		question_note(question, host, kind, name, holder, ret);
	}
	devif_listener_end_walk(host, &cursor);
	return ret == -EINTR ? ret : ret ? -EBUSY : 0;
}

/**
 * devif_question_check_files() - find files that no event file speaks for
 * @host: the device
 * @question: the question
 *
 * Context: May sleep.
 *
 * Return: 0, or -EBUSY if there is one
 */
int devif_question_check_files(struct devif_host *host,
			       const struct devif_question *question)
{
	char name[DEVIF_NAME_SIZE] = "-", holder[DEVIF_HOLDER_SIZE] = "a process";
	bool unspoken;

	spin_lock_irq(&host->listeners_lock);
	/* files that are being opened are counted, and not listed yet */
	unspoken = atomic_read(&host->open_by_user) > atomic_read(&host->spoken_for);
	spin_unlock_irq(&host->listeners_lock);
	if (!unspoken)
		return 0;
	devif_files_unspoken(host, name, holder);
	question_note(question, host, "file", name, holder, -EBUSY);
	return -EBUSY;
}

/* Note the pinned holders of an export that would stay; return whether one exists. */
static bool question_note_pins(const struct devif_question *question,
			       struct devif_export *export)
{
	struct devif_handle *handle = NULL;
	char guid[UUID_STRING_LEN + 1];
	bool found = false;

	snprintf(guid, sizeof(guid), "%pUl", &export->key.guid);
	while ((handle = devif_handle_next(export, handle))) {
		if (handle->outside) {
			question_note(question, export->host, "pinned", guid,
				      handle->holder, -EBUSY);
			found = true;
		}
		cond_resched();
	}
	return found;
}

static int question_check_pins(struct devif_host *host,
			       const struct devif_question *question)
{
	struct devif_export *export = NULL;
	bool found = false;

	if (!atomic_read(&host->pins))
		return 0;
	/* an export that has ended may be pinned, but its device is not needed */
	while ((export = devif_export_next(export)))
		if (export->host == host && !READ_ONCE(export->withdrawn))
			found |= question_note_pins(question, export);
	return found ? -EBUSY : 0;
}

/**
 * devif_question_put() - ask the holders of a device
 * @host: the device
 * @question: the question
 *
 * Context: May sleep; no lock held.
 *
 * Return: 0, -EBUSY if a holder refuses, or -EINTR if the process is killed
 */
int devif_question_put(struct devif_host *host, const struct devif_question *question)
{
	int ret = question_ask_listeners(host, question);

	/* an event file may have been closed while its file stays open */
	ret = ret ?: devif_question_check_files(host, question);
	return ret ?: question_check_pins(host, question);
}

/* Context: The host's listeners_lock held. */
static bool question_call_off(struct devif_listener *listener, void *data)
{
	if (listener->ops->call_off)
		listener->ops->call_off(listener);
	return false;
}

/**
 * devif_question_call_off() - tell those who have agreed that the device stays
 * @host: the device
 *
 * Context: Any that may take a spinlock.
 */
void devif_question_call_off(struct devif_host *host)
{
	struct devif_listener cursor = {};

	devif_listener_begin_walk(host, &cursor);
	devif_listener_next(host, &cursor, question_call_off, NULL);
	devif_listener_end_walk(host, &cursor);
}
