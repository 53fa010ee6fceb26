/* The files that an image is built from, changed together with it. */
#ifndef DS01_OPS_IMAGE_SOURCES_H
#define DS01_OPS_IMAGE_SOURCES_H

#include "ops/image_change.h"

/*
 * Puts `sources` in the place of the project's own, before->now. A file that is the same there
 * is not touched, and empty requirements remove those there were. What is replaced goes into the
 * backup folder, unless the copy of what the image was built from is the same: *ret_backup and
 * *ret_requirements_backup say where, and stay as they are where nothing was replaced. `undo`
 * puts everything back, but for a file that somebody has changed since: that stays, and is told of.
 */
int image_change_sources(const struct session *session, const char *project,
    const struct image_before *before, const struct build_sources *sources, struct undo *undo,
    char **ret_backup, char **ret_requirements_backup, struct error *err);

#endif
