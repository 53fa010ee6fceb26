#include "check.h"

#include <inttypes.h>

#include "model/dockerfile.h"
#include "model/recipe.h"
#include "model/recipe_cache.h"
#include "model/recipe_user.h"
#include "model/username.h"

#define BEGIN                                                                                      \
    "# --- ds01 user setup: the same uid, gid and name as on the server; keep this last ---\n"
#define PIP_RUN "RUN --mount=type=cache,id=ds01-pip,target=/root/.cache/pip \\\n    "
#define END     "# --- end of ds01 user setup ---\n"

static const struct recipe_user ada = {"ada", "ada", "/home/ada", 1000, 1000};
static const struct recipe_user baker = {"h.baker@hertie-school.lan",
    "h-baker-at-hertie-school-lan", "/home/h-baker-at-hertie-school-lan", 1722830498, 1722830498};
static const struct recipe_user root = {"root", "root", "/root", 0, 0};

static char *write_recipe(const struct recipe_user *user, const char *pip, const char *apt)
{
    struct recipe recipe = {xstrdup("my-project"), xstrdup("ds01-test/base:1"),
        xstrdup("Pytorch-2.6.0"), STRV_INIT, STRV_INIT};
    struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (pip)
        strv_push(&recipe.pip, pip);
    if (apt)
        strv_push(&recipe.apt, apt);
    recipe_write(&recipe, user, "2026-11-23", &text);
    recipe_release(&recipe);
    assert_null(recipe.project);
    assert_false(text.overflowed);
    return strbuf_detach(&text);
}

static char *with_block(const char *text, const struct recipe_user *user)
{
    struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);

    recipe_with_user_block(text, strlen(text), user, "p", "custom", &out);
    return strbuf_detach(&out);
}

static void assert_contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
}

static struct dockerfile *parse(const char *text)
{
    struct dockerfile *file = NULL;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (dockerfile_parse(text, strlen(text), &file, &err) < 0)
        fail_msg("%s:\n%s", err.message, text);
    return file;
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    for (; (text = strstr(text, part)); text++)
        count++;
    return count;
}

static void test_whole_recipe(void **state)
{
    _cleanup_free_ char *text = write_recipe(&baker, "numpy>=1.24,<2", "git");
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);
    _cleanup_(strv_release) struct strv images = STRV_INIT;

    assert_int_equal(dockerfile_base_images(file, &images, NULL), 0);
    assert_int_equal(images.count, 1);
    assert_string_equal(images.items[0], "ds01-test/base:1");
    assert_contains(text, "# my-project: made by ds01 image-create on 2026-11-23 for "
                          "h.baker@hertie-school.lan\n");
    assert_contains(text, "# By hand: DOCKER_BUILDKIT=1 docker build -t ds01-1722830498/my-project "
                          "- < my-project.Dockerfile\n");
    assert_contains(text, "\n        'numpy>=1.24,<2'\n");
    assert_contains(text, "\n        git\n\n");
    assert_contains(text, "\nCMD [\"bash\"]\n");
    assert_contains(text, "aime.mlc.DS01_HAS_USER_SETUP=\"true\" \\\n");
    assert_contains(text, "aime.mlc.DS01_USER_ID=\"1722830498\"");
    assert_contains(text, "aime.mlc.DS01_GROUP_ID=\"1722830498\"");
    assert_contains(text, "aime.mlc.DS01_USERNAME=\"h-baker-at-hertie-school-lan\"");
    assert_contains(text, "aime.mlc.DS01_MANAGED=\"true\"");
    assert_contains(text, "aime.mlc.DS01_PROJECT=\"my-project\"");
    assert_contains(text, "aime.mlc.DS01_FRAMEWORK=\"Pytorch-2.6.0\"");
    assert_contains(text, "maintainer=\"h.baker@hertie-school.lan\"\n");
    assert_contains(text, "\nUSER 1722830498:1722830498\n" END);
    assert_string_equal(text + strlen(text) - strlen(END), END);
    /* Podman knows no heredoc before its version 5. */
    assert_null(strstr(text, "<<"));
    assert_null(strstr(text, "# syntax="));
}

