#include "engine/container_diff.h"

#include "base/json.h"
#include "base/xalloc.h"

struct change {
    char *path;
    int64_t kind;
};

static void change_release(struct change *change)
{
    free(change->path);
}

static int decode_change(struct json_object *object, struct container_diff *diff, struct error *err)
{
    static const struct json_field fields[] = {
        {"Path", FIELD_STRING, offsetof(struct change, path), FIELD_REQUIRED},
        {"Kind", FIELD_INT64, offsetof(struct change, kind), FIELD_REQUIRED},
    };
    struct strv *const lists[] = {&diff->modified, &diff->added, &diff->removed};
    _cleanup_(change_release) struct change change = {0};

    if (json_decode(object, fields, ELEMENTS(fields), &change, err) < 0)
        return -1;
    if (change.kind < 0 || (size_t)change.kind >= ELEMENTS(lists) || change.path[0] != '/')
        return error_set(err, ERROR_FAILED, "a change of a file makes no sense");
    strv_take(lists[change.kind], TAKE_PTR(change.path));
    return 0;
}

/* No change at all is null. */
static int decode_diff(struct json_object *array, struct container_diff *diff, struct error *err)
{
    if (!array)
        return 0;
    if (!json_object_is_type(array, json_type_array))
        return error_set(err, ERROR_FAILED, "a list of changes was expected");
    for (size_t i = 0; i < json_object_array_length(array); i++)
        if (decode_change(json_object_array_get_idx(array, i), diff, err) < 0)
            return -1;
    return 0;
}

int engine_container_diff(
    struct engine *engine, const char *container, struct container_diff *ret, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_(container_diff_release) struct container_diff diff = {0};
    _cleanup_(json_put) struct json_object *array = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *path = xasprintf("/containers/%s/changes", name);
    struct transport_request request = {.method = "GET", .path = path};

    if (engine_request(engine, &request, &answer, err) < 0)
        return -1;
    if (json_parse(strbuf_text(&answer.body), answer.body.length, &array, &cause) < 0 ||
        decode_diff(array, &diff, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    *ret = diff;
    diff = (struct container_diff){0};
    return 0;
}

int engine_container_size(
    struct engine *engine, const char *container, int64_t *ret_bytes, struct error *err)
{
    static const struct json_field fields[] = {{"SizeRw", FIELD_INT64, 0, 0}};
    _cleanup_(json_put) struct json_object *object = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *path = xasprintf("/containers/%s/json?size=1", name);
    int64_t bytes = 0;

    if (engine_request_json(engine, "GET", path, NULL, &object, err) < 0)
        return -1;
    if (json_decode(object, fields, ELEMENTS(fields), &bytes, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    *ret_bytes = bytes;
    return 0;
}

void container_diff_release(struct container_diff *diff)
{
    strv_release(&diff->modified);
    strv_release(&diff->added);
    strv_release(&diff->removed);
}
