/*
 * What goes when images go. An engine tells of each image what it shares with any other; of a
 * project the build before shares most with the current one and goes with it, so their layers
 * are looked at (model/image_layers.h). What an image is made of never changes: it is asked
 * once, 1 ms an image, and kept in the user's cache.
 */
#ifndef DS01_OPS_IMAGE_SHARE_H
#define DS01_OPS_IMAGE_SHARE_H

#include "engine/container.h"
#include "engine/image.h"
#include "model/image_layers.h"
#include "ops/session.h"

/*
 * The ids of the images that go with the name `reference`: of a project's image that one, the
 * build before and builds that only its own containers still use; of any other name its image.
 * None that keeps another name. `list` holds at least all names of the project.
 */
void image_share_going(const struct session *session, const char *reference,
    const struct image_list *list, const struct container_list *containers, struct strv *ret_ids);

/* The layers of all images on the engine. */
struct image_share {
    struct image_layers *images;
    size_t count;
    bool learnt; /* more than the cache knew */
};

/* True where layers were looked at before: then most are in the cache. */
bool image_share_is_known(const struct session *session);

/* `all` lists every image on the engine. */
int image_share_load(const struct session *session, const struct image_list *all,
    struct image_share *ret, struct error *err);

/*
 * The bytes that only the images of these ids have; -1 where the engine does not tell enough.
 * Asks for the history of each, once.
 */
int image_share_freed(const struct session *session, struct image_share *share,
    const struct strv *ids, int64_t *ret_bytes, struct error *err);

/* Keeps what was learnt; where that fails, it is asked again next time. */
void image_share_remember(const struct session *session, const struct image_share *share);

void image_share_release(struct image_share *share);

#endif
