#include "check.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>

#include "base/file.h"
#include "host/project_files.h"
#include "host/requirements_bundle.h"
#include "playground.h"

static void put(const char *path, const char *text)
{
    _cleanup_free_ char *full = in_playground(path);
    char *slash = strrchr(full, '/');

    *slash = '\0';
    _cleanup_close_ int dir = dir_make_at(AT_FDCWD, full, 0755, NULL, NULL);
    assert_true(dir >= 0);
    assert_int_equal(file_write_at(dir, slash + 1, text, strlen(text), 0644, NULL), 0);
}

static struct requirements_bundle read_bundle(const char *path)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *full = in_playground(path);
    struct requirements_bundle bundle = {0};

    if (requirements_bundle_read(&caller, full, &bundle, &err) < 0)
        fail_msg("%s", err.message);
    return bundle;
}

static void assert_has(const struct requirements_bundle *bundle, const char *path, const char *text)
{
    for (size_t i = 0; i < bundle->count; i++) {
        if (strcmp(bundle->files[i].path, path) == 0) {
            assert_string_equal(bundle->files[i].data, text);
            return;
        }
    }
    fail_msg("%s is not there", path);
}

static void put_project(void)
{
    put("project/requirements.txt", "-r more/base.txt # first\n-c limits.txt\n-e ./pkg\n"
                                    "--index-url https://${TOKEN}@example.org\n");
    put("project/more/base.txt", "-r ../limits.txt\nnumpy\n./wheels/a-1-py3-none-any.whl\n");
    put("project/limits.txt", "numpy<2\n");
    put("project/pkg/setup.py", "setup()\n");
    put("project/pkg/src/pkg/__init__.py", "");
    put("project/pkg/.git/config", "secret\n");
    put("project/wheels/a-1-py3-none-any.whl", "wheel");
    put("project/data.csv", "not named\n");
}

static void test_what_it_names_comes_along(void **state)
{
    put_project();
    _cleanup_(requirements_bundle_release) struct requirements_bundle bundle =
        read_bundle("project/requirements.txt");

    assert_int_equal(bundle.count, 5);
    assert_has(
        &bundle, "more/base.txt", "-r ../limits.txt\nnumpy\n./wheels/a-1-py3-none-any.whl\n");
    assert_has(&bundle, "limits.txt", "numpy<2\n");
    assert_has(&bundle, "pkg/setup.py", "setup()\n");
    assert_has(&bundle, "pkg/src/pkg/__init__.py", "");
    assert_has(&bundle, "wheels/a-1-py3-none-any.whl", "wheel");
    assert_int_equal(bundle.variables.count, 1);
    assert_string_equal(bundle.variables.items[0], "TOKEN");
}

static void refused(const char *text, const char *part)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *path = in_playground("project/bad.txt");
    struct requirements_bundle bundle = {0};

    put("project/bad.txt", text);
    assert_int_equal(requirements_bundle_read(&caller, path, &bundle, &err), -1);
    assert_int_equal(err.code, ERROR_USAGE);
    assert_says(err.message, part);
    assert_non_null(err.hint);
}

static void test_refused(void **state)
{
    _cleanup_free_ char *outside = in_playground("outside.txt");
    _cleanup_free_ char *link = in_playground("project/link.txt");
    _cleanup_free_ char *large = in_playground("project/large/data");
    _cleanup_free_ char *round = in_playground("project/round/again");

    put_project();
    put("outside.txt", "numpy\n");
    assert_int_equal(symlink(outside, link), 0);
    refused("numpy\n-r gone.txt\n", "bad.txt, line 2: gone.txt does not exist");
    refused("-r link.txt\n", "line 1: link.txt leads out of the folder");
    refused("-r ../outside.txt\n", "bad.txt: line 1: this lies outside");
    refused("numpy==\n", "bad.txt: line 1: a version was expected");
    put("project/broken.txt", "numpy\npandas=1\n");
    refused("-r broken.txt\n", "line 1: broken.txt: line 2: ");
    put("project/large/data", "");
    assert_int_equal(truncate(large, (off_t)65 << 20), 0);
    refused("\n-e ./large\n", "line 2: large/data is more than can be taken along");
    put("project/round/setup.py", "");
    assert_int_equal(symlink(".", round), 0);
    refused("-e ./round\n", "round/again is a link to a folder");
    refused("-r more\n", "more is a folder, and a file is wanted there");
    refused("numpy\n-r \\\n  ./bad.txt\n",
        "bad.txt: line 3: this file is being read already\n    ./bad.txt\n    ^");
    refused("-c bad.txt\n", "line 1: this file is being read already\n  -c bad.txt\n     ^");
    put("project/more/back.txt", "\xef\xbb\xbf-r ../bad.txt\n");
    refused("-r more/back.txt\n",
        "line 1: more/back.txt: line 1: this file is being read already\n  -r ../bad.txt\n     ^");
}

