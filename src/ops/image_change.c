#include "ops/image_change.h"

#include <time.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/xalloc.h"
#include "engine/image.h"
#include "engine/info.h"
#include "host/project_backups.h"
#include "model/label.h"
#include "model/name.h"
#include "model/recipe_user.h"
#include "ops/image_keep.h"
#include "ops/sweep.h"

#define ROOM_MIN     ((int64_t)16 << 20) /* bytes; a disk with less is full */
#define ROOM_WAIT_MS 5000L
#define ROOM_NAP_MS  100L

/* A copy that is gone or damaged is none: the memory aid is no truth. */
static void find_built(const struct session *session, struct image_before *before)
{
    const char *name = before->metadata.built;

    if (before->id && name && build_sources_kept(session->caller, name, &before->built, NULL) == 0)
        before->built_path =
            xasprintf("%s/%s/%s", session->caller->home, USER_BACKUP, before->metadata.built);
}

static void note_image(const struct image *image, struct image_before *before)
{
    const char *saved_from = strmap_get(&image->labels, LABEL_SAVED_FROM);

    before->id = xstrdup(image->id);
    if (saved_from && *saved_from)
        before->saved_from = xstrdup(saved_from);
}

int image_before_find(
    const struct session *session, const char *project, struct image_before *ret, struct error *err)
{
    _cleanup_(image_before_release) struct image_before before = {
        .tag = image_name(session->caller->uid, project)};
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_(image_release) struct image image = {0};

    if (engine_image_inspect(session->engine, before.tag, &image, &cause) == 0)
        note_image(&image, &before);
    else if (cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    if (build_sources_read(session->caller, project, &before.now, err) < 0)
        return -1;
    if (project_metadata_read(session->caller, project, &before.metadata, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND)
        observer_note(&session->observer, NOTE_WARNING, "%s; it is written anew", cause.message);
    find_built(session, &before);
    *ret = before;
    before = (struct image_before){0};
    return 0;
}

struct restore_tag {
    char *tag;
    char *id; /* NULL: the tag did not exist */
};

static void restore_tag_free(void *argument)
{
    struct restore_tag *restore = argument;

    free(restore->tag);
    free(restore->id);
    free(restore);
}

/* *ret_id is the image that has the tag, or NULL. */
static int find_id(const struct session *session, const char *tag, char **ret_id, struct error *err)
{
    _cleanup_(image_release) struct image image = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    *ret_id = NULL;
    if (engine_image_inspect(session->engine, tag, &image, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    *ret_id = TAKE_PTR(image.id);
    return 0;
}

static bool is_restored(const struct restore_tag *restore, const char *id)
{
    return restore->id ? id && strcmp(id, restore->id) == 0 : !id;
}

/* Also a build that was stopped at its very end may have moved the tag already. */
static int restore_tag(const struct session *session, void *argument, struct error *err)
{
    const struct restore_tag *restore = argument;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *now = NULL;

    if (find_id(session, restore->tag, &now, err) < 0)
        return -1;
    if (is_restored(restore, now))
        return 0;
    int result = restore->id ? engine_image_tag(session->engine, restore->id, restore->tag, &cause)
                             : engine_image_remove(session->engine, restore->tag, false, &cause);
    if (result == 0)
        return 0;
    /* Without room for its notes the engine says no, and has moved the tag all the same. */
    free(TAKE_PTR(now));
    if (find_id(session, restore->tag, &now, NULL) == 0 && is_restored(restore, now))
        return 0;
    return error_move(err, &cause);
}

static void push_restore_tag(struct undo *undo, const char *tag, const char *id)
{
    struct restore_tag *restore = xcalloc(1, sizeof(*restore));

    restore->tag = xstrdup(tag);
    restore->id = xstrdup(id);
    undo_push(undo, restore_tag, restore, restore_tag_free);
}

/* The image before gets its second tag first, so that at no moment it has none. */
static int keep_as_previous(const struct session *session, const char *previous_tag,
    const struct image_before *before, char **ret_old_previous, struct undo *undo,
    struct error *err)
{
    if (find_id(session, previous_tag, ret_old_previous, err) < 0)
        return -1;
    push_restore_tag(undo, previous_tag, *ret_old_previous);
    return engine_image_tag(session->engine, before->id, previous_tag, err);
}

/* Only now, when every tag has its place. What cannot be cleaned up is, next time. */
static void sweep_old_builds(const struct session *session, const char *project, const char *id)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (sweep_builds(session, project, id, &cause) < 0)
        observer_note(
            &session->observer, NOTE_WARNING, "old builds were not removed: %s", cause.message);
}

/* What is not in the Dockerfile is not in what is built from it. */
void image_change_warn_of_saved(const struct session *session, const struct image_before *before,
    const struct image_build_request *request)
{
    int stem = (int)strlen(before->tag) - (int)strlen("latest");
    _cleanup_free_ char *own = xasprintf("%.*s", stem, before->tag);

    /* Unless it is what the Dockerfile begins from. */
    if (!before->saved_from ||
        memmem(request->dockerfile, request->dockerfile_length, own, strlen(own)))
        return;
    observer_note(&session->observer, NOTE_WARNING,
        "the image %s holds what was saved from the container %s, and its Dockerfile does not: "
        "the new build is without it. It stays as the build before, until the next one: "
        "image-update %s --rollback",
        request->project, before->saved_from, request->project);
}

void image_change_warn_of_block(const struct session *session, const char *project,
    const struct image_before *before, const char *text, size_t length)
{
    const struct build_sources *built = &before->built;

    if (!built->dockerfile ||
        !recipe_user_block_differs(text, length, built->dockerfile, built->length))
        return;
    observer_note(&session->observer, NOTE_WARNING,
        "What ds01 writes at the end of %s.Dockerfile was changed there, and is written as always: "
        "lines of your own have effect above it.",
        project);
}

/* Where the tags are before they move; `undo` puts them back. */
static int hold_tags(const struct session *session, const char *project,
    const struct image_before *before, char **ret_old_previous, struct undo *undo,
    struct error *err)
{
    _cleanup_free_ char *previous_tag = image_previous_name(session->caller->uid, project);
    _cleanup_free_ char *keep_tag = image_keep_name(session->caller->uid, project, "latest");

    if (before->id &&
        keep_as_previous(session, previous_tag, before, ret_old_previous, undo, err) < 0)
        return -1;
    push_restore_tag(undo, before->tag, before->id);
    push_restore_tag(undo, keep_tag, before->id);
    return 0;
}

int image_change_adopt(const struct session *session, const char *project,
    const struct image_before *before, const char *id, struct undo *undo, struct error *err)
{
    _cleanup_free_ char *old_previous = NULL;

    if (hold_tags(session, project, before, &old_previous, undo, err) < 0 ||
        engine_image_tag(session->engine, id, before->tag, err) < 0)
        return -1;
    image_keep(session, project, "latest", id);
    sweep_old_builds(session, project, id);
    return 0;
}

int image_change_build(const struct session *session, const struct image_before *before,
    const struct image_build_request *request, struct undo *undo, char **ret_id, struct error *err)
{
    _cleanup_free_ char *previous_tag = image_previous_name(session->caller->uid, request->project);
    _cleanup_free_ char *old_previous = NULL;

    image_change_warn_of_saved(session, before, request);
    if (hold_tags(session, request->project, before, &old_previous, undo, err) < 0)
        return -1;
    if (image_build(session, request, ret_id, err) < 0)
        return -1;
    /* Nothing was new: then nothing is before it either, but what was. */
    struct restore_tag restore = {previous_tag, old_previous};
    if (before->id && strcmp(before->id, *ret_id) == 0 && restore_tag(session, &restore, err) < 0)
        return -1;
    image_keep(session, request->project, "latest", *ret_id);
    sweep_old_builds(session, request->project, *ret_id);
    return 0;
}

int image_change_swap(const struct session *session, const char *project,
    const struct image_before *before, const char *previous_id, struct undo *undo,
    struct error *err)
{
    _cleanup_free_ char *previous_tag = image_previous_name(session->caller->uid, project);

    push_restore_tag(undo, before->tag, before->id);
    if (engine_image_tag(session->engine, previous_id, before->tag, err) < 0)
        return -1;
    if (!before->id)
        return 0;
    push_restore_tag(undo, previous_tag, previous_id);
    return engine_image_tag(session->engine, before->id, previous_tag, err);
}

static bool is_full(const char *folder)
{
    int64_t bytes = file_system_free(folder);

    return bytes >= 0 && bytes < ROOM_MIN;
}

/*
 * BuildKit frees what a failed step has written a moment after it has told of the failure: where
 * that filled the disk, there is no room for a container until then. Waits for it, not for long.
 * False where there is none then, either; where the disk cannot be seen, it is taken to be there.
 */
static bool await_room(const struct session *session)
{
    _cleanup_free_ char *root = NULL;
    const struct timespec nap = {.tv_nsec = ROOM_NAP_MS * 1000000L};

    if (engine_root(session->engine, &root, NULL) < 0 || !root)
        return true;
    if (is_full(root))
        observer_note(&session->observer, NOTE_INFO,
            "The disk is full; waiting for the builder to free what it has written …");
    for (long ms = 0; ms < ROOM_WAIT_MS && is_full(root) && !interrupt_pending(); ms += ROOM_NAP_MS)
        nanosleep(&nap, NULL);
    return !is_full(root);
}

int image_change_tell_unchanged(const struct session *session, const char *project,
    const struct image_before *before, struct error *err)
{
    _cleanup_(image_before_release) struct image_before now = {0};
    const struct session silent = session_silent(session);

    if (!err || err->code != ERROR_FAILED || !before->id ||
        image_before_find(&silent, project, &now, NULL) < 0 || !now.id ||
        strcmp(now.id, before->id) != 0 || !build_sources_equal(&now.now, &before->now))
        return -1;
    char *message = xasprintf("%s; %s is as it was%s", err->message, project,
        await_room(session) ? ", and its image still deploys" : "");
    free(err->message);
    err->message = message;
    return -1;
}

/* Copies what was built from, unless the copy of the build before is the same. */
static int keep_sources(const struct session *session, const char *project,
    const struct image_before *before, const struct build_sources *sources, char **ret_name,
    struct error *err)
{
    /* Borrowed: of the files only what the Dockerfile speaks of. */
    struct build_sources built = *sources;

    if (!build_sources_has_requirements(project, built.dockerfile, built.length))
        built.requirements = (struct requirements_bundle){0};
    if (before->built_path && build_sources_equal(&built, &before->built)) {
        *ret_name = xstrdup(strrchr(before->built_path, '/') + 1);
        return 0;
    }
    return build_sources_keep(session->caller, project, &built, ret_name, err);
}

void image_change_note_build(const struct session *session, const char *project,
    const struct image_before *before, const struct build_sources *sources, const char *id,
    struct project_metadata *metadata)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    bool is_new = before->id && strcmp(before->id, id) != 0;
    char *name = NULL;

    if (keep_sources(session, project, before, sources, &name, &cause) < 0 ||
        (is_new && !metadata->built && before->now.dockerfile &&
            build_sources_keep(session->caller, project, &before->now, &metadata->built, &cause) <
                0))
        observer_note(&session->observer, NOTE_WARNING,
            "a rollback will not find what a build was made from: %s", cause.message);
    if (is_new) {
        free(metadata->previous);
        metadata->previous = TAKE_PTR(metadata->built);
    }
    free(metadata->built);
    metadata->built = name;
}

void image_change_remember(const struct session *session, const char *project, const char *tag,
    struct project_metadata *metadata)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    time_t now = time(NULL);
    struct tm utc;
    char created[32];

    gmtime_r(&now, &utc);
    strftime(created, sizeof(created), "%Y-%m-%dT%H:%M:%SZ", &utc);
    free(metadata->created);
    free(metadata->image);
    metadata->created = xstrdup(created);
    metadata->image = xstrdup(tag);
    /* Backups go by what the metadata names, so they do only when that is written. */
    if (project_metadata_write(session->caller, project, metadata, &cause) < 0 ||
        project_backups_prune(session->caller, project, metadata, &cause) < 0)
        observer_note(&session->observer, NOTE_WARNING, "%s", cause.message);
}

void image_before_release(struct image_before *before)
{
    free(before->tag);
    free(before->id);
    free(before->saved_from);
    free(before->built_path);
    build_sources_release(&before->now);
    build_sources_release(&before->built);
    project_metadata_release(&before->metadata);
    *before = (struct image_before){0};
}
