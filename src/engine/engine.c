#include "engine/engine.h"

#include <ctype.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "engine/build_reason.h"
#include "engine/json_stream.h"
#include "engine/printable.h"
#include "engine/sentence.h"
#include "engine/unreachable.h"

static const char unix_scheme[] = "unix://";

/* What was typed is not a place we can speak to: the cure depends on what it is. */
static int bad_host(const char *host, struct error *err)
{
    _cleanup_free_ char *shown = printable_line(host, strlen(host), 200);

    error_set(err, ERROR_USAGE,
        "ds01 speaks to an engine on this machine, through a unix socket, not to \"%s\"", shown);
    if (strncmp(host, "ssh://", 6) == 0)
        return error_hint(err, "log in to that machine and run ds01 there");
    return error_hint(
        err, "name a socket, as in -H unix:///var/run/docker.sock, or unset DOCKER_HOST");
}

int engine_new(const char *host, struct engine **ret, struct error *err)
{
    const char *path = host;
    struct transport *transport = NULL;

    if (strncmp(host, unix_scheme, strlen(unix_scheme)) == 0)
        path += strlen(unix_scheme);
    if (path[0] != '/' || text_has_control(path))
        return bad_host(host, err);
    if (transport_new(path, &transport, err) < 0)
        return -1;

    struct engine *engine = xcalloc(1, sizeof(*engine));
    engine->transport = transport;
    engine->socket_path = xstrdup(path);
    engine->api = ENGINE_API_BASELINE;
    engine->list_max = TRANSPORT_ANSWER_MAX;
    *ret = engine;
    return 0;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    transport_free(engine->transport);
    free(engine->socket_path);
    free(engine);
}

void engine_freep(struct engine **engine)
{
    engine_free(*engine);
}

/* "1.41" is 141; 0 for what is no version. Anything may stand behind it. */
static unsigned parse_version(const char *text)
{
    unsigned parts[2] = {0, 0};

    for (size_t i = 0; i < ELEMENTS(parts); i++) {
        if (!isdigit((unsigned char)*text))
            return 0;
        for (; isdigit((unsigned char)*text) && parts[i] < 100; text++)
            parts[i] = parts[i] * 10 + (unsigned)(*text - '0');
        if (i == 0 && *text++ != '.')
            return 0;
    }
    return parts[0] < 100 && parts[1] < 100 ? parts[0] * 100 + parts[1] : 0;
}

char *engine_path(const struct engine *engine, const char *path)
{
    return xasprintf("/v%u.%u%s", engine->api / 100, engine->api % 100, path);
}

/* The engine's own message: the "message" of its JSON, or its text. The caller frees it. */
static char *message_of(const struct transport_answer *answer)
{
    _cleanup_(json_put) struct json_object *object = NULL;
    const struct strbuf *body = &answer->body;

    if (json_parse(strbuf_text(body), body->length, &object, NULL) == 0) {
        struct json_object *message = json_at(object, "message");
        return json_object_is_type(message, json_type_string)
                   ? sentence_from(json_object_get_string(message),
                         (size_t)json_object_get_string_len(message))
                   : xstrdup("");
    }
    return sentence_from(strbuf_text(body), body->length);
}

/* A page of HTML is no engine's: it comes from a proxy, or something else that listens there. */
static bool is_page(const struct transport_answer *answer)
{
    const char *text = strbuf_text(&answer->body);

    return text[strspn(text, " \t\r\n")] == '<';
}

static int refuse_for_room(struct error *err)
{
    error_set(err, ERROR_FAILED, "the engine's disk is full");
    return error_hint(err,
        "free some space first: remove what is no longer needed (image-list and container-list "
        "show it), or ask the administrator of the server");
}

