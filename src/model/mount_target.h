/* What people type for a directory of the server, and where in a container it can be. */
#ifndef DS01_MODEL_MOUNT_TARGET_H
#define DS01_MODEL_MOUNT_TARGET_H

#include <stdbool.h>

/* `typed` with one slash for several, none at the end and no "/.": engines compare by letter. */
char *mount_target(const char *typed);

/*
 * The directory in "DIR", "DIR:ro" or "DIR:rw"; the caller frees it. *ret_read_only is true for
 * the second.
 */
char *mount_source(const char *typed, bool *ret_read_only);

/*
 * True for an absolute path that a directory can cover: not the root, nothing with "..", no
 * control characters, and nothing of the kernel's: /proc and /sys with all in them, and /dev
 * itself, without which no container starts.
 */
bool mount_target_ok(const char *target);

#endif
