#include "ops/named_container.h"

#include <poll.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "engine/container_files.h"
#include "host/process.h"
#include "model/container_refusal.h"
#include "model/label.h"
#include "model/name.h"
#include "ops/container_job.h"

/* As long as an engine takes to remove a large container: 100 tries, 100 ms apart. */
#define REMOVAL_TRIES   100
#define REMOVAL_STEP_MS 100

int named_container_remove(const struct session *session, const char *id, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_container_remove(session->engine, id, true, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    return 0;
}

int named_container_remove_own(
    const struct session *session, const char *engine_name, const char *label, struct error *err)
{
    _cleanup_(container_release) struct container container = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *stamp = process_stamp();

    if (engine_container_inspect(session->engine, engine_name, &container, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    const char *made_by = strmap_get(&container.labels, label);
    if (!made_by || strcmp(made_by, stamp) != 0)
        return 0;
    return named_container_remove(session, container.id, err);
}

/* A command may not heed the signal, nor does the shell in a container of other tools. */
static bool may_stop_late(const struct container *container)
{
    return strcmp(container->state, "running") == 0 &&
           (container_is_job(container) || !strmap_get(&container->labels, LABEL_CREATED_BY));
}

int named_container_stop(const struct session *session, const struct container *container,
    int seconds, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *name = container_display_name(container->name);

    if (interrupt_pending())
        return interrupt_error(err);
    if (seconds > 0 && may_stop_late(container))
        observer_note(
            &session->observer, NOTE_INFO, "Stopping %s, which may take %d s.", name, seconds);
    if (engine_container_stop(session->engine, container->id, seconds, &cause) == 0)
        return 0;
    if (cause.code == ERROR_INTERRUPTED)
        error_hint(&cause, "%s is being stopped all the same; container-start %s starts it again",
            name, name);
    else
        error_prefix(&cause, "the container %s did not stop", name);
    return error_move(err, &cause);
}

int named_container_stop_and_remove(
    const struct session *session, const struct container *container, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (named_container_stop(session, container, STOP_SECONDS, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    return named_container_remove(session, container->id, err);
}

static int undo_create(const struct session *session, void *argument, struct error *err)
{
    return named_container_remove(session, argument, err);
}

/* Without an answer it is not known whether the engine created it. */
static int undo_unanswered(const struct session *session, void *argument, struct error *err)
{
    return named_container_remove_own(session, argument, LABEL_CREATED_BY, err);
}

/* Never started, and who made it will not do so. */
static bool is_abandoned(const struct container *container)
{
    const char *stamp = strmap_get(&container->labels, LABEL_CREATED_BY);

    return stamp && strcmp(container->state, "created") == 0 && !process_stamp_alive(stamp);
}

bool named_container_is_leftover(const struct container *container)
{
    const char *deploy = strmap_get(&container->labels, LABEL_DEPLOY);

    return deploy && strcmp(deploy, "true") == 0 && is_abandoned(container);
}

int named_container_is_half_made(
    const struct session *session, const struct container *container, struct error *err)
{
    const char *last = strmap_get(&container->labels, LABEL_LAST_SETUP_FILE);
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    struct container_stat stat;

    if (!last || last[0] != '/' || !is_abandoned(container))
        return 0;
    if (engine_container_stat(session->engine, container->id, last, &stat, &cause) == 0)
        return 0;
    return cause.code == ERROR_NOT_FOUND ? 1 : error_move(err, &cause);
}

/* 1 when the name is free now or soon, 0 when a container of some use has it. */
static int make_way(const struct session *session, const char *engine_name, struct error *err)
{
    _cleanup_(container_release) struct container container = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_container_inspect(session->engine, engine_name, &container, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 1 : error_move(err, &cause);
    int half_made = named_container_is_half_made(session, &container, err);
    if (half_made < 0)
        return -1;
    if (half_made || named_container_is_leftover(&container))
        return named_container_remove(session, container.id, err) < 0 ? -1 : 1;
    return strcmp(container.state, "removing") == 0 || strcmp(container.state, "dead") == 0;
}

static int name_taken(const char *name, struct error *err)
{
    error_set(err, ERROR_REFUSED, "a container named %s exists already", name);
    return error_hint(err,
        "open it with: container-open %s; or remove it first with: container-retire %s", name,
        name);
}

/* A while, or less when an interrupt comes. */
static void wait_a_step(void)
{
    struct pollfd interrupt = {.fd = interrupt_fd(), .events = POLLIN};

    poll(&interrupt, 1, REMOVAL_STEP_MS);
}

static int create_once(const struct session *session, const char *engine_name,
    const struct container_spec *spec, char **ret_id, struct error *err)
{
    interrupt_hold(true);
    int created = engine_container_create(session->engine, engine_name, spec, ret_id, err);
    interrupt_hold(false);
    return created;
}

int named_container_create(const struct session *session, const char *name, const char *engine_name,
    const struct container_spec *spec, struct undo *undo, char **ret_id, struct error *err)
{
    for (int i = 0; i < REMOVAL_TRIES; i++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        if (create_once(session, engine_name, spec, ret_id, &cause) == 0) {
            undo_push(undo, undo_create, xstrdup(*ret_id), free);
            return interrupt_pending() ? interrupt_error(err) : 0;
        }
        if (cause.code == ERROR_ENGINE)
            undo_push(undo, undo_unanswered, xstrdup(engine_name), free);
        if (cause.code != ERROR_REFUSED) {
            container_refusal_explain(&cause);
            return error_move(err, &cause);
        }
        int free_soon = make_way(session, engine_name, err);
        if (free_soon < 0)
            return -1;
        if (!free_soon)
            return name_taken(name, err);
        wait_a_step();
        if (interrupt_pending())
            return interrupt_error(err);
    }
    return name_taken(name, err);
}

int named_container_start(
    const struct session *session, const char *name, const char *id, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_container_start(session->engine, id, &cause) == 0)
        return 0;
    container_refusal_explain(&cause);
    if (cause.code != ERROR_INTERRUPTED)
        error_prefix(&cause, "the container %s did not start", name);
    return error_move(err, &cause);
}
