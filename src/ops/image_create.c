#include "ops/image_create.h"

#include <fcntl.h>
#include <libgen.h>
#include <time.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "host/directory.h"
#include "host/lock.h"
#include "model/dockerfile.h"
#include "ops/image_packages.h"
#include "ops/image_recipe.h"
#include "ops/image_requirements.h"
#include "ops/image_sources.h"
#include "ops/image_update_result.h"

/* What an image-create is about to do. */
struct plan {
    const struct image_create_request *request;
    struct image_before before;
    struct strbuf text; /* the Dockerfile to build */
    struct project_metadata metadata;
    struct requirements_bundle requirements; /* to be kept; empty: what is there stays */
};

static void plan_release(struct plan *plan)
{
    image_before_release(&plan->before);
    strbuf_release(&plan->text);
    project_metadata_release(&plan->metadata);
    requirements_bundle_release(&plan->requirements);
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
    const char *project = plan->request->project;

    if (image_before_find(session, project, &plan->before, err) < 0)
        return -1;
    if (plan->before.id && !plan->request->force) {
        error_set(err, ERROR_REFUSED, "the image %s exists already", project);
        return error_hint(err, "rebuild it with: image-create %s --force", project);
    }
    /* What the new image is asked for begins with how the old one was. */
    plan->metadata = plan->before.metadata;
    plan->before.metadata = (struct project_metadata){0};
    return 0;
}

static void set_text(char **target, const char *value)
{
    char *copy = xstrdup(value);

    free(*target);
    *target = copy;
}

/* The folder that the build is to read from, as it was typed. */
static int take_context(
    const struct session *session, struct plan *plan, const char *typed, struct error *err)
{
    _cleanup_free_ char *path = directory_expand(session->caller, typed);
    _cleanup_(mount_directory_release) struct mount_directory directory = {0};

    if (directory_check(session->caller, path, true, false, &directory, err) < 0)
        return -1;
    set_text(&plan->metadata.context, directory.path);
    return 0;
}

/* Is the folder the top of the build context? */
static bool is_context(const struct plan *plan, const char *folder)
{
    _cleanup_free_ char *resolved = realpath(folder, NULL);

    return resolved && strcmp(resolved, plan->metadata.context) == 0;
}

/* A Dockerfile of the user's own, wherever it is. */
static int text_from_file(const struct session *session, struct plan *plan, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(session->caller);
    const struct image_create_request *request = plan->request;
    _cleanup_free_ char *path = directory_expand(session->caller, request->dockerfile);
    _cleanup_free_ char *start = xstrdup(path);
    const char *folder = dirname(start);
    _cleanup_free_ char *text = NULL, *home = NULL;
    size_t length;

    if (file_read_at(AT_FDCWD, path, DOCKERFILE_MAX, &text, &length, err) < 0) {
        if (err)
            err->code = ERROR_USAGE;
        return error_hint(
            err, "name a Dockerfile with --dockerfile: a file of at most 4 MiB that you can read");
    }
    if (take_context(session, plan, request->context ? request->context : folder, err) < 0)
        return -1;
    set_text(&plan->metadata.own_name, is_context(plan, folder) ? strrchr(path, '/') + 1 : NULL);
    home = home_in_container(session->caller->name, session->caller->uid);
    struct recipe_user user = user_of(session, home);
    recipe_with_user_block(text, length, &user, request->project, FRAMEWORK_CUSTOM, &plan->text);
    set_text(&plan->metadata.base, NULL);
    set_text(&plan->metadata.framework, FRAMEWORK_CUSTOM);
    set_text(&plan->metadata.version, NULL);
    set_text(&plan->metadata.architecture, NULL);
    set_text(&plan->metadata.requirements, NULL);
    strv_release(&plan->metadata.sets);
    return 0;
}

static void today(char ret_date[16])
{
    time_t now = time(NULL);
    struct tm local;

    localtime_r(&now, &local);
    strftime(ret_date, 16, "%Y-%m-%d", &local);
}

/* A new Dockerfile from what was asked for. */
static int text_from_recipe(const struct session *session, struct plan *plan, struct error *err)
{
    _cleanup_(recipe_release) struct recipe recipe = {0};
    _cleanup_free_ char *home = home_in_container(session->caller->name, session->caller->uid);
    struct recipe_user user = user_of(session, home);
    char date[16];

    if (image_recipe_fill(
            session, plan->request, &plan->metadata, &recipe, &plan->requirements, err) < 0)
        return -1;
    today(date);
    recipe_write(&recipe, &user, date, &plan->text);
    return 0;
}

int image_create_no_context(struct error *err)
{
    error_set(err, ERROR_USAGE, "--context needs --dockerfile");
    return error_hint(err, "a Dockerfile that ds01 writes copies only its requirements file");
}

/* The folder that the project is built with has moved. */
static int move_context(const struct session *session, struct plan *plan, struct error *err)
{
    const struct image_create_request *request = plan->request;

    if (plan->metadata.context)
        return take_context(session, plan, request->context, err);
    image_create_no_context(err);
    return error_hint(err,
        "%s is not built with a folder so far; type: image-create %s --force --dockerfile "
        "~/dockerfiles/%s.Dockerfile --context %s",
        request->project, request->project, request->project, request->context);
}

