/* Comparing a container with its image, stopped or running, through the engine alone. */
#ifndef DS01_OPS_CONTAINER_CHANGES_H
#define DS01_OPS_CONTAINER_CHANGES_H

#include "engine/container.h"
#include "model/container_changes.h"
#include "ops/session.h"

/*
 * One request where nothing has changed, which may take seconds: the engine looks at every
 * file. Then one for each package that was installed, since only the package says which files
 * are its own; what cannot be read is told as files. Volumes with content take more:
 * volume_changes.h. `container` is an inspected one.
 */
int container_changes_find(const struct session *session, const struct container *container,
    struct container_changes *ret, struct error *err);

#endif
