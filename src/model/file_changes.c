#include "model/file_changes.h"

#include "base/xalloc.h"
#include "model/user_files.h"

/* So many changed files of one folder are told one by one. */
#define FEW 3

/* --- paths --------------------------------------------------------------------- */

static int rank_of_byte(char c)
{
    if (c == '\0')
        return -1;
    return c == '/' ? 0 : (unsigned char)c;
}

int path_compare(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return rank_of_byte(*a) - rank_of_byte(*b);
}

bool path_is_within(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    while (length && folder[length - 1] == '/')
        length--;
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static int compare_items(const void *a, const void *b)
{
    return path_compare(*(char *const *)a, *(char *const *)b);
}

void paths_sort(struct strv *paths)
{
    if (paths->count)
        qsort(paths->items, paths->count, sizeof(*paths->items), compare_items);
}

bool path_is_listed(const struct strv *sorted, const char *path)
{
    return sorted->count && bsearch(&path, sorted->items, sorted->count, sizeof(*sorted->items),
                                compare_items) != NULL;
}

/* Keeps of `paths` those that `keep` wants, in their order. */
typedef bool (*path_test)(const void *context, const char *path);

static void filter(struct strv *paths, path_test keep, const void *context)
{
    size_t kept = 0;

    for (size_t i = 0; i < paths->count; i++) {
        if (keep(context, paths->items[i]))
            paths->items[kept++] = paths->items[i];
        else
            free(paths->items[i]);
    }
    paths->count = kept;
    if (paths->items)
        paths->items[kept] = NULL;
}

/* --- what an engine reports ---------------------------------------------------- */

/* Does the sorted list hold something that lies in `folder`? */
static bool holds_something_in(const struct strv *sorted, const char *folder)
{
    size_t low = 0, high = sorted->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (path_compare(sorted->items[middle], folder) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sorted->count && path_is_within(sorted->items[low], folder);
}

static bool is_folder(const struct file_changes *changes, const char *path)
{
    for (size_t i = 0; i < FILE_CHANGES; i++)
        if (holds_something_in(&changes->paths[i], path))
            return true;
    return false;
}

void file_changes_take(
    struct strv *modified, struct strv *added, struct strv *removed, struct file_changes *ret)
{
    struct file_changes all = {.paths = {*modified, *added, *removed}};
    struct file_changes files = {0};

    *modified = *added = *removed = (struct strv)STRV_INIT;
    for (size_t i = 0; i < FILE_CHANGES; i++)
        paths_sort(&all.paths[i]);
    for (size_t i = 0; i < FILE_CHANGES; i++) {
        for (size_t p = 0; p < all.paths[i].count; p++) {
            const char *path = all.paths[i].items[p];
            if (!is_folder(&all, path))
                strv_push(&files.paths[i], path);
            else if (i == FILE_ADDED)
                strv_push(&files.folders, path);
        }
    }
    file_changes_release(&all);
    *ret = files;
}

/* --- what nobody misses --------------------------------------------------------- */

#define TEMPORARY_FOLDERS "/tmp", "/var/tmp"

static const char *const unimportant_folders[] = {
    "/dev",
    "/proc",
    "/run",
    "/sys",
    TEMPORARY_FOLDERS,
    "/var/backups",
    "/var/cache",
    "/var/lib/apt",
    "/var/lib/dpkg",
    "/var/lib/rpm",
    "/var/lib/sudo",
    "/var/lib/ucf",
    "/var/log",
    "/var/run",
    "/lib/apk/db",
    "/root/.cache",
    "/opt/conda/pkgs",
};

/* The engine's own files, and what every user setup and package installation rewrites. */
static const char *const unimportant_files[] = {
    "/.dockerenv",
    "/sbin/docker-init",
    "/usr/sbin/docker-init",
    "/run/.containerenv",
    "/etc", /* Podman tells of the folder and not of the files it wrote there */
    "/etc/hosts",
    "/etc/hostname",
    "/etc/mtab",
    "/etc/resolv.conf",
    "/etc/.pwd.lock",
    "/etc/ld.so.cache",
    "/etc/passwd",
    "/etc/passwd-",
    "/etc/group",
    "/etc/group-",
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/gshadow",
    "/etc/gshadow-",
    "/etc/subuid",
    "/etc/subuid-",
    "/etc/subgid",
    "/etc/subgid-",
    "/etc/sudoers",
    SUDOERS_RULE,
};

/* Below a home. */
static const char *const unimportant_at_home[] = {
    ".bash_history",
    ".cache",
    ".conda/pkgs",
    ".ipynb_checkpoints",
    ".ipython/profile_default/history.sqlite",
    ".lesshst",
    ".local/share/Trash",
    ".local/share/jupyter/runtime",
    ".node_repl_history",
    ".npm/_cacache",
    ".nv",
    ".python_history",
    ".sudo_as_admin_successful",
    ".triton/cache",
    ".viminfo",
    ".vscode-server",
    ".wget-hsts",
    ".zsh_history",
    ".Xauthority",
};

static bool lies_in_any(const char *const *folders, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (path_is_within(path, folders[i]))
            return true;
    return false;
}

static bool is_any(const char *const *files, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(path, files[i]) == 0)
            return true;
    return false;
}

static bool is_compiled_python(const char *path)
{
    size_t length = strlen(path);

    return strstr(path, "/__pycache__/") ||
           (length > 4 && (strcmp(path + length - 4, ".pyc") == 0));
}

/* The engine makes the folders that lead to a mount. */
static bool belongs_to_mount(const char *path, const struct strv *mounts)
{
    for (size_t i = 0; i < mounts->count; i++)
        if (path_is_within(path, mounts->items[i]) || path_is_within(mounts->items[i], path))
            return true;
    return false;
}

/* Likewise those that lead to a volume, and its own. */
static bool leads_to_volume(const char *path, const struct strv *volumes)
{
    for (size_t i = 0; i < volumes->count; i++)
        if (path_is_within(volumes->items[i], path))
            return true;
    return false;
}

static bool is_unimportant_at_home(const char *path, const char *home)
{
    size_t length = strlen(home);

    if (!path_is_within(path, home) || !path[length])
        return false;
    return lies_in_any(unimportant_at_home, ELEMENTS(unimportant_at_home), path + length + 1);
}

static bool is_important(const void *context, const char *path)
{
    const struct file_places *places = context;

    return !lies_in_any(unimportant_folders, ELEMENTS(unimportant_folders), path) &&
           !is_any(unimportant_files, ELEMENTS(unimportant_files), path) &&
           !is_compiled_python(path) && !belongs_to_mount(path, places->mounts) &&
           !leads_to_volume(path, places->volumes) && !is_unimportant_at_home(path, places->home) &&
           !is_unimportant_at_home(path, "/root") && !strv_contains(places->written, path);
}

/* A folder that the user setup made is no one thing to be told of: what was put there is. */
static bool is_of_the_user(const void *context, const char *path)
{
    const struct file_places *places = context;

    return !path_is_within(places->home, path) && !strv_contains(places->written, path) &&
           !belongs_to_mount(path, places->mounts);
}

void file_changes_drop_unimportant(struct file_changes *changes, const struct file_places *places)
{
    for (size_t i = 0; i < FILE_CHANGES; i++)
        filter(&changes->paths[i], is_important, places);
    filter(&changes->folders, is_of_the_user, places);
}

size_t file_changes_count_temporary(const struct file_changes *changes)
{
    static const char *const folders[] = {TEMPORARY_FOLDERS};
    static const enum file_change present[] = {FILE_ADDED, FILE_MODIFIED};
    size_t count = 0;

    for (size_t i = 0; i < ELEMENTS(present); i++)
        for (size_t p = 0; p < changes->paths[present[i]].count; p++)
            count += lies_in_any(folders, ELEMENTS(folders), changes->paths[present[i]].items[p]);
    return count;
}

static bool is_unknown(const void *context, const char *path)
{
    return !path_is_listed(context, path);
}

void file_changes_drop_known(struct file_changes *changes, const struct strv *known)
{
    for (size_t i = 0; i < FILE_CHANGES; i++)
        filter(&changes->paths[i], is_unknown, known);
}

/* --- an account of it ----------------------------------------------------------- */

/* The topmost added folder that `path` lies in, or NULL. */
static char *added_folder_of(const struct file_changes *changes, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        char *folder = xstrndup(path, (size_t)(slash - path));
        if (path_is_listed(&changes->folders, folder))
            return folder;
        free(folder);
    }
    return NULL;
}

