/* The end of a container: stopped, removed. The workspace and the image stay. */
#ifndef DS01_OPS_CONTAINER_RETIRE_H
#define DS01_OPS_CONTAINER_RETIRE_H

#include "ops/session.h"

struct container_retire_request {
    const char *name;
    bool force; /* ask nothing */
    bool dry_run;
};

struct container_retire_result {
    char *name;
    char *workspace; /* host directory that stays, or NULL */
    char *image;     /* reference that stays */
    bool was_running;
};

/*
 * Asks before it removes, unless `force`: ERROR_REFUSED when the answer is no. A container
 * that is being removed already counts as retired.
 */
int container_retire(const struct session *session, const struct container_retire_request *request,
    struct container_retire_result *ret, struct error *err);

void container_retire_result_release(struct container_retire_result *result);

#endif
