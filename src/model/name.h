/*
 * Project, image and container names (CLI.md "Names and files", FACTS 1.2, 2.2).
 *
 *   typed "My Project"  ->  project "my-project"
 *                           image   "ds01-1722830498/my-project:latest"
 *                           container "my-project._.1722830498"
 */
#ifndef DS01_MODEL_NAME_H
#define DS01_MODEL_NAME_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/strv.h"

#define NAME_MAX_LENGTH 63

enum name_kind {
    NAME_PROJECT,   /* [a-z0-9][a-z0-9_.-]* */
    NAME_CONTAINER, /* the same without '.', which becomes '-': AIME's tools refuse it */
};

/*
 * Makes a name of what was typed: blanks to '-', lower case, everything outside the
 * set dropped, separators at the ends and more than NAME_MAX_LENGTH characters cut.
 * A project name never ends in a separator and never holds "..", which no image
 * reference allows (nor "___", nor "_-" and their like: see the reference grammar of
 * distribution). *ret_changed tells whether it differs from what was typed. Fails with
 * ERROR_USAGE when nothing is left, or when the text holds a control character or '/'.
 */
int name_from_typed(enum name_kind kind, const char *typed, char ret_name[NAME_MAX_LENGTH + 1],
    bool *ret_changed, struct error *err);

/*
 * The name in what was typed, where that is what the lists show of the user `uid`:
 * "ds01-<uid>/<project>", "<project>:latest" and both, "<container>._.<uid>"; all of it where it
 * is none of these. ERROR_USAGE for another user's image as a project. The caller frees *ret.
 */
int name_within_typed(
    enum name_kind kind, uid_t uid, const char *typed, char **ret, struct error *err);

/* "ds01-<uid>/<project>:latest"; the caller frees it. */
char *image_name(uid_t uid, const char *project);

/* "ds01-<uid>/<project>:previous", the build before; the caller frees it. */
char *image_previous_name(uid_t uid, const char *project);

/*
 * "ds01-<uid>/<project>:keep", the second name of what is "latest", ":keep-<tag>" of what is
 * `tag` (ops/image_keep.h); the caller frees it.
 */
char *image_keep_name(uid_t uid, const char *project, const char *tag);

/* The tag whose second name this is: "latest" for "keep", "x" for "keep-x"; else NULL. */
const char *kept_tag(const char *tag);

/*
 * The project in a reference "ds01-<uid>/<project>[:tag]" of this very uid, with or without
 * the "localhost/" that Podman puts in front, else NULL; the caller frees it.
 */
char *project_from_image(uid_t uid, const char *reference);

/* "<name>._.<uid>"; the caller frees it. */
char *container_engine_name(const char *name, uid_t uid);

/*
 * The name as people say it: an engine name without its leading '/' and without the
 * suffix "._.<word>", as AIME's tools cut it (FACTS 1.2). The caller frees it.
 */
char *container_display_name(const char *engine_name);

/* True for "previous", "keep" and "keep-…": tags that come and go with another. */
bool is_companion_tag(const char *tag);

/* True when all names of an image are `reference`, or come and go with that. */
bool image_names_go_with(const struct strv *names, const char *reference);

/* True for a tag that AIME's tools gave a committed image: "<name>._.<digits>". */
bool is_committed_tag(const char *tag);

/*
 * Such a reference taken apart: "aimehub/x:<container>._.<uid>". False for any other. The
 * caller frees *ret_container.
 */
bool committed_reference_parse(const char *reference, char **ret_container, uid_t *ret_uid);

/*
 * "ds01-<uid>/<project>:<tag>" taken apart, with or without Podman's "localhost/". False for
 * any other reference. The caller frees *ret_project; *ret_tag is borrowed.
 */
bool image_name_parse(
    const char *reference, uid_t *ret_uid, char **ret_project, const char **ret_tag);

/* Order of references, as strcmp(): by what is before the tag, then "latest" before other tags. */
int image_name_compare(const char *left, const char *right);

#endif
