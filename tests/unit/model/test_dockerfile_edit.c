/*
 * Every Dockerfile in dockerfiles/, and what edits make of it, as the table there says:
 *
 *   > FILE OPERATION [WORD…]     list, add, remove, add-apt, remove-apt, add-file (a
 *                                requirements file), add-files (with a folder), remove-file,
 *                                add-with (a Python package, and the system's that it needs),
 *                                add-behind (only the line above the difference is told)
 *   - a line that goes           the difference: lines before and behind it are the same
 *   + a line that comes
 *   ! CODE message               the error
 *   = …                          what "list" says
 *
 * In lines of the difference a carriage return is \r, and \ at their end without newline is ~.
 * `test_model_dockerfile_edit DIRECTORY print` writes the table anew, to be read and compared.
 */
#include "check.h"

#include <fcntl.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "base/strv.h"
#include "model/asked_packages.h"
#include "model/dockerfile.h"
#include "model/dockerfile_edit.h"

#define FIXTURE_MAX ((size_t)256 << 10)

static const char *directory;

static char *read_fixture(const char *name, size_t *ret_length)
{
    _cleanup_free_ char *path = xasprintf("%s/%s", directory, name);
    _cleanup_(error_release) struct error err = ERROR_INIT;
    char *text = NULL;

    if (file_read_at(AT_FDCWD, path, FIXTURE_MAX, &text, ret_length, &err) < 0)
        fail_msg("%s", err.message);
    return text;
}

/* One line of the text at `at`, newline included. */
static size_t line_length(const char *text, size_t length, size_t at)
{
    const char *newline = memchr(text + at, '\n', length - at);

    return newline ? (size_t)(newline - text) + 1 - at : length - at;
}

static void add_line(char sign, const char *text, size_t length, struct strbuf *out)
{
    strbuf_addc(out, sign);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\r')
            strbuf_adds(out, "\\r");
        else if (text[i] == '\t')
            strbuf_adds(out, "\\t");
        else if (text[i] != '\n')
            strbuf_addc(out, text[i]);
    }
    strbuf_adds(out, length > 0 && text[length - 1] == '\n' ? "\n" : "~\n");
}

static void add_lines(char sign, const char *text, size_t length, struct strbuf *out)
{
    for (size_t at = 0; at < length; at += line_length(text, length, at))
        add_line(sign, text + at, line_length(text, length, at), out);
}

static size_t last_line(const char *text, size_t end)
{
    for (end--; end > 0 && text[end - 1] != '\n';)
        end--;
    return end;
}

/* The lines that differ, between those that are the same at both ends. */
static void add_difference(
    const char *before, size_t length, const struct strbuf *after, struct strbuf *out)
{
    const char *text = strbuf_text(after);
    size_t length_after = after->length;
    size_t head = 0;

    for (size_t at = 0; at < length && at < length_after && before[at] == text[at]; at++)
        if (before[at] == '\n')
            head = at + 1;
    if (length == length_after && memcmp(before, text, length) == 0)
        return;
    while (length > head && length_after > head) {
        size_t start = last_line(before, length);
        size_t start_after = last_line(text, length_after);
        size_t size = length - start;
        if (start < head || start_after < head || length_after - start_after != size ||
            memcmp(before + start, text + start_after, size) != 0)
            break;
        length = start;
        length_after = start_after;
    }
    add_lines('-', before + head, length - head, out);
    add_lines('+', text + head, length_after - head, out);
}

/* The line of the text behind which there is a difference; a blank one does not count. */
static void add_line_above(
    const char *before, size_t length, const struct strbuf *after, struct strbuf *out)
{
    size_t same = 0;

    while (same < length && same < after->length && before[same] == strbuf_text(after)[same])
        same++;
    while (same > 0 && before[same - 1] != '\n')
        same--;
    while (same > 1 && before[same - 1] == '\n' && before[same - 2] == '\n')
        same--;
    size_t start = same > 0 ? last_line(before, same) : 0;
    strbuf_addf(out, "= behind %.*s", (int)(same - start), before + start);
}

static void add_list(const char *text, size_t length, struct strbuf *out)
{
    struct installed_packages found = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (dockerfile_installed(text, length, &found, &err) < 0) {
        strbuf_addf(out, "! %s %s\n", error_code_name(err.code), err.message);
        return;
    }
    for (size_t i = 0; i < found.count; i++)
        strbuf_addf(out, "= %s %s (%s), line %u%s\n",
            found.items[i].kind == PACKAGE_PIP ? "pip" : "apt", found.items[i].text,
            found.items[i].key, found.items[i].line,
            found.items[i].version_lost ? ", version lost" : "");
    for (size_t i = 0; i < found.requirements.count; i++)
        strbuf_addf(out, "= file %s\n", found.requirements.items[i]);
    for (size_t i = 0; i < found.other_count; i++)
        strbuf_addf(out, "= %s %s, line %u\n", found.others[i].tool, found.others[i].key,
            found.others[i].line);
    installed_packages_release(&found);
}

