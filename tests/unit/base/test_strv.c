#include "check.h"

#include "base/strv.h"

static void test_list(void **state)
{
    _cleanup_(strv_release) struct strv list = STRV_INIT;

    strv_push(&list, "one");
    strv_take(&list, xstrdup("two"));
    strv_push(&list, "");
    assert_int_equal(list.count, 3);
    assert_null(list.items[3]);
    assert_true(strv_contains(&list, "two"));
    assert_true(strv_contains(&list, ""));
    assert_false(strv_contains(&list, "tw"));
}

static void test_words(void **state)
{
    _cleanup_(strv_release) struct strv list = STRV_INIT;

    strv_push_words(&list, " a\tbc\n\r d\f ");
    strv_push_words(&list, "");
    strv_push_words(&list, "   ");
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0], "a");
    assert_string_equal(list.items[1], "bc");
    assert_string_equal(list.items[2], "d");
}

static void test_join(void **state)
{
    _cleanup_(strv_release) struct strv list = STRV_INIT;
    _cleanup_free_ char *none = strv_join(&list, ", ");

    strv_push(&list, "a");
    _cleanup_free_ char *one = strv_join(&list, ", ");
    strv_push(&list, "b");
    _cleanup_free_ char *two = strv_join(&list, ", ");
    assert_string_equal(none, "");
    assert_string_equal(one, "a");
    assert_string_equal(two, "a, b");
}

static void test_map(void **state)
{
    _cleanup_(strmap_release) struct strmap map = STRMAP_INIT;

    assert_null(strmap_get(&map, "a"));
    strmap_set(&map, "a", "1");
    strmap_set(&map, "b", "2");
    strmap_set(&map, "a", "3");
    assert_int_equal(map.count, 2);
    assert_string_equal(map.entries[0].key, "a");
    assert_string_equal(strmap_get(&map, "a"), "3");
    assert_string_equal(strmap_get(&map, "b"), "2");
    assert_null(strmap_get(&map, ""));
    /* A value may come from the map itself. */
    strmap_set(&map, "a", strmap_get(&map, "a"));
    assert_string_equal(strmap_get(&map, "a"), "3");
}

static void test_release(void **state)
{
    struct strv list = STRV_INIT;
    struct strmap map = STRMAP_INIT;

    strv_push(&list, "x");
    strv_release(&list);
    strv_release(&list);
    assert_int_equal(list.count, 0);
    strmap_set(&map, "x", "y");
    strmap_release(&map);
    strmap_release(&map);
    assert_int_equal(map.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_release),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
