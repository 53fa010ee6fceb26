/* What a build is given so that its steps reach the outside from this lab's network. */
#ifndef DS01_OPS_BUILD_NETWORK_H
#define DS01_OPS_BUILD_NETWORK_H

#include "model/dockerfile.h"
#include "ops/session.h"

struct build_network {
    struct strmap arguments; /* the builder's predefined ones, which leave no trace */
    const char *mode;        /* "host", or NULL for the builder's own network */
};

/* Warns of a Dockerfile that would write a proxy into the image all the same. */
int build_network_prepare(const struct session *session, const char *project,
    const struct dockerfile *file, struct build_network *ret, struct error *err);

void build_network_release(struct build_network *network);

#endif
