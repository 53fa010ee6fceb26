/*
 * Who is calling, and files touched as that user.
 *
 * `sudo image-create …` acts for SUDO_UID (CLI.md). ds01 then runs as root but
 * opens, makes and writes the user's files with the user's own rights, so that
 * ownership comes out right and nothing is reached that the user could not reach.
 */
#ifndef DS01_HOST_CALLER_H
#define DS01_HOST_CALLER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "model/username.h"

struct caller {
    uid_t uid;
    gid_t gid;                   /* primary group */
    char *login;                 /* raw login name; "u<uid>" without a passwd entry */
    char name[USERNAME_MAX + 1]; /* in containers */
    char *home;                  /* on the host, absolute */
    bool acts_for_other;         /* we are root, the caller is not */
    bool has_entry;              /* in passwd, or what stands for it */
    int lookup_errno;            /* why none could be looked for, or 0 */
};

/*
 * Reads passwd, SUDO_UID and HOME. ERROR_REFUSED for a SUDO_UID or SUDO_GID that is no number:
 * whom to act for is then not known. Fails when no home directory is known.
 */
int caller_find(struct caller *ret, struct error *err);

/*
 * Someone else, for root who acts for them, as passwd has them. ERROR_NOT_FOUND where it does
 * not know that uid, or their home is gone.
 */
int caller_of(uid_t uid, struct caller *ret, struct error *err);

/*
 * The caller's supplementary groups. *ret_groups is to be freed; returns how many, 0 where
 * none are known.
 */
size_t caller_groups(const struct caller *caller, gid_t **ret_groups);

void caller_release(struct caller *caller);

/*
 * From here to the end of the scope, file access is the caller's:
 *
 *   _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
 *
 * Does nothing unless the caller is someone else than the process. Scopes nest.
 */
struct caller_scope {
    bool active;
};

struct caller_scope caller_scope_begin(const struct caller *caller);
void caller_scope_end(struct caller_scope *scope);

#endif
