#include "check.h"

#include "model/name.h"

static void check(enum name_kind kind, const char *typed, const char *expected)
{
    char name[NAME_MAX_LENGTH + 1];
    bool changed = false;

    assert_int_equal(name_from_typed(kind, typed, name, &changed, NULL), 0);
    assert_string_equal(name, expected);
    assert_int_equal(changed, strcmp(typed, expected) != 0);
}

static void check_refused(const char *typed, const char *part)
{
    struct error err = ERROR_INIT;
    char name[NAME_MAX_LENGTH + 1] = "untouched";
    bool changed = false;

    assert_refused(name_from_typed(NAME_PROJECT, typed, name, &changed, &err), err, part);
    assert_refused(name_from_typed(NAME_CONTAINER, typed, name, &changed, &err), err, part);
    assert_string_equal(name, "untouched");
}

static void test_project_names(void **state)
{
    check(NAME_PROJECT, "my-project", "my-project");
    check(NAME_PROJECT, "My Project", "my-project");
    check(NAME_PROJECT, "..x..", "x");
    check(NAME_PROJECT, "a@b", "ab");
    check(NAME_PROJECT, "\u00DCBER", "ber");
    check(NAME_PROJECT, "v1.2_x", "v1.2_x");
    check(NAME_PROJECT, "it's", "its");
    check(NAME_PROJECT, " -a- ", "a");
}

/* What an image reference would refuse. */
static void test_project_separators(void **state)
{
    check(NAME_PROJECT, "a..b", "a-b");
    check(NAME_PROJECT, "a__b", "a__b");
    check(NAME_PROJECT, "a___b", "a-b");
    check(NAME_PROJECT, "a--b", "a--b");
    check(NAME_PROJECT, "a_-b", "a-b");
    check(NAME_PROJECT, "a.-.b", "a-b");
    check(NAME_PROJECT, "a.@.b", "a-b");
}

static void test_container_names(void **state)
{
    check(NAME_CONTAINER, "my.project", "my-project");
    check(NAME_CONTAINER, "a___b", "a___b");
    check(NAME_CONTAINER, "X Y.z.", "x-y-z");
}

static void test_refused(void **state)
{
    check_refused("", "empty");
    check_refused("___", "nothing");
    check_refused("..", "nothing");
    check_refused("@@", "nothing");
    check_refused("Foo/Bar", "'/'");
    check_refused("../../etc", "'/'");
    check_refused("a\nb", "newline");
    check_refused("a\tb", "control");
    check_refused("a\x7f", "control");
}

static void check_within(enum name_kind kind, const char *typed, const char *expected)
{
    _cleanup_free_ char *name = NULL;

    assert_int_equal(name_within_typed(kind, 1001, typed, &name, NULL), 0);
    assert_string_equal(name, expected);
}

/* What lists show of one's own can be typed. */
static void test_names_as_lists_show_them(void **state)
{
    struct error err = ERROR_INIT;
    char *name = NULL;

    check_within(NAME_PROJECT, "ds01-1001/p1", "p1");
    check_within(NAME_PROJECT, "ds01-1001/p1:latest", "p1");
    check_within(NAME_PROJECT, "localhost/ds01-1001/p1:latest", "p1");
    check_within(NAME_PROJECT, "p1:latest", "p1");
    check_within(NAME_PROJECT, ":latest", ":latest");
    check_within(NAME_PROJECT, "ds01-1001", "ds01-1001");
    check_within(NAME_PROJECT, "p1._.1001", "p1._.1001");
    check_within(NAME_CONTAINER, "p1._.1001", "p1");
    check_within(NAME_CONTAINER, "p1._.10010", "p1._.10010");
    check_within(NAME_CONTAINER, "._.1001", "._.1001");
    assert_refused(name_within_typed(NAME_PROJECT, 1001, "ds01-10010/p1", &name, &err), err,
        "an image of another user");
    assert_null(name);
}

