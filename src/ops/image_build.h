/* The one function that builds an image, whatever the path that leads there. */
#ifndef DS01_OPS_IMAGE_BUILD_H
#define DS01_OPS_IMAGE_BUILD_H

#include "ops/session.h"

struct image_build_request {
    const char *project;
    const char *dockerfile; /* its text */
    size_t dockerfile_length;
    const char *file; /* what it is called in messages; NULL: "<project>.Dockerfile" */
    const char *base; /* the image that was asked for, whose line is nobody's concern; or NULL */
    /* Directory whose files the build may copy, or NULL: only the project's requirements files. */
    const char *context;
    const char *own_name; /* of the Dockerfile there, whose own .dockerignore counts; or NULL */
    bool no_cache;
    bool pull; /* ask the registry for newer base images */
};

/*
 * What image_build() would refuse before it asks the engine for anything: the Dockerfile, the
 * settings for builds, a context that is not there. For who only tells what would be done.
 */
int image_build_check(
    const struct session *session, const struct image_build_request *request, struct error *err);

/*
 * Pulls what the Dockerfile is based on where it is missing, builds, tags
 * ds01-<uid>/<project>:latest. *ret_id is the image's, to be freed. On failure the tag is as
 * it was.
 */
int image_build(const struct session *session, const struct image_build_request *request,
    char **ret_id, struct error *err);

/*
 * The base images of the Dockerfile `text` that the engine has not: what a build would pull.
 * Fails as image_build() would.
 */
int image_build_missing_bases(
    const struct session *session, const char *text, struct strv *ret_missing, struct error *err);

#endif
