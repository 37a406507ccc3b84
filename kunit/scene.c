// SPDX-License-Identifier: GPL-2.0
/*
 * A device that can be opened, for tests of targets.
 */
#include "client.h"
#include "fixture.h"
#include "pipe.h"
#include "scene.h"
#include "thing.h"

struct scene scene_new(struct kunit *test)
{
	struct scene scene;

	scene.fixture = fixture_add_bound(test);
	scene.pipe = pipe_export(test, &scene.fixture->dev);
	scene.devif = client_door(test, &scene.fixture->dev, NULL);
	return scene;
}

/* Make a child whose interface opens its parent's export, a pipe. */
struct scene scene_below(struct kunit *test, struct fixture *parent)
{
	struct scene scene;

	scene.fixture = fixture_add_child(test, &parent->dev);
	KUNIT_ASSERT_TRUE(test, fixture_bind(scene.fixture));
	scene.pipe = pipe_export(test, &parent->dev);
	thing_ask_parent(test, &scene.fixture->dev, NULL);
	scene.devif = client_door(test, &scene.fixture->dev, NULL);
	return scene;
}

/*
 * Ways to remove the device
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

/* Query the removal, for an errand. */
long scene_query_remove(void *arg)
{
	struct scene *scene = arg;

	return devif_query_remove(&scene->fixture->dev);
}
