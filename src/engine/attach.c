#include "engine/attach.h"

#include <poll.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "engine/container.h"
#include "engine/exec.h"

/* Pauses while the engine has not noticed the end: about 2 s together. */
static const int pauses_ms[] = {1, 2, 5, 10, 20, 50, 100, 200, 400, 600, 600};

int engine_container_attach(struct engine *engine, const char *container, int *ret_fd,
    struct strbuf *ret_early, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer refusal = TRANSPORT_ANSWER_INIT;
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *keys = engine_escape(ENGINE_DETACH_KEYS);
    _cleanup_free_ char *action = xasprintf(
        "/containers/%s/attach?stream=1&stdin=1&stdout=1&stderr=1&detachKeys=%s", name, keys);
    _cleanup_free_ char *path = engine_path(engine, action);
    struct transport_request request = {.method = "POST", .path = path};
    int fd = transport_upgrade(engine->transport, &request, ret_early, &refusal, err);

    if (fd < 0)
        return refusal.status ? engine_refusal(engine, &refusal, err) : -1;
    *ret_fd = fd;
    return 0;
}

static int post(struct engine *engine, const char *path, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    struct transport_request request = {
        .method = "POST", .path = path, .timeout_ms = TRANSPORT_DUE_MS};

    return engine_request(engine, &request, &answer, err);
}

int engine_container_resize(struct engine *engine, const char *container, unsigned short rows,
    unsigned short columns, struct error *err)
{
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *path = xasprintf("/containers/%s/resize?h=%u&w=%u", name, rows, columns);

    return post(engine, path, err);
}

int engine_container_kill(
    struct engine *engine, const char *container, const char *signal, struct error *err)
{
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *path = xasprintf("/containers/%s/kill?signal=%s", name, signal);

    return post(engine, path, err);
}

int engine_container_exit_code(
    struct engine *engine, const char *container, int *ret_code, struct error *err)
{
    for (size_t i = 0;; i++) {
        _cleanup_(container_release) struct container found = {0};
        if (engine_container_inspect(engine, container, &found, err) < 0)
            return -1;
        bool ended = strcmp(found.state, "exited") == 0 || strcmp(found.state, "dead") == 0;
        if (ended && found.exit_code >= 0 && found.exit_code <= 255) {
            *ret_code = (int)found.exit_code;
            return 0;
        }
        if (i == ELEMENTS(pauses_ms))
            return error_set(
                err, ERROR_FAILED, "the container has closed its streams but still runs");
        struct pollfd interrupt = {.fd = interrupt_fd(), .events = POLLIN};
        poll(&interrupt, 1, pauses_ms[i]);
        if (interrupt_pending())
            return interrupt_error(err);
    }
}
