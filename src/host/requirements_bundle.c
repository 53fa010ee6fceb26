#include "host/requirements_bundle.h"

#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "host/access_hint.h"
#include "host/directory.h"
#include "host/project_files.h"
#include "model/requirements_file.h"

#define FILES_MAX ((size_t)2000)
#define BYTES_MAX ((size_t)64 << 20)
#define DEPTH_MAX 32

#define PRIVATE_FOLDER 0700
#define OTHERS         0077 /* what a private file gives nobody */

/* A reading of files below `top`, an absolute path without symbolic links. */
struct reading {
    const char *top;
    bool kept; /* files of ours, whose rights count */
    size_t bytes;
    struct requirements_bundle bundle;
};

static void reading_release(struct reading *reading)
{
    requirements_bundle_release(&reading->bundle);
}

static const struct bundled_file *find_file(
    const struct requirements_bundle *bundle, const char *path)
{
    for (size_t i = 0; i < bundle->count; i++)
        if (strcmp(bundle->files[i].path, path) == 0)
            return &bundle->files[i];
    return NULL;
}

static int refuse(const char *path, const char *reason, struct error *err)
{
    error_set(err, ERROR_USAGE, "%s %s", path, reason);
    return error_hint(err, "mend that line, or what it names, and try again");
}

/* The path with all links followed, which must not lead out of the top. */
static char *real_path_below(
    const struct reading *reading, const char *path, struct stat *ret_status, struct error *err)
{
    _cleanup_free_ char *named = xasprintf("%s/%s", reading->top, path);
    _cleanup_free_ char *found = realpath(named, NULL);
    size_t length = strlen(reading->top);

    if (!found || stat(found, ret_status) < 0) {
        if (errno == ENOENT)
            refuse(path, "does not exist", err);
        else
            error_set(err, ERROR_USAGE, "%s cannot be read: %s", path, strerror(errno));
        return NULL;
    }
    if (strncmp(found, reading->top, length) != 0 || (found[length] && found[length] != '/')) {
        refuse(path, "leads out of the folder of the requirements file", err);
        return NULL;
    }
    return TAKE_PTR(found);
}

/* Where one of the user's own files is private, all that is kept of them is. */
static void note_private(struct reading *reading, const struct stat *status)
{
    if (!reading->kept && (status->st_mode & OTHERS) == 0)
        reading->bundle.mode = PRIVATE_FILE;
}

/* A person's umask is none of a package's: an image shall not differ by it. */
static mode_t mode_of(const struct reading *reading, const struct stat *status)
{
    mode_t usual = status->st_mode & S_IXUSR ? 0755 : 0644;

    return reading->kept ? status->st_mode & usual : usual;
}

static int add_file(struct reading *reading, const char *path, const char *real,
    const struct stat *status, struct error *err)
{
    struct requirements_bundle *bundle = &reading->bundle;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    char *data = NULL;
    size_t length = 0;

    if (find_file(bundle, path))
        return 0;
    if (!S_ISREG(status->st_mode))
        return refuse(path,
            S_ISDIR(status->st_mode) ? "is a folder, and a file is wanted there"
                                     : "is neither a file nor a folder",
            err);
    if (bundle->count == FILES_MAX || (size_t)status->st_size > BYTES_MAX - reading->bytes) {
        refuse(path, "is more than can be taken along (64 MiB in 2,000 files)", err);
        return error_hint(err, "leave that line out and install it from /workspace in the "
                               "container: pip install -e .");
    }
    if (file_read_at(AT_FDCWD, real, BYTES_MAX - reading->bytes, &data, &length, &cause) < 0) {
        cause.code = ERROR_USAGE;
        return error_move(err, &cause);
    }
    reading->bytes += length;
    note_private(reading, status);
    bundle->files = xgrow(bundle->files, bundle->count, sizeof(*bundle->files));
    bundle->files[bundle->count++] =
        (struct bundled_file){xstrdup(path), data, length, mode_of(reading, status)};
    return 0;
}

