#include "base/xalloc.h"
#include "engine/image.h"
#include "host/lock.h"
#include "model/name.h"
#include "ops/image_diff.h"
#include "ops/image_keep.h"
#include "ops/image_sources.h"
#include "ops/image_update_result.h"

/* The files that the build before was made from. */
static int read_previous(const struct session *session, const struct image_before *before,
    struct build_sources *ret, struct error *err)
{
    const char *name = before->metadata.previous;

    if (!name) {
        error_set(err, ERROR_NOT_FOUND, "the Dockerfile of the build before is not known");
        return error_hint(
            err, "look for it in ~/%s, and use image-create --dockerfile", USER_BACKUP);
    }
    return build_sources_kept(session->caller, name, ret, err);
}

/* What the image was made from changes places with what the build before was made from. */
static void swap_copies(struct project_metadata *metadata, const char *backup_path)
{
    const char *slash = backup_path ? strrchr(backup_path, '/') : NULL;
    char *built = metadata->built;

    if (!built && slash)
        built = xstrdup(slash + 1);
    metadata->built = metadata->previous;
    metadata->previous = built;
}

static int roll_back(const struct session *session, const char *project,
    struct image_before *before, const char *previous_id, const struct build_sources *previous,
    struct image_update_result *result, struct error *err)
{
    _cleanup_(undo_run) struct undo undo = UNDO_INIT(session);

    if (image_change_sources(session, project, before, previous, &undo, &result->backup_path,
            &result->requirements_backup_path, err) < 0 ||
        image_change_swap(session, project, before, previous_id, &undo, err) < 0)
        return -1;
    undo_forget(&undo);
    image_keep(session, project, "latest", previous_id);
    result->id = xstrdup(previous_id);
    image_note_packages(&before->metadata, previous->dockerfile, previous->length);
    swap_copies(&before->metadata, result->backup_path);
    image_change_remember(session, project, before->tag, &before->metadata);
    return 0;
}

/* Where another tool took the current one's name away, a rollback has made both the same. */
static int find_previous(const struct session *session, const char *project,
    const struct image_before *before, struct image *ret, struct error *err)
{
    _cleanup_free_ char *tag = image_previous_name(session->caller->uid, project);
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_inspect(session->engine, tag, ret, &cause) < 0) {
        if (cause.code != ERROR_NOT_FOUND)
            return error_move(err, &cause);
    } else if (!before->id || strcmp(before->id, ret->id) != 0) {
        return 0;
    }
    error_set(err, ERROR_NOT_FOUND, "there is no build of %s before this one", project);
    return error_hint(err, "image-list shows your images");
}

int image_rollback(const struct session *session, const char *project, bool dry_run,
    struct image_update_result *ret, struct error *err)
{
    _cleanup_(lock_release) struct lock lock = LOCK_INIT;
    _cleanup_(image_before_release) struct image_before before = {0};
    _cleanup_(image_update_result_release) struct image_update_result result = {0};
    _cleanup_(build_sources_release) struct build_sources sources = {0};
    _cleanup_(image_release) struct image previous = {0};

    if (!dry_run && lock_take(session->caller, LOCK_IMAGE, project, &lock, err) < 0)
        return -1;
    if (image_before_find(session, project, &before, err) < 0)
        return -1;
    if (!before.id && !before.now.dockerfile)
        return image_no_dockerfile(session, project, err);
    if (find_previous(session, project, &before, &previous, err) < 0)
        return -1;
    if (!before.now.dockerfile)
        return image_no_dockerfile(session, project, err);
    if (read_previous(session, &before, &sources, err) < 0)
        return -1;
    result.diff = image_diff(project, &before.now, &sources);
    result.image = xstrdup(before.tag);
    observer_diff(&session->observer, result.diff);
    if (!dry_run && roll_back(session, project, &before, previous.id, &sources, &result, err) < 0)
        return image_change_tell_unchanged(session, project, &before, err);
    image_note_outdated(session, previous.id, &result);
    *ret = result;
    result = (struct image_update_result){0};
    return 0;
}
