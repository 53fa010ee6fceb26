/* What a build is given so that its steps reach the outside from this lab's network. */
#ifndef DS01_OPS_BUILD_NETWORK_H
#define DS01_OPS_BUILD_NETWORK_H

#include "model/dockerfile.h"
#include "ops/session.h"
#include "ops/undo.h"

/* Begins the name of the images that hold a lab's files while a build runs. */
#define NETWORK_IMAGE "ds01-network"

struct build_network {
    struct strmap arguments; /* the builder's predefined ones, which leave no trace */
    const char *mode;        /* "host", or NULL for the builder's own network */
    char *dockerfile;        /* to send in place of the file, or NULL */
    size_t dockerfile_length;
    struct strv flags; /* what was put into it, which nobody needs to see */
};

/* A setting of the lab's network, and whether a build could use it: ERROR_FAILED where not. */
struct build_setting {
    const char *name;
    int (*check)(const struct session *session, struct error *err);
};

/* All of them, a row without a name behind the last; none needs the engine. */
extern const struct build_setting build_settings[];

/* The first of them that a build could not use. */
int build_network_check(const struct session *session, struct error *err);

/*
 * Makes an image with the lab's files where the settings ask for any, and sees to it with
 * `passing` that it goes; takes away those of dead builds. Warns of what does not reach the
 * build, and of a Dockerfile that would write a proxy into the image.
 */
int build_network_prepare(const struct session *session, const char *project,
    const struct dockerfile *file, struct undo *passing, struct build_network *ret,
    struct error *err);

void build_network_release(struct build_network *network);

#endif
