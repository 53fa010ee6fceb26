/* What differs between the files that an image was built from and those that it will be. */
#ifndef DS01_OPS_IMAGE_DIFF_H
#define DS01_OPS_IMAGE_DIFF_H

#include "host/build_sources.h"

/*
 * Unified diffs of the Dockerfile and the requirements file, and a line for each other file that
 * came, went or changed; "" where nothing did. The caller frees it.
 */
char *image_diff(
    const char *project, const struct build_sources *before, const struct build_sources *after);

#endif
