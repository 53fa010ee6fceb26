#include "pseudo_terminal.h"

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "base/xalloc.h"
#include "ui/display.h"
#include "ui/progress.h"
#include "ui/style.h"

#define ROWS_MAX    600
#define COLUMNS_MAX 200

/* A terminal that knows what the display may use, and fails the test for all else. */
struct screen {
    size_t rows, columns;
    size_t row, column;
    char cells[ROWS_MAX][COLUMNS_MAX + 1]; /* ASCII only */
    size_t scrolled;                       /* lines that left at the top */
};

static void screen_clear_from(struct screen *screen, size_t row, size_t column)
{
    memset(screen->cells[row] + column, ' ', screen->columns - column);
    screen->cells[row][screen->columns] = '\0';
}

static void screen_init(struct screen *screen, size_t rows, size_t columns)
{
    *screen = (struct screen){.rows = rows, .columns = columns};
    for (size_t i = 0; i < rows; i++)
        screen_clear_from(screen, i, 0);
}

static void screen_newline(struct screen *screen)
{
    if (++screen->row < screen->rows)
        return;
    screen->row--;
    screen->scrolled++;
    memmove(screen->cells[0], screen->cells[1], (screen->rows - 1) * sizeof(screen->cells[0]));
    screen_clear_from(screen, screen->row, 0);
}

/* Carries out one escape sequence; returns its bytes. */
static size_t screen_escape(struct screen *screen, const char *text)
{
    char *end;
    assert_int_equal(text[1], '[');
    size_t number = strtoul(text + 2, &end, 10);

    if (*end == 'A') {
        assert_true(number <= screen->row);
        screen->row -= number;
    } else if (*end == 'K') {
        screen_clear_from(screen, screen->row, screen->column);
    } else if (*end == 'J') {
        for (size_t i = screen->row + 1; i < screen->rows; i++)
            screen_clear_from(screen, i, 0);
        screen_clear_from(screen, screen->row, screen->column);
    } else {
        assert_int_equal(*end, 'm');
    }
    return (size_t)(end - text) + 1;
}

static void screen_write(struct screen *screen, const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        if (text[i] == '\033') {
            i += screen_escape(screen, text + i);
            continue;
        }
        if (text[i] == '\r') {
            screen->column = 0;
        } else if (text[i] == '\n') {
            screen_newline(screen);
        } else {
            /* The display never touches the right edge. */
            assert_true(text[i] >= 0x20 && screen->column < screen->columns - 1);
            screen->cells[screen->row][screen->column++] = text[i];
        }
        i++;
    }
}

/* A live display on a terminal of its own. */
struct live {
    struct pty pty;
    FILE *out;
    struct progress *progress;
    struct screen screen;
};

static void live_open(struct live *live, unsigned short rows, unsigned short columns)
{
    setenv("TERM", "xterm", 1);
    pty_open(&live->pty, rows, columns);
    live->out = fdopen(dup(live->pty.slave), "w");
    live->progress = progress_new(live->out, true);
    screen_init(&live->screen, rows, columns);
}

static void live_drop(struct live *live)
{
    progress_free(live->progress);
    fclose(live->out);
    pty_close(&live->pty);
}

/* Takes to the screen what has been written up to now. */
static void live_look(struct live *live)
{
    static char text[1 << 20];
    size_t length = 0;

    fputs("@", live->out);
    fflush(live->out);
    while (!length || text[length - 1] != '@')
        length += pty_read(live->pty.master, text + length, sizeof(text) - length);
    screen_write(&live->screen, text, length - 1);
    assert_int_equal(live->screen.column, 0);
}

static void live_wait_and_look(struct live *live)
{
    poll(NULL, 0, 110);
    progress_tick(live->progress);
    live_look(live);
}

static void live_close(struct live *live)
{
    progress_free(live->progress);
    live_look(live);
    fclose(live->out);
    pty_close(&live->pty);
}

