/*
 * Files in a container: a few read, a few written, as a tar each way (GET, HEAD and PUT
 * /containers/{id}/archive). Writing is for one in which nothing runs, never started or stopped
 * for good: whatever runs could move the place away (CVE-2026-41567 and its like).
 *
 * The engine writes as root of the host and through bind mounts, re-owning what it finds
 * (ENGINE.md "Creating, starting"): so nothing at or under a mount's target is ever sent.
 */
#ifndef DS01_ENGINE_CONTAINER_FILES_H
#define DS01_ENGINE_CONTAINER_FILES_H

#include <stdbool.h>
#include <sys/types.h>

#include "engine/container.h"
#include "engine/engine.h"

#define CONTAINER_FILE_MAX ((size_t)4 << 20) /* bytes of one file, either way */

/* The request's path for the tar of `path` in a container; the caller frees it. */
char *container_archive_path(const char *container, const char *path);

struct container_file {
    char *path;  /* absolute, without "." or ".." */
    mode_t mode; /* with its type: S_IFREG, S_IFDIR, S_IFLNK */
    uid_t uid;
    gid_t gid;
    char *link;    /* where a symbolic link points to, or NULL */
    char *text;    /* of a regular file, with a NUL behind, or NULL */
    size_t length; /* of the text */
};

struct container_files {
    struct container_file *files;
    size_t count;
};

/*
 * Downloads `path` with everything below it and keeps what `wanted` (absolute paths) names,
 * as it is: links are not followed. What is not there is not in *ret. A file of several names
 * may come without its text. ERROR_NOT_FOUND when `path` itself is not there, ERROR_FAILED
 * for a wanted file of more than CONTAINER_FILE_MAX.
 */
int engine_container_read_files(struct engine *engine, const char *container, const char *path,
    const struct strv *wanted, struct container_files *ret, struct error *err);

/*
 * One regular file, whose symbolic links are followed; the engine keeps them within the
 * container. *ret has the path that was asked for. ERROR_NOT_FOUND where there is none.
 */
int engine_container_read_file(struct engine *engine, const char *container, const char *path,
    struct container_file *ret, struct error *err);

struct container_stat {
    mode_t mode; /* with its type */
    int64_t size;
    char modified[64]; /* RFC 3339, in the engine's time zone: equal is the same moment */
};

/*
 * What is at `path`; the last component is not followed. Takes milliseconds. ERROR_NOT_FOUND
 * where there is nothing.
 */
int engine_container_stat(struct engine *engine, const char *container, const char *path,
    struct container_stat *ret, struct error *err);

/*
 * Writes directories and regular files with their owners and modes, in their order. A thing
 * of another type in the way is replaced. All get the same time, by which it shows later what
 * was written together. ERROR_FAILED, with nothing sent, when one of them is at or under the
 * target of one of `mounts`.
 */
int engine_container_write_files(struct engine *engine, const char *container,
    const struct container_files *files, const struct mount *mounts, size_t mount_count,
    struct error *err);

/*
 * The tar of them that engines take, each file with the time `time` (seconds since 1970); its
 * paths must be absolute. ERROR_FAILED when it is larger than 32 MiB.
 */
int container_files_pack(
    const struct container_files *files, time_t time, struct strbuf *ret_tar, struct error *err);

/* True when the path is the target of a mount, or lies below one. */
bool mounts_cover(const struct mount *mounts, size_t count, const char *path);

/* Appends one; `mode` with its type. A NULL text is none. */
struct container_file *container_files_add(struct container_files *files, const char *path,
    mode_t mode, uid_t uid, gid_t gid, const char *text);

/* Borrowed; NULL when it is not there. */
const struct container_file *container_files_find(
    const struct container_files *files, const char *path);

void container_file_release(struct container_file *file);
void container_files_release(struct container_files *files);

#endif
