/* What was asked of image-create, as a recipe: framework or base, sets, packages, requirements. */
#ifndef DS01_OPS_IMAGE_RECIPE_H
#define DS01_OPS_IMAGE_RECIPE_H

#include "host/project_files.h"
#include "host/requirements_bundle.h"
#include "ops/image_create.h"

/*
 * Fills a recipe; a request without framework and base takes those of `metadata`, where all
 * that was asked for is noted. *ret_bundle is the requirements file, empty where there is none.
 * ERROR_USAGE for what is not known or not there.
 */
int image_recipe_fill(const struct session *session, const struct image_create_request *request,
    struct project_metadata *metadata, struct recipe *ret, struct requirements_bundle *ret_bundle,
    struct error *err);

#endif
