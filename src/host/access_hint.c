#include "host/access_hint.h"

#include <fcntl.h>
#include <libgen.h>
#include <sys/stat.h>

#include "base/xalloc.h"

/* "~/x" for what lies in the caller's home; the caller frees it. */
static char *shown(const struct caller *caller, const char *path)
{
    size_t length = strlen(caller->home);

    return strncmp(path, caller->home, length) == 0 && path[length] == '/'
               ? xasprintf("~%s", path + length)
               : xstrdup(path);
}

static bool may(const char *path, int what)
{
    return faccessat(AT_FDCWD, path, what, AT_EACCESS) == 0;
}

/* Folders are opened, looked through and written into: all of it is the user's right at home. */
static int hint_at_folder(const struct caller *caller, const char *path, struct error *err)
{
    _cleanup_free_ char *name = shown(caller, path);
    struct stat status;

    if (stat(path, &status) < 0)
        return error_hint(err, "look at what is there: ls -ld %s", name);
    if (!S_ISDIR(status.st_mode))
        return error_hint(err, "a folder is wanted there: mv %s %s.old", name, name);
    if (may(path, R_OK | W_OK | X_OK))
        return error_hint(err, "see whether its disk is full: df -h %s", name);
    if (status.st_uid != caller->uid)
        return error_hint(
            err, "that folder is somebody else's: ask the admin of this server for %s", name);
    return error_hint(err, "open the folder to yourself: chmod u+rwx %s", name);
}

int access_hint_folder(const struct caller *caller, const char *path, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_free_ char *copy = xstrdup(path);
    const char *at = copy;
    struct stat status;

    while (stat(at, &status) < 0 && strcmp(at, "/") != 0 && strcmp(at, ".") != 0)
        at = dirname(copy);
    return hint_at_folder(caller, at, err);
}

int access_hint_file(const struct caller *caller, const char *path, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_free_ char *name = shown(caller, path);
    _cleanup_free_ char *copy = xstrdup(path);
    struct stat status;

    if (stat(path, &status) < 0)
        return errno == ENOENT ? -1 : access_hint_folder(caller, dirname(copy), err);
    if (!S_ISREG(status.st_mode))
        return error_hint(err, "a file is wanted there: mv %s %s.old", name, name);
    if (may(path, R_OK))
        return error_hint(err, "look at what is there: ls -l %s", name);
    if (status.st_uid != caller->uid)
        return error_hint(
            err, "that file is somebody else's: ask the admin of this server for %s", name);
    return error_hint(err, "let yourself read it: chmod u+r %s", name);
}

int access_hint_write(const struct caller *caller, const char *path, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    char *real = realpath(path, NULL);
    _cleanup_free_ char *copy = real ? real : xstrdup(path);

    return access_hint_folder(caller, dirname(copy), err);
}
