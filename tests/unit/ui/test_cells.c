#include "pseudo_terminal.h"

#include <locale.h>

#include "base/utf8.h"
#include "ui/cells.h"

static void test_decode(void **state)
{
    static const struct {
        const char *text;
        size_t bytes;
        uint32_t character;
    } rows[] = {
        {"a", 1, 'a'},
        {"\xC3\xA9", 2, 0xE9},
        {"\xE2\x82\xAC", 3, 0x20AC},
        {"\xF0\x9F\x98\x80", 4, 0x1F600},
        {"\xC3", 0, 0},             /* cut off */
        {"\x80", 0, 0},             /* no beginning */
        {"\xC0\xAF", 0, 0},         /* overlong */
        {"\xE0\x80\xAF", 0, 0},     /* overlong */
        {"\xED\xA0\x80", 0, 0},     /* a surrogate */
        {"\xF4\x90\x80\x80", 0, 0}, /* beyond Unicode */
        {"\xFF", 0, 0},
        {"", 0, 0},
    };

    for (size_t i = 0; i < ELEMENTS(rows); i++) {
        uint32_t character = 0;
        assert_int_equal(
            utf8_decode(rows[i].text, strlen(rows[i].text), &character), rows[i].bytes);
        assert_int_equal(character, rows[i].character);
    }
}

typedef size_t (*fit_function)(struct strbuf *buf, const char *text, size_t cells);

static void check(
    fit_function fit, const char *text, size_t cells, const char *expected, size_t used)
{
    struct strbuf buf = STRBUF_INIT(1000);

    assert_int_equal(fit(&buf, text, cells), used);
    assert_string_equal(strbuf_text(&buf), expected);
    strbuf_release(&buf);
}

static void test_fit_utf8(void **state)
{
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    check(cells_fit, "hello", 5, "hello", 5);
    check(cells_fit, "hello!", 5, "hell\u2026", 5);
    check(cells_fit, "hello", 0, "", 0);
    check(cells_fit, "", 0, "", 0);
    check(cells_fit, "\u65E5\u672C\u8A9E", 6, "\u65E5\u672C\u8A9E", 6);
    /* A wide character that does not fit leaves its columns free. */
    check(cells_fit, "\u65E5\u672C\u8A9E", 4, "\u65E5\u2026", 3);
    /* A combining accent takes no room and stays with its letter. */
    check(cells_fit, "e\u0301e\u0301", 2, "e\u0301e\u0301", 2);
    check(cells_fit, "a\033b", 5, "a?b", 3);
    check(cells_fit,
        "a\xFF"
        "b",
        5, "a?b", 3);
}

static void test_fit_ascii(void **state)
{
    assert_non_null(setlocale(LC_CTYPE, "C"));
    check(cells_fit, "caf\u00E9", 10, "caf?", 4);
    check(cells_fit, "hello world", 8, "hello...", 8);
    check(cells_fit, "hello", 2, "", 0);
}

static void test_fit_end(void **state)
{
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    check(cells_fit_end, "hello", 5, "hello", 5);
    check(cells_fit_end, "hello!", 5, "\u2026llo!", 5);
    check(cells_fit_end, "hello", 1, "\u2026", 1);
    check(cells_fit_end, "hello", 0, "", 0);
    check(cells_fit_end, "", 0, "", 0);
    check(cells_fit_end, "\u65E5\u672C\u8A9E", 4, "\u2026\u8A9E", 3);
    /* An accent whose letter is cut goes with it. */
    check(cells_fit_end, "abe\u0301xy", 3, "\u2026xy", 3);
    check(cells_fit_end, "a\033b\033c", 3, "\u2026?c", 3);
    assert_non_null(setlocale(LC_CTYPE, "C"));
    check(cells_fit_end, "hello world", 8, "...world", 8);
    check(cells_fit_end, "hello", 2, "", 0);
}

static void test_fit_both(void **state)
{
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    check(cells_fit_both, "hello", 5, "hello", 5);
    check(cells_fit_both, "thesis-v1", 6, "the\u2026v1", 6);
    check(cells_fit_both, "thesis-v2", 7, "the\u2026-v2", 7);
    check(cells_fit_both, "hello", 3, "h\u2026o", 3);
    check(cells_fit_both, "hello", 2, "h\u2026", 2);
    check(cells_fit_both, "hello", 0, "", 0);
    /* Wide characters that do not fit leave their columns free. */
    check(cells_fit_both, "\u65E5\u672C\u8A9E", 5, "\u65E5\u2026\u8A9E", 5);
    check(cells_fit_both, "\u65E5\u672C\u8A9E", 4, "\u65E5\u2026", 3);
    assert_non_null(setlocale(LC_CTYPE, "C"));
    check(cells_fit_both, "hello world", 8, "hel...ld", 8);
}

/* The user's locale is loaded when it is first asked for. */
static void test_locale(void **state)
{
    assert_non_null(setlocale(LC_CTYPE, "C"));
    assert_int_equal(setenv("LC_ALL", "C.UTF-8", 1), 0);
    assert_false(cells_utf8());
    cells_setup();
    assert_string_equal(setlocale(LC_CTYPE, NULL), "C");
    assert_true(cells_utf8());
    assert_non_null(setlocale(LC_CTYPE, "C"));
    assert_false(cells_utf8());
}

static void check_wrap(const char *text, size_t column, const char *expected)
{
    _cleanup_free_ char *wrapped = cells_wrap(text, column, 10);

    assert_string_equal(wrapped, expected);
}

static void test_wrap(void **state)
{
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    check_wrap("", 0, "");
    check_wrap("one two", 0, "one two");
    check_wrap("one two three", 0, "one two   three");
    check_wrap("one two th", 0, "one two   th");
    check_wrap("one two four", 5, "one  two four");
    check_wrap("one  two   three", 0, "one  two  three");
    /* The row is full with the blank behind the word. */
    check_wrap("one three four", 0, "one three four");
    check_wrap("four seven x", 0, "four      seven x");
    /* What is too long for a row is broken by the terminal. */
    check_wrap("at /a/long/path/x i", 0, "at /a/long/path/x i");
    check_wrap("\u65E5\u672C \u8A9E\u8A9E\u8A9E", 0, "\u65E5\u672C      \u8A9E\u8A9E\u8A9E");
    check_wrap(" x ", 0, " x ");
    _cleanup_free_ char *any = cells_wrap("one two three", 7, 0);
    assert_string_equal(any, "one two three");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_fit_utf8),
        cmocka_unit_test(test_fit_ascii),
        cmocka_unit_test(test_fit_end),
        cmocka_unit_test(test_fit_both),
        cmocka_unit_test(test_locale),
        cmocka_unit_test(test_wrap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
