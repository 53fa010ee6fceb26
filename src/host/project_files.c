#include "host/project_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "host/access_hint.h"
#include "model/dockerfile.h"
#include "model/name.h"

#define DOCKERFILE_SUFFIX ".Dockerfile"
#define METADATA_SUFFIX   ".json"
#define METADATA_MAX      ((size_t)1 << 20) /* bytes */

int user_directory_open(
    const struct caller *caller, const char *relative, bool make, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int home = open(caller->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (home < 0) {
        error_set_errno(err, errno, "cannot open your home directory %s", caller->home);
        return error_hint(err, "ask the admin of this server for a home directory of yours");
    }
    int fd = make ? dir_make_at(home, relative, 0755, NULL, err)
                  : openat(home, relative, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        return fd;
    int cause = errno;
    _cleanup_free_ char *path = xasprintf("%s/%s", caller->home, relative);
    if (make)
        error_prefix(err, "in %s", caller->home);
    else
        error_set_errno(err, cause, "cannot open %s", path);
    if (make || cause != ENOENT)
        return access_hint_folder(caller, path, err);
    if (err)
        err->code = ERROR_NOT_FOUND;
    return -1;
}

char *project_dockerfile_path(const struct caller *caller, const char *project)
{
    return xasprintf("%s/%s/%s%s", caller->home, USER_DOCKERFILES, project, DOCKERFILE_SUFFIX);
}

/* Reads <home>/<folder>/<project><suffix>. */
static int user_file_read(const struct caller *caller, const char *folder, const char *project,
    const char *suffix, size_t max, char **ret_text, size_t *ret_length, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int dir = user_directory_open(caller, folder, false, err);
    _cleanup_free_ char *name = xasprintf("%s%s", project, suffix);

    if (dir < 0)
        return -1;
    if (file_read_at(dir, name, max, ret_text, ret_length, err) == 0)
        return 0;
    _cleanup_free_ char *path = xasprintf("%s/%s/%s", caller->home, folder, name);
    error_prefix(err, "in ~/%s", folder);
    return access_hint_file(caller, path, err);
}

static bool holds(int dir, const char *name, const char *text, size_t length)
{
    _cleanup_free_ char *there = NULL;
    size_t there_length;

    return file_read_at(dir, name, length, &there, &there_length, NULL) == 0 &&
           there_length == length && memcmp(there, text, length) == 0;
}

/*
 * `mode` is for a new file. One that holds the text already is let be, so that nothing can go wrong
 * where nothing is to be done: undoing a write that failed.
 */
static int user_file_write(const struct caller *caller, const char *folder, const char *name,
    const char *text, size_t length, mode_t mode, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int dir = user_directory_open(caller, folder, true, err);

    if (dir < 0)
        return -1;
    if (holds(dir, name, text, length) || file_write_at(dir, name, text, length, mode, err) == 0)
        return 0;
    _cleanup_free_ char *path = xasprintf("%s/%s/%s", caller->home, folder, name);
    error_prefix(err, "in ~/%s", folder);
    return access_hint_write(caller, path, err);
}

static int user_file_remove(
    const struct caller *caller, const char *folder, const char *name, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_(error_release) struct error ignored = ERROR_INIT;
    _cleanup_close_ int dir = user_directory_open(caller, folder, false, &ignored);

    if (dir < 0)
        return ignored.code == ERROR_NOT_FOUND ? 0 : error_move(err, &ignored);
    if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
        return 0;
    error_set_errno(err, errno, "cannot remove ~/%s/%s", folder, name);
    _cleanup_free_ char *path = xasprintf("%s/%s", caller->home, folder);
    return access_hint_folder(caller, path, err);
}

int project_dockerfile_read(const struct caller *caller, const char *project, char **ret_text,
    size_t *ret_length, struct error *err)
{
    return user_file_read(caller, USER_DOCKERFILES, project, DOCKERFILE_SUFFIX, DOCKERFILE_MAX,
        ret_text, ret_length, err);
}

bool project_has_dockerfile(const struct caller *caller, const char *project)
{
    _cleanup_free_ char *text = NULL;

    return project_dockerfile_read(caller, project, &text, NULL, NULL) == 0;
}

int project_dockerfile_write(const struct caller *caller, const char *project, const char *text,
    size_t length, struct error *err)
{
    _cleanup_free_ char *name = xasprintf("%s%s", project, DOCKERFILE_SUFFIX);

    return user_file_write(caller, USER_DOCKERFILES, name, text, length, NEW_FILE, err);
}

int project_dockerfile_remove(const struct caller *caller, const char *project, struct error *err)
{
    _cleanup_free_ char *name = xasprintf("%s%s", project, DOCKERFILE_SUFFIX);

    return user_file_remove(caller, USER_DOCKERFILES, name, err);
}

char *project_backup_name(const char *project)
{
    struct timespec now;
    struct tm local;
    char when[32];

    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &local);
    strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &local);
    /* Microseconds keep two backups of one second apart. */
    return xasprintf("%s-%s.%06ld", project, when, now.tv_nsec / 1000);
}

