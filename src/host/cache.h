/*
 * What can be found out again but takes time, below ~/.cache/ds01, opened as the user. The
 * user may edit or delete it at any time: what is read is checked by its reader, and a file
 * that is missing or damaged costs time and nothing else.
 */
#ifndef DS01_HOST_CACHE_H
#define DS01_HOST_CACHE_H

#include <stddef.h>

#include "base/error.h"
#include "host/caller.h"

#define CACHE_FILE_MAX ((size_t)16 << 20) /* bytes */

/*
 * The file `name` in the folder `folder` ("images"). The text is the caller's, with a NUL
 * behind. ERROR_NOT_FOUND when there is none.
 */
int cache_read(const struct caller *caller, const char *folder, const char *name, char **ret_text,
    size_t *ret_length, struct error *err);

/* True where there is such a file; it is not read. */
bool cache_has(const struct caller *caller, const char *folder, const char *name);

/*
 * Replaces the file at once or not at all, readable by the user alone. Beyond 64 files in the
 * folder the one that was written longest ago goes.
 */
int cache_write(const struct caller *caller, const char *folder, const char *name, const char *text,
    size_t length, struct error *err);

#endif
