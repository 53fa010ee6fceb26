/*
 * The document's legacy flow (DS01-ARCHITECTURE.md "Legacy Flow"): a temporary container of
 * an image in which the caller's user is set up, committed as an image of its own. It is made
 * once for an image and a user, found again by its labels, and goes with the last container
 * that uses it.
 *
 * The temporary container carries the stamp of its maker for as long as the new image has no
 * container, so that what a dead process left is known: see sweep.h.
 */
#ifndef DS01_OPS_COMMITTED_IMAGE_H
#define DS01_OPS_COMMITTED_IMAGE_H

#include "engine/container.h"
#include "ops/container_image.h"
#include "ops/session.h"
#include "ops/undo.h"

/* What the temporary container's name begins with; "-<uid>-<container's name>" follows. */
#define SETUP_CONTAINER "ds01-setup"

struct committed_image_request {
    const struct container_image *base;
    const char *name; /* of the container that it is for: the tag is "<name>._.<uid>" */
    const char *project;
    const char *network; /* of the temporary container, which may install sudo */
};

struct committed_image {
    char *reference;
    char *temporary;  /* container id, or NULL: the image was there already */
    struct undo undo; /* unmakes what was made */
};

/*
 * Finds the image, or makes it. *ret is the caller's, who creates a container from
 * `reference` and settles it. Releasing it unmakes what was made unless it is kept. ERROR_FAILED
 * with the setup's last words when it fails or takes longer than ten minutes.
 */
int committed_image_provide(const struct session *session,
    const struct committed_image_request *request, struct committed_image *ret, struct error *err);

/* The last step of making it: removes the temporary container. */
int committed_image_settle(
    const struct session *session, struct committed_image *committed, struct error *err);

/* From here on the image stays: all that it was made for is done. */
void committed_image_keep(struct committed_image *committed);

/* A setup's temporary container, whatever its state, whose maker is gone. */
bool committed_image_is_leftover_setup(const struct container *container);

/* Removes the committed image that a removed container was made from, unless another uses it. */
int committed_image_drop(
    const struct session *session, const struct container *container, struct error *err);

/* Removes those of the caller's that no container uses and whose maker is dead. */
int committed_images_drop_unused(const struct session *session, struct error *err);

void committed_image_release(struct committed_image *committed);

#endif
