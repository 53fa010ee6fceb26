#include "check.h"

#include "model/text_diff.h"

static void check_diff(const char *old_text, const char *new_text, const char *expected)
{
    _cleanup_(strbuf_release) struct strbuf diff = STRBUF_INIT(STRBUF_TEXT_MAX);

    text_diff(old_text, strlen(old_text), new_text, strlen(new_text), "f", &diff);
    assert_string_equal(strbuf_text(&diff), expected);
}

static void test_equal(void **state)
{
    check_diff("", "", "");
    check_diff("a\nb\n", "a\nb\n", "");
}

static void test_changes(void **state)
{
    check_diff("a\nb\nc\n", "a\nx\nc\n", "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
    check_diff("", "a\n", "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+a\n");
    check_diff("a\n", "", "--- f\n+++ f\n@@ -1,1 +0,0 @@\n-a\n");
    check_diff("a", "a\n", "--- f\n+++ f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

/* Two changes far from each other make two hunks, with three lines around each. */
static void test_hunks(void **state)
{
    check_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n11\n",
        "--- f\n+++ f\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n"
        "@@ -7,4 +8,4 @@\n 7\n 8\n 9\n-10\n+11\n");
    check_diff("1\n2\n3\n4\n5\n6\n", "0\n1\n2\n3\n4\n5\n6\n7\n",
        "--- f\n+++ f\n@@ -1,6 +1,8 @@\n+0\n 1\n 2\n 3\n 4\n 5\n 6\n+7\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_hunks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
