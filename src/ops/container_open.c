#include "ops/container_open.h"

#include "base/xalloc.h"
#include "engine/container.h"
#include "ops/container_job.h"
#include "ops/container_list.h"
#include "ops/named_container.h"

static int make_run(const struct session *session, const struct container_open_request *request,
    const struct container *container, bool *ret_started, struct error *err)
{
    if (strcmp(container->state, "running") == 0)
        return 0;
    if (container_is_job(container) && strcmp(container->state, "exited") == 0)
        return container_job_refuse_ended(request->name, container, err);
    if (!request->start) {
        error_set(err, ERROR_REFUSED, "the container %s is not running", request->name);
        return error_hint(err, "start it with: container-start %s", request->name);
    }
    if (named_container_start(session, request->name, container->id, err) < 0)
        return -1;
    *ret_started = true;
    return 0;
}

static void write_command(struct strv *command, const struct strv *asked)
{
    for (size_t i = 0; asked && i < asked->count; i++)
        strv_push(command, asked->items[i]);
    if (command->count)
        return;
    strv_push(command, "sh");
    strv_push(command, "-c");
    strv_push(command, "command -v bash >/dev/null && exec bash; exec sh");
}

static void exec_spec_release(struct exec_spec *spec)
{
    strv_release(&spec->command);
    strv_release(&spec->environment);
}

int container_open(const struct session *session, const struct container_open_request *request,
    struct container_open_result *ret, struct error *err)
{
    _cleanup_(container_release) struct container container = {0};
    _cleanup_(exec_spec_release) struct exec_spec spec = {
        .tty = request->tty,
        .attach_stdin = request->attach_stdin,
        .rows = request->rows,
        .columns = request->columns,
    };
    _cleanup_(container_open_result_release) struct container_open_result result =
        CONTAINER_OPEN_RESULT_INIT;
    _cleanup_free_ char *user =
        xasprintf("%u:%u", (unsigned)session->caller->uid, (unsigned)session->caller->gid);

    if (container_find(session, request->name, &container, err) < 0 ||
        make_run(session, request, &container, &result.started, err) < 0)
        return -1;
    spec.user = user;
    write_command(&spec.command, request->command);
    for (size_t i = 0; request->environment && i < request->environment->count; i++)
        strv_push(&spec.environment, request->environment->items[i]);
    if (request->x11)
        container_display_renew(session, &container, request->x11, &spec.environment);
    if (engine_exec_start(session->engine, container.id, &spec, &result.exec_id, &result.connection,
            &result.early, err) < 0)
        return -1;
    *ret = result;
    result = (struct container_open_result)CONTAINER_OPEN_RESULT_INIT;
    return 0;
}

void container_open_result_release(struct container_open_result *result)
{
    free(result->exec_id);
    close_fd(&result->connection);
    strbuf_release(&result->early);
    *result = (struct container_open_result)CONTAINER_OPEN_RESULT_INIT;
}
