/*
 * Image -> container: created straight from it, no run, no commit, no new image, unless the
 * image has not the caller's user and the legacy flow is asked for.
 */
#ifndef DS01_OPS_CONTAINER_CREATE_H
#define DS01_OPS_CONTAINER_CREATE_H

#include "engine/container.h"
#include "model/gpu.h"
#include "ops/container_desktop.h"
#include "ops/container_job.h"
#include "ops/session.h"

/* How the caller's user comes into a container whose image does not have it (CLI.md). */
enum user_setup {
    USER_SETUP_AUTO,   /* inject where the image has sudo, else commit where that brings it */
    USER_SETUP_INJECT, /* written into the container; no sudo where the image has none */
    USER_SETUP_COMMIT, /* the document's legacy flow */
};

struct container_mount_request {
    const char *source; /* as typed */
    const char *target;
    bool read_only;
};

struct container_create_request {
    const char *name;      /* a valid container name */
    const char *image;     /* as typed: an image, a project or a framework; NULL: the project's */
    const char *framework; /* as typed, "pytorch=2.8"; or NULL */
    const char *project;   /* a valid project name, or NULL: the image's, else the name */

    const char *workspace; /* as typed, or NULL: ~/workspace/<project> */
    const char *data;      /* may end in ":ro"; or NULL: the configured one, if any */
    const char *models;
    const struct container_mount_request *mounts;
    size_t mount_count;

    const char *network; /* or NULL: the configured one */
    int64_t shm_size;    /* bytes; 0: the configured one, else the host's own */
    int64_t memory;      /* bytes; 0: no limit, for this and the next */
    int64_t nano_cpus;
    int64_t pids;
    const struct gpu_request *gpus; /* or NULL: the default */
    const struct x11_display *x11;  /* or NULL: it shall not draw */
    bool sound;
    const struct strv *environment; /* "KEY=value" */
    const struct strv *command;     /* what runs in it; empty: a shell that idles */
    unsigned short rows, columns;   /* of the terminal, for JOB_TERMINAL; 0: not known */
    enum job_streams streams;       /* of the command; but apart, the result has them */

    enum user_setup user_setup;
    bool start;
    bool dry_run; /* change nothing: only say what would be asked of the engine */
};

struct container_create_result {
    char *id;          /* NULL in a dry run */
    char *engine_name; /* "<name>._.<uid>" */
    char *image;       /* reference */
    char *project;
    char *workspace; /* host directory */
    bool started;
    enum job_streams streams;    /* as asked for */
    int connection;              /* the command's streams, or -EBADF */
    struct strbuf early;         /* what has come of them already */
    struct json_object *request; /* the body of the create request */
};

/* Output that may come before the start is answered, in bytes. */
#define CONTAINER_CREATE_EARLY_MAX ((size_t)1 << 20)

#define CONTAINER_CREATE_RESULT_INIT                                                               \
    {                                                                                              \
        .connection = -EBADF, .early = STRBUF_INIT(CONTAINER_CREATE_EARLY_MAX)                     \
    }

/*
 * ERROR_NOT_FOUND without the image, ERROR_REFUSED when the name is taken or a directory is
 * not the caller's to use. On any failure there is no container, and directories made for it
 * are gone.
 */
int container_create(const struct session *session, const struct container_create_request *request,
    struct container_create_result *ret, struct error *err);

void container_create_result_release(struct container_create_result *result);

#endif
