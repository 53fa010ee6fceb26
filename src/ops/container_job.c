#include "ops/container_job.h"

#include <sys/stat.h>

#include "base/xalloc.h"
#include "engine/container_files.h"
#include "model/label.h"

#define ANYBODY_EXECUTES ((mode_t)0111)

void container_job_add(
    struct container_spec *spec, const struct strv *command, enum job_streams streams)
{
    for (size_t i = 0; i < command->count; i++)
        strv_push(&spec->command, command->items[i]);
    spec->init = true;
    spec->tty = streams == JOB_TERMINAL;
    spec->stdin_open = streams != JOB_APART;
    spec->stdin_once = streams == JOB_PIPES;
    /* An image that was saved from an idle container names that one's signal. */
    spec->stop_signal = xstrdup("SIGTERM");
    /* The init gives signals to all that a script has started, as a terminal would. */
    strv_push(&spec->environment, "TINI_KILL_PROCESS_GROUP=1");
    /* Else Python keeps its output back for many lines, and the log is silent for hours. */
    if (!spec->tty)
        strv_push(&spec->environment, "PYTHONUNBUFFERED=1");
}

static int no_command(const char *command, struct error *err)
{
    error_set(err, ERROR_NO_COMMAND, "there is no command %s in the container", command);
    return error_hint(err, "check its name, or install it: image-update NAME --add-system PACKAGE");
}

/* 1: it can run, or cannot be known; 0: not there; -1: cannot run, or no answer. */
static int look_at(const struct session *session, const char *id, const char *path,
    const char *command, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    struct container_stat stat;

    if (engine_container_stat(session->engine, id, path, &stat, &cause) < 0) {
        if (cause.code == ERROR_ENGINE || cause.code == ERROR_INTERRUPTED)
            return error_move(err, &cause);
        return cause.code != ERROR_NOT_FOUND;
    }
    if (S_ISDIR(stat.mode) || (S_ISREG(stat.mode) && !(stat.mode & ANYBODY_EXECUTES))) {
        error_set(err, ERROR_CANNOT_RUN, "%s cannot be run in the container", command);
        return error_hint(err, "is it a program, and may you execute it (chmod +x)?");
    }
    return 1;
}

/* Looks where a shell would: what cannot run there hides nothing behind it. */
static int look_in_path(const struct session *session, const char *id, const char *command,
    const char *path, struct error *err)
{
    _cleanup_(error_release) struct error cannot_run = ERROR_INIT;

    for (const char *at = path; *at;) {
        size_t length = strcspn(at, ":");
        _cleanup_free_ char *place = xasprintf("%.*s/%s", (int)length, at, command);
        int found = *at == '/' ? look_at(session, id, place, command, &cannot_run) : 0;
        if (found > 0)
            return 0;
        if (found < 0 && cannot_run.code != ERROR_CANNOT_RUN)
            break;
        at += length + (at[length] == ':');
    }
    return cannot_run.code ? error_move(err, &cannot_run) : no_command(command, err);
}

int container_job_check(const struct session *session, const char *id,
    const struct container_spec *spec, const char *path, struct error *err)
{
    const char *command = spec->command.items[0];

    if (!strchr(command, '/'))
        return look_in_path(session, id, command, path, err);
    _cleanup_free_ char *place =
        command[0] == '/' ? xstrdup(command) : xasprintf("%s/%s", spec->working_dir, command);
    int found = look_at(session, id, place, command, err);
    return found ? (found < 0 ? -1 : 0) : no_command(command, err);
}

bool container_is_job(const struct container *container)
{
    const char *value = strmap_get(&container->labels, LABEL_JOB);

    return value && strcmp(value, "true") == 0;
}

int container_job_refuse_ended(
    const char *name, const struct container *container, struct error *err)
{
    error_set(err, ERROR_REFUSED, "the command of the container %s has ended, with exit code %d",
        name, (int)container->exit_code);
    return error_hint(err,
        "see its output with container-logs %s, run it again with container-start %s, or be done "
        "with it: container-retire %s",
        name, name, name);
}
