/* The command of a container, followed from here until it ends. */
#ifndef DS01_CMD_JOB_H
#define DS01_CMD_JOB_H

#include "cmd/command.h"
#include "ops/container_create.h"

/* Asks for a command that is followed from here: on this terminal and its size, or by pipes. */
void job_ask_to_follow(struct container_create_request *request);

/*
 * Passes input and output of the command that the container `name` was just created for, and
 * returns its exit code. SIGINT and SIGTERM are passed on to it. It runs on when the detach
 * keys are typed, which is 0, and when the connection to the user is lost (SIGHUP).
 */
int job_follow(struct invocation *invocation, const char *name,
    const struct container_create_result *created, struct error *err);

#endif
