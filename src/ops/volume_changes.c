#include "ops/volume_changes.h"

#include "base/xalloc.h"
#include "engine/container_listing.h"
#include "host/process.h"
#include "model/label.h"
#include "ops/named_container.h"
#include "ops/undo.h"

/* A comparison of volumes on its way. */
struct comparison {
    const struct session *session;
    const struct container *container;
    struct container_diff *diff;
    char *fresh;   /* id of a container as it was at first; NULL: none yet */
    bool no_fresh; /* and there will be none */
    bool complete;
    struct undo undo;
};

static void comparison_release(struct comparison *comparison)
{
    undo_run(&comparison->undo);
    free(comparison->fresh);
}

/* --- a container as it was at first --------------------------------------------------- */

/* To a sweep it is what a deploy left that never came to start it. */
static void write_spec(const struct comparison *comparison, struct container_spec *spec)
{
    _cleanup_free_ char *stamp = process_stamp();
    _cleanup_free_ char *uid = xasprintf("%u", (unsigned)comparison->session->caller->uid);

    spec->image = xstrdup(comparison->container->image_id);
    spec->network_mode = xstrdup("none");
    spec->clear_entrypoint = true;
    strv_push(&spec->command, "/never-started");
    strmap_set(&spec->labels, LABEL_CREATED_BY, stamp);
    strmap_set(&spec->labels, LABEL_DEPLOY, "true");
    strmap_set(&spec->labels, LABEL_USER_ID, uid);
}

static int create_fresh(struct comparison *comparison, struct error *err)
{
    const struct session *session = comparison->session;
    _cleanup_(container_spec_release) struct container_spec spec = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    /* Two may look at a container at once, and after one that was killed. */
    _cleanup_free_ char *name =
        xasprintf("ds01-compare-%.12s-%ld", comparison->container->id, (long)getpid());

    if (comparison->fresh || comparison->no_fresh)
        return 0;
    write_spec(comparison, &spec);
    if (named_container_create(
            session, name, name, &spec, &comparison->undo, &comparison->fresh, &cause) == 0)
        return 0;
    if (cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    comparison->no_fresh = true;
    return 0;
}

/* --- one volume against another --------------------------------------------------------- */

static int list(const struct comparison *comparison, const char *id, const char *volume,
    struct file_listing *ret, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    struct engine *engine = comparison->session->engine;

    if (engine_container_list_files(engine, id, volume, ret, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    return 0;
}

static bool is_same(const struct listed_file *one, const struct listed_file *other)
{
    return one->folder ? other->folder : strcmp(one->state, other->state) == 0;
}

static void compare_listings(
    struct container_diff *diff, const struct file_listing *now, const struct file_listing *before)
{
    for (size_t i = 0; i < now->count; i++) {
        const struct listed_file *file = &now->files[i];
        const struct listed_file *was = file_listing_find(before, file->path);
        if (!was || !is_same(file, was))
            strv_push(was ? &diff->modified : &diff->added, file->path);
    }
    for (size_t i = 0; now->complete && i < before->count; i++)
        if (!file_listing_find(now, before->files[i].path))
            strv_push(&diff->removed, before->files[i].path);
}

static int compare_volume(struct comparison *comparison, const char *volume, struct error *err)
{
    _cleanup_(file_listing_release) struct file_listing now = {.complete = true};
    _cleanup_(file_listing_release) struct file_listing before = {.complete = true};

    if (list(comparison, comparison->container->id, volume, &now, err) < 0)
        return -1;
    comparison->complete = comparison->complete && now.complete;
    if (now.count && create_fresh(comparison, err) < 0)
        return -1;
    if (comparison->fresh && list(comparison, comparison->fresh, volume, &before, err) < 0)
        return -1;
    compare_listings(comparison->diff, &now, &before);
    if (now.count && !before.count)
        strv_push(&comparison->diff->added, volume);
    return 0;
}

int volume_changes_add(const struct session *session, const struct container *container,
    struct container_diff *diff, bool *ret_complete, struct error *err)
{
    _cleanup_(comparison_release) struct comparison comparison = {
        .session = session,
        .container = container,
        .diff = diff,
        .complete = true,
        .undo = UNDO_INIT(session),
    };

    for (size_t i = 0; i < container->volumes.count; i++)
        if (compare_volume(&comparison, container->volumes.items[i], err) < 0)
            return -1;
    *ret_complete = comparison.complete;
    return 0;
}
