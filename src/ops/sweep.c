#include "ops/sweep.h"

#include "base/xalloc.h"
#include "engine/container.h"
#include "model/label.h"
#include "model/name.h"
#include "ops/committed_image.h"
#include "ops/named_container.h"

/* Its image goes first: once the container is gone, nothing points to it. */
static int sweep_setup(
    const struct session *session, const struct container *container, struct error *err)
{
    if (committed_images_drop_unused(session, err) < 0 ||
        named_container_remove(session, container->id, err) < 0)
        return -1;
    observer_note(&session->observer, NOTE_INFO,
        "Removed a temporary container, which an interrupted user setup had left.");
    return 0;
}

static int sweep_deploy(
    const struct session *session, const struct container *container, struct error *err)
{
    _cleanup_free_ char *name = container_display_name(container->name);

    if (named_container_remove(session, container->id, err) < 0 ||
        committed_image_drop(session, container, err) < 0)
        return -1;
    observer_note(&session->observer, NOTE_INFO,
        "Removed the container %s, which an interrupted deploy had left.", name);
    return 0;
}

int sweep_containers(const struct session *session, struct error *err)
{
    _cleanup_free_ char *uid = xasprintf("%s=%u", LABEL_USER_ID, (unsigned)session->caller->uid);
    const struct engine_filter deployed[] = {
        {"label", LABEL_DEPLOY "=true"}, {"label", uid}, {NULL, NULL}};
    _cleanup_(container_list_release) struct container_list list = {0};

    if (engine_container_list(session->engine, deployed, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++) {
        const struct container *container = &list.containers[i];
        if (committed_image_is_leftover_setup(container) &&
            sweep_setup(session, container, err) < 0)
            return -1;
        if (named_container_is_leftover(container) && sweep_deploy(session, container, err) < 0)
            return -1;
    }
    return 0;
}

int sweep_builds(
    const struct session *session, const char *project, const char *keep_id, struct error *err)
{
    _cleanup_(image_list_release) struct image_list list = {0};
    _cleanup_free_ char *label = xasprintf("%s=%s", LABEL_PROJECT, project);
    const struct engine_filter untagged[] = {{"dangling", "true"}, {"label", label}, {NULL, NULL}};

    if (engine_image_list(session->engine, untagged, false, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        const struct image *image = &list.images[i];
        struct image_ownership owner;
        image_ownership_from_labels(&image->labels, &owner);
        if (!owner.has_user_setup || owner.uid != session->caller->uid ||
            (keep_id && strcmp(image->id, keep_id) == 0))
            continue;
        if (engine_image_remove(session->engine, image->id, false, &cause) < 0 &&
            cause.code != ERROR_REFUSED && cause.code != ERROR_NOT_FOUND)
            return error_move(err, &cause);
    }
    return 0;
}
