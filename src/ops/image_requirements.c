#include "ops/image_requirements.h"

#include <fnmatch.h>

#include "base/xalloc.h"

/* "https://user:password@host/"; one that comes from a variable is not in the file. */
static bool has_password(const char *text, size_t length)
{
    const char *end = text + length;
    const char *at = text;

    while ((at = memmem(at, (size_t)(end - at), "://", 3))) {
        size_t whole = 0;
        at += 3;
        while (at + whole < end && at[whole] > ' ' && !strchr("/?#\"'", at[whole]))
            whole++;
        const char *sign = memrchr(at, '@', whole);
        const char *colon = sign ? memchr(at, ':', (size_t)(sign - at)) : NULL;
        if (colon && colon + 1 < sign && colon[1] != '$')
            return true;
    }
    return false;
}

static void warn_of_password(
    const struct session *session, const char *path, const char *text, size_t length)
{
    if (has_password(text, length))
        observer_note(&session->observer, NOTE_WARNING,
            "%s holds a password, which everybody who has the image can read: leave the line out, "
            "and put the address of the package index into pip_index_url in "
            "~/.ds01-config/config.yaml",
            path);
}

int image_requirements_read(const struct session *session, const char *project, const char *path,
    struct requirements_bundle *ret, struct error *err)
{
    _cleanup_(requirements_bundle_release) struct requirements_bundle bundle = {0};
    _cleanup_free_ char *own = xasprintf("%s%s", project, REQUIREMENTS_FILE_SUFFIX);

    if (requirements_bundle_read(session->caller, path, &bundle, err) < 0)
        return -1;
    for (size_t i = 0; i < bundle.count; i++)
        if (strcmp(bundle.files[i].path, own) == 0)
            return error_set(err, ERROR_USAGE,
                "the file %s, which %s names, has the name that the requirements file gets", own,
                path);
    for (size_t i = 0; i < bundle.variables.count; i++)
        observer_note(&session->observer, NOTE_WARNING,
            "%s uses ${%s}, which nothing sets while the image is built", path,
            bundle.variables.items[i]);
    warn_of_password(session, path, bundle.text, bundle.length);
    for (size_t i = 0; i < bundle.count; i++) {
        const struct bundled_file *file = &bundle.files[i];
        if (fnmatch("*.txt", file->path, 0) == 0)
            warn_of_password(session, file->path, file->data, file->length);
    }
    *ret = bundle;
    bundle = (struct requirements_bundle){0};
    return 0;
}
