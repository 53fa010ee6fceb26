#include "engine/container_files.h"

#include <sys/stat.h>
#include <time.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "engine/archive_library.h"

#define UPLOAD_MAX  ((size_t)32 << 20)
#define LINKS_MAX   8
#define PATH_LENGTH ((size_t)4096)

/* Bits of Go's os.FileMode, in which the engine tells a path's type. */
#define GO_MODE_DIR     ((int64_t)1 << 31)
#define GO_MODE_SYMLINK ((int64_t)1 << 27)
#define GO_MODE_TYPES   ((int64_t)0x8f280000)

struct container_file *container_files_add(struct container_files *files, const char *path,
    mode_t mode, uid_t uid, gid_t gid, const char *text)
{
    files->files = xgrow(files->files, files->count, sizeof(*files->files));
    struct container_file *file = &files->files[files->count++];
    *file = (struct container_file){.path = xstrdup(path),
        .mode = mode,
        .uid = uid,
        .gid = gid,
        .text = xstrdup(text),
        .length = text ? strlen(text) : 0};
    return file;
}

const struct container_file *container_files_find(
    const struct container_files *files, const char *path)
{
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->files[i].path, path) == 0)
            return &files->files[i];
    return NULL;
}

void container_file_release(struct container_file *file)
{
    free(file->path);
    free(file->link);
    free(file->text);
    *file = (struct container_file){0};
}

void container_files_release(struct container_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        container_file_release(&files->files[i]);
    free(files->files);
    *files = (struct container_files){0};
}

/* The next part of a path between slashes, without "."; NULL at its end. */
static const char *next_part(const char **at, size_t *ret_length)
{
    for (;;) {
        *at += strspn(*at, "/");
        const char *part = *at;
        size_t length = strcspn(part, "/");
        if (length == 0)
            return NULL;
        *at += length;
        if (length == 1 && part[0] == '.')
            continue;
        *ret_length = length;
        return part;
    }
}

static bool leads_up(const char *path)
{
    const char *part;
    size_t length;

    while ((part = next_part(&path, &length)))
        if (length == 2 && memcmp(part, "..", 2) == 0)
            return true;
    return false;
}

/* True when `path` is `folder` or lies in it. Of a folder with ".." nothing is certain: true. */
static bool lies_in(const char *folder, const char *path)
{
    size_t wanted, given;
    const char *part;

    if (leads_up(folder))
        return true;
    while ((part = next_part(&folder, &wanted))) {
        const char *own = next_part(&path, &given);
        if (!own || given != wanted || memcmp(own, part, wanted) != 0)
            return false;
    }
    return true;
}

bool mounts_cover(const struct mount *mounts, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (lies_in(mounts[i].target, path))
            return true;
    return false;
}

char *container_archive_path(const char *container, const char *path)
{
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *where = engine_escape(path);

    return xasprintf("/containers/%s/archive?path=%s", name, where);
}

static int unpack_error(struct engine *engine, const char *reason, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    error_set(&cause, ERROR_FAILED, "an archive of files makes no sense: %s",
        reason ? reason : "no reason given");
    return engine_garbled(engine, &cause, err);
}

struct unpacking {
    struct engine *engine;
    const struct archive_library *library;
    struct archive *archive;
    char *folder; /* what the names in the archive are relative to, with a '/' at its end */
};

static int unpack_text(const struct unpacking *unpacking, struct archive_entry *entry,
    struct container_file *file, struct error *err)
{
    const struct archive_library *library = unpacking->library;
    int64_t size = library->entry_size(entry);

    if (size < 0 || (uint64_t)size > CONTAINER_FILE_MAX)
        return error_set(err, ERROR_FAILED, "%s in the image is larger than %zu MiB", file->path,
            CONTAINER_FILE_MAX >> 20);
    file->text = xcalloc((size_t)size + 1, 1);
    while (file->length < (size_t)size) {
        la_ssize_t got = library->read_data(
            unpacking->archive, file->text + file->length, (size_t)size - file->length);
        if (got <= 0)
            return unpack_error(unpacking->engine, "a file ends early", err);
        file->length += (size_t)got;
    }
    return 0;
}

static int unpack_entry(const struct unpacking *unpacking, struct archive_entry *entry,
    const struct strv *wanted, struct container_files *files, struct error *err)
{
    const struct archive_library *library = unpacking->library;
    const char *name = library->entry_pathname(entry);

    if (!name || strlen(name) > PATH_LENGTH)
        return 0;
    _cleanup_free_ char *path = xasprintf("%s%s", unpacking->folder, name);
    size_t length = strlen(path);
    if (length > 1 && path[length - 1] == '/')
        path[length - 1] = '\0';
    if (!strv_contains(wanted, path) || container_files_find(files, path))
        return 0;
    struct container_file *file =
        container_files_add(files, path, library->entry_mode(entry), 0, 0, NULL);
    /* Podman says of every file that the container's user owns it (4.3 to 5.8): most are root's. */
    if (unpacking->engine->kind != ENGINE_PODMAN) {
        file->uid = (uid_t)library->entry_uid(entry);
        file->gid = (gid_t)library->entry_gid(entry);
    }
    file->link = xstrdup(library->entry_symlink(entry));
    if (!S_ISREG(file->mode) || library->entry_hardlink(entry))
        return 0;
    return unpack_text(unpacking, entry, file, err);
}

