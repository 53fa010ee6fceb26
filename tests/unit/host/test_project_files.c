#include "check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "host/project_files.h"
#include "playground.h"

static void put_dockerfile(const char *project)
{
    assert_int_equal(project_dockerfile_write(&caller, project, "FROM x\n", 7, NULL), 0);
}

static void put_link(const char *target, const char *project)
{
    _cleanup_free_ char *path = project_dockerfile_path(&caller, project);

    assert_int_equal(symlink(target, path), 0);
}

static void test_what_is_a_project(void **state)
{
    _cleanup_(strv_release) struct strv projects = STRV_INIT;
    _cleanup_free_ char *folder = project_dockerfile_path(&caller, "folder");

    assert_int_equal(project_list(&caller, &projects, NULL), 0);
    assert_int_equal(projects.count, 0);
    put_dockerfile("plain");
    put_link("plain.Dockerfile", "linked");
    put_link("nothing", "dangling");
    put_link(".", "to-a-folder");
    put_dockerfile("UPPER");
    put_dockerfile("a b");
    put_dockerfile("ends-in-a-dash-");
    put_dockerfile(".hidden");
    assert_int_equal(mkdir(folder, 0755), 0);

    assert_int_equal(project_list(&caller, &projects, NULL), 0);
    assert_int_equal(projects.count, 2);
    assert_true(strv_contains(&projects, "plain"));
    assert_true(strv_contains(&projects, "linked"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_a_project),
    };

    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