static void directory_close(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

/* Version control and compiled files are no part of a package's source. */
static bool is_left_out(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".git") == 0 ||
           strcmp(name, "__pycache__") == 0;
}

static int add_folder(
    struct reading *reading, const char *path, const char *real, size_t depth, struct error *err);

/* A thing in a folder; a link to a folder is not followed, it could lead round in a circle. */
static int add_entry(
    struct reading *reading, const char *folder, const char *name, size_t depth, struct error *err)
{
    _cleanup_free_ char *path =
        strcmp(folder, ".") == 0 ? xstrdup(name) : xasprintf("%s/%s", folder, name);
    _cleanup_free_ char *named = xasprintf("%s/%s", reading->top, path);
    struct stat status, own;
    _cleanup_free_ char *real = real_path_below(reading, path, &status, err);

    if (!real)
        return -1;
    if (!S_ISDIR(status.st_mode))
        return add_file(reading, path, real, &status, err);
    if (lstat(named, &own) == 0 && S_ISLNK(own.st_mode))
        return refuse(path, "is a link to a folder, which is not taken along", err);
    return add_folder(reading, path, real, depth + 1, err);
}

static int add_folder(
    struct reading *reading, const char *path, const char *real, size_t depth, struct error *err)
{
    _cleanup_(directory_close) DIR *dir = opendir(real);

    if (!dir)
        return error_set(err, ERROR_USAGE, "%s cannot be read: %s", path, strerror(errno));
    if (depth > DEPTH_MAX)
        return refuse(path, "has too many folders in folders", err);
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (!is_left_out(entry->d_name) && add_entry(reading, path, entry->d_name, depth, err) < 0)
            return -1;
    return 0;
}

/* A requirements file that is being read, and the one that includes it. */
struct chain {
    const char *path; /* from the top */
    const struct chain *by;
    size_t depth;
};

static int add_named_files(struct reading *reading, const char *shown, const struct chain *chain,
    const char *text, size_t length, struct error *err);

/* Another requirements file, and what it names in its turn; each is read once. */
static int add_included(struct reading *reading, const char *path, const char *real,
    const struct stat *status, const struct chain *by, struct error *err)
{
    const struct chain chain = {path, by, by->depth + 1};

    if (find_file(&reading->bundle, path))
        return 0;
    if (chain.depth > DEPTH_MAX)
        return refuse(path, "is named by too many files in a row", err);
    if (add_file(reading, path, real, status, err) < 0)
        return -1;
    const struct bundled_file *file = find_file(&reading->bundle, path);
    return add_named_files(reading, path, &chain, file->data, file->length, err);
}

static bool is_include(const struct requirements_line *line)
{
    return line->kind == REQUIREMENTS_INCLUDE || line->kind == REQUIREMENTS_CONSTRAINT;
}

/* Is it one of the files that are being read, which pip would follow round and round? */
static bool leads_back(const struct requirements_line *line, const struct chain *chain)
{
    for (; is_include(line) && line->path && chain; chain = chain->by)
        if (strcmp(line->path, chain->path) == 0)
            return true;
    return false;
}

static int add_named(struct reading *reading, const struct requirements_line *line,
    const struct chain *chain, struct error *err)
{
    struct stat status;
    _cleanup_free_ char *real = real_path_below(reading, line->path, &status, err);

    if (!real)
        return -1;
    if (is_include(line))
        return add_included(reading, line->path, real, &status, chain, err);
    if (S_ISDIR(status.st_mode))
        return add_folder(reading, line->path, real, 0, err);
    return add_file(reading, line->path, real, &status, err);
}