static int unpack_all(struct unpacking *unpacking, const struct strbuf *tar,
    const struct strv *wanted, struct container_files *files, struct error *err)
{
    const struct archive_library *library = unpacking->library;
    struct archive *archive = unpacking->archive;
    struct archive_entry *entry;
    int result;

    if (library->read_support_format_tar(archive) != ARCHIVE_OK ||
        library->read_open_memory(archive, tar->text, tar->length) != ARCHIVE_OK)
        return unpack_error(unpacking->engine, library->error_string(archive), err);
    while ((result = library->read_next_header(archive, &entry)) >= ARCHIVE_WARN) {
        if (result == ARCHIVE_EOF)
            return 0;
        if (unpack_entry(unpacking, entry, wanted, files, err) < 0)
            return -1;
    }
    return unpack_error(unpacking->engine, library->error_string(archive), err);
}

/* `path` is what was asked for: the archive's names begin with its last part. */
static int unpack(struct engine *engine, const char *path, const struct strbuf *tar,
    const struct strv *wanted, struct container_files *ret, struct error *err)
{
    _cleanup_(container_files_release) struct container_files files = {0};
    struct unpacking unpacking = {.engine = engine};

    if (!tar->length)
        return unpack_error(engine, "it is empty", err);
    if (archive_library_load(&unpacking.library, err) < 0)
        return -1;
    unpacking.archive = unpacking.library->read_new();
    if (!unpacking.archive)
        return error_set(err, ERROR_FAILED, "no memory to unpack files");
    unpacking.folder = xstrndup(path, (size_t)(strrchr(path, '/') - path) + 1);
    int result = unpack_all(&unpacking, tar, wanted, &files, err);
    unpacking.library->read_free(unpacking.archive);
    free(unpacking.folder);
    if (result < 0)
        return -1;
    *ret = files;
    files = (struct container_files){0};
    return 0;
}

int engine_container_read_files(struct engine *engine, const char *container, const char *path,
    const struct strv *wanted, struct container_files *ret, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_free_ char *request_path = container_archive_path(container, path);
    struct transport_request request = {
        .method = "GET", .path = request_path, .timeout_ms = TRANSPORT_DUE_MS};

    if (engine_request(engine, &request, &answer, err) < 0)
        return -1;
    return unpack(engine, path, &answer.body, wanted, ret, err);
}

/* What a link at `path` points to, as an absolute path; the engine resolves its "..". */
static char *link_target(const char *path, const char *link)
{
    if (link[0] == '/')
        return xstrdup(link);
    return xasprintf("%.*s%s", (int)(strrchr(path, '/') - path) + 1, path, link);
}

int engine_container_read_file(struct engine *engine, const char *container, const char *path,
    struct container_file *ret, struct error *err)
{
    _cleanup_free_ char *at = xstrdup(path);

    for (int links = 0; links < LINKS_MAX && strlen(at) < PATH_LENGTH; links++) {
        _cleanup_(container_files_release) struct container_files files = {0};
        _cleanup_(strv_release) struct strv wanted = STRV_INIT;
        strv_push(&wanted, at);
        if (engine_container_read_files(engine, container, at, &wanted, &files, err) < 0)
            return -1;
        if (files.count == 1 && files.files[0].text) {
            free(files.files[0].path);
            files.files[0].path = xstrdup(path);
            *ret = files.files[0];
            files.files[0] = (struct container_file){0};
            return 0;
        }
        if (!files.count || !files.files[0].link)
            return error_set(err, ERROR_FAILED, "%s in the image is not a file", path);
        char *target = link_target(at, files.files[0].link);
        free(at);
        at = target;
    }
    return error_set(err, ERROR_FAILED, "%s in the image is a link that leads nowhere", path);
}

struct path_stat {
    int64_t mode;
    int64_t size;
    char *modified;
};

static void path_stat_release(struct path_stat *stat)
{
    free(stat->modified);
}

static mode_t mode_of(int64_t go_mode)
{
    mode_t type = S_IFREG;

    if (go_mode & GO_MODE_SYMLINK)
        type = S_IFLNK;
    else if (go_mode & GO_MODE_DIR)
        type = S_IFDIR;
    else if (go_mode & GO_MODE_TYPES)
        type = S_IFSOCK;
    return type | (mode_t)(go_mode & 0777);
}

