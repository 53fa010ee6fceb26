#include "check.h"

#include "model/recipe_shared.h"
#include "model/recipe_user.h"

static const struct recipe_user baker = {
    "h,baker@x", "h-baker-at-x", "/home/h-baker-at-x", 1722830498, 1722830498};
static const struct recipe_user rossi = {"rossi", "rossi", "/home/rossi", 1001, 100};

static struct dockerfile *parse(const char *text)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    struct dockerfile *file = NULL;

    if (dockerfile_parse(text, strlen(text), &file, &err) < 0)
        fail_msg("%s", err.message);
    return file;
}

/* The user's Dockerfile made of `own`, and that as it would be sent. */
static char *share(
    const char *own, const struct recipe_user *user, const char *project, struct strmap *arguments)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    struct strbuf shared = STRBUF_INIT(STRBUF_TEXT_MAX);

    recipe_with_user_block(own, strlen(own), user, project, "Pytorch-2.5", &text);
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(strbuf_text(&text));
    assert_true(recipe_share(file, user, project, &shared, arguments));
    _cleanup_(dockerfile_freep) struct dockerfile *sent = parse(strbuf_text(&shared));
    /* One ARG more, and every other instruction in its line. */
    assert_int_equal(sent->count, file->count + 1);
    for (size_t i = 0, k = 0; i < sent->count; i++) {
        if (strcmp(sent->instructions[i].keyword, "ARG") == 0)
            continue;
        assert_string_equal(sent->instructions[i].keyword, file->instructions[k].keyword);
        assert_int_equal(sent->instructions[i].first_line, file->instructions[k].first_line);
        assert_int_equal(sent->instructions[i].last_line, file->instructions[k++].last_line);
    }
    return strbuf_detach(&shared);
}

static void test_two_people_send_the_same(void **state)
{
    static const char *const files[] = {
        "FROM x\nCOPY . /app\n",
        "# escape=`\nFROM x\nRUN a `\n  b\nCOPY . /app",
        "FROM x\n" RECIPE_SUDO_COMMENT "\nRUN own\nCOPY . /app\n",
    };

    for (size_t i = 0; i < ELEMENTS(files); i++) {
        _cleanup_(strmap_release) struct strmap bakers = STRMAP_INIT, rossis = STRMAP_INIT;
        _cleanup_free_ char *one = share(files[i], &baker, "proj", &bakers);
        _cleanup_free_ char *other = share(files[i], &rossi, "another", &rossis);
        assert_string_equal(one, other);
        assert_null(strstr(one, "baker"));
        assert_null(strstr(one, "stand-in"));
        assert_string_equal(strmap_get(&bakers, "DS01_UID"), "1722830498");
        assert_string_equal(strmap_get(&bakers, "DS01_LOGIN"), "h;baker@x");
        assert_string_equal(strmap_get(&bakers, "DS01_PROJECT"), "proj");
        assert_string_equal(strmap_get(&rossis, "DS01_GID"), "100");
        assert_string_equal(strmap_get(&rossis, "DS01_FRAMEWORK"), "Pytorch-2.5");
    }
}

static void test_the_step_for_sudo_is_shared(void **state)
{
    _cleanup_(strmap_release) struct strmap arguments = STRMAP_INIT;
    _cleanup_free_ char *text = share("FROM x\n", &baker, "p", &arguments);
    const char *sudo = strstr(text, RECIPE_SUDO_COMMENT);
    const char *declared = strstr(text, "ARG DS01_LOGIN");

    assert_true(sudo && declared && sudo < declared);
}

static void test_what_is_not_as_written_stays(void **state)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf shared = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strmap_release) struct strmap arguments = STRMAP_INIT;
    static const char own[] = "FROM x\n";

    recipe_with_user_block(own, strlen(own), &baker, "p", "custom", &text);
    _cleanup_(dockerfile_freep) struct dockerfile *file = parse(strbuf_text(&text));
    assert_false(recipe_share(file, &rossi, "p", &shared, &arguments));
    assert_false(recipe_share(file, &baker, "q", &shared, &arguments));
    _cleanup_(dockerfile_freep) struct dockerfile *bare = parse(own);
    assert_false(recipe_share(bare, &baker, "p", &shared, &arguments));
    char *edited = strstr(text.text, "groupadd -g");
    memcpy(edited, "groupadd -G", strlen("groupadd -g"));
    _cleanup_(dockerfile_freep) struct dockerfile *changed = parse(strbuf_text(&text));
    assert_false(recipe_share(changed, &baker, "p", &shared, &arguments));
    assert_int_equal(shared.length, 0);
    assert_int_equal(arguments.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_people_send_the_same),
        cmocka_unit_test(test_the_step_for_sudo_is_shared),
        cmocka_unit_test(test_what_is_not_as_written_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
