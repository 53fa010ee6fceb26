/*
 * What a process that died in the middle left on the engine (kill -9, a crash, a power
 * cut): found by its labels and removed, at the start of every changing operation.
 */
#ifndef DS01_OPS_SWEEP_H
#define DS01_OPS_SWEEP_H

#include "ops/session.h"

/*
 * Removes this caller's containers that a dead deploy created but never started, and
 * temporary ones of a dead user setup, with the images that were committed for them. Two
 * engine requests when there are none.
 */
int sweep_containers(const struct session *session, struct error *err);

/*
 * Removes this caller's untagged builds of `project` that no container uses: a rebuild
 * leaves the build before. `keep_id` is spared (may be NULL). Those that are in use stay.
 */
int sweep_builds(
    const struct session *session, const char *project, const char *keep_id, struct error *err);

#endif
