/*
 * A process as a text that can be asked later whether it still lives:
 * "<boot id>;<pid>;<start time>". Boot id and start time make a pid that was given
 * out again, or an earlier boot, recognisable (proc(5): /proc/<pid>/stat field 22).
 */
#ifndef DS01_HOST_PROCESS_H
#define DS01_HOST_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* This process; the caller frees it. */
char *process_stamp(void);

/*
 * False only when the process is known to be gone; a text that is no stamp counts as
 * alive, so that nothing of unknown origin is ever taken for a leftover.
 */
bool process_stamp_alive(const char *stamp);

/* True unless it is certain that no process of that uid runs. */
bool process_of_user_exists(uid_t uid);

#endif
