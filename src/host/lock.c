#include "host/lock.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "host/access_hint.h"
#include "host/project_files.h"

/* Tries to meet a file that stays: each failed one is another process's release. */
#define TRIES_MAX 100

static const char *const kinds[] = {[LOCK_IMAGE] = "image", [LOCK_CONTAINER] = "container"};

/* Is the file at `name` still the one that is open? Its holder removes it before it lets go. */
static bool is_still_there(int dir, const char *name, int fd)
{
    struct stat named, open;

    return fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 && fstat(fd, &open) == 0 &&
           named.st_ino == open.st_ino && named.st_dev == open.st_dev;
}

static int lock_busy(const char *what, struct error *err)
{
    error_set(err, ERROR_REFUSED, "another ds01 command is working on %s right now", what);
    return error_hint(err, "wait until it is done, then try again");
}

/* Opens and locks the file `name`; `what` is how people call it. */
static int take(int dir, const char *name, const char *what, struct error *err)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        _cleanup_close_ int fd = openat(dir, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return error_set_errno(err, errno, "cannot open the lock %s", name);
        if (flock(fd, LOCK_EX | LOCK_NB) < 0)
            return errno == EWOULDBLOCK
                       ? lock_busy(what, err)
                       : error_set_errno(err, errno, "cannot take the lock %s", name);
        if (is_still_there(dir, name, fd))
            return TAKE_FD(fd);
    }
    return lock_busy(what, err);
}

int lock_take(const struct caller *caller, enum lock_kind kind, const char *what, struct lock *ret,
    struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int dir = user_directory_open(caller, USER_LOCKS, true, err);
    _cleanup_free_ char *name = xasprintf("%s-%s", kinds[kind], what);

    if (dir < 0)
        return -1;
    int fd = take(dir, name, what, err);
    if (fd < 0) {
        _cleanup_free_ char *path = xasprintf("%s/" USER_LOCKS, caller->home);
        return err && err->hint ? -1 : access_hint_folder(caller, path, err);
    }
    *ret = (struct lock){caller, TAKE_PTR(name), TAKE_FD(dir), fd};
    return 0;
}

void lock_release(struct lock *lock)
{
    if (lock->caller) {
        _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(lock->caller);
        unlinkat(lock->dir, lock->name, 0);
    }
    close_fd(&lock->fd);
    close_fd(&lock->dir);
    free(lock->name);
    *lock = (struct lock)LOCK_INIT;
}

/* True for a lock file that nobody holds; with `remove` it is gone then. */
static bool sweep_one(int dir, const char *name, bool remove)
{
    _cleanup_close_ int fd = openat(dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size != 0 ||
        flock(fd, LOCK_EX | LOCK_NB) < 0 || !is_still_there(dir, name, fd))
        return false;
    return !remove || unlinkat(dir, name, 0) == 0;
}

static void directory_close(DIR **directory)
{
    if (*directory)
        closedir(*directory);
}

int locks_sweep(const struct caller *caller, bool dry_run, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_close_ int fd = user_directory_open(caller, USER_LOCKS, false, &cause);
    int count = 0;

    if (fd < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    _cleanup_(directory_close) DIR *directory = fdopendir(fd);
    if (!directory)
        return error_set_errno(err, errno, "cannot read ~/%s", USER_LOCKS);
    int dir = TAKE_FD(fd);
    for (const struct dirent *entry; (entry = readdir(directory));)
        count += entry->d_name[0] != '.' && sweep_one(dir, entry->d_name, !dry_run);
    return count;
}
