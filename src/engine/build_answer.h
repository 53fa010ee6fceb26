/* What the engine answers to a build: a stream of messages, and at its end an image. */
#ifndef DS01_ENGINE_BUILD_ANSWER_H
#define DS01_ENGINE_BUILD_ANSWER_H

#include "engine/build_classic.h"
#include "engine/build_steps.h"
#include "engine/json_stream.h"

#define BUILD_MESSAGE_MAX ((size_t)4 << 20) /* bytes of one; a burst of output is one message */

struct build_answer {
    struct json_stream stream;
    struct build_steps steps;
    struct build_classic classic;
    bool traced;    /* BuildKit speaks: its classic lines only repeat what the trace says */
    char *image_id; /* "sha256:…", or NULL */
    char *failure;  /* the builder's message, or NULL */
};

/* `observer` may be NULL. */
void build_answer_init(struct build_answer *answer, build_observer observer, void *context);

/* A transport_write. ERROR_ENGINE for messages that are none. */
int build_answer_feed(void *answer, const char *data, size_t length, struct error *err);

/*
 * The stream is over. *ret_id is the image, the caller's; ERROR_FAILED with the reason when
 * the builder said that it failed, ERROR_ENGINE when it named no image.
 */
int build_answer_finish(struct build_answer *answer, char **ret_id, struct error *err);

void build_answer_release(struct build_answer *answer);

#endif
