#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/xalloc.h"
#include "host/sound_devices.h"

static void test_devices_and_their_groups(void **state)
{
    char root[] = "/tmp/ds01-sound-XXXXXX";
    struct strv devices = STRV_INIT, groups = STRV_INIT;

    (void)state;
    assert_non_null(mkdtemp(root));
    sound_devices_find(root, &devices, &groups);
    assert_int_equal(devices.count, 0);
    int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_return_code(mkdirat(fd, "dev", 0755), 0);
    assert_return_code(mkdirat(fd, "dev/snd", 0755), 0);
    assert_return_code(mkdirat(fd, "dev/snd/by-path", 0755), 0);
    close(openat(fd, "dev/snd/controlC0", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    close(openat(fd, "dev/snd/timer", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    sound_devices_find(root, &devices, &groups);
    assert_int_equal(devices.count, 2);
    assert_true(strv_contains(&devices, "/dev/snd/controlC0"));
    assert_true(strv_contains(&devices, "/dev/snd/timer"));
    _cleanup_free_ char *gid = xasprintf("%u", (unsigned)getegid());
    assert_int_equal(groups.count, 1);
    assert_string_equal(groups.items[0], gid);
    strv_release(&devices);
    strv_release(&groups);
    unlinkat(fd, "dev/snd/controlC0", 0);
    unlinkat(fd, "dev/snd/timer", 0);
    unlinkat(fd, "dev/snd/by-path", AT_REMOVEDIR);
    unlinkat(fd, "dev/snd", AT_REMOVEDIR);
    unlinkat(fd, "dev", AT_REMOVEDIR);
    close(fd);
    rmdir(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_devices_and_their_groups)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
