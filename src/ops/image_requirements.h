/* The requirements file that is kept for a project, changed together with its image. */
#ifndef DS01_OPS_IMAGE_REQUIREMENTS_H
#define DS01_OPS_IMAGE_REQUIREMENTS_H

#include "host/requirements_bundle.h"
#include "ops/undo.h"

/*
 * Keeps `bundle` for the project; the file it takes the place of goes into the backup folder
 * (*ret_backup says where; it stays NULL where there was none, or the same). `undo` puts back
 * what was there.
 */
int image_change_requirements(const struct session *session, const char *project,
    const struct requirements_bundle *bundle, struct undo *undo, char **ret_backup,
    struct error *err);

#endif
