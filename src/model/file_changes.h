/*
 * What is different in a container's files: which of it would be a loss, and how it is told
 * in a few lines.
 *
 * The paths come from inside a container and are untrusted: any bytes but NUL, any length.
 */
#ifndef DS01_MODEL_FILE_CHANGES_H
#define DS01_MODEL_FILE_CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"

enum file_change { FILE_MODIFIED, FILE_ADDED, FILE_REMOVED, FILE_CHANGES };

/* Absolute paths, each list sorted by path_compare(). */
struct file_changes {
    struct strv paths[FILE_CHANGES];
    struct strv folders; /* added directories that hold something */
};

/* As strcmp(), but a folder's content comes right behind it: '/' is before every other byte. */
int path_compare(const char *a, const char *b);

/* True when `path` is `folder` or lies in it. */
bool path_is_within(const char *path, const char *folder);

/* Is it in a list that is sorted by path_compare()? */
bool path_is_listed(const struct strv *sorted, const char *path);

void paths_sort(struct strv *paths);

/*
 * Takes the paths that an engine reported; the lists are empty afterwards. A directory is told
 * by what has changed in it and dropped itself; which one is a directory shows only there.
 */
void file_changes_take(
    struct strv *modified, struct strv *added, struct strv *removed, struct file_changes *ret);

/* Where a container keeps what, for file_changes_drop_unimportant(). */
struct file_places {
    const char *home;           /* of the user inside */
    const struct strv *mounts;  /* targets: what lies there is the server's */
    const struct strv *volumes; /* places that go with the container, and what is in them */
    const struct strv *written; /* paths that the user setup wrote; not what is below them */
};

/* How many files below /tmp and /var/tmp are new or changed, which are dropped as no loss. */
size_t file_changes_count_temporary(const struct file_changes *changes);

/*
 * Drops what nobody misses: what lies on mounts, caches, logs, temporary files, shell
 * histories, the package managers' own records, compiled Python, and what the engine and the
 * user setup write into every container.
 */
void file_changes_drop_unimportant(struct file_changes *changes, const struct file_places *places);

/* Drops the paths that are listed in `known` (sorted by path_compare()). */
void file_changes_drop_known(struct file_changes *changes, const struct strv *known);

/* A line of an account: a file, or a folder and how many files in it have changed so. */
struct file_group {
    enum file_change change;
    char *path;
    size_t count;
};

struct file_groups {
    struct file_group *groups;
    size_t count;
};

/*
 * Added folders as one line each, likewise folders with more than a few changes of one kind.
 * The user's own come first: home, then what lies outside the system's folders, /etc, the rest;
 * removed ones last.
 */
void file_changes_group(
    const struct file_changes *changes, const char *home, struct file_groups *ret);

size_t file_changes_count(const struct file_changes *changes);

void file_changes_release(struct file_changes *changes);
void file_groups_release(struct file_groups *groups);

#endif
