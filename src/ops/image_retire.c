#include "ops/image_retire.h"

#include "base/xalloc.h"
#include "engine/container.h"
#include "engine/image.h"
#include "host/lock.h"
#include "host/project_files.h"
#include "host/requirements_bundle.h"
#include "model/name.h"
#include "model/size.h"
#include "ops/container_list.h"
#include "ops/image_keep.h"
#include "ops/image_share.h"
#include "ops/image_users.h"
#include "ops/named_container.h"
#include "ops/sweep.h"

/*
 * Containers made from this build or from the one before, which goes with it, and the caller's
 * that run a build still older: it has no name of its own to be found by.
 */
static int find_users(const struct session *session, const struct image_retire_request *request,
    const char *image_id, const struct container_list *containers, struct image_users *ret,
    struct error *err)
{
    _cleanup_(image_release) struct image previous = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *tag = image_previous_name(session->caller->uid, request->project);
    _cleanup_free_ char *latest = image_name(session->caller->uid, request->project);

    if (!request->tag && engine_image_inspect(session->engine, tag, &previous, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    for (size_t i = 0; i < containers->count; i++) {
        const struct container *container = &containers->containers[i];
        const char *used = container->image_id;
        if (strcmp(used, image_id) != 0 && (!previous.id || strcmp(used, previous.id) != 0) &&
            (request->tag || !container_is_made_from(session, container, latest)))
            continue;
        image_users_add(session, container, ret);
    }
    return 0;
}

static bool is_companion(const char *image)
{
    const char *colon = strrchr(image, ':');

    return colon && is_companion_tag(colon + 1);
}

/* Those of several images that are in each other's layers count once. */
static int find_freed(const struct session *session, const struct container_list *containers,
    const struct strv *images, int64_t *ret_bytes, struct error *err)
{
    _cleanup_(image_list_release) struct image_list list = {0};
    _cleanup_(image_share_release) struct image_share share = {0};
    _cleanup_(strv_release) struct strv ids = STRV_INIT;

    if (engine_image_list(session->engine, NULL, false, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < images->count; i++) {
        /* What is left without its own name is in no such list. */
        if (is_companion(images->items[i])) {
            *ret_bytes = -1;
            return 0;
        }
        image_share_going(session, images->items[i], &list, containers, &ids);
    }
    if (image_share_load(session, &list, &share, err) < 0 ||
        image_share_freed(session, &share, &ids, ret_bytes, err) < 0)
        return -1;
    image_share_remember(session, &share);
    return 0;
}

int image_retire_freed(
    const struct session *session, const struct strv *images, int64_t *ret_bytes, struct error *err)
{
    _cleanup_(container_list_release) struct container_list containers = {0};

    if (engine_container_list(session->engine, NULL, &containers, err) < 0)
        return -1;
    return find_freed(session, &containers, images, ret_bytes, err);
}

/* The figure that image-list names UNIQUE. */
static int find_own_freed(const struct session *session, const struct container_list *containers,
    struct image_retire_result *result, struct error *err)
{
    _cleanup_(strv_release) struct strv image = STRV_INIT;

    strv_push(&image, result->image);
    return find_freed(session, containers, &image, &result->freed, err);
}

static int confirm(const struct session *session, const struct image_retire_request *request,
    const struct image_retire_result *result, struct error *err)
{
    if (request->force || request->confirmed)
        return 0;
    const char *after = request->purge             ? ""
                        : result->dockerfile_stays ? " Its Dockerfile stays."
                                                   : " It has no Dockerfile to build it again.";
    _cleanup_free_ char *size = size_format(result->freed);
    _cleanup_free_ char *frees = result->freed < 0 ? NULL : xasprintf(", which frees %s", size);
    _cleanup_free_ char *question =
        xasprintf("Remove the image %s%s?%s", result->name, frees ? frees : "", after);
    int answer = observer_confirm(&session->observer, question, false, "--yes", err);
    if (answer < 0)
        return -1;
    return answer ? 0 : error_set(err, ERROR_REFUSED, "%s was kept", result->name);
}

static int remove_containers(
    const struct session *session, const struct image_users *users, struct error *err)
{
    for (size_t i = 0; i < users->own_count; i++)
        if (named_container_stop_and_remove(session, users->own[i], err) < 0)
            return -1;
    return 0;
}

/* The build before goes with the image. */
static int remove_previous(const struct session *session, const char *project, struct error *err)
{
    _cleanup_free_ char *tag = image_previous_name(session->caller->uid, project);
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_remove(session->engine, tag, false, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND && cause.code != ERROR_REFUSED)
        return error_move(err, &cause);
    return 0;
}

/* "ds01-<uid>/<project>:<tag>", and how people say it. */
static void name_image(const struct session *session, const struct image_retire_request *request,
    struct image_retire_result *result)
{
    result->image = image_name(session->caller->uid, request->project);
    result->name = xstrdup(request->project);
    if (!request->tag)
        return;
    int stem = (int)strlen(result->image) - (int)strlen("latest");
    char *image = xasprintf("%.*s%s", stem, result->image, request->tag);
    free(result->image);
    result->image = image;
    free(result->name);
    result->name = xasprintf("%s:%s", request->project, request->tag);
}

/*
 * True (1) when there is something to remove, by the image's own name, or by those that stay
 * when another tool has taken that away; result->image is then the one that was found.
 */
static int find_image(const struct session *session, const struct image_retire_request *request,
    struct image_retire_result *result, struct image *ret, struct error *err)
{
    uid_t uid = session->caller->uid;
    _cleanup_free_ char *kept =
        image_keep_name(uid, request->project, request->tag ? request->tag : "latest");
    _cleanup_free_ char *previous = image_previous_name(uid, request->project);
    const char *const names[] = {result->image, kept, request->tag ? NULL : previous};

    for (size_t i = 0; i < ELEMENTS(names) && names[i]; i++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        if (engine_image_inspect(session->engine, names[i], ret, &cause) == 0) {
            char *found = xstrdup(names[i]);
            free(result->image);
            result->image = found;
            return 1;
        }
        if (cause.code != ERROR_NOT_FOUND)
            return error_move(err, &cause);
    }
    return 0;
}

/* Finds what is in the way, and what the removal frees. */
static int plan(const struct session *session, const struct image_retire_request *request,
    const struct image *image, const struct container_list *containers, struct image_users *users,
    struct image_retire_result *result, struct error *err)
{
    /* By another name it stays, and a tag can be taken away from an image in use. */
    bool goes = !request->tag || image_names_go_with(&image->tags, result->image);

    if (goes && find_users(session, request, image->id, containers, users, err) < 0)
        return -1;
    if (image_users_refuse(session, users, result->name, request->force, err) < 0 ||
        find_own_freed(session, containers, result, err) < 0)
        return -1;
    for (size_t i = 0; i < users->names.count; i++)
        strv_push(&result->containers, users->names.items[i]);
    result->removed = true;
    return 0;
}

static int remove_image(const struct session *session, const struct image_retire_request *request,
    const struct image_users *users, const struct image_retire_result *result, struct error *err)
{
    const char *tag = request->tag ? request->tag : "latest";
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (remove_containers(session, users, err) < 0 ||
        image_keep_end(session, request->project, tag, err) < 0)
        return -1;
    /* What was found by its second name has gone with that. */
    if (engine_image_remove(session->engine, result->image, false, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    return 0;
}

/* Before anything goes: a full home then leaves everything. */
static int back_up_files(const struct session *session, const char *project, struct error *err)
{
    if (project_files_back_up(session->caller, project, err) == 0 &&
        requirements_bundle_back_up_kept(session->caller, project, err) == 0)
        return 0;
    error_prefix(err, "nothing of %s was removed", project);
    return error_hint(err,
        "make room for its Dockerfile there, or leave that where it is: image-retire %s", project);
}

/* The Dockerfile that stays is that of no build now; not to know that costs a word of doctor's. */
static void forget_builds(const struct session *session, const char *project)
{
    _cleanup_(project_metadata_release) struct project_metadata metadata = {0};

    if (project_metadata_read(session->caller, project, &metadata, NULL) < 0 || !metadata.built)
        return;
    free(metadata.built);
    free(metadata.previous);
    metadata.built = metadata.previous = NULL;
    (void)project_metadata_write(session->caller, project, &metadata, NULL);
}

static int carry_out(const struct session *session, const struct image_retire_request *request,
    const struct image_users *users, const struct image_retire_result *result, struct error *err)
{
    const char *project = request->project;
    bool purge = request->purge && !request->tag;

    if (result->removed && confirm(session, request, result, err) < 0)
        return -1;
    if (purge && back_up_files(session, project, err) < 0)
        return -1;
    if (result->removed && remove_image(session, request, users, result, err) < 0)
        return -1;
    if (!request->tag && (remove_previous(session, project, err) < 0 ||
                             sweep_builds(session, project, NULL, err) < 0))
        return -1;
    if (!request->tag && !purge)
        forget_builds(session, project);
    if (purge && (project_files_remove(session->caller, project, err) < 0 ||
                     requirements_bundle_remove(session->caller, project, err) < 0))
        return result->removed
                   ? error_prefix(err, "the image of %s is gone, its files stay", project)
                   : -1;
    return 0;
}

static int not_there(const struct image_retire_request *request,
    const struct image_retire_result *result, bool has_dockerfile, struct error *err)
{
    error_set(err, ERROR_NOT_FOUND, "you have no image %s", result->name);
    if (has_dockerfile && !request->tag)
        return error_hint(err,
            "only its Dockerfile is there; image-retire %s --purge moves that to backup",
            request->project);
    return error_hint(err, "image-list shows the images you have");
}

int image_retire(const struct session *session, const struct image_retire_request *request,
    struct image_retire_result *ret, struct error *err)
{
    _cleanup_(lock_release) struct lock lock = LOCK_INIT;
    _cleanup_(image_retire_result_release) struct image_retire_result result = {.freed = -1};
    _cleanup_(container_list_release) struct container_list containers = {0};
    _cleanup_(image_users_release) struct image_users users = {0};
    _cleanup_(image_release) struct image image = {0};

    if (!request->dry_run &&
        lock_take(session->caller, LOCK_IMAGE, request->project, &lock, err) < 0)
        return -1;
    name_image(session, request, &result);
    bool has_dockerfile = project_has_dockerfile(session->caller, request->project);
    result.purged = request->purge && has_dockerfile && !request->tag;
    result.dockerfile_stays = has_dockerfile && !request->purge && !request->tag;
    int found = find_image(session, request, &result, &image, err);
    if (found < 0)
        return -1;
    if (!found && !result.purged)
        return not_there(request, &result, has_dockerfile, err);
    if (found && (engine_container_list(session->engine, NULL, &containers, err) < 0 ||
                     plan(session, request, &image, &containers, &users, &result, err) < 0))
        return -1;
    if (!request->dry_run && carry_out(session, request, &users, &result, err) < 0)
        return -1;
    *ret = result;
    result = (struct image_retire_result){0};
    return 0;
}

void image_retire_result_release(struct image_retire_result *result)
{
    free(result->name);
    free(result->image);
    strv_release(&result->containers);
    *result = (struct image_retire_result){0};
}
