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
 * @report: gets a line for each holder that was asked, and for those that refuse
 * @limit: time that an application has to answer, in jiffies
 */
struct devif_question {
	struct devif_list *report;
	unsigned long limit;
};

int devif_question_check_files(struct devif_host *host,
			       const struct devif_question *question);
int devif_question_put(struct devif_host *host, const struct devif_question *question);
void devif_question_call_off(struct devif_host *host);

#endif /* DEVIF_QUESTION_H */
