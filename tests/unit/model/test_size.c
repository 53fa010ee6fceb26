#include "check.h"

#include "model/size.h"

static void check(const char *text, int64_t expected)
{
    int64_t bytes = 0;

    assert_int_equal(size_parse(text, &bytes, NULL), 0);
    assert_true(bytes == expected);
}

static void check_refused(const char *text, const char *part)
{
    struct error err = ERROR_INIT;
    int64_t bytes = 42;

    assert_refused(size_parse(text, &bytes, &err), err, part);
    assert_true(bytes == 42);
}

static void test_sizes(void **state)
{
    check("1073741824", 1073741824);
    check("1b", 1);
    check("2k", 2048);
    check("512m", 512LL << 20);
    check("16g", 16LL << 30);
    check("16G", 16LL << 30);
    check("16gb", 16LL << 30);
    check("16GiB", 16LL << 30);
    check("16 g", 16LL << 30);
    check("1.5g", 3LL << 29);
    check("0.5k", 512);
    check("2t", 2LL << 40);
    check("8388607t", 8388607LL << 40);
    check("1.0000000000000000000001k", 1024);
}

static void test_refused(void **state)
{
    check_refused("", "begin");
    check_refused("g", "begin");
    check_refused("-1g", "begin");
    check_refused(" 1g", "begin");
    check_refused("1x", "unit");
    check_refused("1gg", "unit");
    check_refused("1ib", "unit");
    check_refused("1bb", "unit");
    check_refused("1.g", "unit");
    check_refused("1.5.5g", "unit");
    check_refused("16g; rm", "unit");
    check_refused("0", "nothing");
    check_refused("0.0000001b", "nothing");
    check_refused("8388608t", "large");
    check_refused("9223372036854775808", "large");
    check_refused("99999999999999999999999g", "large");
}

static void check_format(int64_t bytes, const char *expected)
{
    _cleanup_free_ char *text = size_format(bytes);

    assert_string_equal(text, expected);
}

static void test_format(void **state)
{
    check_format(0, "0 B");
    check_format(999, "999 B");
    check_format(1000, "1 kB");
    check_format(1240000000, "1.24 GB");
    check_format(244000000, "244 MB");
    check_format(999400, "999 kB");
    check_format(999600, "1 MB");
    check_format(INT64_MAX, "9.22 EB");
    check_format(-1, "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
