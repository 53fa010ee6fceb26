/* Files of a container: unpacked from a tar, packed into one, and kept from mounts. */
#include "check.h"

#include <sys/stat.h>

#include "base/base64.h"
#include "engine/container_commit.h"
#include "engine/container_files.h"
#include "engine/container_listing.h"
#include "scene.h"

#define BLOCK 512

/* A tar, written by hand, with an HTTP header in front. */
struct tar {
    char bytes[64 * BLOCK];
    size_t length;
};

static void add_entry(
    struct tar *tar, const char *name, char type, const char *link, const char *text)
{
    char *header = tar->bytes + tar->length;
    size_t size = text ? strlen(text) : 0;
    unsigned sum = 0;

    snprintf(header, 100, "%s", name);
    snprintf(header + 100, 8, "%07o", type == '5' ? 0755 : 0640);
    snprintf(header + 108, 8, "%07o", 7);
    snprintf(header + 116, 8, "%07o", 42);
    snprintf(header + 124, 12, "%011o", (unsigned)(size & 0xffff));
    snprintf(header + 136, 12, "%011o", 0);
    memset(header + 148, ' ', 8);
    header[156] = type;
    if (link)
        snprintf(header + 157, 100, "%s", link);
    snprintf(header + 257, 8, "ustar");
    memcpy(header + 263, "00", 2);
    for (size_t i = 0; i < BLOCK; i++)
        sum += (unsigned char)header[i];
    snprintf(header + 148, 8, "%06o", sum & 0777777);
    if (text)
        memcpy(header + BLOCK, text, size);
    tar->length += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
}

static void end_tar(struct tar *tar)
{
    tar->length += (size_t)2 * BLOCK;
}

/* An answer that the scripted engine sends as it is. */
struct answer {
    char bytes[64 * BLOCK + 512];
    size_t length;
};

static struct answer tar_answer(const struct tar *tar)
{
    struct answer answer = {0};
    int header = snprintf(answer.bytes, 512,
        "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: application/x-tar\r\n"
        "Content-Length: %zu\r\n\r\n",
        tar->length);

    memcpy(answer.bytes + header, tar->bytes, tar->length);
    answer.length = (size_t)header + tar->length;
    return answer;
}

static void test_read_what_is_wanted(void **state)
{
    static struct tar tar;
    tar = (struct tar){0};
    add_entry(&tar, "etc/", '5', NULL, NULL);
    add_entry(&tar, "etc/group", '2', "/usr/group", NULL);
    add_entry(&tar, "etc/hosts", '0', NULL, "not wanted");
    add_entry(&tar, "etc/passwd", '0', NULL, "root:x:0:0\n");
    add_entry(&tar, "etc/passwd", '0', NULL, "a second one\n");
    add_entry(&tar, "etc/shadow", '1', "etc/passwd", NULL);
    end_tar(&tar);
    struct answer answer = tar_answer(&tar);
    struct fake_reply reply = {.bytes = answer.bytes, .length = answer.length};
    struct scene scene;
    struct strv wanted = STRV_INIT;
    struct container_files files = {0};

    strv_push_words(&wanted, "/etc /etc/passwd /etc/group /etc/shadow /etc/absent");
    scene_open(&scene, &reply, 1);
    assert_int_equal(
        engine_container_read_files(scene.engine, "c", "/etc", &wanted, &files, &scene.err), 0);
    assert_non_null(strstr(fake_engine_request(scene.fake, 0), "/containers/c/archive?path=/etc"));
    assert_int_equal(files.count, 4);
    assert_true(S_ISDIR(container_files_find(&files, "/etc")->mode));
    const struct container_file *passwd = container_files_find(&files, "/etc/passwd");
    assert_string_equal(passwd->text, "root:x:0:0\n");
    assert_int_equal(passwd->length, 11);
    assert_int_equal(passwd->uid, 7);
    assert_int_equal(passwd->gid, 42);
    assert_int_equal(passwd->mode, S_IFREG | 0640);
    assert_string_equal(container_files_find(&files, "/etc/group")->link, "/usr/group");
    assert_null(container_files_find(&files, "/etc/shadow")->text);
    assert_null(container_files_find(&files, "/etc/absent"));
    container_files_release(&files);
    strv_release(&wanted);
    scene_close(&scene);
}

