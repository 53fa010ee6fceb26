/*
 * Files of root's in a user's folder: a container's root left them there, and the user can
 * neither change nor remove them.
 */
#ifndef DS01_HOST_FOREIGN_FILES_H
#define DS01_HOST_FOREIGN_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "host/caller.h"

/* So much of a folder is looked at: a data set of millions of files must not take minutes. */
#define FOREIGN_FILES_ENTRIES_MAX 100000
#define FOREIGN_FILES_DEPTH_MAX   32

struct foreign_files {
    size_t count;
    char *first;     /* path below the folder, or NULL */
    bool incomplete; /* there was more than is looked at, or a folder that may not be read */
};

/*
 * Walks `folder` with the caller's rights, on its own file system, following no link.
 * ERROR_NOT_FOUND when it is not there.
 */
int foreign_files_find(
    const struct caller *caller, const char *folder, struct foreign_files *ret, struct error *err);

void foreign_files_release(struct foreign_files *files);

#endif
