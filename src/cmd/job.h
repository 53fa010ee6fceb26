/* The command of a container, followed from here until it ends. */
#ifndef DS01_CMD_JOB_H
#define DS01_CMD_JOB_H

#include "cmd/command.h"
#include "ops/container_create.h"

/* How a command that is to be followed meets this process: on its terminal, or by pipes. */
enum job_streams job_streams_here(void);

/*
 * Passes input and output of the command that the container `name` was just created for, and
 * returns its exit code. SIGINT and SIGTERM are passed on to it. It runs on when the detach
 * keys are typed, which is 0, and when the connection to the user is lost (SIGHUP).
 */
int job_follow(struct invocation *invocation, const char *name,
    const struct container_create_result *created, struct error *err);

#endif
