#include "base/file.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

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

/* What a file is to hold, and with which rights. */
struct content {
    const void *data;
    size_t length;
    mode_t mode; /* to make it with */
    bool replaces;
    struct stat replaced; /* with `replaces`: the file that goes */
};

/*
 * The rights of the file before pass to the new one, whatever the umask. A group that cannot be
 * kept does not hand its rights to another; where rights cannot be set at all, only the owner has
 * any.
 */
static void pass_rights(int fd, const struct stat *replaced)
{
    mode_t mode = replaced->st_mode & 0777;
    struct stat status;

    if (fstat(fd, &status) < 0)
        return;
    if (status.st_gid != replaced->st_gid && fchown(fd, (uid_t)-1, replaced->st_gid) < 0)
        mode &= ~(mode_t)S_IRWXG | (mode & S_IRWXO) << 3;
    _unused_ int ignored = fchmod(fd, mode);
}

static int write_durably(int fd, const struct content *content)
{
    if (content->replaces)
        pass_rights(fd, &content->replaced);
    return write_all(fd, content->data, content->length) < 0 || fsync(fd) < 0 ? -1 : 0;
}

/* The file gets its name when all of it is there, so that whoever is killed before leaves none. */
static int write_nameless(int dir, const char *name, const struct content *content)
{
    _cleanup_close_ int fd = openat(dir, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, content->mode);
    char path[sizeof("/proc/self/fd/") + 10];

    if (fd < 0 || write_durably(fd, content) < 0)
        return -1;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, path, dir, name, AT_SYMLINK_FOLLOW);
}

static int write_named(int dir, const char *name, const struct content *content)
{
    _cleanup_close_ int fd =
        openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, content->mode);

    return fd < 0 ? -1 : write_durably(fd, content);
}

/* Not every file system has files without a name (NFS has none). */
static int write_temporary(int dir, const char *name, const struct content *content)
{
    if (write_nameless(dir, name, content) == 0)
        return 0;
    return errno == ENOSPC || errno == EDQUOT ? -1 : write_named(dir, name, content);
}

int file_write_at(
    int dir, const char *path, const void *data, size_t length, mode_t mode, struct error *err)
{
    struct content content = {.data = data, .length = length, .mode = mode};
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
    if (fstatat(parent_fd, base, &content.replaced, AT_SYMLINK_NOFOLLOW) == 0) {
        content.replaces = true;
        content.mode = content.replaced.st_mode & S_IRWXU;
    }

    if (write_temporary(parent_fd, temporary, &content) < 0 ||
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

int64_t file_system_free(const char *path)
{
    struct statvfs status;

    return statvfs(path, &status) < 0 ? -1 : (int64_t)(status.f_bavail * status.f_frsize);
}