static char *parent_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return xstrndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static struct file_group *add_group(
    struct file_groups *groups, enum file_change change, char *path, size_t count)
{
    groups->groups = xgrow(groups->groups, groups->count, sizeof(*groups->groups));
    struct file_group *group = &groups->groups[groups->count++];
    *group = (struct file_group){change, path, count};
    return group;
}

/* How many paths from `from` on have this parent, one behind the other. */
static size_t count_siblings(const struct strv *paths, size_t from, const char *parent)
{
    size_t count = 0;

    for (size_t i = from; i < paths->count; i++, count++) {
        _cleanup_free_ char *other = parent_of(paths->items[i]);
        if (strcmp(other, parent) != 0)
            break;
    }
    return count;
}

/* Paths that lie in no added folder: few by name, many of one folder by that folder. */
static size_t group_siblings(
    struct file_groups *groups, enum file_change change, const struct strv *paths, size_t from)
{
    char *parent = parent_of(paths->items[from]);
    size_t count = count_siblings(paths, from, parent);

    if (count > FEW && strcmp(parent, "/") != 0) {
        add_group(groups, change, parent, count);
        return count;
    }
    free(parent);
    for (size_t i = 0; i < count; i++)
        add_group(groups, change, xstrdup(paths->items[from + i]), 1);
    return count;
}

