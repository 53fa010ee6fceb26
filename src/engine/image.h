/* Images on the engine: inspect, list, tag, remove, pull. */
#ifndef DS01_ENGINE_IMAGE_H
#define DS01_ENGINE_IMAGE_H

#include <stdint.h>

#include "engine/container_files.h"
#include "engine/engine.h"

struct image {
    char *id; /* "sha256:…" */
    struct strv tags;
    struct strmap labels;
    struct strv layers;      /* diff ids, lowest first; only from engine_image_inspect() */
    struct strv environment; /* only from engine_image_inspect(), like the next two */
    struct strv command;
    struct strv entrypoint;
    struct strv triggers; /* Config.OnBuild: "RUN x"; only from engine_image_inspect() */
    struct strv volumes;  /* Config.Volumes, as written; only from engine_image_inspect() */
    char *user;           /* Config.User; only from engine_image_inspect(); may be NULL */
    char *created;        /* RFC 3339; only from engine_image_inspect() */
    int64_t created_unix; /* seconds; only from engine_image_list() */
    int64_t size;         /* bytes, all layers */
    int64_t shared;       /* bytes shared with other images; -1 when not asked or not known */
};

/*
 * `name` as Docker shows it, without "docker.io/" and "docker.io/library/", which Podman writes
 * out (source: distribution/reference, FamiliarName). A part of `name`. All that this room
 * gives out is shortened so.
 */
const char *engine_image_short_name(const char *name);

/* ERROR_NOT_FOUND when there is no such image. `reference` is a name or an id. */
int engine_image_inspect(
    struct engine *engine, const char *reference, struct image *ret, struct error *err);

/* The steps that made an image, newest first. */
struct image_history {
    struct strv steps; /* "RUN /bin/sh -c …", in the words of whatever built it; may be "" */
    int64_t *sizes;    /* bytes of the layer that each made; 0 also where it made none */
};

/* ERROR_NOT_FOUND when there is no such image. */
int engine_image_history(
    struct engine *engine, const char *reference, struct image_history *ret, struct error *err);

void image_history_release(struct image_history *history);

struct image_list {
    struct image *images;
    size_t count;
};

/*
 * All images that match `filters` (may be NULL; ends with a NULL key; keys as in the
 * engine's API: "label", "reference", "dangling"; a key may come repeatedly).
 * With `shared`, the unique bytes are asked too where the engine knows them (1.42 on).
 */
int engine_image_list(struct engine *engine, const struct engine_filter *filters, bool shared,
    struct image_list *ret, struct error *err);

/*
 * Fills in what the images of `list` share with others, for engines that do not tell it in
 * the list (before 1.42). GET /system/df looks at every layer and every container: 15 ms on
 * an empty engine, far more on a full one. Where the engine is at that for somebody else and
 * refuses, it is asked again for up to 3 s.
 */
int engine_image_list_fill_shared(
    struct engine *engine, struct image_list *list, struct error *err);

/* Adds the tag `reference` to an image. */
int engine_image_tag(
    struct engine *engine, const char *image, const char *reference, struct error *err);

/*
 * Removes a tag, and the image with its last one; by id, the image. ERROR_REFUSED while a
 * container uses it. Parents without a tag go too, unless `keep_parents`.
 */
int engine_image_remove(
    struct engine *engine, const char *reference, bool keep_parents, struct error *err);

/*
 * Makes an image of one layer with these files, and the labels, under the name `reference`
 * ("name:tag"). Its content is the same bytes whenever it is made. Docker only.
 */
int engine_image_import(struct engine *engine, const struct container_files *files,
    const struct strmap *labels, const char *reference, struct error *err);

/* One line of a pull's progress. Texts are borrowed and hold printable characters only. */
struct pull_progress {
    const char *layer;  /* "" for messages of the whole pull */
    const char *status; /* "Downloading", "Pull complete" … */
    int64_t current;    /* bytes; -1 unknown */
    int64_t total;      /* bytes; -1 unknown */
};

typedef void (*pull_observer)(void *context, const struct pull_progress *progress);

/*
 * Pulls `reference`. `auth` is a value for X-Registry-Auth, or NULL. Takes as long as it
 * takes. What fails on the engine's or the registry's side comes in the engine's own words:
 * model/pull_failure.h makes sense of them.
 */
int engine_image_pull(struct engine *engine, const char *reference, const char *auth,
    pull_observer observer, void *context, struct error *err);

void image_release(struct image *image);
void image_list_release(struct image_list *list);

#endif
