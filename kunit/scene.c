// SPDX-License-Identifier: GPL-2.0
/*
 * What most of the tests of targets need: a device that can be opened.
 */
#include "client.h"
#include "fixture.h"
#include "pipe.h"
#include "scene.h"

struct scene scene_new(struct kunit *test)
{
	struct scene scene;

	scene.fixture = fixture_add_bound(test);
	scene.pipe = pipe_export(test, &scene.fixture->dev);
	scene.devif = client_door(test, &scene.fixture->dev, NULL);
	return scene;
}

/*
 * Ways to go
 */

void scene_unplug(struct scene *scene)
{
	fixture_unplug(scene->fixture);
}

void scene_unbind(struct scene *scene)
{
	fixture_unbind(scene->fixture);
}

void scene_unexport(struct scene *scene)
{
	pipe_unexport(scene->pipe);
}

/* For an errand. */
long scene_query_remove(void *arg)
{
	struct scene *scene = arg;

	return devif_query_remove(&scene->fixture->dev);
}