/* `shown` is the file's name for messages. */
static int add_named_files(struct reading *reading, const char *shown, const struct chain *chain,
    const char *text, size_t length, struct error *err)
{
    _cleanup_(requirements_file_release) struct requirements_file file = {0};
    _cleanup_free_ char *copy = xstrdup(chain->path);
    const char *folder = strchr(chain->path, '/') ? dirname(copy) : "";

    if (requirements_file_parse(text, length, folder, &file, err) < 0)
        return error_prefix(err, "%s", shown);
    for (size_t i = 0; i < file.variables.count; i++)
        if (!strv_contains(&reading->bundle.variables, file.variables.items[i]))
            strv_push(&reading->bundle.variables, file.variables.items[i]);
    for (size_t i = 0; i < file.count; i++) {
        const struct requirements_line *line = &file.lines[i];
        if (leads_back(line, chain)) {
            requirements_file_refuse(text, length, line, "this file is being read already", err);
            error_hint(err, "take the line out: pip would go round in a circle");
            return error_prefix(err, "%s", shown);
        }
        if (line->path && add_named(reading, line, chain, err) < 0)
            return error_prefix(err, "%s, line %zu", shown, line->line);
    }
    return 0;
}

int requirements_bundle_read(const struct caller *caller, const char *path,
    struct requirements_bundle *ret, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_(reading_release) struct reading reading = {0};
    _cleanup_free_ char *expanded = directory_expand(caller, path);
    _cleanup_free_ char *copy = xstrdup(expanded);
    _cleanup_free_ char *top = realpath(dirname(copy), NULL);
    struct requirements_bundle *bundle = &reading.bundle;
    struct stat status;

    if (file_read_at(
            AT_FDCWD, expanded, REQUIREMENTS_TEXT_MAX, &bundle->text, &bundle->length, err) < 0) {
        if (err)
            err->code = ERROR_USAGE;
        return error_hint(err, "name a requirements file that is there and can be read");
    }
    if (!top || stat(expanded, &status) < 0)
        return error_set_errno(err, errno, "cannot use the folder of %s", expanded);
    reading.top = top;
    note_private(&reading, &status);
    _cleanup_free_ char *again = xstrdup(expanded);
    const struct chain chain = {.path = basename(again)};
    if (add_named_files(&reading, path, &chain, bundle->text, bundle->length, err) < 0)
        return -1;
    *ret = reading.bundle;
    reading.bundle = (struct requirements_bundle){0};
    return 0;
}

/* --- as it is kept ------------------------------------------------------------------ */

int requirements_bundle_kept(const struct caller *caller, const char *folder, const char *name,
    struct requirements_bundle *ret, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_(reading_release) struct reading reading = {.kept = true};
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *file =
        xasprintf("%s/%s/%s%s", caller->home, folder, name, REQUIREMENTS_FILE_SUFFIX);
    _cleanup_free_ char *named =
        xasprintf("%s/%s/%s%s", caller->home, folder, name, REQUIREMENTS_FOLDER_SUFFIX);
    _cleanup_free_ char *top = realpath(named, NULL);
    struct stat status;

    if (file_read_at(AT_FDCWD, file, REQUIREMENTS_TEXT_MAX, &reading.bundle.text,
            &reading.bundle.length, &cause) < 0 &&
        cause.code != ERROR_NOT_FOUND) {
        error_move(err, &cause);
        return access_hint_file(caller, file, err);
    }
    if (reading.bundle.text && stat(file, &status) == 0)
        reading.bundle.mode = status.st_mode & 0777;
    reading.top = top;
    if (top && add_folder(&reading, ".", top, 0, err) < 0)
        return error_prefix(err, "%s", named);
    *ret = reading.bundle;
    reading.bundle = (struct requirements_bundle){0};
    return 0;
}

