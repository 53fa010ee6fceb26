#include "scene.h"

#include "check.h"

void scene_open(struct scene *scene, const struct fake_reply *replies, size_t count)
{
    *scene = (struct scene){.err = ERROR_INIT};
    scene->fake = fake_engine_start(replies, count);
    assert_int_equal(engine_new(fake_engine_host(scene->fake), &scene->engine, &scene->err), 0);
}

void scene_close(struct scene *scene)
{
    engine_free(scene->engine);
    error_release(&scene->err);
    fake_engine_stop(scene->fake);
}
