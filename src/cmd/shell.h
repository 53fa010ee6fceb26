/* A shell in a container, on this terminal. */
#ifndef DS01_CMD_SHELL_H
#define DS01_CMD_SHELL_H

#include "cmd/command.h"
#include "ops/container_desktop.h"

struct shell_request {
    const char *name;           /* of the caller's container */
    const struct strv *command; /* NULL or empty: a shell */
    bool start;                 /* start the container when it does not run */
    bool stop_after;            /* stop it when the command has ended and nobody is left in it */
};

/*
 * Runs a command as the user, on this terminal where there is one. Returns the process's exit
 * code; 0 when it was left running with the detach keys.
 */
int shell_run(
    struct invocation *invocation, const struct shell_request *request, struct error *err);

/* The display that the environment names; its strings are the environment's. */
struct x11_display x11_display_here(void);

#endif
