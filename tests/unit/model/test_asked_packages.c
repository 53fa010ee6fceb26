#include "check.h"

#include "model/asked_packages.h"

static void assert_once(enum package_kind kind, const char *asked, const char *expected)
{
    _cleanup_(strv_release) struct strv packages = STRV_INIT;

    strv_push_words(&packages, asked);
    asked_packages_once(kind, &packages);
    _cleanup_free_ char *left = strv_join(&packages, " ");
    assert_string_equal(left, expected);
}

static void test_once(void **state)
{
    assert_once(PACKAGE_PIP, "", "");
    assert_once(PACKAGE_PIP, "rich", "rich");
    assert_once(PACKAGE_PIP, "rich rich", "rich");
    assert_once(PACKAGE_PIP, "rich numpy rich pandas numpy", "rich numpy pandas");
    assert_once(PACKAGE_PIP, "scikit_learn Scikit-Learn scikit-learn==1.5", "scikit_learn");
    assert_once(PACKAGE_APT, "hello hello=2.10 tree", "hello tree");
    assert_once(PACKAGE_APT, "hello Hello", "hello Hello");
}

static int check(const char *added, const char *removed, struct error *err)
{
    _cleanup_(strv_release) struct strv add = STRV_INIT;
    _cleanup_(strv_release) struct strv remove = STRV_INIT;

    strv_push_words(&add, added);
    strv_push_words(&remove, removed);
    return asked_packages_check(PACKAGE_PIP, &add, &remove, err);
}

static void test_check(void **state)
{
    struct error err = ERROR_INIT;

    assert_int_equal(check("numpy numpy", "rich", NULL), 0);
    assert_refused(check("numpy", "NumPy", &err), err, "'numpy' is both to be added and to be");
    assert_refused(check("numpy numpy==2", "", &err), err, "'numpy' is asked for twice, as");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_check),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