static void test_length(void **state)
{
    char typed[301];
    char expected[NAME_MAX_LENGTH + 1];

    memset(typed, 'a', sizeof(typed));
    typed[300] = '\0';
    memset(expected, 'a', sizeof(expected));
    expected[NAME_MAX_LENGTH] = '\0';
    check(NAME_PROJECT, typed, expected);
    check(NAME_CONTAINER, typed, expected);
    /* A separator that the cut leaves at the end goes too. */
    typed[62] = '-';
    expected[62] = '\0';
    check(NAME_PROJECT, typed, expected);
}

static void test_image_names(void **state)
{
    _cleanup_free_ char *image = image_name(1722830498, "my-project");
    _cleanup_free_ char *largest = image_name(4294967294, "x");

    assert_string_equal(image, "ds01-1722830498/my-project:latest");
    assert_string_equal(largest, "ds01-4294967294/x:latest");
    _cleanup_free_ char *previous = image_previous_name(4294967294, "x");
    _cleanup_free_ char *keep = image_keep_name(4294967294, "x", "latest");
    _cleanup_free_ char *saved = image_keep_name(1000, "x", "tuned");
    assert_string_equal(previous, "ds01-4294967294/x:previous");
    assert_string_equal(keep, "ds01-4294967294/x:keep");
    assert_string_equal(saved, "ds01-1000/x:keep-tuned");
}

static void test_second_names(void **state)
{
    assert_string_equal(kept_tag("keep"), "latest");
    assert_string_equal(kept_tag("keep-tuned"), "tuned");
    assert_null(kept_tag("keeper"));
    assert_null(kept_tag("latest"));
    assert_true(is_companion_tag("keep-tuned") && is_companion_tag("previous"));
    assert_false(is_companion_tag("tuned") || is_companion_tag("keeps"));
}

static void check_names(const char *names, const char *reference, bool expected)
{
    struct strv list = STRV_INIT;

    strv_push_words(&list, names);
    if (image_names_go_with(&list, reference) != expected)
        fail_msg("%s with %s: not %d", names, reference, expected);
    strv_release(&list);
}

static void test_names_that_go_together(void **state)
{
    check_names("ds01-1/x:latest", "ds01-1/x:latest", true);
    check_names("ds01-1/x:latest ds01-1/x:keep ds01-1/x:previous", "ds01-1/x:latest", true);
    check_names("ds01-1/x:latest ds01-1/x:tuned", "ds01-1/x:latest", false);
    check_names("ds01-1/x:latest ds01-1/x:keep-tuned", "ds01-1/x:latest", false);
    check_names("ds01-1/x:latest ds01-1/y:keep", "ds01-1/x:latest", false);
    check_names("ds01-1/x:tuned ds01-1/x:keep-tuned", "ds01-1/x:tuned", true);
    check_names("ds01-1/x:tuned ds01-1/x:keep", "ds01-1/x:tuned", false);
    check_names("ds01-1/x:tuned ds01-1/x:previous", "ds01-1/x:tuned", false);
    check_names(
        "localhost/ds01-1/x:latest localhost/ds01-1/x:keep", "localhost/ds01-1/x:latest", true);
    check_names("lab/x:1", "lab/x:1", true);
    check_names("lab/x:1 lab/x:keep-1", "lab/x:1", false);
    check_names("", "ds01-1/x:latest", true);
}

static void check_project(uid_t uid, const char *reference, const char *expected)
{
    _cleanup_free_ char *project = project_from_image(uid, reference);

    if (expected)
        assert_string_equal(project, expected);
    else
        assert_null(project);
}

static void test_project_from_image(void **state)
{
    check_project(1001, "ds01-1001/my-project:latest", "my-project");
    check_project(1001, "ds01-1001/my-project", "my-project");
    check_project(1001, "ds01-1001/p:x._.1001", "p");
    check_project(1001, "localhost/ds01-1001/p:latest", "p");
    check_project(1001, "ds01-10010/p:latest", NULL);
    check_project(10010, "ds01-1001/p:latest", NULL);
    check_project(1001, "ds01-1001/", NULL);
    check_project(1001, "ds01-1001/:latest", NULL);
    check_project(1001, "ds01-1001/a/b:latest", NULL);
    check_project(1001, "ds01-1001", NULL);
    check_project(1001, "debian", NULL);
}

static void check_display(const char *engine_name, const char *expected)
{
    _cleanup_free_ char *name = container_display_name(engine_name);

    assert_string_equal(name, expected);
}

