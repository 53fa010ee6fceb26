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
    char *framework;              /* "Pytorch-2.8.0-aime", where it was asked for as one */
};

struct container_image_request {
    const char *project;   /* whose image it is where nothing else is named */
    const char *named;     /* an image, a project or a framework, as typed; or NULL */
    const char *framework; /* "pytorch=2.8", as typed; or NULL */
    bool pull;             /* fetch one that is not there */
};

/*
 * Finds the image of a container. A bare name is first looked for among the caller's projects,
 * then on the engine, then among the frameworks of the catalogue. ERROR_NOT_FOUND says how to
 * make one.
 */
int container_image_find(const struct session *session,
    const struct container_image_request *request, struct container_image *ret, struct error *err);

/*
 * The fast path's condition (DS01-ARCHITECTURE.md "Container Creation Flow"): labels present
 * and uid and gid those of the caller.
 */
bool container_image_fits(const struct session *session, const struct container_image *image);

/*
 * The VOLUME of the image that the caller's home lies in, or NULL: a commit of a container holds
 * no home then, and the next container's would be an empty one of root's. Borrowed from `image`.
 */
const char *container_image_home_volume(
    const struct session *session, const struct container_image *image);

/* Tells the observer the document's warning and cure where the image is another user's. */
void container_image_warn(
    const struct session *session, const char *project, const struct container_image *image);

void container_image_release(struct container_image *image);

#endif
