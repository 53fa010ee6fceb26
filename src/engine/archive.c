#include "engine/archive.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "base/strv.h"
#include "base/xalloc.h"
#include "engine/archive_library.h"
#include "engine/dockerignore.h"
#include "engine/printable.h"

/*
 * The tar is made as it is asked for: when the buffer is empty, the next piece of a file or
 * the next header is handed to libarchive, which writes it into the buffer. Memory stays at
 * one block, the names of the directories on the way down, and nothing else.
 *
 * The walk holds one descriptor for each directory it is in and never follows a symbolic
 * link, so it cannot be led out of the context while it runs.
 */
#define BLOCK_SIZE ((size_t)64 << 10)
#define OUTPUT_MAX ((size_t)512 << 10) /* a block, and what libarchive adds around it */
#define DEPTH_MAX  256                 /* directories in directories, one descriptor each */
#define PATH_SHOWN ((size_t)300)       /* bytes of a path in an error */

struct level {
    int fd;
    struct strv names; /* sorted; items before `next` are done */
    size_t next;
    size_t path_length; /* of the path of this directory, with its '/'; 0 for the top */
    struct stat status;
    bool announced; /* its header was sent, or is not wanted */
};

struct context_stream {
    const struct build_context *context;
    const struct strv *only; /* NULL: everything */
    const struct archive_library *library;
    struct archive *archive;
    struct archive_entry *entry;
    struct dockerignore *ignore; /* NULL: nothing is left out */
    struct level *levels;
    size_t depth;
    struct strbuf path; /* of what is being looked at, from the top of the context */
    int file;           /* being sent, or -EBADF */
    off_t file_left;
    char *block;
    struct strbuf output;
    size_t output_sent; /* bytes of `output` that were given away */
    bool dockerfile_announced;
    size_t dockerfile_sent; /* bytes of its text */
    bool closed;
};

static int path_error(
    struct context_stream *stream, int errnum, const char *what, struct error *err)
{
    _cleanup_free_ char *path =
        printable_line(strbuf_text(&stream->path), stream->path.length, PATH_SHOWN);

    error_set_errno(err, errnum, "cannot %s %s of the build context", what, path);
    return error_hint(err, "make it readable, or leave it out with a line in .dockerignore");
}

static int archive_error(struct context_stream *stream, struct error *err)
{
    const char *reason = stream->library->error_string(stream->archive);
    _cleanup_free_ char *path =
        printable_line(strbuf_text(&stream->path), stream->path.length, PATH_SHOWN);

    return error_set(err, ERROR_FAILED, "cannot pack %s into the build context: %s", path,
        reason ? reason : "no reason given");
}

static la_ssize_t collect_output(
    _unused_ struct archive *archive, void *data, const void *bytes, size_t length)
{
    struct context_stream *stream = data;

    strbuf_add(&stream->output, bytes, length);
    return stream->output.overflowed ? -1 : (la_ssize_t)length;
}

/* ds01's own files are readable in the image, whoever its steps run as. */
static mode_t sent_mode(const struct context_stream *stream, mode_t mode)
{
    if (!stream->context->own || S_ISLNK(mode))
        return mode;
    return mode | 0444 | (mode & S_IXUSR ? 0111 : 0);
}

/* ARCHIVE_WARN is how libarchive says that a name is not of the locale; it is sent as it is. */
static int write_header(
    struct context_stream *stream, const char *path, const struct stat *status, struct error *err)
{
    const struct archive_library *library = stream->library;

    library->entry_copy_pathname(stream->entry, path);
    library->entry_set_mode(stream->entry, sent_mode(stream, status->st_mode));
    library->entry_set_size(stream->entry, S_ISREG(status->st_mode) ? status->st_size : 0);
    library->entry_set_mtime(stream->entry, status->st_mtime, 0);
    library->entry_set_uid(stream->entry, 0);
    library->entry_set_gid(stream->entry, 0);
    int result = library->write_header(stream->archive, stream->entry);
    library->entry_clear(stream->entry);
    return result < ARCHIVE_WARN ? archive_error(stream, err) : 0;
}

static int write_data(
    struct context_stream *stream, const char *data, size_t length, struct error *err)
{
    la_ssize_t written = stream->library->write_data(stream->archive, data, length);

    return written == (la_ssize_t)length ? 0 : archive_error(stream, err);
}

static int announce_dockerfile(struct context_stream *stream, struct error *err)
{
    const struct build_context *context = stream->context;
    struct stat status = {
        .st_mode = S_IFREG | 0644,
        .st_size = (off_t)context->dockerfile_length,
    };

    strbuf_adds(&stream->path, context->dockerfile_name);
    stream->dockerfile_announced = true;
    return write_header(stream, context->dockerfile_name, &status, err);
}

