/*
 * The caller's user in a container whose image does not know it: passwd, group, sudoers and
 * a home, written into the created container before its first start. The image stays as it
 * is, and nothing but the container is made.
 */
#ifndef DS01_OPS_USER_SETUP_H
#define DS01_OPS_USER_SETUP_H

#include "engine/container.h"
#include "ops/image_identity.h"
#include "ops/session.h"

/* Groups that AIME's containers name, so that they must be in every image. */
extern const char *const user_setup_groups[2];

/*
 * ERROR_REFUSED where a mount's target leads through a link of the image: the files could end
 * up in a directory of the server. Asks 2 ms for each part of each target.
 */
int user_setup_check_mounts(const struct session *session, const char *container,
    const struct container_spec *spec, struct error *err);

/*
 * One upload into the created container, which user_setup_check_mounts() has seen. What lies
 * at or under a mount is left out: it is the server's. The prompt names `project` where the
 * container does not say its own name.
 */
int user_setup_inject(const struct session *session, const struct image_identity *identity,
    const char *container, const struct container_spec *spec, const char *project,
    struct error *err);

/*
 * The path of the file that user_setup_inject() writes last, by which one that was cut off is
 * known; NULL where a mount keeps it out. The caller frees it.
 */
char *user_setup_last_file(const struct session *session, const struct container_spec *spec);

#endif
