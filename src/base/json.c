#include "base/json.h"

#include <json-c/json.h>
#include <limits.h>

#include "base/utf8.h"
#include "base/xalloc.h"

void json_put(struct json_object **object)
{
    json_object_put(*object);
}

static void tokener_free(struct json_tokener **tokener)
{
    if (*tokener)
        json_tokener_free(*tokener);
}

int json_parse(const char *text, size_t length, struct json_object **ret, struct error *err)
{
    if (length > INT32_MAX)
        return error_set(err, ERROR_FAILED, "a JSON document of %zu bytes is too large", length);
    _cleanup_(tokener_free) struct json_tokener *tokener = json_tokener_new();
    if (!tokener)
        return error_set(err, ERROR_FAILED, "no memory to parse JSON");
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);

    struct json_object *object = json_tokener_parse_ex(tokener, text, (int)length);
    enum json_tokener_error state = json_tokener_get_error(tokener);
    size_t end = json_tokener_get_parse_end(tokener);
    if (state == json_tokener_continue && length > 0) {
        /* A bare number or literal only ends where the text does. */
        object = json_tokener_parse_ex(tokener, "", 1);
        state = json_tokener_get_error(tokener);
        end = length;
    }
    if (state != json_tokener_success) {
        json_object_put(object);
        return error_set(err, ERROR_FAILED, "not valid JSON (%s)", json_tokener_error_desc(state));
    }
    for (; end < length; end++) {
        if (!text[end] || !strchr(" \t\r\n", text[end])) {
            json_object_put(object);
            return error_set(err, ERROR_FAILED, "not valid JSON (text behind the document)");
        }
    }
    *ret = object;
    return 0;
}

struct json_object *json_at(struct json_object *object, const char *path)
{
    while (object) {
        size_t length = strcspn(path, "/");
        _cleanup_free_ char *key = xstrndup(path, length);
        struct json_object *next = NULL;
        if (!json_object_is_type(object, json_type_object) ||
            !json_object_object_get_ex(object, key, &next))
            return NULL;
        if (!path[length])
            return next;
        object = next;
        path += length + 1;
    }
    return NULL;
}

static int wrong_type(const char *path, const char *wanted, struct error *err)
{
    return error_set(err, ERROR_FAILED, "the field %s is not %s", path, wanted);
}

/* Streams are parsed without this check, since a character may be parted between two pieces. */
static int check_text(const char *text, const char *path, struct error *err)
{
    return utf8_valid(text, strlen(text)) ? 0 : wrong_type(path, "valid UTF-8", err);
}

static int decode_string(
    struct json_object *value, const char *path, char **target, struct error *err)
{
    if (!json_object_is_type(value, json_type_string))
        return wrong_type(path, "a string", err);
    const char *text = json_object_get_string(value);
    if (check_text(text, path, err) < 0)
        return -1;
    free(*target);
    *target = xstrdup(text);
    return 0;
}

static int decode_strv(
    struct json_object *value, const char *path, struct strv *target, struct error *err)
{
    _cleanup_(strv_release) struct strv list = STRV_INIT;

    if (!json_object_is_type(value, json_type_array))
        return wrong_type(path, "an array of strings", err);
    for (size_t i = 0; i < json_object_array_length(value); i++) {
        struct json_object *item = json_object_array_get_idx(value, i);
        if (!json_object_is_type(item, json_type_string))
            return wrong_type(path, "an array of strings", err);
        if (check_text(json_object_get_string(item), path, err) < 0)
            return -1;
        strv_push(&list, json_object_get_string(item));
    }
    strv_release(target);
    *target = list;
    list = (struct strv)STRV_INIT;
    return 0;
}

static int decode_strmap(
    struct json_object *value, const char *path, struct strmap *target, struct error *err)
{
    _cleanup_(strmap_release) struct strmap map = STRMAP_INIT;

    if (!json_object_is_type(value, json_type_object))
        return wrong_type(path, "an object of strings", err);
    json_object_object_foreach (value, key, item) {
        if (json_object_is_type(item, json_type_object) ||
            json_object_is_type(item, json_type_array))
            return wrong_type(path, "an object of strings", err);
        const char *text = item ? json_object_get_string(item) : "";
        if (check_text(key, path, err) < 0 || check_text(text, path, err) < 0)
            return -1;
        strmap_set(&map, key, text);
    }
    strmap_release(target);
    *target = map;
    map = (struct strmap)STRMAP_INIT;
    return 0;
}

static int decode_field(
    struct json_object *value, const struct json_field *field, void *target, struct error *err)
{
    switch (field->type) {
    case FIELD_STRING:
        return decode_string(value, field->path, target, err);
    case FIELD_BOOL:
        if (!json_object_is_type(value, json_type_boolean))
            return wrong_type(field->path, "true or false", err);
        *(bool *)target = json_object_get_boolean(value);
        return 0;
    case FIELD_INT64:
        if (!json_object_is_type(value, json_type_int))
            return wrong_type(field->path, "a whole number", err);
        *(int64_t *)target = json_object_get_int64(value);
        return 0;
    case FIELD_STRV:
        return decode_strv(value, field->path, target, err);
    case FIELD_STRMAP:
        return decode_strmap(value, field->path, target, err);
    case FIELD_VALUE:
        *(struct json_object **)target = value;
        return 0;
    }
    return wrong_type(field->path, "of a known type", err);
}

int json_decode(struct json_object *object, const struct json_field *fields, size_t count,
    void *target, struct error *err)
{
    if (!json_object_is_type(object, json_type_object))
        return error_set(err, ERROR_FAILED, "a JSON object was expected");
    for (size_t i = 0; i < count; i++) {
        struct json_object *value = json_at(object, fields[i].path);
        if (!value) {
            if (fields[i].flags & FIELD_REQUIRED)
                return error_set(err, ERROR_FAILED, "the field %s is missing", fields[i].path);
            continue;
        }
        if (decode_field(value, &fields[i], (char *)target + fields[i].offset, err) < 0)
            return -1;
    }
    return 0;
}

void json_add_string(struct json_object *object, const char *key, const char *text)
{
    if (text)
        json_object_object_add(object, key, json_object_new_string(text));
}

struct json_object *json_from_strv(const struct strv *list)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < list->count; i++)
        json_object_array_add(array, json_object_new_string(list->items[i]));
    return array;
}

struct json_object *json_from_strmap(const struct strmap *map)
{
    struct json_object *object = json_object_new_object();

    for (size_t i = 0; i < map->count; i++)
        json_add_string(object, map->entries[i].key, map->entries[i].value);
    return object;
}
