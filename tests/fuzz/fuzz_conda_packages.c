/* The same bytes as paths of records and as a record. */
#include <stdint.h>

#include "base/xalloc.h"
#include "model/conda_packages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_paths(const char *text, size_t size)
{
    _cleanup_(traced_packages_release) struct traced_packages all = {0};
    _cleanup_(file_changes_release) struct file_changes changes = {0};
    struct strv lists[FILE_CHANGES] = {{0}};

    for (size_t i = 0; size; i++) {
        const char *newline = memchr(text, '\n', size);
        size_t length = newline ? (size_t)(newline - text) : size;
        _cleanup_free_ char *path = xstrndup(text, length);
        if (path[0] == '/')
            strv_push(&lists[i % FILE_CHANGES], path);
        text += length + (newline != NULL);
        size -= length + (newline != NULL);
    }
    file_changes_take(&lists[0], &lists[1], &lists[2], &changes);
    conda_packages_find(&changes, &all);
    for (size_t i = 0; i < all.count; i++) {
        require(*all.packages[i].name && *all.packages[i].place);
        require(all.packages[i].before || all.packages[i].after);
        require(!all.packages[i].after == !all.packages[i].trace);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(strv_release) struct strv paths = STRV_INIT;

    check_paths((const char *)data, size);
    conda_record_parse((const char *)data, size, "/opt/conda", &paths);
    for (size_t i = 0; i < paths.count; i++)
        require(path_is_within(paths.items[i], "/opt/conda"));
    return 0;
}
