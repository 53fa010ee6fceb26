#include "check.h"

#include "model/file_changes.h"

#define HOME "/home/ann"

/* Lists of paths, each ended by NULL. */
struct reported {
    const char *modified[16];
    const char *added[32];
    const char *removed[16];
};

static void push_all(struct strv *list, const char *const *paths)
{
    for (; *paths; paths++)
        strv_push(list, *paths);
}

static void take(const struct reported *reported, struct file_changes *ret)
{
    struct strv modified = STRV_INIT, added = STRV_INIT, removed = STRV_INIT;

    push_all(&modified, reported->modified);
    push_all(&added, reported->added);
    push_all(&removed, reported->removed);
    file_changes_take(&modified, &added, &removed, ret);
    assert_int_equal(modified.count + added.count + removed.count, 0);
}

static void assert_paths(const struct strv *paths, const char *expected)
{
    _cleanup_free_ char *joined = strv_join(paths, " ");

    assert_string_equal(joined, expected);
}

static void test_order(void **state)
{
    assert_true(path_compare("/a", "/a") == 0);
    assert_true(path_compare("/a", "/a/b") < 0);
    assert_true(path_compare("/a/b", "/a-b") < 0);
    assert_true(path_compare("/a-b", "/a") > 0);
    assert_true(path_is_within("/a/b", "/a"));
    assert_true(path_is_within("/a", "/a/"));
    assert_true(path_is_within("/a", "/"));
    assert_false(path_is_within("/ab", "/a"));
}

static void test_directories_are_told_by_their_content(void **state)
{
    static const struct reported reported = {
        .modified = {"/etc", "/usr", "/usr/bin"},
        .added = {"/opt/b", "/opt", "/opt-c", "/opt/b/2", "/opt/b/1"},
        .removed = {"/usr/bin/old"},
    };
    struct file_changes changes = {0};

    take(&reported, &changes);
    assert_paths(&changes.paths[FILE_MODIFIED], "/etc");
    assert_paths(&changes.paths[FILE_ADDED], "/opt/b/1 /opt/b/2 /opt-c");
    assert_paths(&changes.paths[FILE_REMOVED], "/usr/bin/old");
    assert_paths(&changes.folders, "/opt /opt/b");
    file_changes_release(&changes);
}

static void test_what_nobody_misses(void **state)
{
    static const struct reported reported = {
        .modified = {"/etc/hosts", "/etc/motd", "/etc/passwd", "/var/lib/dpkg/status"},
        .added = {"/workspace", "/data/deep", "/data", "/tmp/x", "/run/y", HOME "/.cache/pip/z",
            HOME "/.bash_history", HOME "/.bashrc", HOME "/notes", HOME "/.local/bin",
            "/usr/lib/m/__pycache__/m.cpython-311.pyc", "/opt/old.pyc", "/opt/keep.py",
            "/root/.cache/x", "/root/keep", HOME "/.cachet", "/home", HOME},
        .removed = {"/var/cache/ldconfig", "/etc/issue"},
    };
    struct strv mounts = STRV_INIT, volumes = STRV_INIT, written = STRV_INIT;
    struct file_changes changes = {0};
    const struct file_places places = {HOME, &mounts, &volumes, &written};

    strv_push(&mounts, "/workspace");
    strv_push(&mounts, "/data/deep/er");
    strv_push(&written, HOME "/.bashrc");
    strv_push(&written, HOME "/.local/bin");
    take(&reported, &changes);
    file_changes_drop_unimportant(&changes, &places);
    assert_paths(&changes.paths[FILE_MODIFIED], "/etc/motd");
    assert_paths(
        &changes.paths[FILE_ADDED], HOME "/.cachet " HOME "/notes /opt/keep.py /root/keep");
    assert_paths(&changes.paths[FILE_REMOVED], "/etc/issue");
    assert_paths(&changes.folders, "");
    file_changes_release(&changes);
    strv_release(&mounts);
    strv_release(&volumes);
    strv_release(&written);
}

static void test_a_volume_is_told_by_what_is_in_it(void **state)
{
    static const struct reported reported = {
        .added = {"/srv", "/srv/store", "/srv/store/kept", "/srv/empty", "/tmp/a", "/var/tmp/b"},
        .removed = {"/tmp/gone"},
    };
    struct strv none = STRV_INIT, volumes = STRV_INIT;
    struct file_changes changes = {0};
    const struct file_places places = {HOME, &none, &volumes, &none};

    strv_push(&volumes, "/srv/store");
    strv_push(&volumes, "/srv/empty");
    take(&reported, &changes);
    assert_int_equal(file_changes_count_temporary(&changes), 2);
    file_changes_drop_unimportant(&changes, &places);
    assert_paths(&changes.paths[FILE_ADDED], "/srv/store/kept");
    assert_paths(&changes.folders, "/srv /srv/store");
    file_changes_release(&changes);
    strv_release(&volumes);
}

static void test_podman_tells_of_the_folder_alone(void **state)
{
    static const struct reported reported = {.modified = {"/etc"}};
    struct strv none = STRV_INIT;
    struct file_changes changes = {0};
    const struct file_places places = {HOME, &none, &none, &none};

    take(&reported, &changes);
    file_changes_drop_unimportant(&changes, &places);
    assert_int_equal(file_changes_count(&changes), 0);
    file_changes_release(&changes);
}

static void test_known(void **state)
{
    static const struct reported reported = {.added = {"/usr/bin/jq", "/usr/bin/own"}};
    struct file_changes changes = {0};
    struct strv known = STRV_INIT;

    strv_push(&known, "/usr/share/jq");
    strv_push(&known, "/usr/bin/jq");
    paths_sort(&known);
    take(&reported, &changes);
    file_changes_drop_known(&changes, &known);
    assert_paths(&changes.paths[FILE_ADDED], "/usr/bin/own");
    file_changes_release(&changes);
    strv_release(&known);
}

static void assert_group(
    const struct file_group *group, enum file_change change, const char *path, size_t count)
{
    assert_string_equal(group->path, path);
    assert_int_equal(group->change, change);
    assert_int_equal(group->count, count);
}

static void test_groups(void **state)
{
    static const struct reported reported = {
        .modified = {"/usr/lib/a", "/etc/1", "/etc/2", "/etc/3", "/etc/4", HOME "/.bashrc"},
        .added = {"/opt/tool", "/opt/tool/a", "/opt/tool/sub", "/opt/tool/sub/b", HOME "/x"},
        .removed = {HOME "/gone"},
    };
    struct file_changes changes = {0};
    struct file_groups groups = {0};

    take(&reported, &changes);
    file_changes_group(&changes, HOME, &groups);
    assert_int_equal(groups.count, 6);
    assert_group(&groups.groups[0], FILE_MODIFIED, HOME "/.bashrc", 1);
    assert_group(&groups.groups[1], FILE_ADDED, HOME "/x", 1);
    assert_group(&groups.groups[2], FILE_ADDED, "/opt/tool", 2);
    assert_group(&groups.groups[3], FILE_MODIFIED, "/etc", 4);
    assert_group(&groups.groups[4], FILE_MODIFIED, "/usr/lib/a", 1);
    assert_group(&groups.groups[5], FILE_REMOVED, HOME "/gone", 1);
    assert_int_equal(file_changes_count(&changes), 10);
    file_groups_release(&groups);
    file_changes_release(&changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_directories_are_told_by_their_content),
        cmocka_unit_test(test_what_nobody_misses),
        cmocka_unit_test(test_a_volume_is_told_by_what_is_in_it),
        cmocka_unit_test(test_podman_tells_of_the_folder_alone),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
