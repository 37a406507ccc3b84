/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device that can be opened, for tests of targets.
 */
#ifndef DEVIF_KUNIT_SCENE_H
#define DEVIF_KUNIT_SCENE_H

#include <kunit/test.h>
#include <linux/devif.h>

struct fixture;
struct pipe;

/**
 * struct scene - a device that can be opened
 * @fixture: a device, bound
 * @pipe: its exporter
 * @devif: its interface, enabled
 */
struct scene {
	struct fixture *fixture;
	struct pipe *pipe;
	struct devif *devif;
};

struct scene scene_new(struct kunit *test);
struct scene scene_below(struct kunit *test, struct fixture *parent);
void scene_unplug(struct scene *scene);
void scene_unbind(struct scene *scene);
void scene_unexport(struct scene *scene);
long scene_query_remove(void *arg);

#endif /* DEVIF_KUNIT_SCENE_H */
