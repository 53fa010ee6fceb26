/*
 * The tag that keeps a project's image.
 *
 * AIME's `mlc remove` removes a container and then, unasked, the image that `docker ps` names
 * for it (FACTS 1.7). So containers are created from an image's id, which is what `docker ps`
 * then names, and a project's image has a second tag beside "latest", or the tag that it was
 * saved with: the engine refuses to remove by its id what has two names, and nothing is lost.
 */
#ifndef DS01_OPS_IMAGE_KEEP_H
#define DS01_OPS_IMAGE_KEEP_H

#include "ops/session.h"

/*
 * Gives the build `id` of the caller's project the second tag beside `tag`; the build before
 * loses it. One that cannot be given is a warning: the next deploy tries again.
 */
void image_keep(
    const struct session *session, const char *project, const char *tag, const char *id);

/*
 * The same for an image whose only name, `reference`, is a project's of the caller: one that
 * was built by hand, by the original, or saved with a tag.
 */
void image_keep_where_needed(
    const struct session *session, const char *reference, const struct image *image);

/* Takes the second tag away, so that the image can go with its last one. */
int image_keep_end(
    const struct session *session, const char *project, const char *tag, struct error *err);

#endif
