/* What to type next where a file or folder of the user's cannot be read or written. */
#ifndef DS01_HOST_ACCESS_HINT_H
#define DS01_HOST_ACCESS_HINT_H

#include "base/error.h"
#include "host/caller.h"

/*
 * Sets the hint of an error that is already set, for the file at the absolute `path` that could not
 * be read (none for one that is not there), or the folder there that could not be opened, made or
 * written into. Returns -1.
 */
int access_hint_file(const struct caller *caller, const char *path, struct error *err);
int access_hint_folder(const struct caller *caller, const char *path, struct error *err);

/* Likewise where the file at `path`, or the one it is a link to, could not be put there. */
int access_hint_write(const struct caller *caller, const char *path, struct error *err);

#endif
