/*
 * A stream of JSON objects, one behind the other, as pulls and builds report themselves.
 * It may come in pieces of any size, parted anywhere, also within a character.
 */
#ifndef DS01_ENGINE_JSON_STREAM_H
#define DS01_ENGINE_JSON_STREAM_H

#include <json-c/json_object.h>

#include "base/error.h"

#define JSON_STREAM_OBJECT_MAX ((size_t)1 << 20) /* bytes of one object unless said otherwise */

/* Takes one object, borrowed for the call; -1 stops the stream with *err set. */
typedef int (*json_stream_take)(void *context, struct json_object *object, struct error *err);

struct json_stream {
    json_stream_take take;
    void *context;
    size_t object_max; /* bytes; 0: JSON_STREAM_OBJECT_MAX */
    /* Own affairs; zero at first. */
    struct json_tokener *tokener;
    size_t pending; /* bytes of an object that has not ended */
};

/* ERROR_ENGINE for what is no JSON object, or one that is too large; else what `take` set. */
int json_stream_feed(
    struct json_stream *stream, const char *data, size_t length, struct error *err);

/* After the last byte: ERROR_ENGINE when it ended within an object. */
int json_stream_finish(const struct json_stream *stream, struct error *err);

void json_stream_release(struct json_stream *stream);

#endif
