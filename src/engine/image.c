#include "engine/image.h"

#include <json-c/json.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "engine/json_stream.h"
#include "engine/printable.h"
#include "engine/sentence.h"

#define USAGE_WAIT_MS 3000L
#define USAGE_NAP_MS  50L

#define PROGRESS_MAX ((size_t)200) /* bytes of a progress text */
#define QUERY_MAX    ((size_t)64 << 10)
#define IMPORT_MAX   ((size_t)32 << 20)

static const struct json_field inspect_fields[] = {
    {"Id", FIELD_STRING, offsetof(struct image, id), FIELD_REQUIRED},
    {"RepoTags", FIELD_STRV, offsetof(struct image, tags), 0},
    {"Config/Labels", FIELD_STRMAP, offsetof(struct image, labels), 0},
    {"Config/Env", FIELD_STRV, offsetof(struct image, environment), 0},
    {"Config/Cmd", FIELD_STRV, offsetof(struct image, command), 0},
    {"Config/Entrypoint", FIELD_STRV, offsetof(struct image, entrypoint), 0},
    {"Config/OnBuild", FIELD_STRV, offsetof(struct image, triggers), 0},
    {"Config/User", FIELD_STRING, offsetof(struct image, user), 0},
    {"RootFS/Layers", FIELD_STRV, offsetof(struct image, layers), 0},
    {"Created", FIELD_STRING, offsetof(struct image, created), 0},
    {"Size", FIELD_INT64, offsetof(struct image, size), 0},
};

static const struct json_field list_fields[] = {
    {"Id", FIELD_STRING, offsetof(struct image, id), FIELD_REQUIRED},
    {"RepoTags", FIELD_STRV, offsetof(struct image, tags), 0},
    {"Labels", FIELD_STRMAP, offsetof(struct image, labels), 0},
    {"Created", FIELD_INT64, offsetof(struct image, created_unix), 0},
    {"Size", FIELD_INT64, offsetof(struct image, size), 0},
    {"SharedSize", FIELD_INT64, offsetof(struct image, shared), 0},
};

void image_release(struct image *image)
{
    free(image->id);
    strv_release(&image->tags);
    strmap_release(&image->labels);
    strv_release(&image->layers);
    strv_release(&image->environment);
    strv_release(&image->command);
    strv_release(&image->entrypoint);
    strv_release(&image->triggers);
    strv_release(&image->volumes);
    free(image->user);
    free(image->created);
    *image = (struct image){0};
}

void image_list_release(struct image_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        image_release(&list->images[i]);
    free(list->images);
    *list = (struct image_list){0};
}

const char *engine_image_short_name(const char *name)
{
    static const char domain[] = "docker.io/";
    static const char official[] = "library/";

    if (strncmp(name, domain, strlen(domain)) != 0)
        return name;
    name += strlen(domain);
    return strncmp(name, official, strlen(official)) == 0 ? name + strlen(official) : name;
}

/* Before API 1.43 an image without a name has the name "<none>:<none>". */
static void normalise_names(struct image *image)
{
    struct strv named = STRV_INIT;

    for (size_t i = 0; i < image->tags.count; i++) {
        if (strcmp(image->tags.items[i], "<none>:<none>") != 0)
            strv_push(&named, engine_image_short_name(image->tags.items[i]));
    }
    strv_release(&image->tags);
    image->tags = named;
}

static int decode_image(struct json_object *object, const struct json_field *fields, size_t count,
    struct image *ret, struct error *err)
{
    struct image image = {.shared = -1};

    if (json_decode(object, fields, count, &image, err) < 0) {
        image_release(&image);
        return -1;
    }
    normalise_names(&image);
    *ret = image;
    return 0;
}

/* An object whose keys are paths; there is nothing in its values. */
static void decode_volumes(struct json_object *object, struct strv *ret)
{
    struct json_object *volumes = json_at(object, "Config/Volumes");

    if (!json_object_is_type(volumes, json_type_object))
        return;
    json_object_object_foreach (volumes, path, nothing) {
        (void)nothing;
        strv_push(ret, path);
    }
}

