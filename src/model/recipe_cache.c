#include "model/recipe_cache.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strv.h"
#include "model/dockerfile_word.h"

#define ID_PREFIX "ds01-"

static const char *const ids[] = {
    "id=" ID_PREFIX "apt", "id=" ID_PREFIX "apt-lists", "id=" ID_PREFIX "pip"};

void recipe_write_apt_run(char escape, struct strbuf *ret_text)
{
    strbuf_addf(ret_text,
        "RUN --mount=type=cache,id=ds01-apt,target=/var/cache/apt,sharing=locked %c\n"
        "    --mount=type=cache,id=ds01-apt-lists,target=/var/lib/apt/lists,sharing=locked %c\n"
        "    ",
        escape, escape);
}

void recipe_write_pip_run(struct strbuf *ret_text)
{
    strbuf_adds(ret_text, "RUN --mount=type=cache,id=ds01-pip,target=/root/.cache/pip \\\n    ");
}

/* Where in "--mount=type=cache,id=ds01-apt,…" the id stands, where that is ours; or NULL. */
static const char *find_id(const char *flag)
{
    static const char mount[] = "--mount=";

    if (strncmp(flag, mount, strlen(mount)) != 0)
        return NULL;
    for (const char *field = flag + strlen(mount); *field; field += *field == ',') {
        size_t length = strcspn(field, ",");
        for (size_t i = 0; i < ELEMENTS(ids); i++)
            if (length == strlen(ids[i]) && strncmp(field, ids[i], length) == 0)
                return field + strlen("id=");
        field += length;
    }
    return NULL;
}

/* The flags stand first in an instruction, so each is where its text is met next. */
static const char *rename_caches(const struct dockerfile *file,
    const struct dockerfile_instruction *run, uid_t uid, const char *copied, struct strbuf *out)
{
    _cleanup_(strv_release) struct strv flags = STRV_INIT;
    const char *at = file->text + run->start;

    dockerfile_split_flags(run->arguments, file->escape, &flags);
    for (size_t i = 0; i < flags.count; i++) {
        const char *flag = flags.items[i];
        const char *id = find_id(flag);
        const char *found = memmem(at, (size_t)(file->text + run->end - at), flag, strlen(flag));
        if (!id || !found)
            continue;
        at = found + (id - flag) + strlen(ID_PREFIX);
        strbuf_add(out, copied, (size_t)(at - copied));
        strbuf_addf(out, "%" PRIu32 "-", (uint32_t)uid);
        copied = at;
    }
    return copied;
}

void recipe_with_private_caches(const struct dockerfile *file, uid_t uid, struct strbuf *ret_text)
{
    const char *copied = file->text;

    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->instructions[i].keyword, "RUN") == 0)
            copied = rename_caches(file, &file->instructions[i], uid, copied, ret_text);
    strbuf_add(ret_text, copied, (size_t)(file->text + file->length - copied));
}
