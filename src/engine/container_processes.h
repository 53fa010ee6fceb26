/* What runs in a container. */
#ifndef DS01_ENGINE_CONTAINER_PROCESSES_H
#define DS01_ENGINE_CONTAINER_PROCESSES_H

#include "engine/engine.h"

/* How many processes it has, its main one included. ERROR_REFUSED when it does not run. */
int engine_container_count_processes(
    struct engine *engine, const char *container, size_t *ret, struct error *err);

#endif
