#include "engine/container_commit.h"

#include "base/json.h"
#include "base/xalloc.h"
#include "engine/exec.h"

int engine_container_wait(struct engine *engine, const char *container, long timeout_ms,
    int64_t *ret_code, struct error *err)
{
    static const struct json_field fields[] = {{"StatusCode", FIELD_INT64, 0, FIELD_REQUIRED}};
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_(json_put) struct json_object *object = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *path = xasprintf("/containers/%s/wait", name);
    struct transport_request request = {.method = "POST", .path = path, .timeout_ms = timeout_ms};

    if (engine_request(engine, &request, &answer, err) < 0)
        return -1;
    if (json_parse(strbuf_text(&answer.body), answer.body.length, &object, &cause) < 0 ||
        json_decode(object, fields, ELEMENTS(fields), ret_code, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    return 0;
}

static int collect_output(
    void *context, _unused_ int stream, const char *data, size_t length, _unused_ struct error *err)
{
    strbuf_add(context, data, length);
    return 0;
}

int engine_container_last_output(struct engine *engine, const char *container, int lines,
    struct strbuf *ret_text, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *path =
        xasprintf("/containers/%s/logs?stdout=1&stderr=1&tail=%d", name, lines);
    struct transport_request request = {
        .method = "GET", .path = path, .timeout_ms = TRANSPORT_DUE_MS};
    struct frame_reader reader = {0};

    if (engine_request(engine, &request, &answer, err) < 0)
        return -1;
    return frame_reader_feed(
        &reader, strbuf_text(&answer.body), answer.body.length, collect_output, ret_text, err);
}

static void add_list(struct json_object *object, const char *key, const struct strv *list)
{
    if (list && list->count)
        json_object_object_add(object, key, json_from_strv(list));
}

static char *commit_path(const char *escaped_name, const struct commit_spec *spec)
{
    if (!spec->repository)
        return xasprintf("/commit?container=%s&pause=0", escaped_name);
    _cleanup_free_ char *repository = engine_escape(spec->repository);
    _cleanup_free_ char *tag = engine_escape(spec->tag);
    return xasprintf("/commit?container=%s&repo=%s&tag=%s&pause=0", escaped_name, repository, tag);
}

int engine_container_commit(struct engine *engine, const char *container,
    const struct commit_spec *spec, char **ret_id, struct error *err)
{
    static const struct json_field fields[] = {{"Id", FIELD_STRING, 0, FIELD_REQUIRED}};
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_(json_put) struct json_object *body = json_object_new_object();
    _cleanup_(json_put) struct json_object *object = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *path = commit_path(name, spec);
    char *id = NULL;

    json_add_string(body, "User", spec->user);
    add_list(body, "Cmd", spec->command);
    add_list(body, "Entrypoint", spec->entrypoint);
    add_list(body, "Env", spec->environment);
    json_object_object_add(body, "Labels", json_from_strmap(&spec->labels));
    /* Large layers take long to write: no time limit. */
    struct transport_request request = {
        .method = "POST", .path = path, .content_type = "application/json"};
    request.body = json_object_to_json_string_length(
        body, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &request.body_length);
    if (engine_request(engine, &request, &answer, err) < 0)
        return -1;
    if (json_parse(strbuf_text(&answer.body), answer.body.length, &object, &cause) < 0 ||
        json_decode(object, fields, ELEMENTS(fields), &id, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    *ret_id = id;
    return 0;
}
