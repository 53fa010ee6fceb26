/*
 * What an image says of itself that was saved from a container: as the container's own image
 * did, but for the user, and without what was meant for the container alone.
 *
 * An engine adds a container's labels and variables to the image it makes of it, by key
 * (engine/container_commit.h), so what must not enter the image is written down empty.
 */
#ifndef DS01_MODEL_SAVED_IMAGE_H
#define DS01_MODEL_SAVED_IMAGE_H

#include <sys/types.h>

#include "base/strv.h"

struct saved_image {
    const char *container; /* name of the container */
    const char *project;
    const char *login;    /* of the user, on the server */
    const char *username; /* and in the container */
    uid_t uid;
    gid_t gid;
};

/* `container` and `image` are the labels of the two; labels of no image are empty. */
void saved_image_labels(const struct saved_image *saved, const struct strmap *container,
    const struct strmap *image, struct strmap *ret);

/*
 * "KEY=value" as in `image`, USER and PATH as in `container`, and HOME too, where it has one
 * and has not left it to passwd; others of the container, given with -e and perhaps secret, empty.
 */
void saved_image_environment(const struct saved_image *saved, const struct strv *container,
    const struct strv *image, struct strv *ret);

#endif
