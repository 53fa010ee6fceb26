#include "model/recipe_shared.h"

#include <inttypes.h>

#include "base/xalloc.h"
#include "model/label.h"
#include "model/recipe_user.h"

#define SETUP_START "RUN set -eu; user="

/* Words that nothing quotes or changes on their way into the block; each becomes an argument. */
enum { STAND_IN_UID = 4294965761, STAND_IN_GID = 4294965762 };
static const struct recipe_user stand_in = {
    .login = "ds01-stand-in-login",
    .name = "ds01-stand-in-name",
    .home = "/ds01-stand-in-home",
    .uid = STAND_IN_UID,
    .gid = STAND_IN_GID,
};
static const char project_stand_in[] = "ds01-stand-in-project";
static const char framework_stand_in[] = "ds01-stand-in-framework";

#define ARGUMENTS "ARG DS01_LOGIN DS01_NAME DS01_HOME DS01_UID DS01_GID DS01_PROJECT DS01_FRAMEWORK"
static const struct {
    const char *word, *argument;
} replacements[] = {
    {"ds01-stand-in-login", "${DS01_LOGIN}"},
    {"ds01-stand-in-name", "${DS01_NAME}"},
    {"/ds01-stand-in-home", "${DS01_HOME}"},
    {"4294965761", "${DS01_UID}"},
    {"4294965762", "${DS01_GID}"},
    {project_stand_in, "${DS01_PROJECT}"},
    {framework_stand_in, "${DS01_FRAMEWORK}"},
};

/* The value of the label, where it is written plainly; the caller frees it. NULL where it is not.
 */
static char *framework_of(const char *block, size_t length)
{
    static const char key[] = LABEL_DS01_FRAMEWORK "=\"";
    const char *at = memmem(block, length, key, strlen(key));
    const char *value = at ? at + strlen(key) : NULL;
    size_t size = 0;

    if (!value)
        return NULL;
    while (value + size < block + length && !strchr("\"\\`$\n", value[size]))
        size++;
    return value + size < block + length && value[size] == '"' ? xstrndup(value, size) : NULL;
}

/* Whether the block is what we write for this user, with or without the step for sudo. */
static bool is_as_written(const struct dockerfile *file, size_t start, size_t end,
    const struct recipe_user *user, const char *project, const char *framework, bool *ret_sudo)
{
    for (int with_sudo = 0; with_sudo < 2; with_sudo++) {
        _cleanup_(strbuf_release) struct strbuf block = STRBUF_INIT(STRBUF_TEXT_MAX);
        recipe_write_block(user, project, framework, file->escape, with_sudo, &block);
        if (block.length == end - start &&
            memcmp(strbuf_text(&block), file->text + start, block.length) == 0) {
            *ret_sudo = with_sudo;
            return true;
        }
    }
    return false;
}

static void replace_all(struct strbuf *text, const char *word, const char *by)
{
    struct strbuf result = STRBUF_INIT(STRBUF_TEXT_MAX);
    const char *from = strbuf_text(text);

    for (const char *at; (at = strstr(from, word)); from = at + strlen(word)) {
        strbuf_add(&result, from, (size_t)(at - from));
        strbuf_adds(&result, by);
    }
    strbuf_adds(&result, from);
    strbuf_release(text);
    *text = result;
}

/*
 * The arguments are declared in a line that says nothing to a builder: the blank one behind the
 * step for sudo, which is to be shared too, else the first.
 */
static void declare_arguments(struct strbuf *block)
{
    const char *setup = strstr(strbuf_text(block), "\n\n" SETUP_START);

    if (setup)
        replace_all(block, "\n\n" SETUP_START, "\n" ARGUMENTS "\n" SETUP_START);
    else
        replace_all(block, RECIPE_BEGIN_MARKER "\n", ARGUMENTS "\n");
}

static void set_argument(struct strmap *arguments, const char *name, const char *value)
{
    _cleanup_free_ char *written = label_value(value);

    strmap_set(arguments, name, written);
}

static void set_arguments(struct strmap *arguments, const struct recipe_user *user,
    const char *project, const char *framework)
{
    _cleanup_free_ char *uid = xasprintf("%" PRIu32, (uint32_t)user->uid);
    _cleanup_free_ char *gid = xasprintf("%" PRIu32, (uint32_t)user->gid);

    set_argument(arguments, "DS01_LOGIN", user->login);
    strmap_set(arguments, "DS01_NAME", user->name);
    strmap_set(arguments, "DS01_HOME", user->home);
    strmap_set(arguments, "DS01_UID", uid);
    strmap_set(arguments, "DS01_GID", gid);
    strmap_set(arguments, "DS01_PROJECT", project);
    set_argument(arguments, "DS01_FRAMEWORK", framework);
}

bool recipe_share(const struct dockerfile *file, const struct recipe_user *user,
    const char *project, struct strbuf *ret_text, struct strmap *ret_arguments)
{
    _cleanup_(strbuf_release) struct strbuf block = STRBUF_INIT(STRBUF_TEXT_MAX);
    size_t start, end;
    bool with_sudo;

    if (user->uid == 0 || !recipe_find_user_block(file, &start, &end))
        return false;
    _cleanup_free_ char *framework = framework_of(file->text + start, end - start);
    if (!framework || !is_as_written(file, start, end, user, project, framework, &with_sudo))
        return false;
    recipe_write_block(
        &stand_in, project_stand_in, framework_stand_in, file->escape, with_sudo, &block);
    declare_arguments(&block);
    for (size_t i = 0; i < ELEMENTS(replacements); i++)
        replace_all(&block, replacements[i].word, replacements[i].argument);
    strbuf_add(ret_text, file->text, start);
    strbuf_adds(ret_text, strbuf_text(&block));
    strbuf_add(ret_text, file->text + end, file->length - end);
    set_arguments(ret_arguments, user, project, framework);
    return true;
}
