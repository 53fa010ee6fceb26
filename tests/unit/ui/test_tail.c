#include "pseudo_terminal.h"

#include "ui/tail.h"

static void check(const char *data, size_t length, size_t step, const char *expected)
{
    struct tail tail = TAIL_INIT;

    for (size_t i = 0; i < length; i += step)
        tail_add(&tail, data + i, i + step > length ? length - i : step, NULL, NULL);
    _cleanup_free_ char *text = tail_text(&tail, TAIL_LINES);
    assert_string_equal(text, expected);
    tail_release(&tail);
}

/* The same however the output is cut. */
static void check_text(const char *data, const char *expected)
{
    for (size_t step = 1; step <= 7; step++)
        check(data, strlen(data), step, expected);
}

static void test_lines(void **state)
{
    check_text("one\ntwo\n", "one\ntwo\n");
    check_text("one\r\ntwo", "one\ntwo\n");
    check_text("one  \n\n", "one\n\n");
    check_text(" 10%\r 50%\r100%\ndone\n", "100%\ndone\n");
    check_text(" 10%\r 50%\r", " 50%\n");
    check_text("abc\b\bx\tcaf\u00E9\n", "ax caf\u00E9\n");
    check_text("bad \xFF\x01\n", "bad ?\n");
    check_text("", "");
}

static void test_escapes(void **state)
{
    check_text("\033[1;31mred\033[0m\033[K\n", "red\n");
    check_text("\033]0;title\a\033]8;;http://x\033\\link\033]8;;\033\\\n", "link\n");
    check_text("\033(B\033Mx\n", "x\n");
    /* One that was cut off ends with its line. */
    check_text("a\033]0;never ends\nb\033[12\nc\n", "a\nb\nc\n");
}

static void count_line(void *context, const char *line)
{
    ++*(size_t *)context;
    assert_int_equal(strlen(line), TAIL_LINE_BYTES);
}

static void test_bounds(void **state)
{
    struct tail tail = TAIL_INIT;
    char line[3 * TAIL_LINE_BYTES + 1];
    size_t lines = 0;

    memset(line, 'x', sizeof(line));
    line[sizeof(line) - 1] = '\n';
    for (size_t i = 0; i < 100; i++)
        tail_add(&tail, line, sizeof(line), count_line, &lines);
    assert_int_equal(lines, 100);
    _cleanup_free_ char *all = tail_text(&tail, 1000);
    assert_int_equal(strlen(all), TAIL_LINES * (TAIL_LINE_BYTES + 1));
    _cleanup_free_ char *none = tail_text(&tail, 0);
    assert_string_equal(none, "");
    tail_release(&tail);
}

static void test_last_lines(void **state)
{
    struct tail tail = TAIL_INIT;

    for (int i = 'a'; i <= 'z'; i++) {
        const char c = (char)i;
        const char line[] = {c, '\n', c, c, '\n'};
        tail_add(&tail, line, sizeof(line), NULL, NULL);
    }
    tail_add(&tail, "end", 3, NULL, NULL);
    _cleanup_free_ char *text = tail_text(&tail, 3);
    assert_string_equal(text, "z\nzz\nend\n");
    tail_end(&tail, NULL, NULL);
    _cleanup_free_ char *ended = tail_text(&tail, 2);
    assert_string_equal(ended, "zz\nend\n");
    tail_release(&tail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_last_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