static void test_read_follows_links(void **state)
{
    static struct tar first, second, third;
    first = second = third = (struct tar){0};
    add_entry(&first, "passwd", '2', "../usr/./p", NULL);
    end_tar(&first);
    add_entry(&second, "p", '2', "/q", NULL);
    end_tar(&second);
    add_entry(&third, "q", '0', NULL, "text");
    end_tar(&third);
    struct answer answers[] = {tar_answer(&first), tar_answer(&second), tar_answer(&third)};
    struct fake_reply replies[] = {
        {.bytes = answers[0].bytes, .length = answers[0].length},
        {.bytes = answers[1].bytes, .length = answers[1].length},
        {.bytes = answers[2].bytes, .length = answers[2].length},
    };
    struct scene scene;
    struct container_file file = {0};

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(
        engine_container_read_file(scene.engine, "c", "/etc/passwd", &file, &scene.err), 0);
    assert_string_equal(file.path, "/etc/passwd");
    assert_string_equal(file.text, "text");
    assert_non_null(strstr(fake_engine_request(scene.fake, 1), "path=/etc/../usr/./p"));
    assert_non_null(strstr(fake_engine_request(scene.fake, 2), "path=/q"));
    container_file_release(&file);
    scene_close(&scene);
}

static void test_read_ends_a_ring_of_links(void **state)
{
    static struct tar ring;
    ring = (struct tar){0};
    add_entry(&ring, "passwd", '2', "passwd", NULL);
    end_tar(&ring);
    struct answer answer = tar_answer(&ring);
    struct fake_reply replies[16];
    struct scene scene;
    struct container_file file = {0};

    for (size_t i = 0; i < ELEMENTS(replies); i++)
        replies[i] = (struct fake_reply){.bytes = answer.bytes, .length = answer.length};
    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(
        engine_container_read_file(scene.engine, "c", "/etc/passwd", &file, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_FAILED);
    assert_null(file.path);
    scene_close(&scene);
}

static void check_unreadable(const char *bytes, size_t length, enum error_code code)
{
    struct fake_reply reply = {.bytes = bytes, .length = length};
    struct scene scene;
    struct strv wanted = STRV_INIT;
    struct container_files files = {0};

    strv_push(&wanted, "/etc/passwd");
    scene_open(&scene, &reply, 1);
    assert_int_equal(
        engine_container_read_files(scene.engine, "c", "/etc", &wanted, &files, &scene.err), -1);
    assert_int_equal(scene.err.code, code);
    assert_int_equal(files.count, 0);
    strv_release(&wanted);
    scene_close(&scene);
}

static void test_archives_that_make_no_sense(void **state)
{
    static struct tar tar;
    static const char text[] =
        "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 600\r\n\r\n";
    static char garbage[sizeof(text) + 600];

    memset(garbage, 'x', sizeof(garbage));
    memcpy(garbage, text, sizeof(text) - 1);
    check_unreadable(garbage, sizeof(text) - 1 + 600, ERROR_ENGINE);
    check_unreadable(
        "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 0\r\n\r\n", 0, ERROR_ENGINE);
    /* A file that says it is larger than what follows, and one larger than is taken. */
    tar = (struct tar){0};
    add_entry(&tar, "etc/passwd", '0', NULL, "short");
    snprintf(tar.bytes + 124, 12, "%011o", 4000);
    memset(tar.bytes + 148, ' ', 8);
    unsigned sum = 0;
    for (size_t i = 0; i < BLOCK; i++)
        sum += (unsigned char)tar.bytes[i];
    snprintf(tar.bytes + 148, 8, "%06o", sum & 0777777);
    struct answer answer = tar_answer(&tar);
    check_unreadable(answer.bytes, answer.length, ERROR_ENGINE);
}

static void check_stat(int64_t go_mode, mode_t expected)
{
    char json[200], bytes[512];
    struct scene scene;
    struct container_stat stat = {0};

    snprintf(json, sizeof(json),
        "{\"name\":\"x\",\"size\":4294967296,\"mode\":%lld,"
        "\"mtime\":\"2026-11-23T20:55:34Z\",\"linkTarget\":\"\"}",
        (long long)go_mode);
    char *header = base64_encode(json, strlen(json), false);
    snprintf(bytes, sizeof(bytes),
        "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nX-Docker-Container-Path-Stat: %s\r\n\r\n", header);
    struct fake_reply reply = {.bytes = bytes};
    scene_open(&scene, &reply, 1);
    assert_int_equal(engine_container_stat(scene.engine, "c", "/x", &stat, &scene.err), 0);
    assert_int_equal(stat.mode, expected);
    assert_true(stat.size == (int64_t)1 << 32);
    assert_string_equal(stat.modified, "2026-11-23T20:55:34Z");
    scene_close(&scene);
    free(header);
}

static void test_stat(void **state)
{
    check_stat(0755, S_IFREG | 0755);
    check_stat(8389101, S_IFREG | 0755); /* setuid */
    check_stat(((int64_t)1 << 31) | 0755, S_IFDIR | 0755);
    check_stat(((int64_t)1 << 27) | 0777, S_IFLNK | 0777);
    check_stat(((int64_t)1 << 24) | 0600, S_IFSOCK | 0600);
}

static void test_stat_without_its_header(void **state)
{
    struct fake_reply reply = {.bytes = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n\r\n"};
    struct scene scene;
    struct container_stat stat;

    scene_open(&scene, &reply, 1);
    assert_int_equal(engine_container_stat(scene.engine, "c", "/x", &stat, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_ENGINE);
    scene_close(&scene);
}

static void test_write(void **state)
{
    struct fake_reply reply = {.status = "200 OK", .body = ""};
    struct container_files files = {0};
    struct mount mounts[] = {{"/srv", "/workspace", false}};
    struct scene scene;

    container_files_add(&files, "/etc", S_IFDIR | 0755, 0, 0, NULL);
    container_files_add(&files, "/etc/passwd", S_IFREG | 0644, 0, 1722830498, "root:x\n");
    scene_open(&scene, &reply, 1);
    assert_int_equal(
        engine_container_write_files(scene.engine, "c", &files, mounts, 1, &scene.err), 0);
    const char *request = fake_engine_request(scene.fake, 0);
    assert_non_null(strstr(request, "PUT "));
    assert_non_null(strstr(request, "/containers/c/archive?path=/ "));
    assert_non_null(strstr(request, "application/x-tar"));
    container_files_release(&files);
    scene_close(&scene);
}

static void check_covered(const char *target, const char *path, bool expected)
{
    struct mount mount = {.target = (char *)target};

    assert_int_equal(mounts_cover(&mount, 1, path), expected);
}

static void test_mounts_cover(void **state)
{
    check_covered("/workspace", "/workspace", true);
    check_covered("/workspace", "/workspace/x", true);
    check_covered("/workspace", "/workspaces", false);
    check_covered("/workspace/", "/workspace/x", true);
    check_covered("//workspace/./", "/workspace/x", true);
    check_covered("/home/ada/data", "/home/ada", false);
    check_covered("/home/ada", "/home/ada/.bashrc", true);
    check_covered("/", "/etc", true);
    /* Where it leads is not known here. */
    check_covered("/a/..", "/etc", true);
    check_covered("/../etc", "/home", true);
    assert_false(mounts_cover(NULL, 0, "/etc"));
}

static void check_not_written(const char *path, mode_t mode)
{
    struct fake_reply reply = {.status = "200 OK", .body = ""};
    struct mount mounts[] = {{"/srv", "/workspace", false}, {"/srv", "/home/ada/", true}};
    struct container_files files = {0};
    struct scene scene;

    container_files_add(&files, "/etc", S_IFDIR | 0755, 0, 0, NULL);
    container_files_add(&files, path, mode, 0, 0, NULL);
    scene_open(&scene, &reply, 1);
    assert_int_equal(
        engine_container_write_files(scene.engine, "c", &files, mounts, 2, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_FAILED);
    assert_int_equal(fake_engine_connections(scene.fake), 0);
    container_files_release(&files);
    scene_close(&scene);
}

static void test_nothing_under_a_mount_is_written(void **state)
{
    check_not_written("/workspace", S_IFDIR | 0755);
    check_not_written("/workspace/x", S_IFREG | 0644);
    check_not_written("/home/ada/.bashrc", S_IFREG | 0644);
    check_not_written("/home/../workspace/x", S_IFREG | 0644);
    check_not_written("relative", S_IFREG | 0644);
    check_not_written("/etc/link", S_IFLNK | 0777);
}

static void test_wait_output_commit(void **state)
{
    static const char output[] = "\1\0\0\0\0\0\0\3out\2\0\0\0\0\0\0\4err\n";
    char bytes[200];
    int header = snprintf(bytes, sizeof(bytes),
        "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: %zu\r\n\r\n", sizeof(output) - 1);
    memcpy(bytes + header, output, sizeof(output) - 1);
    const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "{\"StatusCode\":7,\"Error\":null}"},
        {.bytes = bytes, .length = (size_t)header + sizeof(output) - 1},
        {.status = "201 Created", .body = "{\"Id\":\"sha256:aa\"}"},
    };
    struct commit_spec spec = {.repository = "reg:5000/a", .tag = "n._.1", .user = "1000"};
    struct strbuf text = STRBUF_INIT(100);
    struct scene scene;
    int64_t code = 0;
    char *id = NULL;

    strmap_set(&spec.labels, "k", "v");
    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_container_wait(scene.engine, "c", 1000, &code, &scene.err), 0);
    assert_int_equal(code, 7);
    assert_int_equal(engine_container_last_output(scene.engine, "c", 5, &text, &scene.err), 0);
    assert_string_equal(strbuf_text(&text), "outerr\n");
    assert_int_equal(engine_container_commit(scene.engine, "c", &spec, &id, &scene.err), 0);
    assert_string_equal(id, "sha256:aa");
    const char *request = fake_engine_request(scene.fake, 2);
    assert_non_null(strstr(request, "/commit?container=c&repo=reg:5000/a&tag=n._.1&pause=0"));
    assert_non_null(strstr(request, "{\"User\":\"1000\",\"Labels\":{\"k\":\"v\"}}"));
    free(id);
    strbuf_release(&text);
    strmap_release(&spec.labels);
    scene_close(&scene);
}

static void test_a_listing_tells_what_is_there_and_not_its_content(void **state)
{
    static struct tar tar;
    tar = (struct tar){0};
    add_entry(&tar, "data/", '5', NULL, NULL);
    add_entry(&tar, "data/z", '0', NULL, "content");
    add_entry(&tar, "data/sub/", '5', NULL, NULL);
    add_entry(&tar, "data/sub/link", '2', "/z", NULL);
    end_tar(&tar);
    struct answer answer = tar_answer(&tar);
    struct fake_reply reply = {.bytes = answer.bytes, .length = answer.length};
    struct scene scene;
    struct file_listing listing = {0};

    scene_open(&scene, &reply, 1);
    assert_int_equal(
        engine_container_list_files(scene.engine, "c", "/srv/data", &listing, &scene.err), 0);
    assert_true(listing.complete);
    assert_int_equal(listing.count, 3);
    assert_string_equal(listing.files[0].path, "/srv/data/sub");
    assert_true(listing.files[0].folder);
    assert_string_equal(listing.files[1].path, "/srv/data/sub/link");
    const struct listed_file *file = file_listing_find(&listing, "/srv/data/z");
    assert_non_null(file);
    assert_string_equal(file->state, "100640 7 42 7 0");
    assert_null(file_listing_find(&listing, "/srv/data"));
    file_listing_release(&listing);
    scene_close(&scene);
}

static void test_a_listing_that_ends_early_is_an_error(void **state)
{
    static struct tar tar;
    tar = (struct tar){0};
    add_entry(&tar, "data/z", '0', NULL, "content");
    tar.length -= BLOCK;
    struct answer answer = tar_answer(&tar);
    struct fake_reply reply = {.bytes = answer.bytes, .length = answer.length};
    struct scene scene;
    struct file_listing listing = {0};

    scene_open(&scene, &reply, 1);
    assert_int_equal(
        engine_container_list_files(scene.engine, "c", "/data", &listing, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_ENGINE);
    assert_int_equal(listing.count, 0);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_listing_tells_what_is_there_and_not_its_content),
        cmocka_unit_test(test_a_listing_that_ends_early_is_an_error),
        cmocka_unit_test(test_read_what_is_wanted),
        cmocka_unit_test(test_read_follows_links),
        cmocka_unit_test(test_read_ends_a_ring_of_links),
        cmocka_unit_test(test_archives_that_make_no_sense),
        cmocka_unit_test(test_stat),
        cmocka_unit_test(test_stat_without_its_header),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_mounts_cover),
        cmocka_unit_test(test_nothing_under_a_mount_is_written),
        cmocka_unit_test(test_wait_output_commit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
