#include "pseudo_terminal.h"

#include "ui/redraw.h"

/* What two drawings write to a terminal of that size. */
static void check(unsigned short rows, unsigned short columns, const char *first,
    const char *second, const char *expected)
{
    struct strbuf seen = STRBUF_INIT(4096);
    struct redraw redraw = {0};
    struct pty pty;

    pty_open(&pty, rows, columns);
    FILE *out = fdopen(dup(pty.slave), "w");
    redraw_text(&redraw, out, first);
    redraw_text(&redraw, out, second);
    fputs("end", out);
    fclose(out);
    pty_expect(pty.master, &seen, "end");
    assert_string_equal(strbuf_text(&seen), expected);
    strbuf_release(&seen);
    pty_close(&pty);
}

static void test_in_place(void **state)
{
    check(24, 80, "a\nb\n", "c\n", "\033[Ka\r\n\033[Kb\r\n\033[J\r\033[2A\033[Kc\r\n\033[Jend");
    check(24, 80, "", "c\n", "\033[J\033[Kc\r\n\033[Jend");
}

/* What does not fit would scroll, and the next drawing begin too high or too low. */
static void test_fits(void **state)
{
    check(
        3, 80, "a\nb\nc\nd\n", "x\n", "\033[Ka\r\n\033[Kb\r\n\033[J\r\033[2A\033[Kx\r\n\033[Jend");
    check(24, 5, "1234567890\n", "x\n", "\033[K12...\r\n\033[J\r\033[1A\033[Kx\r\n\033[Jend");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_place),
        cmocka_unit_test(test_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