/* What may be done with <home>/<folder>/<project><suffix>; private where it is gone. */
static mode_t user_file_mode(
    const struct caller *caller, const char *folder, const char *project, const char *suffix)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int dir = user_directory_open(caller, folder, false, NULL);
    _cleanup_free_ char *name = xasprintf("%s%s", project, suffix);
    struct stat status;

    return dir >= 0 && fstatat(dir, name, &status, 0) == 0 ? status.st_mode & 0777 : PRIVATE_FILE;
}

int project_backup_write(const struct caller *caller, const char *project, const char *name,
    const char *text, size_t length, struct error *err)
{
    const char *ending = strrchr(name, '.');
    bool is_metadata = ending && strcmp(ending, METADATA_SUFFIX) == 0;
    mode_t mode = is_metadata
                      ? user_file_mode(caller, USER_IMAGES, project, METADATA_SUFFIX)
                      : user_file_mode(caller, USER_DOCKERFILES, project, DOCKERFILE_SUFFIX);

    return user_file_write(caller, USER_BACKUP, name, text, length, mode, err);
}

int project_backup(const struct caller *caller, const char *project, const char *extension,
    const char *text, size_t length, char **ret_path, struct error *err)
{
    _cleanup_free_ char *stem = project_backup_name(project);
    _cleanup_free_ char *name = xasprintf("%s.%s", stem, extension);

    if (project_backup_write(caller, project, name, text, length, err) < 0)
        return -1;
    *ret_path = xasprintf("%s/%s/%s", caller->home, USER_BACKUP, name);
    return 0;
}

int project_backup_read(const struct caller *caller, const char *name, char **ret_text,
    size_t *ret_length, struct error *err)
{
    if (!*name || strchr(name, '/'))
        return error_set(err, ERROR_FAILED, "'%s' is not the name of a backup", name);
    return user_file_read(caller, USER_BACKUP, name, "", DOCKERFILE_MAX, ret_text, ret_length, err);
}

static const struct json_field metadata_fields[] = {
    {"image", FIELD_STRING, offsetof(struct project_metadata, image), 0},
    {"base", FIELD_STRING, offsetof(struct project_metadata, base), 0},
    {"framework", FIELD_STRING, offsetof(struct project_metadata, framework), 0},
    {"context", FIELD_STRING, offsetof(struct project_metadata, context), 0},
    {"own_name", FIELD_STRING, offsetof(struct project_metadata, own_name), 0},
    {"created", FIELD_STRING, offsetof(struct project_metadata, created), 0},
    {"built", FIELD_STRING, offsetof(struct project_metadata, built), 0},
    {"previous", FIELD_STRING, offsetof(struct project_metadata, previous), 0},
    {"version", FIELD_STRING, offsetof(struct project_metadata, version), 0},
    {"architecture", FIELD_STRING, offsetof(struct project_metadata, architecture), 0},
    {"requirements", FIELD_STRING, offsetof(struct project_metadata, requirements), 0},
    {"sets", FIELD_STRV, offsetof(struct project_metadata, sets), 0},
    {"pip", FIELD_STRV, offsetof(struct project_metadata, pip), 0},
    {"apt", FIELD_STRV, offsetof(struct project_metadata, apt), 0},
};

int project_metadata_read(const struct caller *caller, const char *project,
    struct project_metadata *ret, struct error *err)
{
    _cleanup_free_ char *text = NULL;
    _cleanup_(json_put) struct json_object *document = NULL;
    _cleanup_(project_metadata_release) struct project_metadata metadata = {0};
    size_t length;

    if (user_file_read(caller, USER_IMAGES, project, ".json", METADATA_MAX, &text, &length, err) <
        0)
        return -1;
    if (json_parse(text, length, &document, err) < 0 ||
        json_decode(document, metadata_fields, ELEMENTS(metadata_fields), &metadata, err) < 0)
        return error_prefix(err, "~/%s/%s.json", USER_IMAGES, project);
    *ret = metadata;
    metadata = (struct project_metadata){0};
    return 0;
}

