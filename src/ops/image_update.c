#include "ops/image_update.h"

#include "base/xalloc.h"
#include "engine/container.h"
#include "engine/image.h"
#include "host/lock.h"
#include "host/text_editor.h"
#include "model/dockerfile.h"
#include "model/label.h"
#include "model/name.h"
#include "model/recipe.h"
#include "model/text_diff.h"
#include "ops/image_change.h"

#define DIFF_MAX ((size_t)16 << 20) /* bytes */

static int no_dockerfile(const char *project, struct error *err)
{
    error_set(err, ERROR_NOT_FOUND, "you have no Dockerfile for %s", project);
    return error_hint(
        err, "image-list shows your images; image-create %s --base IMAGE makes one", project);
}

int image_update_edited_text(
    const struct session *session, const char *project, char **ret_text, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *text = NULL;
    _cleanup_free_ char *name = xasprintf("%s.Dockerfile", project);

    if (project_dockerfile_read(session->caller, project, &text, NULL, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? no_dockerfile(project, err)
                                             : error_move(err, &cause);
    return text_editor_run(session->caller, name, text, ret_text, err);
}

/* The new Dockerfile: as asked, and with the user block right whatever was edited. */
static int write_text(const struct session *session, const struct image_update_request *request,
    const struct image_before *before, struct strbuf *ret_text, struct error *err)
{
    const struct caller *caller = session->caller;
    _cleanup_(strbuf_release) struct strbuf edited = STRBUF_INIT(DOCKERFILE_MAX);
    _cleanup_free_ char *home = home_in_container(caller->name, caller->uid);
    const struct recipe_user user = {caller->login, caller->name, home, caller->uid, caller->gid};
    const char *framework = before->metadata.framework ? before->metadata.framework : "custom";

    if (request->text)
        strbuf_adds(&edited, request->text);
    else if (!request->edit)
        strbuf_add(&edited, before->text, before->length);
    else if (dockerfile_edit(before->text, before->length, request->edit, &edited, err) < 0)
        return error_prefix(err, "%s.Dockerfile", request->project);
    recipe_with_user_block(
        strbuf_text(&edited), edited.length, &user, request->project, framework, ret_text);
    if (edited.overflowed || ret_text->overflowed)
        return error_set(err, ERROR_FAILED, "the Dockerfile of %s is too large", request->project);
    return 0;
}

static char *diff_of(
    const char *project, const struct image_before *before, const char *text, size_t length)
{
    struct strbuf diff = STRBUF_INIT(DIFF_MAX);
    _cleanup_free_ char *name = xasprintf("%s.Dockerfile", project);

    text_diff(before->text, before->length, text, length, name, &diff);
    return strbuf_detach(&diff);
}

/* What the Dockerfile installs now, for the memory aid. */
static void note_packages(struct project_metadata *metadata, const char *text, size_t length)
{
    _cleanup_(installed_packages_release) struct installed_packages packages = {0};

    if (dockerfile_installed(text, length, &packages, NULL) < 0)
        return;
    strv_release(&metadata->pip);
    strv_release(&metadata->apt);
    for (size_t i = 0; i < packages.count; i++)
        strv_push(packages.items[i].kind == PACKAGE_PIP ? &metadata->pip : &metadata->apt,
            packages.items[i].text);
}

/* The caller's containers that were made from this name and not from this build. */
static int find_outdated(const struct session *session, const char *tag, const char *id,
    struct strv *ret_names, struct error *err)
{
    _cleanup_(container_list_release) struct container_list list = {0};
    _cleanup_free_ char *label = xasprintf("%s=%s", LABEL_CUSTOM_IMAGE, tag);
    const struct engine_filter made_from[] = {{"label", label}, {NULL, NULL}};

    if (engine_container_list(session->engine, made_from, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.containers[i].image_id, id) != 0)
            strv_take(ret_names, container_display_name(list.containers[i].name));
    return 0;
}

/* The image is there: that its older containers could not be listed is no failure of it. */
static void note_outdated(const struct session *session, struct image_update_result *result)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (find_outdated(session, result->image, result->id, &result->outdated, &cause) < 0)
        observer_note(&session->observer, NOTE_WARNING, "%s", cause.message);
}

static int carry_out(const struct session *session, const struct image_update_request *request,
    struct image_before *before, const struct strbuf *text, struct image_update_result *result,
    struct error *err)
{
    _cleanup_(undo_run) struct undo undo = UNDO_INIT(session);
    const struct image_build_request build = {
        .project = request->project,
        .dockerfile = strbuf_text(text),
        .dockerfile_length = text->length,
        .context = before->metadata.context,
        .no_cache = request->no_cache,
        .pull = request->pull,
    };

    if (image_change_dockerfile(session, request->project, before, strbuf_text(text), text->length,
            &undo, &result->backup_path, err) < 0 ||
        image_change_build(session, before, &build, &undo, &result->id, err) < 0)
        return -1;
    note_packages(&before->metadata, strbuf_text(text), text->length);
    if (result->backup_path)
        image_change_note_previous(&before->metadata, result->backup_path);
    image_change_remember(session, request->project, before->tag, &before->metadata);
    undo_forget(&undo);
    return 0;
}

int image_update(const struct session *session, const struct image_update_request *request,
    struct image_update_result *ret, struct error *err)
{
    _cleanup_(lock_release) struct lock lock = LOCK_INIT;
    _cleanup_(image_before_release) struct image_before before = {0};
    _cleanup_(image_update_result_release) struct image_update_result result = {0};
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(DOCKERFILE_MAX);

    if (!request->dry_run &&
        lock_take(session->caller, LOCK_IMAGE, request->project, &lock, err) < 0)
        return -1;
    if (image_before_find(session, request->project, &before, err) < 0)
        return -1;
    if (!before.text)
        return no_dockerfile(request->project, err);
    if (write_text(session, request, &before, &text, err) < 0)
        return -1;
    result.diff = diff_of(request->project, &before, strbuf_text(&text), text.length);
    result.image = xstrdup(before.tag);
    observer_diff(&session->observer, result.diff);
    bool wanted = *result.diff || request->rebuild || !before.id;
    if (wanted && !request->dry_run) {
        if (carry_out(session, request, &before, &text, &result, err) < 0)
            return -1;
        note_outdated(session, &result);
    }
    *ret = result;
    result = (struct image_update_result){0};
    return 0;
}

/* The tag moves to the build before, and the one before becomes what was current. */
static int swap_builds(const struct session *session, const struct image_before *before,
    const char *previous_tag, const char *previous_id, struct error *err)
{
    if (engine_image_tag(session->engine, previous_id, before->tag, err) < 0)
        return -1;
    if (before->id && engine_image_tag(session->engine, before->id, previous_tag, err) < 0) {
        engine_image_tag(session->engine, before->id, before->tag, NULL);
        return -1;
    }
    return 0;
}

static int read_previous_text(const struct session *session, const struct image_before *before,
    char **ret_text, size_t *ret_length, struct error *err)
{
    if (!before->metadata.previous) {
        error_set(err, ERROR_NOT_FOUND, "the Dockerfile of the build before is not known");
        return error_hint(
            err, "look for it in ~/%s, and use image-create --dockerfile", USER_BACKUP);
    }
    return project_backup_read(
        session->caller, before->metadata.previous, ret_text, ret_length, err);
}

static int roll_back(const struct session *session, const char *project,
    struct image_before *before, const char *previous_id, const char *text, size_t length,
    struct image_update_result *result, struct error *err)
{
    _cleanup_(undo_run) struct undo undo = UNDO_INIT(session);
    _cleanup_free_ char *previous_tag = image_previous_name(session->caller->uid, project);

    if (image_change_dockerfile(
            session, project, before, text, length, &undo, &result->backup_path, err) < 0 ||
        swap_builds(session, before, previous_tag, previous_id, err) < 0)
        return -1;
    undo_forget(&undo);
    result->id = xstrdup(previous_id);
    note_packages(&before->metadata, text, length);
    if (result->backup_path)
        image_change_note_previous(&before->metadata, result->backup_path);
    image_change_remember(session, project, before->tag, &before->metadata);
    note_outdated(session, result);
    return 0;
}

static int find_previous(
    const struct session *session, const char *project, struct image *ret, struct error *err)
{
    _cleanup_free_ char *tag = image_previous_name(session->caller->uid, project);
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_inspect(session->engine, tag, ret, &cause) == 0)
        return 0;
    if (cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    error_set(err, ERROR_NOT_FOUND, "there is no build of %s before this one", project);
    return error_hint(err, "image-list shows your images");
}

int image_rollback(const struct session *session, const char *project, bool dry_run,
    struct image_update_result *ret, struct error *err)
{
    _cleanup_(lock_release) struct lock lock = LOCK_INIT;
    _cleanup_(image_before_release) struct image_before before = {0};
    _cleanup_(image_update_result_release) struct image_update_result result = {0};
    _cleanup_(image_release) struct image previous = {0};
    _cleanup_free_ char *text = NULL;
    size_t length = 0;

    if (!dry_run && lock_take(session->caller, LOCK_IMAGE, project, &lock, err) < 0)
        return -1;
    if (image_before_find(session, project, &before, err) < 0 ||
        find_previous(session, project, &previous, err) < 0)
        return -1;
    if (!before.text)
        return no_dockerfile(project, err);
    if (read_previous_text(session, &before, &text, &length, err) < 0)
        return -1;
    result.diff = diff_of(project, &before, text, length);
    result.image = xstrdup(before.tag);
    observer_diff(&session->observer, result.diff);
    if (!dry_run &&
        roll_back(session, project, &before, previous.id, text, length, &result, err) < 0)
        return -1;
    *ret = result;
    result = (struct image_update_result){0};
    return 0;
}

void image_update_result_release(struct image_update_result *result)
{
    free(result->image);
    free(result->id);
    free(result->diff);
    free(result->backup_path);
    strv_release(&result->outdated);
    *result = (struct image_update_result){0};
}
