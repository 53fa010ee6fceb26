#include "check.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <sys/stat.h>

#include "base/strbuf.h"
#include "base/strv.h"
#include "engine/archive.h"

#define TAR_MAX  ((size_t)8 << 20)
#define FILE_MAX ((size_t)1 << 20)

/* A directory that is gone with everything in it at the end of the test. */
struct playground {
    char path[64];
    int fd;
};

static void remove_below(int parent, const char *name)
{
    _cleanup_close_ int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    _cleanup_(strv_release) struct strv names = STRV_INIT;

    if (fd < 0) {
        unlinkat(parent, name, 0);
        return;
    }
    DIR *directory = fdopendir(TAKE_FD(fd));
    for (struct dirent *entry; (entry = readdir(directory));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove_below(dirfd(directory), entry->d_name);
    closedir(directory);
    unlinkat(parent, name, AT_REMOVEDIR);
}

static void playground_open(struct playground *ground)
{
    snprintf(ground->path, sizeof(ground->path), "/tmp/ds01-archive-XXXXXX");
    assert_non_null(mkdtemp(ground->path));
    ground->fd = open(ground->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(ground->fd >= 0);
}

static void playground_remove(struct playground *ground)
{
    close_fd(&ground->fd);
    remove_below(AT_FDCWD, ground->path);
}

static void put_text(int dir, const char *name, const char *text)
{
    _cleanup_close_ int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void put_size(int dir, const char *name, off_t size)
{
    put_text(dir, name, "");
    _cleanup_close_ int fd = openat(dir, name, O_WRONLY | O_CLOEXEC);
    assert_int_equal(ftruncate(fd, size), 0);
}

static void free_stream(struct context_stream **stream)
{
    context_stream_free(*stream);
}

static struct build_context context_of(int directory)
{
    static const char text[] = "FROM base\n";

    return (struct build_context){
        .dockerfile_name = "Dockerfile",
        .ignore_name = "Dockerfile.dockerignore",
        .dockerfile_text = text,
        .dockerfile_length = strlen(text),
        .directory = directory,
    };
}

/* The whole tar, read in pieces of odd sizes. */
static int pack(const struct build_context *context, struct strbuf *ret, struct error *err)
{
    _cleanup_(free_stream) struct context_stream *stream = NULL;
    char piece[7919];
    ssize_t length = 0;

    if (context_stream_new(context, &stream, err) < 0)
        return -1;
    while ((length = context_stream_read(stream, piece, sizeof(piece), err)) > 0)
        strbuf_add(ret, piece, (size_t)length);
    if (length < 0)
        return -1;
    assert_int_equal(context_stream_read(stream, piece, sizeof(piece), err), 0);
    return 0;
}

/* What a tar holds, as "name mode size target text" for each entry. */
static void unpack(const struct strbuf *tar, struct strv *ret)
{
    struct archive *reader = archive_read_new();
    struct archive_entry *entry = NULL;

    archive_read_support_format_tar(reader);
    assert_int_equal(archive_read_open_memory(reader, tar->text, tar->length), ARCHIVE_OK);
    for (int result; (result = archive_read_next_header(reader, &entry)) != ARCHIVE_EOF;) {
        _cleanup_free_ char *text = xcalloc(FILE_MAX + 1, 1);
        la_ssize_t length = archive_read_data(reader, text, FILE_MAX);
        const char *target = archive_entry_symlink(entry);
        assert_true(result == ARCHIVE_OK || result == ARCHIVE_WARN);
        assert_true(length >= 0);
        assert_int_equal(archive_entry_uid(entry), 0);
        assert_int_equal(archive_entry_gid(entry), 0);
        strv_take(ret,
            xasprintf("%s %o %lld %s%s", archive_entry_pathname(entry), archive_entry_mode(entry),
                (long long)archive_entry_size(entry), target ? target : "", text[0] ? text : ""));
    }
    archive_read_free(reader);
}

static void check_entries(
    const struct build_context *context, const char *const *wanted, size_t count)
{
    _cleanup_(strbuf_release) struct strbuf tar = STRBUF_INIT(TAR_MAX);
    _cleanup_(strv_release) struct strv entries = STRV_INIT;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (pack(context, &tar, &err) < 0)
        fail_msg("%s", err.message);
    unpack(&tar, &entries);
    for (size_t i = 0; i < count && i < entries.count; i++)
        assert_string_equal(entries.items[i], wanted[i]);
    assert_int_equal(entries.count, count);
}

static void test_dockerfile_alone(_unused_ void **state)
{
    static const char *const wanted[] = {"Dockerfile 100644 10 FROM base\n"};
    struct build_context context = context_of(-EBADF);

    check_entries(&context, wanted, ELEMENTS(wanted));
}

static void test_directory(_unused_ void **state)
{
    _cleanup_(playground_remove) struct playground ground = {.fd = -EBADF};
    playground_open(&ground);
    struct build_context context = context_of(ground.fd);

    put_text(ground.fd, "b.txt", "b");
    put_text(ground.fd, "a.sh", "#!");
    put_text(ground.fd, "empty", "");
    put_text(ground.fd, "Dockerfile", "FROM other\n");
    assert_int_equal(fchmodat(ground.fd, "a.sh", 0750, 0), 0);
    assert_int_equal(mkdirat(ground.fd, "dir", 0700), 0);
    put_text(ground.fd, "dir/Dockerfile", "kept");
    assert_int_equal(mkdirat(ground.fd, "dir/hollow", 0755), 0);
    assert_int_equal(symlinkat("../../outside", ground.fd, "dir/link"), 0);
    assert_int_equal(mkfifoat(ground.fd, "fifo", 0600), 0);
    static const char *const wanted[] = {
        "Dockerfile 100644 10 FROM base\n",
        "a.sh 100750 2 #!",
        "b.txt 100644 1 b",
        "dir/ 40700 0 ",
        "dir/Dockerfile 100644 4 kept",
        "dir/hollow/ 40755 0 ",
        "dir/link 120777 0 ../../outside",
        "empty 100644 0 ",
    };
    check_entries(&context, wanted, ELEMENTS(wanted));
    context.dockerfile_name = "dir/Dockerfile";
    _cleanup_(strbuf_release) struct strbuf tar = STRBUF_INIT(TAR_MAX);
    _cleanup_(strv_release) struct strv entries = STRV_INIT;
    assert_int_equal(pack(&context, &tar, NULL), 0);
    unpack(&tar, &entries);
    assert_string_equal(entries.items[0], "dir/Dockerfile 100644 10 FROM base\n");
    assert_true(strv_contains(&entries, "Dockerfile 100644 11 FROM other\n"));
    assert_false(strv_contains(&entries, "dir/Dockerfile 100644 4 kept"));
}

/* Names are bytes to us: they come out as they went in, whatever the locale. */
static void check_names(void)
{
    _cleanup_(playground_remove) struct playground ground = {.fd = -EBADF};
    playground_open(&ground);
    struct build_context context = context_of(ground.fd);
    char name[201], wanted_name[300], wanted_below[520], below[420];

    memset(name, 'n', sizeof(name) - 1);
    name[200] = '\0';
    assert_int_equal(mkdirat(ground.fd, name, 0755), 0);
    snprintf(below, sizeof(below), "%s/%s", name, name);
    put_text(ground.fd, below, "deep");
    put_text(ground.fd, "grüße-日本.txt", "u");
    put_text(ground.fd, "latin-\xE9", "l");
    assert_int_equal(symlinkat("ziel-ü", ground.fd, "link-ö"), 0);
    snprintf(wanted_name, sizeof(wanted_name), "%s/ 40755 0 ", name);
    snprintf(wanted_below, sizeof(wanted_below), "%s 100644 4 deep", below);
    const char *const wanted[] = {
        "Dockerfile 100644 10 FROM base\n",
        "grüße-日本.txt 100644 1 u",
        "latin-\xE9 100644 1 l",
        "link-ö 120777 0 ziel-ü",
        wanted_name,
        wanted_below,
    };
    check_entries(&context, wanted, ELEMENTS(wanted));
}

static void test_names_in_the_c_locale(_unused_ void **state)
{
    assert_non_null(setlocale(LC_ALL, "C"));
    check_names();
}

static void test_names_in_a_utf8_locale(_unused_ void **state)
{
    assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
    check_names();
    setlocale(LC_ALL, "C");
}

static void test_dockerignore(_unused_ void **state)
{
    _cleanup_(playground_remove) struct playground ground = {.fd = -EBADF};
    playground_open(&ground);
    struct build_context context = context_of(ground.fd);

    put_text(ground.fd, ".dockerignore", "data\n!data/sub/keep\n*.log\nfar\n.dockerignore\n");
    put_text(ground.fd, "x.log", "x");
    assert_int_equal(mkdirat(ground.fd, "data", 0750), 0);
    assert_int_equal(mkdirat(ground.fd, "data/other", 0755), 0);
    assert_int_equal(mkdirat(ground.fd, "data/sub", 0711), 0);
    assert_int_equal(mkdirat(ground.fd, "far", 0), 0);
    put_text(ground.fd, "data/secret", "s");
    put_text(ground.fd, "data/sub/keep", "k");
    static const char *const wanted[] = {
        "Dockerfile 100644 10 FROM base\n",
        "data/ 40750 0 ",
        "data/sub/ 40711 0 ",
        "data/sub/keep 100644 1 k",
    };
    check_entries(&context, wanted, ELEMENTS(wanted));

    put_text(ground.fd, "Dockerfile.dockerignore", "**\n!x.log\n");
    static const char *const wanted_own[] = {
        "Dockerfile 100644 10 FROM base\n",
        "x.log 100644 1 x",
    };
    check_entries(&context, wanted_own, ELEMENTS(wanted_own));
}

/* Only what was named, with the directories on the way to it, whatever .dockerignore says. */
static void test_only_some(_unused_ void **state)
{
    _cleanup_(playground_remove) struct playground ground = {.fd = -EBADF};
    _cleanup_(strv_release) struct strv only = STRV_INIT;
    playground_open(&ground);
    struct build_context context = context_of(ground.fd);

    put_text(ground.fd, ".dockerignore", "*\n");
    put_text(ground.fd, "a.txt", "a");
    put_text(ground.fd, "a.txt2", "other");
    assert_int_equal(mkdirat(ground.fd, "dir", 0755), 0);
    assert_int_equal(mkdirat(ground.fd, "dir/in", 0755), 0);
    put_text(ground.fd, "dir/in/file", "in");
    put_text(ground.fd, "dir/other", "other");
    assert_int_equal(fchmodat(ground.fd, "a.txt", 0600, 0), 0);
    assert_int_equal(fchmodat(ground.fd, "dir", 0700, 0), 0);
    assert_int_equal(fchmodat(ground.fd, "dir/in/file", 0700, 0), 0);
    strv_push(&only, "a.txt");
    strv_push(&only, "dir/in");
    strv_push(&only, "missing");
    context.only = &only;
    context.own = true;
    static const char *const wanted[] = {
        "Dockerfile 100644 10 FROM base\n",
        "a.txt 100644 1 a",
        "dir/ 40755 0 ",
        "dir/in/ 40755 0 ",
        "dir/in/file 100755 2 in",
    };
    check_entries(&context, wanted, ELEMENTS(wanted));
}

/* Of a user's folder, with its modes and its .dockerignore; behind a link it is everything. */
static void test_only_taken(_unused_ void **state)
{
    _cleanup_(playground_remove) struct playground ground = {.fd = -EBADF};
    _cleanup_(strv_release) struct strv only = STRV_INIT;
    playground_open(&ground);
    struct build_context context = context_of(ground.fd);

    put_text(ground.fd, ".dockerignore", "dir/out\n");
    put_text(ground.fd, "a.txt", "a");
    put_text(ground.fd, "z.txt", "z");
    assert_int_equal(fchmodat(ground.fd, "a.txt", 0600, 0), 0);
    assert_int_equal(mkdirat(ground.fd, "dir", 0755), 0);
    put_text(ground.fd, "dir/in", "in");
    put_text(ground.fd, "dir/out", "out");
    assert_int_equal(symlinkat("in", ground.fd, "dir/link"), 0);
    strv_push(&only, "a.txt");
    strv_push(&only, "dir");
    strv_push(&only, "missing/x");
    context.only = &only;
    static const char *const wanted[] = {
        "Dockerfile 100644 10 FROM base\n",
        "a.txt 100600 1 a",
        "dir/ 40755 0 ",
        "dir/in 100644 2 in",
        "dir/link 120777 0 in",
    };
    check_entries(&context, wanted, ELEMENTS(wanted));
    strv_push(&only, "dir/link");
    static const char *const all[] = {
        "Dockerfile 100644 10 FROM base\n",
        ".dockerignore 100644 8 dir/out\n",
        "a.txt 100600 1 a",
        "dir/ 40755 0 ",
        "dir/in 100644 2 in",
        "dir/link 120777 0 in",
        "z.txt 100644 1 z",
    };
    check_entries(&context, all, ELEMENTS(all));
}

static void test_bad_dockerignore(_unused_ void **state)
{
    _cleanup_(playground_remove) struct playground ground = {.fd = -EBADF};
    _cleanup_(error_release) struct error err = ERROR_INIT;
    playground_open(&ground);
    struct build_context context = context_of(ground.fd);
    struct context_stream *stream = NULL;

    put_text(ground.fd, ".dockerignore", "a\n[\n");
    assert_int_equal(context_stream_new(&context, &stream, &err), -1);
    assert_int_equal(err.code, ERROR_USAGE);
    assert_string_equal(err.message, ".dockerignore: line 2 is not a pattern");
    assert_non_null(strstr(err.hint, "mend that line"));
    put_size(ground.fd, ".dockerignore", (off_t)1 << 30);
    assert_int_equal(context_stream_new(&context, &stream, &err), -1);
    assert_non_null(strstr(err.message, "is larger than"));
    assert_non_null(strstr(err.hint, "or remove it"));
}

static void test_refused_dockerfile_names(_unused_ void **state)
{
    static const char *const names[] = {"", "/Dockerfile", "../Dockerfile", "a/../Dockerfile",
        "./Dockerfile", "a//b", "a/", ".", ".."};

    for (size_t i = 0; i < ELEMENTS(names); i++) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        struct build_context context = context_of(-EBADF);
        struct context_stream *stream = NULL;
        context.dockerfile_name = names[i];
        assert_int_equal(context_stream_new(&context, &stream, &err), -1);
        assert_int_equal(err.code, ERROR_USAGE);
    }
}

/* Reads until the header of a large file is out and its first block with it. */
static void read_some(struct context_stream *stream, struct strbuf *tar)
{
    char piece[4096];

    while (tar->length < 100000) {
        ssize_t length = context_stream_read(stream, piece, sizeof(piece), NULL);
        assert_true(length > 0);
        strbuf_add(tar, piece, (size_t)length);
    }
}

static void test_file_that_shrinks(_unused_ void **state)
{
    _cleanup_(playground_remove) struct playground ground = {.fd = -EBADF};
    _cleanup_(free_stream) struct context_stream *stream = NULL;
    _cleanup_(strbuf_release) struct strbuf tar = STRBUF_INIT(TAR_MAX);
    _cleanup_(error_release) struct error err = ERROR_INIT;
    playground_open(&ground);
    struct build_context context = context_of(ground.fd);
    char piece[4096];
    ssize_t length = 0;

    put_size(ground.fd, "log", 500000);
    assert_int_equal(context_stream_new(&context, &stream, NULL), 0);
    read_some(stream, &tar);
    put_size(ground.fd, "log", 10);
    while ((length = context_stream_read(stream, piece, sizeof(piece), &err)) > 0)
        ;
    assert_int_equal(length, -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_string_equal(err.message, "log became shorter while it was sent to the engine");
}

static void test_file_that_grows(_unused_ void **state)
{
    _cleanup_(playground_remove) struct playground ground = {.fd = -EBADF};
    _cleanup_(free_stream) struct context_stream *stream = NULL;
    _cleanup_(strbuf_release) struct strbuf tar = STRBUF_INIT(TAR_MAX);
    _cleanup_(strv_release) struct strv entries = STRV_INIT;
    playground_open(&ground);
    struct build_context context = context_of(ground.fd);
    char piece[4096];
    ssize_t length = 0;

    put_size(ground.fd, "log", 500000);
    put_text(ground.fd, "next", "n");
    assert_int_equal(context_stream_new(&context, &stream, NULL), 0);
    read_some(stream, &tar);
    put_size(ground.fd, "log", 700000);
    while ((length = context_stream_read(stream, piece, sizeof(piece), NULL)) > 0)
        strbuf_add(&tar, piece, (size_t)length);
    assert_int_equal(length, 0);
    unpack(&tar, &entries);
    assert_int_equal(entries.count, 3);
    assert_string_equal(entries.items[1], "log 100644 500000 ");
    assert_string_equal(entries.items[2], "next 100644 1 n");
}

static void test_deep_directories(_unused_ void **state)
{
    _cleanup_(playground_remove) struct playground ground = {.fd = -EBADF};
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_(strbuf_release) struct strbuf tar = STRBUF_INIT(TAR_MAX);
    playground_open(&ground);
    struct build_context context = context_of(ground.fd);
    int fd = dup(ground.fd);

    for (int i = 0; i < 300; i++) {
        assert_int_equal(mkdirat(fd, "d", 0755), 0);
        int next = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        close(fd);
        fd = next;
    }
    close(fd);
    assert_int_equal(pack(&context, &tar, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_non_null(strstr(err.message, "cannot go down to d/d/d"));
}

/* Large enough that neither a block nor the output buffer holds it. */
static void test_large_dockerfile(_unused_ void **state)
{
    _cleanup_(strbuf_release) struct strbuf tar = STRBUF_INIT(TAR_MAX);
    _cleanup_(strv_release) struct strv entries = STRV_INIT;
    _cleanup_free_ char *text = xcalloc(900000, 1);
    struct build_context context = context_of(-EBADF);

    memset(text, '#', 900000);
    context.dockerfile_text = text;
    context.dockerfile_length = 900000;
    assert_int_equal(pack(&context, &tar, NULL), 0);
    unpack(&tar, &entries);
    assert_int_equal(entries.count, 1);
    const char *entry = entries.count ? entries.items[0] : "";
    assert_int_equal(strlen(entry), strlen("Dockerfile 100644 900000 ") + 900000);
}

static void test_same_context_same_bytes(_unused_ void **state)
{
    _cleanup_(playground_remove) struct playground ground = {.fd = -EBADF};
    _cleanup_(strbuf_release) struct strbuf first = STRBUF_INIT(TAR_MAX);
    _cleanup_(strbuf_release) struct strbuf second = STRBUF_INIT(TAR_MAX);
    playground_open(&ground);
    struct build_context context = context_of(ground.fd);

    put_text(ground.fd, "b", "b");
    put_text(ground.fd, "a", "a");
    assert_int_equal(pack(&context, &first, NULL), 0);
    assert_int_equal(pack(&context, &second, NULL), 0);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.text, second.text, first.length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dockerfile_alone),
        cmocka_unit_test(test_directory),
        cmocka_unit_test(test_names_in_the_c_locale),
        cmocka_unit_test(test_names_in_a_utf8_locale),
        cmocka_unit_test(test_dockerignore),
        cmocka_unit_test(test_only_some),
        cmocka_unit_test(test_only_taken),
        cmocka_unit_test(test_bad_dockerignore),
        cmocka_unit_test(test_refused_dockerfile_names),
        cmocka_unit_test(test_file_that_shrinks),
        cmocka_unit_test(test_file_that_grows),
        cmocka_unit_test(test_deep_directories),
        cmocka_unit_test(test_large_dockerfile),
        cmocka_unit_test(test_same_context_same_bytes),
    };

    umask(022);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
