#include "model/conda_packages.h"

#include "base/json.h"
#include "base/xalloc.h"

#define FOLDER "/conda-meta/"
#define SUFFIX ".json"

/* The last `c` of the first `length` bytes, or NULL. */
static const char *last_of(const char *text, size_t length, char c)
{
    return length ? memrchr(text, c, length) : NULL;
}

/* PREFIX/conda-meta/NAME-VERSION-BUILD.json; names hold '-' too. */
static bool parse_record(const char *path, struct traced_package *ret)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash ? strlen(slash + 1) : 0;
    size_t begin = slash ? (size_t)(slash + 1 - path) : 0;

    if (length <= strlen(SUFFIX) || strcmp(slash + 1 + length - strlen(SUFFIX), SUFFIX) != 0 ||
        begin <= strlen(FOLDER) ||
        memcmp(path + begin - strlen(FOLDER), FOLDER, strlen(FOLDER)) != 0)
        return false;
    const char *name = slash + 1;
    const char *build = last_of(name, length - strlen(SUFFIX), '-');
    const char *version = build ? last_of(name, (size_t)(build - name), '-') : NULL;
    if (!version || version == name || version + 1 == build)
        return false;
    *ret = (struct traced_package){
        .place = xstrndup(path, begin - strlen(FOLDER)),
        .name = xstrndup(name, (size_t)(version - name)),
        .key = xstrndup(name, (size_t)(version - name)),
        .after = xstrndup(version + 1, (size_t)(build - version - 1)),
        .trace = xstrdup(path),
    };
    return true;
}

static void note(struct traced_packages *all, const char *path, bool in_image)
{
    struct traced_package package;

    if (!parse_record(path, &package))
        return;
    if (in_image) {
        package.before = TAKE_PTR(package.after);
        free(package.trace);
        package.trace = NULL;
    }
    traced_packages_add(all, package);
}

void conda_packages_find(const struct file_changes *changes, struct traced_packages *ret)
{
    const struct strv *added = &changes->paths[FILE_ADDED];
    const struct strv *removed = &changes->paths[FILE_REMOVED];
    struct traced_packages all = {0};

    for (size_t i = 0; i < added->count; i++)
        note(&all, added->items[i], false);
    for (size_t i = 0; i < removed->count; i++)
        note(&all, removed->items[i], true);
    traced_packages_merge(&all);
    *ret = all;
}

static bool is_text(struct json_object *value)
{
    return json_object_is_type(value, json_type_string) && json_object_get_string_len(value) > 0;
}

bool conda_record_parse(const char *text, size_t length, const char *prefix, struct strv *ret)
{
    _cleanup_(json_put) struct json_object *object = NULL;

    if (json_parse(text, length, &object, NULL) < 0)
        return false;
    struct json_object *files = json_at(object, "files");
    size_t count =
        json_object_is_type(files, json_type_array) ? json_object_array_length(files) : 0;
    for (size_t i = 0; i < count; i++) {
        struct json_object *file = json_object_array_get_idx(files, i);
        if (is_text(file))
            strv_take(ret, xasprintf("%s/%s", prefix, json_object_get_string(file)));
    }
    return is_text(json_at(object, "requested_spec"));
}
