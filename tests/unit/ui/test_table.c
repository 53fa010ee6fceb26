#include "pseudo_terminal.h"

#include <locale.h>

#include "base/xalloc.h"
#include "ui/table.h"

struct row {
    const char *name, *size, *path;
};

static char *size_of(const void *row)
{
    return xstrdup(((const struct row *)row)->size);
}

static struct json_object *name_value(const void *row)
{
    return json_object_new_string(((const struct row *)row)->name);
}

static const struct column columns[] = {
    {.name = "NAME", .json = "name", .member = offsetof(struct row, name)},
    {.name = "SIZE", .json = "size", .right = true, .text = size_of, .value = name_value},
    {.name = "PATH", .json = "path", .cut = 1, .member = offsetof(struct row, path)},
    {.name = "OTHER", .json = "other", .extra = true, .text = size_of, .value = name_value},
};

static const struct row rows[] = {
    {"a", "12 MB", "/home/somebody/workspace/a-project-with-a-long-name"},
    {"longer-name", "3 kB", NULL},
    {"日本 é", "é", "x"},
};

static char *printed(const char *output, size_t row_count, bool headings)
{
    const struct column *chosen[ELEMENTS(columns)];
    size_t count;
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    assert_int_equal(table_choose(columns, ELEMENTS(columns), output, chosen, &count, NULL), 0);
    assert_int_equal(
        table_print(out, chosen, count, rows, row_count, sizeof(*rows), headings, NULL), 0);
    fclose(out);
    return text;
}

static void check(const char *output, size_t row_count, bool headings, const char *expected)
{
    _cleanup_free_ char *text = printed(output, row_count, headings);

    assert_string_equal(text, expected);
}

static void test_print(void **state)
{
    check(NULL, 2, true,
        "NAME         SIZE PATH\n"
        "a           12 MB /home/somebody/workspace/a-project-with-a-long-name\n"
        "longer-name  3 kB -\n");
    check("path,NAME", 2, false,
        "/home/somebody/workspace/a-project-with-a-long-name a\n"
        "-                                                   longer-name\n");
    check("+OTHER", 1, true,
        "NAME  SIZE PATH                                                OTHER\n"
        "a    12 MB /home/somebody/workspace/a-project-with-a-long-name 12 MB\n");
    check("+SIZE,SIZE", 0, true, "NAME SIZE PATH\n");
    check("+SIZE,+OTHER", 0, true, "NAME SIZE PATH OTHER\n");
    check("OTHER,+NAME", 0, true, "OTHER NAME\n");
    check(NULL, 0, false, "");
}

static void test_wide_and_combined_characters(void **state)
{
    check("NAME,SIZE", 3, false,
        "a           12 MB\n"
        "longer-name  3 kB\n"
        "日本 é          é\n");
}

static void test_environment_changes_nothing(void **state)
{
    setenv("COLUMNS", "20", 1);
    check("NAME,PATH", 1, false, "a    /home/somebody/workspace/a-project-with-a-long-name\n");
    unsetenv("COLUMNS");
}

static void test_hostile_cells(void **state)
{
    static const struct row hostile = {"\033]0;evil\a",
        "\xC2\x9B"
        "2J",
        "a\nb\t\\x1b\xFF"};
    const struct column *chosen[] = {&columns[0], &columns[1], &columns[2]};
    _cleanup_free_ char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    assert_int_equal(table_print(out, chosen, 3, &hostile, 1, sizeof(hostile), true, NULL), 0);
    fclose(out);
    for (const char *c = text; *c; c++)
        assert_true(*c == '\n' || (*c >= 0x20 && *c < 0x7F));
    assert_non_null(strstr(text, "?]0;evil?"));
}

static void check_choice_error(const char *output)
{
    const struct column *chosen[ELEMENTS(columns)];
    size_t count = 77;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    assert_int_equal(table_choose(columns, ELEMENTS(columns), output, chosen, &count, &err), -1);
    assert_int_equal(err.code, ERROR_USAGE);
    assert_int_equal(count, 77);
    assert_non_null(strstr(err.hint, "NAME,SIZE,PATH,OTHER"));
}

static void test_no_such_column(void **state)
{
    check_choice_error("NAME,NOPE");
    check_choice_error("");
    check_choice_error("+");
    check_choice_error("+NAME,+");
    check_choice_error("++NAME");
    check_choice_error("NAME,,SIZE");
    check_choice_error("NAM");
    check_choice_error("\033[2J");
}

static void test_json(void **state)
{
    static const struct row quoted = {"a \"b\"\n", "1", NULL};
    const struct column two[] = {columns[0], columns[2]};
    struct json_object *list = table_json(two, 2, &quoted, 1, sizeof(quoted));

    assert_string_equal(json_object_to_json_string_ext(list, JSON_C_TO_STRING_PLAIN),
        "[{\"name\":\"a \\\"b\\\"\\n\",\"path\":null}]");
    json_object_put(list);
    list = table_json(two, 2, NULL, 0, sizeof(quoted));
    assert_string_equal(json_object_to_json_string_ext(list, JSON_C_TO_STRING_PLAIN), "[]");
    json_object_put(list);
}