static int send_dockerfile_block(struct context_stream *stream, struct error *err)
{
    const char *text = stream->context->dockerfile_text + stream->dockerfile_sent;
    size_t left = stream->context->dockerfile_length - stream->dockerfile_sent;
    size_t length = left < BLOCK_SIZE ? left : BLOCK_SIZE;

    stream->dockerfile_sent += length;
    return write_data(stream, text, length, err);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static int read_names(int fd, struct strv *names)
{
    /* Reading moves the offset that a descriptor shares with its copies: open anew. */
    int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = own < 0 ? NULL : fdopendir(own);

    if (!directory) {
        close_fd(&own);
        return -1;
    }
    errno = 0;
    for (struct dirent *entry; (entry = readdir(directory));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            strv_push(names, entry->d_name);
    int cause = errno;
    closedir(directory);
    if (names->count)
        qsort(names->items, names->count, sizeof(*names->items), compare_names);
    errno = cause;
    return cause ? -1 : 0;
}

static void level_release(struct level *level)
{
    close_fd(&level->fd);
    strv_release(&level->names);
}

/* Goes down into the directory `fd`, which `path` names; `fd` is taken over. */
static int enter(struct context_stream *stream, int fd, bool announced, struct error *err)
{
    _cleanup_(level_release) struct level level = {.fd = fd, .announced = announced};

    if (stream->depth == DEPTH_MAX)
        return path_error(stream, ELOOP, "go down to", err);
    if (fstat(fd, &level.status) < 0 || read_names(fd, &level.names) < 0)
        return path_error(stream, errno, "read the directory", err);
    if (stream->path.length)
        strbuf_addc(&stream->path, '/');
    level.path_length = stream->path.length;
    stream->levels = xgrow(stream->levels, stream->depth, sizeof(struct level));
    stream->levels[stream->depth++] = level;
    level = (struct level){.fd = -EBADF};
    return 0;
}

/*
 * Sends the headers of the directories above that have none yet: those that are left out
 * themselves, but hold something that was taken back in.
 */
static int announce_parents(struct context_stream *stream, struct error *err)
{
    for (size_t i = 0; i < stream->depth; i++) {
        struct level *level = &stream->levels[i];
        if (level->announced)
            continue;
        _cleanup_free_ char *path = xstrndup(stream->path.text, level->path_length);
        if (write_header(stream, path, &level->status, err) < 0)
            return -1;
        level->announced = true;
    }
    return 0;
}

static int visit_directory(
    struct context_stream *stream, int parent, const char *name, bool excluded, struct error *err)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return path_error(stream, errno, "read the directory", err);
    if (enter(stream, fd, false, err) < 0)
        return -1;
    return excluded ? 0 : announce_parents(stream, err);
}

static int visit_file(
    struct context_stream *stream, int parent, const char *name, struct error *err)
{
    /* O_NONBLOCK: what was a file a moment ago may be a FIFO by now. */
    _cleanup_close_ int fd =
        openat(parent, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) < 0)
        return path_error(stream, errno, "read", err);
    if (!S_ISREG(status.st_mode))
        return 0;
    if (announce_parents(stream, err) < 0 ||
        write_header(stream, stream->path.text, &status, err) < 0)
        return -1;
    stream->file_left = status.st_size;
    stream->file = TAKE_FD(fd);
    return 0;
}

static int visit_link(struct context_stream *stream, int parent, const char *name,
    const struct stat *status, struct error *err)
{
    char target[PATH_MAX];
    ssize_t length = readlinkat(parent, name, target, sizeof(target) - 1);

    if (length < 0)
        return path_error(stream, errno, "read the link", err);
    target[length] = '\0';
    if (announce_parents(stream, err) < 0)
        return -1;
    stream->library->entry_copy_symlink(stream->entry, target);
    return write_header(stream, stream->path.text, status, err);
}

/* True where `path` is `other`, or lies below it. */
static bool is_within(const char *path, const char *other)
{
    size_t length = strlen(other);

    return strncmp(path, other, length) == 0 && (path[length] == '/' || !path[length]);
}

/* Something that was named, something below it, or a directory on the way to it. */
static bool is_wanted(const struct strv *only, const char *path)
{
    for (size_t i = 0; i < only->count; i++)
        if (is_within(path, only->items[i]) || is_within(only->items[i], path))
            return true;
    return false;
}

