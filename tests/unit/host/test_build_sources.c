/* What an image is built from, as it is now and as it was kept. */
#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "host/build_sources.h"
#include "host/project_files.h"
#include "playground.h"

#define PLAIN "FROM debian:12\n"
#define WITH  "FROM debian:12\nCOPY p.requirements.txt /opt/ds01/\n"

/* The project "p" with this Dockerfile, a requirements file and a file which that names. */
static void put_project(const char *dockerfile)
{
    const struct requirements_bundle bundle = {
        .text = (char[]){"-r more.txt\n"},
        .length = strlen("-r more.txt\n"),
        .files = &(struct bundled_file){"more.txt", (char[]){"numpy\n"}, 6, 0644},
        .count = 1,
    };

    assert_int_equal(
        project_dockerfile_write(&caller, "p", dockerfile, strlen(dockerfile), NULL), 0);
    assert_int_equal(requirements_bundle_keep(&caller, USER_DOCKERFILES, "p", &bundle, NULL), 0);
}

static struct build_sources read_project(const char *project)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    struct build_sources sources = {0};

    if (build_sources_read(&caller, project, &sources, &err) < 0)
        fail_msg("%s", err.message);
    return sources;
}

static void test_only_what_the_dockerfile_speaks_of(void **state)
{
    put_project(PLAIN);
    _cleanup_(build_sources_release) struct build_sources plain = read_project("p");
    put_project(WITH);
    _cleanup_(build_sources_release) struct build_sources with = read_project("p");
    _cleanup_(build_sources_release) struct build_sources none = read_project("nowhere");

    assert_string_equal(plain.dockerfile, PLAIN);
    assert_null(plain.requirements.text);
    assert_string_equal(with.dockerfile, WITH);
    assert_int_equal(with.length, strlen(WITH));
    assert_string_equal(with.requirements.text, "-r more.txt\n");
    assert_int_equal(with.requirements.count, 1);
    assert_null(none.dockerfile);
}

/* Another project's file, whose name holds this one's, is not meant. */
static void test_whose_requirements(void **state)
{
    static const char other[] = "COPY app.requirements.txt a-p.requirements.txt /x/\n";

    assert_true(build_sources_has_requirements("p", WITH, strlen(WITH)));
    assert_true(build_sources_has_requirements("p", "p.requirements", strlen("p.requirements")));
    assert_false(build_sources_has_requirements("q", WITH, strlen(WITH)));
    assert_false(build_sources_has_requirements("p", other, strlen(other)));
    assert_false(build_sources_has_requirements("p", PLAIN, strlen(PLAIN)));
    assert_false(build_sources_has_requirements("p", WITH, strlen("FROM debian:12\nCOPY p.req")));
}

static void test_equal(void **state)
{
    const struct build_sources nothing = {0};

    put_project(WITH);
    _cleanup_(build_sources_release) struct build_sources one = read_project("p");
    _cleanup_(build_sources_release) struct build_sources other = read_project("p");
    assert_true(build_sources_equal(&one, &other));
    assert_false(build_sources_equal(&one, &nothing));
    assert_true(build_sources_equal(&nothing, &nothing));
    other.requirements.files[0].data[0] = 'N';
    assert_false(build_sources_equal(&one, &other));
    other.requirements.files[0].data[0] = 'n';
    other.dockerfile[0] = 'f';
    assert_false(build_sources_equal(&one, &other));
}

/* A copy has it all, whatever becomes of the files. */
static void test_kept(void **state)
{
    _cleanup_(build_sources_release) struct build_sources kept = {0};
    _cleanup_free_ char *name = NULL;

    put_project(WITH);
    _cleanup_(build_sources_release) struct build_sources sources = read_project("p");
    assert_int_equal(build_sources_keep(&caller, "p", &sources, &name, NULL), 0);
    put_project(PLAIN);
    assert_int_equal(build_sources_kept(&caller, name, &kept, NULL), 0);
    assert_true(build_sources_equal(&kept, &sources));
}

