#include "ops/image_update.h"

#include "base/xalloc.h"
#include "engine/container.h"
#include "host/lock.h"
#include "host/text_editor.h"
#include "model/asked_packages.h"
#include "model/context_files.h"
#include "model/dockerfile.h"
#include "model/label.h"
#include "model/name.h"
#include "model/recipe.h"
#include "ops/image_diff.h"
#include "ops/image_packages.h"
#include "ops/image_requirements.h"
#include "ops/image_sources.h"
#include "ops/image_update_result.h"

/* What an image-update is about to do. */
struct plan {
    const struct image_update_request *request;
    struct image_before before;
    struct strbuf text;                      /* the new Dockerfile */
    struct requirements_bundle requirements; /* new ones; empty: what is there stays */
};

static void plan_release(struct plan *plan)
{
    image_before_release(&plan->before);
    strbuf_release(&plan->text);
    requirements_bundle_release(&plan->requirements);
}

int image_update_edit_text(const struct session *session, const char *project, char **text,
    char **ret_before, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *now = NULL;
    _cleanup_free_ char *name = xasprintf("%s.Dockerfile", project);
    char *saved = NULL;

    if (project_dockerfile_read(session->caller, project, &now, NULL, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? image_no_dockerfile(session, project, err)
                                             : error_move(err, &cause);
    if (text_editor_run(session->caller, name, *text ? *text : now, &saved, err) < 0)
        return -1;
    free(*text);
    *text = saved;
    *ret_before = TAKE_PTR(now);
    return 0;
}

/* An editor is open for long: what was built meanwhile must not go with what it saves. */
static int check_not_outdated(const struct plan *plan, struct error *err)
{
    const struct image_update_request *request = plan->request;

    if (!request->text || strcmp(plan->before.now.dockerfile, request->text_before) == 0)
        return 0;
    error_set(err, ERROR_REFUSED, "the Dockerfile of %s was changed elsewhere while you edited it",
        request->project);
    return error_hint(
        err, "do your changes again to what it is now: image-update %s --edit", request->project);
}

/* Do these need a folder of the user's own? */
static bool takes_files(const struct build_sources *sources)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    return sources->dockerfile &&
           (dockerfile_parse(sources->dockerfile, sources->length, &file, NULL) < 0 ||
               context_files_taken(file));
}

/*
 * A requirements file lies beside the Dockerfile, and a build has one folder. So the project does
 * without a folder of the user's own from now on, where neither its Dockerfile nor what --rollback
 * returns to takes anything from there.
 */
static int leave_context(const struct session *session, struct plan *plan, struct error *err)
{
    const char *project = plan->request->project;
    _cleanup_free_ char *context = plan->before.metadata.context;

    plan->before.metadata.context = NULL;
    free(TAKE_PTR(plan->before.metadata.own_name));
    if (!context)
        return 0;
    if (takes_files(&plan->before.now) || takes_files(&plan->before.built)) {
        error_set(err, ERROR_REFUSED,
            "%s is built with the files in %s, not with files beside its "
            "Dockerfile",
            project, context);
        return error_hint(err,
            "put the requirements file there, and name it in the Dockerfile: image-update %s "
            "--edit",
            project);
    }
    observer_note(&session->observer, NOTE_INFO,
        "The Dockerfile of %s takes no files from %s, so it is built without that folder from now "
        "on.",
        project, context);
    return 0;
}

/* The user's new requirements file, where there is one. */
static int read_requirements(const struct session *session, struct plan *plan, struct error *err)
{
    const struct image_update_request *request = plan->request;

    if (!request->requirements)
        return 0;
    if (leave_context(session, plan, err) < 0)
        return -1;
    return image_requirements_read(
        session, request->project, request->requirements, &plan->requirements, err);
}

/* The edit that was asked for; a new requirements file is one of the Dockerfile too. */
static int edit_text(const struct session *session, const struct plan *plan,
    struct strbuf *ret_text, struct error *err)
{
    const struct image_update_request *request = plan->request;
    const struct build_sources *now = &plan->before.now;
    const struct requirements_bundle *requirements =
        plan->requirements.text ? &plan->requirements : &now->requirements;
    _cleanup_(image_packages_release) struct image_packages packages = {0};
    _cleanup_(strv_release) struct strv add = STRV_INIT;
    _cleanup_free_ char *file = xasprintf("%s%s", request->project, REQUIREMENTS_FILE_SUFFIX);
    struct dockerfile_edit edit = request->edit ? *request->edit : (struct dockerfile_edit){0};

    if (image_packages_open(
            request->project, now->dockerfile, now->length, requirements, &packages, err) < 0)
        return error_prefix(err, "%s.Dockerfile", request->project);
    if (image_packages_check_removed(&packages, &edit.remove_pip, err) < 0)
        return -1;
    image_packages_tell_added(session, &packages, &edit, &add);
    edit.add_pip = add;
    if (plan->requirements.text) {
        edit.add_requirements = file;
        edit.requirements_folder = plan->requirements.count > 0;
    }
    if (dockerfile_edit(now->dockerfile, now->length, &edit, ret_text, err) < 0)
        return error_prefix(err, "%s.Dockerfile", request->project);
    image_packages_tell_required(
        session, &packages, &edit, strbuf_text(ret_text), ret_text->length);
    return 0;
}

/* The new Dockerfile: as asked, and with the user block right whatever was edited. */
static int write_text(const struct session *session, struct plan *plan, struct error *err)
{
    const struct caller *caller = session->caller;
    const struct image_update_request *request = plan->request;
    const struct build_sources *now = &plan->before.now;
    _cleanup_(strbuf_release) struct strbuf edited = STRBUF_INIT(DOCKERFILE_MAX);
    _cleanup_free_ char *home = home_in_container(caller->name, caller->uid);
    const struct recipe_user user = {caller->login, caller->name, home, caller->uid, caller->gid};
    const char *framework = plan->before.metadata.framework;

    if (request->text)
        strbuf_adds(&edited, request->text);
    else if (!request->edit && !plan->requirements.text)
        strbuf_add(&edited, now->dockerfile, now->length);
    else if (edit_text(session, plan, &edited, err) < 0)
        return -1;
    image_change_warn_of_block(
        session, request->project, &plan->before, strbuf_text(&edited), edited.length);
    recipe_with_user_block(strbuf_text(&edited), edited.length, &user, request->project,
        framework ? framework : FRAMEWORK_CUSTOM, &plan->text);
    if (edited.overflowed || plan->text.overflowed)
        return error_set(err, ERROR_FAILED, "the Dockerfile of %s is too large", request->project);
    image_packages_warn_of_lost(
        session, request->project, strbuf_text(&plan->text), plan->text.length);
    return 0;
}

/* Borrowed from the plan, not to be released. */
static struct build_sources sources_of(struct plan *plan)
{
    return (struct build_sources){plan->text.text, plan->text.length,
        plan->requirements.text ? plan->requirements : plan->before.now.requirements};
}

/* Against what the image was built from, so that edits by hand since then are seen too. */
static char *diff_of(struct plan *plan)
{
    const struct image_before *before = &plan->before;
    const struct build_sources after = sources_of(plan);

    return image_diff(
        plan->request->project, before->built_path ? &before->built : &before->now, &after);
}

static struct image_build_request build_of(struct plan *plan)
{
    return (struct image_build_request){
        .project = plan->request->project,
        .dockerfile = strbuf_text(&plan->text),
        .dockerfile_length = plan->text.length,
        .base = plan->before.metadata.base,
        .context = plan->before.metadata.context,
        .own_name = plan->before.metadata.own_name,
        .no_cache = plan->request->no_cache,
        .pull = plan->request->pull,
    };
}

static int carry_out(const struct session *session, struct plan *plan,
    struct image_update_result *result, struct error *err)
{
    _cleanup_(undo_run) struct undo undo = UNDO_INIT(session);
    const char *project = plan->request->project;
    struct project_metadata *metadata = &plan->before.metadata;
    const struct build_sources sources = sources_of(plan);
    const struct image_build_request build = build_of(plan);

    if (image_change_sources(session, project, &plan->before, &sources, &undo, &result->backup_path,
            &result->requirements_backup_path, err) < 0 ||
        image_change_build(session, &plan->before, &build, &undo, &result->id, err) < 0)
        return -1;
    image_note_packages(metadata, strbuf_text(&plan->text), plan->text.length);
    image_change_note_build(session, project, &plan->before, &sources, result->id, metadata);
    image_change_remember(session, project, plan->before.tag, metadata);
    undo_forget(&undo);
    return 0;
}

static int update(const struct session *session, const struct image_update_request *request,
    struct image_update_result *ret, struct error *err)
{
    _cleanup_(lock_release) struct lock lock = LOCK_INIT;
    _cleanup_(plan_release) struct plan plan = {
        .request = request, .text = STRBUF_INIT(DOCKERFILE_MAX)};
    _cleanup_(image_update_result_release) struct image_update_result result = {0};

    if (!request->dry_run &&
        lock_take(session->caller, LOCK_IMAGE, request->project, &lock, err) < 0)
        return -1;
    if (image_before_find(session, request->project, &plan.before, err) < 0)
        return -1;
    if (!plan.before.now.dockerfile)
        return image_no_dockerfile(session, request->project, err);
    if (check_not_outdated(&plan, err) < 0 || read_requirements(session, &plan, err) < 0 ||
        write_text(session, &plan, err) < 0)
        return -1;
    result.diff = diff_of(&plan);
    result.image = xstrdup(plan.before.tag);
    observer_diff(&session->observer, result.diff);
    result.to_build = *result.diff || request->rebuild || !plan.before.id;
    if (result.to_build && !request->dry_run && carry_out(session, &plan, &result, err) < 0)
        return image_change_tell_unchanged(session, request->project, &plan.before, err);
    if (result.to_build && request->dry_run) {
        const struct image_build_request build = build_of(&plan);
        if (image_build_check(session, &build, err) < 0)
            return -1;
        image_change_warn_of_saved(session, &plan.before, &build);
    }
    if (result.to_build)
        image_note_outdated(session, result.id, &result);
    *ret = result;
    result = (struct image_update_result){0};
    return 0;
}

/* What a person has written is not lost because it does not build. */
static void keep_edited_text(
    const struct session *session, const struct image_update_request *request)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *path = NULL;

    if (project_backup(session->caller, request->project, "edited", request->text,
            strlen(request->text), &path, &cause) < 0)
        observer_note(
            &session->observer, NOTE_WARNING, "What you edited is lost: %s", cause.message);
    else
        observer_note(&session->observer, NOTE_WARNING,
            "What you edited is kept at %s; ~/dockerfiles/%s.Dockerfile is as it was.", path,
            request->project);
}

int image_update(const struct session *session, const struct image_update_request *request,
    struct image_update_result *ret, struct error *err)
{
    const struct dockerfile_edit *edit = request->edit;

    if (edit && (asked_packages_check(PACKAGE_PIP, &edit->add_pip, &edit->remove_pip, err) < 0 ||
                    asked_packages_check(PACKAGE_APT, &edit->add_apt, &edit->remove_apt, err) < 0))
        return -1;
    int result = update(session, request, ret, err);
    if (result < 0 && request->text && !request->dry_run)
        keep_edited_text(session, request);
    return result;
}