int engine_image_inspect(
    struct engine *engine, const char *reference, struct image *ret, struct error *err)
{
    _cleanup_free_ char *name = engine_escape(reference);
    _cleanup_free_ char *path = xasprintf("/images/%s/json", name);
    _cleanup_(json_put) struct json_object *object = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_request_json(engine, "GET", path, NULL, &object, err) < 0)
        return -1;
    if (decode_image(object, inspect_fields, ELEMENTS(inspect_fields), ret, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    decode_volumes(object, &ret->volumes);
    return 0;
}

struct history_row {
    char *step;
    int64_t size;
};

static const struct json_field history_fields[] = {
    {"CreatedBy", FIELD_STRING, offsetof(struct history_row, step), 0},
    {"Size", FIELD_INT64, offsetof(struct history_row, size), 0},
};

static int take_history_row(void *context, struct json_object *object, struct error *err)
{
    struct image_history *history = context;
    struct history_row row = {0};

    if (json_decode(object, history_fields, ELEMENTS(history_fields), &row, err) < 0) {
        free(row.step);
        return -1;
    }
    history->sizes = xgrow(history->sizes, history->steps.count, sizeof(*history->sizes));
    history->sizes[history->steps.count] = row.size;
    strv_take(&history->steps, row.step ? row.step : xstrdup(""));
    return 0;
}

int engine_image_history(
    struct engine *engine, const char *reference, struct image_history *ret, struct error *err)
{
    _cleanup_free_ char *name = engine_escape(reference);
    _cleanup_free_ char *path = xasprintf("/images/%s/history", name);
    _cleanup_(image_history_release) struct image_history history = {0};

    if (engine_request_list(engine, path, take_history_row, &history, err) < 0)
        return -1;
    *ret = history;
    history = (struct image_history){0};
    return 0;
}

void image_history_release(struct image_history *history)
{
    strv_release(&history->steps);
    free(history->sizes);
    *history = (struct image_history){0};
}

static int take_image(void *context, struct json_object *object, struct error *err)
{
    struct image_list *list = context;

    list->images = xgrow(list->images, list->count, sizeof(*list->images));
    if (decode_image(object, list_fields, ELEMENTS(list_fields), &list->images[list->count], err) <
        0)
        return -1;
    list->count++;
    return 0;
}

int engine_image_list(struct engine *engine, const struct engine_filter *filters, bool shared,
    struct image_list *ret, struct error *err)
{
    _cleanup_free_ char *value = engine_filters(filters);
    _cleanup_(image_list_release) struct image_list list = {0};

    if (shared && engine_get_to_know(engine, err) < 0)
        return -1;
    _cleanup_free_ char *path = xasprintf("/images/json?filters=%s%s", value,
        shared && engine->api >= ENGINE_API_SHARED_SIZE ? "&shared-size=1" : "");
    if (engine_request_list(engine, path, take_image, &list, err) < 0)
        return -1;
    *ret = list;
    list = (struct image_list){0};
    return 0;
}

static int decode_usage(struct json_object *usage, struct image_list *list, struct error *err)
{
    struct json_object *images = json_at(usage, "Images");

    if (images && !json_object_is_type(images, json_type_array))
        return error_set(err, ERROR_FAILED, "a list of images was expected");
    for (size_t i = 0; images && i < json_object_array_length(images); i++)
        if (take_image(list, json_object_array_get_idx(images, i), err) < 0)
            return -1;
    return 0;
}

/* Docker before 23.0 looks at its disk for one at a time, and refuses others meanwhile. */
static bool is_busy(const struct error *err)
{
    return err->code == ERROR_FAILED && strstr(err->message, "disk usage operation is already");
}

static int request_usage(struct engine *engine, struct json_object **ret, struct error *err)
{
    const struct timespec nap = {.tv_nsec = USAGE_NAP_MS * 1000000L};

    for (long ms = 0;; ms += USAGE_NAP_MS) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        if (engine_request_json(engine, "GET", "/system/df", NULL, ret, &cause) == 0)
            return 0;
        if (interrupt_pending())
            return interrupt_error(err);
        if (!is_busy(&cause) || ms >= USAGE_WAIT_MS)
            return error_move(err, &cause);
        nanosleep(&nap, NULL);
    }
}

