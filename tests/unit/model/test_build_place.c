/* Steps as builders name them, found in the Dockerfile and called what its comments call them. */
#include "check.h"

#include "model/build_place.h"
#include "model/recipe.h"

static struct dockerfile *parse(const char *text)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    struct dockerfile *file = NULL;

    if (dockerfile_parse(text, strlen(text), &file, &err) < 0)
        fail_msg("%s", err.message);
    return file;
}

/* `line` 0: not found; `title` NULL: none. */
static void assert_place(const char *text, const char *name, unsigned line, const char *title)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);
    const struct dockerfile_instruction *one = build_place_find(file, name);
    _cleanup_free_ char *found = build_place_title(file, name);

    assert_int_equal(one ? one->first_line : 0, line);
    if (title && found)
        assert_string_equal(found, title);
    assert_int_equal(title != NULL, found != NULL);
}

static const char one_stage[] = "FROM debian\n"           /* 1 */
                                "WORKDIR /workspace\n"    /* 2 */
                                "ENV A=b\n"               /* 3 */
                                "# System packages\n"     /* 4 */
                                "# and more\n"            /* 5 */
                                "RUN apt-get update \\\n" /* 6 */
                                "    && true\n"           /* 7 */
                                "\n"                      /* 8 */
                                "# RUN old\n"             /* 9 */
                                "copy a b\n"              /* 10 */
                                "# hadolint ignore=X\n"   /* 11 */
                                "RUN <<EOF\n"             /* 12 */
                                "x\n"                     /* 13 */
                                "EOF\n"                   /* 14 */
                                "# shell\n"               /* 15 */
                                "CMD [\"sh\"]\n";         /* 16 */

static void test_one_stage(void **state)
{
    (void)state;
    assert_place(one_stage, "[2/5] WORKDIR /workspace", 2, NULL);
    assert_place(one_stage, "[3/5] RUN apt-get update     && true", 6, "[3/5] System packages");
    assert_place(one_stage, "[4/5] COPY a b", 10, NULL);
    assert_place(one_stage, "[5/5] RUN <<EOF (x)", 12, NULL);
}

/* BuildKit 0.8 takes each cache that a step mounts for a stage more. */
static void test_one_stage_that_mounts_caches(void **state)
{
    (void)state;
    assert_place(one_stage, "[stage-0 1/5] FROM debian", 1, "[1/5] FROM debian");
    assert_place(one_stage, "[stage-0 4/5] COPY a b", 10, "[4/5] COPY a b");
    assert_place(
        one_stage, "[stage-0 3/5] RUN apt-get update     && true", 6, "[3/5] System packages");
}

static void test_numbers_that_are_padded(void **state)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);

    (void)state;
    strbuf_adds(&text, "FROM debian AS base\nFROM base\n");
    for (int i = 0; i < 10; i++)
        strbuf_addf(&text, "# Step %d\nRUN %d\n", i, i);
    assert_place(strbuf_text(&text), "[stage-1  2/10] RUN 1", 6, "[stage-1 2/10] Step 1");
}

/* Podman and the old builder of Docker count every instruction. */
static void test_classic(void **state)
{
    (void)state;
    assert_place(one_stage, "[1/7] FROM debian", 1, NULL);
    assert_place(one_stage, "[4/7] RUN apt-get update     && true", 6, "[4/7] System packages");
    assert_place(one_stage, "[7/7] CMD [\"sh\"]", 16, "[7/7] shell");
}

static void test_stages(void **state)
{
    static const char text[] = "FROM debian AS Base\n" /* 1 */
                               "# Tools\n"
                               "RUN a\n" /* 3 */
                               "FROM base\n"
                               "# Rest\n"
                               "RUN b\n"  /* 6 */
                               "RUN c\n"; /* 7 */

    (void)state;
    assert_place(text, "[base 2/2] RUN a", 3, "[base 2/2] Tools");
    assert_place(text, "[stage-1 1/2] RUN b", 6, "[stage-1 1/2] Rest");
    assert_place(text, "[stage-1 2/2] RUN c", 7, NULL);
    assert_place(text, "[stage-2 2/2] RUN b c", 0, NULL);
    assert_place(text, "[2/2] RUN ab", 0, NULL);
    /* As Podman counts. */
    assert_place(text, "[1/2 2/2] RUN a", 3, "[1/2 2/2] Tools");
    assert_place(text, "[2/2 3/3] RUN c", 7, NULL);
    assert_place(text, "[3/3 2/3] RUN d", 0, NULL);
    /* Brought by a stage's base, whatever stands in another; not as Podman counts. */
    assert_place(text, "[base 3/7] RUN b", 0, NULL);
    assert_place(
        "FROM brings AS base\nCOPY a /a\nENV X=1\nFROM base\n", "[base 2/3] COPY x /y", 0, NULL);
}