static void check_row(const struct live *live, size_t row, const char *expected)
{
    const char *cells = live->screen.cells[row];
    size_t length = live->screen.columns;

    while (length && cells[length - 1] == ' ')
        length--;
    _cleanup_free_ char *text = xstrndup(cells, length);
    assert_string_equal(text, expected);
}

static void output(struct progress *progress, const char *id, const char *text)
{
    progress_output(progress, id, text, strlen(text));
}

static void test_live_lines(void **state)
{
    struct live live;

    live_open(&live, 10, 40);
    progress_task(live.progress, "a", "load the base", PROGRESS_CACHED, 0);
    progress_task(live.progress, "b", "find the base", PROGRESS_CACHED, 0);
    progress_task(live.progress, "c", "copy\033 files", PROGRESS_DONE, 1.23);
    progress_task(
        live.progress, "d", "a title that is longer than the terminal is wide", PROGRESS_DONE, 125);
    progress_task(live.progress, "e", "pull a layer", PROGRESS_RUNNING, 0);
    progress_bytes(live.progress, "e", 12345678, 45000000);
    progress_task(live.progress, "f", "next", PROGRESS_WAITING, 0);
    output(live.progress, "e", "one\r\n\033[1mtwo\033[0m\n 10%\r 20%");
    live_wait_and_look(&live);
    check_row(&live, 0, "+ 2 steps cached");
    check_row(&live, 1, "+ copy? files                     1.2 s");
    check_row(&live, 2, "+ a title that is longer t... 2 min 5 s");
    check_row(&live, 3, "> pull a layer       12.3 MB of 45.0 MB");
    check_row(&live, 4, "    one");
    check_row(&live, 5, "    two");
    check_row(&live, 6, "     20%");
    check_row(&live, 7, ". next");
    check_row(&live, 8, "");

    progress_task(live.progress, "e", "pull a layer", PROGRESS_FAILED, 3);
    live_close(&live);
    check_row(&live, 3, "x pull a layer                    3.0 s");
    check_row(&live, 4, "");
}

static void add_tasks(
    struct progress *progress, unsigned first, unsigned count, enum progress_state state)
{
    for (unsigned i = first; i < first + count; i++) {
        _cleanup_free_ char *id = xasprintf("task%u", i);
        progress_task(progress, id, id, state, 1);
    }
}

static void test_live_fits_the_height(void **state)
{
    struct live live;

    live_open(&live, 8, 40);
    add_tasks(live.progress, 0, 10, PROGRESS_DONE);
    add_tasks(live.progress, 10, 1, PROGRESS_RUNNING);
    output(live.progress, "task10", "1\n2\n3\n4\n5\n6\n7\n");
    add_tasks(live.progress, 11, 3, PROGRESS_WAITING);
    live_wait_and_look(&live);
    assert_int_equal(live.screen.scrolled, 0);
    assert_int_equal(strncmp(live.screen.cells[0], "> task10", 8), 0);
    check_row(&live, 1, "    2");
    check_row(&live, 6, "    7");

    add_tasks(live.progress, 10, 1, PROGRESS_DONE);
    live_wait_and_look(&live);
    check_row(&live, 0, "+ 5 earlier steps done");
    check_row(&live, 1, "+ task5                           1.0 s");
    check_row(&live, 6, "+ task10                          1.0 s");
    check_row(&live, 7, "");

    add_tasks(live.progress, 20, 30, PROGRESS_RUNNING);
    live_wait_and_look(&live);
    check_row(&live, 6, "> 24 more running");
    assert_int_equal(live.screen.scrolled, 0);

    /* In the end nothing stays hidden: 11 are done and 30 were begun. */
    live_close(&live);
    assert_int_equal(live.screen.scrolled, 11 + 30 + 1 - 8);
}

