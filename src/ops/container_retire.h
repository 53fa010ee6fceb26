/*
 * The end of a container: stopped, removed. The workspace and the image stay; what only the
 * container has is shown first, and brought into the image where that is wanted.
 */
#ifndef DS01_OPS_CONTAINER_RETIRE_H
#define DS01_OPS_CONTAINER_RETIRE_H

#include "model/container_changes.h"
#include "ops/container_save.h"
#include "ops/session.h"

/* What becomes of that which only the container has. */
enum retire_how {
    RETIRE_ASK,
    RETIRE_DROP,
    RETIRE_UPDATE, /* image-update adds the packages first */
    RETIRE_SAVE,   /* the container becomes the image: ops/container_save.h */
};

struct container_retire_request {
    const char *name;
    enum retire_how how;
    const char *tag;          /* of the saved image; NULL: the project's current one */
    const struct strv *saved; /* images that were saved just now and must stay, or NULL */
    bool force;               /* compare nothing, ask nothing */
    bool dry_run;
};

struct container_retire_result {
    char *name;
    char *project;
    char *workspace;              /* host directory that stays, or NULL */
    char *image;                  /* reference that stays */
    char *image_of_project;       /* the current one's */
    bool is_project_image;        /* `image` is the caller's project's */
    struct saved_container saved; /* the image that it became, or would */
    char *offer;    /* the image-update command that brings the packages; NULL: none can */
    char *left_out; /* a sentence on packages that no such command brings, or NULL */
    bool was_running;
    bool compared; /* `changes` tells what only the container has */
    bool updated;  /* the packages are in the image now */
    struct container_changes changes;
};

/*
 * Asks before it removes, unless `force` or `how` says it all: ERROR_REFUSED when the container
 * is to be kept. What fails before the removal leaves the container as it was. A container
 * that is being removed already counts as retired.
 */
int container_retire(const struct session *session, const struct container_retire_request *request,
    struct container_retire_result *ret, struct error *err);

void container_retire_result_release(struct container_retire_result *result);

#endif
