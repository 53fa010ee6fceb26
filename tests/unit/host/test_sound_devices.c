#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "host/sound_devices.h"
#include "playground.h"

static void test_devices_and_their_groups(void **state)
{
    struct strv devices = STRV_INIT, groups = STRV_INIT;

    sound_devices_find(playground, &devices, &groups);
    assert_int_equal(devices.count, 0);
    int fd = open(playground, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_return_code(mkdirat(fd, "dev", 0755), 0);
    assert_return_code(mkdirat(fd, "dev/snd", 0755), 0);
    assert_return_code(mkdirat(fd, "dev/snd/by-path", 0755), 0);
    close(openat(fd, "dev/snd/controlC0", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    close(openat(fd, "dev/snd/timer", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    sound_devices_find(playground, &devices, &groups);
    assert_int_equal(devices.count, 2);
    assert_true(strv_contains(&devices, "/dev/snd/controlC0"));
    assert_true(strv_contains(&devices, "/dev/snd/timer"));
    _cleanup_free_ char *gid = xasprintf("%u", (unsigned)getegid());
    assert_int_equal(groups.count, 1);
    assert_string_equal(groups.items[0], gid);
    strv_release(&devices);
    strv_release(&groups);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_devices_and_their_groups)};

    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
