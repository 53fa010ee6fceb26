/* What a container's main process wrote. */
#ifndef DS01_ENGINE_CONTAINER_LOGS_H
#define DS01_ENGINE_CONTAINER_LOGS_H

#include "engine/container.h"
#include "engine/exec.h"

/*
 * Gives what `container`, as inspected, wrote to `sink`, oldest first; what is from a terminal
 * all as stream 1. `tail` is how many lines of the end, "5", or "all". With `follow` it goes on
 * until the container ends: ERROR_INTERRUPTED when a signal comes before.
 */
int engine_container_logs(struct engine *engine, const struct container *container,
    const char *tail, bool follow, frame_sink sink, void *context, struct error *err);

#endif