/* The list as a terminal of this many columns shows it, its newlines as it gets them. */
static void check_on_terminal(const struct column *columns_of_it, size_t count,
    const struct row *row, unsigned short width, bool headings, const char *expected)
{
    const struct column *chosen[ELEMENTS(columns)];
    struct strbuf text = STRBUF_INIT(10000);
    struct pty pty;

    for (size_t i = 0; i < count; i++)
        chosen[i] = &columns_of_it[i];
    pty_open(&pty, 24, width);
    FILE *out = fdopen(dup(pty.slave), "w");
    assert_int_equal(table_print(out, chosen, count, row, 2, sizeof(*row), headings, NULL), 0);
    fputs("end", out);
    fclose(out);
    pty_expect(pty.master, &text, "end");
    assert_string_equal(strbuf_text(&text), expected);
    strbuf_release(&text);
    pty_close(&pty);
}

static void test_terminal_width(void **state)
{
    const struct column three[] = {columns[0], columns[2], columns[1]};

    check_on_terminal(three, 3, rows, 34, true,
        "NAME        PATH              SIZE\r\n"
        "a           /home/somebody/\u2026 12 MB\r\n"
        "longer-name -                 3 kB\r\nend");
    setlocale(LC_CTYPE, "C");
    check_on_terminal(three, 3, rows, 34, true,
        "NAME        PATH              SIZE\r\n"
        "a           /home/somebod... 12 MB\r\n"
        "longer-name -                 3 kB\r\nend");
    setlocale(LC_CTYPE, "C.UTF-8");
}

/* A wide character that does not fit leaves a cell over: the next column stands where it did. */
static void test_cut_wide_text(void **state)
{
    static const struct row wide[] = {
        {"\u65E5\u672C\u8A9E\u306E\u540D", "", "x"}, {"abcdefgh", "", "y"}};
    const struct column two[] = {
        {.name = "NAME", .cut = 1, .member = offsetof(struct row, name)},
        {.name = "PATH", .member = offsetof(struct row, path)},
    };

    check_on_terminal(two, 2, wide, 11, true,
        "NAME   PATH\r\n"
        "\u65E5\u672C\u2026  x\r\n"
        "abcde\u2026 y\r\nend");
}

static void test_order_of_cutting(void **state)
{
    static const struct row images[] = {
        {"my-project", "1722830498/my-project:latest", "the-container another"},
        {"my-prototype", "1722830498/my-prototype:latest", NULL},
    };
    struct column three[] = {
        {.name = "NAME", .cut = 3, .member = offsetof(struct row, name)},
        {.name = "IMAGE", .cut = 2, .keep = KEEP_END, .member = offsetof(struct row, size)},
        {.name = "USED-BY", .cut = 1, .member = offsetof(struct row, path)},
    };

    check_on_terminal(three, 3, images, 54, true,
        "NAME         IMAGE                          USED-BY\r\n"
        "my-project   1722830498/my-project:latest   the-conta\u2026\r\n"
        "my-prototype 1722830498/my-prototype:latest -\r\nend");
    check_on_terminal(three, 3, images, 42, true,
        "NAME         IMAGE                 USED-BY\r\n"
        "my-project   \u202698/my-project:latest the-co\u2026\r\n"
        "my-prototype \u2026/my-prototype:latest -\r\nend");
    check_on_terminal(three, 3, images, 23, false,
        "my-proje\u2026 \u2026test the-co\u2026\r\n"
        "my-proto\u2026 \u2026test -\r\nend");
    /* Where no cutting helps nothing is cut. */
    check_on_terminal(three, 3, images, 17, false,
        "my-project   1722830498/my-project:latest   the-container another\r\n"
        "my-prototype 1722830498/my-prototype:latest -\r\nend");

    /* Of the same order the widest goes first. */
    three[0].cut = 2;
    check_on_terminal(three, 3, images, 30, false,
        "my-project \u2026ect:latest the-co\u2026\r\n"
        "my-protot\u2026 \u2026ype:latest -\r\nend");
}

static void test_spare_columns(void **state)
{
    static const struct row images[] = {
        {"one", "ds01-1/one:latest", NULL},
        {"two", "ds01-1/two:latest", NULL},
    };
    struct column two[] = {
        {.name = "NAME", .member = offsetof(struct row, name)},
        {.name = "IMAGE", .spare = true, .cut = 1, .member = offsetof(struct row, size)},
    };
    const struct column with_nothing[] = {
        {.name = "PATH", .spare = true, .member = offsetof(struct row, path)},
        {.name = "NAME", .member = offsetof(struct row, name)},
    };

    check_on_terminal(two, 2, images, 22, true,
        "NAME IMAGE\r\n"
        "one  ds01-1/one:latest\r\n"
        "two  ds01-1/two:latest\r\nend");
    check_on_terminal(two, 2, images, 21, true, "NAME\r\none\r\ntwo\r\nend");
    check_on_terminal(with_nothing, 2, images, 80, true, "NAME\r\none\r\ntwo\r\nend");
}

static void test_write_failure(void **state)
{
    const struct column *chosen[] = {&columns[0]};
    _cleanup_(error_release) struct error err = ERROR_INIT;
    FILE *full = fopen("/dev/full", "w");

    assert_non_null(full);
    assert_int_equal(table_print(full, chosen, 1, rows, 2, sizeof(*rows), true, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_print),
        cmocka_unit_test(test_wide_and_combined_characters),
        cmocka_unit_test(test_environment_changes_nothing),
        cmocka_unit_test(test_hostile_cells),
        cmocka_unit_test(test_no_such_column),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_terminal_width),
        cmocka_unit_test(test_cut_wide_text),
        cmocka_unit_test(test_order_of_cutting),
        cmocka_unit_test(test_spare_columns),
        cmocka_unit_test(test_write_failure),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
