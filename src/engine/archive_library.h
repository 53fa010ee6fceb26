/*
 * libarchive, loaded when it is first needed: it brings sixteen shared libraries along,
 * and most commands never make an archive.
 */
#ifndef DS01_ENGINE_ARCHIVE_LIBRARY_H
#define DS01_ENGINE_ARCHIVE_LIBRARY_H

#include <archive.h>
#include <archive_entry.h>

#include "base/error.h"

/* The functions in use: X(the name behind "archive_"). */
#define ARCHIVE_FUNCTIONS(X)                                                                       \
    X(error_string)                                                                                \
    X(read_new)                                                                                    \
    X(read_support_format_tar)                                                                     \
    X(read_open_memory)                                                                            \
    X(read_next_header)                                                                            \
    X(read_data)                                                                                   \
    X(read_free)                                                                                   \
    X(write_new)                                                                                   \
    X(write_set_format_pax_restricted)                                                             \
    X(write_set_bytes_per_block)                                                                   \
    X(write_set_bytes_in_last_block)                                                               \
    X(write_open)                                                                                  \
    X(write_header)                                                                                \
    X(write_data)                                                                                  \
    X(write_close)                                                                                 \
    X(write_free)                                                                                  \
    X(entry_new)                                                                                   \
    X(entry_clear)                                                                                 \
    X(entry_free)                                                                                  \
    X(entry_pathname)                                                                              \
    X(entry_symlink)                                                                               \
    X(entry_hardlink)                                                                              \
    X(entry_mode)                                                                                  \
    X(entry_size)                                                                                  \
    X(entry_mtime)                                                                                 \
    X(entry_uid)                                                                                   \
    X(entry_gid)                                                                                   \
    X(entry_copy_pathname)                                                                         \
    X(entry_copy_symlink)                                                                          \
    X(entry_set_mode)                                                                              \
    X(entry_set_size)                                                                              \
    X(entry_set_mtime)                                                                             \
    X(entry_set_uid)                                                                               \
    X(entry_set_gid)

#define ARCHIVE_POINTER(name) __typeof__(archive_##name) *name;
struct archive_library {
    ARCHIVE_FUNCTIONS(ARCHIVE_POINTER)
};
#undef ARCHIVE_POINTER

/*
 * Loads the library, once per process; it stays loaded. *ret is never freed. ERROR_FAILED,
 * with the package to install, where it is missing or too old.
 */
int archive_library_load(const struct archive_library **ret, struct error *err);

#endif
