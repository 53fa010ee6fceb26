#include "check.h"

#include "model/python_packages.h"

#define SITE "/usr/local/lib/python3.11/site-packages"

static void find(const char *const *modified, const char *const *added, const char *const *removed,
    struct traced_packages *ret)
{
    struct strv lists[3] = {{0}};
    const char *const *const paths[] = {modified, added, removed};
    struct file_changes changes = {0};

    for (size_t i = 0; i < ELEMENTS(lists); i++)
        for (const char *const *path = paths[i]; *path; path++)
            strv_push(&lists[i], *path);
    file_changes_take(&lists[0], &lists[1], &lists[2], &changes);
    python_packages_find(&changes, ret);
    file_changes_release(&changes);
}

static const char *const none[] = {NULL};

static void test_added_changed_removed_again(void **state)
{
    static const char *const modified[] = {SITE "/again-2.0.dist-info/RECORD", NULL};
    static const char *const added[] = {SITE "/typing_extensions-4.1.dist-info",
        SITE "/typing_extensions-4.1.dist-info/RECORD",
        SITE "/typing_extensions-4.1.dist-info/REQUESTED", SITE "/numpy-2.0.dist-info",
        SITE "/numpy-2.0.dist-info/direct_url.json", SITE "/numpy", SITE "/numpy/x.py", NULL};
    static const char *const removed[] = {
        SITE "/numpy-1.26.dist-info", SITE "/gone-1.dist-info", NULL};
    struct traced_packages all = {0};

    find(modified, added, removed, &all);
    assert_int_equal(all.count, 4);
    const struct traced_package *again = &all.packages[0], *gone = &all.packages[1],
                                *numpy = &all.packages[2], *typing = &all.packages[3];
    assert_string_equal(again->before, "2.0");
    assert_string_equal(again->after, "2.0");
    assert_string_equal(gone->before, "1");
    assert_null(gone->after);
    assert_string_equal(numpy->before, "1.26");
    assert_string_equal(numpy->after, "2.0");
    assert_string_equal(numpy->trace, SITE "/numpy-2.0.dist-info");
    assert_true(numpy->has_source && !numpy->asked_for);
    assert_string_equal(typing->name, "typing-extensions");
    assert_string_equal(typing->place, SITE);
    assert_null(typing->before);
    assert_true(typing->asked_for && !typing->has_source);
    traced_packages_release(&all);
}

static void test_eggs_and_older_installers(void **state)
{
    static const char *const added[] = {"/usr/lib/python3/dist-packages/six-1.16.0.egg-info",
        "/usr/lib/python3/dist-packages/PyYAML-6.0-py3.11.egg-info",
        "/usr/lib/python3/dist-packages/PyYAML-6.0-py3.11.egg-info/PKG-INFO",
        "/usr/lib/python3/dist-packages/bare.egg-info", "/opt/other/x-1.dist-info",
        "/site-packages/.dist-info", NULL};
    struct traced_packages all = {0};

    find(none, added, none, &all);
    assert_int_equal(all.count, 3);
    assert_string_equal(all.packages[0].name, "bare");
    assert_string_equal(all.packages[0].after, "");
    assert_string_equal(all.packages[1].name, "PyYAML");
    assert_string_equal(all.packages[1].after, "6.0");
    assert_string_equal(all.packages[2].after, "1.16.0");
    for (size_t i = 0; i < all.count; i++)
        assert_true(all.packages[i].asked_for);
    traced_packages_release(&all);
}

static void test_record(void **state)
{
    static const char text[] = "six.py,sha256=x,1\r\n"
                               "../../../bin/tool,,\n"
                               "\"a,\"\"b\"\".py\",,\n"
                               "/etc/absolute,,\n"
                               "../../../../../../../../up,,\n"
                               ",,\n\n"
                               "./last.py";
    struct strv paths = STRV_INIT;

    python_record_paths(text, sizeof(text) - 1, SITE, &paths);
    _cleanup_free_ char *joined = strv_join(&paths, " ");
    assert_string_equal(joined,
        SITE "/six.py /usr/local/bin/tool " SITE "/a,\"b\".py /etc/absolute /up " SITE "/last.py");
    strv_release(&paths);
}

static void check_source(const char *text, const char *expected, bool local, bool editable)
{
    struct python_source source = {0};

    python_source_parse(text, strlen(text), &source);
    if (expected)
        assert_string_equal(source.text, expected);
    else
        assert_null(source.text);
    assert_int_equal(source.local, local);
    assert_int_equal(source.editable, editable);
    python_source_release(&source);
}

static void test_source(void **state)
{
    check_source("{\"url\":\"https://git.example/x.git\",\"vcs_info\":{\"vcs\":\"git\","
                 "\"commit_id\":\"abc\",\"requested_revision\":\"main\"}}",
        "git+https://git.example/x.git@abc", false, false);
    check_source("{\"url\":\"https://x.example/a.whl\",\"archive_info\":{}}",
        "https://x.example/a.whl", false, false);
    check_source("{\"url\":\"file:///workspace/x\",\"dir_info\":{\"editable\":true}}",
        "/workspace/x", true, true);
    check_source("{\"url\":\"file:///w/a.whl\",\"archive_info\":{}}", "/w/a.whl", true, false);
    check_source("{\"url\":\"https://x\",\"vcs_info\":{\"vcs\":7}}", NULL, false, false);
    check_source("{\"url\":[]}", NULL, false, false);
    check_source("[]", NULL, false, false);
    check_source("", NULL, false, false);
    check_source("{", NULL, false, false);
}

static void test_links(void **state)
{
    struct strv modified = STRV_INIT, added = STRV_INIT, removed = STRV_INIT, links = STRV_INIT;
    struct file_changes changes = {0};

    strv_push_words(&added, SITE "/my-old.egg-link /opt/other.egg-link " SITE "/.egg-link");
    strv_push(&removed, SITE "/gone.egg-link");
    file_changes_take(&modified, &added, &removed, &changes);
    python_links_find(&changes, &links);
    assert_int_equal(links.count, 1);
    assert_string_equal(links.items[0], SITE "/my-old.egg-link");
    strv_release(&links);
    file_changes_release(&changes);
}

static void test_a_link_leads_to_a_folder_with_a_version(void **state)
{
    static const char metadata[] = "Metadata-Version: 2.1\nName: x\nVersion: 0.3\n\nVersion: 4\n";
    _cleanup_free_ char *target = python_link_target("/workspace/x\n.", 14);
    _cleanup_free_ char *version = python_version(metadata, sizeof(metadata) - 1);

    assert_string_equal(target, "/workspace/x");
    assert_string_equal(version, "0.3");
    assert_null(python_link_target("relative\n", 9));
    assert_null(python_link_target("", 0));
    assert_null(python_version("Name: x\n", 8));
    assert_null(python_version("Version: ", 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_added_changed_removed_again),
        cmocka_unit_test(test_eggs_and_older_installers),
        cmocka_unit_test(test_record),
        cmocka_unit_test(test_source),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_a_link_leads_to_a_folder_with_a_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
