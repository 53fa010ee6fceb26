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

static void test_places(void **state)
{
    static const char *const good[] = {
        "/data", "/home/x/.cache", "/..x", "/x..", "/procedures", "/system", "/dev/shm"};
    static const char *const bad[] = {"", "/", "data", "/..", "/a/../b", "/a/..", "/proc",
        "/proc/1", "/sys", "/sys/fs", "/dev", "/a\nb", "/\033[2J"};

    (void)state;
    for (size_t i = 0; i < ELEMENTS(good); i++)
        if (!mount_target_ok(good[i]))
            fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < ELEMENTS(bad); i++)
        if (mount_target_ok(bad[i]))
            fail_msg("%s is taken", bad[i]);
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
