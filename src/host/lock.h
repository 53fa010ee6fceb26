/* One changing operation at a time on a project: flock on a file under ~/.ds01-config/locks. */
#ifndef DS01_HOST_LOCK_H
#define DS01_HOST_LOCK_H

#include "base/error.h"
#include "host/caller.h"

/*
 * Takes the lock for `what` ("image-my-project") without waiting. Returns a descriptor
 * that holds it until it is closed, by a crash too. ERROR_REFUSED while another process
 * has it.
 */
int lock_take(const struct caller *caller, const char *what, struct error *err);

#endif