/* Two users who ask for the same share every layer but the last: nothing above differs. */
static void test_only_the_block_differs_per_user(void **state)
{
    _cleanup_free_ char *one = write_recipe(&baker, "numpy", "git");
    _cleanup_free_ char *other = write_recipe(&ada, "numpy", "git");
    const char *from = strstr(one, "\nFROM ");
    const char *other_from = strstr(other, "\nFROM ");
    size_t shared = (size_t)(strstr(one, BEGIN) - from);

    assert_memory_equal(from, other_from, shared);
    assert_memory_equal(other_from + shared, BEGIN, strlen(BEGIN));
}

/* Sets come first, each in its own step, then the requirements file, then single packages. */
static void test_sets_and_requirements(void **state)
{
    struct recipe recipe = {
        .project = xstrdup("p"), .base = xstrdup("debian"), .framework = xstrdup("custom")};
    _cleanup_(strbuf_release) struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strv_release) struct strv set = STRV_INIT;

    strv_push_words(&set, "timm kornia>=0.7");
    strv_push(&recipe.pip, "numpy");
    recipe_add_set(&recipe, "computer\nvision", &set);
    recipe.requirements = recipe.requirements_folder = true;
    recipe_write(&recipe, &ada, "2026-11-23", &out);
    recipe_release(&recipe);
    const char *text = strbuf_text(&out);
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);
    assert_contains(text, "docker build -t ds01-1000/p -f p.Dockerfile .\n");
    assert_int_equal(count_of(text, "\n# pip, where the base lacks it\n"), 1);
    assert_contains(text, "\n# For computer?vision\n" PIP_RUN
                          "python3 -m pip install --cache-dir /root/.cache/pip \\\n"
                          "        timm \\\n        'kornia>=0.7'\n\n");
    assert_contains(text,
        "\nCOPY p.requirements/ /opt/ds01/\n\n# Packages of the requirements file\n"
        "COPY p.requirements.txt /opt/ds01/\n" PIP_RUN
        "cd /opt/ds01 && python3 -m pip install --cache-dir /root/.cache/pip "
        "-r p.requirements.txt\n\n"
        "# Python packages\n");
    assert_true(strstr(text, "# For computer") < strstr(text, "COPY p.requirements/"));
}

/* "timm albumentations" with what is asked for besides: in the set's step, and in the last one. */
static void test_packages_of_sets_asked_for_by_name(_unused_ void **state)
{
    static const struct {
        const char *named, *set, *last;
    } vectors[] = {
        {"numpy", "timm albumentations", "numpy"},
        {"Timm", "timm albumentations", ""},
        {"timm==0.9", "albumentations", "timm==0.9"},
        {"timm[optional]", "albumentations", "timm[optional]"},
        {"timm @ https://h/t.whl", "albumentations", "timm @ https://h/t.whl"},
        {"timm==0.9; python_version<'3.8'", "timm albumentations",
            "timm==0.9; python_version<'3.8'"},
    };

    for (size_t i = 0; i < ELEMENTS(vectors); i++) {
        struct recipe recipe = {.project = xstrdup("p")};
        struct strv set = STRV_INIT;
        strv_push_words(&set, "timm albumentations");
        recipe_add_set(&recipe, "vision", &set);
        strv_push(&recipe.pip, vectors[i].named);
        recipe_install_once(&recipe);
        _cleanup_free_ char *of_set = strv_join(&recipe.sets[0].pip, " ");
        _cleanup_free_ char *last = strv_join(&recipe.pip, " ");
        assert_string_equal(of_set, vectors[i].set);
        assert_string_equal(last, vectors[i].last);
        strv_release(&set);
        recipe_release(&recipe);
    }
}

