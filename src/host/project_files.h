/*
 * A user's files (CLI.md "Names and files"), all below the home directory, all opened
 * as the user:
 *
 *   ~/dockerfiles/<project>.Dockerfile        what the image is made from
 *   ~/dockerfiles/<project>.requirements.txt  and <project>.requirements/: see
 *                                             host/requirements_bundle.h
 *   ~/.ds01-config/images/<project>.json      how it was asked for
 *   ~/.ds01-config/backup/                    what was replaced, and what builds were made from
 *   ~/.ds01-config/locks/
 */
#ifndef DS01_HOST_PROJECT_FILES_H
#define DS01_HOST_PROJECT_FILES_H

#include <stdbool.h>

#include "base/error.h"
#include "base/strv.h"
#include "host/caller.h"

#define USER_DOCKERFILES "dockerfiles"
#define USER_IMAGES      ".ds01-config/images"
#define USER_BACKUP      ".ds01-config/backup"
#define USER_LOCKS       ".ds01-config/locks"

/* Modes of files that are new. */
#define NEW_FILE     0644 /* as far as the umask allows */
#define PRIVATE_FILE 0600

/*
 * Opens a directory below the caller's home; with `make` it is made first. Without,
 * a missing one is ERROR_NOT_FOUND.
 */
int user_directory_open(
    const struct caller *caller, const char *relative, bool make, struct error *err);

/* The path of the project's Dockerfile, for messages; the caller frees it. */
char *project_dockerfile_path(const struct caller *caller, const char *project);

/* ERROR_NOT_FOUND when there is none. The text is the caller's, with a NUL behind. */
int project_dockerfile_read(const struct caller *caller, const char *project, char **ret_text,
    size_t *ret_length, struct error *err);

/* True when there is one that can be read. */
bool project_has_dockerfile(const struct caller *caller, const char *project);

int project_dockerfile_write(const struct caller *caller, const char *project, const char *text,
    size_t length, struct error *err);

/* Removes it; one that is not there is success. */
int project_dockerfile_remove(const struct caller *caller, const char *project, struct error *err);

/* "<project>-<time>": the beginning of the names of what goes to the backup folder now. */
char *project_backup_name(const char *project);

/*
 * Copies `text` to the backup folder under a name with the time; *ret_path is where, to be freed.
 * The copy has no more rights than the project's file, which is its metadata for "json", else its
 * Dockerfile.
 */
int project_backup(const struct caller *caller, const char *project, const char *extension,
    const char *text, size_t length, char **ret_path, struct error *err);

/* Writes a file of the backup folder under that name, with rights likewise. */
int project_backup_write(const struct caller *caller, const char *project, const char *name,
    const char *text, size_t length, struct error *err);

/* Reads a file of the backup folder by its name. ERROR_NOT_FOUND when it is gone. */
int project_backup_read(const struct caller *caller, const char *name, char **ret_text,
    size_t *ret_length, struct error *err);

/* Names of what is in the backup folder, in no order. No folder is an empty list. */
int project_backup_list(const struct caller *caller, struct strv *ret, struct error *err);

/* Removes a file of the backup folder; one that is not there is success. */
int project_backup_remove(const struct caller *caller, const char *name, struct error *err);

/* How an image was asked for: a memory aid, never a truth (the labels are that). */
struct project_metadata {
    char *image;     /* reference */
    char *base;      /* reference of FROM, or NULL */
    char *framework; /* or NULL */
    char *context;   /* directory of the build context, or NULL: a context of its own */
    char *own_name;  /* "gpu.dockerfile", the user's own file at its top; or NULL */
    char *created;   /* RFC 3339, UTC */
    /* Dockerfiles in the backup folder, or NULL: what the image and the build before it were
     * made from (host/build_sources.h). */
    char *built;
    char *previous;
    char *version;      /* of the framework, or NULL */
    char *architecture; /* that its image is for, or NULL */
    char *requirements; /* path of the user's requirements file, or NULL */
    struct strv sets;   /* names of package sets */
    struct strv pip;
    struct strv apt;
};

/* ERROR_NOT_FOUND when there is none; a damaged file is ERROR_FAILED. */
int project_metadata_read(const struct caller *caller, const char *project,
    struct project_metadata *ret, struct error *err);
int project_metadata_write(const struct caller *caller, const char *project,
    const struct project_metadata *metadata, struct error *err);

/* The projects that have metadata, in no order. No folder is an empty list. */
int project_metadata_list(const struct caller *caller, struct strv *ret, struct error *err);

/* Moves the metadata alone to the backup folder. */
int project_metadata_retire(const struct caller *caller, const char *project, struct error *err);

/* Copies the Dockerfile and the metadata to the backup folder; none there is success. */
int project_files_back_up(const struct caller *caller, const char *project, struct error *err);

/* Removes the Dockerfile and the metadata; none there is success. */
int project_files_remove(const struct caller *caller, const char *project, struct error *err);

/*
 * The projects that have a Dockerfile, in no order: a file or a link to one, under a name that a
 * project can have. No folder is an empty list.
 */
int project_list(const struct caller *caller, struct strv *ret, struct error *err);

void project_metadata_release(struct project_metadata *metadata);

#endif
