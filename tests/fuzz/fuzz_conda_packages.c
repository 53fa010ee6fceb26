/* The same bytes as paths of records and as a record. */
#include "fuzz.h"
#include "path_lines.h"

#include "model/conda_packages.h"

static void check_paths(const char *text, size_t size)
{
    _cleanup_(traced_packages_release) struct traced_packages all = {0};
    _cleanup_(file_changes_release) struct file_changes changes = {0};

    changes_from_lines(text, size, &changes);
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
