#include "engine/container_listing.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/xalloc.h"
#include "engine/archive_library.h"
#include "engine/container_files.h"

#define PATH_LENGTH ((size_t)4096)

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct listed_file *)a)->path, ((const struct listed_file *)b)->path);
}

const struct listed_file *file_listing_find(const struct file_listing *listing, const char *path)
{
    const struct listed_file wanted = {.path = (char *)path};

    return listing->count ? bsearch(&wanted, listing->files, listing->count,
                                sizeof(*listing->files), compare_files)
                          : NULL;
}

void file_listing_release(struct file_listing *listing)
{
    for (size_t i = 0; i < listing->count; i++) {
        free(listing->files[i].path);
        free(listing->files[i].state);
    }
    free(listing->files);
    *listing = (struct file_listing){0};
}

/* --- the tar's beginning ------------------------------------------------------------ */

struct download {
    struct strbuf tar;
    bool cut; /* there was more */
};

static void download_release(struct download *download)
{
    strbuf_release(&download->tar);
}

static int take(void *context, const char *data, size_t length, struct error *err)
{
    struct download *download = context;
    size_t room = LISTING_BYTES_MAX - download->tar.length;

    strbuf_add(&download->tar, data, length < room ? length : room);
    if (length <= room)
        return 0;
    download->cut = true;
    return error_set(err, ERROR_FAILED, "the folder holds more than is looked at");
}

static int fetch(struct engine *engine, const char *container, const char *folder,
    struct download *download, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *path = container_archive_path(container, folder);
    struct transport_request request = {
        .method = "GET", .path = path, .write_body = take, .write_context = download};

    if (engine_request(engine, &request, &answer, &cause) < 0 && !download->cut)
        return error_move(err, &cause);
    return 0;
}

/* --- its entries ----------------------------------------------------------------------- */

/* The archive's names begin with the folder's last part. */
static void note_entry(const struct archive_library *library, struct archive_entry *entry,
    const char *parent, struct file_listing *listing)
{
    const char *name = library->entry_pathname(entry);
    mode_t mode = library->entry_mode(entry);

    if (!name || strlen(name) > PATH_LENGTH)
        return;
    char *path = xasprintf("%s%s", parent, name);
    size_t length = strlen(path);
    if (length > 1 && path[length - 1] == '/')
        path[length - 1] = '\0';
    listing->files = xgrow(listing->files, listing->count, sizeof(*listing->files));
    listing->files[listing->count++] = (struct listed_file){
        .path = path,
        .folder = S_ISDIR(mode),
        .state = xasprintf("%o %lld %lld %lld %lld", (unsigned)mode,
            (long long)library->entry_uid(entry), (long long)library->entry_gid(entry),
            (long long)library->entry_size(entry), (long long)library->entry_mtime(entry)),
    };
}

/* One that was cut ends in the middle of a file; what stands before it is good. */
static int note_entries(const struct archive_library *library, struct archive *archive,
    const struct strbuf *tar, const char *folder, struct file_listing *listing)
{
    _cleanup_free_ char *parent = xstrndup(folder, (size_t)(strrchr(folder, '/') - folder) + 1);
    struct archive_entry *entry;
    int result;

    if (library->read_support_format_tar(archive) != ARCHIVE_OK ||
        library->read_open_memory(archive, tar->text, tar->length) != ARCHIVE_OK)
        return -1;
    while ((result = library->read_next_header(archive, &entry)) >= ARCHIVE_WARN) {
        if (result == ARCHIVE_EOF)
            return 0;
        note_entry(library, entry, parent, listing);
    }
    return -1;
}

static void drop_folder_itself(struct file_listing *listing, const char *folder)
{
    for (size_t i = 0; i < listing->count; i++) {
        struct listed_file *file = &listing->files[i];
        if (strcmp(file->path, folder) != 0)
            continue;
        free(file->path);
        free(file->state);
        *file = listing->files[--listing->count];
        return;
    }
}

static int read_listing(struct engine *engine, const struct download *download, const char *folder,
    struct file_listing *listing, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    const struct archive_library *library;

    if (archive_library_load(&library, err) < 0)
        return -1;
    struct archive *archive = library->read_new();
    int result = archive ? note_entries(library, archive, &download->tar, folder, listing) : -1;
    if (archive)
        library->read_free(archive);
    if (result < 0 && !download->cut) {
        error_set(&cause, ERROR_FAILED, "a list of files makes no sense");
        return engine_garbled(engine, &cause, err);
    }
    listing->complete = !download->cut;
    drop_folder_itself(listing, folder);
    if (listing->count)
        qsort(listing->files, listing->count, sizeof(*listing->files), compare_files);
    return 0;
}

int engine_container_list_files(struct engine *engine, const char *container, const char *folder,
    struct file_listing *ret, struct error *err)
{
    _cleanup_(file_listing_release) struct file_listing listing = {0};
    _cleanup_(download_release) struct download download = {
        .tar = STRBUF_INIT(LISTING_BYTES_MAX + 1)};

    if (fetch(engine, container, folder, &download, err) < 0 ||
        read_listing(engine, &download, folder, &listing, err) < 0)
        return -1;
    *ret = listing;
    listing = (struct file_listing){0};
    return 0;
}
