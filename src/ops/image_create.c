#include "ops/image_create.h"

#include <fcntl.h>
#include <libgen.h>
#include <time.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "engine/image.h"
#include "host/directory.h"
#include "host/lock.h"
#include "host/project_files.h"
#include "model/dockerfile.h"
#include "model/name.h"
#include "model/reference.h"
#include "ops/image_build.h"
#include "ops/undo.h"

#define FRAMEWORK_CUSTOM "custom"

/* What an image-create is about to do. */
struct plan {
    const struct image_create_request *request;
    char *tag;
    char *old_id;   /* the image that has the tag now, or NULL */
    char *old_text; /* the project's Dockerfile as it is now, or NULL */
    size_t old_length;
    struct strbuf text; /* the Dockerfile to build */
    struct project_metadata metadata;
};

static void plan_release(struct plan *plan)
{
    free(plan->tag);
    free(plan->old_id);
    free(plan->old_text);
    strbuf_release(&plan->text);
    project_metadata_release(&plan->metadata);
}

static struct recipe_user user_of(const struct session *session, const char *home)
{
    const struct caller *caller = session->caller;

    return (struct recipe_user){caller->login, caller->name, home, caller->uid, caller->gid};
}

/* Finds the image and the files that are there already. */
static int look_at_what_is_there(
    const struct session *session, struct plan *plan, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_(image_release) struct image image = {0};
    const char *project = plan->request->project;

    if (engine_image_inspect(session->engine, plan->tag, &image, &cause) == 0)
        plan->old_id = xstrdup(image.id);
    else if (cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    if (plan->old_id && !plan->request->force) {
        error_set(err, ERROR_REFUSED, "the image %s exists already", project);
        return error_hint(err, "rebuild it with: image-create %s --force", project);
    }
    if (project_dockerfile_read(
            session->caller, project, &plan->old_text, &plan->old_length, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    if (project_metadata_read(session->caller, project, &plan->metadata, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND)
        observer_note(&session->observer, NOTE_WARNING, "%s; it is written anew", cause.message);
    return 0;
}

static void set_text(char **target, const char *value)
{
    char *copy = xstrdup(value);

    free(*target);
    *target = copy;
}

/* A Dockerfile of the user's own, wherever it is. */
static int text_from_file(const struct session *session, struct plan *plan, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(session->caller);
    const struct image_create_request *request = plan->request;
    _cleanup_free_ char *path = directory_expand(session->caller, request->dockerfile);
    _cleanup_free_ char *folder = xstrdup(path);
    _cleanup_free_ char *context = request->context
                                       ? directory_expand(session->caller, request->context)
                                       : xstrdup(dirname(folder));
    _cleanup_(mount_directory_release) struct mount_directory directory = {0};
    _cleanup_free_ char *text = NULL, *home = NULL;
    size_t length;

    if (file_read_at(AT_FDCWD, path, DOCKERFILE_MAX, &text, &length, err) < 0) {
        if (err)
            err->code = ERROR_USAGE;
        return error_hint(err, "name an existing Dockerfile with --dockerfile");
    }
    if (directory_check(session->caller, context, true, false, &directory, err) < 0)
        return -1;
    home = home_in_container(session->caller->name, session->caller->uid);
    struct recipe_user user = user_of(session, home);
    recipe_with_user_block(text, length, &user, request->project, FRAMEWORK_CUSTOM, &plan->text);
    set_text(&plan->metadata.context, directory.path);
    set_text(&plan->metadata.base, NULL);
    set_text(&plan->metadata.framework, FRAMEWORK_CUSTOM);
    return 0;
}

static void today(char ret_date[16])
{
    time_t now = time(NULL);
    struct tm local;

    localtime_r(&now, &local);
    strftime(ret_date, 16, "%Y-%m-%d", &local);
}

static void copy_list(struct strv *target, const struct strv *source)
{
    strv_release(target);
    for (size_t i = 0; source && i < source->count; i++)
        strv_push(target, source->items[i]);
}

/* A new Dockerfile from what was asked for; without a base, the one of last time. */
static int text_from_recipe(const struct session *session, struct plan *plan, struct error *err)
{
    const struct image_create_request *request = plan->request;
    const char *base = request->base ? request->base : plan->metadata.base;
    _cleanup_(reference_release) struct reference reference = REFERENCE_INIT;
    _cleanup_(recipe_release) struct recipe recipe = {0};
    _cleanup_free_ char *home = home_in_container(session->caller->name, session->caller->uid);
    char date[16];

    if (!base) {
        error_set(err, ERROR_USAGE, "no base image was named for %s", request->project);
        return error_hint(err, "add --base IMAGE, for example --base debian:bookworm");
    }
    if (reference_parse(base, &reference, err) < 0)
        return error_prefix(err, "--base");
    recipe.project = xstrdup(request->project);
    recipe.base = reference_familiar(&reference);
    recipe.framework = xstrdup(FRAMEWORK_CUSTOM);
    copy_list(&recipe.pip, request->pip);
    copy_list(&recipe.apt, request->apt);
    struct recipe_user user = user_of(session, home);
    today(date);
    recipe_write(&recipe, &user, date, &plan->text);

    set_text(&plan->metadata.base, recipe.base);
    set_text(&plan->metadata.framework, FRAMEWORK_CUSTOM);
    set_text(&plan->metadata.context, NULL);
    copy_list(&plan->metadata.pip, &recipe.pip);
    copy_list(&plan->metadata.apt, &recipe.apt);
    return 0;
}

/* The project's Dockerfile as it is, edits and all; only the user block is made right. */
static void text_from_project(const struct session *session, struct plan *plan)
{
    _cleanup_free_ char *home = home_in_container(session->caller->name, session->caller->uid);
    struct recipe_user user = user_of(session, home);
    const char *framework = plan->metadata.framework ? plan->metadata.framework : FRAMEWORK_CUSTOM;

    recipe_with_user_block(
        plan->old_text, plan->old_length, &user, plan->request->project, framework, &plan->text);
}

static int write_text(const struct session *session, struct plan *plan, struct error *err)
{
    const struct image_create_request *request = plan->request;
    bool asked = request->base || (request->pip && request->pip->count) ||
                 (request->apt && request->apt->count);

    if (request->dockerfile) {
        if (text_from_file(session, plan, err) < 0)
            return -1;
    } else if (asked || !plan->old_text) {
        if (text_from_recipe(session, plan, err) < 0)
            return -1;
    } else {
        text_from_project(session, plan);
    }
    if (plan->text.overflowed)
        return error_set(err, ERROR_FAILED, "the Dockerfile of %s is too large", request->project);
    return 0;
}

struct restore_dockerfile {
    char *project;
    char *text; /* NULL: there was none */
    size_t length;
};

static void restore_dockerfile_free(void *argument)
{
    struct restore_dockerfile *restore = argument;

    free(restore->project);
    free(restore->text);
    free(restore);
}

static int restore_dockerfile(const struct session *session, void *argument, struct error *err)
{
    const struct restore_dockerfile *restore = argument;

    if (!restore->text)
        return project_dockerfile_remove(session->caller, restore->project, err);
    return project_dockerfile_write(
        session->caller, restore->project, restore->text, restore->length, err);
}

/* Puts the new Dockerfile in its place; the old one goes to the backup folder. */
static int store_dockerfile(const struct session *session, struct plan *plan, struct undo *undo,
    char **ret_backup, struct error *err)
{
    const char *project = plan->request->project;
    const char *text = strbuf_text(&plan->text);
    struct restore_dockerfile *restore;

    if (plan->old_text && plan->old_length == plan->text.length &&
        memcmp(plan->old_text, text, plan->old_length) == 0)
        return 0;
    if (plan->old_text && project_backup(session->caller, project, "Dockerfile", plan->old_text,
                              plan->old_length, ret_backup, err) < 0)
        return -1;
    restore = xcalloc(1, sizeof(*restore));
    restore->project = xstrdup(project);
    restore->length = plan->old_length;
    if (plan->old_text)
        restore->text = xstrndup(plan->old_text, plan->old_length);
    undo_push(undo, restore_dockerfile, restore, restore_dockerfile_free);
    return project_dockerfile_write(session->caller, project, text, plan->text.length, err);
}

struct restore_tag {
    char *tag;
    char *old_id; /* NULL: the tag did not exist */
};

static void restore_tag_free(void *argument)
{
    struct restore_tag *restore = argument;

    free(restore->tag);
    free(restore->old_id);
    free(restore);
}

/* A build that was stopped at its very end may have moved the tag already. */
static int restore_tag(const struct session *session, void *argument, struct error *err)
{
    const struct restore_tag *restore = argument;
    _cleanup_(image_release) struct image image = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_inspect(session->engine, restore->tag, &image, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    if (!restore->old_id)
        return engine_image_remove(session->engine, restore->tag, false, err);
    if (strcmp(image.id, restore->old_id) == 0)
        return 0;
    return engine_image_tag(session->engine, restore->old_id, restore->tag, err);
}

static int build(const struct session *session, struct plan *plan, struct undo *undo, char **ret_id,
    struct error *err)
{
    struct image_build_request build_request = {
        .project = plan->request->project,
        .dockerfile = strbuf_text(&plan->text),
        .dockerfile_length = plan->text.length,
        .context = plan->metadata.context,
        .no_cache = plan->request->no_cache,
        .pull = plan->request->pull,
    };
    struct restore_tag *restore = xcalloc(1, sizeof(*restore));

    restore->tag = xstrdup(plan->tag);
    restore->old_id = xstrdup(plan->old_id);
    undo_push(undo, restore_tag, restore, restore_tag_free);
    return image_build(session, &build_request, ret_id, err);
}

/* Only a memory aid: what went wrong with it is said and fails nothing. */
static void remember(const struct session *session, struct plan *plan)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    time_t now = time(NULL);
    struct tm utc;
    char created[32];

    gmtime_r(&now, &utc);
    strftime(created, sizeof(created), "%Y-%m-%dT%H:%M:%SZ", &utc);
    set_text(&plan->metadata.created, created);
    set_text(&plan->metadata.image, plan->tag);
    if (project_metadata_write(session->caller, plan->request->project, &plan->metadata, &cause) <
        0)
        observer_note(&session->observer, NOTE_WARNING, "%s", cause.message);
}

static int carry_out(const struct session *session, struct plan *plan,
    struct image_create_result *result, struct error *err)
{
    _cleanup_(undo_run) struct undo undo = UNDO_INIT(session);

    if (store_dockerfile(session, plan, &undo, &result->backup_path, err) < 0)
        return -1;
    if (!plan->request->no_build && build(session, plan, &undo, &result->id, err) < 0)
        return -1;
    remember(session, plan);
    undo_forget(&undo);
    return 0;
}

int image_create(const struct session *session, const struct image_create_request *request,
    struct image_create_result *ret, struct error *err)
{
    _cleanup_(plan_release) struct plan plan = {
        .request = request,
        .tag = image_name(session->caller->uid, request->project),
        .text = STRBUF_INIT(DOCKERFILE_MAX),
    };
    _cleanup_(image_create_result_release) struct image_create_result result = {0};
    _cleanup_close_ int lock = -EBADF;

    if (!request->dry_run) {
        _cleanup_free_ char *what = xasprintf("image-%s", request->project);
        lock = lock_take(session->caller, what, err);
        if (lock < 0)
            return -1;
    }
    if (look_at_what_is_there(session, &plan, err) < 0 || write_text(session, &plan, err) < 0)
        return -1;
    if (!request->dry_run && carry_out(session, &plan, &result, err) < 0)
        return -1;
    result.image = TAKE_PTR(plan.tag);
    result.dockerfile_path = project_dockerfile_path(session->caller, request->project);
    result.context = xstrdup(plan.metadata.context);
    result.dockerfile = strbuf_detach(&plan.text);
    *ret = result;
    result = (struct image_create_result){0};
    return 0;
}

void image_create_result_release(struct image_create_result *result)
{
    free(result->image);
    free(result->id);
    free(result->dockerfile_path);
    free(result->dockerfile);
    free(result->context);
    free(result->backup_path);
    *result = (struct image_create_result){0};
}
