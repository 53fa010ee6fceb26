/* The requirements file that is kept for a project, changed together with its image. */
#ifndef DS01_OPS_IMAGE_REQUIREMENTS_H
#define DS01_OPS_IMAGE_REQUIREMENTS_H

#include "ops/image_change.h"

/*
 * Reads the user's file and what it names, to be kept for the project. ERROR_USAGE for a bad
 * line and for what cannot be taken along; variables that nothing sets are warned of.
 */
int image_requirements_read(const struct session *session, const char *project, const char *path,
    struct requirements_bundle *ret, struct error *err);

/*
 * Keeps `bundle` for the project; the file it takes the place of goes into the backup folder
 * (*ret_backup says where; it stays NULL where there was none, or the same), unless the copy
 * of what the image was built from is the same. `undo` puts back what was there.
 */
int image_change_requirements(const struct session *session, const char *project,
    const struct image_before *before, const struct requirements_bundle *bundle, struct undo *undo,
    char **ret_backup, struct error *err);

#endif
