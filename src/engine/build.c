#include "engine/build.h"

#include <sys/random.h>

#include "base/interrupt.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "engine/build_answer.h"
#include "engine/build_failure.h"

#define CANCEL_TIMEOUT_MS 5000L
#define TOLD_BYTES        ((int64_t)4 << 20) /* of a context that is waited for */
#define BUILD_ID_BYTES    16
#define QUERY_MAX         ((size_t)1 << 20)

/* A name for the build by which it can be cancelled; the caller frees it. */
static char *make_build_id(void)
{
    unsigned char random[BUILD_ID_BYTES];
    struct strbuf id = STRBUF_INIT(2 * BUILD_ID_BYTES);

    while (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        ;
    for (size_t i = 0; i < sizeof(random); i++)
        strbuf_addf(&id, "%02x", random[i]);
    return strbuf_detach(&id);
}

static void add_parameter(struct strbuf *query, const char *key, const char *value)
{
    if (!value)
        return;
    _cleanup_free_ char *escaped = engine_escape(value);
    strbuf_addf(query, "&%s=%s", key, escaped);
}

static void add_map(struct strbuf *query, const char *key, const struct strmap *map)
{
    if (!map || map->count == 0)
        return;
    _cleanup_(json_put) struct json_object *object = json_from_strmap(map);
    add_parameter(query, key, json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
}

/*
 * The path of the request. Podman's builder knows neither `version` nor `buildid`. `rm` is
 * for the classic builders, which else keep a container for each step.
 */
static char *build_path(const struct build_request *request, const char *build_id)
{
    struct strbuf path = STRBUF_INIT(QUERY_MAX);

    strbuf_adds(&path, build_id ? "/build?version=2" : "/build?rm=1&forcerm=1");
    add_parameter(&path, "buildid", build_id);
    add_parameter(&path, "t", request->tag);
    add_parameter(&path, "dockerfile", request->dockerfile);
    add_parameter(&path, "networkmode", request->network);
    add_parameter(&path, "nocache", request->no_cache ? "1" : NULL);
    add_map(&path, "labels", request->labels);
    add_map(&path, "buildargs", request->arguments); /* last: they may be cut off from a trace */
    if (path.overflowed) {
        strbuf_release(&path);
        return NULL;
    }
    return strbuf_detach(&path);
}

/*
 * Tells the engine to stop, whatever the user types meanwhile. Best effort: it may be over. It is
 * the first thing of an undo: an engine that is found gone here is not waited for once more.
 */
static void cancel(struct engine *engine, const char *build_id)
{
    _cleanup_free_ char *path = xasprintf("/build/cancel?id=%s", build_id);
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    struct transport_request request = {
        .method = "POST",
        .path = path,
        .timeout_ms = CANCEL_TIMEOUT_MS,
    };

    interrupt_hold(true);
    transport_hurry(engine->transport, true);
    engine_request(engine, &request, &answer, NULL);
    transport_hurry(engine->transport, false);
    interrupt_hold(false);
}

struct sending {
    struct context_stream *stream;
    build_observer observer;
    void *context;
    int64_t bytes;
};

/* A transport_read: of what the builder shows nothing comes before it has the whole context. */
static ssize_t send_part(void *argument, char *data, size_t size, struct error *err)
{
    struct sending *sending = argument;
    ssize_t got = context_stream_read(sending->stream, data, size, err);

    if (got < 0)
        return got;
    sending->bytes += got;
    if (sending->bytes < TOLD_BYTES || !sending->observer)
        return got;
    struct build_event event = {
        .kind = BUILD_CONTEXT,
        .step = "context",
        .name = "Sending the build context",
        .state = got ? BUILD_RUNNING : BUILD_DONE,
        .seconds = -1,
        .current = sending->bytes,
        .total = -1,
    };
    sending->observer(sending->context, &event);
    return got;
}

static int send_build(struct engine *engine, const char *path, struct sending *sending,
    struct build_answer *build, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    struct transport_request request = {
        .method = "POST",
        .path = path,
        .content_type = "application/x-tar",
        .read_body = send_part,
        .read_context = sending,
        .write_body = build_answer_feed,
        .write_context = build,
    };

    return engine_request(engine, &request, &answer, err);
}

static void context_stream_freep(struct context_stream **stream)
{
    context_stream_free(*stream);
}

int engine_image_build(struct engine *engine, const struct build_request *request,
    build_observer observer, void *context, char **ret_id, struct error *err)
{
    _cleanup_(context_stream_freep) struct context_stream *stream = NULL;
    _cleanup_(build_answer_release) struct build_answer build;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *build_id = NULL;

    build_answer_init(&build, observer, context);
    build.steps.hidden = request->hidden;
    if (!engine->known && engine_get_to_know(engine, err) < 0)
        return -1;
    if (engine->kind == ENGINE_DOCKER)
        build_id = make_build_id();
    _cleanup_free_ char *path = build_path(request, build_id);
    if (!path)
        return error_set(
            err, ERROR_USAGE, "the build's arguments are longer than %zu bytes", QUERY_MAX);
    if (context_stream_new(request->context, &stream, err) < 0)
        return -1;
    struct sending sending = {.stream = stream, .observer = observer, .context = context};
    if (send_build(engine, path, &sending, &build, &cause) == 0)
        return build_answer_finish(&build, ret_id, err);
    if (cause.code == ERROR_INTERRUPTED && build_id) {
        if (observer)
            observer(context, &(struct build_event){.kind = BUILD_INTERRUPTED});
        cancel(engine, build_id);
    }
    /* An engine that breaks off after it said why is known to have failed for that reason. */
    if (cause.code == ERROR_ENGINE && build.failure)
        return build_failure_set(err, &build.steps, build.failure);
    return error_move(err, &cause);
}
