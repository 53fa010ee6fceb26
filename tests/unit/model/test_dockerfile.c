#include "check.h"

#include "base/strbuf.h"
#include "model/dockerfile.h"

/*
 * Parses `text` and compares: one line an instruction, "first-last KEYWORD arguments".
 * The ranges must be in order and cover everything but comments and blank lines.
 */
static void check(const char *text, const char *expected)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
    _cleanup_(strbuf_release) struct strbuf seen = STRBUF_INIT(4096);
    _cleanup_(error_release) struct error err = ERROR_INIT;
    size_t at = 0;

    if (dockerfile_parse(text, strlen(text), &file, &err) < 0)
        fail_msg("%s", err.message);
    assert_int_equal(file->length, strlen(text));
    assert_string_equal(file->text, text);
    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        assert_true(one->start >= at && one->end > one->start && one->end <= file->length);
        at = one->end;
        strbuf_addf(&seen, "%u-%u %s%s%s\n", one->first_line, one->last_line, one->keyword,
            *one->arguments ? " " : "", one->arguments);
    }
    assert_string_equal(strbuf_text(&seen), expected);
}

static void check_refused(const char *text, const char *part)
{
    struct error err = ERROR_INIT;
    struct dockerfile *file = NULL;

    assert_refused(dockerfile_parse(text, strlen(text), &file, &err), err, part);
    assert_null(file);
}

static void test_plain(void **state)
{
    check("FROM debian\n", "1-1 FROM debian\n");
    check("FROM debian", "1-1 FROM debian\n");
    check("\n# comment\n\n  from\t debian  \nRun echo hi\n", "4-4 FROM debian\n5-5 RUN echo hi\n");
    check("FROM a\r\nRUN b\r\n", "1-1 FROM a\n2-2 RUN b\n");
    check("\xef\xbb\xbf"
          "FROM a\n",
        "1-1 FROM a\n");
    check("FROM a\nCMD\n", "1-1 FROM a\n2-2 CMD\n");
    check("FROM a\n\xc2\xa0\xe2\x80\x83RUN b\xe3\x80\x80\n", "1-1 FROM a\n2-2 RUN b\n");
}

static void test_continuations(void **state)
{
    check("RUN a \\\n  b \\ \t\n c\nRUN d\n", "1-3 RUN a   b  c\n4-4 RUN d\n");
    check("RUN a \\\n# comment\n  # indented\n\n  b\n", "1-5 RUN a   b\n");
    check("RUN a \\\r\n\r\n  b\r\n", "1-3 RUN a   b\n");
    check("RUN a \\\n# c \\\nb\n", "1-3 RUN a b\n");
    check("RUN a \\\n", "1-1 RUN a\n");
    check("\\\nRUN a\n", "1-2 RUN a\n");
    check("RUN a \\\\\nRUN b\n", "1-1 RUN a \\\\\n2-2 RUN b\n");
    check("RUN a \\ b\n", "1-1 RUN a \\ b\n");
}

static void test_ranges_hold_the_bytes(void **state)
{
    static const char text[] = "# top\nFROM a\n\n# note\nRUN b \\\n  c\n# end";
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    assert_int_equal(dockerfile_parse(text, strlen(text), &file, NULL), 0);
    assert_int_equal(file->count, 2);
    assert_int_equal(file->instructions[0].start, strlen("# top\n"));
    assert_int_equal(file->instructions[0].end, strlen("# top\nFROM a\n"));
    assert_memory_equal(
        text + file->instructions[1].start, "RUN b \\\n  c\n", strlen("RUN b \\\n  c\n"));
    assert_memory_equal(text + file->instructions[1].end, "# end", 5);
}

static void check_directives(const char *text, char escape, const char *syntax)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    assert_int_equal(dockerfile_parse(text, strlen(text), &file, NULL), 0);
    assert_int_equal(file->escape, escape);
    assert_string_equal(file->syntax ? file->syntax : "none", syntax);
}

static void test_directives(void **state)
{
    check_directives("FROM a\n", '\\', "none");
    check_directives("# escape=`\nFROM a\n", '`', "none");
    check_directives(
        "#Escape = ` \n# SYNTAX=docker/dockerfile:1\nFROM a\n", '`', "docker/dockerfile:1");
    check_directives("# check=skip=all\n# syntax=x\nFROM a\n", '\\', "x");
    /* Any other comment, blank line or instruction ends them. */
    check_directives("# hello\n# syntax=x\nFROM a\n", '\\', "none");
    check_directives("\n# syntax=x\nFROM a\n", '\\', "none");
    check_directives("# unknown=x\n# syntax=x\nFROM a\n", '\\', "none");
    check_directives("FROM a\n# syntax=x\n", '\\', "none");
    /* Below "#!" only the syntax counts. */
    check_directives("#!/bin/sh\n# syntax=x\n# escape=`\nFROM a\n", '\\', "x");
    check("# escape=`\nFROM a `\nAS b\nRUN c \\\n", "2-3 FROM a AS b\n4-4 RUN c \\\n");
    check_refused("# escape=x\nFROM a\n", "line 1: '# escape='");
    check_refused("# escape=`\n# escape=`\nFROM a\n", "line 2");
}

