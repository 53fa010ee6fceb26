#include "host/required_package.h"

#include <libgen.h>

#include "base/xalloc.h"
#include "model/package_command.h"
#include "model/requirements_file.h"

struct search {
    const struct requirements_bundle *bundle;
    const char *key;
    struct strv seen; /* included files, each of which is looked into once */
};

static bool names_it(const struct requirements_line *line, const char *key)
{
    if (line->kind != REQUIREMENTS_PACKAGE && line->kind != REQUIREMENTS_URL)
        return false;
    _cleanup_free_ char *found = package_key(PACKAGE_PIP, line->text, strlen(line->text));
    return found && strcmp(found, key) == 0;
}

static bool search_file(struct search *search, const char *path, const char *text, size_t length,
    struct required_package *ret);

static bool search_included(struct search *search, const char *path, struct required_package *ret)
{
    const struct requirements_bundle *bundle = search->bundle;

    if (strv_contains(&search->seen, path))
        return false;
    strv_push(&search->seen, path);
    for (size_t i = 0; i < bundle->count; i++) {
        const struct bundled_file *file = &bundle->files[i];
        if (strcmp(file->path, path) == 0)
            return search_file(search, path, file->data, file->length, ret);
    }
    return false;
}

/* `path` is NULL for the first file. */
static bool search_file(struct search *search, const char *path, const char *text, size_t length,
    struct required_package *ret)
{
    _cleanup_(requirements_file_release) struct requirements_file file = {0};
    _cleanup_free_ char *copy = xstrdup(path ? path : "");
    const char *folder = strchr(copy, '/') ? dirname(copy) : "";

    if (requirements_file_parse(text, length, folder, &file, NULL) < 0)
        return false;
    for (size_t i = 0; i < file.count; i++) {
        const struct requirements_line *line = &file.lines[i];
        if (line->kind == REQUIREMENTS_INCLUDE && search_included(search, line->path, ret))
            return true;
        if (!names_it(line, search->key))
            continue;
        *ret =
            (struct required_package){xstrdup(line->text), path ? xstrdup(path) : NULL, line->line};
        return true;
    }
    return false;
}

bool required_package_find(
    const struct requirements_bundle *bundle, const char *key, struct required_package *ret)
{
    struct search search = {.bundle = bundle, .key = key};
    bool found = bundle->text && search_file(&search, NULL, bundle->text, bundle->length, ret);

    strv_release(&search.seen);
    return found;
}

void required_package_release(struct required_package *package)
{
    free(package->text);
    free(package->file);
    *package = (struct required_package){0};
}
