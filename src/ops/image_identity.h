/*
 * What an image itself says of users: its passwd and group files, and whether it has sudo
 * and shells. Only a container's files can be read, so a container that was made from the
 * image and never started is looked into; what was found is remembered by the image's id,
 * which stands for its content.
 */
#ifndef DS01_OPS_IMAGE_IDENTITY_H
#define DS01_OPS_IMAGE_IDENTITY_H

#include "engine/container_files.h"
#include "ops/session.h"

struct image_identity {
    struct container_files files; /* what is there, by its path; links are followed */
    bool has_sudo;
    const char *bash;         /* its path, or NULL */
    bool has_shell;           /* /bin/sh */
    bool has_package_manager; /* one that the user setup can install sudo with */
};

/* What was found out about the image before. ERROR_NOT_FOUND when nothing was. */
int image_identity_remembered(const struct session *session, const char *image_id,
    struct image_identity *ret, struct error *err);

/*
 * Looks into a container that was created from the image with these mounts and never started,
 * and remembers it, unless a mount hides a part. ERROR_REFUSED for an image whose /etc is a
 * link.
 */
int image_identity_look(const struct session *session, const char *image_id, const char *container,
    const struct mount *mounts, size_t mount_count, struct image_identity *ret, struct error *err);

void image_identity_release(struct image_identity *identity);

#endif
