/* Lines "M/path", "A/path", "D/path": nothing is lost or told twice, folders stay told apart. */
#include "fuzz.h"

#include "model/file_changes.h"

static void read_lines(const char *text, size_t size, struct strv lists[FILE_CHANGES])
{
    static const char kinds[] = "MAD";

    while (size) {
        _cleanup_free_ char *line = take_line(&text, &size);
        const char *kind = line[0] && line[1] == '/' ? strchr(kinds, line[0]) : NULL;
        if (kind)
            strv_push(&lists[kind - kinds], line + 1);
    }
}

static void check_sorted(const struct strv *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        require(path_is_listed(paths, paths->items[i]));
        require(i == 0 || path_compare(paths->items[i - 1], paths->items[i]) <= 0);
    }
}

static void check_groups(const struct file_changes *changes)
{
    _cleanup_(file_groups_release) struct file_groups groups = {0};
    size_t told = 0;

    file_changes_group(changes, "/home/u", &groups);
    for (size_t i = 0; i < groups.count; i++) {
        require(groups.groups[i].count > 0 && groups.groups[i].path[0] == '/');
        told += groups.groups[i].count;
    }
    require(told == file_changes_count(changes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strv lists[FILE_CHANGES] = {{0}};
    struct strv mounts = STRV_INIT, volumes = STRV_INIT, written = STRV_INIT;
    const struct file_places places = {"/home/u", &mounts, &volumes, &written};
    _cleanup_(file_changes_release) struct file_changes changes = {0};

    strv_push(&mounts, "/workspace");
    strv_push(&volumes, "/data/store");
    strv_push(&written, "/home/u/.bashrc");
    read_lines((const char *)data, size, lists);
    file_changes_take(&lists[FILE_MODIFIED], &lists[FILE_ADDED], &lists[FILE_REMOVED], &changes);
    for (size_t i = 0; i < FILE_CHANGES; i++)
        check_sorted(&changes.paths[i]);
    check_sorted(&changes.folders);
    check_groups(&changes);
    file_changes_drop_unimportant(&changes, &places);
    check_groups(&changes);
    file_changes_drop_known(&changes, &changes.folders);
    strv_release(&mounts);
    strv_release(&volumes);
    strv_release(&written);
    return 0;
}
