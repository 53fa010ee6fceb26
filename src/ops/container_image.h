/* Which image a container is made from, and whether the caller may use it as it is. */
#ifndef DS01_OPS_CONTAINER_IMAGE_H
#define DS01_OPS_CONTAINER_IMAGE_H

#include "engine/image.h"
#include "model/label.h"
#include "ops/session.h"

struct container_image {
    char *reference; /* as the container is created from it */
    struct image image;
    struct image_ownership owner; /* borrows from image */
};

/*
 * Finds the image for a container of `project`. `named` is what the user typed for it, or
 * NULL: then the project's own. A bare name is first looked for among the caller's
 * projects; one that is not on the engine is fetched, with `pull`. ERROR_NOT_FOUND says how
 * to make one.
 */
int container_image_find(const struct session *session, const char *project, const char *named,
    bool pull, struct container_image *ret, struct error *err);

/*
 * The fast path's condition (DS01-ARCHITECTURE.md "Container Creation Flow"): labels present
 * and uid and gid those of the caller.
 */
bool container_image_fits(const struct session *session, const struct container_image *image);

/* Tells the observer the document's warning and cure where the image is another user's. */
void container_image_warn(
    const struct session *session, const char *project, const struct container_image *image);

void container_image_release(struct container_image *image);

#endif
