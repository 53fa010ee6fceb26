#include "check.h"

#include "model/mount_target.h"

static void assert_target(const char *typed, const char *expected)
{
    _cleanup_free_ char *target = mount_target(typed);

    assert_string_equal(target, expected);
}

static void test_one_spelling(void **state)
{
    (void)state;
    assert_target("/data", "/data");
    assert_target("/data/", "/data");
    assert_target("//data//x//", "/data/x");
    assert_target("/./data/./x/.", "/data/x");
    assert_target("/.hidden/..x", "/.hidden/..x");
    assert_target("/a/../b", "/a/../b");
    assert_target("/", "/");
    assert_target("//", "/");
    assert_target("/.", "/");
    assert_target("relative/", "relative");
    assert_target("", "");
}

static void assert_source(const char *typed, const char *expected, bool read_only)
{
    bool seen = !read_only;
    _cleanup_free_ char *source = mount_source(typed, &seen);

    assert_string_equal(source, expected);
    assert_int_equal(seen, read_only);
}

static void test_sources(void **state)
{
    (void)state;
    assert_source("/data", "/data", false);
    assert_source("/data:ro", "/data", true);
    assert_source("~/data:rw", "~/data", false);
    assert_source("/a:b", "/a:b", false);
    assert_source(":ro", ":ro", false);
    assert_source("", "", false);
}

static void assert_places(const char *const targets[], size_t count, enum mount_place expected)
{
    for (size_t i = 0; i < count; i++)
        if (mount_place(targets[i], "/home/ann") != expected)
            fail_msg("%s is taken for %d", targets[i], mount_place(targets[i], "/home/ann"));
}

static void test_places(void **state)
{
    static const char *const of_its_own[] = {"/data", "/home/ann/.cache", "/home/bob", "/..x",
        "/x..", "/procedures", "/system", "/dev/shm", "/etc/my", "/usr/local/share/x", "/opt/x",
        "/mnt", "/tmp", "/root"};
    static const char *const no_places[] = {
        "", "data", "/..", "/a/../b", "/a/..", "/a\nb", "/\033[2J"};
    static const char *const homes[] = {"/home", "/home/ann"};
    static const char *const installed[] = {"/opt", "/usr/local", "/var"};
    static const char *const systems[] = {"/", "/etc", "/usr", "/usr/bin", "/bin", "/lib64",
        "/proc", "/proc/1", "/sys", "/sys/fs", "/dev"};

    (void)state;
    assert_places(of_its_own, ELEMENTS(of_its_own), MOUNT_PLACE_FREE);
    assert_places(no_places, ELEMENTS(no_places), MOUNT_PLACE_NONE);
    assert_places(homes, ELEMENTS(homes), MOUNT_PLACE_HOME);
    assert_places(installed, ELEMENTS(installed), MOUNT_PLACE_IMAGE);
    assert_places(systems, ELEMENTS(systems), MOUNT_PLACE_SYSTEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_spelling),
        cmocka_unit_test(test_sources),
        cmocka_unit_test(test_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
