#include "ops/container_save.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/xalloc.h"
#include "engine/container_commit.h"
#include "engine/container_diff.h"
#include "engine/container_files.h"
#include "engine/image.h"
#include "engine/info.h"
#include "host/lock.h"
#include "model/label.h"
#include "model/name.h"
#include "model/reference.h"
#include "model/saved_image.h"
#include "model/size.h"
#include "ops/container_job.h"
#include "ops/image_change.h"
#include "ops/named_container.h"
#include "ops/undo.h"

/* What must be left on the server besides the image itself. */
#define SPARE_BYTES ((int64_t)64 << 20)

/* A save on its way. */
struct save {
    const struct session *session;
    const struct container_save_request *request;
    struct image_before before;
    struct image image;  /* the container's; empty when it is gone */
    struct strv grown;   /* login records that are to be emptied */
    int64_t grown_bytes; /* their sizes */
    struct undo undo;
};

static void save_release(struct save *save)
{
    undo_run(&save->undo);
    image_before_release(&save->before);
    image_release(&save->image);
    strv_release(&save->grown);
}

/* --- before anything is touched -------------------------------------------------- */

int container_save_check_tag(const char *tag, struct error *err)
{
    _cleanup_(reference_release) struct reference parsed = REFERENCE_INIT;
    _cleanup_free_ char *text = xasprintf("ds01-0/x:%s", tag);
    bool usable =
        reference_parse(text, &parsed, NULL) == 0 && parsed.tag && strcmp(parsed.tag, tag) == 0;

    if (is_companion_tag(tag) || is_committed_tag(tag)) {
        error_set(err, ERROR_USAGE, "'%s' is a tag that %s", tag,
            is_companion_tag(tag) ? "ds01 itself gives an image, and which goes with it"
                                  : "AIME's tools give what they commit");
        return error_hint(err, "choose another tag, or none");
    }
    if (usable)
        return 0;
    error_set(err, ERROR_USAGE, "'%s' cannot be the tag of a saved image", tag);
    return error_hint(err, "a tag is made of letters, digits, '_', '.' and '-'");
}

