#include "ops/image_identity.h"

#include <sys/stat.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "host/cache.h"

#define CACHE_FOLDER "images"

/* Of the form of the remembered file: another number is not read. */
#define CACHE_VERSION 1

/* Come with the one download of /etc; a link among those with `must_read` is followed. */
static const struct {
    const char *path;
    bool must_read;
} etc_paths[] = {
    {"/etc", false},
    {"/etc/passwd", true},
    {"/etc/group", true},
    {"/etc/shadow", true},
    {"/etc/gshadow", true},
    {"/etc/sudoers", true},
    {"/etc/sudoers.d", false},
    {"/etc/skel/.bashrc", false},
    {"/etc/skel/.profile", false},
    {"/etc/apt", false},
    {"/etc/apk", false},
    {"/etc/dnf", false},
    {"/etc/yum.repos.d", false},
    {"/etc/zypp", false},
};

/* Asked for one by one, which takes the engine 2 ms each. */
static const char *const other_paths[] = {"/bin/sh", "/bin/bash", "/usr/bin/bash", "/usr/bin/sudo",
    "/bin/sudo", "/usr/local/bin/sudo", "/home"};

static bool is_there(const struct image_identity *identity, const char *path)
{
    return container_files_find(&identity->files, path) != NULL;
}

static void draw_conclusions(struct image_identity *identity)
{
    identity->has_shell = is_there(identity, "/bin/sh");
    identity->bash = is_there(identity, "/bin/bash")       ? "/bin/bash"
                     : is_there(identity, "/usr/bin/bash") ? "/usr/bin/bash"
                                                           : NULL;
    identity->has_sudo = is_there(identity, "/usr/bin/sudo") || is_there(identity, "/bin/sudo") ||
                         is_there(identity, "/usr/local/bin/sudo");
    identity->has_package_manager =
        is_there(identity, "/etc/apt") || is_there(identity, "/etc/apk") ||
        is_there(identity, "/etc/dnf") || is_there(identity, "/etc/yum.repos.d") ||
        is_there(identity, "/etc/zypp");
}

/* --- remembering ------------------------------------------------------------ */

static struct json_object *file_to_json(const struct container_file *file)
{
    struct json_object *object = json_object_new_object();

    json_add_string(object, "path", file->path);
    json_object_object_add(object, "mode", json_object_new_int64(file->mode));
    json_object_object_add(object, "uid", json_object_new_int64(file->uid));
    json_object_object_add(object, "gid", json_object_new_int64(file->gid));
    if (file->text) {
        _cleanup_free_ char *text = base64_encode(file->text, file->length, false);
        json_add_string(object, "text", text);
    }
    return object;
}

struct file_record {
    char *path;
    char *text;
    int64_t mode;
    int64_t uid;
    int64_t gid;
};

static const struct json_field record_fields[] = {
    {"path", FIELD_STRING, offsetof(struct file_record, path), FIELD_REQUIRED},
    {"text", FIELD_STRING, offsetof(struct file_record, text), 0},
    {"mode", FIELD_INT64, offsetof(struct file_record, mode), FIELD_REQUIRED},
    {"uid", FIELD_INT64, offsetof(struct file_record, uid), FIELD_REQUIRED},
    {"gid", FIELD_INT64, offsetof(struct file_record, gid), FIELD_REQUIRED},
};

static void file_record_release(struct file_record *record)
{
    free(record->path);
    free(record->text);
}

static bool is_id(int64_t number)
{
    return number >= 0 && number < UINT32_MAX;
}

static int file_from_json(
    struct json_object *object, struct container_files *files, struct error *err)
{
    _cleanup_(file_record_release) struct file_record record = {0};
    _cleanup_free_ char *text = NULL;
    size_t length = 0;

    if (json_decode(object, record_fields, ELEMENTS(record_fields), &record, err) < 0)
        return -1;
    if (!is_id(record.uid) || !is_id(record.gid) || !is_id(record.mode))
        return error_set(err, ERROR_FAILED, "a number is out of range");
    if (record.text && base64_decode(record.text, strlen(record.text), &text, &length, err) < 0)
        return -1;
    if (text && strlen(text) != length)
        return error_set(err, ERROR_FAILED, "a text holds a NUL byte");
    container_files_add(
        files, record.path, (mode_t)record.mode, (uid_t)record.uid, (gid_t)record.gid, text);
    return 0;
}

static int files_from_json(
    struct json_object *document, struct container_files *files, struct error *err)
{
    struct json_object *version = json_at(document, "version");
    struct json_object *array = json_at(document, "files");

    if (!version || json_object_get_int(version) != CACHE_VERSION ||
        !json_object_is_type(array, json_type_array))
        return error_set(err, ERROR_NOT_FOUND, "it is of another version of ds01");
    for (size_t i = 0; i < json_object_array_length(array); i++)
        if (file_from_json(json_object_array_get_idx(array, i), files, err) < 0)
            return -1;
    return 0;
}

/* "sha256:<hex>" as a file's name; NULL for an id of another form. */
static char *cache_name(const char *image_id)
{
    const char *colon = strchr(image_id, ':');
    const char *hex = colon ? colon + 1 : image_id;

    if (strlen(hex) != 64 || strspn(hex, "0123456789abcdef") != 64)
        return NULL;
    return xasprintf("%s.json", hex);
}

