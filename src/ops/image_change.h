/*
 * Changing a project's image: its Dockerfile and its tag move together, and back together
 * when anything fails.
 */
#ifndef DS01_OPS_IMAGE_CHANGE_H
#define DS01_OPS_IMAGE_CHANGE_H

#include "host/build_sources.h"
#include "host/project_files.h"
#include "ops/image_build.h"
#include "ops/undo.h"

/* What a project has at the moment. */
struct image_before {
    char *tag;                        /* "ds01-<uid>/<project>:latest" */
    char *id;                         /* the image that has the tag, or NULL */
    char *saved_from;                 /* the container that it was saved from, or NULL */
    struct build_sources now;         /* the files as they are */
    struct build_sources built;       /* as the image was built from them; empty: not known */
    char *built_path;                 /* of the Dockerfile among those, or NULL */
    struct project_metadata metadata; /* empty where there is none */
};

/* Finds it: one engine request. Damaged metadata is a warning, since it is written anew. */
int image_before_find(const struct session *session, const char *project, struct image_before *ret,
    struct error *err);

/*
 * image_build(), which keeps the image before under the tag `previous`; `undo` gives both
 * tags back to whom they belonged. Then untagged builds that no container uses are removed.
 */
int image_change_build(const struct session *session, const struct image_before *before,
    const struct image_build_request *request, struct undo *undo, char **ret_id, struct error *err);

/* Warns where the image holds what was saved from a container and this Dockerfile does not. */
void image_change_warn_of_saved(const struct session *session, const struct image_before *before,
    const struct image_build_request *request);

/*
 * Warns where `text`, with which the Dockerfile is to be written, has other lines of ds01's own in
 * its user block than what was built last: they are written anew.
 */
void image_change_warn_of_block(const struct session *session, const char *project,
    const struct image_before *before, const char *text, size_t length);

/*
 * After a change has failed and was undone: the message says that the image is as it was, where
 * a look at it shows just that, and that it still deploys, where the engine's disk has room for
 * that or gets it within five seconds. Returns -1.
 */
int image_change_tell_unchanged(const struct session *session, const char *project,
    const struct image_before *before, struct error *err);

/*
 * Makes an image that is there already, without a name, the project's current one: the same
 * with the tags.
 */
int image_change_adopt(const struct session *session, const char *project,
    const struct image_before *before, const char *id, struct undo *undo, struct error *err);

/*
 * Makes the build before the current one, and what was current the build before; `undo` likewise.
 */
int image_change_swap(const struct session *session, const char *project,
    const struct image_before *before, const char *previous_id, struct undo *undo,
    struct error *err);

/*
 * After a build: keeps a copy of `sources`, which it was made from, and lets the copy of the build
 * before be the one to roll back to, where `id` is not that build itself. What goes wrong is a
 * warning.
 */
void image_change_note_build(const struct session *session, const char *project,
    const struct image_before *before, const struct build_sources *sources, const char *id,
    struct project_metadata *metadata);

/*
 * Writes the metadata with image and time set, and removes backups that are too old. What goes
 * wrong is a warning: it is a memory aid.
 */
void image_change_remember(const struct session *session, const char *project, const char *tag,
    struct project_metadata *metadata);

void image_before_release(struct image_before *before);

#endif