static void test_live_on_the_smallest_terminals(void **state)
{
    static const unsigned short widths[] = {1, 2, 3, 4, 5, 6, 15};

    for (unsigned short rows = 1; rows < 4; rows++)
        for (size_t i = 0; i < ELEMENTS(widths); i++) {
            struct live live;
            live_open(&live, rows, widths[i]);
            add_tasks(live.progress, 0, 3, PROGRESS_DONE);
            add_tasks(live.progress, 3, 2, PROGRESS_RUNNING);
            output(live.progress, "task3", "some output\n");
            live_wait_and_look(&live);
            assert_int_equal(live.screen.scrolled, 0);
            live_drop(&live);
        }
}

/* A terminal that gets narrower wraps lines that stand; the display starts above them. */
static void test_live_resize(void **state)
{
    struct winsize narrow = {.ws_row = 10, .ws_col = 20};
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(10000);
    struct live live;

    live_open(&live, 10, 40);
    add_tasks(live.progress, 0, 3, PROGRESS_DONE);
    live_wait_and_look(&live);
    assert_int_equal(ioctl(live.pty.master, TIOCSWINSZ, &narrow), 0);
    poll(NULL, 0, 110);
    progress_tick(live.progress);
    pty_expect(live.pty.master, &text, "\033[J");
    assert_non_null(strstr(strbuf_text(&text), "\r\033[6A+ task0       1.0 s\033[K"));
    live_drop(&live);
}

static void test_live_is_not_drawn_too_often(void **state)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(1 << 20);
    char chunk[4096];
    long frames = 0;
    struct live live;

    live_open(&live, 10, 40);
    int64_t start = display_clock();
    for (int i = 0; i < 20000; i++) {
        progress_task(live.progress, "a", i % 2 ? "one" : "two", PROGRESS_RUNNING, 0);
        struct pollfd ready = {.fd = live.pty.master, .events = POLLIN};
        if (poll(&ready, 1, 0) == 1)
            strbuf_add(&text, chunk, pty_read(live.pty.master, chunk, sizeof(chunk)));
    }
    for (const char *frame = strbuf_text(&text); (frame = strstr(frame, "\033[J")); frame++)
        frames++;
    assert_in_range(frames, 1, (display_clock() - start) / 100 + 1);
    live_drop(&live);
}

static void test_dumb_terminals_get_plain_lines(void **state)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    setenv("TERM", "dumb", 1);
    struct progress *progress = progress_new(out, true);
    progress_task(progress, "a", "title", PROGRESS_CACHED, 0);
    progress_free(progress);
    fclose(out);
    assert_string_equal(text, "[1] title: cached\n");
    free(text);
}

static void plain_story(struct progress *progress)
{
    progress_task(progress, "a", "load", PROGRESS_WAITING, 0);
    progress_task(progress, "a", "load", PROGRESS_CACHED, 0);
    progress_task(progress, "a", "load", PROGRESS_CACHED, 0);
    progress_task(progress, "b", "install", PROGRESS_WAITING, 0);
    progress_task(progress, "b", "install", PROGRESS_RUNNING, 0);
    progress_task(progress, "b", "install", PROGRESS_RUNNING, 0);
    progress_task(progress, "c", "quick\n", PROGRESS_DONE, 0.04);
    progress_task(progress, "d", "fails", PROGRESS_RUNNING, 0);
    output(progress, "b", "Reading \033[1mlists\033[0m...\n\n 1%\r 99%\rall\r\nhalf");
    output(progress, "d", "no such package\ngiving up");
    output(progress, "unknown", "text\n");
    progress_bytes(progress, "b", 5, 10);
    progress_tick(progress);
    progress_task(progress, "b", "install", PROGRESS_DONE, 3.21);
    progress_task(progress, "d", "fails", PROGRESS_FAILED, 1);
}

static void test_plain(void **state)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    struct progress *progress = progress_new(out, false);

    plain_story(progress);
    _cleanup_free_ char *tail = progress_tail(progress, "d", 10);
    progress_free(progress);
    fclose(out);
    assert_string_equal(tail, "no such package\ngiving up\n");
    assert_string_equal(text, "[1] load: cached\n"
                              "[2] install\n"
                              "[3] quick?: done in 0.0 s\n"
                              "[4] fails\n"
                              "[2] Reading lists...\n"
                              "[2]\n"
                              "[2] all\n"
                              "[4] no such package\n"
                              "[2] half\n"
                              "[2] done in 3.2 s\n"
                              "[4] giving up\n"
                              "[4] failed\n");
    free(text);
}

