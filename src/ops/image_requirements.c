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

struct restore_requirements {
    char *project;
    struct requirements_bundle bundle;
};

static void restore_requirements_free(void *argument)
{
    struct restore_requirements *restore = argument;

    free(restore->project);
    requirements_bundle_release(&restore->bundle);
    free(restore);
}

static int restore_requirements(const struct session *session, void *argument, struct error *err)
{
    const struct restore_requirements *restore = argument;

    return requirements_bundle_keep(
        session->caller, USER_DOCKERFILES, restore->project, &restore->bundle, err);
}

/* The same may be in the backup folder already: the image was built from it. */
static int back_up(const struct session *session, const char *project,
    const struct image_before *before, const struct requirements_bundle *kept, char **ret_backup,
    struct error *err)
{
    if (!kept->text && !kept->count)
        return 0;
    if (!before->built_path || !requirements_bundle_equal(kept, &before->built.requirements))
        return requirements_bundle_backup(session->caller, project, kept, ret_backup, err);
    int stem = (int)(strlen(before->built_path) - strlen(".Dockerfile"));
    *ret_backup = xasprintf("%.*s%s", stem, before->built_path, REQUIREMENTS_FILE_SUFFIX);
    return 0;
}

int image_change_requirements(const struct session *session, const char *project,
    const struct image_before *before, const struct requirements_bundle *bundle, struct undo *undo,
    char **ret_backup, struct error *err)
{
    _cleanup_(requirements_bundle_release) struct requirements_bundle kept = {0};

    if (requirements_bundle_kept(session->caller, USER_DOCKERFILES, project, &kept, err) < 0)
        return -1;
    if (requirements_bundle_equal(&kept, bundle))
        return 0;
    if (back_up(session, project, before, &kept, ret_backup, err) < 0)
        return -1;
    struct restore_requirements *restore = xcalloc(1, sizeof(*restore));
    restore->project = xstrdup(project);
    restore->bundle = kept;
    kept = (struct requirements_bundle){0};
    undo_push(undo, restore_requirements, restore, restore_requirements_free);
    return requirements_bundle_keep(session->caller, USER_DOCKERFILES, project, bundle, err);
}
