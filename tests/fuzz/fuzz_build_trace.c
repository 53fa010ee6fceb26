/*
 * The answer to a build, from an engine that lies. The first byte says how: even, the rest
 * is the stream itself; odd, the rest is a trace's protobuf, packed into a message.
 */
#include "fuzz.h"

#include "base/base64.h"
#include "engine/build_answer.h"

static void see(_unused_ void *context, const struct build_event *event)
{
    /* Everything that is handed over must be readable. */
    volatile size_t sum = strlen(event->step) + (event->name ? strlen(event->name) : 0);

    for (size_t i = 0; i < event->length; i++)
        sum += (unsigned char)event->text[i];
    (void)sum;
}

static void feed(const char *text, size_t length, size_t piece)
{
    _cleanup_(build_answer_release) struct build_answer answer;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *id = NULL;

    build_answer_init(&answer, see, NULL);
    for (size_t at = 0; at < length; at += piece) {
        size_t left = length - at;
        if (build_answer_feed(&answer, text + at, left < piece ? left : piece, &err) < 0)
            return;
    }
    require(build_answer_finish(&answer, &id, &err) == 0 || err.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *rest = (const char *)data + 1;
    if (data[0] % 2 == 0) {
        feed(rest, size - 1, 1 + data[0] / 2);
        return 0;
    }
    _cleanup_free_ char *text = base64_encode(rest, size - 1, false);
    _cleanup_free_ char *message =
        xasprintf("{\"id\":\"moby.buildkit.trace\",\"aux\":\"%s\"}{\"error\":\"x\"}", text);
    feed(message, strlen(message), strlen(message));
    return 0;
}
