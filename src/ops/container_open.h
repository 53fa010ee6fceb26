/* A shell, or another command, in a running container, as the user. */
#ifndef DS01_OPS_CONTAINER_OPEN_H
#define DS01_OPS_CONTAINER_OPEN_H

#include "engine/exec.h"
#include "ops/container_desktop.h"
#include "ops/session.h"

struct container_open_request {
    const char *name;
    const struct strv *command;     /* empty: bash, or sh where there is none */
    const struct strv *environment; /* "KEY=value", added to the container's */
    const struct x11_display *x11;  /* for a container that may draw; or NULL */
    bool start;                     /* start it when it does not run */
    bool tty;
    bool attach_stdin;
    unsigned short rows, columns; /* of the terminal; 0: not known */
};

struct container_open_result {
    char *container_id;
    char *exec_id; /* for engine_exec_resize() and engine_exec_exit_code() */
    int connection;
    struct strbuf early; /* output that has come already */
    bool started;        /* it did not run before */
};

/* Output that may come with the answer to the request, in bytes. */
#define CONTAINER_OPEN_EARLY_MAX ((size_t)1 << 20)

#define CONTAINER_OPEN_RESULT_INIT                                                                 \
    {                                                                                              \
        .connection = -EBADF, .early = STRBUF_INIT(CONTAINER_OPEN_EARLY_MAX)                       \
    }

/* ERROR_NOT_FOUND without the container; ERROR_REFUSED when it does not run and `start` is off. */
int container_open(const struct session *session, const struct container_open_request *request,
    struct container_open_result *ret, struct error *err);

/*
 * The exit code of what was opened, once its streams have ended. *ret_why says, where it was
 * killed with its container, what became of that; else NULL. The caller frees it.
 * ERROR_NOT_FOUND when the engine has forgotten it: the container was removed.
 */
int container_open_end(const struct session *session, const char *name,
    const struct container_open_result *opened, int *ret_code, char **ret_why, struct error *err);

void container_open_result_release(struct container_open_result *result);

#endif
