#include "ops/container_state.h"

#include "engine/container.h"
#include "engine/container_processes.h"
#include "ops/container_job.h"
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
    if (running && !dry_run && named_container_stop(session, &container, seconds, err) < 0)
        return -1;
    *ret_changed = running;
    return 0;
}

static int find_left_state(const struct session *session, const char *name,
    struct container *container, enum left_container *ret, struct error *err)
{
    size_t processes;

    if (container_find(session, name, container, err) < 0)
        return -1;
    *ret = container_is_job(container) ? LEFT_JOB : LEFT_ALREADY;
    if (*ret == LEFT_JOB || strcmp(container->state, "running") != 0)
        return 0;
    if (engine_container_count_processes(session->engine, container->id, &processes, err) < 0)
        return -1;
    *ret = processes > 1 ? LEFT_IN_USE : LEFT_STOPPED;
    return 0;
}

int container_stop_when_left(
    const struct session *session, const char *name, enum left_container *ret, struct error *err)
{
    _cleanup_(container_release) struct container container = {0};
    enum left_container left;

    if (find_left_state(session, name, &container, &left, err) < 0)
        return -1;
    if (left == LEFT_STOPPED && named_container_stop(session, &container, STOP_SECONDS, err) < 0)
        return -1;
    *ret = left;
    return 0;
}
