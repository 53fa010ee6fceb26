/* What image-create can offer to choose from, beside frameworks (ops/framework.h). */
#ifndef DS01_OPS_IMAGE_OFFER_H
#define DS01_OPS_IMAGE_OFFER_H

#include "host/package_sets.h"
#include "ops/session.h"

struct image_offer {
    struct package_sets sets;
    struct strv uses;  /* names of the sets that are for a use: "ml", "cv" … */
    char *default_apt; /* what an image from a framework gets of apt, with blanks between */
};

/* ERROR_FAILED where an admin's file is damaged. */
int image_offer_load(struct image_offer *ret, struct error *err);
void image_offer_release(struct image_offer *offer);

/*
 * Where a project's requirements.txt is likely to be: in the current folder, its workspace or the
 * home, the first in which there is one; else NULL. The caller frees it.
 */
char *image_offer_requirements(const struct session *session, const char *project);

/* True where the caller has a Dockerfile of that project. */
bool image_offer_taken(const struct session *session, const char *project);

#endif