int project_metadata_write(const struct caller *caller, const char *project,
    const struct project_metadata *metadata, struct error *err)
{
    _cleanup_(json_put) struct json_object *document = json_object_new_object();
    _cleanup_free_ char *name = xasprintf("%s.json", project);

    json_add_string(document, "image", metadata->image);
    json_add_string(document, "base", metadata->base);
    json_add_string(document, "framework", metadata->framework);
    json_add_string(document, "context", metadata->context);
    json_add_string(document, "own_name", metadata->own_name);
    json_add_string(document, "created", metadata->created);
    json_add_string(document, "built", metadata->built);
    json_add_string(document, "previous", metadata->previous);
    json_add_string(document, "version", metadata->version);
    json_add_string(document, "architecture", metadata->architecture);
    json_add_string(document, "requirements", metadata->requirements);
    json_object_object_add(document, "sets", json_from_strv(&metadata->sets));
    json_object_object_add(document, "pip", json_from_strv(&metadata->pip));
    json_object_object_add(document, "apt", json_from_strv(&metadata->apt));
    const char *json = json_object_to_json_string_ext(
        document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
    _cleanup_free_ char *text = xasprintf("%s\n", json);
    return user_file_write(caller, USER_IMAGES, name, text, strlen(text), NEW_FILE, err);
}

/* Copies one file of a project into the backup folder; one that is not there is fine. */
static int back_up_file(const struct caller *caller, const char *folder, const char *project,
    const char *extension, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *suffix = xasprintf(".%s", extension);
    _cleanup_free_ char *text = NULL, *backup = NULL;
    size_t length;

    if (user_file_read(caller, folder, project, suffix, DOCKERFILE_MAX, &text, &length, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    return project_backup(caller, project, extension, text, length, &backup, err);
}

static int metadata_remove(const struct caller *caller, const char *project, struct error *err)
{
    _cleanup_free_ char *name = xasprintf("%s%s", project, METADATA_SUFFIX);

    return user_file_remove(caller, USER_IMAGES, name, err);
}

int project_metadata_retire(const struct caller *caller, const char *project, struct error *err)
{
    if (back_up_file(caller, USER_IMAGES, project, "json", err) < 0)
        return -1;
    return metadata_remove(caller, project, err);
}

int project_files_back_up(const struct caller *caller, const char *project, struct error *err)
{
    if (back_up_file(caller, USER_DOCKERFILES, project, "Dockerfile", err) < 0)
        return -1;
    return back_up_file(caller, USER_IMAGES, project, "json", err);
}

int project_files_remove(const struct caller *caller, const char *project, struct error *err)
{
    if (project_dockerfile_remove(caller, project, err) < 0)
        return -1;
    return metadata_remove(caller, project, err);
}

static void directory_close(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

/* True for what is in `dir` as `entry`, "<name><suffix>", if it belongs into a list. */
typedef bool (*entry_test)(int dir, const char *entry, const char *name);

/* The names of the entries "<name><suffix>" of a folder of the home, without the suffix. */
static int list_entries(const struct caller *caller, const char *folder, const char *suffix,
    entry_test is_wanted, struct strv *ret, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_close_ int fd = user_directory_open(caller, folder, false, &cause);

    if (fd < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    _cleanup_(directory_close) DIR *dir = fdopendir(fd);
    if (!dir)
        return error_set_errno(err, errno, "cannot read ~/%s", folder);
    TAKE_FD(fd);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        size_t length = strlen(entry->d_name), end = strlen(suffix);
        if (entry->d_name[0] == '.' || length <= end ||
            strcmp(entry->d_name + length - end, suffix) != 0)
            continue;
        _cleanup_free_ char *name = xstrndup(entry->d_name, length - end);
        if (!is_wanted || is_wanted(dirfd(dir), entry->d_name, name))
            strv_take(ret, TAKE_PTR(name));
    }
    return 0;
}

/* A file, or a link to one, whose name is as name_from_typed() makes them. */
static bool is_dockerfile(int dir, const char *entry, const char *name)
{
    char project[NAME_MAX_LENGTH + 1];
    bool changed;
    struct stat info;

    if (name_from_typed(NAME_PROJECT, name, project, &changed, NULL) < 0 || changed)
        return false;
    return fstatat(dir, entry, &info, 0) == 0 && S_ISREG(info.st_mode);
}

int project_backup_list(const struct caller *caller, struct strv *ret, struct error *err)
{
    return list_entries(caller, USER_BACKUP, "", NULL, ret, err);
}

int project_backup_remove(const struct caller *caller, const char *name, struct error *err)
{
    return user_file_remove(caller, USER_BACKUP, name, err);
}

int project_list(const struct caller *caller, struct strv *ret, struct error *err)
{
    return list_entries(caller, USER_DOCKERFILES, DOCKERFILE_SUFFIX, is_dockerfile, ret, err);
}

int project_metadata_list(const struct caller *caller, struct strv *ret, struct error *err)
{
    return list_entries(caller, USER_IMAGES, METADATA_SUFFIX, NULL, ret, err);
}

void project_metadata_release(struct project_metadata *metadata)
{
    free(metadata->image);
    free(metadata->base);
    free(metadata->framework);
    free(metadata->context);
    free(metadata->own_name);
    free(metadata->created);
    free(metadata->built);
    free(metadata->previous);
    free(metadata->version);
    free(metadata->architecture);
    free(metadata->requirements);
    strv_release(&metadata->sets);
    strv_release(&metadata->pip);
    strv_release(&metadata->apt);
    *metadata = (struct project_metadata){0};
}
