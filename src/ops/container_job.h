/*
 * A container that runs a command of the user's instead of an idle shell. It stays when the
 * command has ended, with its exit code and output. The command runs under the engine's small
 * init: as process 1 it would not heed Ctrl-C or `stop`, and nobody would reap its orphans.
 */
#ifndef DS01_OPS_CONTAINER_JOB_H
#define DS01_OPS_CONTAINER_JOB_H

#include "engine/attach.h"
#include "engine/container.h"
#include "engine/exec.h"
#include "ops/session.h"

/* How a command meets whoever started it. */
enum job_streams {
    JOB_APART,    /* nobody is there: no input, output goes to the log */
    JOB_PIPES,    /* input and output are passed on */
    JOB_TERMINAL, /* on the caller's terminal */
};

/* Writes the command into the specification. */
void container_job_add(
    struct container_spec *spec, const struct strv *command, enum job_streams streams);

/*
 * Looks whether the command is there, before the start: under the init a missing one would
 * only be a line in the log. `path` is its PATH. ERROR_NO_COMMAND, ERROR_CANNOT_RUN.
 */
int container_job_check(const struct session *session, const char *id,
    const struct container_spec *spec, const char *path, struct error *err);

/* True for a container with a command of its own. */
bool container_is_job(const struct container *container);

/* ERROR_REFUSED, with how it ended and what can be done, for a job that has ended. */
int container_job_refuse_ended(
    const char *name, const struct container *container, struct error *err);

#endif
