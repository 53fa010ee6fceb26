#include "model/context_files.h"

#include "base/strbuf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/dockerfile_word.h"

#define PATHS_MAX 1000 /* each is compared with each file of the context */

/* An instruction, or the one that stands behind ONBUILD. */
struct step {
    const char *keyword;
    const char *arguments;
    char escape;
};

/* An empty --from= is the context. */
static bool names_source(const struct strv *flags)
{
    static const char from[] = "--from=";

    for (size_t i = 0; i < flags->count; i++)
        if (text_begins(flags->items[i], from) && flags->items[i][strlen(from)])
            return true;
    return false;
}

/* A heredoc's text stands in the Dockerfile; an address is one for ADD alone. */
static bool is_file(const char *source, bool adds)
{
    return !text_begins(source, "<<") && !(adds && text_is_web_address(source));
}

/*
 * "a/b" for "/a//./b/"; false for what is no plain name of something in the context: patterns,
 * variables, quotes, and the context itself.
 */
static bool add_path(const char *source, struct strv *paths)
{
    _cleanup_(strbuf_release) struct strbuf path = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (strpbrk(source, "*?[]$\"'`\\"))
        return false;
    for (const char *part = source; *part; part += strspn(part, "/")) {
        size_t length = strcspn(part, "/");
        if (length == 2 && text_begins(part, ".."))
            return false;
        if (length > 1 || (length == 1 && *part != '.'))
            strbuf_addf(&path, "%s%.*s", path.length ? "/" : "", (int)length, part);
        part += length;
    }
    if (!path.length || path.overflowed)
        return false;
    if (strv_contains(paths, strbuf_text(&path)))
        return true;
    if (paths->count == PATHS_MAX)
        return false;
    strv_push(paths, strbuf_text(&path));
    return true;
}

/* "[flags] source… target". A list in brackets is not looked into. */
static bool add_copied(const struct step *step, bool adds, struct strv *paths)
{
    _cleanup_(strv_release) struct strv flags = STRV_INIT;
    _cleanup_(strv_release) struct strv words = STRV_INIT;
    const char *rest = dockerfile_split_flags(step->arguments, step->escape, &flags);

    if (!adds && names_source(&flags))
        return true;
    strv_push_words(&words, rest);
    if (*rest == '[' || words.count < 2)
        return false;
    for (size_t i = 0; i + 1 < words.count; i++)
        if (is_file(words.items[i], adds) && !add_path(words.items[i], paths))
            return false;
    return true;
}

/* The value of `key` among "type=cache,target=/x", to be freed, or NULL. */
static char *mount_field(const char *mount, const char *key)
{
    size_t length = strlen(key);

    for (const char *field = mount; *field; field += *field == ',') {
        size_t end = strcspn(field, ",");
        if (end > length && strncasecmp(field, key, length) == 0 && field[length] == '=')
            return xstrndup(field + length + 1, end - length - 1);
        field += end;
    }
    return NULL;
}

/* A mount without a type binds, one without a source all of it (Dockerfile reference). */
static bool add_mounted(const char *mount, struct strv *paths)
{
    static const char *const others[] = {"cache", "tmpfs", "secret", "ssh"};
    _cleanup_free_ char *type = mount_field(mount, "type");
    _cleanup_free_ char *from = mount_field(mount, "from");
    _cleanup_free_ char *source = mount_field(mount, "source");

    for (size_t i = 0; type && i < ELEMENTS(others); i++)
        if (strcasecmp(type, others[i]) == 0)
            return true;
    if (from && *from)
        return true;
    if (!source)
        source = mount_field(mount, "src");
    return source && add_path(source, paths);
}

static bool add_of_run(const struct step *step, struct strv *paths)
{
    static const char flag[] = "--mount=";
    _cleanup_(strv_release) struct strv flags = STRV_INIT;

    dockerfile_split_flags(step->arguments, step->escape, &flags);
    for (size_t i = 0; i < flags.count; i++)
        if (text_begins(flags.items[i], flag) && !add_mounted(flags.items[i] + strlen(flag), paths))
            return false;
    return true;
}

static bool is(const struct step *step, const char *keyword)
{
    return strcasecmp(step->keyword, keyword) == 0;
}

static bool add_of_step(const struct step *step, struct strv *paths)
{
    if (is(step, "RUN"))
        return add_of_run(step, paths);
    return is(step, "ADD") || is(step, "COPY") ? add_copied(step, is(step, "ADD"), paths) : true;
}

/* What stands behind ONBUILD; no trigger may be another one. */
static bool add_of_trigger(const struct step *step, struct strv *paths)
{
    size_t length = strcspn(step->arguments, " \t");
    _cleanup_free_ char *keyword = xstrndup(step->arguments, length);
    const char *arguments = step->arguments + length;
    const struct step triggered = {keyword, arguments + strspn(arguments, " \t"), step->escape};

    return add_of_step(&triggered, paths);
}

static bool add_of_instruction(const struct dockerfile *file,
    const struct dockerfile_instruction *instruction, struct strv *paths)
{
    const struct step step = {instruction->keyword, instruction->arguments, file->escape};

    return is(&step, "ONBUILD") ? add_of_trigger(&step, paths) : add_of_step(&step, paths);
}

bool context_files_find(const struct dockerfile *file, struct strv *paths)
{
    for (size_t i = 0; i < file->count; i++)
        if (!add_of_instruction(file, &file->instructions[i], paths))
            return false;
    return true;
}

bool context_files_taken(const struct dockerfile *file)
{
    _cleanup_(strv_release) struct strv paths = STRV_INIT;

    return !context_files_find(file, &paths) || paths.count > 0;
}

bool context_files_taken_by(
    const struct dockerfile *file, const struct dockerfile_instruction *instruction)
{
    _cleanup_(strv_release) struct strv paths = STRV_INIT;

    return !add_of_instruction(file, instruction, &paths) || paths.count > 0;
}
