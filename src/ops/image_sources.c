#include "ops/image_sources.h"

#include "base/xalloc.h"

struct restore_dockerfile {
    char *project;
    char *text; /* NULL: there was none */
    size_t length;
    char *written; /* in its place */
    size_t written_length;
};

static void restore_dockerfile_free(void *argument)
{
    struct restore_dockerfile *restore = argument;

    free(restore->project);
    free(restore->text);
    free(restore->written);
    free(restore);
}

static bool same_text(const char *a, size_t a_length, const char *b, size_t b_length)
{
    return a && b && a_length == b_length && memcmp(a, b, a_length) == 0;
}

/* What a person has saved while the build ran is newer than what is to be put back. */
static void tell_kept(const struct session *session, const char *project, const char *suffix)
{
    observer_note(&session->observer, NOTE_WARNING,
        "~/%s/%s%s was changed meanwhile, and stays as it was saved.", USER_DOCKERFILES, project,
        suffix);
}

static int restore_dockerfile(const struct session *session, void *argument, struct error *err)
{
    const struct restore_dockerfile *restore = argument;
    const struct caller *caller = session->caller;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *now = NULL;
    size_t length = 0;

    if (project_dockerfile_read(caller, restore->project, &now, &length, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    if ((!now && !restore->text) || same_text(now, length, restore->text, restore->length))
        return 0;
    if (now && !same_text(now, length, restore->written, restore->written_length)) {
        tell_kept(session, restore->project, ".Dockerfile");
        return 0;
    }
    if (!restore->text)
        return project_dockerfile_remove(caller, restore->project, err);
    return project_dockerfile_write(caller, restore->project, restore->text, restore->length, err);
}

/* The Dockerfile is in the backup folder already, where the image was built from it. */
static int back_up_dockerfile(const struct session *session, const char *project,
    const struct image_before *before, char **ret_backup, struct error *err)
{
    const struct build_sources *now = &before->now;
    const struct build_sources *built = &before->built;

    if (!now->dockerfile)
        return 0;
    if (same_text(now->dockerfile, now->length, built->dockerfile, built->length)) {
        *ret_backup = xstrdup(before->built_path);
        return 0;
    }
    return project_backup(
        session->caller, project, "Dockerfile", now->dockerfile, now->length, ret_backup, err);
}

static int change_dockerfile(const struct session *session, const char *project,
    const struct image_before *before, const struct build_sources *sources, struct undo *undo,
    char **ret_backup, struct error *err)
{
    const struct build_sources *now = &before->now;

    if (same_text(now->dockerfile, now->length, sources->dockerfile, sources->length))
        return 0;
    if (back_up_dockerfile(session, project, before, ret_backup, err) < 0)
        return -1;
    struct restore_dockerfile *restore = xcalloc(1, sizeof(*restore));
    restore->project = xstrdup(project);
    restore->length = now->length;
    if (now->dockerfile)
        restore->text = xstrndup(now->dockerfile, now->length);
    restore->written = xstrndup(sources->dockerfile, sources->length);
    restore->written_length = sources->length;
    undo_push(undo, restore_dockerfile, restore, restore_dockerfile_free);
    return project_dockerfile_write(
        session->caller, project, sources->dockerfile, sources->length, err);
}

struct restore_requirements {
    char *project;
    struct requirements_bundle bundle;
    bool is_written;
    struct requirements_bundle written; /* in its place, as it is read again */
};

static void restore_requirements_free(void *argument)
{
    struct restore_requirements *restore = argument;

    free(restore->project);
    requirements_bundle_release(&restore->bundle);
    requirements_bundle_release(&restore->written);
    free(restore);
}

static int restore_requirements(const struct session *session, void *argument, struct error *err)
{
    const struct restore_requirements *restore = argument;
    _cleanup_(requirements_bundle_release) struct requirements_bundle now = {0};

    if (requirements_bundle_kept(session->caller, USER_DOCKERFILES, restore->project, &now, err) <
        0)
        return -1;
    if (requirements_bundle_equal(&now, &restore->bundle))
        return 0;
    if (restore->is_written && !requirements_bundle_equal(&now, &restore->written)) {
        tell_kept(session, restore->project, REQUIREMENTS_FILE_SUFFIX);
        return 0;
    }
    return requirements_bundle_keep(
        session->caller, USER_DOCKERFILES, restore->project, &restore->bundle, err);
}

/* Likewise. */
static int back_up_requirements(const struct session *session, const char *project,
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

static int change_requirements(const struct session *session, const char *project,
    const struct image_before *before, const struct requirements_bundle *bundle, struct undo *undo,
    char **ret_backup, struct error *err)
{
    _cleanup_(requirements_bundle_release) struct requirements_bundle kept = {0};

    if (requirements_bundle_kept(session->caller, USER_DOCKERFILES, project, &kept, err) < 0)
        return -1;
    if (requirements_bundle_equal(&kept, bundle))
        return 0;
    if (back_up_requirements(session, project, before, &kept, ret_backup, err) < 0)
        return -1;
    struct restore_requirements *restore = xcalloc(1, sizeof(*restore));
    restore->project = xstrdup(project);
    restore->bundle = kept;
    kept = (struct requirements_bundle){0};
    undo_push(undo, restore_requirements, restore, restore_requirements_free);
    if (requirements_bundle_keep(session->caller, USER_DOCKERFILES, project, bundle, err) < 0 ||
        requirements_bundle_kept(
            session->caller, USER_DOCKERFILES, project, &restore->written, err) < 0)
        return -1;
    restore->is_written = true;
    return 0;
}

int image_change_sources(const struct session *session, const char *project,
    const struct image_before *before, const struct build_sources *sources, struct undo *undo,
    char **ret_backup, char **ret_requirements_backup, struct error *err)
{
    const struct requirements_bundle *requirements = &sources->requirements;

    if (change_dockerfile(session, project, before, sources, undo, ret_backup, err) < 0)
        return -1;
    if (requirements_bundle_equal(requirements, &before->now.requirements))
        return 0;
    return change_requirements(
        session, project, before, requirements, undo, ret_requirements_backup, err);
}