/* All images with what they share. */
static int list_of_usage(struct engine *engine, struct image_list *ret, struct error *err)
{
    _cleanup_(json_put) struct json_object *usage = NULL;
    _cleanup_(image_list_release) struct image_list list = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (request_usage(engine, &usage, err) < 0)
        return -1;
    if (decode_usage(usage, &list, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    *ret = list;
    list = (struct image_list){0};
    return 0;
}

int engine_image_list_fill_shared(struct engine *engine, struct image_list *list, struct error *err)
{
    _cleanup_(image_list_release) struct image_list all = {0};

    if (list_of_usage(engine, &all, err) < 0)
        return -1;
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < all.count; k++)
            if (strcmp(list->images[i].id, all.images[k].id) == 0)
                list->images[i].shared = all.images[k].shared;
    return 0;
}

/*
 * Takes a reference apart: what stands before the tag or digest, and that. Without either
 * the tag is "latest": an engine that is told none would pull all.
 */
static void split_reference(const char *reference, char **ret_name, char **ret_tag)
{
    const char *digest = strchr(reference, '@');
    const char *slash = strrchr(reference, '/');
    const char *colon = strrchr(slash ? slash : reference, ':');
    const char *end = digest ? digest : colon;

    *ret_name = end ? xstrndup(reference, (size_t)(end - reference)) : xstrdup(reference);
    *ret_tag = xstrdup(end && end[1] ? end + 1 : "latest");
}

int engine_image_tag(
    struct engine *engine, const char *image, const char *reference, struct error *err)
{
    _cleanup_free_ char *name = NULL;
    _cleanup_free_ char *tag = NULL;

    split_reference(reference, &name, &tag);
    _cleanup_free_ char *image_part = engine_escape(image);
    _cleanup_free_ char *name_part = engine_escape(name);
    _cleanup_free_ char *tag_part = engine_escape(tag);
    _cleanup_free_ char *path =
        xasprintf("/images/%s/tag?repo=%s&tag=%s", image_part, name_part, tag_part);
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    struct transport_request request = {
        .method = "POST", .path = path, .timeout_ms = TRANSPORT_DUE_MS};

    return engine_request(engine, &request, &answer, err);
}

/* Docker says "unrecognized image ID", with status 500, of one that goes at the same moment. */
static bool is_gone(struct engine *engine, const char *reference)
{
    _cleanup_(image_release) struct image image = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    return engine_image_inspect(engine, reference, &image, &cause) < 0 &&
           cause.code == ERROR_NOT_FOUND;
}

int engine_image_remove(
    struct engine *engine, const char *reference, bool keep_parents, struct error *err)
{
    _cleanup_free_ char *name = engine_escape(reference);
    _cleanup_free_ char *path = xasprintf("/images/%s%s", name, keep_parents ? "?noprune=1" : "");
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    /* Deleting many gigabytes takes long. */
    struct transport_request request = {.method = "DELETE", .path = path};

    if (engine_request(engine, &request, &answer, &cause) == 0)
        return 0;
    if (cause.code == ERROR_FAILED && is_gone(engine, reference))
        return error_set(err, ERROR_NOT_FOUND, "there is no image %s any more", reference);
    return error_move(err, &cause);
}

/* "&changes=LABEL a=\"b\"" for each label, escaped; no value of ours needs more than quotes. */
static void add_label_changes(struct strbuf *path, const struct strmap *labels)
{
    for (size_t i = 0; i < labels->count; i++) {
        _cleanup_free_ char *change =
            xasprintf("LABEL %s=\"%s\"", labels->entries[i].key, labels->entries[i].value);
        _cleanup_free_ char *escaped = engine_escape(change);
        strbuf_addf(path, "&changes=%s", escaped);
    }
}

int engine_image_import(struct engine *engine, const struct container_files *files,
    const struct strmap *labels, const char *reference, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_(strbuf_release) struct strbuf tar = STRBUF_INIT(IMPORT_MAX);
    _cleanup_(strbuf_release) struct strbuf path = STRBUF_INIT(QUERY_MAX);
    _cleanup_free_ char *name = NULL;
    _cleanup_free_ char *tag = NULL;

    split_reference(reference, &name, &tag);
    _cleanup_free_ char *name_part = engine_escape(name);
    _cleanup_free_ char *tag_part = engine_escape(tag);
    strbuf_addf(&path, "/images/create?fromSrc=-&repo=%s&tag=%s", name_part, tag_part);
    add_label_changes(&path, labels);
    if (container_files_pack(files, 0, &tar, err) < 0)
        return -1;
    struct transport_request request = {
        .method = "POST",
        .path = strbuf_text(&path),
        .content_type = "application/x-tar",
        .body = strbuf_text(&tar),
        .body_length = tar.length,
        .timeout_ms = TRANSPORT_DUE_MS,
    };
    if (engine_request(engine, &request, &answer, err) < 0)
        return -1;
    /* What fails behind the first byte of the answer is told in it, with status 200. */
    if (!strstr(strbuf_text(&answer.body), "sha256:"))
        return error_set(err, ERROR_FAILED, "the engine did not take the files for the build");
    return 0;
}

struct pull {
    pull_observer observer;
    void *context;
    struct json_stream stream;
};

struct pull_line {
    char *error;
    char *detail;
    char *layer;
    char *status;
    int64_t current;
    int64_t total;
};

static const struct json_field pull_fields[] = {
    {"error", FIELD_STRING, offsetof(struct pull_line, error), 0},
    {"errorDetail/message", FIELD_STRING, offsetof(struct pull_line, detail), 0},
    {"id", FIELD_STRING, offsetof(struct pull_line, layer), 0},
    {"status", FIELD_STRING, offsetof(struct pull_line, status), 0},
    {"progressDetail/current", FIELD_INT64, offsetof(struct pull_line, current), 0},
    {"progressDetail/total", FIELD_INT64, offsetof(struct pull_line, total), 0},
};

static void pull_line_release(struct pull_line *line)
{
    free(line->error);
    free(line->detail);
    free(line->layer);
    free(line->status);
}

static void show_progress(const struct pull *pull, const struct pull_line *line)
{
    const char *raw_status = line->status ? line->status : "";
    /* "Pulling from lab/image" comes with the tag in the place of a layer. */
    bool whole = !line->layer || strncmp(raw_status, "Pulling from ", 13) == 0;
    const char *raw_layer = whole ? "" : line->layer;
    _cleanup_free_ char *layer = printable_line(raw_layer, strlen(raw_layer), PROGRESS_MAX);
    _cleanup_free_ char *status = printable_line(raw_status, strlen(raw_status), PROGRESS_MAX);
    struct pull_progress progress = {layer, status, line->current, line->total};

    if (pull->observer && (*layer || *status))
        pull->observer(pull->context, &progress);
}

static int take_pull_line(void *context, struct json_object *object, struct error *err)
{
    _cleanup_(pull_line_release) struct pull_line line = {.current = -1, .total = -1};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (json_decode(object, pull_fields, ELEMENTS(pull_fields), &line, &cause) < 0)
        return error_set(
            err, ERROR_ENGINE, "the container engine sent garbled messages: %s", cause.message);
    const char *failure = line.detail ? line.detail : line.error;
    if (failure) {
        _cleanup_free_ char *sentence = sentence_from(failure, strlen(failure));
        return error_set(err, ERROR_FAILED, "%s", sentence);
    }
    show_progress(context, &line);
    return 0;
}

static int take_pull_bytes(void *context, const char *data, size_t length, struct error *err)
{
    struct pull *pull = context;

    return json_stream_feed(&pull->stream, data, length, err);
}

static int pull_with(
    struct engine *engine, const char *path, const char *auth, struct pull *pull, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    struct transport_request request = {
        .method = "POST",
        .path = path,
        .auth = auth,
        .write_body = take_pull_bytes,
        .write_context = pull,
    };

    pull->stream = (struct json_stream){.take = take_pull_line, .context = pull};
    int result = engine_request(engine, &request, &answer, err);
    if (result == 0)
        result = json_stream_finish(&pull->stream, err);
    json_stream_release(&pull->stream);
    return result;
}

int engine_image_pull(struct engine *engine, const char *reference, const char *auth,
    pull_observer observer, void *context, struct error *err)
{
    _cleanup_free_ char *name = NULL;
    _cleanup_free_ char *tag = NULL;
    struct pull pull = {.observer = observer, .context = context};

    split_reference(reference, &name, &tag);
    _cleanup_free_ char *name_part = engine_escape(name);
    _cleanup_free_ char *tag_part = engine_escape(tag);
    _cleanup_free_ char *path =
        xasprintf("/images/create?fromImage=%s&tag=%s", name_part, tag_part);
    return pull_with(engine, path, auth, &pull, err);
}
