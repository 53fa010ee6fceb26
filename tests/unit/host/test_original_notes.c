#include "check.h"

#include <fcntl.h>

#include "base/file.h"
#include "host/original_notes.h"
#include "playground.h"

static void put(const char *path, const char *text)
{
    _cleanup_free_ char *full = in_playground(path);

    assert_int_equal(file_write_at(AT_FDCWD, full, text, strlen(text), 0644, NULL), 0);
}

static void put_notes(const char *text)
{
    _cleanup_free_ char *name =
        xasprintf("ds01-config/images/ds01-%u_thesis.info", (unsigned)caller.uid);

    put(name, text);
}

static void assert_none(const char *text)
{
    put_notes(text);
    assert_null(original_notes_dockerfile(&caller, "thesis"));
}

static int make_folders(void **state)
{
    if (playground_make(state) < 0)
        return -1;
    _cleanup_free_ char *folder = in_playground("ds01-config/images");
    _cleanup_close_ int fd = dir_make_at(AT_FDCWD, folder, 0755, NULL, NULL);
    return fd < 0 ? -1 : 0;
}

static void test_named_file(void **state)
{
    _cleanup_free_ char *path = in_playground("Dockerfile");
    _cleanup_free_ char *notes =
        xasprintf("Image: ds01-1/thesis\nUse Case: ml\nDockerfile:  %s \n\nPackages:\n", path);

    put("Dockerfile", "FROM debian\n");
    put_notes(notes);
    _cleanup_free_ char *found = original_notes_dockerfile(&caller, "thesis");
    assert_non_null(found);
    assert_string_equal(found, path);
    assert_null(original_notes_dockerfile(&caller, "another"));
}

static void test_nothing_to_take(void **state)
{
    _cleanup_free_ char *gone = in_playground("gone");
    _cleanup_free_ char *names_gone = xasprintf("Dockerfile: %s", gone);

    assert_none("");
    assert_none("Dockerfile");
    assert_none("Dockerfile:\n");
    assert_none("Image: x\nDockerfile: relative/Dockerfile\n");
    assert_none("Dockerfile: /etc/\033[31mpasswd\n");
    assert_none("Dockerfile: /etc\n");
    assert_none("Dockerfile: /dev/null\n");
    assert_none(names_gone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_named_file),
        cmocka_unit_test(test_nothing_to_take),
    };

    return cmocka_run_group_tests(tests, make_folders, playground_remove);
}
