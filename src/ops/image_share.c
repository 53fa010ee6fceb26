#include "ops/image_share.h"

#include "base/json.h"
#include "base/xalloc.h"
#include "host/cache.h"
#include "model/name.h"
#include "ops/container_list.h"

#define CACHE_FOLDER  "layers"
#define CACHE_NAME    "images.json"
#define CACHE_VERSION 1

/* Of 64 digits: two layers of one server do not have the first 16 in common. */
#define LAYER_DIGITS 16

/* --- what goes ----------------------------------------------------------------------- */

static bool is_named(const struct image_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->images[i].id, id) == 0 && list->images[i].tags.count)
            return true;
    return false;
}

void image_share_going(const struct session *session, const char *reference,
    const struct image_list *list, const struct container_list *containers, struct strv *ret_ids)
{
    _cleanup_free_ char *project = NULL, *previous = NULL;
    const char *tag;
    uid_t uid;

    if (image_name_parse(reference, &uid, &project, &tag) && strcmp(tag, "latest") == 0)
        previous = xasprintf("%.*sprevious", (int)(tag - reference), reference);
    for (size_t i = 0; i < list->count; i++) {
        const struct image *image = &list->images[i];
        bool named = strv_contains(&image->tags, reference) ||
                     (previous && strv_contains(&image->tags, previous));
        if (named && image_names_go_with(&image->tags, reference))
            strv_push(ret_ids, image->id);
    }
    for (size_t i = 0; previous && i < containers->count; i++) {
        const struct container *container = &containers->containers[i];
        if (container->image_id && container_is_made_from(session, container, reference) &&
            !is_named(list, container->image_id) && !strv_contains(ret_ids, container->image_id))
            strv_push(ret_ids, container->image_id);
    }
}

/* --- cache ------------------------------------------------------------------------- */

static struct json_object *to_json(const struct image_layers *image)
{
    struct json_object *object = json_object_new_object();

    json_object_object_add(object, "layers", json_from_strv(&image->layers));
    if (!image->sizes)
        return object;
    struct json_object *sizes = json_object_new_array();
    for (size_t i = 0; i < image->layers.count; i++)
        json_object_array_add(sizes, json_object_new_int64(image->sizes[i]));
    json_object_object_add(object, "sizes", sizes);
    return object;
}

static void sizes_from_json(struct json_object *array, struct image_layers *image)
{
    size_t count = image->layers.count;

    if (!json_object_is_type(array, json_type_array) || json_object_array_length(array) != count)
        return;
    image->sizes = xcalloc(count + 1, sizeof(*image->sizes));
    for (size_t i = 0; i < count; i++) {
        int64_t size = json_object_get_int64(json_object_array_get_idx(array, i));
        image->sizes[i] = size > 0 ? size : 0;
    }
}

/* False where the cache does not know the image. */
static bool from_json(struct json_object *images, const char *id, struct image_layers *ret)
{
    static const struct json_field fields[] = {
        {"layers", FIELD_STRV, offsetof(struct image_layers, layers), FIELD_REQUIRED}};
    struct json_object *object;

    if (!json_object_is_type(images, json_type_object) ||
        !json_object_object_get_ex(images, id, &object) ||
        json_decode(object, fields, ELEMENTS(fields), ret, NULL) < 0) {
        strv_release(&ret->layers);
        return false;
    }
    sizes_from_json(json_at(object, "sizes"), ret);
    ret->id = xstrdup(id);
    return true;
}

/* What is remembered, or NULL. */
static struct json_object *read_cache(const struct session *session)
{
    _cleanup_free_ char *text = NULL;
    struct json_object *document;
    size_t length;

    if (cache_read(session->caller, CACHE_FOLDER, CACHE_NAME, &text, &length, NULL) < 0 ||
        json_parse(text, length, &document, NULL) < 0)
        return NULL;
    return document;
}

bool image_share_is_known(const struct session *session)
{
    return cache_has(session->caller, CACHE_FOLDER, CACHE_NAME);
}

void image_share_remember(const struct session *session, const struct image_share *share)
{
    _cleanup_(json_put) struct json_object *document = NULL;

    if (!share->learnt)
        return;
    document = json_object_new_object();
    struct json_object *images = json_object_new_object();
    json_object_object_add(document, "version", json_object_new_int(CACHE_VERSION));
    json_object_object_add(document, "images", images);
    for (size_t i = 0; i < share->count; i++)
        json_object_object_add(images, share->images[i].id, to_json(&share->images[i]));
    size_t length;
    const char *text = json_object_to_json_string_length(document, JSON_C_TO_STRING_PLAIN, &length);
    cache_write(session->caller, CACHE_FOLDER, CACHE_NAME, text, length, NULL);
}

/* --- engine ------------------------------------------------------------------------ */

static void add_layer(struct image_layers *image, const char *diff_id)
{
    const char *colon = strchr(diff_id, ':');
    const char *digits = colon ? colon + 1 : diff_id;

    strv_take(&image->layers, xstrndup(digits, strnlen(digits, LAYER_DIGITS)));
}

/* 0 without *ret for an image that is gone by now. */
static int ask(
    const struct session *session, const char *id, struct image_layers *ret, struct error *err)
{
    _cleanup_(image_release) struct image image = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_inspect(session->engine, id, &image, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    ret->id = xstrdup(id);
    for (size_t i = 0; i < image.layers.count; i++)
        add_layer(ret, image.layers.items[i]);
    return 0;
}

int image_share_load(const struct session *session, const struct image_list *all,
    struct image_share *ret, struct error *err)
{
    _cleanup_(json_put) struct json_object *document = read_cache(session);
    _cleanup_(image_share_release) struct image_share share = {0};
    struct json_object *version = document ? json_at(document, "version") : NULL;
    bool known = version && json_object_get_int(version) == CACHE_VERSION;
    struct json_object *images = known ? json_at(document, "images") : NULL;

    share.images = xcalloc(all->count + 1, sizeof(*share.images));
    for (size_t i = 0; i < all->count; i++) {
        struct image_layers *image = &share.images[share.count];
        if (!images || !from_json(images, all->images[i].id, image)) {
            if (ask(session, all->images[i].id, image, err) < 0)
                return -1;
            share.learnt = true;
        }
        share.count += image->id != NULL;
    }
    *ret = share;
    share = (struct image_share){0};
    return 0;
}

/* Sizes that the engine does not tell so that they fit stay unknown. */
static int find_sizes(const struct session *session, struct image_share *share,
    struct image_layers *image, struct error *err)
{
    _cleanup_(image_history_release) struct image_history history = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_history(session->engine, image->id, &history, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    if (image_layers_set_sizes(image, &history.steps, history.sizes))
        share->learnt = true;
    return 0;
}

int image_share_freed(const struct session *session, struct image_share *share,
    const struct strv *ids, int64_t *ret_bytes, struct error *err)
{
    for (size_t i = 0; i < share->count; i++) {
        struct image_layers *image = &share->images[i];
        if (!image->sizes && strv_contains(ids, image->id) &&
            find_sizes(session, share, image, err) < 0)
            return -1;
    }
    *ret_bytes = image_layers_freed(share->images, share->count, ids);
    return 0;
}

void image_share_release(struct image_share *share)
{
    for (size_t i = 0; i < share->count; i++)
        image_layers_release(&share->images[i]);
    free(share->images);
    *share = (struct image_share){0};
}
