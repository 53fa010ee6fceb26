#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "host/foreign_files.h"
#include "playground.h"

#define SOMEBODY 4711

/* Only root can give files away; for others nothing is root's, and nothing is found. */
static void put(const char *path, uid_t owner)
{
    _cleanup_free_ char *full = in_playground(path);
    _cleanup_close_ int fd = open(full, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    if (geteuid() == 0)
        assert_int_equal(fchown(fd, owner, owner), 0);
}

static void put_folder(const char *path, uid_t owner)
{
    _cleanup_free_ char *full = in_playground(path);

    assert_int_equal(mkdir(full, 0700), 0);
    if (geteuid() == 0)
        assert_int_equal(chown(full, owner, owner), 0);
}

static void assert_found(size_t count, bool incomplete)
{
    _cleanup_(foreign_files_release) struct foreign_files files = {0};

    assert_int_equal(foreign_files_find(&caller, playground, &files, NULL), 0);
    assert_int_equal(files.count, geteuid() == 0 ? count : 0);
    assert_int_equal(files.incomplete, incomplete);
    assert_int_equal(files.first != NULL, files.count > 0);
}

static void test_found(void **state)
{
    _cleanup_free_ char *link = in_playground("link");

    put_folder("mine", SOMEBODY);
    put("mine/file", SOMEBODY);
    assert_found(0, false);
    put("mine/of-root", 0);
    put_folder("mine/deep", 0);
    put("mine/deep/er", 0);
    assert_found(3, false);
    /* What a link leads to is not in the folder. */
    assert_int_equal(symlink("/etc", link), 0);
    if (geteuid() == 0)
        assert_int_equal(lchown(link, SOMEBODY, SOMEBODY), 0);
    assert_found(3, false);
}

static void test_depth_is_bounded(void **state)
{
    _cleanup_free_ char *path = xstrdup("down");

    for (int depth = 0; depth < FOREIGN_FILES_DEPTH_MAX + 2; depth++) {
        put_folder(path, SOMEBODY);
        char *deeper = xasprintf("%s/d", path);
        free(path);
        path = deeper;
    }
    assert_found(3, true);
}

static void test_missing(void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_(foreign_files_release) struct foreign_files files = {0};

    assert_int_equal(foreign_files_find(&caller, "/nonexistent", &files, &err), -1);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_missing),
    };

    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