/* Removes a file or a folder with all that is in it; what is not there is fine. */
static int remove_tree(int parent, const char *name, size_t depth)
{
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return 0;
    if ((errno != EISDIR && errno != EPERM) || depth > DEPTH_MAX + 1)
        return -1;
    _cleanup_close_ int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    _cleanup_close_ int own = fd < 0 ? -EBADF : dup(fd);
    _cleanup_(directory_close) DIR *dir = own < 0 ? NULL : fdopendir(own);
    if (!dir)
        return -1;
    TAKE_FD(own);
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            remove_tree(fd, entry->d_name, depth + 1) < 0)
            return -1;
    return unlinkat(parent, name, AT_REMOVEDIR);
}

static int write_file(
    int folder, mode_t folder_mode, const struct bundled_file *file, struct error *err)
{
    const char *slash = strrchr(file->path, '/');
    _cleanup_free_ char *parent =
        slash ? xstrndup(file->path, (size_t)(slash - file->path)) : xstrdup(".");
    _cleanup_close_ int dir = dir_make_at(folder, parent, folder_mode, NULL, err);

    if (dir < 0)
        return -1;
    return file_write_at(
        dir, slash ? slash + 1 : file->path, file->data, file->length, file->mode, err);
}

/* Fills the new folder `name`. */
static int write_folder(int dir, const char *name, mode_t mode,
    const struct requirements_bundle *bundle, struct error *err)
{
    if (remove_tree(dir, name, 0) < 0)
        return error_set_errno(err, errno, "cannot remove %s", name);
    _cleanup_close_ int folder = dir_make_at(dir, name, mode, NULL, err);
    if (folder < 0)
        return -1;
    for (size_t i = 0; i < bundle->count; i++)
        if (write_file(folder, mode, &bundle->files[i], err) < 0) {
            remove_tree(dir, name, 0);
            return -1;
        }
    return 0;
}

/* Puts the folder of the bundle in its place; it is whole or not there at any time. */
static int replace_folder(int dir, const char *name, mode_t mode,
    const struct requirements_bundle *bundle, struct error *err)
{
    _cleanup_free_ char *fresh = xasprintf("%s.new", name);
    _cleanup_free_ char *stale = xasprintf("%s.old", name);

    if (bundle->count && write_folder(dir, fresh, mode, bundle, err) < 0)
        return -1;
    if (remove_tree(dir, stale, 0) < 0 ||
        (renameat(dir, name, dir, stale) < 0 && errno != ENOENT) ||
        (bundle->count && renameat(dir, fresh, dir, name) < 0) || remove_tree(dir, stale, 0) < 0)
        return error_set_errno(err, errno, "cannot replace %s", name);
    return 0;
}

static bool is_private(const struct requirements_bundle *bundle)
{
    return bundle->mode && (bundle->mode & OTHERS) == 0;
}

/* A folder that is replaced keeps its mode; one of a backup is nobody else's business. */
static mode_t folder_mode(
    int dir, const char *folder, const char *name, const struct requirements_bundle *bundle)
{
    struct stat status;

    if (strcmp(folder, USER_BACKUP) == 0 || is_private(bundle))
        return PRIVATE_FOLDER;
    return fstatat(dir, name, &status, 0) == 0 ? (status.st_mode & 0777) | PRIVATE_FOLDER : 0755;
}

/* Takes from others what a file that is there gives them: what replaces it keeps its mode. */
static int make_private(int dir, const char *file, struct error *err)
{
    struct stat status;

    if (fstatat(dir, file, &status, 0) < 0 || (status.st_mode & OTHERS) == 0)
        return 0;
    return fchmodat(dir, file, status.st_mode & 0777 & ~(mode_t)OTHERS, 0) < 0
               ? error_set_errno(err, errno, "cannot make %s private", file)
               : 0;
}

