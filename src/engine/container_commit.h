/* A container that does one thing and ends, and what it left made into an image. */
#ifndef DS01_ENGINE_CONTAINER_COMMIT_H
#define DS01_ENGINE_CONTAINER_COMMIT_H

#include "engine/engine.h"

/*
 * Waits until the container does not run and gives its exit code. ERROR_ENGINE when that
 * takes longer than `timeout_ms`.
 */
int engine_container_wait(struct engine *engine, const char *container, long timeout_ms,
    int64_t *ret_code, struct error *err);

/*
 * The last `lines` lines that a container without a terminal wrote, both streams as they
 * came, added to *ret_text as far as it has room. Anything may be in it.
 */
int engine_container_last_output(struct engine *engine, const char *container, int lines,
    struct strbuf *ret_text, struct error *err);

/*
 * What an image made from a container is to say. The engine adds what is empty or missing
 * here from the container: its labels and variables too, by key (moby daemon/commit.go,
 * merge()), so that one can be overwritten but never left out.
 */
struct commit_spec {
    const char *repository; /* NULL: the image gets no name */
    const char *tag;
    const char *user; /* NULL: the container's */
    const struct strv *command;
    const struct strv *entrypoint;
    const struct strv *environment;
    struct strmap labels;
};

/* *ret_id is the new image's, "sha256:…", the caller's. The container must not run. */
int engine_container_commit(struct engine *engine, const char *container,
    const struct commit_spec *spec, char **ret_id, struct error *err);

#endif