int engine_refusal(struct engine *engine, const struct transport_answer *answer, struct error *err)
{
    _cleanup_free_ char *message = message_of(answer);
    enum error_code code = answer->status == 404   ? ERROR_NOT_FOUND
                           : answer->status == 409 ? ERROR_REFUSED
                                                   : ERROR_FAILED;

    if (answer->status < 400 || is_page(answer)) {
        _cleanup_free_ char *what = xasprintf("it answered with HTTP status %ld", answer->status);
        return engine_nonsense(engine->socket_path, what, err);
    }
    if (!*message)
        return error_set(err, code,
            "the container engine refused with HTTP status %ld and did not say why",
            answer->status);
    if (build_reason_is_full_disk(message, strlen(message)))
        return refuse_for_room(err);
    return error_set(err, code, "%s", message);
}

int engine_garbled(struct engine *engine, struct error *cause, struct error *err)
{
    _cleanup_free_ char *what =
        xasprintf("its answer is garbled, %s", cause->message ? cause->message : "it seems");

    error_release(cause);
    return engine_nonsense(engine->socket_path, what, err);
}

/* The newest version the engine speaks, from its header or its refusal; 0: not known. */
static unsigned newest_of(const struct transport_answer *answer)
{
    static const char least[] = "Minimum supported API version is ";
    unsigned newest = parse_version(answer->api_version);

    if (newest || answer->status != 400)
        return newest;
    const char *found = strstr(strbuf_text(&answer->body), least);
    return found ? parse_version(found + strlen(least)) : 0;
}

/* True for the refusal "client version 1.41 is too old. Minimum supported API version is …". */
static bool is_too_old(const struct transport_answer *answer)
{
    const char *body = strbuf_text(&answer->body);

    return answer->status == 400 && strstr(body, "client version") && strstr(body, "too old");
}

/* Learns from the first answer what the engine is. */
static int learn(struct engine *engine, const struct transport_answer *answer, struct error *err)
{
    unsigned newest = newest_of(answer);

    if (!newest)
        return 0;
    if (newest < ENGINE_API_BASELINE) {
        error_set(err, ERROR_ENGINE,
            "the container engine at %s is too old: it speaks API %u.%u, ds01 needs %u.%u or newer",
            engine->socket_path, newest / 100, newest % 100, ENGINE_API_BASELINE / 100,
            ENGINE_API_BASELINE % 100);
        return error_hint(err, "Docker 20.10 and Podman 4 are the oldest that will do");
    }
    engine->kind = answer->podman ? ENGINE_PODMAN : ENGINE_DOCKER;
    engine->api = newest < ENGINE_API_NEWEST ? newest : ENGINE_API_NEWEST;
    engine->known = true;
    return 0;
}

static int too_new_engine(const struct engine *engine, struct error *err)
{
    error_set(err, ERROR_ENGINE,
        "the container engine at %s is too new: it no longer speaks API %u.%u, the newest ds01 "
        "knows",
        engine->socket_path, engine->api / 100, engine->api % 100);
    return error_hint(err, "ask the administrator to install a newer ds01");
}

static int send_versioned(struct engine *engine, const struct transport_request *request,
    struct transport_answer *ret, struct error *err)
{
    _cleanup_free_ char *path = engine_path(engine, request->path);
    struct transport_request versioned = *request;

    versioned.path = path;
    return transport_perform(engine->transport, &versioned, ret, err);
}

int engine_get_to_know(struct engine *engine, struct error *err)
{
    struct transport_request ping = {
        .method = "GET", .path = "/_ping", .timeout_ms = TRANSPORT_DUE_MS};
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;

    if (engine->known)
        return 0;
    if (transport_perform(engine->transport, &ping, &answer, err) < 0 ||
        learn(engine, &answer, err) < 0)
        return -1;
    if (!engine->known)
        return engine_nonsense(engine->socket_path, "it does not tell its API version", err);
    return 0;
}

