#include "ops/container_retire.h"

#include "base/xalloc.h"
#include "engine/container.h"
#include "host/project_files.h"
#include "model/label.h"
#include "model/name.h"
#include "ops/committed_image.h"
#include "ops/container_changes.h"
#include "ops/container_list.h"
#include "ops/image_update.h"
#include "ops/named_container.h"
#include "ops/sweep.h"

/* A container on its way out. */
struct farewell {
    const struct session *session;
    const struct container_retire_request *request;
    struct container container;
    struct changes_offer offer;
    struct container_retire_result result;
};

static void farewell_release(struct farewell *farewell)
{
    container_release(&farewell->container);
    changes_offer_release(&farewell->offer);
    container_retire_result_release(&farewell->result);
}

/* --- what there is ------------------------------------------------------------- */

static bool is_project_name(const char *text)
{
    char name[NAME_MAX_LENGTH + 1];
    bool changed;

    return text && name_from_typed(NAME_PROJECT, text, name, &changed, NULL) == 0 && !changed;
}

/* Whose image it is: as its labels say, else the one of its own name. */
static char *find_project(
    const struct session *session, const char *name, const struct container *container)
{
    const char *image = strmap_get(&container->labels, LABEL_CUSTOM_IMAGE);
    const char *project = strmap_get(&container->labels, LABEL_PROJECT);
    char *own = image ? project_from_image(session->caller->uid, image) : NULL;

    if (own)
        return own;
    return xstrdup(is_project_name(project) ? project : name);
}

static void describe(struct farewell *farewell)
{
    const struct container *container = &farewell->container;
    const char *image = strmap_get(&container->labels, LABEL_CUSTOM_IMAGE);
    struct container_retire_result *result = &farewell->result;

    result->name = xstrdup(farewell->request->name);
    result->project = find_project(farewell->session, farewell->request->name, container);
    result->image = xstrdup(image && *image ? image : container->image);
    result->image_of_project = image_name(farewell->session->caller->uid, result->project);
    result->is_project_image = strcmp(result->image, result->image_of_project) == 0;
    result->was_running = strcmp(container->state, "running") == 0;
    for (size_t i = 0; i < container->mount_count; i++)
        if (!result->workspace && strcmp(container->mounts[i].target, "/workspace") == 0)
            result->workspace = xstrdup(container->mounts[i].source);
}

/*
 * Whoever has said what to do is spared the comparison, which may take long, unless it shows
 * what a save cannot keep.
 */
static bool wants_comparison(const struct farewell *farewell)
{
    const struct container_retire_request *request = farewell->request;
    bool decided = request->how == RETIRE_DROP ||
                   (request->how == RETIRE_SAVE && !farewell->container.volumes.count);

    return !request->force && (request->dry_run || !decided);
}

static int compare(struct farewell *farewell, struct error *err)
{
    struct container_retire_result *result = &farewell->result;

    if (!wants_comparison(farewell))
        return 0;
    if (container_changes_find(farewell->session, &farewell->container, &result->changes, err) < 0)
        return error_prefix(err, "the container %s was not compared with its image", result->name);
    result->compared = true;
    container_changes_offer(&result->changes, &farewell->offer);
    /* A Dockerfile is what image-update changes. */
    bool can_update = project_has_dockerfile(farewell->session->caller, result->project);
    if (can_update)
        result->offer = changes_offer_command(&farewell->offer, result->project);
    result->left_out = changes_left_out_text(&result->changes, can_update ? result->project : NULL);
    return 0;
}

/* --- what becomes of it ---------------------------------------------------------- */

static int keep(const struct farewell *farewell, struct error *err)
{
    return error_set(err, ERROR_REFUSED, "%s was kept", farewell->result.name);
}

static int confirm(const struct farewell *farewell, const char *question, struct error *err)
{
    int answer = observer_confirm(&farewell->session->observer, question, false, "--yes", err);

    if (answer < 0)
        return -1;
    return answer ? 0 : keep(farewell, err);
}

/* "3 packages and 1 file" */
static char *loss_text(const struct container_changes *changes)
{
    size_t packages = changes->count, files = file_changes_count(&changes->files);
    _cleanup_free_ char *package_text =
        xasprintf("%zu package%s", packages, packages == 1 ? "" : "s");
    _cleanup_free_ char *file_text =
        xasprintf("%s%zu file%s", changes->incomplete ? "at least " : "", files,
            files == 1 && !changes->incomplete ? "" : "s");

    if (!packages || (!files && !changes->incomplete))
        return xstrdup(packages ? package_text : file_text);
    return xasprintf("%s and %s", package_text, file_text);
}

static int choose(const struct farewell *farewell, enum retire_how *ret_how, struct error *err)
{
    static const struct observer_choice kept = {'k', "keep it", NULL, false};
    static const struct observer_choice update = {
        'u', "add the packages to its image first", "--update", false};
    static const struct observer_choice drop = {'d', "drop them with it", "--no-save", true};
    const struct session *session = farewell->session;
    const struct observer_choice save = {'s',
        farewell->result.changes.volumes.count ? "save all but its volumes as its image"
                                               : "save all of it as its image",
        "--save", false};
    struct observer_choice choices[4] = {kept};
    enum retire_how hows[4] = {RETIRE_ASK};
    size_t count = 1;

    if (farewell->result.offer) {
        observer_note(&session->observer, NOTE_INFO, "The packages come into the image with: %s",
            farewell->result.offer);
        choices[count] = update;
        hows[count++] = RETIRE_UPDATE;
    }
    if (farewell->result.left_out)
        observer_note(&session->observer, NOTE_INFO, "%s", farewell->result.left_out);
    choices[count] = save;
    hows[count++] = RETIRE_SAVE;
    choices[count] = drop;
    hows[count++] = RETIRE_DROP;
    _cleanup_free_ char *loss = loss_text(&farewell->result.changes);
    _cleanup_free_ char *question =
        xasprintf("Retire %s with %s that only it has?", farewell->result.name, loss);
    int chosen = observer_choose(&session->observer, question, choices, count, err);
    if (chosen < 0)
        return -1;
    *ret_how = hows[chosen];
    return chosen ? 0 : keep(farewell, err);
}

