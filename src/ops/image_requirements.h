/* The requirements file that a user names, read to be kept for a project. */
#ifndef DS01_OPS_IMAGE_REQUIREMENTS_H
#define DS01_OPS_IMAGE_REQUIREMENTS_H

#include "host/requirements_bundle.h"
#include "ops/session.h"

/*
 * Reads the user's file and what it names, to be kept for the project. ERROR_USAGE for a bad
 * line and for what cannot be taken along; variables that nothing sets are warned of.
 */
int image_requirements_read(const struct session *session, const char *project, const char *path,
    struct requirements_bundle *ret, struct error *err);

#endif
