/* A test's scripted engine, and ds01's end of the connection to it. */
#ifndef DS01_TESTS_SCENE_H
#define DS01_TESTS_SCENE_H

#include "engine/engine.h"
#include "fake_engine.h"

struct scene {
    struct fake_engine *fake;
    struct engine *engine;
    struct error err;
};

/* `replies` must outlive it. */
void scene_open(struct scene *scene, const struct fake_reply *replies, size_t count);

void scene_close(struct scene *scene);

#endif
