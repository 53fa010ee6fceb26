#include "host/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/xalloc.h"

char *directory_expand(const struct caller *caller, const char *typed)
{
    if (typed[0] == '~' && (typed[1] == '/' || typed[1] == '\0'))
        return xasprintf("%s%s", caller->home, typed + 1);
    if (typed[0] == '/')
        return xstrdup(typed);
    _cleanup_free_ char *here = getcwd(NULL, 0);
    return xasprintf("%s/%s", here ? here : "", typed);
}

/* The topmost directory on the way to `path` that does not exist yet, or NULL. */
static char *topmost_missing(const char *path)
{
    _cleanup_free_ char *at = xstrdup(path);
    struct stat st;
    char *missing = NULL;

    while (stat(at, &st) < 0 && errno == ENOENT) {
        free(missing);
        missing = xstrdup(at);
        char *parent = dirname(at);
        if (strcmp(parent, missing) == 0)
            break;
        char *next = xstrdup(parent);
        free(at);
        at = next;
    }
    return missing;
}

static int refuse_access(const char *path, int cause, bool read_only, struct error *err)
{
    if (cause == ENOENT) {
        error_set(err, ERROR_USAGE, "the directory %s does not exist", path);
        return error_hint(err, "make it first: mkdir -p '%s'", path);
    }
    if (cause == ENOTDIR) {
        error_set(err, ERROR_USAGE, "%s is not a directory", path);
        return error_hint(err, "name a directory");
    }
    if (cause == EACCES || cause == EPERM || cause == EROFS) {
        error_set(err, ERROR_REFUSED, "you may not %s %s", read_only ? "read" : "write in", path);
        return error_hint(
            err, read_only ? "choose a directory that you may read"
                           : "choose a directory of yours, or write :ro behind it to only read it");
    }
    return error_set_errno(err, cause, "cannot use the directory %s", path);
}

/* 0, or why the caller cannot use `path`, as an errno. */
static int access_cause(const char *path, bool read_only)
{
    _cleanup_close_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return errno;
    /* AT_EACCESS: the rights of this scope, not of the process that sudo started. */
    if (faccessat(fd, ".", read_only ? R_OK | X_OK : R_OK | W_OK | X_OK, AT_EACCESS) < 0)
        return errno;
    return 0;
}

int directory_check(const struct caller *caller, const char *path, bool read_only, bool make,
    struct mount_directory *ret, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_(mount_directory_release) struct mount_directory directory = {
        .requested = xstrdup(path),
        .made = make ? topmost_missing(path) : NULL,
    };

    if (directory.made) {
        _cleanup_close_ int made = dir_make_at(AT_FDCWD, path, 0755, NULL, err);
        if (made < 0) {
            directory_unmake(caller, &directory);
            return error_hint(err, "choose another directory with --workspace");
        }
    }
    int cause = access_cause(path, read_only);
    if (cause)
        return refuse_access(path, cause, read_only, err);
    directory.path = realpath(path, NULL);
    if (!directory.path)
        return refuse_access(path, errno, read_only, err);
    *ret = directory;
    directory = (struct mount_directory){0};
    return 0;
}

static void directory_close(DIR **directory)
{
    if (*directory)
        closedir(*directory);
}

int directory_list(
    const struct caller *caller, const char *path, struct strv *ret_names, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_(directory_close) DIR *directory = opendir(path);

    if (!directory && errno != ENOENT)
        return error_set_errno(err, errno, "cannot read %s", path);
    for (const struct dirent *entry; directory && (entry = readdir(directory));) {
        struct stat st;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            fstatat(dirfd(directory), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISDIR(st.st_mode))
            strv_push(ret_names, entry->d_name);
    }
    return 0;
}

void directory_unmake(const struct caller *caller, const struct mount_directory *directory)
{
    if (!directory->made)
        return;
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_free_ char *at = xstrdup(directory->requested);
    size_t top = strlen(directory->made);

    while (strlen(at) >= top && (rmdir(at) == 0 || errno == ENOENT)) {
        char *slash = strrchr(at, '/');
        if (!slash || slash == at)
            break;
        *slash = '\0';
    }
}

void mount_directory_release(struct mount_directory *directory)
{
    free(directory->path);
    free(directory->requested);
    free(directory->made);
    *directory = (struct mount_directory){0};
}
