/* Dockerfile edited in place -> image rebuilt under the same name. */
#ifndef DS01_OPS_IMAGE_UPDATE_H
#define DS01_OPS_IMAGE_UPDATE_H

#include "model/dockerfile_edit.h"
#include "ops/session.h"

struct image_update_request {
    const char *project;                /* a valid project name */
    const struct dockerfile_edit *edit; /* what to change, or NULL */
    const char *text;                   /* instead: the whole new Dockerfile, or NULL */
    const char *text_before;            /* the Dockerfile that `text` was made from */
    const char *requirements;           /* path of the user's new requirements file, or NULL */
    bool rebuild;                       /* build even when nothing changes */
    bool no_cache;
    bool pull;
    bool dry_run; /* only say what would change */
};

struct image_update_result {
    char *image;       /* reference */
    char *id;          /* of the new build; NULL when nothing was built */
    char *diff;        /* of Dockerfile and requirements file; "" when they stay the same */
    char *backup_path; /* of the Dockerfile before, or NULL */
    char *requirements_backup_path; /* the same of the requirements file */
    bool to_build;                  /* something was to be built */
    struct strv outdated;           /* containers of another build, also in a dry run */
};

/*
 * Lets the user edit *text, or the project's Dockerfile where that is NULL, in their own editor
 * (host/text_editor.h), on the terminal that there must be. *text is replaced by what they saved,
 * *ret_before is the Dockerfile as it is, whose file stays. ERROR_NOT_FOUND when there is none.
 */
int image_update_edit_text(const struct session *session, const char *project, char **text,
    char **ret_before, struct error *err);

/*
 * Builds where anything is another than the image was built from: by this request, or edited by
 * hand since. ERROR_NOT_FOUND without a Dockerfile, or for a package to remove that is not there;
 * ERROR_REFUSED for a requirements file where the Dockerfile has a build context of its own, and
 * for a text made from a Dockerfile that has changed since. On any failure the Dockerfile, the
 * requirements file and the image are as they were, and a text that was edited is in the backup
 * folder, which the observer is told.
 */
int image_update(const struct session *session, const struct image_update_request *request,
    struct image_update_result *ret, struct error *err);

/*
 * Returns to the build before, its Dockerfile and its requirements file; what is current now
 * becomes the one before, so a second time undoes the first. ERROR_NOT_FOUND when there is none.
 */
int image_rollback(const struct session *session, const char *project, bool dry_run,
    struct image_update_result *ret, struct error *err);

void image_update_result_release(struct image_update_result *result);

#endif