/* An instruction may be a whole script; its name in a log need not be. */
static void test_plain_titles_are_short(void **state)
{
    static const char script[] =
        "RUN 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
        "0123456789 0123456789 0123456789";
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    struct progress *progress = progress_new(out, false);

    (void)state;
    progress_task(progress, "a", script, PROGRESS_DONE, 0);
    progress_task(progress, "b", script, PROGRESS_RUNNING, 0);
    progress_free(progress);
    fclose(out);
    assert_string_equal(text,
        "[1] RUN 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
        "0123456789 01234...: done in 0.0 s\n"
        "[2] RUN 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
        "0123456789 01234...\n");
    free(text);
}

static void test_quiet_keeps_the_tail(void **state)
{
    struct progress *progress = progress_new(NULL, false);

    plain_story(progress);
    _cleanup_free_ char *tail = progress_tail(progress, "d", 1);
    _cleanup_free_ char *none = progress_tail(progress, "nobody", 10);
    assert_string_equal(tail, "giving up\n");
    assert_string_equal(none, "");
    progress_free(progress);
    progress_free(NULL);
}

/* 2000 tasks: those that run stay, those that are over are counted. */
/* What belonged to a task that is over can go, and is counted nowhere. */
static void test_forget(void **state)
{
    struct live live;

    (void)state;
    live_open(&live, 10, 40);
    progress_task(live.progress, "pull a", "image", PROGRESS_RUNNING, 0);
    progress_task(live.progress, "pull a 1", "first", PROGRESS_DONE, 1);
    progress_task(live.progress, "pull a 2", "second", PROGRESS_CACHED, 1);
    progress_forget(live.progress, "pull a ");
    progress_task(live.progress, "pull a", "image", PROGRESS_DONE, 2);
    live_wait_and_look(&live);
    check_row(&live, 0, "+ image                           2.0 s");
    check_row(&live, 1, "");
    live_drop(&live);
}

static void test_many_tasks(void **state)
{
    struct live live;

    live_open(&live, 6, 40);
    progress_task(live.progress, "first", "first", PROGRESS_RUNNING, 0);
    add_tasks(live.progress, 0, 1000, PROGRESS_DONE);
    add_tasks(live.progress, 1000, 999, PROGRESS_CACHED);
    output(live.progress, "first", "still here\n");
    live_wait_and_look(&live);
    check_row(&live, 0, "+ 999 steps cached");
    check_row(&live, 1, "+ 1000 earlier steps done");
    assert_int_equal(strncmp(live.screen.cells[2], "> first", 7), 0);
    check_row(&live, 3, "    still here");
    live_drop(&live);
}

static void test_seconds(void **state)
{
    static const struct {
        double seconds;
        const char *text;
    } rows[] = {{0, "0.0 s"}, {59.94, "59.9 s"}, {59.97, "1 min 0 s"}, {125.4, "2 min 5 s"},
        {3725, "1 h 2 min"}, {-1, "? s"}, {1e300, "? s"}};

    for (size_t i = 0; i < ELEMENTS(rows); i++) {
        _cleanup_free_ char *text = display_seconds(rows[i].seconds);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_live_lines),
        cmocka_unit_test(test_live_fits_the_height),
        cmocka_unit_test(test_live_on_the_smallest_terminals),
        cmocka_unit_test(test_live_resize),
        cmocka_unit_test(test_live_is_not_drawn_too_often),
        cmocka_unit_test(test_dumb_terminals_get_plain_lines),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_plain_titles_are_short),
        cmocka_unit_test(test_quiet_keeps_the_tail),
        cmocka_unit_test(test_many_tasks),
        cmocka_unit_test(test_forget),
        cmocka_unit_test(test_seconds),
    };

    setlocale(LC_CTYPE, "C");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