static void test_heredocs(void **state)
{
    check("RUN <<EOF\necho hi\n# RUN no\nEOF\nRUN b\n", "1-4 RUN <<EOF\n5-5 RUN b\n");
    check("RUN <<-EOF\n\techo\n\t\tEOF\nRUN b\n", "1-3 RUN <<-EOF\n4-4 RUN b\n");
    check("RUN <<\"EOF\"\nx\nEOF\n", "1-3 RUN <<\"EOF\"\n");
    check("RUN <<'E O'\nx\nE O\n", "1-3 RUN <<'E O'\n");
    check("COPY <<A <<B /dir/\na\nA\nb\nB\nRUN c\n", "1-5 COPY <<A <<B /dir/\n6-6 RUN c\n");
    check("ADD --chown=1 <<A /x\r\na\r\nA\r\n", "1-3 ADD --chown=1 <<A /x\n");
    check("RUN python3 3<<EOF && x\n1\nEOF\n", "1-3 RUN python3 3<<EOF && x\n");
    check("RUN <<EOF \\\n && b\nx\nEOF\nRUN c\n", "1-4 RUN <<EOF  && b\n5-5 RUN c\n");
    check("ONBUILD RUN <<EOF\nx\nEOF\n", "1-3 ONBUILD RUN <<EOF\n");
    check("RUN <<$X\na\n$X\n", "1-3 RUN <<$X\n");
}

/* Of the first instruction. */
static void check_heredoc(const char *text, bool has_one)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    assert_int_equal(dockerfile_parse(text, strlen(text), &file, NULL), 0);
    assert_int_equal(file->instructions[0].has_heredoc, has_one);
}

static void test_which_have_heredocs(void **state)
{
    check_heredoc("RUN <<EOF\nx\nEOF\nRUN b\n", true);
    check_heredoc("COPY <<A <<B /dir/\nA\nB\n", true);
    check_heredoc("RUN <<EOF \\\n && b\nEOF\n", true);
    check_heredoc("RUN a \\\n  b\nRUN <<EOF\nx\nEOF\n", false);
    check_heredoc("RUN echo $((1<<2))\n", false);
}

static void test_what_is_no_heredoc(void **state)
{
    check("RUN echo $((1<<2))\n", "1-1 RUN echo $((1<<2))\n");
    check("RUN cat <<<word\n", "1-1 RUN cat <<<word\n");
    check("RUN [\"cat\", \"<<EOF\"]\n", "1-1 RUN [\"cat\", \"<<EOF\"]\n");
    check("CMD cat <<EOF\nRUN b\n", "1-1 CMD cat <<EOF\n2-2 RUN b\n");
    check("RUN echo '<<EOF'\nRUN b\n", "1-1 RUN echo '<<EOF'\n2-2 RUN b\n");
    check("RUN echo it\\'s \\<<EOF\nRUN b\n", "1-1 RUN echo it\\'s \\<<EOF\n2-2 RUN b\n");
    /* A quote that does not close: BuildKit sees no heredoc in such a line. */
    check("RUN echo \"<<EOF\nRUN b\n", "1-1 RUN echo \"<<EOF\n2-2 RUN b\n");
    check_refused("FROM a\nRUN <<EOF\nx\n", "line 2: the heredoc");
    check_refused("RUN <<EOF\n EOF\n", "'EOF' is missing");
}

static void test_refused(void **state)
{
    check_refused("", "no instruction");
    check_refused("# only\n", "no instruction");
    check_refused("FORM debian\n", "line 1: it begins with");
    check_refused("FROM a\n\nENV x\n", "line 3: it needs");
    check_refused("ENV\n", "needs");
    check_refused("ENV a=b c\n", "name=value");
    check_refused("LABEL a='b c' d\n", "name=value");
    check_refused("CMD [1]\n", "strings");
    check_refused("ONBUILD ENV x\n", "needs");
    check_refused("ONBUILD ONBUILD ONBUILD ONBUILD RUN x\n", "ONBUILD");
    check("ENV a b c\n", "1-1 ENV a b c\n");
    check("ENV a=\"b c\" d=e\\ f\n", "1-1 ENV a=\"b c\" d=e\\ f\n");
    check("CMD [not json\n", "1-1 CMD [not json\n");
}

static void test_limits(void **state)
{
    _cleanup_free_ char *text = xcalloc(DOCKERFILE_MAX + 2, 1);
    struct error err = ERROR_INIT;
    struct dockerfile *file = NULL;

    memset(text, 'x', DOCKERFILE_MAX + 1);
    assert_refused(dockerfile_parse(text, DOCKERFILE_MAX + 1, &file, &err), err, "larger");
    memcpy(text, "RUN ", 4);
    assert_refused(dockerfile_parse(text, 65536, &file, &err), err, "line 1");
    assert_int_equal(dockerfile_parse(text, 65535, &file, NULL), 0);
    dockerfile_free(file);
    file = NULL;
    assert_refused(dockerfile_parse("RUN a\0b", 7, &file, &err), err, "zero byte");
    dockerfile_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_continuations),
        cmocka_unit_test(test_ranges_hold_the_bytes),
        cmocka_unit_test(test_directives),
        cmocka_unit_test(test_heredocs),
        cmocka_unit_test(test_which_have_heredocs),
        cmocka_unit_test(test_what_is_no_heredoc),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