static void test_container_engine_names(void **state)
{
    _cleanup_free_ char *name = container_engine_name("my-project", 1001);

    assert_string_equal(name, "my-project._.1001");
    check_display("/my-project._.1001", "my-project");
    check_display("my-project._.1001", "my-project");
    check_display("my-project", "my-project");
    check_display("myproject_web_1", "myproject_web_1");
    /* Only a suffix of word characters is one. */
    check_display("a._.b-c", "a._.b-c");
    check_display("a._.b.c", "a._.b.c");
    check_display("a._.b._.1000", "a._.b");
    check_display("a._._", "a");
    check_display("a._.", "a._.");
}

static void test_committed_tags(void **state)
{
    assert_true(is_committed_tag("my-project._.1001"));
    assert_true(is_committed_tag("a._.b._.1001"));
    assert_false(is_committed_tag("latest"));
    assert_false(is_committed_tag("._.1001"));
    assert_false(is_committed_tag("a._."));
    assert_false(is_committed_tag("a._.10x"));
}

static void test_committed_references(void **state)
{
    static const char *const others[] = {"a:latest", "a:b._.", "a:b._.10x", "a:b._.01",
        "a:b._.4294967295", "b._.1001", "host:5/b._.1001", ""};
    char *container = NULL;
    uid_t uid = 0;

    assert_true(committed_reference_parse("aimehub/torch:my._.net._.1001", &container, &uid));
    assert_string_equal(container, "my._.net");
    assert_int_equal(uid, 1001);
    free(container);
    assert_true(committed_reference_parse("localhost:5000/x:a._.1722830498", &container, &uid));
    assert_string_equal(container, "a");
    assert_int_equal(uid, 1722830498);
    free(container);
    for (size_t i = 0; i < ELEMENTS(others); i++)
        assert_false(committed_reference_parse(others[i], &container, &uid));
}

static void test_image_name_parse(void **state)
{
    static const char *const others[] = {"ds01-x/a:latest", "ds01-/a:b", "ds01-1/a",
        "ds01-1/a:", "ds01-01/a:b", "ds01-1/A:b", "ds01-1/a/b:c", "other/ds01-1/a:b", "ds01-1", ""};
    _cleanup_free_ char *project = NULL, *local = NULL;
    const char *tag = NULL;
    uid_t uid = 0;

    assert_true(image_name_parse("ds01-1722830498/my-project:previous", &uid, &project, &tag));
    assert_int_equal(uid, 1722830498);
    assert_string_equal(project, "my-project");
    assert_string_equal(tag, "previous");
    assert_true(image_name_parse("localhost/ds01-0/p.q:x._.0", &uid, &local, &tag));
    assert_string_equal(local, "p.q");
    assert_string_equal(tag, "x._.0");
    for (size_t i = 0; i < ELEMENTS(others); i++)
        assert_false(image_name_parse(others[i], &uid, &project, &tag));
}

static void test_image_name_compare(void **state)
{
    static const char *const sorted[] = {
        "ds01-1/ag:latest",
        "ds01-1/ag:a",
        "ds01-1/ag:tuned",
        "ds01-1/ag-b:latest",
        "ds01-1/ag.b:latest",
        "ds01-1/ag2:latest",
        "ds01-1/ag2:a",
        "ds01-1/b:latest",
        "ds01-10/a:latest",
    };

    for (size_t i = 0; i < ELEMENTS(sorted); i++)
        for (size_t j = 0; j < ELEMENTS(sorted); j++) {
            int order = image_name_compare(sorted[i], sorted[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_project_names),
        cmocka_unit_test(test_project_separators),
        cmocka_unit_test(test_container_names),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_names_as_lists_show_them),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_image_names),
        cmocka_unit_test(test_second_names),
        cmocka_unit_test(test_names_that_go_together),
        cmocka_unit_test(test_project_from_image),
        cmocka_unit_test(test_container_engine_names),
        cmocka_unit_test(test_committed_tags),
        cmocka_unit_test(test_committed_references),
        cmocka_unit_test(test_image_name_parse),
        cmocka_unit_test(test_image_name_compare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
