/*
 * The first line is what a builder says, the rest the Dockerfile that it speaks of: what is found
 * is one of its instructions.
 */
#include "fuzz.h"

#include "model/build_place.h"

static void require_own(
    const struct dockerfile *file, const struct dockerfile_instruction *one, const char *keyword)
{
    if (!one)
        return;
    require(one >= file->instructions && one < file->instructions + file->count);
    require(!keyword || strcmp(one->keyword, keyword) == 0);
}

static void check_title(const struct dockerfile *file, const char *name)
{
    _cleanup_free_ char *title = build_place_title(file, name);

    if (!title)
        return;
    /* It stands for the step's name, which began with its place. */
    require(name[0] == '[' && title[0] == '[' && strstr(title, "] "));
    require(strlen(title) <= strlen(name) + file->length + sizeof("Python packages from "));
}

static void check_refusal(const struct dockerfile *file, const char *message)
{
    const char *reason = NULL;
    const struct dockerfile_instruction *one = build_place_find_refused(file, message, &reason);

    require_own(file, one, NULL);
    /* A part of what was said. */
    require(!one || (reason >= message && reason <= message + strlen(message)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    _cleanup_free_ char *said = take_line(&text, &size);
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    if (dockerfile_parse(text, size, &file, NULL) < 0)
        return 0;
    require_own(file, build_place_find(file, said), NULL);
    require_own(file, build_place_find_address(file, said), "ADD");
    require_own(file, build_place_find_image(file, said), NULL);
    check_title(file, said);
    check_refusal(file, said);
    return 0;
}