/* What others may do with what is kept for a project, and with the folder beside it. */
static void assert_kept(const char *file, bool private, mode_t mode, mode_t folder_mode)
{
    _cleanup_free_ char *path = in_playground(file);
    _cleanup_free_ char *kept = xasprintf("%s/dockerfiles/p.requirements.txt", caller.home);
    _cleanup_free_ char *folder = xasprintf("%s/dockerfiles/p.requirements", caller.home);
    struct stat status;

    assert_int_equal(chmod(path, private ? 0600 : 0640), 0);
    _cleanup_(requirements_bundle_release) struct requirements_bundle bundle =
        read_bundle("project/requirements.txt");
    /* Or there is nothing to write. */
    put("dockerfiles/p.requirements.txt", "other");
    assert_int_equal(requirements_bundle_keep(&caller, USER_DOCKERFILES, "p", &bundle, NULL), 0);
    assert_int_equal(stat(kept, &status), 0);
    assert_int_equal(status.st_mode & 0777, mode);
    assert_int_equal(stat(folder, &status), 0);
    assert_int_equal(status.st_mode & 0777, folder_mode);
}

/* It may hold a password, and so may what it names. */
static void test_private_stays_private(void **state)
{
    put_project();
    assert_kept("project/requirements.txt", false, 0644, 0755);
    assert_kept("project/requirements.txt", true, 0600, 0700);
    assert_int_equal(requirements_bundle_remove(&caller, "p", NULL), 0);
    assert_kept("project/requirements.txt", false, 0644, 0755);
    assert_kept("project/more/base.txt", true, 0600, 0700);
    assert_kept("project/more/base.txt", false, 0600, 0700);
    assert_int_equal(requirements_bundle_remove(&caller, "p", NULL), 0);
}

static void test_kept_and_read_again(void **state)
{
    put_project();
    _cleanup_(requirements_bundle_release) struct requirements_bundle bundle =
        read_bundle("project/requirements.txt");
    _cleanup_(requirements_bundle_release) struct requirements_bundle kept = {0};
    _cleanup_(requirements_bundle_release) struct requirements_bundle none = {0};
    const struct requirements_bundle empty = {0};

    assert_int_equal(requirements_bundle_kept(&caller, USER_DOCKERFILES, "p", &none, NULL), 0);
    assert_true(requirements_bundle_equal(&none, &empty));
    assert_int_equal(requirements_bundle_keep(&caller, USER_DOCKERFILES, "p", &bundle, NULL), 0);
    assert_int_equal(requirements_bundle_kept(&caller, USER_DOCKERFILES, "p", &kept, NULL), 0);
    assert_true(requirements_bundle_equal(&kept, &bundle));
    bundle.files[0].mode = 0755;
    assert_false(requirements_bundle_equal(&kept, &bundle));
    assert_int_equal(requirements_bundle_keep(&caller, USER_DOCKERFILES, "p", &bundle, NULL), 0);
    requirements_bundle_release(&kept);
    assert_int_equal(requirements_bundle_kept(&caller, USER_DOCKERFILES, "p", &kept, NULL), 0);
    assert_true(requirements_bundle_equal(&kept, &bundle));
}

/* How many things lie in ~/.ds01-config/backup whose names end so. */
static size_t count_backups(const char *ending)
{
    _cleanup_free_ char *pattern = xasprintf("%s/.ds01-config/backup/p-*%s", playground, ending);
    glob_t found;
    size_t count = glob(pattern, 0, NULL, &found) == 0 ? found.gl_pathc : 0;

    globfree(&found);
    return count;
}

static void test_retired(void **state)
{
    put_project();
    _cleanup_(requirements_bundle_release) struct requirements_bundle bundle =
        read_bundle("project/requirements.txt");
    _cleanup_(requirements_bundle_release) struct requirements_bundle kept = {0};
    const struct requirements_bundle empty = {0};

    assert_int_equal(requirements_bundle_keep(&caller, USER_DOCKERFILES, "p", &bundle, NULL), 0);
    assert_int_equal(requirements_bundle_back_up_kept(&caller, "p", NULL), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(requirements_bundle_remove(&caller, "p", NULL), 0);
    assert_int_equal(requirements_bundle_back_up_kept(&caller, "p", NULL), 0);
    assert_int_equal(count_backups(".requirements.txt"), 1);
    assert_int_equal(count_backups(".requirements/pkg/setup.py"), 1);
    assert_int_equal(requirements_bundle_kept(&caller, USER_DOCKERFILES, "p", &kept, NULL), 0);
    assert_true(requirements_bundle_equal(&kept, &empty));
}

static void test_removed(void **state)
{
    _cleanup_free_ char *folder = in_playground("dockerfiles");
    const struct requirements_bundle empty = {0};

    assert_int_equal(requirements_bundle_keep(&caller, USER_DOCKERFILES, "p", &empty, NULL), 0);
    assert_int_equal(requirements_bundle_keep(&caller, USER_DOCKERFILES, "p", &empty, NULL), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_it_names_comes_along),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_private_stays_private),
        cmocka_unit_test(test_kept_and_read_again),
        cmocka_unit_test(test_retired),
        cmocka_unit_test(test_removed),
    };

    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