int engine_request(struct engine *engine, struct transport_request *request,
    struct transport_answer *ret, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = {
        .body = STRBUF_INIT(ret->body.max)};
    bool first = !engine->known;

    /* A body that is made while it is sent cannot be sent again at another version. */
    if (request->read_body && engine_get_to_know(engine, err) < 0)
        return -1;
    if (send_versioned(engine, request, &answer, err) < 0)
        return -1;
    if (!engine->known && learn(engine, &answer, err) < 0)
        return -1;
    if (is_too_old(&answer)) {
        if (first && !request->read_body && send_versioned(engine, request, &answer, err) < 0)
            return -1;
        if (is_too_old(&answer))
            return too_new_engine(engine, err);
    }
    if (answer.status >= 400 || (answer.status >= 300 && answer.status != 304))
        return engine_refusal(engine, &answer, err);
    transport_answer_release(ret);
    *ret = answer;
    answer.body = (struct strbuf)STRBUF_INIT(0);
    return 0;
}

int engine_request_json(struct engine *engine, const char *method, const char *path,
    struct json_object *body, struct json_object **ret, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    struct transport_request request = {
        .method = method, .path = path, .timeout_ms = TRANSPORT_DUE_MS};

    if (body) {
        request.content_type = "application/json";
        request.body = json_object_to_json_string_length(
            body, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &request.body_length);
    }
    if (engine_request(engine, &request, &answer, err) < 0)
        return -1;
    if (json_parse(strbuf_text(&answer.body), answer.body.length, ret, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    return 0;
}

struct list_answer {
    const struct engine *engine;
    struct json_stream stream;
    size_t length;        /* bytes so far */
    struct error garbled; /* the first thing that makes no sense */
};

static void list_answer_release(struct list_answer *list)
{
    json_stream_release(&list->stream);
    error_release(&list->garbled);
}

/* What is garbled is read to its end all the same: its header is worth more than its content. */
static int take_list_bytes(void *context, const char *data, size_t length, struct error *err)
{
    struct list_answer *list = context;
    const struct engine *engine = list->engine;

    list->length += length;
    if (list->length > engine->list_max)
        return error_set(err, ERROR_ENGINE,
            "the container engine at %s sent a list of more than %zu bytes", engine->socket_path,
            engine->list_max);
    if (list->garbled.code == ERROR_NONE)
        (void)json_stream_feed(&list->stream, data, length, &list->garbled);
    return 0;
}

int engine_request_list(
    struct engine *engine, const char *path, json_take take, void *context, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_(list_answer_release) struct list_answer list = {
        .engine = engine,
        .stream = {.take = take,
            .context = context,
            .object_max = engine->list_max,
            .is_array = true},
        .garbled = ERROR_INIT,
    };
    struct transport_request request = {
        .method = "GET",
        .path = path,
        .write_body = take_list_bytes,
        .write_context = &list,
        .timeout_ms = TRANSPORT_DUE_MS,
    };

    if (engine_request(engine, &request, &answer, err) < 0)
        return -1;
    if (list.garbled.code == ERROR_NONE)
        (void)json_stream_finish(&list.stream, &list.garbled);
    if (list.garbled.code != ERROR_NONE)
        return engine_garbled(engine, &list.garbled, err);
    return 0;
}

char *engine_escape(const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    struct strbuf escaped = STRBUF_INIT(STRBUF_TEXT_MAX);

    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c < 0x80 && isalnum(c)) || strchr("-._~/:", c)) {
            strbuf_addc(&escaped, (char)c);
        } else {
            const char code[] = {'%', hex[c >> 4], hex[c & 15]};
            strbuf_add(&escaped, code, sizeof(code));
        }
    }
    return strbuf_detach(&escaped);
}

char *engine_filters(const struct engine_filter *filters)
{
    _cleanup_(json_put) struct json_object *object = json_object_new_object();

    for (; filters && filters->key; filters++) {
        struct json_object *values = NULL;
        if (!json_object_object_get_ex(object, filters->key, &values)) {
            values = json_object_new_array();
            json_object_object_add(object, filters->key, values);
        }
        json_object_array_add(values, json_object_new_string(filters->value));
    }
    return engine_escape(json_object_to_json_string_ext(
        object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}