static void fill_edit(const struct strv *words, struct dockerfile_edit *edit)
{
    const struct {
        const char *operation;
        struct strv *list;
    } lists[] = {{"add", &edit->add_pip}, {"remove", &edit->remove_pip},
        {"add-behind", &edit->add_pip}, {"add-apt", &edit->add_apt},
        {"remove-apt", &edit->remove_apt}};

    for (size_t i = 0; i < ELEMENTS(lists); i++)
        for (size_t j = 3; strcmp(words->items[2], lists[i].operation) == 0 && j < words->count;
             j++)
            strv_push(lists[i].list, words->items[j]);
    if (strncmp(words->items[2], "add-file", 8) == 0)
        edit->add_requirements = words->items[3];
    for (size_t i = 3; strcmp(words->items[2], "add-with") == 0 && i < words->count; i++)
        strv_push(i == 3 ? &edit->add_pip : &edit->add_apt, words->items[i]);
    edit->requirements_folder = strcmp(words->items[2], "add-files") == 0;
    if (strcmp(words->items[2], "remove-file") == 0)
        edit->remove_requirements = words->items[3];
}

/* Runs "> FILE OPERATION WORD…" and says what came out. */
static void run(const char *command, struct strbuf *out)
{
    _cleanup_(strv_release) struct strv words = STRV_INIT;
    _cleanup_(strbuf_release) struct strbuf changed = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(error_release) struct error err = ERROR_INIT;
    struct dockerfile_edit edit = {0};
    size_t length = 0;

    strv_push_words(&words, command);
    assert_true(words.count >= 3);
    _cleanup_free_ char *text = read_fixture(words.items[1], &length);
    if (strcmp(words.items[2], "list") == 0) {
        add_list(text, length, out);
        return;
    }
    fill_edit(&words, &edit);
    if (asked_packages_check(PACKAGE_PIP, &edit.add_pip, &edit.remove_pip, &err) < 0 ||
        asked_packages_check(PACKAGE_APT, &edit.add_apt, &edit.remove_apt, &err) < 0 ||
        dockerfile_edit(text, length, &edit, &changed, &err) < 0)
        strbuf_addf(out, "! %s %s\n", error_code_name(err.code), err.message);
    else if (strcmp(words.items[2], "add-behind") == 0)
        add_line_above(text, length, &changed, out);
    else
        add_difference(text, length, &changed, out);
    strv_release(&edit.add_pip);
    strv_release(&edit.remove_pip);
    strv_release(&edit.add_apt);
    strv_release(&edit.remove_apt);
}

/* Calls `each` for every command of the table with the lines that follow it. */
static void for_each_command(void (*each)(const char *command, const char *expected))
{
    size_t length = 0;
    _cleanup_free_ char *table = read_fixture("table", &length);

    for (char *at = table; *at;) {
        size_t line = strcspn(at, "\n");
        _cleanup_free_ char *command = xstrndup(at, line);
        at += line + (at[line] ? 1 : 0);
        const char *body = at;
        while (*at && *at != '>')
            at += strcspn(at, "\n") + 1;
        _cleanup_free_ char *expected = xstrndup(body, (size_t)(at - body));
        each(command, expected);
    }
}

static void compare(const char *command, const char *expected)
{
    _cleanup_(strbuf_release) struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);

    run(command, &out);
    if (strcmp(strbuf_text(&out), expected) != 0)
        fail_msg("%s\n%sinstead of\n%s", command, strbuf_text(&out), expected);
}

static void print(const char *command, const char *expected)
{
    _cleanup_(strbuf_release) struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);

    run(command, &out);
    printf("%s\n%s", command, strbuf_text(&out));
}

static void test_table(void **state)
{
    for_each_command(compare);
}

/* Whatever else is asked, the line is one of the file as it is. */
static void test_line_of_a_refused_change(void **state)
{
    static const char text[] = "FROM python:3.11\n"
                               "RUN pip install y\n"
                               "RUN bash -c \"pip install a b\"\n";
    _cleanup_(strbuf_release) struct strbuf changed = STRBUF_INIT(DOCKERFILE_MAX);
    _cleanup_(error_release) struct error err = ERROR_INIT;
    struct dockerfile_edit edit = {0};

    strv_push(&edit.add_apt, "git");
    strv_push(&edit.add_pip, "z");
    strv_push(&edit.remove_pip, "y");
    strv_push(&edit.remove_pip, "a");
    assert_int_equal(dockerfile_edit(text, strlen(text), &edit, &changed, &err), -1);
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_string_equal(
        err.message, "line 3: it names 'a' in a way that ds01 does not dare to change");
    strv_release(&edit.add_pip);
    strv_release(&edit.remove_pip);
    error_release(&err);
    strv_push(&edit.add_pip, "a==2");
    assert_int_equal(dockerfile_edit(text, strlen(text), &edit, &changed, &err), -1);
    assert_string_equal(
        err.message, "line 3: it names 'a' in a way that ds01 does not dare to change");
    strv_release(&edit.add_apt);
    strv_release(&edit.add_pip);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_line_of_a_refused_change),
    };

    if (argc < 2)
        return 2;
    directory = argv[1];
    if (argc > 2) {
        for_each_command(print);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
