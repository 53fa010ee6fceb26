#include "check.h"

#include "base/strbuf.h"

static void test_additions(void **state)
{
    _cleanup_(strbuf_release) struct strbuf buf = STRBUF_INIT(1000);

    assert_string_equal(strbuf_text(&buf), "");
    strbuf_adds(&buf, "one");
    strbuf_addc(&buf, ' ');
    strbuf_addf(&buf, "%d-%s", 2, "three");
    strbuf_add(&buf, "\0x", 2);
    assert_int_equal(buf.length, strlen("one 2-three") + 2);
    assert_memory_equal(buf.text, "one 2-three\0x", buf.length + 1);
    assert_false(buf.overflowed);
}

static void test_long_text(void **state)
{
    _cleanup_(strbuf_release) struct strbuf buf = STRBUF_INIT(100000);

    for (int i = 0; i < 10000; i++)
        strbuf_addf(&buf, "%04d", i);
    assert_int_equal(buf.length, 40000);
    assert_memory_equal(buf.text + 4 * 9999, "9999", 5);
}

static void test_maximum(void **state)
{
    _cleanup_(strbuf_release) struct strbuf buf = STRBUF_INIT(5);

    strbuf_adds(&buf, "12345");
    assert_false(buf.overflowed);
    strbuf_addc(&buf, '6');
    assert_true(buf.overflowed);
    assert_string_equal(buf.text, "12345");
    /* Nothing fits any more, even where there would be room again. */
    strbuf_truncate(&buf, 1);
    strbuf_adds(&buf, "x");
    assert_string_equal(buf.text, "1");
    strbuf_release(&buf);
    assert_false(buf.overflowed);
    strbuf_addf(&buf, "%s", "123456");
    assert_true(buf.overflowed);
    assert_int_equal(buf.length, 0);
    /* A length that would wrap around is past every maximum. */
    strbuf_release(&buf);
    strbuf_adds(&buf, "1");
    strbuf_add(&buf, "x", SIZE_MAX);
    assert_true(buf.overflowed);
}

static void test_cutting(void **state)
{
    _cleanup_(strbuf_release) struct strbuf buf = STRBUF_INIT(100);

    strbuf_truncate(&buf, 0);
    strbuf_consume(&buf, 5);
    strbuf_adds(&buf, "abcdef");
    strbuf_truncate(&buf, 10);
    assert_string_equal(buf.text, "abcdef");
    strbuf_truncate(&buf, 5);
    assert_string_equal(buf.text, "abcde");
    strbuf_consume(&buf, 2);
    assert_string_equal(buf.text, "cde");
    strbuf_consume(&buf, 0);
    strbuf_consume(&buf, 99);
    assert_string_equal(buf.text, "");
    assert_int_equal(buf.length, 0);
}

static void test_detach(void **state)
{
    struct strbuf buf = STRBUF_INIT(10);
    _cleanup_free_ char *nothing = strbuf_detach(&buf);

    assert_string_equal(nothing, "");
    strbuf_adds(&buf, "text");
    _cleanup_free_ char *text = strbuf_detach(&buf);
    assert_string_equal(text, "text");
    assert_int_equal(buf.length, 0);
    assert_int_equal(buf.max, 10);
    assert_null(buf.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_additions),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_maximum),
        cmocka_unit_test(test_cutting),
        cmocka_unit_test(test_detach),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
