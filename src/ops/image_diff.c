#include "ops/image_diff.h"

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "model/text_diff.h"

#define DIFF_MAX ((size_t)16 << 20) /* bytes */

static void diff_requirements(const char *project, const struct requirements_bundle *before,
    const struct requirements_bundle *after, struct strbuf *out)
{
    _cleanup_free_ char *name = xasprintf("%s%s", project, REQUIREMENTS_FILE_SUFFIX);

    text_diff(before->text ? before->text : "", before->length, after->text ? after->text : "",
        after->length, name, out);
}

static const struct bundled_file *find_same(
    const struct requirements_bundle *bundle, const struct bundled_file *file, bool *ret_equal)
{
    for (size_t i = 0; i < bundle->count; i++) {
        const struct bundled_file *one = &bundle->files[i];
        if (strcmp(one->path, file->path) != 0)
            continue;
        *ret_equal = one->length == file->length && one->mode == file->mode &&
                     memcmp(one->data, file->data, file->length) == 0;
        return one;
    }
    return NULL;
}

/* Files that are named by the requirements file may hold anything: their names must do. */
static void list_files(const char *project, const struct requirements_bundle *before,
    const struct requirements_bundle *after, struct strbuf *out)
{
    bool equal = true;

    for (size_t i = 0; i < before->count; i++)
        if (!find_same(after, &before->files[i], &equal))
            strbuf_addf(
                out, "-%s%s/%s\n", project, REQUIREMENTS_FOLDER_SUFFIX, before->files[i].path);
        else if (!equal)
            strbuf_addf(out, "-%s%s/%s\n+%s%s/%s (another content)\n", project,
                REQUIREMENTS_FOLDER_SUFFIX, before->files[i].path, project,
                REQUIREMENTS_FOLDER_SUFFIX, before->files[i].path);
    for (size_t i = 0; i < after->count; i++)
        if (!find_same(before, &after->files[i], &equal))
            strbuf_addf(
                out, "+%s%s/%s\n", project, REQUIREMENTS_FOLDER_SUFFIX, after->files[i].path);
}

char *image_diff(
    const char *project, const struct build_sources *before, const struct build_sources *after)
{
    struct strbuf out = STRBUF_INIT(DIFF_MAX);
    _cleanup_free_ char *name = xasprintf("%s.Dockerfile", project);

    text_diff(before->dockerfile, before->length, after->dockerfile, after->length, name, &out);
    diff_requirements(project, &before->requirements, &after->requirements, &out);
    list_files(project, &before->requirements, &after->requirements, &out);
    return strbuf_detach(&out);
}
