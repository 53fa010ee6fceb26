#include "check.h"

static void test_set(void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    assert_int_equal(error_set(&err, ERROR_REFUSED, "%s is %d", "it", 7), -1);
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_string_equal(err.message, "it is 7");
    assert_null(err.hint);
}

static void test_set_drops_what_was_there(void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    error_set(&err, ERROR_USAGE, "old");
    error_hint(&err, "old hint");
    error_set(&err, ERROR_FAILED, "new after %s", err.message);
    assert_string_equal(err.message, "new after old");
    assert_null(err.hint);
}

static void test_errno(void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    assert_int_equal(error_set_errno(&err, ENOENT, "cannot open %s", "x"), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_string_equal(err.message, "cannot open x: No such file or directory");
}

static void test_output_without_a_reader_has_a_code_of_its_own(void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    assert_int_equal(error_set_output(&err, ENOSPC), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_non_null(strstr(err.message, strerror(ENOSPC)));
    assert_int_equal(error_set_output(&err, EPIPE), -1);
    assert_int_equal(err.code, ERROR_NO_READER);
    assert_int_equal(error_set_output(NULL, EPIPE), -1);
}

static void test_hint_and_prefix(void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    error_set(&err, ERROR_NOT_FOUND, "no such image");
    assert_int_equal(error_hint(&err, "try %s", "a"), -1);
    assert_int_equal(error_hint(&err, "try %s", "b"), -1);
    assert_int_equal(error_prefix(&err, "building '%s'", "x"), -1);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_string_equal(err.message, "building 'x': no such image");
    assert_string_equal(err.hint, "try b");
}

static void test_move(void **state)
{
    _cleanup_(error_release) struct error to = ERROR_INIT;
    struct error from = ERROR_INIT;

    error_set(&to, ERROR_USAGE, "dropped");
    error_set(&from, ERROR_ENGINE, "kept");
    error_hint(&from, "hint");
    assert_int_equal(error_move(&to, &from), -1);
    assert_int_equal(to.code, ERROR_ENGINE);
    assert_string_equal(to.message, "kept");
    assert_string_equal(to.hint, "hint");
    assert_int_equal(from.code, ERROR_NONE);
    assert_null(from.message);

    error_set(&from, ERROR_ENGINE, "nobody asked");
    assert_int_equal(error_move(NULL, &from), -1);
    assert_null(from.message);
}

static void test_nobody_asked(void **state)
{
    assert_int_equal(error_set(NULL, ERROR_USAGE, "x"), -1);
    assert_int_equal(error_set_errno(NULL, EIO, "x"), -1);
    assert_int_equal(error_hint(NULL, "x"), -1);
    assert_int_equal(error_prefix(NULL, "x"), -1);
    error_release(NULL);
}

static void test_code_names_are_all_different(void **state)
{
    static const enum error_code codes[] = {ERROR_NONE, ERROR_FAILED, ERROR_USAGE, ERROR_NOT_FOUND,
        ERROR_REFUSED, ERROR_ENGINE, ERROR_INTERRUPTED, ERROR_NO_READER};

    for (size_t i = 0; i < ELEMENTS(codes); i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(error_code_name(codes[i]), error_code_name(codes[j]));
    assert_string_equal(error_code_name(ERROR_NOT_FOUND), "not-found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_set_drops_what_was_there),
        cmocka_unit_test(test_errno),
        cmocka_unit_test(test_output_without_a_reader_has_a_code_of_its_own),
        cmocka_unit_test(test_hint_and_prefix),
        cmocka_unit_test(test_move),
        cmocka_unit_test(test_nobody_asked),
        cmocka_unit_test(test_code_names_are_all_different),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
