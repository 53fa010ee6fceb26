#include "ops/container_open.h"

#include <poll.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "engine/container.h"
#include "ops/container_job.h"
#include "ops/container_list.h"
#include "ops/named_container.h"

#define KILLED (128 + 9) /* the exit code of what SIGKILL has ended */

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
    result.container_id = TAKE_PTR(container.id);
    *ret = result;
    result = (struct container_open_result)CONTAINER_OPEN_RESULT_INIT;
    return 0;
}

static char *removed(const char *name)
{
    return xasprintf("the container %s was removed", name);
}

/* 1: `ret` says what became of the container, 0: it runs. */
static int look_at_fate(const struct session *session, const char *name, const char *id, char **ret)
{
    _cleanup_(container_release) struct container container = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_container_inspect(session->engine, id, &container, &cause) < 0) {
        *ret = cause.code == ERROR_NOT_FOUND ? removed(name) : NULL;
        return 1;
    }
    if (strcmp(container.state, "running") == 0)
        return 0;
    bool goes = strcmp(container.state, "removing") == 0 || strcmp(container.state, "dead") == 0;
    *ret = goes ? removed(name) : xasprintf("the container %s was stopped", name);
    return 1;
}

/* The engine tells of the end of a process before that of its container: a few looks. */
static char *fate_of(const struct session *session, const char *name, const char *id)
{
    static const int pauses_ms[] = {20, 40, 80, 160};
    char *why = NULL;

    for (size_t i = 0; !look_at_fate(session, name, id, &why) && i < ELEMENTS(pauses_ms); i++) {
        struct pollfd interrupt = {.fd = interrupt_fd(), .events = POLLIN};
        poll(&interrupt, 1, pauses_ms[i]);
    }
    return why;
}

int container_open_end(const struct session *session, const char *name,
    const struct container_open_result *opened, int *ret_code, char **ret_why, struct error *err)
{
    int code;

    if (engine_exec_exit_code(session->engine, opened->exec_id, &code, err) < 0) {
        if (!err || err->code != ERROR_NOT_FOUND)
            return -1;
        _cleanup_free_ char *why = removed(name);
        error_set(err, ERROR_NOT_FOUND, "%s", why);
        return error_hint(err, "make it anew with: container-deploy %s", name);
    }
    *ret_why = code == KILLED ? fate_of(session, name, opened->container_id) : NULL;
    *ret_code = code;
    return 0;
}

void container_open_result_release(struct container_open_result *result)
{
    free(result->container_id);
    free(result->exec_id);
    close_fd(&result->connection);
    strbuf_release(&result->early);
    *result = (struct container_open_result)CONTAINER_OPEN_RESULT_INIT;
}
