#include "check.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>

#include "base/file.h"
#include "host/nvidia_toolkit.h"

static char root[] = "/tmp/ds01-toolkit-XXXXXX";

static int make_root(void **state)
{
    return mkdtemp(root) ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
    return remove(path);
}

static int remove_root(void **state)
{
    return nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void test_version(void **state)
{
    _cleanup_free_ char *folder = xasprintf("%s/usr/lib/x86_64-linux-gnu", root);
    _cleanup_free_ char *link = xasprintf("%s/libnvidia-container.so.1", folder);
    _cleanup_close_ int dir = dir_make_at(AT_FDCWD, folder, 0755, NULL, NULL);

    assert_true(dir >= 0);
    assert_null(nvidia_toolkit_version(root));
    assert_int_equal(symlink("libnvidia-container.so.1.17.4", link), 0);
    _cleanup_free_ char *version = nvidia_toolkit_version(root);
    assert_string_equal(version, "1.17.4");
}

static void test_installed(void **state)
{
    _cleanup_free_ char *folder = xasprintf("%s/usr/bin", root);
    _cleanup_free_ char *program = xasprintf("%s/nvidia-container-runtime-hook", folder);
    _cleanup_close_ int dir = dir_make_at(AT_FDCWD, folder, 0755, NULL, NULL);

    assert_true(dir >= 0);
    assert_false(nvidia_toolkit_is_installed(root));
    _cleanup_close_ int fd = open(program, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    assert_true(fd >= 0);
    assert_true(nvidia_toolkit_is_installed(root));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version),
        cmocka_unit_test(test_installed),
    };

    return cmocka_run_group_tests(tests, make_root, remove_root);
}
