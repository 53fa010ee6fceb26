#include "engine/build_answer.h"

#include "base/json.h"
#include "base/xalloc.h"
#include "engine/build_failure.h"
#include "engine/build_trace.h"

static const char *text_at(struct json_object *object, const char *path)
{
    struct json_object *value = json_at(object, path);

    return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

static bool is_image_id(const char *text)
{
    static const char algorithm[] = "sha256:";

    if (strncmp(text, algorithm, strlen(algorithm)) != 0)
        return false;
    text += strlen(algorithm);
    return strspn(text, "0123456789abcdef") == 64 && !text[64];
}

static int take_image_id(struct build_answer *answer, const char *id, struct error *err)
{
    if (!is_image_id(id))
        return error_set(
            err, ERROR_ENGINE, "the container engine gave the image an id that is none");
    free(answer->image_id);
    answer->image_id = xstrdup(id);
    return 0;
}

static int take_trace(struct build_answer *answer, struct json_object *object, struct error *err)
{
    struct json_object *aux = json_at(object, "aux");

    answer->traced = true;
    if (!json_object_is_type(aux, json_type_string))
        return error_set(
            err, ERROR_ENGINE, "the container engine sent a garbled report of the build");
    return build_trace_take(
        &answer->steps, json_object_get_string(aux), (size_t)json_object_get_string_len(aux), err);
}

static int take_text(struct build_answer *answer, struct json_object *object, struct error *err)
{
    struct json_object *text = json_at(object, "stream");

    if (answer->traced || !json_object_is_type(text, json_type_string))
        return 0;
    return build_classic_feed(&answer->classic, &answer->steps, json_object_get_string(text),
        (size_t)json_object_get_string_len(text), err);
}

static int take(void *context, struct json_object *object, struct error *err)
{
    struct build_answer *answer = context;
    const char *kind = text_at(object, "id");
    const char *failure = text_at(object, "errorDetail/message");
    const char *id = text_at(object, "aux/ID");

    if (!failure)
        failure = text_at(object, "error");
    if (failure && !answer->failure)
        answer->failure = xstrdup(failure);
    if (kind && strcmp(kind, "moby.buildkit.trace") == 0)
        return take_trace(answer, object, err);
    if (id)
        return take_image_id(answer, id, err);
    return take_text(answer, object, err);
}

void build_answer_init(struct build_answer *answer, build_observer observer, void *context)
{
    *answer = (struct build_answer){
        .stream = {.take = take, .context = answer, .object_max = BUILD_MESSAGE_MAX},
        .steps = {.observer = observer, .context = context},
        .classic = BUILD_CLASSIC_INIT,
    };
}

int build_answer_feed(void *answer, const char *data, size_t length, struct error *err)
{
    return json_stream_feed(&((struct build_answer *)answer)->stream, data, length, err);
}

int build_answer_finish(struct build_answer *answer, char **ret_id, struct error *err)
{
    if (build_classic_finish(&answer->classic, &answer->steps, answer->failure, err) < 0)
        return -1;
    if (answer->failure) {
        build_steps_fail(&answer->steps, answer->failure);
        return build_failure_set(err, &answer->steps, answer->failure);
    }
    if (json_stream_finish(&answer->stream, err) < 0)
        return -1;
    if (!answer->image_id)
        answer->image_id = TAKE_PTR(answer->classic.image_id);
    if (!answer->image_id)
        return error_set(
            err, ERROR_ENGINE, "the container engine ended the build without an image");
    *ret_id = TAKE_PTR(answer->image_id);
    return 0;
}

void build_answer_release(struct build_answer *answer)
{
    json_stream_release(&answer->stream);
    build_steps_release(&answer->steps);
    build_classic_release(&answer->classic);
    free(answer->image_id);
    free(answer->failure);
    answer->image_id = answer->failure = NULL;
}
