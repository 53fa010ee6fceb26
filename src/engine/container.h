/* Containers on the engine: create, start, stop, remove, inspect, list. */
#ifndef DS01_ENGINE_CONTAINER_H
#define DS01_ENGINE_CONTAINER_H

#include <stdint.h>

#include "engine/engine.h"

struct mount {
    char *source; /* absolute path on the host */
    char *target; /* absolute path in the container */
    bool read_only;
};

/* What a container shall be; written by ops/, turned into the request's JSON here. */
struct container_spec {
    char *image;
    char *user; /* "uid:gid" */
    char *working_dir;
    char *hostname;    /* NULL: the engine's choice */
    char *stop_signal; /* NULL: the image's */
    struct strv command;
    bool clear_entrypoint; /* sent as [""], which Docker and Podman both take for none */
    bool tty;
    bool stdin_open;
    unsigned short rows, columns; /* of the terminal at first, where the engine heeds it; 0 */
    bool stdin_once;              /* its input ends when the first who attached is gone */
    bool init;                    /* the engine's small init is process 1 */
    struct strv environment;      /* "KEY=value" */
    struct strmap labels;
    struct mount *mounts;
    size_t mount_count;
    char *network_mode; /* "host", "bridge", "none"; NULL: the engine's default */
    char *ipc_mode;     /* NULL: the engine's default */
    struct strv cap_add;
    struct strv group_add;
    struct strv devices; /* paths, the same inside, "rwm" */
    int64_t shm_size;    /* bytes; 0: the engine's default, for this and the next */
    int64_t memory;
    int64_t nano_cpus;
    int64_t pids_limit;
    /* ulimits memlock -1 and stack 64 MiB, as AIME's tools set them. An engine that may not
     * raise limits (rootless, or itself in a container) refuses at the start. */
    bool unlimited_memlock;
    struct json_object *device_requests; /* array, or NULL; owned */
};

/* The body of POST /containers/create; the caller puts it. */
struct json_object *container_spec_to_json(const struct container_spec *spec);
void container_spec_add_mount(
    struct container_spec *spec, const char *source, const char *target, bool read_only);
void container_spec_release(struct container_spec *spec);

/*
 * Creates, does not start. ERROR_REFUSED when the name is taken, ERROR_NOT_FOUND when
 * the image is not there. *ret_id is the caller's.
 */
int engine_container_create(struct engine *engine, const char *name,
    const struct container_spec *spec, char **ret_id, struct error *err);

/* Starting one that runs is success. */
int engine_container_start(struct engine *engine, const char *container, struct error *err);

/* Sends the stop signal, SIGKILL after `seconds`. Stopping one that does not run is success. */
int engine_container_stop(
    struct engine *engine, const char *container, int seconds, struct error *err);

/* Removes it with its anonymous volumes; `force` kills it first. ERROR_NOT_FOUND if absent. */
int engine_container_remove(
    struct engine *engine, const char *container, bool force, struct error *err);

struct container {
    char *id;
    char *name;     /* without the leading '/' */
    char *image;    /* as it was named at creation */
    char *image_id; /* "sha256:…" */
    char *state;    /* "created", "running", "exited", "paused" … */
    char *status;   /* "Up 5 minutes"; only from engine_container_list() */
    struct strmap labels;
    int64_t created_unix; /* seconds; only from engine_container_list() */
    char *started;        /* RFC 3339; only from engine_container_inspect() */
    int64_t exit_code;    /* only from engine_container_inspect() */
    bool tty;             /* only from engine_container_inspect() */
    char *user;           /* only from engine_container_inspect(), like the next one */
    struct strv environment;
    struct mount *mounts; /* bind mounts */
    size_t mount_count;
    struct strv volumes;       /* where anonymous volumes are, which go with the container */
    struct strv named_volumes; /* where those are that stay */
    bool
        has_devices; /* of the host; only from engine_container_inspect() of one that was started */
};

struct container_list {
    struct container *containers;
    size_t count;
};

/* ERROR_NOT_FOUND when there is none. */
int engine_container_inspect(
    struct engine *engine, const char *container, struct container *ret, struct error *err);

/* All that match, running or not. `filters` as for engine_image_list(): "label", "status",
 * "ancestor"… */
int engine_container_list(struct engine *engine, const struct engine_filter *filters,
    struct container_list *ret, struct error *err);

void container_release(struct container *container);
void container_list_release(struct container_list *list);

#endif
