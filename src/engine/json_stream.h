/*
 * A stream of JSON objects: one behind the other, as pulls and builds report themselves, or the
 * elements of one array, as a list comes. It may come in pieces of any size, parted anywhere, also
 * within a character; no more than one object is held. Whether texts are UTF-8 is not looked at
 * here: json_decode() does, and whoever shows what it has not decoded makes it printable.
 */
#ifndef DS01_ENGINE_JSON_STREAM_H
#define DS01_ENGINE_JSON_STREAM_H

#include <stdbool.h>

#include "base/json.h"

#define JSON_STREAM_OBJECT_MAX ((size_t)1 << 20) /* bytes of one object unless said otherwise */

struct json_stream {
    json_take take; /* each object; -1 stops the stream */
    void *context;
    size_t object_max; /* bytes; 0: JSON_STREAM_OBJECT_MAX */
    bool is_array;
    /* Own affairs; zero at first. */
    struct json_tokener *tokener;
    size_t pending; /* bytes of an object that has not ended */
    enum {
        ARRAY_BEGINS,
        ARRAY_BEFORE_FIRST,
        ARRAY_AFTER_COMMA,
        ARRAY_AFTER_ELEMENT,
        ARRAY_ENDED,
    } place;
};

/*
 * ERROR_ENGINE for what is no JSON object, or one that is too large; else what `take` set. Nothing
 * is to be fed or finished after a failure.
 */
int json_stream_feed(
    struct json_stream *stream, const char *data, size_t length, struct error *err);

/* After the last byte: ERROR_ENGINE when it ended within an object, or the array. */
int json_stream_finish(const struct json_stream *stream, struct error *err);

void json_stream_release(struct json_stream *stream);

#endif
