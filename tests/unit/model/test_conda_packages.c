#include "check.h"

#include "model/conda_packages.h"

#define META "/opt/conda/conda-meta/"

static void test_records(void **state)
{
    static const char *const added[] = {META "scikit-learn-1.5.1-py311_0.json",
        META "mkl-2024.0-h1_1.json", META "history", META "-1-2.json", META "a--b.json",
        META "x-1.json", "/conda-meta/at-the-root-1.json", "/opt/conda-meta.json", NULL};
    struct strv lists[FILE_CHANGES] = {{0}};
    struct file_changes changes = {0};
    struct traced_packages all = {0};

    for (const char *const *path = added; *path; path++)
        strv_push(&lists[FILE_ADDED], *path);
    strv_push(&lists[FILE_REMOVED], META "mkl-2023.1-h0_0.json");
    strv_push(&lists[FILE_REMOVED], META "gone-1-0.json");
    file_changes_take(&lists[FILE_MODIFIED], &lists[FILE_ADDED], &lists[FILE_REMOVED], &changes);
    conda_packages_find(&changes, &all);
    assert_int_equal(all.count, 3);
    assert_string_equal(all.packages[0].name, "gone");
    assert_string_equal(all.packages[0].before, "1");
    assert_null(all.packages[0].after);
    assert_null(all.packages[0].trace);
    assert_string_equal(all.packages[1].name, "mkl");
    assert_string_equal(all.packages[1].before, "2023.1");
    assert_string_equal(all.packages[1].after, "2024.0");
    assert_string_equal(all.packages[2].name, "scikit-learn");
    assert_string_equal(all.packages[2].place, "/opt/conda");
    assert_string_equal(all.packages[2].trace, META "scikit-learn-1.5.1-py311_0.json");
    traced_packages_release(&all);
    file_changes_release(&changes);
}

static void check_record(const char *text, bool asked_for, const char *expected)
{
    struct strv paths = STRV_INIT;

    assert_int_equal(conda_record_parse(text, strlen(text), "/opt/conda", &paths), asked_for);
    _cleanup_free_ char *joined = strv_join(&paths, " ");
    assert_string_equal(joined, expected);
    strv_release(&paths);
}

static void test_what_a_record_says(void **state)
{
    check_record("{\"files\":[\"bin/x\",7,\"lib/y\"],\"requested_spec\":\"x\"}", true,
        "/opt/conda/bin/x /opt/conda/lib/y");
    check_record("{\"files\":{},\"requested_spec\":\"\"}", false, "");
    check_record("{\"requested_spec\":[\"x\"]}", false, "");
    check_record("[]", false, "");
    check_record("", false, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_what_a_record_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
