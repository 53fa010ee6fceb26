#include "check.h"

#include "model/username.h"

static void check_sanitized(const char *login, const char *expected)
{
    _cleanup_(strbuf_release) struct strbuf name = STRBUF_INIT(1024);

    strbuf_adds(&name, "x-");
    username_sanitize(login, &name);
    assert_string_equal(strbuf_text(&name) + 2, expected);
}

static void check_in_container(const char *login, uid_t uid, const char *expected)
{
    char name[USERNAME_MAX + 1];

    username_in_container(login, uid, name);
    assert_string_equal(name, expected);
}

/* The original's own vectors. */
static void test_rule_of_the_document(void **state)
{
    check_sanitized("alice", "alice");
    check_sanitized("jane-smith", "jane-smith");
    check_sanitized("john.doe", "john-doe");
    check_sanitized("h.baker@hertie-school.lan", "h-baker-at-hertie-school-lan");
    check_sanitized("user@sub.domain.edu", "user-at-sub-domain-edu");
    check_sanitized("@leading", "at-leading");
    check_sanitized("trailing@", "trailing-at");
    check_sanitized("foo..bar", "foo-bar");
    check_sanitized("foo@@bar", "foo-at-at-bar");
    check_sanitized("@", "at");
    check_sanitized("..", "");
    check_sanitized("-bob-", "bob");
    check_sanitized("___x", "___x");
    check_sanitized("DOMAIN\\user", "DOMAIN-user");
    check_sanitized("Jos\u00E9", "Jos");
    check_sanitized("204214@hertie-school.lan", "204214-at-hertie-school-lan");
    check_sanitized("UPPER.Case@X.Y", "UPPER-Case-at-X-Y");
    check_sanitized("", "");
    check_sanitized("a:b", "a:b");
    check_sanitized("a.b", "a-b");
    check_sanitized("a.very.long.username.with.many.dots@domain.edu",
        "a-very-long-username-with-many-dots-at-domain-edu");
}

static void test_name_in_container(void **state)
{
    check_in_container("h.baker@hertie-school.lan", 1722830498, "h-baker-at-hertie-school-lan");
    check_in_container("a:b", 1, "a-b");
    check_in_container(":a:-b:", 1, "a-b");
    check_in_container("anyone", 0, "root");
    check_in_container("", 77123, "u77123");
    check_in_container("..", 4294967294, "u4294967294");
    check_in_container("204214", 1, "u204214");
    check_in_container("ALLCAPS", 1, "ALLCAPS");
    /* Only uid 0 may be root: the setup deletes whoever has our name. */
    check_in_container("root", 1000, "u1000");
}

static void test_long_names_are_cut_and_marked(void **state)
{
    check_in_container("c.fusarbassini@hertie-school.lan", 1, "c-fusarbassini-at-hertie-sc-6494");
    check_in_container(
        "a.very.long.username.with.many.dots@domain.edu", 1, "a-very-long-username-with-m-9f4c");
    /* No '-' is left in front of the mark. */
    check_in_container(
        "aaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbb", 1, "aaaaaaaaaaaaaaaaaaaaaaaaaa-d0aa");
    check_in_container("12345678901234567890123456789012", 1, "u12345678901234567890123456-7671");
    check_in_container("abcdefghijklmnopqrstuvwxyz123456", 1, "abcdefghijklmnopqrstuvwxyz123456");
}

static void test_home(void **state)
{
    _cleanup_free_ char *home = home_in_container("ada", 1000);
    _cleanup_free_ char *root = home_in_container("root", 0);

    assert_string_equal(home, "/home/ada");
    assert_string_equal(root, "/root");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rule_of_the_document),
        cmocka_unit_test(test_name_in_container),
        cmocka_unit_test(test_long_names_are_cut_and_marked),
        cmocka_unit_test(test_home),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