static void remember(
    const struct session *session, const char *image_id, const struct image_identity *identity)
{
    _cleanup_(json_put) struct json_object *document = json_object_new_object();
    _cleanup_free_ char *name = cache_name(image_id);
    struct json_object *array = json_object_new_array();

    json_object_object_add(document, "version", json_object_new_int(CACHE_VERSION));
    json_object_object_add(document, "files", array);
    for (size_t i = 0; i < identity->files.count; i++)
        json_object_array_add(array, file_to_json(&identity->files.files[i]));
    size_t length;
    const char *text = json_object_to_json_string_length(document, JSON_C_TO_STRING_PLAIN, &length);
    /* Where it cannot be kept (no room, no home), the next deploy looks again. */
    if (name)
        cache_write(session->caller, CACHE_FOLDER, name, text, length, NULL);
}

int image_identity_remembered(const struct session *session, const char *image_id,
    struct image_identity *ret, struct error *err)
{
    _cleanup_(image_identity_release) struct image_identity identity = {0};
    _cleanup_(json_put) struct json_object *document = NULL;
    _cleanup_free_ char *name = cache_name(image_id);
    _cleanup_free_ char *text = NULL;
    size_t length;

    if (!name)
        return error_set(err, ERROR_NOT_FOUND, "nothing is known about the image %s", image_id);
    if (cache_read(session->caller, CACHE_FOLDER, name, &text, &length, err) < 0 ||
        json_parse(text, length, &document, err) < 0 ||
        files_from_json(document, &identity.files, err) < 0)
        return -1;
    draw_conclusions(&identity);
    *ret = identity;
    identity = (struct image_identity){0};
    return 0;
}

/* --- looking ---------------------------------------------------------------- */

/* Replaces a link, or a name of a file that came without its text, by the file itself. */
static int read_through(const struct session *session, const char *container,
    struct container_file *file, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    struct container_file found;

    if (engine_container_read_file(session->engine, container, file->path, &found, &cause) < 0) {
        /* A link to nothing is as good as no file: writing replaces it. */
        if (cause.code != ERROR_NOT_FOUND)
            return error_move(err, &cause);
        return 0;
    }
    container_file_release(file);
    *file = found;
    return 0;
}

static int read_what_must_be(const struct session *session, const char *container,
    struct container_files *files, struct error *err)
{
    for (size_t i = 0; i < files->count; i++) {
        struct container_file *file = &files->files[i];
        for (size_t j = 0; j < ELEMENTS(etc_paths); j++)
            if (etc_paths[j].must_read && !file->text &&
                strcmp(etc_paths[j].path, file->path) == 0 &&
                read_through(session, container, file, err) < 0)
                return -1;
        if (file->text && strlen(file->text) != file->length)
            return error_set(err, ERROR_REFUSED, "%s in the image is not a text file", file->path);
    }
    return 0;
}

static int look_into_etc(const struct session *session, const char *container,
    struct container_files *files, struct error *err)
{
    _cleanup_(strv_release) struct strv wanted = STRV_INIT;
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    for (size_t i = 0; i < ELEMENTS(etc_paths); i++)
        strv_push(&wanted, etc_paths[i].path);
    if (engine_container_read_files(session->engine, container, "/etc", &wanted, files, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    const struct container_file *etc = container_files_find(files, "/etc");
    if (etc && !S_ISDIR(etc->mode)) {
        error_set(err, ERROR_REFUSED, "/etc in the image is not a directory");
        return error_hint(err, "make an image of your own from it: image-create NAME --base IMAGE");
    }
    return read_what_must_be(session, container, files, err);
}

static int look_at_others(const struct session *session, const char *container,
    struct container_files *files, struct error *err)
{
    for (size_t i = 0; i < ELEMENTS(other_paths); i++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        struct container_stat stat;
        if (engine_container_stat(session->engine, container, other_paths[i], &stat, &cause) == 0)
            container_files_add(files, other_paths[i], stat.mode, 0, 0, NULL);
        else if (cause.code != ERROR_NOT_FOUND)
            return error_move(err, &cause);
    }
    return 0;
}

/* What a mount hides is not the image's, and must not be remembered as if it were. */
static bool is_hidden(const struct mount *mounts, size_t count)
{
    for (size_t i = 0; i < ELEMENTS(etc_paths); i++)
        if (mounts_cover(mounts, count, etc_paths[i].path))
            return true;
    for (size_t i = 0; i < ELEMENTS(other_paths); i++)
        if (mounts_cover(mounts, count, other_paths[i]))
            return true;
    return false;
}

int image_identity_look(const struct session *session, const char *image_id, const char *container,
    const struct mount *mounts, size_t mount_count, struct image_identity *ret, struct error *err)
{
    _cleanup_(image_identity_release) struct image_identity identity = {0};

    if (look_into_etc(session, container, &identity.files, err) < 0 ||
        look_at_others(session, container, &identity.files, err) < 0)
        return -1;
    draw_conclusions(&identity);
    if (!is_hidden(mounts, mount_count))
        remember(session, image_id, &identity);
    *ret = identity;
    identity = (struct image_identity){0};
    return 0;
}

void image_identity_release(struct image_identity *identity)
{
    container_files_release(&identity->files);
    *identity = (struct image_identity){0};
}
