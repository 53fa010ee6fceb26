#include "pseudo_terminal.h"

#include "ui/style.h"

static void check_printable(const char *text, size_t length, const char *expected)
{
    _cleanup_free_ char *printable = style_printable(text, length);

    assert_string_equal(printable, expected);
}

static void test_printable(void **state)
{
    check_printable("plain", 5, "plain");
    check_printable("\033[2J\a\r\n\t\177", 9, "?[2J??? ?");
    check_printable("a\0b", 3, "a?b");
    check_printable("a\177b", 3, "a?b");
    /* C1 controls as UTF-8, a byte of Latin-1, and a character cut off. */
    check_printable("\xC2\x9B"
                    "1m",
        4, "?1m");
    check_printable("\x9B"
                    "1m\xC3",
        4, "?1m?");
    check_printable("caf\u00E9 \U0001F600", 10, "caf\u00E9 \U0001F600");
    /* Right-to-left override: shown text would not be the text. */
    check_printable("a\u202Eb", 5, "a?b");
    check_printable("", 0, "");
}

static char *printed(enum style style, const char *text)
{
    char *result = NULL;
    size_t length;
    FILE *out = open_memstream(&result, &length);

    style_print(out, style, text);
    fclose(out);
    return result;
}

static void check_printed(enum style_when when, bool no_color, const char *expected)
{
    style_setup(when, no_color);
    _cleanup_free_ char *text = printed(STYLE_RED, "no\n");
    assert_string_equal(text, expected);
}

static void test_print(void **state)
{
    check_printed(STYLE_ALWAYS, false, "\033[31mno?\033[0m");
    check_printed(STYLE_ALWAYS, true, "\033[31mno?\033[0m");
    check_printed(STYLE_NEVER, false, "no?");
    check_printed(STYLE_AUTO, false, "no?");
}

static void test_terminal_decides(void **state)
{
    struct pty pty;

    pty_open(&pty, 24, 80);
    FILE *out = fdopen(dup(pty.slave), "w");
    setenv("TERM", "xterm", 1);
    style_setup(STYLE_AUTO, false);
    assert_true(style_enabled(out));
    style_setup(STYLE_AUTO, true);
    assert_false(style_enabled(out));
    style_setup(STYLE_AUTO, false);
    setenv("TERM", "dumb", 1);
    assert_false(style_enabled(out));
    unsetenv("TERM");
    assert_false(style_enabled(out));
    fclose(out);
    pty_close(&pty);
}

static void test_message(void **state)
{
    _cleanup_(strbuf_release) struct strbuf shown = STRBUF_INIT(1000);
    static const char text[] = "one two\tthree\n  a place that keeps its columns\nfour";
    struct pty pty;

    pty_open(&pty, 24, 20);
    FILE *out = fdopen(dup(pty.slave), "w");
    setenv("TERM", "xterm", 1);
    style_setup(STYLE_NEVER, false);
    style_print_message(out, STYLE_RED, "error: ", STYLE_PLAIN, text);
    fclose(out);
    pty_expect(pty.master, &shown, "four\r\n");
    assert_string_equal(strbuf_text(&shown),
        "error: one two      three\r\n  a place that keeps its columns\r\nfour\r\n");
    pty_close(&pty);
}

static void test_message_in_a_file(void **state)
{
    char text[100] = "";
    FILE *out = tmpfile();

    setenv("TERM", "xterm", 1);
    style_print_message(out, STYLE_RED, "error: ", STYLE_PLAIN,
        "what is written into a file or pipe stays one line, however long it is");
    rewind(out);
    assert_non_null(fgets(text, sizeof(text), out));
    assert_string_equal(
        text, "error: what is written into a file or pipe stays one line, however long it is\n");
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_printable),
        cmocka_unit_test(test_print),
        cmocka_unit_test(test_terminal_decides),
        cmocka_unit_test(test_message),
        cmocka_unit_test(test_message_in_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
