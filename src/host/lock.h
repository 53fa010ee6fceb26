/*
 * One changing operation at a time on an image or a container: flock on a file under
 * ~/.ds01-config/locks. The file goes with the operation; one that a killed process left holds
 * nothing.
 */
#ifndef DS01_HOST_LOCK_H
#define DS01_HOST_LOCK_H

#include "base/error.h"
#include "host/caller.h"

enum lock_kind { LOCK_IMAGE, LOCK_CONTAINER };

struct lock {
    const struct caller *caller; /* NULL: nothing is held */
    char *name;                  /* of the file */
    int dir;
    int fd;
};

#define LOCK_INIT                                                                                  \
    {                                                                                              \
        NULL, NULL, -EBADF, -EBADF                                                                 \
    }

/*
 * Takes the lock of a project's image or of a container, without waiting. It is held until
 * lock_release(), or until the process ends. ERROR_REFUSED while another process has it.
 */
int lock_take(const struct caller *caller, enum lock_kind kind, const char *what, struct lock *ret,
    struct error *err);

/*
 * Removes the lock files that no process holds, or with `dry_run` only counts them. Returns how
 * many; no folder is none.
 */
int locks_sweep(const struct caller *caller, bool dry_run, struct error *err);

/* For _cleanup_: declare the lock before what must be undone while it is held. */
void lock_release(struct lock *lock);

#endif
