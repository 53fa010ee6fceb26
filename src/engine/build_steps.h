/*
 * The steps of a build as far as they are known, and what is told of them: both builders
 * (BuildKit's trace, the classic text) fill the same table, and only changes are reported.
 */
#ifndef DS01_ENGINE_BUILD_STEPS_H
#define DS01_ENGINE_BUILD_STEPS_H

#include "engine/build.h"

#define BUILD_STEPS_MAX ((size_t)10000) /* steps of one build */

/* Something a step loads, a layer for instance; its bytes count for the step. */
struct build_load {
    char *id;
    int64_t current, total;
};

struct build_step {
    char *id;
    char *name; /* printable, never NULL */
    enum build_step_state state;
    bool internal;
    bool known;     /* it was reported */
    bool cancelled; /* it failed only since another did */
    bool disk_full; /* its output says so */
    bool resumed;   /* it was over and runs again; not reported until there is output */
    double seconds;
    char *error; /* printable, of a failed step */
    int64_t current, total;
    struct build_load *loads;
    size_t load_count;
};

struct build_steps {
    build_observer observer; /* may be NULL */
    void *context;
    const struct strv *hidden; /* see struct build_request; may be NULL */
    struct build_step **items;
    size_t count;
};

/* The step `id`, which is added when it is new. NULL with ERROR_ENGINE when there are too many. */
struct build_step *build_steps_get(struct build_steps *steps, const char *id, struct error *err);

/* The first step that failed of itself, or NULL. */
const struct build_step *build_steps_failed(const struct build_steps *steps);

/* Sets the name, made printable, without what is hidden. An empty name changes nothing. */
void build_step_set_name(
    const struct build_steps *steps, struct build_step *step, const char *name);

/*
 * The place of the step, "2/4" in "[2/4] RUN x" and in "[base 2/4] RUN x", and its length;
 * NULL for a step of the builder's own. *ret_instruction is what comes behind, "RUN x".
 */
const char *build_step_place(
    const struct build_step *step, size_t *ret_length, const char **ret_instruction);

/*
 * The builder said that the step is in `state`, having run for `seconds` when it is over;
 * `error` is the builder's message of a failed one, else NULL.
 */
void build_steps_change(struct build_steps *steps, struct build_step *step,
    enum build_step_state state, double seconds, const char *error);

/*
 * The builder said that the build failed with `error`, and perhaps not of which step: under load
 * Docker 20.10 ends its answer before it has told. It is the step that was running, or was stopped,
 * where that runs the command of which `error` says that it failed.
 */
void build_steps_fail(struct build_steps *steps, const char *error);

/* Bytes of one of the things the step loads. */
void build_steps_load(struct build_steps *steps, struct build_step *step, const char *id,
    int64_t current, int64_t total);

/* Output of the step; NUL bytes are dropped from `data` itself. */
void build_steps_output(
    struct build_steps *steps, struct build_step *step, char *data, size_t length);

/* A warning of the builder about the step. */
void build_steps_warn(
    struct build_steps *steps, struct build_step *step, const char *text, size_t length);

void build_steps_release(struct build_steps *steps);

#endif