/* A set of which nothing is left has no step. */
static void test_empty_set(_unused_ void **state)
{
    struct recipe recipe = {
        .project = xstrdup("p"), .base = xstrdup("debian"), .framework = xstrdup(FRAMEWORK_CUSTOM)};
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    struct strv set = STRV_INIT;

    strv_push(&set, "timm");
    recipe_add_set(&recipe, "vision", &set);
    strv_push(&recipe.pip, "timm==0.9");
    recipe_install_once(&recipe);
    recipe_write(&recipe, &ada, "2026-11-23", &text);
    assert_null(strstr(strbuf_text(&text), "# For vision"));
    assert_contains(strbuf_text(&text), "timm==0.9\n");
    strv_release(&set);
    recipe_release(&recipe);
}

/* The guard comes before anything that pip installs, and with a framework in any case. */
static void test_guard(void **state)
{
    _cleanup_free_ char *text = write_recipe(&ada, "numpy", NULL);
    _cleanup_free_ char *framework = write_recipe(&ada, NULL, NULL);
    struct recipe bare = {
        .project = xstrdup("p"), .base = xstrdup("debian"), .framework = xstrdup("custom")};
    _cleanup_(strbuf_release) struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);

    assert_contains(text, RECIPE_LASTING_GUARD_COMMENT "\n");
    assert_true(strstr(text, RECIPE_GUARD_COMMENT) < strstr(text, RECIPE_PYTHON_COMMENT));
    assert_true(strstr(text, RECIPE_PIP_COMMENT) < strstr(text, RECIPE_GUARD_COMMENT));
    assert_contains(framework, RECIPE_LASTING_GUARD_COMMENT "\n");
    recipe_write(&bare, &ada, "2026-11-23", &out);
    recipe_release(&bare);
    assert_null(strstr(strbuf_text(&out), RECIPE_GUARD_COMMENT));
}

static void test_no_packages(void **state)
{
    _cleanup_free_ char *text = write_recipe(&ada, NULL, NULL);
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);

    assert_null(strstr(text, "pip install"));
    assert_null(strstr(text, "# System packages"));
}

/* A pattern is apt-get's, not the shell's. */
static void test_pattern_of_versions(void **state)
{
    _cleanup_free_ char *text = write_recipe(&ada, NULL, "curl=7.*");

    assert_contains(text, " \\\n        'curl=7.*'\n");
}

/* What is downloaded goes into caches that are no part of a layer, without a word to clean up. */
static void test_caches(void **state)
{
    _cleanup_free_ char *text = write_recipe(&ada, "numpy", "git");

    assert_contains(text,
        "# System packages\n"
        "RUN --mount=type=cache,id=ds01-apt,target=/var/cache/apt,sharing=locked \\\n"
        "    --mount=type=cache,id=ds01-apt-lists,target=/var/lib/apt/lists,"
        "sharing=locked \\\n"
        "    command -v apt-get");
    assert_contains(
        text, "\n        -o Dir::Cache::Archives=/var/cache/apt/ds01 \\\n        git\n\n");
    assert_contains(text,
        "# Python packages\n" PIP_RUN
        "python3 -m pip install --cache-dir /root/.cache/pip \\\n        numpy\n");
    assert_null(strstr(text, "rm -rf"));
    assert_null(strstr(text, "--no-cache-dir"));
}

static void assert_private(const char *text, const char *expected)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);
    _cleanup_(strbuf_release) struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);

    recipe_with_private_caches(file, 1722830498, &out);
    assert_string_equal(strbuf_text(&out), expected);
}

/* Only our ids, only where they are flags, and nothing else changes. */
static void test_private_caches(void **state)
{
    assert_private("FROM a\nRUN x\n", "FROM a\nRUN x\n");
    assert_private("FROM a\nRUN --mount=type=cache,id=ds01-pip,target=/c \\\n"
                   "  # why\n  --mount=id=ds01-apt-lists,type=cache pip --mount=id=ds01-pip\n",
        "FROM a\nRUN --mount=type=cache,id=ds01-1722830498-pip,target=/c \\\n"
        "  # why\n  --mount=id=ds01-1722830498-apt-lists,type=cache pip --mount=id=ds01-pip\n");
    assert_private("FROM a\nRUN --network=none --mount=type=cache,id=pip,x=ds01-pip "
                   "--mount=type=bind,source=id=ds01-pip y\n",
        "FROM a\nRUN --network=none --mount=type=cache,id=pip,x=ds01-pip "
        "--mount=type=bind,source=id=ds01-pip y\n");
    _cleanup_free_ char *whole = write_recipe(&ada, "numpy", "git");
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(whole);
    _cleanup_(strbuf_release) struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);
    recipe_with_private_caches(file, 7, &out);
    assert_int_equal(count_of(strbuf_text(&out), "id=ds01-7-"), count_of(whole, "id=ds01-"));
}

