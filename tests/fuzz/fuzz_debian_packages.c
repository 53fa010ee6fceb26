/* The same bytes as dpkg's status, apt's states and a package's list of files. */
#include "fuzz.h"

#include "model/debian_packages.h"

static void check_word(const char *text)
{
    require(*text != '\0');
    for (; *text; text++)
        require(*text > ' ' && *text <= '~');
}

static void check_byproducts(const char *text, size_t size)
{
    _cleanup_(file_changes_release) struct file_changes changes = {0};
    _cleanup_(strv_release) struct strv paths = STRV_INIT;
    _cleanup_(strv_release) struct strv found = STRV_INIT;
    struct strv none = STRV_INIT, never = STRV_INIT;

    debian_list_paths(text, size, &paths);
    file_changes_take(&none, &paths, &never, &changes);
    debian_byproducts_find(&changes, &found);
    require(found.count <= changes.paths[FILE_ADDED].count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    _cleanup_(debian_packages_release) struct debian_packages packages = {0};
    _cleanup_(strv_release) struct strv names = STRV_INIT;
    _cleanup_(strv_release) struct strv paths = STRV_INIT;

    debian_packages_parse(text, size, &packages);
    for (size_t i = 0; i < packages.count; i++) {
        check_word(packages.packages[i].name);
        check_word(packages.packages[i].version);
        if (!strchr(packages.packages[i].name, ':'))
            require(debian_packages_find(&packages, packages.packages[i].name) != NULL);
    }
    check_byproducts(text, size);
    debian_automatic_parse(text, size, &names);
    for (size_t i = 0; i < names.count; i++)
        check_word(names.items[i]);
    debian_list_paths(text, size, &paths);
    for (size_t i = 0; i < paths.count; i++)
        require(paths.items[i][0] == '/');
    return 0;
}
