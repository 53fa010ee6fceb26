#include "check.h"

#include "model/known_holes.h"

static void check(const char *part, const char *version, bool open)
{
    const char *closed = known_holes_closed_in(part, version);

    if (open != (closed != NULL))
        fail_msg("%s %s: expected %s", part, version, open ? "open" : "closed");
}

static void test_branches(void **state)
{
    check(PART_RUNC, "1.0.3", true);
    check(PART_RUNC, "1.1.5+ds1", true);
    check(PART_RUNC, "1.1.11", true);
    check(PART_RUNC, "1.1.12", false);
    check(PART_RUNC, "1.2.7", true);
    check(PART_RUNC, "1.2.8", false);
    check(PART_RUNC, "1.3.0-rc.1", true);
    check(PART_RUNC, "1.3.3", false);
    check(PART_RUNC, "1.4.0", false);
    check(PART_RUNC, "2", false);
    check(PART_DOCKER, "20.10.24+dfsg1", true);
    check(PART_DOCKER, "25.0.16", true);
    check(PART_DOCKER, "25.0.17", false);
    check(PART_DOCKER, "28.5.2", true);
    check(PART_DOCKER, "29.5.0", true);
    check(PART_DOCKER, "29.5.1", false);
    check(PART_DOCKER, "29.6.0", false);
    check(PART_DOCKER, "30.0.0", false);
    check(PART_DOCKER_BUILDER, "20.10.24+dfsg1", true);
    check(PART_DOCKER_BUILDER, "23.0.0", false);
    check(PART_DOCKER_BUILDER, "28.5.2", false);
    check(PART_NVIDIA_TOOLKIT, "1.17.7", true);
    check(PART_NVIDIA_TOOLKIT, "1.17.8", false);
    check(PART_NVIDIA_TOOLKIT, "1.18.0", false);
}

static void test_not_judged(void **state)
{
    check(PART_RUNC, "", false);
    check(PART_RUNC, "master", false);
    check("containerd", "1.0.0", false);
    check(PART_DOCKER, "99999999999999999999.1", false);
    assert_string_equal(known_holes_closed_in(PART_RUNC, "v1.1"), "1.1.12, 1.2.8 or 1.3.3");
}

static void test_distribution_builds(void **state)
{
    assert_true(version_is_distribution_build("1.1.5+ds1"));
    assert_true(version_is_distribution_build("20.10.24+dfsg1"));
    assert_true(version_is_distribution_build("24.0.7-0ubuntu4"));
    assert_false(version_is_distribution_build("28.5.2"));
    assert_false(version_is_distribution_build("29.0.0-rc.1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_branches),
        cmocka_unit_test(test_not_judged),
        cmocka_unit_test(test_distribution_builds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