/* No number fits where the base brings steps of its own: the text does, where it is there once. */
static void test_said_text(void **state)
{
    static const char text[] = "FROM brings\n"
                               "# Greeting\n"
                               "RUN --network=none echo  hi; \\\n" /* 3 */
                               "    false\n"
                               "RUN true\n"
                               "RUN true\n";

    (void)state;
    assert_place(text, "[5/3] RUN --network=none echo  hi;     false", 3, "[5/3] Greeting");
    assert_place(text, "[7/9] RUN --network=none echo hi; false", 3, "[7/9] Greeting");
    assert_place(text, "[7/9] RUN --network=none echo hi; false x", 0, NULL);
    assert_place(text, "[7/9] RUN --network=none echo hi;", 0, NULL);
    assert_place(text, "[7/9] RUN --network=none echohi; false", 0, NULL);
    assert_place(text, "[7/9] RUN true", 0, NULL);
}

static void test_requirements_files(void **state)
{
    static const char text[] =
        "FROM debian\n"
        "RUN --mount=type=cache,target=/root/.cache/pip \\\n" /* 2 */
        "    cd /opt/ds01 && python3 -m pip install -r x/p.requirements.txt\n"
        "# Everything\n"
        "RUN pip install -r all.txt\n"         /* 5 */
        "RUN make && pip install -r dev.txt\n" /* 6 */
        "RUN rm -r /x\n";                      /* 7 */

    (void)state;
    assert_place(
        text, "[2/5] RUN --mount=type=cache", 2, "[2/5] Python packages from p.requirements.txt");
    assert_place(text, "[3/5] RUN pip install -r all.txt", 5, "[3/5] Everything");
    assert_place(text, "[4/5] RUN make && pip", 6, NULL);
    assert_place(text, "[5/5] RUN rm -r /x", 7, NULL);
}

static void test_no_match(void **state)
{
    static const char *const names[] = {"", "[", "[]", "[/]", "[3/]", "[3/5", "[0/5] RUN x",
        "[6/5] RUN x", "[3/5] COPY x", "[3/5] RUNNER", "[3/6] RUN x", "[99999999999/5] RUN x",
        "[internal] load metadata", "[3/5]", "[x3/5] RUN x"};

    (void)state;
    for (size_t i = 0; i < ELEMENTS(names); i++)
        assert_place(one_stage, names[i], 0, NULL);
}

static void assert_address(const char *text, const char *name, unsigned line)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);
    const struct dockerfile_instruction *one = build_place_find_address(file, name);

    assert_int_equal(one ? one->first_line : 0, line);
}

static void test_addresses(void **state)
{
    static const char two[] =
        "FROM debian\nADD https://x.lab/a /a\nRUN x\nADD --chmod=1 https://x.lab/b /b\n";

    (void)state;
    assert_address(two, "https://x.lab/a", 2);
    assert_address(two, "https://x.lab/b", 4);
    assert_address(two, "https://x.lab/c", 0);
    assert_address(two, "[internal] load metadata", 0);
    assert_address("FROM debian\nADD a /a\nADD $SERVER://x.lab/$NAME /b\n", "https://x.lab/c", 3);
    assert_address("FROM debian\nRUN curl https://x.lab/a\n", "https://x.lab/a", 0);
}

