#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "host/nvidia_toolkit.h"
#include "playground.h"

static void test_version(void **state)
{
    _cleanup_free_ char *folder = in_playground("usr/lib/x86_64-linux-gnu");
    _cleanup_free_ char *link = xasprintf("%s/libnvidia-container.so.1", folder);
    _cleanup_close_ int dir = dir_make_at(AT_FDCWD, folder, 0755, NULL, NULL);

    assert_true(dir >= 0);
    assert_null(nvidia_toolkit_version(playground));
    assert_int_equal(symlink("libnvidia-container.so.1.17.4", link), 0);
    _cleanup_free_ char *version = nvidia_toolkit_version(playground);
    assert_string_equal(version, "1.17.4");
}

static void test_installed(void **state)
{
    _cleanup_free_ char *folder = in_playground("usr/bin");
    _cleanup_free_ char *program = xasprintf("%s/nvidia-container-runtime-hook", folder);
    _cleanup_close_ int dir = dir_make_at(AT_FDCWD, folder, 0755, NULL, NULL);

    assert_true(dir >= 0);
    assert_false(nvidia_toolkit_is_installed(playground));
    _cleanup_close_ int fd = open(program, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    assert_true(fd >= 0);
    assert_true(nvidia_toolkit_is_installed(playground));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version),
        cmocka_unit_test(test_installed),
    };

    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
