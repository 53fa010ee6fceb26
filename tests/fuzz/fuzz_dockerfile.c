/* A Dockerfile that someone wrote: read it, find its bases, and put the user block in. */
#include "fuzz.h"

#include <ctype.h>

#include "base/strbuf.h"
#include "model/context_files.h"
#include "model/dockerfile.h"
#include "model/lab_network.h"
#include "model/recipe.h"
#include "model/recipe_cache.h"
#include "model/recipe_shared.h"

static const struct recipe_user user = {"h.baker@x", "h-baker-at-x", "/home/h-baker-at-x", 7, 8};

/* The ranges are in order and within the text; between them is only what is no instruction. */
static void check_ranges(const struct dockerfile *file)
{
    size_t at = 0;
    unsigned line = 0;

    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        require(one->start >= at && one->end > one->start && one->end <= file->length);
        require(one->first_line > line && one->last_line >= one->first_line);
        require(one->keyword[0] != '\0');
        at = one->end;
        line = one->last_line;
    }
}

/*
 * Does the file end in the middle of an instruction? The escape that would join it to the block
 * goes, and with "\\" CR "\\" at the end the value goes too, for which no other spelling exists.
 */
static bool ends_open(const struct dockerfile *file)
{
    _cleanup_(strbuf_release) struct strbuf more = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(dockerfile_freep) struct dockerfile *result = NULL;

    strbuf_add(&more, file->text, file->length);
    strbuf_adds(&more, "\nFROM scratch\n");
    return dockerfile_parse(more.text, more.length, &result, NULL) < 0 ||
           result->count == file->count;
}

/* The block comes last, survives the parser, and putting it in again changes nothing. */
static void check_block(const struct dockerfile *file)
{
    _cleanup_(strbuf_release) struct strbuf once = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf twice = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(dockerfile_freep) struct dockerfile *result = NULL;

    recipe_with_user_block(file->text, file->length, &user, "p", "custom", &once);
    recipe_with_user_block(once.text, once.length, &user, "p", "custom", &twice);
    require(once.length == twice.length && memcmp(once.text, twice.text, once.length) == 0);
    if (dockerfile_parse(once.text, once.length, &result, NULL) < 0) {
        require(ends_open(file));
        return;
    }
    const struct dockerfile_instruction *last = &result->instructions[result->count - 1];
    require(strcmp(last->keyword, "USER") == 0 && strcmp(last->arguments, "7:8") == 0);
}

/* With arguments in place of the user's values it has one instruction more, and no value. */
static void check_shared(const struct dockerfile *file)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf shared = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(dockerfile_freep) struct dockerfile *whole = NULL, *result = NULL;
    _cleanup_(strmap_release) struct strmap arguments = STRMAP_INIT;

    recipe_with_user_block(file->text, file->length, &user, "p", "custom", &text);
    if (dockerfile_parse(strbuf_text(&text), text.length, &whole, NULL) < 0 ||
        !recipe_share(whole, &user, "p", &shared, &arguments))
        return;
    require(dockerfile_parse(strbuf_text(&shared), shared.length, &result, NULL) == 0);
    require(result->count == whole->count + 1 && arguments.count == 7);
}

/* What the lab's files are mounted with moves no instruction and leaves each its keyword. */
static void check_mounted(const struct dockerfile *file)
{
    const struct lab_network network = {.pip_index_url = "http://a/", .apt_mirror = "http://a/"};
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(dockerfile_freep) struct dockerfile *result = NULL;
    _cleanup_(strv_release) struct strv flags = STRV_INIT;

    lab_network_mount(file, &network, "ds01-network:1", &text, &flags);
    if (text.length > DOCKERFILE_MAX)
        return;
    require(dockerfile_parse(strbuf_text(&text), text.length, &result, NULL) == 0);
    require(result->count == file->count);
    for (size_t i = 0; i < file->count; i++) {
        require(result->instructions[i].first_line == file->instructions[i].first_line);
        require(strcmp(result->instructions[i].keyword, file->instructions[i].keyword) == 0);
    }
}

/* Drops `number` wherever it stands behind "ds01-". */
static void drop_numbers(const char *text, size_t length, const char *number, struct strbuf *out)
{
    static const char prefix[] = "ds01-";
    size_t size = strlen(number);

    for (size_t i = 0; i < length; i++) {
        if (length - i >= size && memcmp(text + i, number, size) == 0 &&
            out->length >= strlen(prefix) &&
            memcmp(out->text + out->length - strlen(prefix), prefix, strlen(prefix)) == 0)
            i += size - 1;
        else
            strbuf_addc(out, text[i]);
    }
}

/* With caches of the user's own it is the same text, but for the number in their names. */
static void check_private(const struct dockerfile *file)
{
    static const char number[] = "4020100907-";
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf before = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf after = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(dockerfile_freep) struct dockerfile *result = NULL;

    recipe_with_private_caches(file, (uid_t)strtoul(number, NULL, 10), &text);
    drop_numbers(file->text, file->length, number, &before);
    drop_numbers(strbuf_text(&text), text.length, number, &after);
    require(strcmp(strbuf_text(&before), strbuf_text(&after)) == 0);
    if (text.length > DOCKERFILE_MAX)
        return;
    require(dockerfile_parse(strbuf_text(&text), text.length, &result, NULL) == 0);
    require(result->count == file->count);
    for (size_t i = 0; i < file->count; i++)
        require(result->instructions[i].first_line == file->instructions[i].first_line);
}

/* Each path is written in one way only and stays within the context. */
static void check_context_path(const char *path)
{
    for (const char *part = path;; part++) {
        size_t length = strcspn(part, "/");
        require(length > 0 && !(length == 1 && *part == '.') &&
                !(length == 2 && memcmp(part, "..", 2) == 0));
        part += length;
        if (!*part)
            return;
    }
}

/* What takes nothing from the build context has no COPY of a plain name. */
static void check_context(const struct dockerfile *file)
{
    _cleanup_(strv_release) struct strv paths = STRV_INIT;

    context_files_find(file, &paths);
    for (size_t i = 0; i < paths.count; i++)
        check_context_path(paths.items[i]);
    if (context_files_taken(file))
        return;
    for (size_t i = 0; i < file->count; i++)
        require(strcmp(file->instructions[i].keyword, "COPY") != 0 ||
                !isalnum((unsigned char)file->instructions[i].arguments[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
    _cleanup_(strv_release) struct strv images = STRV_INIT;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_(strbuf_release) struct strbuf block = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (dockerfile_parse((const char *)data, size, &file, &err) < 0) {
        require(err.code == ERROR_USAGE && !file);
        recipe_with_user_block((const char *)data, size, &user, "p", "custom", &block);
        return 0;
    }
    check_ranges(file);
    check_context(file);
    check_block(file);
    check_mounted(file);
    check_private(file);
    check_shared(file);
    if (dockerfile_base_images(file, &images, &err) < 0)
        require(err.code == ERROR_USAGE && images.count == 0);
    return 0;
}