/* Words of the shell come out as they went in, whatever they hold. */
static void test_shell_quoting(void **state)
{
    _cleanup_free_ char *text =
        write_recipe(&ada, "a; python_version<'3.9' and os_name==\"$(x)\"", NULL);

    assert_contains(text, "\n        'a; python_version<'\\''3.9'\\'' and os_name==\"$(x)\"'\n");
}

static void test_values_from_outside(void **state)
{
    struct recipe_user odd = {"D\\u\"s$er,x\nRUN reboot", "na'me", "/home/na'me", 7, 8};
    _cleanup_free_ char *text = write_recipe(&odd, NULL, NULL);
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);

    assert_contains(text, "for D\\u\"s$er,x?RUN reboot\n");
    assert_contains(text, "maintainer=\"D\\\\u\\\"s\\$er;x?RUN reboot\"\n");
    assert_contains(text, "user='na'\\''me'; uid=7; gid=8; home='/home/na'\\''me'; ");
    assert_null(strstr(text, "\nRUN reboot"));
}

static void test_root_only_gets_labels(void **state)
{
    struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);

    recipe_write_user_block(&root, "p", "custom", &text);
    assert_null(strstr(text.text, "RUN"));
    assert_contains(text.text, "aime.mlc.DS01_USER_ID=\"0\"");
    assert_contains(text.text, "\nUSER 0:0\n");
    strbuf_release(&text);
}

static void test_block_is_appended(void **state)
{
    _cleanup_free_ char *text = with_block("FROM a\nRUN b\n", &ada);
    _cleanup_free_ char *unended = with_block("FROM a\nRUN b", &ada);
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);

    assert_memory_equal(text, "FROM a\nRUN b\n" BEGIN, strlen("FROM a\nRUN b\n" BEGIN));
    assert_contains(text, "sudo and bash");
    assert_string_equal(text, unended);
}

static void test_block_is_replaced(void **state)
{
    _cleanup_free_ char *first = with_block("FROM a\nRUN b\n", &baker);
    _cleanup_free_ char *again = with_block(first, &baker);
    _cleanup_free_ char *other = with_block(first, &ada);
    _cleanup_free_ char *expected = with_block("FROM a\nRUN b\n", &ada);

    assert_string_equal(again, first);
    assert_string_equal(other, expected);
}

static void test_bytes_around_a_block_are_kept(void **state)
{
    _cleanup_free_ char *block = with_block("", &ada);
    _cleanup_free_ char *text = xasprintf("FROM a\r\n# n\u00F6te\n%sRUN mine  \n", block);
    _cleanup_free_ char *result = with_block(text, &ada);
    _cleanup_free_ char *expected = xasprintf("FROM a\r\n# n\u00F6te\nRUN mine  \n%s", block);

    assert_string_equal(result, expected);
    assert_int_equal(count_of(result, BEGIN), 1);
}

/* Between our lines stands what is a person's: it moves above them, and ours are as always. */
static void test_lines_within_a_block_are_kept(void **state)
{
    _cleanup_free_ char *block = with_block("", &ada);
    char *home = strstr(block, "ENV HOME=");
    _cleanup_free_ char *text = xasprintf("FROM a\n%.*s# mine\nENV X=1 \\\n  Y=2\n\nUSER 5:6\n"
                                          "RUN <<E\nset -eu; user=me\nE\n%s",
        (int)(home - block), block, home);
    _cleanup_free_ char *result = with_block(text, &ada);
    _cleanup_free_ char *again = with_block(result, &ada);
    _cleanup_free_ char *expected =
        xasprintf("FROM a\n# mine\nENV X=1 \\\n  Y=2\nRUN <<E\nset -eu; user=me\nE\n%s", block);

    assert_string_equal(result, expected);
    assert_string_equal(again, expected);
}

