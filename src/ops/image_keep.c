#include "ops/image_keep.h"

#include "base/xalloc.h"
#include "engine/image.h"
#include "model/name.h"

void image_keep(const struct session *session, const char *project, const char *tag, const char *id)
{
    _cleanup_free_ char *second = image_keep_name(session->caller->uid, project, tag);
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_tag(session->engine, id, second, &cause) < 0)
        observer_note(&session->observer, NOTE_WARNING,
            "the image %s has no second tag, so mlc remove could remove it: %s", project,
            cause.message);
}

void image_keep_where_needed(
    const struct session *session, const char *reference, const struct image *image)
{
    _cleanup_free_ char *project = NULL;
    const char *tag;
    uid_t uid;

    if (image->tags.count > 1 || !image_name_parse(reference, &uid, &project, &tag) ||
        uid != session->caller->uid || is_companion_tag(tag) || is_committed_tag(tag))
        return;
    image_keep(session, project, tag, image->id);
}

int image_keep_end(
    const struct session *session, const char *project, const char *tag, struct error *err)
{
    _cleanup_free_ char *second = image_keep_name(session->caller->uid, project, tag);
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_remove(session->engine, second, false, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND && cause.code != ERROR_REFUSED)
        return error_move(err, &cause);
    return 0;
}
