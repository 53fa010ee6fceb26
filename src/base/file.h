/*
 * Files, relative to a directory descriptor. Descriptors are always O_CLOEXEC.
 */
#ifndef DS01_BASE_FILE_H
#define DS01_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Reads a whole regular file of at most `max` bytes. *ret_data has a NUL behind it
 * and is the caller's. A missing file is ERROR_NOT_FOUND; anything else that fails,
 * a file that is no regular one or is too large included, is ERROR_FAILED.
 */
int file_read_at(
    int dir, const char *path, size_t max, char **ret_data, size_t *ret_length, struct error *err);

/*
 * Replaces `path` by `data`, at once or not at all: a temporary file beside it,
 * fsync, rename, fsync of the directory. A path that is a symbolic link has the
 * file it points to replaced. The old file's mode and group stay, whatever the umask; a new file
 * has `mode` as far as the umask allows. On failure the old file is as it was and the
 * temporary one is gone; it has no name while it is written where the file system allows that
 * (open(2), O_TMPFILE), so that it is gone, too, when the process is killed.
 */
int file_write_at(
    int dir, const char *path, const void *data, size_t length, mode_t mode, struct error *err);

/*
 * Opens the directory `path`, making it and the missing ones above it with `mode`
 * (as far as the umask allows). Returns the descriptor. *ret_created, unless NULL,
 * says whether `path` itself was made.
 */
int dir_make_at(int dir, const char *path, mode_t mode, int *ret_created, struct error *err);

/* Bytes that anybody but root may still write where `path` lies; -1 where that cannot be told. */
int64_t file_system_free(const char *path);

#endif
