#include "host/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "host/project_files.h"

#define CACHE_ROOT ".cache/ds01"
#define FILES_MAX  64

static int open_folder(
    const struct caller *caller, const char *folder, bool make, struct error *err)
{
    _cleanup_free_ char *path = xasprintf("%s/%s", CACHE_ROOT, folder);

    return user_directory_open(caller, path, make, err);
}

int cache_read(const struct caller *caller, const char *folder, const char *name, char **ret_text,
    size_t *ret_length, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int dir = open_folder(caller, folder, false, err);

    if (dir < 0)
        return -1;
    return file_read_at(dir, name, CACHE_FILE_MAX, ret_text, ret_length, err);
}

bool cache_has(const struct caller *caller, const char *folder, const char *name)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int dir = open_folder(caller, folder, false, NULL);
    struct stat status;

    return dir >= 0 && fstatat(dir, name, &status, 0) == 0 && S_ISREG(status.st_mode);
}

/* Removes the oldest file where there are too many; what fails is tried again next time. */
static void prune(int dir)
{
    int own = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = own < 0 ? NULL : fdopendir(own);
    _cleanup_free_ char *oldest = NULL;
    time_t oldest_time = 0;
    size_t count = 0;

    if (!directory) {
        close_fd(&own);
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory));) {
        struct stat status;
        if (entry->d_name[0] == '.' ||
            fstatat(dir, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
            !S_ISREG(status.st_mode))
            continue;
        count++;
        if (oldest && status.st_mtime >= oldest_time)
            continue;
        free(oldest);
        oldest = xstrdup(entry->d_name);
        oldest_time = status.st_mtime;
    }
    closedir(directory);
    if (count > FILES_MAX)
        unlinkat(dir, oldest, 0);
}

int cache_write(const struct caller *caller, const char *folder, const char *name, const char *text,
    size_t length, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int dir = open_folder(caller, folder, true, err);

    if (dir < 0 || file_write_at(dir, name, text, length, 0600, err) < 0)
        return -1;
    prune(dir);
    return 0;
}