static int decode_stat(const char *header, struct container_stat *ret, struct error *err)
{
    static const struct json_field fields[] = {
        {"mode", FIELD_INT64, offsetof(struct path_stat, mode), FIELD_REQUIRED},
        {"size", FIELD_INT64, offsetof(struct path_stat, size), 0},
        {"mtime", FIELD_STRING, offsetof(struct path_stat, modified), 0},
    };
    _cleanup_free_ char *text = NULL;
    _cleanup_(json_put) struct json_object *object = NULL;
    _cleanup_(path_stat_release) struct path_stat stat = {0};
    size_t length;

    if (base64_decode(header, strlen(header), &text, &length, err) < 0 ||
        json_parse(text, length, &object, err) < 0 ||
        json_decode(object, fields, ELEMENTS(fields), &stat, err) < 0)
        return -1;
    *ret = (struct container_stat){.mode = mode_of(stat.mode), .size = stat.size};
    snprintf(ret->modified, sizeof(ret->modified), "%s", stat.modified ? stat.modified : "");
    return 0;
}

int engine_container_stat(struct engine *engine, const char *container, const char *path,
    struct container_stat *ret, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *request_path = container_archive_path(container, path);
    struct transport_request request = {
        .method = "HEAD", .path = request_path, .timeout_ms = TRANSPORT_DUE_MS};

    if (engine_request(engine, &request, &answer, err) < 0)
        return -1;
    if (decode_stat(answer.path_stat, ret, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    return 0;
}

static la_ssize_t collect(
    _unused_ struct archive *archive, void *data, const void *bytes, size_t length)
{
    struct strbuf *tar = data;

    strbuf_add(tar, bytes, length);
    return tar->overflowed ? -1 : (la_ssize_t)length;
}

static int pack_file(const struct archive_library *library, struct archive *archive,
    struct archive_entry *entry, const struct container_file *file, time_t time)
{
    library->entry_clear(entry);
    library->entry_copy_pathname(entry, file->path + strspn(file->path, "/"));
    library->entry_set_mode(entry, file->mode);
    library->entry_set_size(entry, (la_int64_t)file->length);
    library->entry_set_mtime(entry, time, 0);
    library->entry_set_uid(entry, (la_int64_t)file->uid);
    library->entry_set_gid(entry, (la_int64_t)file->gid);
    if (library->write_header(archive, entry) < ARCHIVE_WARN)
        return -1;
    if (!file->length)
        return 0;
    return library->write_data(archive, file->text, file->length) == (la_ssize_t)file->length ? 0
                                                                                              : -1;
}

static int pack_all(const struct archive_library *library, struct archive *archive,
    struct archive_entry *entry, const struct container_files *files, time_t time,
    struct strbuf *tar)
{
    if (library->write_set_format_pax_restricted(archive) != ARCHIVE_OK ||
        library->write_set_bytes_in_last_block(archive, 1) != ARCHIVE_OK ||
        library->write_open(archive, tar, NULL, collect, NULL) != ARCHIVE_OK)
        return -1;
    for (size_t i = 0; i < files->count; i++)
        if (pack_file(library, archive, entry, &files->files[i], time) < 0)
            return -1;
    return library->write_close(archive) == ARCHIVE_OK ? 0 : -1;
}

int container_files_pack(
    const struct container_files *files, time_t time, struct strbuf *ret_tar, struct error *err)
{
    const struct archive_library *library;

    if (archive_library_load(&library, err) < 0)
        return -1;
    struct archive *archive = library->write_new();
    struct archive_entry *entry = library->entry_new();
    int result = archive && entry ? pack_all(library, archive, entry, files, time, ret_tar) : -1;
    if (entry)
        library->entry_free(entry);
    if (archive)
        library->write_free(archive);
    return result < 0 ? error_set(err, ERROR_FAILED, "cannot pack files for the engine") : 0;
}

/* The rule of this room: a path in the tar is plain, and no mount's. */
static int check_paths(const struct container_files *files, const struct mount *mounts,
    size_t mount_count, struct error *err)
{
    for (size_t i = 0; i < files->count; i++) {
        const struct container_file *file = &files->files[i];
        if (file->path[0] != '/' || leads_up(file->path) ||
            (!S_ISREG(file->mode) && !S_ISDIR(file->mode)))
            return error_set(
                err, ERROR_FAILED, "%s cannot be written into a container", file->path);
        if (mounts_cover(mounts, mount_count, file->path))
            return error_set(err, ERROR_FAILED,
                "%s was not written into the container: a directory of the server is mounted there",
                file->path);
    }
    return 0;
}

int engine_container_write_files(struct engine *engine, const char *container,
    const struct container_files *files, const struct mount *mounts, size_t mount_count,
    struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_(strbuf_release) struct strbuf tar = STRBUF_INIT(UPLOAD_MAX);
    _cleanup_free_ char *request_path = container_archive_path(container, "/");

    if (check_paths(files, mounts, mount_count, err) < 0 ||
        container_files_pack(files, time(NULL), &tar, err) < 0)
        return -1;
    struct transport_request request = {
        .method = "PUT",
        .path = request_path,
        .content_type = "application/x-tar",
        .body = strbuf_text(&tar),
        .body_length = tar.length,
        .timeout_ms = TRANSPORT_DUE_MS,
    };
    return engine_request(engine, &request, &answer, err);
}