static void set_mode(const char *path, mode_t mode)
{
    _cleanup_free_ char *full = in_playground(path);

    assert_int_equal(chmod(full, mode), 0);
}

static void assert_mode(mode_t mode, const char *folder, const char *stem, const char *suffix)
{
    _cleanup_free_ char *path = xasprintf("%s/%s/%s%s", playground, folder, stem, suffix);
    struct stat status;

    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, mode);
}

/* What others may not read here, they may not read there. */
static void test_rights_of_a_copy(void **state)
{
    _cleanup_free_ char *name = NULL;

    umask(022);
    put_project(WITH);
    assert_mode(0644, USER_DOCKERFILES, "p", ".Dockerfile");
    set_mode("dockerfiles/p.Dockerfile", 0600);
    set_mode("dockerfiles/p.requirements.txt", 0640);
    set_mode("dockerfiles/p.requirements", 0711);
    set_mode("dockerfiles/p.requirements/more.txt", 0400);
    _cleanup_(build_sources_release) struct build_sources sources = read_project("p");
    assert_int_equal(build_sources_keep(&caller, "p", &sources, &name, NULL), 0);
    _cleanup_free_ char *stem = xstrndup(name, strlen(name) - strlen(".Dockerfile"));
    assert_mode(0600, USER_BACKUP, stem, ".Dockerfile");
    assert_mode(0640, USER_BACKUP, stem, ".requirements.txt");
    assert_mode(0700, USER_BACKUP, stem, ".requirements");
    assert_mode(0400, USER_BACKUP, stem, ".requirements/more.txt");
    /* And back again. */
    assert_int_equal(
        requirements_bundle_keep(&caller, USER_DOCKERFILES, "p", &sources.requirements, NULL), 0);
    assert_mode(0640, USER_DOCKERFILES, "p", ".requirements.txt");
    assert_mode(0711, USER_DOCKERFILES, "p", ".requirements");
    assert_mode(0400, USER_DOCKERFILES, "p", ".requirements/more.txt");
}

/* Also of what an editor left, of metadata, and of a Dockerfile that is gone by now. */
static void test_rights_of_other_copies(void **state)
{
    static const struct {
        const char *extension;
        mode_t mode;
    } copies[] = {{"Dockerfile", 0444}, {"edited", 0444}, {"json", 0604}};
    const struct project_metadata metadata = {0};

    umask(022);
    put_project(PLAIN);
    assert_int_equal(project_metadata_write(&caller, "p", &metadata, NULL), 0);
    set_mode("dockerfiles/p.Dockerfile", 0444);
    set_mode(".ds01-config/images/p.json", 0604);
    for (size_t i = 0; i < ELEMENTS(copies); i++) {
        _cleanup_free_ char *path = NULL;
        assert_int_equal(
            project_backup(&caller, "p", copies[i].extension, PLAIN, strlen(PLAIN), &path, NULL),
            0);
        assert_mode(copies[i].mode, USER_BACKUP, strrchr(path, '/') + 1, "");
    }
    _cleanup_free_ char *path = NULL;
    assert_int_equal(project_dockerfile_remove(&caller, "p", NULL), 0);
    assert_int_equal(
        project_backup(&caller, "p", "Dockerfile", PLAIN, strlen(PLAIN), &path, NULL), 0);
    assert_mode(0600, USER_BACKUP, strrchr(path, '/') + 1, "");
}

static void test_a_copy_that_is_gone(void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    struct build_sources kept = {0};

    assert_int_equal(build_sources_kept(&caller, "p-20000101-000000.Dockerfile", &kept, &err), -1);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    error_release(&err);
    assert_int_equal(build_sources_kept(&caller, "../p.json", &kept, &err), -1);
    assert_says(err.message, "is not the name of a kept Dockerfile");
    assert_null(kept.dockerfile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_the_dockerfile_speaks_of),
        cmocka_unit_test(test_whose_requirements),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_rights_of_a_copy),
        cmocka_unit_test(test_rights_of_other_copies),
        cmocka_unit_test(test_a_copy_that_is_gone),
    };

    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
