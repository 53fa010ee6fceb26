#include "check.h"

#include "model/timestamp.h"

static void test_parse(void **state)
{
    assert_int_equal(timestamp_parse("1970-01-01T00:00:01Z"), 1);
    assert_int_equal(timestamp_parse("2026-11-23T20:46:12.123456789Z"), 1795466772);
    assert_int_equal(timestamp_parse("2026-11-23T21:46:12.5+01:00"), 1795466772);
    assert_int_equal(timestamp_parse("2026-11-23T20:46:12-00:00"), 1795466772);
}

static void test_none(void **state)
{
    static const char *const others[] = {"", "0001-01-01T00:00:00Z", "2026-11-23", "now",
        "2026-11-23T20:46:12", "2026-11-23T20:46:12.Zx", "2026-11-23T20:46:12Z ",
        "2026-13-40T0:0:0Z"};

    for (size_t i = 0; i < ELEMENTS(others); i++)
        assert_int_equal(timestamp_parse(others[i]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
