/*
 * The text that the classic builders stream, Podman's and Docker's old one, as steps: a
 * line "STEP 2/4: RUN x" begins one, what follows is its output.
 */
#ifndef DS01_ENGINE_BUILD_CLASSIC_H
#define DS01_ENGINE_BUILD_CLASSIC_H

#include "engine/build_steps.h"

#define BUILD_CLASSIC_LINE_MAX ((size_t)64 << 10) /* bytes; a longer line comes in pieces */

struct build_classic {
    struct strbuf line; /* what has no newline yet */
    char *step;         /* id of the current step, or NULL */
    bool cached;        /* the current step, so far */
    unsigned count;     /* of steps begun */
    double started;     /* seconds on the monotonic clock */
    char *image_id;     /* "sha256:…", from a line that is nothing else; or NULL */
};

#define BUILD_CLASSIC_INIT                                                                         \
    {                                                                                              \
        .line = STRBUF_INIT(BUILD_CLASSIC_LINE_MAX)                                                \
    }

/* Takes a piece of the text, parted anywhere. */
int build_classic_feed(struct build_classic *classic, struct build_steps *steps, const char *text,
    size_t length, struct error *err);

/* The text is over; `failure` is the builder's message when the build failed, else NULL. */
int build_classic_finish(struct build_classic *classic, struct build_steps *steps,
    const char *failure, struct error *err);

void build_classic_release(struct build_classic *classic);

#endif
