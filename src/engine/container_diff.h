/* Which files of a container are not as its image has them: GET /containers/{id}/changes. */
#ifndef DS01_ENGINE_CONTAINER_DIFF_H
#define DS01_ENGINE_CONTAINER_DIFF_H

#include "engine/engine.h"

/*
 * Absolute paths, in the engine's order. A directory is modified when something in it is
 * changed; of a removed directory only it itself is named, of an added one all that is in it.
 */
struct container_diff {
    struct strv modified;
    struct strv added;
    struct strv removed;
};

/*
 * Works on stopped containers too. The engine looks at every file of image and container
 * (moby daemon/graphdriver/overlay2, naive diff): a second for a small image, many for one of
 * 20 GB, so it may take as long as it takes.
 */
int engine_container_diff(
    struct engine *engine, const char *container, struct container_diff *ret, struct error *err);

/* Bytes of the files in the container's own layer, as their sizes say it. */
int engine_container_size(
    struct engine *engine, const char *container, int64_t *ret_bytes, struct error *err);

void container_diff_release(struct container_diff *diff);

#endif
