#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"

/* Every test has a directory of its own; *state is its descriptor. */
struct ground {
    char path[64];
    int fd;
};

static int make_ground(void **state)
{
    struct ground *ground = xcalloc(1, sizeof(*ground));

    snprintf(ground->path, sizeof(ground->path), "%s", "/tmp/ds01-test-file-XXXXXX");
    assert_non_null(mkdtemp(ground->path));
    ground->fd = open(ground->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *state = ground;
    return 0;
}

static void remove_all(int dir)
{
    DIR *stream = fdopendir(dup(dir));
    struct dirent *entry;

    rewinddir(stream);
    while ((entry = readdir(stream))) {
        if (entry->d_name[0] == '.' && (!entry->d_name[1] || strcmp(entry->d_name, "..") == 0))
            continue;
        _cleanup_close_ int below =
            openat(dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (below >= 0)
            remove_all(below);
        unlinkat(dir, entry->d_name, below >= 0 ? AT_REMOVEDIR : 0);
    }
    closedir(stream);
}

static int remove_ground(void **state)
{
    struct ground *ground = *state;

    remove_all(ground->fd);
    close(ground->fd);
    rmdir(ground->path);
    free(ground);
    return 0;
}

static int dir_of(void **state)
{
    return ((struct ground *)*state)->fd;
}

static size_t count_entries(int dir)
{
    DIR *stream = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    size_t count = 0;

    while (readdir(stream))
        count++;
    closedir(stream);
    return count - 2;
}

static void assert_content(int dir, const char *path, const char *expected)
{
    _cleanup_free_ char *data = NULL;
    size_t length = 0;

    assert_int_equal(file_read_at(dir, path, 1000, &data, &length, NULL), 0);
    assert_int_equal(length, strlen(expected));
    assert_string_equal(data, expected);
}

static void write_text(int dir, const char *path, const char *text)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (file_write_at(dir, path, text, strlen(text), 0640, &err) < 0)
        fail_msg("%s", err.message);
}

static void test_write_and_read(void **state)
{
    int dir = dir_of(state);
    struct stat st;

    umask(022);
    write_text(dir, "f", "one");
    assert_content(dir, "f", "one");
    write_text(dir, "f", "");
    assert_content(dir, "f", "");
    assert_int_equal(fstatat(dir, "f", &st, 0), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(count_entries(dir), 1);
}

static void test_read_limits(void **state)
{
    int dir = dir_of(state);
    _cleanup_(error_release) struct error err = ERROR_INIT;
    char *data = NULL;
    size_t length = 0;

    write_text(dir, "f", "12345");
    assert_int_equal(file_read_at(dir, "f", 4, &data, &length, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_null(data);
    assert_int_equal(file_read_at(dir, "f", 5, &data, NULL, NULL), 0);
    free(data);
    data = NULL;
    assert_int_equal(file_read_at(dir, "none", 5, &data, &length, &err), -1);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    /* A file whose size stat does not know, and one that would be too large. */
    assert_int_equal(file_read_at(AT_FDCWD, "/proc/self/status", 100000, &data, &length, NULL), 0);
    assert_true(length > 0);
    free(data);
    data = NULL;
    assert_int_equal(file_read_at(AT_FDCWD, "/proc/self/status", 10, &data, &length, NULL), -1);
    assert_null(data);
}

static void test_read_refuses_what_is_no_file(void **state)
{
    int dir = dir_of(state);
    _cleanup_(error_release) struct error err = ERROR_INIT;
    char *data = NULL;

    assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
    assert_int_equal(file_read_at(dir, "fifo", 5, &data, NULL, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_int_equal(file_read_at(dir, ".", 5, &data, NULL, &err), -1);
    assert_int_equal(file_read_at(AT_FDCWD, "/dev/zero", 5, &data, NULL, &err), -1);
    assert_null(data);
}

static void test_write_through_links(void **state)
{
    int dir = dir_of(state);
    struct stat st;

    assert_int_equal(mkdirat(dir, "sub", 0755), 0);
    assert_int_equal(symlinkat("sub/real", dir, "link"), 0);
    write_text(dir, "link", "new");
    assert_int_equal(fstatat(dir, "link", &st, AT_SYMLINK_NOFOLLOW), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_content(dir, "sub/real", "new");

    assert_int_equal(symlinkat("real", dir, "sub/inner"), 0);
    write_text(dir, "sub/inner", "newer");
    assert_content(dir, "sub/real", "newer");
}

static void assert_mode(int dir, const char *path, mode_t mode)
{
    struct stat st;

    assert_int_equal(fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW), 0);
    assert_int_equal(st.st_mode & 07777, mode);
}

/* Who keeps a file private, or from being written by accident, does not do so for one write. */
static void test_write_keeps_the_mode(void **state)
{
    static const mode_t modes[] = {0600, 0444, 0640, 0666, 0755};
    int dir = dir_of(state);
    mode_t before = umask(077);

    for (size_t i = 0; i < ELEMENTS(modes); i++) {
        write_text(dir, "f", "old");
        assert_int_equal(fchmodat(dir, "f", modes[i], 0), 0);
        write_text(dir, "f", "new");
        assert_content(dir, "f", "new");
        assert_mode(dir, "f", modes[i]);
    }
    assert_int_equal(symlinkat("f", dir, "link"), 0);
    assert_int_equal(fchmodat(dir, "f", 0604, 0), 0);
    write_text(dir, "link", "newer");
    assert_mode(dir, "f", 0604);
    write_text(dir, "fresh", "new");
    assert_mode(dir, "fresh", 0600);
    umask(before);
}

/* Only root can give a file to a group that is not its own. */
static void test_write_keeps_the_group(void **state)
{
    int dir = dir_of(state);
    struct stat st;

    if (geteuid() != 0)
        skip();
    write_text(dir, "f", "old");
    assert_int_equal(fchownat(dir, "f", (uid_t)-1, 12345, 0), 0);
    write_text(dir, "f", "new");
    assert_int_equal(fstatat(dir, "f", &st, 0), 0);
    assert_int_equal(st.st_gid, 12345);
}

/* A link to a link, as stow and its like make them. */
static void test_write_through_a_chain_of_links(void **state)
{
    int dir = dir_of(state);
    struct stat st;

    assert_int_equal(symlinkat("second", dir, "first"), 0);
    assert_int_equal(symlinkat("real", dir, "second"), 0);
    write_text(dir, "first", "new");
    assert_int_equal(fstatat(dir, "second", &st, AT_SYMLINK_NOFOLLOW), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_content(dir, "real", "new");
}

static void test_write_that_fails(void **state)
{
    int dir = dir_of(state);
    _cleanup_(error_release) struct error err = ERROR_INIT;

    assert_int_equal(file_write_at(dir, "none/f", "x", 1, 0600, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_int_equal(mkdirat(dir, "d", 0755), 0);
    assert_int_equal(file_write_at(dir, "d", "x", 1, 0600, &err), -1);
    assert_int_equal(count_entries(dir), 1);
    write_text(dir, "f", "old");
    assert_int_equal(file_write_at(dir, "f/g", "x", 1, 0600, &err), -1);
    assert_content(dir, "f", "old");
}

/* The kernel kills whoever writes more than it may: here in the middle of the file. */
static void write_and_be_killed(int dir)
{
    const struct rlimit size = {4096, 4096}, no_core = {0, 0};
    static const char data[65536];

    setrlimit(RLIMIT_CORE, &no_core);
    setrlimit(RLIMIT_FSIZE, &size);
    signal(SIGXFSZ, SIG_DFL);
    (void)file_write_at(dir, "file", data, sizeof(data), 0644, NULL);
    _exit(0);
}

static void test_killed_while_writing(void **state)
{
    int dir = dir_of(state), status = 0;
    _cleanup_close_ int nameless = openat(dir, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
    pid_t child = fork();

    if (child == 0)
        write_and_be_killed(dir);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
    if (nameless >= 0)
        assert_int_equal(count_entries(dir), 0);
}

static void test_directories(void **state)
{
    int dir = dir_of(state);
    int created = -1;
    struct stat st;

    umask(022);
    int fd = dir_make_at(dir, "a/b/c", 0755, &created, NULL);
    assert_true(fd >= 0);
    assert_int_equal(created, 1);
    assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(fd);
    fd = dir_make_at(dir, "a/b/c", 0700, &created, NULL);
    assert_int_equal(created, 0);
    close(fd);
    assert_int_equal(fstatat(dir, "a/b/c", &st, 0), 0);
    assert_int_equal(st.st_mode & 07777, 0755);
    fd = dir_make_at(dir, "one", 0700, NULL, NULL);
    assert_true(fd >= 0);
    close(fd);
    fd = dir_make_at(dir, "x//y/", 0755, &created, NULL);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(fstatat(dir, "x/y", &st, 0), 0);

    _cleanup_free_ char *absolute = xasprintf("%s/p/q", ((struct ground *)*state)->path);
    fd = dir_make_at(AT_FDCWD, absolute, 0755, &created, NULL);
    assert_true(fd >= 0);
    assert_int_equal(created, 1);
    close(fd);
}

static void test_directory_that_cannot_be(void **state)
{
    int dir = dir_of(state);
    _cleanup_(error_release) struct error err = ERROR_INIT;

    write_text(dir, "f", "x");
    assert_int_equal(dir_make_at(dir, "f", 0755, NULL, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_int_equal(dir_make_at(dir, "f/g", 0755, NULL, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
}

#define file_test(function) cmocka_unit_test_setup_teardown(function, make_ground, remove_ground)

int main(void)
{
    const struct CMUnitTest tests[] = {
        file_test(test_write_and_read),
        file_test(test_read_limits),
        file_test(test_read_refuses_what_is_no_file),
        file_test(test_write_through_links),
        file_test(test_write_keeps_the_mode),
        file_test(test_write_keeps_the_group),
        file_test(test_write_through_a_chain_of_links),
        file_test(test_write_that_fails),
        file_test(test_killed_while_writing),
        file_test(test_directories),
        file_test(test_directory_that_cannot_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
