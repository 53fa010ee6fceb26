/*
 * What a container has in the volumes that its image asks for (VOLUME in a Dockerfile) and that
 * nobody has named: they are no part of any image, and go with the container.
 */
#ifndef DS01_OPS_VOLUME_CHANGES_H
#define DS01_OPS_VOLUME_CHANGES_H

#include "engine/container.h"
#include "engine/container_diff.h"
#include "ops/session.h"

/*
 * Adds to *diff how the volumes differ from what the engine put into them at first, which is what
 * the image has there. Only a container shows what that is: where a volume holds something, one
 * is created from the image, never started, and removed. Of an image that is gone, and on Podman,
 * which fills volumes at the start only, all is taken for new.
 * *ret_complete is false when there is more than was looked at.
 */
int volume_changes_add(const struct session *session, const struct container *container,
    struct container_diff *diff, bool *ret_complete, struct error *err);

#endif
