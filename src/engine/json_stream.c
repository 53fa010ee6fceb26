#include "engine/json_stream.h"

#include <json-c/json_tokener.h>
#include <limits.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static int garbled(const struct json_stream *stream, struct error *err)
{
    return error_set(err, ERROR_ENGINE, "%s",
        stream->is_array ? "no JSON array of objects"
                         : "the container engine sent garbled messages");
}

/*
 * json-c checks UTF-8 only within one piece, so that a character parted between two
 * would fail: it is not asked to.
 */
static struct json_tokener *new_tokener(void)
{
    struct json_tokener *tokener = json_tokener_new();

    if (tokener)
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS);
    return tokener;
}

static int feed_object(struct json_stream *stream, const char *data, size_t length,
    size_t *ret_used, struct error *err)
{
    size_t max = stream->object_max ? stream->object_max : JSON_STREAM_OBJECT_MAX;
    size_t room = max - stream->pending;
    int piece = (int)(length < room ? length : room);

    if (piece == 0)
        return error_set(
            err, ERROR_ENGINE, "the container engine sent a message of more than %zu bytes", max);
    struct json_object *object = json_tokener_parse_ex(stream->tokener, data, piece);
    enum json_tokener_error state = json_tokener_get_error(stream->tokener);
    if (state == json_tokener_continue) {
        stream->pending += (size_t)piece;
        *ret_used = (size_t)piece;
        return 0;
    }
    if (state != json_tokener_success || !json_object_is_type(object, json_type_object)) {
        json_object_put(object);
        return garbled(stream, err);
    }
    stream->pending = 0;
    stream->place = ARRAY_AFTER_ELEMENT;
    *ret_used = json_tokener_get_parse_end(stream->tokener);
    int taken = stream->take(stream->context, object, err);
    json_object_put(object);
    return taken;
}

/* Takes what stands between the elements of an array: 1, or 0 where an element begins. */
static int take_mark(struct json_stream *stream, char c, struct error *err)
{
    bool may_begin = stream->place == ARRAY_BEFORE_FIRST || stream->place == ARRAY_AFTER_COMMA;
    bool may_end = stream->place == ARRAY_BEFORE_FIRST || stream->place == ARRAY_AFTER_ELEMENT;

    if (c == '{' && may_begin)
        return 0;
    if (c == '[' && stream->place == ARRAY_BEGINS)
        stream->place = ARRAY_BEFORE_FIRST;
    else if (c == ',' && stream->place == ARRAY_AFTER_ELEMENT)
        stream->place = ARRAY_AFTER_COMMA;
    else if (c == ']' && may_end)
        stream->place = ARRAY_ENDED;
    else
        return garbled(stream, err);
    return 1;
}

/* What is passed over at `c`, between two objects: 1, or 0 where one begins. */
static int skip(struct json_stream *stream, char c, struct error *err)
{
    if (is_blank(c))
        return 1;
    return stream->is_array ? take_mark(stream, c, err) : 0;
}

int json_stream_feed(struct json_stream *stream, const char *data, size_t length, struct error *err)
{
    if (!stream->tokener)
        stream->tokener = new_tokener();
    if (!stream->tokener)
        return error_set(err, ERROR_FAILED, "no memory to parse JSON");
    while (length) {
        size_t used = 1;
        int skipped = stream->pending ? 0 : skip(stream, *data, err);
        if (skipped < 0 || (!skipped && feed_object(stream, data, length, &used, err) < 0))
            return -1;
        data += used;
        length -= used;
    }
    return 0;
}

int json_stream_finish(const struct json_stream *stream, struct error *err)
{
    if (stream->is_array && stream->place == ARRAY_BEGINS)
        return garbled(stream, err);
    if (stream->is_array && stream->place != ARRAY_ENDED)
        return error_set(err, ERROR_ENGINE, "it ends in the middle of the list");
    if (stream->pending)
        return error_set(
            err, ERROR_ENGINE, "the container engine ended in the middle of a message");
    return 0;
}

void json_stream_release(struct json_stream *stream)
{
    if (stream->tokener)
        json_tokener_free(stream->tokener);
    stream->tokener = NULL;
    stream->pending = 0;
    stream->place = ARRAY_BEGINS;
}