static void group_added(const struct file_changes *changes, struct file_groups *groups)
{
    const struct strv *paths = &changes->paths[FILE_ADDED];
    struct strv rest = STRV_INIT;

    for (size_t i = 0; i < paths->count;) {
        char *folder = added_folder_of(changes, paths->items[i]);
        if (!folder) {
            strv_push(&rest, paths->items[i++]);
            continue;
        }
        struct file_group *group = add_group(groups, FILE_ADDED, folder, 0);
        for (; i < paths->count && path_is_within(paths->items[i], group->path); i++)
            group->count++;
    }
    for (size_t i = 0; i < rest.count;)
        i += group_siblings(groups, FILE_ADDED, &rest, i);
    strv_release(&rest);
}

/* Smaller is more likely the user's own work. */
static int importance(const char *path)
{
    static const char *const system_folders[] = {
        "/bin", "/boot", "/lib", "/lib64", "/sbin", "/usr", "/var"};

    if (path_is_within(path, "/usr/local"))
        return 1;
    if (lies_in_any(system_folders, ELEMENTS(system_folders), path))
        return 3;
    return path_is_within(path, "/etc") ? 2 : 1;
}

static int compare_groups(const void *a, const void *b, void *home)
{
    const struct file_group *one = a, *other = b;
    int removed = (one->change == FILE_REMOVED) - (other->change == FILE_REMOVED);
    int rank = (path_is_within(one->path, home) ? 0 : importance(one->path)) -
               (path_is_within(other->path, home) ? 0 : importance(other->path));

    if (removed)
        return removed;
    return rank ? rank : path_compare(one->path, other->path);
}

void file_changes_group(
    const struct file_changes *changes, const char *home, struct file_groups *ret)
{
    static const enum file_change others[] = {FILE_MODIFIED, FILE_REMOVED};
    struct file_groups groups = {0};

    group_added(changes, &groups);
    for (size_t i = 0; i < ELEMENTS(others); i++) {
        const struct strv *paths = &changes->paths[others[i]];
        for (size_t at = 0; at < paths->count;)
            at += group_siblings(&groups, others[i], paths, at);
    }
    if (groups.count)
        qsort_r(groups.groups, groups.count, sizeof(*groups.groups), compare_groups, (void *)home);
    *ret = groups;
}

size_t file_changes_count(const struct file_changes *changes)
{
    size_t count = 0;

    for (size_t i = 0; i < FILE_CHANGES; i++)
        count += changes->paths[i].count;
    return count;
}

void file_changes_release(struct file_changes *changes)
{
    for (size_t i = 0; i < FILE_CHANGES; i++)
        strv_release(&changes->paths[i]);
    strv_release(&changes->folders);
}

void file_groups_release(struct file_groups *groups)
{
    for (size_t i = 0; i < groups->count; i++)
        free(groups->groups[i].path);
    free(groups->groups);
    *groups = (struct file_groups){0};
}
