/*
 * JSON values into structs, by a table of fields.
 *
 * What comes in is untrusted: a field of another type than its row says is an
 * error that names the field, and so is text that is no UTF-8; a field that is absent
 * or null leaves its target as it was (the engine omits what is empty since API 1.52).
 * Rows marked FIELD_REQUIRED must be there.
 */
#ifndef DS01_BASE_JSON_H
#define DS01_BASE_JSON_H

#include <json-c/json_object.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strv.h"

enum field_type {
    FIELD_STRING, /* char *, freed and replaced */
    FIELD_BOOL,   /* bool */
    FIELD_INT64,  /* int64_t */
    FIELD_STRV,   /* struct strv: an array of strings */
    FIELD_STRMAP, /* struct strmap: an object of strings; numbers and bools become text */
    FIELD_VALUE,  /* struct json_object *, borrowed from the document */
};

enum { FIELD_REQUIRED = 1 };

struct json_field {
    const char *path; /* keys from the top, parted by '/': "Config/Labels" */
    enum field_type type;
    size_t offset; /* of the target within the struct */
    unsigned flags;
};

/* Strictly parses one whole document of at most INT32_MAX bytes; the caller puts it. */
int json_parse(const char *text, size_t length, struct json_object **ret, struct error *err);

/* Takes one value, borrowed for the call; -1 ends what gives it, with *err set. */
typedef int (*json_take)(void *context, struct json_object *value, struct error *err);

/* Fills `target` from `object` by the rows of `fields`. */
int json_decode(struct json_object *object, const struct json_field *fields, size_t count,
    void *target, struct error *err);

/* The value at `path` ("a/b/c"), or NULL where any step is missing; borrowed. */
struct json_object *json_at(struct json_object *object, const char *path);

/* Adds `text` under `key`; a NULL text adds nothing. */
void json_add_string(struct json_object *object, const char *key, const char *text);

/* An array of strings, and an object of strings, for the caller to add or put. */
struct json_object *json_from_strv(const struct strv *list);
struct json_object *json_from_strmap(const struct strmap *map);

/* For _cleanup_: drops the caller's reference. */
void json_put(struct json_object **object);

#endif
