/*
 * Saving a container as its project's image: the one exception to images that are built from
 * Dockerfiles (DS01-ARCHITECTURE.md "Core Principle").
 */
#ifndef DS01_OPS_CONTAINER_SAVE_H
#define DS01_OPS_CONTAINER_SAVE_H

#include "engine/container.h"
#include "ops/session.h"

struct container_save_request {
    const struct container *container; /* inspected */
    const char *name;                  /* as people say it */
    const char *project;
    const char *tag;           /* of the image; NULL: the project's current one */
    const struct strv *others; /* images that were saved just now and must stay, or NULL */
    bool dry_run;
};

struct saved_container {
    char *reference;     /* of the image; NULL: none was made */
    bool has_dockerfile; /* from which the image was built that it replaced, or would be */
    bool has_previous;   /* there is one that it replaced */
};

/*
 * Stops the container and commits it. Without a tag the project's image before is kept as the
 * one to roll back to. What the login records have grown to is left out. ERROR_REFUSED, before
 * anything is stopped, where the server has no room for it or the tag is taken. After any failure,
 * container and images are as they were, but for the programs that ran.
 */
int container_save(const struct session *session, const struct container_save_request *request,
    struct saved_container *ret, struct error *err);

/* ERROR_USAGE for what cannot be the tag of a saved image. */
int container_save_check_tag(const char *tag, struct error *err);

void saved_container_release(struct saved_container *saved);

#endif
