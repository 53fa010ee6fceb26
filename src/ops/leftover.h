/*
 * What nothing needs any more on the engine: containers that an interrupted operation left,
 * builds and committed images whose last container is gone. Found by labels and names, and
 * removed only when no container uses it and no operation can be about to: an operation's
 * process is known by its stamp, or by the lock that it holds.
 */
#ifndef DS01_OPS_LEFTOVER_H
#define DS01_OPS_LEFTOVER_H

#include "engine/container.h"
#include "engine/image.h"
#include "host/lock.h"
#include "ops/session.h"

enum leftover_kind {
    LEFTOVER_DEPLOY,    /* a container that a dead deploy never started */
    LEFTOVER_HALF_MADE, /* one into which a dead container-create never wrote the user */
    LEFTOVER_SETUP,     /* the temporary container of a dead user setup */
    LEFTOVER_BUILD,     /* an untagged build */
    LEFTOVER_PREVIOUS,  /* the build before of an image that is gone */
    LEFTOVER_KEEP,      /* the second tag of a build that is not the latest (image_keep.h) */
    LEFTOVER_COMMITTED, /* an image that was committed for a container which is gone */
    LEFTOVER_NAME,      /* a second name of an image, for a container which is gone */
    LEFTOVER_NETWORK,   /* the lab's files for a build that was killed (build_network.h) */
};

struct leftover {
    enum leftover_kind kind;
    char *handle; /* for the engine: a container's id, an image's reference or id */
    char *name;   /* as people say it: a container's or a project's name, a reference */
    char *image;  /* its image's id; NULL for containers */
    uid_t uid;    /* whose it is */
    enum lock_kind lock_kind;
    char *lock;       /* what an operation that needs it would hold; NULL for containers */
    int64_t bytes;    /* that removing it frees; -1 unknown */
    const char *busy; /* why it is kept for now, as the end of a sentence, or NULL */
};

struct leftovers {
    struct leftover *items;
    size_t count;
};

enum leftover_scope { LEFTOVERS_OWN, LEFTOVERS_ALL_USERS };

/*
 * Containers first, then by kind and name. With `bytes` it is asked what removing each image
 * frees, which takes engines before API 1.42 long.
 */
int leftovers_find(const struct session *session, enum leftover_scope scope, bool bytes,
    struct leftovers *ret, struct error *err);

/* "the container x, which an interrupted deploy left"; the caller frees it. */
char *leftover_describe(const struct leftover *leftover);

/* A word for machines: "deploy", "committed" … */
const char *leftover_kind_name(enum leftover_kind kind);

/* True for what `image-list --orphans` is about: a name "*:<container>._.<uid>". */
bool leftover_is_orphan(const struct leftover *leftover);

/*
 * Removes one, while its lock is held. ERROR_REFUSED when a container has come to use it; one
 * that is gone already is success.
 */
int leftover_remove(
    const struct session *session, const struct leftover *leftover, struct error *err);

/*
 * The names of the containers that need the name `reference` of `image`: those made from it
 * and, when it is the image's last name, all that use the image.
 */
void committed_name_users(const struct image *image, const char *reference,
    const struct container_list *containers, struct strv *ret_names);

void leftover_release(struct leftover *leftover);
void leftovers_release(struct leftovers *leftovers);

#endif
