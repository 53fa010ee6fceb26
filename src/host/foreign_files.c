#include "host/foreign_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/xalloc.h"

struct walk {
    struct foreign_files found;
    dev_t device;
    size_t entries;
};

static void directory_close(DIR **directory)
{
    if (*directory)
        closedir(*directory);
}

static void walk_into(struct walk *walk, int fd, const char *path, int depth);

static void look_at(struct walk *walk, int dir, const char *path, const char *name, int depth)
{
    _cleanup_free_ char *below = *path ? xasprintf("%s/%s", path, name) : xstrdup(name);
    struct stat st;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return;
    if (st.st_uid == 0 && walk->found.count++ == 0)
        walk->found.first = xstrdup(below);
    if (!S_ISDIR(st.st_mode) || st.st_dev != walk->device)
        return;
    if (depth >= FOREIGN_FILES_DEPTH_MAX) {
        walk->found.incomplete = true;
        return;
    }
    walk_into(
        walk, openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), below, depth + 1);
}

/* Takes `fd` over. */
static void walk_into(struct walk *walk, int fd, const char *path, int depth)
{
    _cleanup_(directory_close) DIR *directory = fd < 0 ? NULL : fdopendir(fd);

    if (!directory) {
        close_fd(&fd);
        walk->found.incomplete = true;
        return;
    }
    for (const struct dirent *entry; (entry = readdir(directory));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (++walk->entries > FOREIGN_FILES_ENTRIES_MAX) {
            walk->found.incomplete = true;
            return;
        }
        look_at(walk, fd, path, entry->d_name, depth);
    }
}

int foreign_files_find(
    const struct caller *caller, const char *folder, struct foreign_files *ret, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    struct walk walk = {0};
    struct stat st;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT)
        return error_set(err, ERROR_NOT_FOUND, "there is no folder %s", folder);
    if (fd < 0 || fstat(fd, &st) < 0) {
        int cause = errno;
        close_fd(&fd);
        return error_set_errno(err, cause, "cannot look into %s", folder);
    }
    walk.device = st.st_dev;
    walk_into(&walk, fd, "", 0);
    *ret = walk.found;
    return 0;
}

void foreign_files_release(struct foreign_files *files)
{
    free(files->first);
    *files = (struct foreign_files){0};
}
