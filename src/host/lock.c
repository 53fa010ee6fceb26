#include "host/lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "host/project_files.h"

int lock_take(const struct caller *caller, const char *what, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int dir = user_directory_open(caller, USER_LOCKS, true, err);

    if (dir < 0)
        return -1;
    _cleanup_close_ int fd = openat(dir, what, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return error_set_errno(err, errno, "cannot open the lock %s", what);
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK)
            return error_set_errno(err, errno, "cannot take the lock %s", what);
        error_set(err, ERROR_REFUSED, "another ds01 command is working on %s right now", what);
        return error_hint(err, "wait until it is done, then try again");
    }
    return TAKE_FD(fd);
}
