/* The containers that keep an image from being removed, and what becomes of them. */
#ifndef DS01_OPS_IMAGE_USERS_H
#define DS01_OPS_IMAGE_USERS_H

#include "engine/container.h"
#include "ops/session.h"

struct image_users {
    const struct container **own; /* borrowed: those that the caller may retire */
    size_t own_count;
    struct strv names; /* of all, as people say them */
    struct strv told;  /* the same, with the owner behind what is not the caller's */
    struct strv cures; /* "ben to retire bens": one for each that the caller may not retire */
};

/*
 * Adds a container, which outlives `users`. The caller may retire their own; root may retire all,
 * but not where it acts for somebody.
 */
void image_users_add(
    const struct session *session, const struct container *container, struct image_users *users);

/*
 * ERROR_REFUSED while `image`, as people say it, is used by containers that are not to go with
 * it: by any without `force`, by other people's with it.
 */
int image_users_refuse(const struct session *session, const struct image_users *users,
    const char *image, bool force, struct error *err);

void image_users_release(struct image_users *users);

#endif