/* The project's Dockerfile as it is, edits and all; only the user block is made right. */
static int text_from_project(const struct session *session, struct plan *plan, struct error *err)
{
    _cleanup_free_ char *home = home_in_container(session->caller->name, session->caller->uid);
    struct recipe_user user = user_of(session, home);
    const char *framework = plan->metadata.framework ? plan->metadata.framework : FRAMEWORK_CUSTOM;

    if (plan->request->context && move_context(session, plan, err) < 0)
        return -1;
    image_change_warn_of_block(session, plan->request->project, &plan->before,
        plan->before.now.dockerfile, plan->before.now.length);
    recipe_with_user_block(plan->before.now.dockerfile, plan->before.now.length, &user,
        plan->request->project, framework, &plan->text);
    return 0;
}

static bool names_packages(const struct image_create_request *request)
{
    return request->jupyter || request->data_science || request->requirements ||
           (request->sets && request->sets->count) || (request->pip && request->pip->count) ||
           (request->apt && request->apt->count);
}

static int write_text(const struct session *session, struct plan *plan, struct error *err)
{
    const struct image_create_request *request = plan->request;
    bool asked = request->framework || request->base || names_packages(request);

    if (request->dockerfile) {
        if (text_from_file(session, plan, err) < 0)
            return -1;
    } else if (asked || !plan->before.now.dockerfile) {
        if (request->context)
            return image_create_no_context(err);
        /* Who asks for nothing means the image that is there, and what is in it. */
        if (!asked && plan->before.built.dockerfile)
            return image_no_dockerfile(session, request->project, err);
        if (text_from_recipe(session, plan, err) < 0)
            return -1;
    } else if (text_from_project(session, plan, err) < 0) {
        return -1;
    }
    if (plan->text.overflowed)
        return error_set(err, ERROR_FAILED, "the Dockerfile of %s is too large", request->project);
    return 0;
}

static struct image_build_request build_of(struct plan *plan)
{
    return (struct image_build_request){
        .project = plan->request->project,
        .dockerfile = strbuf_text(&plan->text),
        .dockerfile_length = plan->text.length,
        /* On a failure the project's own is gone again. */
        .file = plan->request->dockerfile,
        .base = plan->metadata.base,
        .context = plan->metadata.context,
        .own_name = plan->metadata.own_name,
        .no_cache = plan->request->no_cache,
        .pull = plan->request->pull,
    };
}

/* What a build would refuse is refused also where only the plan, or the file, is asked for. */
static int check_plan(const struct session *session, struct plan *plan, struct error *err)
{
    const struct image_build_request build = build_of(plan);

    return image_build_check(session, &build, err);
}

/* Borrowed from the plan, not to be released. */
static struct build_sources sources_of(struct plan *plan)
{
    return (struct build_sources){plan->text.text, plan->text.length,
        plan->requirements.text ? plan->requirements : plan->before.now.requirements};
}

static int carry_out(const struct session *session, struct plan *plan,
    struct image_create_result *result, struct error *err)
{
    _cleanup_(undo_run) struct undo undo = UNDO_INIT(session);
    const char *project = plan->request->project;
    const struct build_sources sources = sources_of(plan);
    const struct image_build_request build = build_of(plan);

    if (image_change_sources(session, project, &plan->before, &sources, &undo, &result->backup_path,
            &result->requirements_backup_path, err) < 0)
        return -1;
    if (!plan->request->no_build &&
        image_change_build(session, &plan->before, &build, &undo, &result->id, err) < 0)
        return -1;
    if (result->id)
        image_change_note_build(
            session, project, &plan->before, &sources, result->id, &plan->metadata);
    image_change_remember(session, project, plan->before.tag, &plan->metadata);
    undo_forget(&undo);
    return 0;
}

/* Packages that are named where they have no effect, or twice. */
static void tell_of_packages(const struct session *session, struct plan *plan)
{
    const struct image_create_request *request = plan->request;
    const struct image_packages packages = {
        .project = request->project, .requirements = &plan->requirements};
    const struct dockerfile_edit edit = {
        .add_pip = request->pip ? *request->pip : (struct strv)STRV_INIT};

    image_packages_tell_required(
        session, &packages, &edit, strbuf_text(&plan->text), plan->text.length);
    image_packages_warn_of_lost(
        session, request->project, strbuf_text(&plan->text), plan->text.length);
}

int image_create(const struct session *session, const struct image_create_request *request,
    struct image_create_result *ret, struct error *err)
{
    _cleanup_(lock_release) struct lock lock = LOCK_INIT;
    _cleanup_(plan_release) struct plan plan = {
        .request = request,
        .text = STRBUF_INIT(DOCKERFILE_MAX),
    };
    _cleanup_(image_create_result_release) struct image_create_result result = {0};

    if (!request->dry_run &&
        lock_take(session->caller, LOCK_IMAGE, request->project, &lock, err) < 0)
        return -1;
    if (look_at_what_is_there(session, &plan, err) < 0 || write_text(session, &plan, err) < 0)
        return -1;
    tell_of_packages(session, &plan);
    if ((request->dry_run || request->no_build) && check_plan(session, &plan, err) < 0)
        return -1;
    if (!request->dry_run && carry_out(session, &plan, &result, err) < 0)
        return image_change_tell_unchanged(session, request->project, &plan.before, err);
    result.image = TAKE_PTR(plan.before.tag);
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
    free(result->requirements_backup_path);
    *result = (struct image_create_result){0};
}