static void test_own_lines_that_were_changed(void **state)
{
    _cleanup_free_ char *mine = with_block("FROM a\n", &ada);
    _cleanup_free_ char *yours = with_block("FROM b\n", &ada);
    _cleanup_free_ char *other = with_block("FROM a\n", &baker);
    _cleanup_free_ char *crlf = with_block("FROM a\r\n", &ada);

    assert_false(recipe_user_block_differs(mine, strlen(mine), yours, strlen(yours)));
    assert_false(recipe_user_block_differs(mine, strlen(mine), crlf, strlen(crlf)));
    assert_true(recipe_user_block_differs(mine, strlen(mine), other, strlen(other)));
    assert_true(recipe_user_block_differs(mine, strlen(mine), "FROM a\n", 7));
    _cleanup_free_ char *broken = xasprintf("FROM b\nWORKDI /x\n%s", other);
    assert_false(recipe_user_block_differs(broken, strlen(broken), other, strlen(other)));
}

static char *with_crlf(const char *text)
{
    struct strbuf crlf = STRBUF_INIT(STRBUF_TEXT_MAX);

    for (; *text; text++)
        strbuf_addf(&crlf, "%s%c", *text == '\n' ? "\r" : "", *text);
    return strbuf_detach(&crlf);
}

static void test_lines_that_end_in_crlf(void **state)
{
    _cleanup_free_ char *text = with_block("FROM a\r\nRUN b", &ada);
    _cleanup_free_ char *again = with_block(text, &ada);
    _cleanup_free_ char *recipe = write_recipe(&baker, "numpy", NULL);
    _cleanup_free_ char *crlf = with_crlf(recipe);
    _cleanup_free_ char *rebuilt = with_block(crlf, &ada);
    _cleanup_free_ char *rebuilt_lf = with_block(recipe, &ada);
    _cleanup_free_ char *expected = with_crlf(rebuilt_lf);

    assert_int_equal(count_of(text, "\r\n"), count_of(text, "\n"));
    assert_string_equal(again, text);
    assert_string_equal(rebuilt, expected);
}

/* Our own recipes have the sudo step further up, once. */
static void test_recipe_keeps_one_sudo_step(void **state)
{
    _cleanup_free_ char *text = write_recipe(&baker, "numpy", NULL);
    _cleanup_free_ char *rebuilt = with_block(text, &ada);

    assert_int_equal(count_of(rebuilt, "# sudo and bash"), 1);
    assert_int_equal(count_of(rebuilt, BEGIN), 1);
    assert_int_equal(count_of(rebuilt, END), 1);
}

static void test_markers_that_are_none(void **state)
{
    /* A begin without its end takes nothing with it. */
    _cleanup_free_ char *begun = with_block("FROM a\n" BEGIN "RUN mine\n", &ada);
    _cleanup_free_ char *twice = with_block(begun, &ada);
    /* What is left between markers that were doubled is no block the next time either. */
    _cleanup_free_ char *doubled =
        with_block("FROM a\n" BEGIN "RUN one\n" BEGIN "RUN two\n" END "RUN three\n" END, &ada);
    _cleanup_free_ char *again = with_block(doubled, &ada);
    /* Within a heredoc they are text. */
    _cleanup_free_ char *heredoc = with_block("FROM a\nRUN <<E\n" BEGIN "x\n" END "E\n", &ada);

    assert_contains(begun, "FROM a\n" BEGIN "RUN mine\n" BEGIN);
    assert_string_equal(twice, begun);
    assert_contains(doubled, "FROM a\nRUN one\nRUN two\nRUN three\n" BEGIN);
    assert_string_equal(again, doubled);
    assert_contains(heredoc, "RUN <<E\n" BEGIN "x\n" END "E\n" BEGIN);
}

