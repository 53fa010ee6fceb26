/* The same bytes as paths of traces, a RECORD and a direct_url.json. */
#include "fuzz.h"
#include "path_lines.h"

#include "model/python_packages.h"

static void check_traces(const char *text, size_t size)
{
    _cleanup_(traced_packages_release) struct traced_packages all = {0};
    _cleanup_(file_changes_release) struct file_changes changes = {0};
    _cleanup_(strv_release) struct strv links = STRV_INIT;

    changes_from_lines(text, size, &changes);
    python_packages_find(&changes, &all);
    python_links_find(&changes, &links);
    for (size_t i = 0; i < all.count; i++) {
        require(*all.packages[i].name && all.packages[i].place[0] == '/');
        require(all.packages[i].before || all.packages[i].after);
        require(!all.packages[i].after == !all.packages[i].trace);
    }
    for (size_t i = 0; i < links.count; i++)
        require(links.items[i][0] == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    _cleanup_(strv_release) struct strv paths = STRV_INIT;
    struct python_source source = {0};

    check_traces(text, size);
    python_record_paths(text, size, "/usr/lib/python3/dist-packages", &paths);
    for (size_t i = 0; i < paths.count; i++) {
        require(paths.items[i][0] == '/' && paths.items[i][1]);
        require(!strstr(paths.items[i], "/../"));
    }
    python_source_parse(text, size, &source);
    require(source.text || !source.local);
    require(source.local || !source.editable);
    python_source_release(&source);
    _cleanup_free_ char *target = python_link_target(text, size);
    require(!target || target[0] == '/');
    _cleanup_free_ char *version = python_version(text, size);
    require(!version || !strchr(version, '\n'));
    return 0;
}
