#include "ops/container_image.h"

#include "base/xalloc.h"
#include "host/project_files.h"
#include "model/name.h"
#include "model/reference.h"

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

static int find_named_image(const struct session *session, const char *named,
    struct container_image *ret, struct error *err)
{
    _cleanup_(reference_release) struct reference parsed = REFERENCE_INIT;
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (find_project_image(session, named, ret, &cause) == 0)
        return 0;
    if (cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    if (reference_parse(named, &parsed, err) < 0)
        return -1;
    _cleanup_free_ char *reference = reference_familiar(&parsed);
    if (inspect(session, reference, ret, &cause) == 0)
        return 0;
    if (cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    error_set(err, ERROR_NOT_FOUND, "there is no image %s on this server", named);
    return error_hint(
        err, "image-list shows your images; image-create NAME --base %s makes one", reference);
}

int container_image_find(const struct session *session, const char *project, const char *named,
    struct container_image *ret, struct error *err)
{
    _cleanup_(container_image_release) struct container_image found = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (named) {
        if (find_named_image(session, named, &found, err) < 0)
            return -1;
    } else if (find_project_image(session, project, &found, &cause) < 0) {
        if (cause.code != ERROR_NOT_FOUND)
            return error_move(err, &cause);
        error_set(err, ERROR_NOT_FOUND, "you have no image %s", project);
        return error_hint(err, "make it with: image-create %s%s", project,
            project_has_dockerfile(session->caller, project) ? "" : " --base IMAGE");
    }
    *ret = found;
    /* The ownership borrows strings of the labels, which have not moved. */
    found = (struct container_image){0};
    return 0;
}

int container_image_check(const struct session *session, const char *project,
    const struct container_image *image, struct error *err)
{
    const struct caller *caller = session->caller;
    const struct image_ownership *owner = &image->owner;

    if (!owner->has_user_setup) {
        error_set(err, ERROR_REFUSED,
            "the image %s has no user setup (no label %s), so files would not be yours in it",
            image->reference, LABEL_HAS_USER_SETUP);
        return error_hint(err, "make one of your own from it: image-create %s --base %s", project,
            image->reference);
    }
    if (owner->uid != caller->uid || owner->gid != caller->gid) {
        error_set(err, ERROR_REFUSED,
            "the image %s has user setup but UID/GID mismatch (image: %u/%u, you: %u/%u)",
            image->reference, (unsigned)owner->uid, (unsigned)owner->gid, (unsigned)caller->uid,
            (unsigned)caller->gid);
        return error_hint(err,
            "it was built for another user; rebuild it with: "
            "image-create %s --force",
            project);
    }
    return 0;
}

void container_image_release(struct container_image *image)
{
    free(image->reference);
    image_release(&image->image);
    *image = (struct container_image){0};
}
