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

/* What a directory of the server would be in the container. */
enum mount_place {
    MOUNT_PLACE_FREE,   /* nothing of the image's is known to be there */
    MOUNT_PLACE_HOME,   /* in the place of the user's home, or of all homes */
    MOUNT_PLACE_IMAGE,  /* over files that images have: what they install beside the system */
    MOUNT_PLACE_SYSTEM, /* over the system or the kernel's files: nothing could run */
    MOUNT_PLACE_NONE,   /* no absolute path, or one with ".." or control characters */
};

/* `target` is as mount_target() writes it; `home` is that of the user in the container. */
enum mount_place mount_place(const char *target, const char *home);

#endif
