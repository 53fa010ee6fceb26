#include "ops/container_logs.h"

#include "engine/container_logs.h"
#include "ops/container_list.h"

int container_logs(const struct session *session, const struct container_logs_request *request,
    frame_sink sink, void *context, struct error *err)
{
    _cleanup_(container_release) struct container container = {0};

    if (container_find(session, request->name, &container, err) < 0)
        return -1;
    return engine_container_logs(
        session->engine, &container, request->tail, request->follow, sink, context, err);
}
