/* Where a requirements file names a package. */
#include "check.h"

#include "host/required_package.h"

#define FILE_MODE 0644

/* requirements.txt, and the files it names: "sub/base.txt", "limits.txt". */
static struct requirements_bundle bundle_of(char *text, char *base, char *limits)
{
    static struct bundled_file files[2];

    files[0] = (struct bundled_file){"sub/base.txt", base, strlen(base), FILE_MODE};
    files[1] = (struct bundled_file){"limits.txt", limits, strlen(limits), FILE_MODE};
    return (struct requirements_bundle){
        .text = text, .length = text ? strlen(text) : 0, .files = files, .count = 2};
}

static void assert_found(const struct requirements_bundle *bundle, const char *key,
    const char *text, const char *file, size_t line)
{
    _cleanup_(required_package_release) struct required_package found = {0};

    assert_true(required_package_find(bundle, key, &found));
    assert_string_equal(found.text, text);
    if (file)
        assert_string_equal(found.file, file);
    else
        assert_null(found.file);
    assert_int_equal(found.line, line);
}

static void assert_absent(const struct requirements_bundle *bundle, const char *key)
{
    struct required_package found = {0};

    assert_false(required_package_find(bundle, key, &found));
    assert_null(found.text);
}

static void test_in_its_lines(void **state)
{
    char text[] = "# numpy\nNumPy>=1.24 # why\n\ngit+https://x.org/y.git#egg=Some_Egg\n";
    struct requirements_bundle bundle = bundle_of(text, (char[]){""}, (char[]){""});

    assert_found(&bundle, "numpy", "NumPy>=1.24", NULL, 2);
    assert_found(&bundle, "some-egg", "git+https://x.org/y.git#egg=Some_Egg", NULL, 4);
    assert_absent(&bundle, "num");
}

static void test_in_an_included_file(void **state)
{
    char text[] = "-c limits.txt\n-r sub/base.txt\n";
    char base[] = "-r ../sub/base.txt\n-r gone.txt\n\nprobe==1\n";
    struct requirements_bundle bundle = bundle_of(text, base, (char[]){"numpy<2\n"});

    assert_found(&bundle, "probe", "probe==1", "sub/base.txt", 4);
    assert_absent(&bundle, "numpy");
}

/* It is the build that says what is wrong with such a file. */
static void test_without_a_file_that_can_be_read(void **state)
{
    struct requirements_bundle bundle = bundle_of(NULL, (char[]){""}, (char[]){""});

    assert_absent(&bundle, "numpy");
    bundle = bundle_of((char[]){"numpy\n==\n"}, (char[]){""}, (char[]){""});
    assert_absent(&bundle, "numpy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_its_lines),
        cmocka_unit_test(test_in_an_included_file),
        cmocka_unit_test(test_without_a_file_that_can_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
