/*
 * Building an image: POST /build, with BuildKit (version=2) where the engine is Docker,
 * the classic stream where it is Podman.
 */
#ifndef DS01_ENGINE_BUILD_H
#define DS01_ENGINE_BUILD_H

#include <stdint.h>

#include "engine/archive.h"
#include "engine/engine.h"

enum build_event_kind {
    BUILD_STEP,    /* a step became known or changed state */
    BUILD_OUTPUT,  /* output of a step */
    BUILD_WARNING, /* of the builder */
    BUILD_CONTEXT, /* a large context is on its way, `current` bytes of it: running, then done */
    BUILD_INTERRUPTED, /* it is cancelled now; nothing else is set, and nothing follows */
};

enum build_step_state { BUILD_WAITING, BUILD_RUNNING, BUILD_CACHED, BUILD_DONE, BUILD_FAILED };

/* Texts are borrowed for the call. Names and errors hold printable UTF-8 only. */
struct build_event {
    enum build_event_kind kind;
    const char *step; /* an id that is the same for all events of a step */
    const char *name; /* "[2/4] RUN apt-get …"; NULL in BUILD_OUTPUT */
    enum build_step_state state;
    bool internal;          /* the builder's own: loading the Dockerfile, the context, exporting */
    bool cancelled;         /* BUILD_FAILED for no fault of its own: since another step failed */
    double seconds;         /* it ran, when it is over; else 0 */
    const char *text;       /* output (any bytes but NUL), the error, or the warning */
    size_t length;          /* of text */
    int64_t current, total; /* bytes, of a step that loads something; -1 unknown */
};

typedef void (*build_observer)(void *context, const struct build_event *event);

struct build_request {
    const char *tag;
    const char *dockerfile; /* name within the context */
    const struct build_context *context;
    bool no_cache;
    const char *network;            /* "host", "none", or NULL: default */
    const struct strmap *arguments; /* build arguments, or NULL */
    const struct strmap *labels;    /* added to those of the Dockerfile, or NULL */
    const struct strv *hidden;      /* texts that names of steps are shown without, or NULL */
};

/*
 * Builds and tags. *ret_id is "sha256:…", the caller's. A failing instruction is
 * ERROR_FAILED with the builder's message in one sentence. When interrupted, the build
 * is cancelled on the engine too.
 */
int engine_image_build(struct engine *engine, const struct build_request *request,
    build_observer observer, void *context, char **ret_id, struct error *err);

#endif
