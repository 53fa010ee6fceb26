/*
 * A requirements file together with the files and folders of this machine that it names, so
 * that all of it can travel into a build: as the user has it, and as it is kept for a project,
 *
 *   ~/dockerfiles/<project>.requirements.txt     the file, byte for byte
 *   ~/dockerfiles/<project>.requirements/        what it names, under the same relative paths
 */
#ifndef DS01_HOST_REQUIREMENTS_BUNDLE_H
#define DS01_HOST_REQUIREMENTS_BUNDLE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/strv.h"
#include "host/caller.h"

#define REQUIREMENTS_FILE_SUFFIX   ".requirements.txt"
#define REQUIREMENTS_FOLDER_SUFFIX ".requirements"

struct bundled_file {
    char *path; /* relative, without ".." */
    char *data;
    size_t length;
    mode_t mode; /* 0644 or 0755; of a kept file what there is of these rights */
};

struct requirements_bundle {
    char *text; /* NULL: there is no requirements file */
    size_t length;
    /* Of a kept requirements file. Of the user's own: 0600 where one of them is private, else 0. */
    mode_t mode;
    struct bundled_file *files; /* at most 64 MiB in 2,000 files */
    size_t count;
    struct strv variables; /* environment variables that the files use as ${NAME} */
};

/*
 * Reads the user's file at `path` and everything it names, with the caller's rights.
 * ERROR_USAGE with file, line and caret for a bad line, and with file and line for something
 * that is missing, too large, or leads out of the file's own folder.
 */
int requirements_bundle_read(const struct caller *caller, const char *path,
    struct requirements_bundle *ret, struct error *err);

/*
 * What is kept as <name>.requirements.txt and <name>.requirements/ in a folder of the user's
 * (USER_DOCKERFILES, where the name is the project's, or USER_BACKUP); nothing is an empty bundle.
 */
int requirements_bundle_kept(const struct caller *caller, const char *folder, const char *name,
    struct requirements_bundle *ret, struct error *err);

/*
 * Keeps `bundle` so, in the place of what is there; an empty one removes that. What was kept
 * elsewhere has no more rights here than there; a requirements file that is replaced keeps its
 * mode, and so does the folder, unless the bundle is private. A folder in the backup folder is for
 * the user alone.
 */
int requirements_bundle_keep(const struct caller *caller, const char *folder, const char *name,
    const struct requirements_bundle *bundle, struct error *err);

/* Copies `bundle` to the backup folder; *ret_path is where its file is, to be freed. */
int requirements_bundle_backup(const struct caller *caller, const char *project,
    const struct requirements_bundle *bundle, char **ret_path, struct error *err);

/* Copies what is kept for a project to the backup folder; nothing kept is success. */
int requirements_bundle_back_up_kept(
    const struct caller *caller, const char *project, struct error *err);

/* Removes what is kept for a project; nothing kept is success. */
int requirements_bundle_remove(const struct caller *caller, const char *project, struct error *err);

/*
 * The same text and files; their order and the variables do not count, nor who may read them, but
 * whether they can be run does.
 */
bool requirements_bundle_equal(
    const struct requirements_bundle *a, const struct requirements_bundle *b);

void requirements_bundle_release(struct requirements_bundle *bundle);

#endif
