#include "ops/image_requirements.h"

#include "base/xalloc.h"
#include "host/project_files.h"

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

    return project_requirements_write(session->caller, restore->project, &restore->bundle, err);
}

/* 1: it is the same; 0: another, and what was there is in *restore and in the backup folder. */
static int look_at_what_is_there(const struct session *session,
    const struct requirements_bundle *bundle, struct restore_requirements *restore,
    char **ret_backup, struct error *err)
{
    const struct requirements_bundle *before = &restore->bundle;

    if (project_requirements_read(session->caller, restore->project, &restore->bundle, err) < 0)
        return -1;
    if (requirements_bundle_equal(before, bundle))
        return 1;
    return before->text ? project_backup(session->caller, restore->project, "requirements.txt",
                              before->text, before->length, ret_backup, err)
                        : 0;
}

int image_change_requirements(const struct session *session, const char *project,
    const struct requirements_bundle *bundle, struct undo *undo, char **ret_backup,
    struct error *err)
{
    struct restore_requirements *restore = xcalloc(1, sizeof(*restore));

    restore->project = xstrdup(project);
    int same = look_at_what_is_there(session, bundle, restore, ret_backup, err);
    if (same != 0) {
        restore_requirements_free(restore);
        return same < 0 ? -1 : 0;
    }
    undo_push(undo, restore_requirements, restore, restore_requirements_free);
    return project_requirements_write(session->caller, project, bundle, err);
}
