#include "check.h"

#include "model/debian_packages.h"

static const char status[] = "Package: jq\n"
                             "Status: install ok installed\n"
                             "Description: a program\n"
                             " with two lines\n"
                             "Architecture: amd64\n"
                             "Version: 1.6-2.1\n"
                             "\n"
                             "\n"
                             "Package: libjq1\r\n"
                             "Status: install ok installed\r\n"
                             "Architecture: i386\r\n"
                             "Version: 1.6\r\n"
                             "\r\n"
                             "Package: gone\n"
                             "Status: deinstall ok config-files\n"
                             "Version: 1\n"
                             "\n"
                             "Package: libjq1\n"
                             "Status: hold ok installed\n"
                             "Architecture: amd64\n"
                             "Version: 1.7";

static void test_status(void **state)
{
    struct debian_packages packages = {0};

    debian_packages_parse(status, sizeof(status) - 1, &packages);
    assert_string_equal(debian_packages_find(&packages, "jq")->version, "1.6-2.1");
    assert_string_equal(debian_packages_find(&packages, "libjq1:amd64")->version, "1.7");
    assert_null(debian_packages_find(&packages, "gone"));
    assert_null(debian_packages_find(&packages, "j"));
    assert_null(debian_packages_find(&packages, "jq:arm64"));
    debian_packages_release(&packages);
}

static void test_a_line_of_blanks_parts_nothing(void **state)
{
    static const char text[] = "Package: a\nVersion: 1\x1b[2J\nStatus: install ok installed\n\n"
                               "Package: b c\nVersion: 1\nStatus: install ok installed\n\n"
                               "Version: 1\nStatus: install ok installed\n";
    struct debian_packages packages = {0};

    debian_packages_parse(text, sizeof(text) - 1, &packages);
    assert_int_equal(packages.count, 0);
    debian_packages_release(&packages);
    debian_packages_parse("", 0, &packages);
    assert_int_equal(packages.count, 0);
}

static void test_automatic(void **state)
{
    static const char text[] = "Package: libjq1\nArchitecture: amd64\nAuto-Installed: 1\n\n"
                               "Package: jq\nAuto-Installed: 0\n";
    struct strv names = STRV_INIT;

    debian_automatic_parse(text, sizeof(text) - 1, &names);
    assert_int_equal(names.count, 1);
    assert_string_equal(names.items[0], "libjq1");
    strv_release(&names);
}

static void test_lists(void **state)
{
    struct strv modified = STRV_INIT, added = STRV_INIT, removed = STRV_INIT, names = STRV_INIT;
    struct file_changes changes = {0};

    strv_push(&added, "/var/lib/dpkg/info/jq.list");
    strv_push(&added, "/var/lib/dpkg/info/jq.md5sums");
    strv_push(&added, "/var/lib/dpkg/info/.list");
    strv_push(&added, "/var/lib/dpkg/info/libjq1:amd64.list");
    file_changes_take(&modified, &added, &removed, &changes);
    debian_lists_find(&changes, FILE_ADDED, &names);
    _cleanup_free_ char *joined = strv_join(&names, " ");
    assert_string_equal(joined, "jq libjq1:amd64");
    strv_release(&names);
    file_changes_release(&changes);
}

static void test_list_paths(void **state)
{
    static const char text[] = "/.\n/usr/bin/jq\n\nrelative\n/lib/x86_64-linux-gnu/libjq.so.1";
    struct strv paths = STRV_INIT;

    debian_list_paths(text, sizeof(text) - 1, &paths);
    _cleanup_free_ char *joined = strv_join(&paths, " ");
    assert_string_equal(joined,
        "/. /usr/bin/jq /lib/x86_64-linux-gnu/libjq.so.1 /usr/lib/x86_64-linux-gnu/libjq.so.1");
    strv_release(&paths);
}

static void test_byproducts(void **state)
{
    static const char *const added[] = {"/etc/alternatives/vi", "/etc/alternatives/vi.1.gz",
        "/etc/alternatives/vi.de.1.gz", "/usr/bin/vi", "/usr/share/man/man1/vi.1.gz",
        "/usr/share/man/de/man1/vi.1.gz", "/usr/share/man/man1/own", "/usr/local/bin/vi",
        "/usr/bin/own", "/home/u/x.cache", "/usr/share/icons/icon-theme.cache", NULL};
    struct strv modified = STRV_INIT, list = STRV_INIT, removed = STRV_INIT, paths = STRV_INIT;
    struct file_changes changes = {0};

    for (const char *const *path = added; *path; path++)
        strv_push(&list, *path);
    strv_push(&modified, "/usr/share/info/dir");
    file_changes_take(&modified, &list, &removed, &changes);
    debian_byproducts_find(&changes, &paths);
    _cleanup_free_ char *joined = strv_join(&paths, " ");
    assert_string_equal(joined,
        "/usr/share/info/dir /etc/alternatives/vi /etc/alternatives/vi.1.gz "
        "/etc/alternatives/vi.de.1.gz /usr/bin/vi /usr/share/icons/icon-theme.cache "
        "/usr/share/man/de/man1/vi.1.gz /usr/share/man/man1/vi.1.gz");
    strv_release(&paths);
    file_changes_release(&changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status),
        cmocka_unit_test(test_a_line_of_blanks_parts_nothing),
        cmocka_unit_test(test_automatic),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_list_paths),
        cmocka_unit_test(test_byproducts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
