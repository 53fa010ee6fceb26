/* Removing an image; the Dockerfile stays, so that it can be built again. */
#ifndef DS01_OPS_IMAGE_RETIRE_H
#define DS01_OPS_IMAGE_RETIRE_H

#include "ops/session.h"

struct image_retire_request {
    const char *project; /* a valid project name */
    const char *tag;     /* of an image that was saved beside the current one; NULL: that one */
    bool force;          /* retire the caller's containers that use it first; ask nothing */
    bool purge;          /* move Dockerfile and metadata to the backup folder too */
    bool confirmed;      /* ask nothing */
    bool dry_run;
};

struct image_retire_result {
    char *name;             /* "proj" or "proj:tag" */
    char *image;            /* reference */
    bool removed;           /* there was an image (dry run: there is one) */
    bool purged;            /* there were files, and they were moved (dry run: there are) */
    bool dockerfile_stays;  /* there is one, so that it can be built again */
    int64_t freed;          /* bytes that only it and builds before it had; -1 unknown */
    struct strv containers; /* retired with it, or in the way (dry run) */
};

/*
 * ERROR_REFUSED while containers use it, with their names, and with `force` while other people's
 * do, unless root calls; ERROR_NOT_FOUND without it.
 */
int image_retire(const struct session *session, const struct image_retire_request *request,
    struct image_retire_result *ret, struct error *err);

/*
 * The bytes that the removal of all of these images (references) frees; -1 unknown. It is more than
 * the sum of what each by itself does where they have layers in common.
 */
int image_retire_freed(const struct session *session, const struct strv *images, int64_t *ret_bytes,
    struct error *err);

void image_retire_result_release(struct image_retire_result *result);

#endif