/* Looks at the thing `name` in the innermost directory, whose whole path is in `path`. */
static int visit(struct context_stream *stream, const char *name, struct error *err)
{
    int parent = stream->levels[stream->depth - 1].fd;
    struct stat status;

    if (strcmp(stream->path.text, stream->context->dockerfile_name) == 0 ||
        (stream->only && !is_wanted(stream->only, stream->path.text)))
        return 0;
    bool excluded = stream->ignore && dockerignore_excludes(stream->ignore, stream->path.text);
    if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) < 0) {
        /* Left out, or gone since the directory was read: nothing to send. */
        return excluded || errno == ENOENT ? 0 : path_error(stream, errno, "look at", err);
    }
    if (S_ISDIR(status.st_mode)) {
        if (excluded && !dockerignore_may_include_below(stream->ignore, stream->path.text))
            return 0;
        return visit_directory(stream, parent, name, excluded, err);
    }
    if (excluded)
        return 0;
    if (S_ISREG(status.st_mode))
        return visit_file(stream, parent, name, err);
    if (S_ISLNK(status.st_mode))
        return visit_link(stream, parent, name, &status, err);
    return 0;
}

/* Sends the next thing of the walk, or goes up where a directory is done. */
static int walk(struct context_stream *stream, struct error *err)
{
    struct level *level = &stream->levels[stream->depth - 1];

    if (level->next == level->names.count) {
        level_release(level);
        stream->depth--;
        return 0;
    }
    const char *name = level->names.items[level->next++];
    strbuf_truncate(&stream->path, level->path_length);
    strbuf_adds(&stream->path, name);
    if (stream->path.overflowed)
        return path_error(stream, ENAMETOOLONG, "go down in", err);
    return visit(stream, name, err);
}

static int send_file_block(struct context_stream *stream, struct error *err)
{
    size_t wanted = stream->file_left < (off_t)BLOCK_SIZE ? (size_t)stream->file_left : BLOCK_SIZE;
    ssize_t length = wanted ? read(stream->file, stream->block, wanted) : 0;

    if (length < 0 && errno == EINTR)
        return 0;
    if (length < 0)
        return path_error(stream, errno, "read", err);
    if (length == 0 && wanted > 0) {
        _cleanup_free_ char *path =
            printable_line(strbuf_text(&stream->path), stream->path.length, PATH_SHOWN);
        return error_set(
            err, ERROR_FAILED, "%s became shorter while it was sent to the engine", path);
    }
    if (length > 0 && write_data(stream, stream->block, (size_t)length, err) < 0)
        return -1;
    stream->file_left -= length;
    if (stream->file_left == 0) {
        close_fd(&stream->file);
        stream->file = -EBADF;
    }
    return 0;
}

/* Makes the next piece of the tar; it may be empty. */
static int produce(struct context_stream *stream, struct error *err)
{
    if (!stream->dockerfile_announced)
        return announce_dockerfile(stream, err);
    if (stream->dockerfile_sent < stream->context->dockerfile_length)
        return send_dockerfile_block(stream, err);
    if (stream->file >= 0)
        return send_file_block(stream, err);
    if (stream->depth > 0)
        return walk(stream, err);
    stream->closed = true;
    strbuf_truncate(&stream->path, 0);
    strbuf_adds(&stream->path, "the last file");
    return stream->library->write_close(stream->archive) == ARCHIVE_OK ? 0
                                                                       : archive_error(stream, err);
}

static void rights_enter(const struct build_context *context)
{
    if (context->enter)
        context->enter(context->rights);
}

static void rights_leave(const struct build_context *context)
{
    if (context->leave)
        context->leave(context->rights);
}

/* Fills the output buffer, unless the archive is at its end. */
static int refill(struct context_stream *stream, struct error *err)
{
    int produced = 0;

    rights_enter(stream->context);
    while (produced == 0 && stream->output.length == 0 && !stream->closed)
        produced = produce(stream, err);
    rights_leave(stream->context);
    return produced;
}

ssize_t context_stream_read(void *data, char *target, size_t size, struct error *err)
{
    struct context_stream *stream = data;

    if (stream->output.length == 0 && !stream->closed && refill(stream, err) < 0)
        return -1;
    size_t left = stream->output.length - stream->output_sent;
    size_t length = left < size ? left : size;
    if (length)
        memcpy(target, stream->output.text + stream->output_sent, length);
    stream->output_sent += length;
    if (stream->output_sent == stream->output.length) {
        strbuf_truncate(&stream->output, 0);
        stream->output_sent = 0;
    }
    return (ssize_t)length;
}

/* A name that stays within the context and is written in one way only. */
static bool is_plain_path(const char *path)
{
    if (!*path || strlen(path) >= PATH_MAX)
        return false;
    for (const char *part = path;; part++) {
        size_t length = strcspn(part, "/");
        if (length == 0 || (length <= 2 && memcmp(part, "..", length) == 0))
            return false;
        part += length;
        if (!*part)
            return true;
    }
}

