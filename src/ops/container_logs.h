/* What a container's main process wrote, of a container of the caller's. */
#ifndef DS01_OPS_CONTAINER_LOGS_H
#define DS01_OPS_CONTAINER_LOGS_H

#include "engine/exec.h"
#include "ops/session.h"

struct container_logs_request {
    const char *name;
    const char *tail; /* a number of lines, or "all" */
    bool follow;      /* until the container ends */
};

/* Gives it to `sink`, by stream. ERROR_NOT_FOUND without the container. */
int container_logs(const struct session *session, const struct container_logs_request *request,
    frame_sink sink, void *context, struct error *err);

#endif