/* A continuation that ends the text must not take our first line in. */
static void test_open_continuation(void **state)
{
    static const char *const open[] = {
        "FROM a\nRUN b \\", "FROM a\nRUN b \\\n", "FROM a\nRUN b \\ \n\n  # c\n\n"};

    for (size_t i = 0; i < ELEMENTS(open); i++) {
        _cleanup_free_ char *text = with_block(open[i], &ada);
        _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);
        assert_string_equal(file->instructions[1].arguments, "b");
        assert_string_equal(file->instructions[2].keyword, "USER");
    }
    _cleanup_free_ char *heredoc = with_block("FROM a\nRUN cat <<\\\\\nx\n\\\n", &ada);
    assert_contains(heredoc, "x\n\\\n" BEGIN);
    _cleanup_free_ char *kept = with_block("FROM a\nRUN b \\\\\n# c \\\n", &ada);
    assert_contains(kept, "FROM a\nRUN b \\\\\n# c \\\n" BEGIN);
}

static void test_other_escape(void **state)
{
    _cleanup_free_ char *text = with_block("# escape=`\nFROM a\nRUN b `\n", &baker);
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(text);
    const struct dockerfile_instruction *last = &file->instructions[file->count - 1];

    assert_string_equal(file->instructions[1].arguments, "b");
    assert_string_equal(last->keyword, "USER");
    assert_contains(text, "DS01_USER_ID=\"1722830498\" `\n");
}

static void test_text_that_does_not_parse(void **state)
{
    _cleanup_free_ char *text = with_block("NONSENSE\n", &ada);
    _cleanup_free_ char *empty = with_block("", &ada);

    assert_memory_equal(text, "NONSENSE\n" BEGIN, strlen("NONSENSE\n" BEGIN));
    assert_memory_equal(empty, BEGIN, strlen(BEGIN));
}

/* Without the words of a Dockerfile, and with what only a container needs. */
static void test_setup_as_a_script(void **state)
{
    static const char begin[] = "set -e\n(\nset -eu; missing=; \\\n";
    struct strbuf script = STRBUF_INIT(STRBUF_TEXT_MAX);

    recipe_write_user_script(&baker, "proj", &script);
    assert_int_equal(strncmp(script.text, begin, sizeof(begin) - 1), 0);
    assert_null(strstr(script.text, "RUN "));
    assert_null(strstr(script.text, "\n#"));
    assert_contains(
        script.text, "fi\n)\nset -eu; user=h-baker-at-hertie-school-lan; uid=1722830498;");
    assert_contains(script.text, "/var/log/lastlog /var/log/faillog");
    assert_contains(script.text, "fi\ndone\n");
    strbuf_release(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_recipe),
        cmocka_unit_test(test_only_the_block_differs_per_user),
        cmocka_unit_test(test_sets_and_requirements),
        cmocka_unit_test(test_packages_of_sets_asked_for_by_name),
        cmocka_unit_test(test_empty_set),
        cmocka_unit_test(test_guard),
        cmocka_unit_test(test_no_packages),
        cmocka_unit_test(test_pattern_of_versions),
        cmocka_unit_test(test_caches),
        cmocka_unit_test(test_private_caches),
        cmocka_unit_test(test_shell_quoting),
        cmocka_unit_test(test_values_from_outside),
        cmocka_unit_test(test_root_only_gets_labels),
        cmocka_unit_test(test_block_is_appended),
        cmocka_unit_test(test_block_is_replaced),
        cmocka_unit_test(test_bytes_around_a_block_are_kept),
        cmocka_unit_test(test_lines_within_a_block_are_kept),
        cmocka_unit_test(test_own_lines_that_were_changed),
        cmocka_unit_test(test_lines_that_end_in_crlf),
        cmocka_unit_test(test_recipe_keeps_one_sudo_step),
        cmocka_unit_test(test_markers_that_are_none),
        cmocka_unit_test(test_open_continuation),
        cmocka_unit_test(test_other_escape),
        cmocka_unit_test(test_text_that_does_not_parse),
        cmocka_unit_test(test_setup_as_a_script),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