static int replace(int dir, const char *folder, const char *name,
    const struct requirements_bundle *bundle, struct error *err)
{
    _cleanup_free_ char *file = xasprintf("%s%s", name, REQUIREMENTS_FILE_SUFFIX);
    _cleanup_free_ char *named = xasprintf("%s%s", name, REQUIREMENTS_FOLDER_SUFFIX);
    mode_t mode = folder_mode(dir, folder, named, bundle);

    if (replace_folder(dir, named, mode, bundle, err) < 0 ||
        (is_private(bundle) && make_private(dir, file, err) < 0))
        return -1;
    if (bundle->text)
        return file_write_at(
            dir, file, bundle->text, bundle->length, bundle->mode ? bundle->mode : NEW_FILE, err);
    if (unlinkat(dir, file, 0) < 0 && errno != ENOENT)
        return error_set_errno(err, errno, "cannot remove %s", file);
    return 0;
}

/* Then nothing can go wrong with it: undoing what failed. */
static bool is_kept_already(const struct caller *caller, const char *folder, const char *name,
    const struct requirements_bundle *bundle)
{
    _cleanup_(requirements_bundle_release) struct requirements_bundle kept = {0};

    return requirements_bundle_kept(caller, folder, name, &kept, NULL) == 0 &&
           requirements_bundle_equal(&kept, bundle);
}

int requirements_bundle_keep(const struct caller *caller, const char *folder, const char *name,
    const struct requirements_bundle *bundle, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int dir = user_directory_open(caller, folder, true, err);
    _cleanup_free_ char *path = xasprintf("%s/%s/%s", caller->home, folder, name);

    if (dir < 0)
        return -1;
    if (is_kept_already(caller, folder, name, bundle) ||
        replace(dir, folder, name, bundle, err) == 0)
        return 0;
    error_prefix(err, "in ~/%s", folder);
    return access_hint_write(caller, path, err);
}

int requirements_bundle_back_up_kept(
    const struct caller *caller, const char *project, struct error *err)
{
    _cleanup_(requirements_bundle_release) struct requirements_bundle kept = {0};
    _cleanup_free_ char *path = NULL;

    if (requirements_bundle_kept(caller, USER_DOCKERFILES, project, &kept, err) < 0)
        return -1;
    if (!kept.text && !kept.count)
        return 0;
    return requirements_bundle_backup(caller, project, &kept, &path, err);
}

int requirements_bundle_remove(const struct caller *caller, const char *project, struct error *err)
{
    _cleanup_(requirements_bundle_release) struct requirements_bundle kept = {0};
    const struct requirements_bundle nothing = {0};

    if (requirements_bundle_kept(caller, USER_DOCKERFILES, project, &kept, err) < 0)
        return -1;
    if (!kept.text && !kept.count)
        return 0;
    return requirements_bundle_keep(caller, USER_DOCKERFILES, project, &nothing, err);
}

int requirements_bundle_backup(const struct caller *caller, const char *project,
    const struct requirements_bundle *bundle, char **ret_path, struct error *err)
{
    _cleanup_free_ char *name = project_backup_name(project);

    if (requirements_bundle_keep(caller, USER_BACKUP, name, bundle, err) < 0)
        return -1;
    *ret_path = xasprintf("%s/%s/%s%s", caller->home, USER_BACKUP, name, REQUIREMENTS_FILE_SUFFIX);
    return 0;
}

bool requirements_bundle_equal(
    const struct requirements_bundle *a, const struct requirements_bundle *b)
{
    if (!a->text != !b->text || a->length != b->length || a->count != b->count ||
        (a->text && memcmp(a->text, b->text, a->length) != 0))
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct bundled_file *one = &a->files[i];
        const struct bundled_file *other = find_file(b, one->path);
        if (!other || one->length != other->length || (one->mode ^ other->mode) & S_IXUSR ||
            memcmp(one->data, other->data, one->length) != 0)
            return false;
    }
    return true;
}

void requirements_bundle_release(struct requirements_bundle *bundle)
{
    free(bundle->text);
    for (size_t i = 0; i < bundle->count; i++) {
        free(bundle->files[i].path);
        free(bundle->files[i].data);
    }
    free(bundle->files);
    strv_release(&bundle->variables);
    *bundle = (struct requirements_bundle){0};
}
