#include "ops/container_state.h"

#include "engine/container.h"
#include "ops/container_list.h"
#include "ops/named_container.h"

int container_start(const struct session *session, const char *name, bool dry_run,
    bool *ret_changed, struct error *err)
{
    _cleanup_(container_release) struct container container = {0};

    if (container_find(session, name, &container, err) < 0)
        return -1;
    bool running = strcmp(container.state, "running") == 0;
    if (!running && !dry_run && named_container_start(session, name, container.id, err) < 0)
        return -1;
    *ret_changed = !running;
    return 0;
}

int container_stop(const struct session *session, const char *name, int seconds, bool dry_run,
    bool *ret_changed, struct error *err)
{
    _cleanup_(container_release) struct container container = {0};

    if (container_find(session, name, &container, err) < 0)
        return -1;
    bool running = strcmp(container.state, "running") == 0;
    if (running && !dry_run &&
        engine_container_stop(session->engine, container.id, seconds, err) < 0)
        return error_prefix(err, "the container %s did not stop", name);
    *ret_changed = running;
    return 0;
}
