#include "ops/container_image.h"

#include "base/xalloc.h"
#include "host/project_files.h"
#include "model/file_changes.h"
#include "model/name.h"
#include "model/reference.h"
#include "ops/framework.h"
#include "ops/image_pull.h"

static int inspect(const struct session *session, const char *reference,
    struct container_image *ret, struct error *err)
{
    if (engine_image_inspect(session->engine, reference, &ret->image, err) < 0)
        return -1;
    ret->reference = xstrdup(reference);
    image_ownership_from_labels(&ret->image.labels, &ret->owner);
    return 0;
}

/* The caller's project image of that name; ERROR_NOT_FOUND also when it can be no name. */
static int find_project_image(
    const struct session *session, const char *name, struct container_image *ret, struct error *err)
{
    char project[NAME_MAX_LENGTH + 1];
    bool changed;

    if (name_from_typed(NAME_PROJECT, name, project, &changed, NULL) < 0 || changed)
        return error_set(err, ERROR_NOT_FOUND, "%s is not the name of a project", name);
    _cleanup_free_ char *reference = image_name(session->caller->uid, project);
    return inspect(session, reference, ret, err);
}

static int pull_named_image(const struct session *session, const char *reference,
    struct container_image *ret, struct error *err)
{
    if (image_pull(session, reference, err) < 0) {
        error_prefix(
            err, "there is no image %s on this server, and it could not be fetched", reference);
        return -1;
    }
    return inspect(session, reference, ret, err);
}

/* One that is on the engine, or is fetched. */
static int find_reference(const struct session *session, const char *typed, bool pull,
    struct container_image *ret, struct error *err)
{
    _cleanup_(reference_release) struct reference parsed = REFERENCE_INIT;
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (reference_parse(typed, &parsed, err) < 0)
        return -1;
    _cleanup_free_ char *reference = reference_familiar(&parsed);
    if (inspect(session, reference, ret, &cause) == 0)
        return 0;
    if (cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    if (pull && image_may_be_pulled(reference))
        return pull_named_image(session, reference, ret, err);
    error_set(err, ERROR_NOT_FOUND, "there is no image %s on this server", typed);
    return error_hint(err, "image-list shows your images");
}

static int find_framework(const struct session *session, const char *typed, bool pull,
    struct container_image *ret, struct error *err)
{
    _cleanup_(framework_choice_release) struct framework_choice choice = {0};

    if (framework_choose(session, typed, NULL, &choice, err) < 0 ||
        find_reference(session, choice.image, pull, ret, err) < 0)
        return -1;
    ret->framework = TAKE_PTR(choice.label);
    return 0;
}

static int find_named_image(const struct session *session, const char *named, bool pull,
    struct container_image *ret, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (find_project_image(session, named, ret, &cause) == 0)
        return 0;
    if (cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    /* An image has the name before a framework; and no image has a '='. */
    if (find_reference(session, named, false, ret, &cause) == 0)
        return 0;
    if (cause.code != ERROR_NOT_FOUND && cause.code != ERROR_USAGE)
        return error_move(err, &cause);
    if (framework_is_name(session, named))
        return find_framework(session, named, pull, ret, err);
    return pull ? find_reference(session, named, true, ret, err) : error_move(err, &cause);
}

static int find_own_image(const struct session *session, const char *project,
    struct container_image *ret, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (find_project_image(session, project, ret, &cause) == 0)
        return 0;
    if (cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    error_set(err, ERROR_NOT_FOUND, "you have no image %s", project);
    return error_hint(err, "make it with: image-create %s%s", project,
        project_has_dockerfile(session->caller, project) ? "" : " --base IMAGE");
}

int container_image_find(const struct session *session,
    const struct container_image_request *request, struct container_image *ret, struct error *err)
{
    _cleanup_(container_image_release) struct container_image found = {0};
    int result;

    if (request->framework)
        result = find_framework(session, request->framework, request->pull, &found, err);
    else if (request->named)
        result = find_named_image(session, request->named, request->pull, &found, err);
    else
        result = find_own_image(session, request->project, &found, err);
    if (result < 0)
        return -1;
    *ret = found;
    /* The ownership borrows strings of the labels, which have not moved. */
    found = (struct container_image){0};
    return 0;
}

bool container_image_fits(const struct session *session, const struct container_image *image)
{
    const struct image_ownership *owner = &image->owner;

    return owner->has_user_setup && owner->uid == session->caller->uid &&
           owner->gid == session->caller->gid;
}

const char *container_image_home_volume(
    const struct session *session, const struct container_image *image)
{
    _cleanup_free_ char *home = home_in_container(session->caller->name, session->caller->uid);
    const struct strv *volumes = &image->image.volumes;

    for (size_t i = 0; i < volumes->count; i++)
        if (path_is_within(home, volumes->items[i]))
            return volumes->items[i];
    return NULL;
}

void container_image_warn(
    const struct session *session, const char *project, const struct container_image *image)
{
    const struct caller *caller = session->caller;
    const struct image_ownership *owner = &image->owner;

    if (!owner->has_user_setup || container_image_fits(session, image))
        return;
    observer_note(&session->observer, NOTE_WARNING,
        "The image %s has user setup but UID/GID mismatch (image: %u/%u, you: %u/%u). It was built "
        "for another user, so yours is added in the container. To have an image of your own: "
        "image-create %s --force",
        image->reference, (unsigned)owner->uid, (unsigned)owner->gid, (unsigned)caller->uid,
        (unsigned)caller->gid, project);
}

void container_image_release(struct container_image *image)
{
    free(image->reference);
    free(image->framework);
    image_release(&image->image);
    *image = (struct container_image){0};
}