/* The Dockerfile's own ignore file goes before the context's. */
static int load_ignore(struct context_stream *stream, struct error *err)
{
    const char *const candidates[] = {stream->context->ignore_name, ".dockerignore"};

    for (size_t i = 0; i < ELEMENTS(candidates); i++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        _cleanup_free_ char *text = NULL;
        size_t length = 0;
        if (file_read_at(stream->context->directory, candidates[i], DOCKERIGNORE_FILE_MAX, &text,
                &length, &cause) < 0) {
            if (cause.code == ERROR_NOT_FOUND)
                continue;
            error_move(err, &cause);
            return error_hint(err,
                "make it a file that can be read, or remove it: it says what of the folder stays "
                "out of the build");
        }
        if (dockerignore_new(text, length, &stream->ignore, err) < 0) {
            error_prefix(err, "%s", candidates[i]);
            return error_hint(err,
                "mend that line of the file beside what is copied: it says what of the folder "
                "stays out of the build");
        }
        return 0;
    }
    return 0;
}

static int open_archive(struct context_stream *stream, struct error *err)
{
    if (archive_library_load(&stream->library, err) < 0)
        return -1;
    const struct archive_library *library = stream->library;
    stream->archive = library->write_new();
    stream->entry = library->entry_new();
    if (!stream->archive || !stream->entry)
        return error_set(err, ERROR_FAILED, "no memory to pack the build context");
    if (library->write_set_format_pax_restricted(stream->archive) != ARCHIVE_OK ||
        library->write_set_bytes_per_block(stream->archive, (int)BLOCK_SIZE) != ARCHIVE_OK ||
        library->write_set_bytes_in_last_block(stream->archive, 1) != ARCHIVE_OK ||
        library->write_open(stream->archive, stream, NULL, collect_output, NULL) != ARCHIVE_OK)
        return archive_error(stream, err);
    return 0;
}

/* Is `path`, or a folder on the way to it, a symbolic link? */
static bool is_behind_link(int directory, const char *path)
{
    _cleanup_free_ char *part = xstrdup(path);

    for (char *slash = part; slash;) {
        struct stat status;
        slash = strchr(slash, '/');
        if (slash)
            *slash = '\0';
        if (fstatat(directory, part, &status, AT_SYMLINK_NOFOLLOW) < 0)
            return false;
        if (S_ISLNK(status.st_mode))
            return true;
        if (slash)
            *slash++ = '/';
    }
    return false;
}

static const struct strv *find_only(const struct build_context *context)
{
    for (size_t i = 0; !context->own && context->only && i < context->only->count; i++)
        if (is_behind_link(context->directory, context->only->items[i]))
            return NULL;
    return context->only;
}

static int open_directory(struct context_stream *stream, struct error *err)
{
    int fd = openat(stream->context->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return error_set_errno(err, errno, "cannot read the build context");
    stream->only = find_only(stream->context);
    if (!stream->context->own && load_ignore(stream, err) < 0) {
        close_fd(&fd);
        return -1;
    }
    return enter(stream, fd, true, err);
}

static void context_stream_freep(struct context_stream **stream)
{
    context_stream_free(*stream);
}

int context_stream_new(
    const struct build_context *context, struct context_stream **ret, struct error *err)
{
    _cleanup_(context_stream_freep) struct context_stream *stream = xcalloc(1, sizeof(*stream));

    *stream = (struct context_stream){
        .context = context,
        .path = STRBUF_INIT(PATH_MAX - 1),
        .file = -EBADF,
        .output = STRBUF_INIT(OUTPUT_MAX),
    };
    if (!is_plain_path(context->dockerfile_name))
        return error_set(
            err, ERROR_USAGE, "the Dockerfile's name is not a path within the build context");
    if (open_archive(stream, err) < 0)
        return -1;
    stream->block = xcalloc(BLOCK_SIZE, 1);
    if (context->directory >= 0) {
        rights_enter(context);
        int opened = open_directory(stream, err);
        rights_leave(context);
        if (opened < 0)
            return -1;
    }
    *ret = TAKE_PTR(stream);
    return 0;
}

void context_stream_free(struct context_stream *stream)
{
    if (!stream)
        return;
    while (stream->depth > 0)
        level_release(&stream->levels[--stream->depth]);
    free(stream->levels);
    close_fd(&stream->file);
    if (stream->entry)
        stream->library->entry_free(stream->entry);
    if (stream->archive)
        stream->library->write_free(stream->archive);
    dockerignore_free(stream->ignore);
    strbuf_release(&stream->path);
    strbuf_release(&stream->output);
    free(stream->block);
    free(stream);
}
