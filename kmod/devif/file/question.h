/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Questions to the holders of a device, for question.c and removal.c.
 */
#ifndef DEVIF_QUESTION_H
#define DEVIF_QUESTION_H

#include "events/events.h"
#include "file/file.h"

/**
 * struct devif_question - a question whether devices may be removed
 * @top: the device that is to be removed
 * @report: gets a line for each holder that was asked, and for those that refuse
 * @limit: time that an application has to answer, in jiffies
 */
struct devif_question {
	const struct devif_host *top;
	struct devif_list *report;
	unsigned long limit;
};

/**
 * devif_question_is_pending() - tell whether the answers still matter
 * @question: the question
 *
 * Return: whether the removal has not been called off
 */
static inline bool devif_question_is_pending(const struct devif_question *question)
{
	return READ_ONCE(question->top->removal) == DEVIF_REMOVAL_PENDING;
}

int devif_question_check_files(struct devif_host *host,
			       const struct devif_question *question);
int devif_question_put(struct devif_host *host, const struct devif_question *question);
void devif_question_call_off(struct devif_host *host);

#endif /* DEVIF_QUESTION_H */
