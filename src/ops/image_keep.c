#include "ops/image_keep.h"

#include "base/xalloc.h"
#include "engine/image.h"
#include "model/name.h"

void image_keep(const struct session *session, const char *project, const char *id)
{
    _cleanup_free_ char *tag = image_keep_name(session->caller->uid, project);
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_tag(session->engine, id, tag, &cause) < 0)
        observer_note(&session->observer, NOTE_WARNING,
            "the image %s has no second tag, so mlc remove could remove it: %s", project,
            cause.message);
}

void image_keep_where_needed(
    const struct session *session, const char *reference, const struct image *image)
{
    _cleanup_free_ char *project = project_from_image(session->caller->uid, reference);

    if (!project || image->tags.count > 1)
        return;
    _cleanup_free_ char *current = image_name(session->caller->uid, project);
    if (strcmp(reference, current) == 0)
        image_keep(session, project, image->id);
}

int image_keep_end(const struct session *session, const char *project, struct error *err)
{
    _cleanup_free_ char *tag = image_keep_name(session->caller->uid, project);
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_remove(session->engine, tag, false, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND && cause.code != ERROR_REFUSED)
        return error_move(err, &cause);
    return 0;
}