/* What BuildKit 0.8 says, and Docker 23 with "on". */
static void test_refused_lines(void **state)
{
    static const char text[] = "FROM debian\nEXPOSE 80 abc\nRUN --network=none x \\\n    "
                               "y\nSTOPSIGNAL y\nONBUILD FROM x\nCOPY --from=5 a c\n";
    static const struct {
        const char *message;
        unsigned line;
        const char *reason;
    } cases[] = {
        {"dockerfile parse error line 3: Unknown flag: network", 3, "Unknown flag: network"},
        {"dockerfile parse error line 4: Unknown flag: network", 3, "Unknown flag: network"},
        {"dockerfile parse error on line 6: FROM isn't allowed as an ONBUILD trigger", 6,
            "FROM isn't allowed as an ONBUILD trigger"},
        {"Invalid containerPort: abc", 2, "Invalid containerPort: abc"},
        {"Invalid signal: y", 0, NULL}, /* there are two */
        {"invalid stage index 5", 7, "invalid stage index 5"},
        {"Invalid containerPort: bc", 0, NULL},
        {"dockerfile parse error line 9: x", 0, NULL},
        {"dockerfile parse error line 99999999999: x", 0, NULL},
        {"dockerfile parse error line", 0, NULL},
        {"something else:", 0, NULL},
        {"", 0, NULL},
    };
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);

    (void)state;
    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        const char *reason = NULL;
        const struct dockerfile_instruction *one =
            build_place_find_refused(file, cases[i].message, &reason);
        assert_int_equal(one ? one->first_line : 0, cases[i].line);
        if (one)
            assert_string_equal(reason, cases[i].reason);
    }
}

static void test_a_recipe(void **state)
{
    const struct recipe_user user = {"ada", "ada", "/home/ada", 1000, 1000};
    struct recipe recipe = {
        .project = xstrdup("p"), .base = xstrdup("debian"), .framework = xstrdup("custom")};
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);

    (void)state;
    recipe_write(&recipe, &user, "2026-11-23", &text);
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(strbuf_text(&text));
    _cleanup_free_ char *sudo = build_place_title(file, "[3/4] RUN set -eu; missing=;");
    _cleanup_free_ char *setup = build_place_title(file, "[4/4] RUN set -eu; user=ada;");
    assert_string_equal(sudo, "[3/4] sudo and bash, where the base lacks them");
    assert_string_equal(setup, "[4/4] Your user");
    recipe_release(&recipe);
}

/* What the base brings comes first and is counted; its text is not in the file. */
static void test_steps_of_the_base(void **state)
{
    static const char text[] = "FROM base\n"       /* 1 */
                               "RUN echo 'mine'\n" /* 2 */
                               "RUN echo two\n"    /* 3 */
                               "RUN X=$Y echo\n";  /* 4 */

    (void)state;
    assert_place(text, "[2/4] RUN pip install nosuchpkg", 0, NULL);
    assert_place(text, "[3/4] RUN echo mine", 0, NULL);
    assert_place(text, "[3/4] RUN echo   two", 3, NULL);
    assert_place(text, "[2/4] RUN echo mine", 2, NULL);
    assert_place(text, "[4/4] RUN X=value echo", 4, NULL);
    assert_place("FROM base\nRUN --mount=type=cache,target=/x a\n", "[2/2] RUN a", 2, NULL);
    assert_place("FROM base\nRUN --network=none a\n", "[2/2] RUN --network=none a", 2, NULL);
}

static void assert_image(const char *text, const char *image, unsigned line)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);
    const struct dockerfile_instruction *one = build_place_find_image(file, image);

    assert_int_equal(one ? one->first_line : 0, line);
}

static void test_images(void **state)
{
    static const char text[] = "ARG BASE=debian:nope\n"                          /* 1 */
                               "ARG TAG=1\n"                                     /* 2 */
                               "FROM \"${BASE}\" AS base\n"                      /* 3 */
                               "FROM --platform=linux/amd64 lab/x:1 AS last\n"   /* 4 */
                               "COPY --from=tools:1 /a /b\n"                     /* 5 */
                               "RUN --mount=type=bind,from=more:1,target=/m x\n" /* 6 */
                               "ENV X=other:1\n";                                /* 7 */

    (void)state;
    assert_image(text, "debian:nope", 1);
    assert_image(text, "lab/x:1", 4);
    assert_image(text, "lab/x", 0);
    assert_image(text, "tools:1", 5);
    assert_image(text, "more:1", 6);
    assert_image(text, "other:1", 0);
    assert_image("ARG V=1\nFROM debian:${V}\n", "debian:1", 2);
    assert_image("FROM debian:${V:-1}\nFROM debian:${V:-2}\n", "debian:2", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_stage),
        cmocka_unit_test(test_one_stage_that_mounts_caches),
        cmocka_unit_test(test_numbers_that_are_padded),
        cmocka_unit_test(test_classic),
        cmocka_unit_test(test_stages),
        cmocka_unit_test(test_said_text),
        cmocka_unit_test(test_requirements_files),
        cmocka_unit_test(test_no_match),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_refused_lines),
        cmocka_unit_test(test_steps_of_the_base),
        cmocka_unit_test(test_images),
        cmocka_unit_test(test_a_recipe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
