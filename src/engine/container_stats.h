/* What running containers use. */
#ifndef DS01_ENGINE_CONTAINER_STATS_H
#define DS01_ENGINE_CONTAINER_STATS_H

#include <stdint.h>

#include "engine/engine.h"

/* Counted by the engine at one moment; -1: not known. */
struct container_sample {
    int64_t cpu;  /* nanoseconds on processors, since the container's start */
    int64_t host; /* nanoseconds of all processors together, since the host's */
    int64_t processors;
    int64_t memory; /* bytes, without what is only a cache of files not lately used */
    int64_t memory_limit;
    int64_t processes;
};

/*
 * Takes samples of all of them at the same time: Docker 20.10 answers at its next whole second
 * only. `ret` has room for `count`; what is known of a container that is gone is all -1.
 */
int engine_container_samples(struct engine *engine, const char *const *ids, size_t count,
    struct container_sample *ret, struct error *err);

/* Percent of one processor between two samples, or -1. */
double container_cpu_percent(
    const struct container_sample *before, const struct container_sample *now);

#endif
