/* A shell in a container, on this terminal. */
#ifndef DS01_CMD_SHELL_H
#define DS01_CMD_SHELL_H

#include "cmd/command.h"
#include "ops/container_desktop.h"

/*
 * Runs `command` in the caller's container `name` (NULL or empty: a shell), as the user, on
 * this terminal where there is one. With `start` the container is started when it does not
 * run. Returns the process's exit code; 0 when it was left running with the detach keys.
 */
int shell_run(struct invocation *invocation, const char *name, const struct strv *command,
    bool start, struct error *err);

/* The display that the environment names; its strings are the environment's. */
struct x11_display x11_display_here(void);

#endif
