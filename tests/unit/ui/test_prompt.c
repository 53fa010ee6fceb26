#include "pseudo_terminal.h"

#include <signal.h>

#include "base/interrupt.h"
#include "ui/prompt.h"

/* What a child exits with: its answer, or 100 and the error's code. */
#define FAILED 100

struct asked {
    struct pty pty;
    pid_t child;
    struct strbuf shown;
};

static int report(int answer, const struct error *err)
{
    return answer < 0 ? FAILED + (int)err->code : answer;
}

static int ask_yes_no(void)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    return report(prompt_yes_no("Stop \033it?", false, &err), &err);
}

static int ask_yes_by_default(void)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    return report(prompt_yes_no("Go on?", true, &err), &err);
}

static int ask_choice(void)
{
    static const struct prompt_choice choices[] = {{'o', "open it"}, {'b', "leave it running"}};
    _cleanup_(error_release) struct error err = ERROR_INIT;

    return report(prompt_choose("What next?", choices, ELEMENTS(choices), &err), &err);
}

/* What the test writes when it has typed ahead. */
static int go_pipe[2];

static int ask_twice(void)
{
    char go;

    if (ask_yes_no() != 0)
        return 50;
    fputs("<type ahead>", stderr);
    if (read(go_pipe[0], &go, 1) != 1)
        return 51;
    return ask_yes_no();
}

static void begin(struct asked *asked, int (*function)(void), const char *question)
{
    *asked = (struct asked){.shown = STRBUF_INIT(100000)};
    pty_open(&asked->pty, 24, 80);
    asked->child = pty_fork(&asked->pty);
    if (asked->child == 0) {
        interrupt_install(NULL);
        _exit(prompt_possible(true) || !prompt_possible(false) ? 98 : function());
    }
    pty_expect(asked->pty.master, &asked->shown, question);
}

static void end(struct asked *asked, int expected)
{
    assert_int_equal(pty_wait(asked->child), expected);
    strbuf_release(&asked->shown);
    pty_close(&asked->pty);
}

static void check(int (*function)(void), const char *question, const char *typed, int expected)
{
    struct asked asked;

    begin(&asked, function, question);
    pty_type(asked.pty.master, typed);
    end(&asked, expected);
}

static void test_yes_no(void **state)
{
    static const char question[] = "Stop ?it? [y/N] ";

    check(ask_yes_no, question, "y\n", 1);
    check(ask_yes_no, question, " Yes \n", 1);
    check(ask_yes_no, question, "n\n", 0);
    check(ask_yes_no, question, "\n", 0);
    check(ask_yes_by_default, "Go on? [Y/n] ", "\n", 1);
    check(ask_yes_by_default, "Go on? [Y/n] ", "NO\n", 0);
}

static void test_choose(void **state)
{
    static const char question[] = "What next? o) open it, b) leave it running [o] ";

    check(ask_choice, question, "\n", 0);
    check(ask_choice, question, "B\n", 1);
    check(ask_choice, question, "leave it running\n", 1);
}

static void test_asks_again(void **state)
{
    struct asked asked;

    begin(&asked, ask_yes_no, "[y/N] ");
    pty_type(asked.pty.master, "what\n");
    pty_expect(asked.pty.master, &asked.shown, "Please answer y or n.\r\nStop ?it? [y/N] ");
    pty_type(asked.pty.master, "y\n");
    end(&asked, 1);
}

static void test_gives_up(void **state)
{
    struct asked asked;

    begin(&asked, ask_yes_no, "[y/N] ");
    for (int i = 0; i < 5; i++) {
        pty_type(asked.pty.master, "what\n");
        strbuf_truncate(&asked.shown, 0);
        pty_expect(asked.pty.master, &asked.shown, i < 4 ? "[y/N] " : "y or n.");
    }
    end(&asked, FAILED + ERROR_USAGE);
}

static void test_end_of_input(void **state)
{
    check(ask_yes_no, "[y/N] ", "\004", FAILED + ERROR_USAGE);
    check(ask_yes_no, "[y/N] ", "y\004\004", FAILED + ERROR_USAGE);
}

static void test_interrupts(void **state)
{
    struct asked asked;

    check(ask_yes_no, "[y/N] ", "y\003", FAILED + ERROR_INTERRUPTED);
    begin(&asked, ask_yes_no, "[y/N] ");
    kill(asked.child, SIGTERM);
    end(&asked, FAILED + ERROR_INTERRUPTED);
}

static void test_type_ahead_is_discarded(void **state)
{
    struct asked asked;

    assert_int_equal(pipe(go_pipe), 0);
    begin(&asked, ask_twice, "[y/N] ");
    pty_type(asked.pty.master, "n\n");
    pty_expect(asked.pty.master, &asked.shown, "<type ahead>");
    strbuf_truncate(&asked.shown, 0);
    pty_type(asked.pty.master, "y\n");
    /* Its echo says that the terminal has taken the line. */
    pty_expect(asked.pty.master, &asked.shown, "y\r\n");
    pty_type(go_pipe[1], "g");
    pty_expect(asked.pty.master, &asked.shown, "[y/N] ");
    pty_type(asked.pty.master, "\n");
    end(&asked, 0);
    close(go_pipe[0]);
    close(go_pipe[1]);
}

static void test_a_line_without_end(void **state)
{
    static char line[4000];
    struct asked asked;

    memset(line, 'y', sizeof(line) - 1);
    line[sizeof(line) - 2] = '\n';
    begin(&asked, ask_yes_no, "[y/N] ");
    pty_type(asked.pty.master, line);
    pty_expect(asked.pty.master, &asked.shown, "Please answer y or n.\r\nStop ?it? [y/N] ");
    pty_type(asked.pty.master, "y\n");
    end(&asked, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_yes_no),
        cmocka_unit_test(test_choose),
        cmocka_unit_test(test_asks_again),
        cmocka_unit_test(test_gives_up),
        cmocka_unit_test(test_end_of_input),
        cmocka_unit_test(test_interrupts),
        cmocka_unit_test(test_type_ahead_is_discarded),
        cmocka_unit_test(test_a_line_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
