#include "model/context_files.h"

#include "base/text.h"
#include "base/xalloc.h"
#include "model/dockerfile_word.h"

/* An instruction, or the one that stands behind ONBUILD. */
struct step {
    const char *keyword;
    const char *arguments;
    char escape;
};

static bool has_flag(const struct strv *flags, const char *prefix)
{
    for (size_t i = 0; i < flags->count; i++)
        if (text_begins(flags->items[i], prefix))
            return true;
    return false;
}

/* A heredoc's text stands in the Dockerfile; an address is one for ADD alone. */
static bool is_file(const char *source, bool adds)
{
    return !text_begins(source, "<<") &&
           !(adds && (text_begins(source, "http://") || text_begins(source, "https://")));
}

/* "[flags] source… target". A list in brackets is not looked into. */
static bool copies_files(const struct step *step, bool adds)
{
    _cleanup_(strv_release) struct strv flags = STRV_INIT;
    _cleanup_(strv_release) struct strv words = STRV_INIT;
    const char *rest = dockerfile_split_flags(step->arguments, step->escape, &flags);

    if (!adds && has_flag(&flags, "--from="))
        return false;
    strv_push_words(&words, rest);
    if (words.count < 2)
        return true;
    for (size_t i = 0; i + 1 < words.count; i++)
        if (is_file(words.items[i], adds))
            return true;
    return false;
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

/* A mount without a type binds (Dockerfile reference, RUN --mount). */
static bool mounts_files(const char *mount)
{
    static const char *const others[] = {"cache", "tmpfs", "secret", "ssh"};
    _cleanup_free_ char *type = mount_field(mount, "type");
    _cleanup_free_ char *from = mount_field(mount, "from");

    for (size_t i = 0; type && i < ELEMENTS(others); i++)
        if (strcasecmp(type, others[i]) == 0)
            return false;
    return !from || !*from;
}

static bool runs_with_files(const struct step *step)
{
    static const char flag[] = "--mount=";
    _cleanup_(strv_release) struct strv flags = STRV_INIT;

    dockerfile_split_flags(step->arguments, step->escape, &flags);
    for (size_t i = 0; i < flags.count; i++)
        if (text_begins(flags.items[i], flag) && mounts_files(flags.items[i] + strlen(flag)))
            return true;
    return false;
}

static bool is(const struct step *step, const char *keyword)
{
    return strcasecmp(step->keyword, keyword) == 0;
}

static bool takes_files(const struct step *step)
{
    if (is(step, "RUN"))
        return runs_with_files(step);
    return is(step, "ADD") || is(step, "COPY") ? copies_files(step, is(step, "ADD")) : false;
}

/* What stands behind ONBUILD; no trigger may be another one. */
static bool triggers_with_files(const struct step *step)
{
    size_t length = strcspn(step->arguments, " \t");
    _cleanup_free_ char *keyword = xstrndup(step->arguments, length);
    const char *arguments = step->arguments + length;
    const struct step triggered = {keyword, arguments + strspn(arguments, " \t"), step->escape};

    return takes_files(&triggered);
}

bool context_files_taken(const struct dockerfile *file)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *instruction = &file->instructions[i];
        const struct step step = {instruction->keyword, instruction->arguments, file->escape};
        if (is(&step, "ONBUILD") ? triggers_with_files(&step) : takes_files(&step))
            return true;
    }
    return false;
}
