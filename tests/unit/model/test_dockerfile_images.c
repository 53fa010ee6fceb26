#include "check.h"

#include "base/strbuf.h"
#include "model/dockerfile.h"

static int base_images(const char *text, struct strv *ret_images, struct error *err)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    if (dockerfile_parse(text, strlen(text), &file, err) < 0)
        return -1;
    return dockerfile_base_images(file, ret_images, err);
}

static void check(const char *text, const char *expected)
{
    _cleanup_(strv_release) struct strv images = STRV_INIT;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (base_images(text, &images, &err) < 0)
        fail_msg("%s", err.message);
    _cleanup_free_ char *joined = strv_join(&images, " ");
    assert_string_equal(joined, expected);
}

static void check_refused(const char *text, const char *part)
{
    _cleanup_(strv_release) struct strv images = STRV_INIT;
    struct error err = ERROR_INIT;

    assert_refused(base_images(text, &images, &err), err, part);
    assert_int_equal(images.count, 0);
}

static void test_from(void **state)
{
    check("FROM debian:12\n", "debian:12");
    check("FROM --platform=linux/amd64 debian\n", "debian");
    check("FROM --platform=$BUILDPLATFORM debian as x\n", "debian");
    check("FROM scratch\n", "");
    check("FROM a\nFROM b\nFROM a\n", "a b");
    check("FROM a AS Build\nFROM bUILD\n", "a");
    check("FROM later\nFROM a AS later\n", "later a");
    check("FROM a\nFROM 0\n", "a 0");
    check("FROM \"debian\"\n", "debian");
}

static void test_copy(void **state)
{
    check("FROM a AS one\nFROM b\nCOPY --from=ONE /x /y\n", "a b");
    check("FROM a\nFROM b\nCOPY --from=0 /x /y\n", "a b");
    check("FROM a\nCOPY --chown=1:1 --from=nginx:1 /x /y\n", "a nginx:1");
    check("FROM a\nCOPY --from=scratch /x /y\n", "a");
    check("FROM a\nCOPY --from=two /x /y\nFROM b AS two\n", "a b");
    check("FROM a\nCOPY -- --from=no /y\n", "a");
    check("FROM a\nADD --from=no /x /y\n", "a");
}

static void test_run_mounts(void **state)
{
    check("FROM a\nRUN --mount=type=bind,from=tools,target=/t x\n", "a tools");
    check(
        "FROM a AS s\nFROM b\nRUN --mount=from=s,target=/t --mount=from=u,target=/u x\n", "a b u");
    check("FROM a\nRUN --mount=type=cache,target=/t,from=1 x --mount=from=no\n", "a");
    check("FROM a\nRUN --mount=\"type=bind,from=q\" x\n", "a q");
}

static void test_arguments(void **state)
{
    check("ARG V=12\nFROM debian:$V\n", "debian:12");
    check("ARG V=12 R=deb\nFROM ${R}ian:${V}\n", "debian:12");
    check("ARG V\nFROM debian:${V:-11}\n", "debian:11");
    check("ARG V=\nFROM debian:${V:-11}\n", "debian:11");
    check("ARG V=\nFROM debian${V-:11}\n", "debian");
    check("ARG V=9\nFROM debian${V:+:slim}\n", "debian:slim");
    check("FROM debian${V:+:slim}\n", "debian");
    check("ARG A=1\nARG B=${A}2\nFROM x:${C:-$B}\n", "x:12");
    check("ARG V=\"12\"\nFROM debian:$V\n", "debian:12");
    check("ARG V='$X'\nFROM a\n", "a");
    check("ARG T=nginx\nFROM a\nCOPY --from=$T /x /y\n", "a nginx");
    /* An ARG within a stage is another one. */
    check("FROM a\nARG V=$UNSET\n", "a");
}

static void test_refused(void **state)
{
    check_refused("FROM debian:$V\n", "line 1: the variable 'V' has no value");
    check_refused("ARG V\n\nFROM debian:${V}\n", "line 3");
    check_refused("ARG V=1\nFROM a:${V:?no}${W:?no}\n", "'W'");
    check_refused("ARG V=1\nFROM a:${V#x}\n", "cannot be computed");
    check_refused("FROM a:${V\n", "expansion");
    check_refused("FROM a:${V:-\n", "never closed");
    check_refused("FROM a:${}\n", "no name");
    check_refused("FROM\n", "FROM takes");
    check_refused("FROM a b\n", "FROM takes");
    check_refused("FROM a IS b\n", "FROM takes");
    check_refused("FROM ''\n", "names no image");
    check_refused("RUN a\nFROM b\n", "before the first FROM");
    check_refused("ARG V=1\n", "no FROM");
}

/* A value that doubles itself line by line ends at a bound, and soon. */
static void test_growth_is_bounded(void **state)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);

    strbuf_adds(&text, "ARG V0=xxxxxxxxxxxxxxxx\n");
    for (int i = 1; i < 60; i++)
        strbuf_addf(&text, "ARG V%d=$V%d$V%d\n", i, i - 1, i - 1);
    strbuf_adds(&text, "FROM a:$V59\n");
    check_refused(strbuf_text(&text), "too long");

    strbuf_truncate(&text, 0);
    strbuf_adds(&text, "FROM a:");
    for (int i = 0; i < 10000; i++)
        strbuf_adds(&text, "${V:-");
    check_refused(strbuf_text(&text), "nested");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_from),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_run_mounts),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_growth_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
