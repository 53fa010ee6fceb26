/*
 * Directories that become mounts. The engine is root and would reach, or make,
 * anything; so each one is first opened with the caller's own rights.
 */
#ifndef DS01_HOST_DIRECTORY_H
#define DS01_HOST_DIRECTORY_H

#include <stdbool.h>

#include "base/error.h"
#include "base/strv.h"
#include "host/caller.h"

struct mount_directory {
    char *path;      /* absolute, symbolic links resolved */
    char *requested; /* as it was asked for */
    char *made;      /* the topmost directory on the way to it that was made, or NULL */
};

/* `~`, `~/x` and relative paths made absolute, nothing resolved; the caller frees it. */
char *directory_expand(const struct caller *caller, const char *typed);

/*
 * Checks that the caller may use the directory: it is there, and can be listed, entered
 * and, unless `read_only`, written. With `make`, a missing one is made, owned by the
 * caller, and the ones above it. ERROR_REFUSED where the caller's rights do not reach,
 * ERROR_USAGE where it is missing or no directory.
 */
int directory_check(const struct caller *caller, const char *path, bool read_only, bool make,
    struct mount_directory *ret, struct error *err);

/* The names of the folders in `path`, which the caller may list; none where it is missing. */
int directory_list(
    const struct caller *caller, const char *path, struct strv *ret_names, struct error *err);

/* Undoes what directory_check() made, as far as it is still empty. */
void directory_unmake(const struct caller *caller, const struct mount_directory *directory);

void mount_directory_release(struct mount_directory *directory);

#endif
