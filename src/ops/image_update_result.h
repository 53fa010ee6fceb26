/* What image_update(), image_rollback() and image_create() do alike. */
#ifndef DS01_OPS_IMAGE_UPDATE_RESULT_H
#define DS01_OPS_IMAGE_UPDATE_RESULT_H

#include "host/project_files.h"
#include "ops/image_update.h"

/* ERROR_NOT_FOUND, with what to type. Returns -1. */
int image_no_dockerfile(const struct session *session, const char *project, struct error *err);

/* Notes what the Dockerfile installs now, for the memory aid. */
void image_note_packages(struct project_metadata *metadata, const char *text, size_t length);

/* Fills result->outdated: the image's containers, but those of the build `id`; NULL: a new one. */
void image_note_outdated(
    const struct session *session, const char *id, struct image_update_result *result);

#endif