static int tag_is_free(const struct save *save, const char *reference, struct error *err)
{
    _cleanup_(image_release) struct image image = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_inspect(save->session->engine, reference, &image, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    error_set(err, ERROR_REFUSED, "there is an image %s already", reference);
    return error_hint(err, "choose another tag, or remove that image first: image-retire %s:%s",
        save->request->project, save->request->tag);
}

/* Of two containers of one project the second save would push the first aside. */
static int is_not_saved_yet(const struct save *save, const char *reference, struct error *err)
{
    const struct strv *others = save->request->others;

    if (!others || !strv_contains(others, reference))
        return 0;
    error_set(err, ERROR_REFUSED, "%s is another container's already, which was saved just now",
        reference);
    return error_hint(
        err, "save this one by another name: container-retire %s --save=TAG", save->request->name);
}

static int find_image(struct save *save, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_inspect(
            save->session->engine, save->request->container->image_id, &save->image, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    return 0;
}

/* The kind and size of what is at `path`; nothing is kind 0. */
static int look_at(
    const struct save *save, const char *path, struct container_stat *ret, struct error *err)
{
    const struct container *container = save->request->container;
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    *ret = (struct container_stat){0};
    if (engine_container_stat(save->session->engine, container->id, path, ret, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    return 0;
}

/*
 * The login records are as long as the largest uid in them, 292 bytes each: for one of a
 * directory service 500 GB with nothing in it, which a commit would write out (FACTS 8).
 */
static int find_grown(struct save *save, struct error *err)
{
    static const char *const folders[] = {"/var", "/var/log"};
    static const char *const records[] = {
        "/var/log/btmp", "/var/log/faillog", "/var/log/lastlog", "/var/log/tallylog"};
    const struct container *container = save->request->container;
    struct container_stat stat;

    /* What leads elsewhere is left alone: it could be the server's. */
    for (size_t i = 0; i < ELEMENTS(folders); i++) {
        if (look_at(save, folders[i], &stat, err) < 0)
            return -1;
        if (!S_ISDIR(stat.mode))
            return 0;
    }
    for (size_t i = 0; i < ELEMENTS(records); i++) {
        if (look_at(save, records[i], &stat, err) < 0)
            return -1;
        if (!S_ISREG(stat.mode) || stat.size <= 0 ||
            mounts_cover(container->mounts, container->mount_count, records[i]))
            continue;
        strv_push(&save->grown, records[i]);
        save->grown_bytes += stat.size;
    }
    return 0;
}

static int no_room(const struct save *save, int64_t needed, int64_t free_bytes, struct error *err)
{
    _cleanup_free_ char *needed_text = size_format(needed);
    _cleanup_free_ char *free_text = size_format(free_bytes);

    error_set(err, ERROR_REFUSED,
        "there is no room to save %s: %s are needed on the server, and %s are free",
        save->request->name, needed_text, free_text);
    return error_hint(err, "remove what is large in the container, or add its packages to the "
                           "image instead: --update");
}

/* Where the engine's storage cannot be seen, the engine itself will say that it is full. */
static int check_room(const struct save *save, struct error *err)
{
    const struct container *container = save->request->container;
    _cleanup_free_ char *root = NULL;
    int64_t bytes = 0;

    if (engine_container_size(save->session->engine, container->id, &bytes, err) < 0 ||
        engine_root(save->session->engine, &root, err) < 0)
        return -1;
    int64_t free_bytes = root ? file_system_free(root) : -1;
    if (free_bytes < 0)
        return 0;
    int64_t own = bytes > save->grown_bytes ? bytes - save->grown_bytes : 0;
    int64_t needed = own + own / 16 + SPARE_BYTES;
    return needed > free_bytes ? no_room(save, needed, free_bytes, err) : 0;
}

static int prepare(struct save *save, const char *reference, struct error *err)
{
    const struct container_save_request *request = save->request;

    if (request->tag ? tag_is_free(save, reference, err) < 0
                     : is_not_saved_yet(save, reference, err) < 0)
        return -1;
    if (image_before_find(save->session, request->project, &save->before, err) < 0 ||
        find_image(save, err) < 0 || find_grown(save, err) < 0 || check_room(save, err) < 0)
        return -1;
    return interrupt_pending() ? interrupt_error(err) : 0;
}

/* --- the commit -------------------------------------------------------------------- */

static int undo_stop(const struct session *session, void *argument, struct error *err)
{
    return engine_container_start(session->engine, argument, err);
}

/* A shell is there again after a failure; a command of the user's is not run a second time. */
static int stop(struct save *save, struct error *err)
{
    const struct container *container = save->request->container;

    if (strcmp(container->state, "running") == 0 && !container_is_job(container))
        undo_push(&save->undo, undo_stop, xstrdup(container->id), free);
    return named_container_stop(save->session, container, STOP_SECONDS, err);
}

static int empty_grown(const struct save *save, struct error *err)
{
    const struct container *container = save->request->container;
    _cleanup_(container_files_release) struct container_files files = {0};

    if (!save->grown.count)
        return 0;
    for (size_t i = 0; i < save->grown.count; i++)
        container_files_add(&files, save->grown.items[i], S_IFREG | 0644, 0, 0, "");
    return engine_container_write_files(save->session->engine, container->id, &files,
        container->mounts, container->mount_count, err);
}

static const char *user_inside(const struct save *save)
{
    const struct strv *environment = &save->request->container->environment;

    for (size_t i = 0; i < environment->count; i++)
        if (strncmp(environment->items[i], "USER=", 5) == 0 && environment->items[i][5])
            return environment->items[i] + 5;
    return save->session->caller->name;
}

/*
 * The image has no name until all of it is there: one that an engine finishes after nobody
 * waits for it any more is an untagged build, which is swept later.
 */
static int commit(const struct save *save, char **ret_id, struct error *err)
{
    const struct caller *caller = save->session->caller;
    const struct container *container = save->request->container;
    const struct image *image = &save->image;
    _cleanup_(strv_release) struct strv environment = STRV_INIT;
    const struct saved_image saved = {
        .container = save->request->name,
        .project = save->request->project,
        .login = caller->login,
        .username = user_inside(save),
        .uid = caller->uid,
        .gid = caller->gid,
    };
    struct commit_spec spec = {
        .user = image->user && *image->user ? image->user : "0",
        .command = &image->command,
        .entrypoint = &image->entrypoint,
        /* Of an image that is gone it is not known which of the variables were its own. */
        .environment = image->id ? &environment : NULL,
    };

    saved_image_environment(&saved, &container->environment, &image->environment, &environment);
    saved_image_labels(&saved, &container->labels, &image->labels, &spec.labels);
    int result = engine_container_commit(save->session->engine, container->id, &spec, ret_id, err);
    strmap_release(&spec.labels);
    return result;
}

/* The Dockerfile is the same, and so is what a rollback returns to. */
static int make_current(struct save *save, const char *id, struct error *err)
{
    const char *project = save->request->project;
    struct image_before *before = &save->before;

    if (image_change_adopt(save->session, project, before, id, &save->undo, err) < 0)
        return -1;
    if (!before->now.dockerfile)
        return 0;
    image_change_note_build(save->session, project, before, &before->now, id, &before->metadata);
    image_change_remember(save->session, project, before->tag, &before->metadata);
    return 0;
}

static int carry_out(struct save *save, const char *reference, struct error *err)
{
    _cleanup_free_ char *id = NULL;

    observer_note(
        &save->session->observer, NOTE_INFO, "Saving %s as %s.", save->request->name, reference);
    if (stop(save, err) < 0 || empty_grown(save, err) < 0 || commit(save, &id, err) < 0)
        return -1;
    if (save->request->tag)
        return engine_image_tag(save->session->engine, id, reference, err);
    return make_current(save, id, err);
}

int container_save(const struct session *session, const struct container_save_request *request,
    struct saved_container *ret, struct error *err)
{
    _cleanup_(lock_release) struct lock lock = LOCK_INIT;
    _cleanup_(save_release) struct save save = {
        .session = session, .request = request, .undo = UNDO_INIT(session)};
    _cleanup_free_ char *current = image_name(session->caller->uid, request->project);
    int stem = (int)strlen(current) - (int)strlen("latest");
    _cleanup_free_ char *reference =
        request->tag ? xasprintf("%.*s%s", stem, current, request->tag) : xstrdup(current);

    if (!request->dry_run &&
        lock_take(session->caller, LOCK_IMAGE, request->project, &lock, err) < 0)
        return -1;
    if (prepare(&save, reference, err) < 0 ||
        (!request->dry_run && carry_out(&save, reference, err) < 0))
        return -1;
    undo_forget(&save.undo);
    *ret = (struct saved_container){
        .reference = TAKE_PTR(reference),
        .has_dockerfile = save.before.now.dockerfile != NULL,
        .has_previous = !request->tag && save.before.id,
    };
    return 0;
}

void saved_container_release(struct saved_container *saved)
{
    free(saved->reference);
    *saved = (struct saved_container){0};
}
