/*
 * Ownership, written where a variable is declared.
 *
 *   _cleanup_free_ char *text = NULL;     freed when the scope ends
 *   _cleanup_close_ int fd = -EBADF;      closed when the scope ends
 *   _cleanup_(error_release) struct error err = ERROR_INIT;
 *
 * A value that leaves its scope is handed over with TAKE_PTR or TAKE_FD, which
 * leave nothing behind to release. Destructors accept NULL and half-built objects.
 */
#ifndef DS01_BASE_CLEANUP_H
#define DS01_BASE_CLEANUP_H

#include <errno.h>
#include <unistd.h>

#include "base/banned.h"

#define _cleanup_(function) __attribute__((__cleanup__(function)))
#define _cleanup_free_      _cleanup_(free_pointer)
#define _cleanup_close_     _cleanup_(close_fd)
#define _cleanup_fclose_    _cleanup_(close_file)

#define _printf_(fmt, args) __attribute__((__format__(__printf__, fmt, args)))
#define _unused_            __attribute__((__unused__))
#define _noreturn_          __attribute__((__noreturn__))

#define ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

#define TAKE_PTR(pointer)                                                                          \
    ({                                                                                             \
        __typeof__(pointer) *taken_ptr_ = &(pointer);                                              \
        __typeof__(pointer) taken_value_ = *taken_ptr_;                                            \
        *taken_ptr_ = NULL;                                                                        \
        taken_value_;                                                                              \
    })

#define TAKE_FD(fd)                                                                                \
    ({                                                                                             \
        int *taken_fd_ = &(fd);                                                                    \
        int taken_number_ = *taken_fd_;                                                            \
        *taken_fd_ = -EBADF;                                                                       \
        taken_number_;                                                                             \
    })

/* Frees what the pointer at `pointer` points to; the address is of any object pointer. */
static inline void free_pointer(void *pointer)
{
    free(*(void **)pointer);
}

/* Closes *fd unless it is negative; errno is kept, so that cleanup never hides a cause. */
static inline void close_fd(int *fd)
{
    if (*fd >= 0) {
        int saved = errno;
        close(*fd);
        errno = saved;
    }
}

static inline void close_file(FILE **file)
{
    if (*file)
        fclose(*file);
}

#endif
