#include "ops/image_requirements.h"

#include "base/xalloc.h"

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
    *ret = bundle;
    bundle = (struct requirements_bundle){0};
    return 0;
}
