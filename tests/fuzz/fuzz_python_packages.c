/* The same bytes as paths of traces, a RECORD and a direct_url.json. */
#include "fuzz.h"
#include "path_lines.h"

#include "model/python_packages.h"

static void check_traces(const char *text, size_t size)
{
    _cleanup_(traced_packages_release) struct traced_packages all = {0};
    _cleanup_(file_changes_release) struct file_changes changes = {0};

    changes_from_lines(text, size, &changes);
    python_packages_find(&changes, &all);
    for (size_t i = 0; i < all.count; i++) {
        require(*all.packages[i].name && all.packages[i].place[0] == '/');
        require(all.packages[i].before || all.packages[i].after);
        require(!all.packages[i].after == !all.packages[i].trace);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    _cleanup_(strv_release) struct strv paths = STRV_INIT;
    bool local = false;

    check_traces(text, size);
    python_record_paths(text, size, "/usr/lib/python3/dist-packages", &paths);
    for (size_t i = 0; i < paths.count; i++) {
        require(paths.items[i][0] == '/' && paths.items[i][1]);
        require(!strstr(paths.items[i], "/../"));
    }
    _cleanup_free_ char *source = python_source(text, size, &local);
    require(source || !local);
    return 0;
}
