#include "engine/container_logs.h"

#include "base/xalloc.h"

struct log_stream {
    bool tty;
    struct frame_reader frames;
    frame_sink sink;
    void *context;
};

static int take_piece(void *context, const char *data, size_t length, struct error *err)
{
    struct log_stream *stream = context;

    if (stream->tty)
        return stream->sink(stream->context, 1, data, length, err);
    return frame_reader_feed(&stream->frames, data, length, stream->sink, stream->context, err);
}

int engine_container_logs(struct engine *engine, const struct container *container,
    const char *tail, bool follow, frame_sink sink, void *context, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    struct log_stream stream = {.tty = container->tty, .sink = sink, .context = context};
    _cleanup_free_ char *name = engine_escape(container->id);
    _cleanup_free_ char *lines = engine_escape(tail);
    _cleanup_free_ char *path = xasprintf(
        "/containers/%s/logs?stdout=1&stderr=1&follow=%d&tail=%s", name, follow ? 1 : 0, lines);
    /* One that is followed may be silent for days. */
    struct transport_request request = {
        .method = "GET",
        .path = path,
        .write_body = take_piece,
        .write_context = &stream,
    };

    return engine_request(engine, &request, &answer, err);
}
