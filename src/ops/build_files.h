/* Which of the user's files a build is sent. */
#ifndef DS01_OPS_BUILD_FILES_H
#define DS01_OPS_BUILD_FILES_H

#include "model/dockerfile.h"
#include "ops/image_build.h"

struct build_files {
    int directory;    /* -EBADF: none at all */
    struct strv only; /* as struct build_context has it, where `some` says so */
    bool some;
    bool own;
};

/* Fails as build_files_open() would for a folder that is not there, where `file` takes from it. */
int build_files_check(const struct session *session, const struct image_build_request *request,
    const struct dockerfile *file, struct error *err);

/*
 * With a folder of the user's own, what the instructions of `file` take from there, and all of it
 * where that cannot be known: for their patterns and variables, for a base image that brings
 * instructions along (ONBUILD), which must be on the engine by now, and by Podman. Without one, the
 * requirements files of the project, where the Dockerfile speaks of them, and nothing else.
 */
int build_files_open(const struct session *session, const struct image_build_request *request,
    const struct dockerfile *file, struct build_files *ret, struct error *err);

void build_files_release(struct build_files *files);

#endif