static int decide(const struct farewell *farewell, enum retire_how *ret_how, struct error *err)
{
    const struct container_retire_request *request = farewell->request;
    const struct container_retire_result *result = &farewell->result;

    *ret_how = request->force ? RETIRE_DROP : request->how;
    if (*ret_how != RETIRE_ASK)
        return 0;
    if (!container_changes_empty(&result->changes)) {
        observer_changes(&farewell->session->observer, result->name, &result->changes);
        return choose(farewell, ret_how, err);
    }
    _cleanup_free_ char *temporary = container_changes_temporary_text(&result->changes);
    const char *runs = result->was_running ? "what runs in it" : "";
    _cleanup_free_ char *question =
        xasprintf("Retire the container %s? Nothing is lost with it%s%s%s%s.", result->name,
            temporary || *runs ? " but " : "", temporary ? temporary : "",
            temporary && *runs ? " and " : "", runs);
    *ret_how = RETIRE_DROP;
    return confirm(farewell, question, err);
}

/* What no image-update brings is lost all the same, and whoever wants that says so. */
static int update_image(struct farewell *farewell, struct error *err)
{
    const struct session *session = farewell->session;
    struct container_retire_result *result = &farewell->result;
    _cleanup_(image_update_result_release) struct image_update_result updated = {0};
    const struct dockerfile_edit edit = {
        .add_pip = farewell->offer.pip, .add_apt = farewell->offer.apt};
    const struct image_update_request request = {.project = result->project, .edit = &edit};

    if (container_changes_exceed_offer(&result->changes)) {
        _cleanup_free_ char *question = xasprintf(
            "Add the packages and retire %s? What else only it has is lost.", result->name);
        if (farewell->request->how == RETIRE_UPDATE)
            observer_changes(&session->observer, result->name, &result->changes);
        if (confirm(farewell, question, err) < 0)
            return -1;
    }
    if (!farewell->offer.pip.count && !farewell->offer.apt.count)
        return 0;
    if (image_update(session, &request, &updated, err) < 0)
        return error_prefix(err, "%s was kept", result->name);
    result->updated = true;
    return 0;
}

/* A commit takes the container's own files and no volume's: that loss is agreed to, or none is. */
static int confirm_volumes(const struct farewell *farewell, struct error *err)
{
    const struct container_retire_result *result = &farewell->result;

    if (!result->changes.volumes.count && !result->changes.incomplete)
        return 0;
    if (farewell->request->how == RETIRE_SAVE)
        observer_changes(&farewell->session->observer, result->name, &result->changes);
    const struct strv *told = &result->changes.volumes;
    _cleanup_free_ char *list = strv_join(told->count ? told : &farewell->container.volumes, ", ");
    _cleanup_free_ char *question = xasprintf(
        "Save %s and retire it? What it has in %s is not saved: copy it to /workspace to keep it.",
        result->name, list);
    return confirm(farewell, question, err);
}

static int save_image(struct farewell *farewell, struct error *err)
{
    const struct container_save_request save = {
        .container = &farewell->container,
        .name = farewell->result.name,
        .project = farewell->result.project,
        .tag = farewell->request->tag,
        .others = farewell->request->saved,
        .dry_run = farewell->request->dry_run,
    };

    if (!save.dry_run && confirm_volumes(farewell, err) < 0)
        return -1;
    return container_save(farewell->session, &save, &farewell->result.saved, err);
}

static int stop_and_remove(const struct farewell *farewell, struct error *err)
{
    const struct session *session = farewell->session;

    if (named_container_stop_and_remove(session, &farewell->container, err) < 0)
        return -1;
    return committed_image_drop(session, &farewell->container, err);
}

/* A save can be refused, so it is tried as far as that goes without a change. */
static int plan(struct farewell *farewell, struct error *err)
{
    return farewell->request->how == RETIRE_SAVE ? save_image(farewell, err) : 0;
}

static int carry_out(struct farewell *farewell, struct error *err)
{
    enum retire_how how;

    if (decide(farewell, &how, err) < 0)
        return -1;
    if (how == RETIRE_UPDATE && update_image(farewell, err) < 0)
        return -1;
    if (how == RETIRE_SAVE && save_image(farewell, err) < 0)
        return -1;
    return stop_and_remove(farewell, err);
}

int container_retire(const struct session *session, const struct container_retire_request *request,
    struct container_retire_result *ret, struct error *err)
{
    _cleanup_(farewell_release) struct farewell farewell = {.session = session, .request = request};

    if (!request->dry_run && sweep_containers(session, err) < 0)
        return -1;
    if (container_find(session, request->name, &farewell.container, err) < 0)
        return -1;
    describe(&farewell);
    if (compare(&farewell, err) < 0)
        return -1;
    if ((request->dry_run ? plan(&farewell, err) : carry_out(&farewell, err)) < 0)
        return -1;
    *ret = farewell.result;
    farewell.result = (struct container_retire_result){0};
    return 0;
}

void container_retire_result_release(struct container_retire_result *result)
{
    free(result->name);
    free(result->project);
    free(result->workspace);
    free(result->image);
    free(result->image_of_project);
    saved_container_release(&result->saved);
    free(result->offer);
    free(result->left_out);
    container_changes_release(&result->changes);
    *result = (struct container_retire_result){0};
}
