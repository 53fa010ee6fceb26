#include "model/dockerfile.h"

#include <ctype.h>

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "model/dockerfile_word.h"

/* Far above any real file; they keep a hostile one from costing memory and time. */
#define STAGES_MAX    1000
#define ARGUMENTS_MAX 1000

/* What the walk through the file knows so far. */
struct walk {
    const struct dockerfile *file;
    struct strmap variables; /* ARGs from before the first FROM that have a value */
    struct strv stages;      /* names in lower case, "" for a stage without one */
    size_t stages_begun;     /* how many of them the walk has passed */
    struct strv images;
};

static int problem(
    const struct dockerfile_instruction *instruction, const char *what, struct error *err)
{
    return error_set(err, ERROR_USAGE, "line %u: %s", instruction->first_line, what);
}

static char *lower(const char *text)
{
    char *copy = xstrdup(text);

    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

static bool is(const struct dockerfile_instruction *instruction, const char *keyword)
{
    return strcmp(instruction->keyword, keyword) == 0;
}

/* Is `name` one of the first `count` stages? */
static bool is_stage(const struct walk *walk, const char *name, size_t count)
{
    _cleanup_free_ char *folded = lower(name);

    if (!*name)
        return false;
    for (size_t i = 0; i < count && i < walk->stages.count; i++)
        if (strcmp(walk->stages.items[i], folded) == 0)
            return true;
    return false;
}

static bool has_from(const struct dockerfile *file)
{
    for (size_t i = 0; i < file->count; i++)
        if (is(&file->instructions[i], "FROM"))
            return true;
    return false;
}

/* All stages' names, known before the walk: COPY may name a later stage as well. */
static int collect_stages(struct walk *walk, struct error *err)
{
    if (!has_from(walk->file)) {
        error_set(err, ERROR_USAGE, "no FROM names the image to begin with");
        return error_hint(err, "let it begin with a line such as: FROM debian:bookworm");
    }
    for (size_t i = 0; i < walk->file->count; i++) {
        const struct dockerfile_instruction *instruction = &walk->file->instructions[i];
        _cleanup_(strv_release) struct strv words = STRV_INIT;
        if (!is(instruction, "FROM")) {
            if (walk->stages.count == 0 && !is(instruction, "ARG"))
                return problem(instruction, "only ARG may stand before the first FROM", err);
            continue;
        }
        if (walk->stages.count >= STAGES_MAX)
            return problem(instruction, "there are too many stages", err);
        if (!dockerfile_split_from(instruction->arguments, walk->file->escape, &words))
            return problem(instruction, "FROM takes one image, or an image, AS and a name", err);
        strv_take(&walk->stages, lower(words.count == 3 ? words.items[2] : ""));
    }
    return 0;
}

/* `text` with the variables put in; NULL, and the error set, where that cannot be done. */
static char *expand(const struct walk *walk, const struct dockerfile_instruction *instruction,
    const char *text, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf expanded = STRBUF_INIT(STRBUF_TEXT_MAX);
    struct dockerfile_words options = {.escape = walk->file->escape, .variables = &walk->variables};

    if (!dockerfile_read_words(&options, text, &expanded, NULL)) {
        problem(instruction, options.problem, err);
        error_hint(err, "give it a default: ARG NAME=value above the first FROM");
        return NULL;
    }
    return strbuf_detach(&expanded);
}

/* "ARG name=value other": what has a value can be put in further down. */
static int read_arguments(
    struct walk *walk, const struct dockerfile_instruction *instruction, struct error *err)
{
    _cleanup_(strv_release) struct strv words = STRV_INIT;

    dockerfile_split_quoted(instruction->arguments, walk->file->escape, &words);
    for (size_t i = 0; i < words.count; i++) {
        char *equals = strchr(words.items[i], '=');
        if (!equals)
            continue;
        *equals = '\0';
        _cleanup_free_ char *value = expand(walk, instruction, equals + 1, err);
        if (!value)
            return -1;
        if (walk->variables.count >= ARGUMENTS_MAX)
            return problem(instruction, "there are too many ARGs", err);
        strmap_set(&walk->variables, words.items[i], value);
    }
    return 0;
}

static void add_image(struct walk *walk, const char *image)
{
    if (strcmp(image, "scratch") != 0 && !strv_contains(&walk->images, image))
        strv_push(&walk->images, image);
}

static int read_from(
    struct walk *walk, const struct dockerfile_instruction *instruction, struct error *err)
{
    _cleanup_(strv_release) struct strv words = STRV_INIT;

    dockerfile_split_from(instruction->arguments, walk->file->escape, &words);
    _cleanup_free_ char *image = expand(walk, instruction, words.items[0], err);
    if (!image)
        return -1;
    if (!*image)
        return problem(instruction, "FROM names no image", err);
    if (!is_stage(walk, image, walk->stages_begun))
        add_image(walk, image);
    walk->stages_begun++;
    return 0;
}

/* What --from= or from= names: a stage by name or number, or an image. */
static int read_source(struct walk *walk, const struct dockerfile_instruction *instruction,
    const char *text, struct error *err)
{
    _cleanup_free_ char *source = expand(walk, instruction, text, err);

    if (!source)
        return -1;
    bool is_number = *source && !source[strspn(source, "0123456789")];
    if (*source && !is_number && !is_stage(walk, source, walk->stages.count))
        add_image(walk, source);
    return 0;
}

/* The "from=" field of a --mount flag's comma-separated value. */
static int read_mount(struct walk *walk, const struct dockerfile_instruction *instruction,
    const char *value, struct error *err)
{
    _cleanup_free_ char *copy = xstrdup(value);

    for (char *field = copy; field;) {
        char *comma = strchr(field, ',');
        if (comma)
            *comma++ = '\0';
        if (strncasecmp(field, "from=", 5) == 0 &&
            read_source(walk, instruction, field + 5, err) < 0)
            return -1;
        field = comma;
    }
    return 0;
}

static int read_flags(
    struct walk *walk, const struct dockerfile_instruction *instruction, struct error *err)
{
    _cleanup_(strv_release) struct strv flags = STRV_INIT;
    bool copies = is(instruction, "COPY");

    if (!copies && !is(instruction, "RUN"))
        return 0;
    dockerfile_split_flags(instruction->arguments, walk->file->escape, &flags);
    for (size_t i = 0; i < flags.count; i++) {
        const char *flag = flags.items[i];
        if (copies && strncmp(flag, "--from=", 7) == 0 &&
            read_source(walk, instruction, flag + 7, err) < 0)
            return -1;
        if (!copies && strncmp(flag, "--mount=", 8) == 0 &&
            read_mount(walk, instruction, flag + 8, err) < 0)
            return -1;
    }
    return 0;
}

static int walk_file(struct walk *walk, struct error *err)
{
    if (collect_stages(walk, err) < 0)
        return -1;
    for (size_t i = 0; i < walk->file->count; i++) {
        const struct dockerfile_instruction *instruction = &walk->file->instructions[i];
        int result = 0;
        if (is(instruction, "FROM"))
            result = read_from(walk, instruction, err);
        else if (is(instruction, "ARG") && walk->stages_begun == 0)
            result = read_arguments(walk, instruction, err);
        else
            result = read_flags(walk, instruction, err);
        if (result < 0)
            return -1;
    }
    return 0;
}

int dockerfile_base_images(
    const struct dockerfile *file, struct strv *ret_images, struct error *err)
{
    struct walk walk = {.file = file};

    int result = walk_file(&walk, err);
    if (result == 0) {
        strv_release(ret_images);
        *ret_images = walk.images;
        walk.images = (struct strv)STRV_INIT;
    }
    strmap_release(&walk.variables);
    strv_release(&walk.stages);
    strv_release(&walk.images);
    return result;
}
