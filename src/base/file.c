#include "base/file.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "base/xalloc.h"

#define LINKS_MAX 40 /* as the kernel follows: path_resolution(7) */

static int read_all(int fd, char *data, size_t size, size_t *ret_length)
{
    size_t length = 0;

    while (length < size) {
        ssize_t n = read(fd, data + length, size - length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        length += (size_t)n;
    }
    *ret_length = length;
    return 0;
}

static int write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, data, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        data += n;
        length -= (size_t)n;
    }
    return 0;
}

int file_read_at(
    int dir, const char *path, size_t max, char **ret_data, size_t *ret_length, struct error *err)
{
    /* O_NONBLOCK: opening a FIFO must not wait for its writer. */
    _cleanup_close_ int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;

    if (fd < 0) {
        int cause = errno;
        error_set_errno(err, cause, "cannot open %s", path);
        if (err && cause == ENOENT)
            err->code = ERROR_NOT_FOUND;
        return -1;
    }
    if (fstat(fd, &st) < 0)
        return error_set_errno(err, errno, "cannot read %s", path);
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERROR_FAILED, "%s is not a regular file", path);
    if (st.st_size > 0 && (size_t)st.st_size > max)
        return error_set(err, ERROR_FAILED, "%s is larger than %zu bytes", path, max);

    /* One byte more than allowed shows a file that grew, or one whose size stat does not know. */
    size_t capacity = st.st_size > 0 ? (size_t)st.st_size + 1 : max + 1;
    size_t length = 0;
    _cleanup_free_ char *data = xcalloc(capacity + 1, 1);
    if (read_all(fd, data, capacity, &length) < 0)
        return error_set_errno(err, errno, "cannot read %s", path);
    if (length > max)
        return error_set(err, ERROR_FAILED, "%s is larger than %zu bytes", path, max);
    data[length] = '\0';
    *ret_data = TAKE_PTR(data);
    if (ret_length)
        *ret_length = length;
    return 0;
}

/* What the link `path` points to, seen from `dir`; NULL when it is no link. */
static char *link_target(int dir, const char *path)
{
    char target[PATH_MAX];
    ssize_t length = readlinkat(dir, path, target, sizeof(target) - 1);

    if (length <= 0)
        return NULL;
    target[length] = '\0';
    if (target[0] == '/')
        return xstrdup(target);
    _cleanup_free_ char *copy = xstrdup(path);
    return xasprintf("%s/%s", dirname(copy), target);
}

/* Where the bytes have to go: `path`, or the end of the chain of links that begins there. */
static char *end_of_links(int dir, const char *path)
{
    char *end = xstrdup(path);

    for (int i = 0; i < LINKS_MAX; i++) {
        char *next = link_target(dir, end);
        if (!next)
            break;
        free(end);
        end = next;
    }
    return end;
}

static int write_durably(int fd, const void *data, size_t length)
{
    return write_all(fd, data, length) < 0 || fsync(fd) < 0 ? -1 : 0;
}

/* The file gets its name when all of it is there, so that whoever is killed before leaves none. */
static int write_nameless(int dir, const char *name, const void *data, size_t length, mode_t mode)
{
    _cleanup_close_ int fd = openat(dir, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, mode);
    char path[sizeof("/proc/self/fd/") + 10];

    if (fd < 0 || write_durably(fd, data, length) < 0)
        return -1;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, path, dir, name, AT_SYMLINK_FOLLOW);
}

static int write_named(int dir, const char *name, const void *data, size_t length, mode_t mode)
{
    _cleanup_close_ int fd =
        openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

    return fd < 0 ? -1 : write_durably(fd, data, length);
}

/* Not every file system has files without a name (NFS has none). */
static int write_temporary(int dir, const char *name, const void *data, size_t length, mode_t mode)
{
    if (write_nameless(dir, name, data, length, mode) == 0)
        return 0;
    return errno == ENOSPC || errno == EDQUOT ? -1 : write_named(dir, name, data, length, mode);
}

int file_write_at(
    int dir, const char *path, const void *data, size_t length, mode_t mode, struct error *err)
{
    _cleanup_free_ char *final = end_of_links(dir, path);
    _cleanup_free_ char *copy = xstrdup(final);
    const char *parent = dirname(copy);
    unsigned long tag = 0;

    _cleanup_close_ int parent_fd = openat(dir, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent_fd < 0)
        return error_set_errno(err, errno, "cannot write %s", path);
    const char *slash = strrchr(final, '/');
    const char *base = slash ? slash + 1 : final;
    if (getrandom(&tag, sizeof(tag), 0) < 0)
        return error_set_errno(err, errno, "cannot write %s", path);
    _cleanup_free_ char *temporary = xasprintf(".%.200s.%lx", base, tag);

    if (write_temporary(parent_fd, temporary, data, length, mode) < 0 ||
        renameat(parent_fd, temporary, parent_fd, base) < 0) {
        error_set_errno(err, errno, "cannot write %s", path);
        unlinkat(parent_fd, temporary, 0);
        return -1;
    }
    fsync(parent_fd);
    return 0;
}

/* mkdir, where a directory that is there already is fine. 1 when it was made. */
static int make_one(int dir, const char *path, mode_t mode, struct error *err)
{
    if (mkdirat(dir, path, mode) == 0)
        return 1;
    if (errno == EEXIST)
        return 0;
    return error_set_errno(err, errno, "cannot make the directory %s", path);
}

int dir_make_at(int dir, const char *path, mode_t mode, int *ret_created, struct error *err)
{
    _cleanup_free_ char *prefix = xstrdup(path);

    for (char *slash = strchr(prefix + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (make_one(dir, prefix, mode, err) < 0)
            return -1;
        *slash = '/';
    }
    int created = make_one(dir, path, mode, err);
    if (created < 0)
        return -1;
    int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(err, errno, "cannot open the directory %s", path);
    if (ret_created)
        *ret_created = created;
    return fd;
}
