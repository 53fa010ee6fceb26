/*
 * The text of passwd, group, shadow and gshadow with one user added (passwd(5), group(5),
 * shadow(5), gshadow(5)), for an image that does not know who is going to work in it.
 *
 * Collisions end as in an image's own user setup (model/recipe_user.c): whoever has the
 * user's uid or name goes, and so does a group with the user's gid or name, but a group of
 * the system (gid below 1000) keeps its name. Every other line stays byte for byte, those
 * that make no sense too.
 */
#ifndef DS01_MODEL_IDENTITY_FILES_H
#define DS01_MODEL_IDENTITY_FILES_H

#include <sys/types.h>

#include "base/error.h"
#include "base/strv.h"

#define IDENTITY_FILE_MAX ((size_t)4 << 20) /* bytes of one of the files */

/* NULL: there is no such file. */
struct identity_files {
    char *passwd;
    char *group;
    char *shadow;
    char *gshadow;
};

struct identity_user {
    const char *name; /* username_in_container() */
    const char *home;
    const char *shell;
    uid_t uid; /* not 0: root is in every image */
    gid_t gid;
    const struct strv *groups; /* must be there, with any id: made where missing */
};

/*
 * *ret is the caller's. Missing shadow files stay missing: the passwd entry then locks the
 * password itself, since with "x" and no shadow line PAM's account check fails and with it
 * sudo. ERROR_FAILED for a text longer than IDENTITY_FILE_MAX.
 */
int identity_files_add_user(const struct identity_files *files, const struct identity_user *user,
    struct identity_files *ret, struct error *err);

void identity_files_release(struct identity_files *files);

#endif
