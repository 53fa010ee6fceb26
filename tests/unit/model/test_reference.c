#include "check.h"

#include "model/reference.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Parses `text`, compares its parts ("" for one that is not there) and the familiar form. */
static void check(const char *text, const char *domain, const char *path, const char *tag,
    const char *digest, const char *familiar)
{
    _cleanup_(reference_release) struct reference ref = REFERENCE_INIT;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (reference_parse(text, &ref, &err) < 0)
        fail_msg("%s", err.message);
    _cleanup_free_ char *written = reference_familiar(&ref);
    assert_string_equal(ref.domain, domain);
    assert_string_equal(ref.path, path);
    assert_string_equal(ref.tag ? ref.tag : "", tag);
    assert_string_equal(ref.digest ? ref.digest : "", digest);
    assert_string_equal(written, familiar);
}

static void check_refused(const char *text, const char *part)
{
    struct error err = ERROR_INIT;
    struct reference ref = REFERENCE_INIT;

    assert_refused(reference_parse(text, &ref, &err), err, part);
    assert_null(ref.path);
}

static void test_docker_hub(void **state)
{
    check("debian", "docker.io", "library/debian", "", "", "debian:latest");
    check("debian:12", "docker.io", "library/debian", "12", "", "debian:12");
    check("docker.io/debian:12", "docker.io", "library/debian", "12", "", "debian:12");
    check("index.docker.io/library/debian", "docker.io", "library/debian", "", "", "debian:latest");
    check("aimehub/pytorch-2.6.0-cuda12", "docker.io", "aimehub/pytorch-2.6.0-cuda12", "", "",
        "aimehub/pytorch-2.6.0-cuda12:latest");
    check("ds01-1722830498/my-project:my._.1722830498", "docker.io", "ds01-1722830498/my-project",
        "my._.1722830498", "", "ds01-1722830498/my-project:my._.1722830498");
    check("docker.io/my.org/x", "docker.io", "my.org/x", "", "", "docker.io/my.org/x:latest");
    check("library/a/b", "docker.io", "library/a/b", "", "", "library/a/b:latest");
}

static void test_registries(void **state)
{
    check("nvcr.io/nvidia/jax:23.10-py3", "nvcr.io", "nvidia/jax", "23.10-py3", "",
        "nvcr.io/nvidia/jax:23.10-py3");
    check("localhost/x", "localhost", "x", "", "", "localhost/x:latest");
    check("localhost:5000/x:1", "localhost:5000", "x", "1", "", "localhost:5000/x:1");
    check("[::1]:5000/x", "[::1]:5000", "x", "", "", "[::1]:5000/x:latest");
}

static void test_digests(void **state)
{
    check("debian@sha256:" HEX64, "docker.io", "library/debian", "", "sha256:" HEX64,
        "debian@sha256:" HEX64);
    check("debian:12@sha256:" HEX64, "docker.io", "library/debian", "12", "sha256:" HEX64,
        "debian:12@sha256:" HEX64);
}

static void test_refused(void **state)
{
    check_refused("", "empty");
    check_refused("Debian", "lower case");
    check_refused("UPPER/case", "lower case");
    check_refused("a b", "separators");
    check_refused("a..b", "separators");
    check_refused("a___b", "separators");
    check_refused("-a", "separators");
    check_refused("a-", "separators");
    check_refused("a//b", "separators");
    check_refused("/a", "separators");
    check_refused("a/", "separators");
    check_refused("a$b", "separators");
    check_refused("a\nFROM b", "lower case");
    check_refused("a:", "tag");
    check_refused("a:.b", "tag");
    check_refused("a:b:c", "tag");
    check_refused("a:$X", "tag");
    check_refused("a@b", "digest");
    check_refused("a@sha256:abc", "digest");
    check_refused("a@sha256:" HEX64 "0", "digest");
    check_refused("a.-b.c/x", "registry");
    check_refused("host:port/x", "registry");
    check_refused("host:/x", "registry");
    check_refused("[::1/x", "registry");
    check_refused(HEX64, "id");
}

static void test_lengths(void **state)
{
    char text[2000];

    memset(text, 'a', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    check_refused(text, "long");
    text[300] = '\0';
    check_refused(text, "255");
    text[1] = ':';
    text[1 + 1 + 129] = '\0';
    check_refused(text, "tag");
}

/* What an error repeats can be shown on any terminal. */
static void test_message_is_printable(void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    struct reference ref = REFERENCE_INIT;

    assert_int_equal(reference_parse("a\033[31m\n", &ref, &err), -1);
    assert_null(strchr(err.message, '\033'));
    assert_null(strchr(err.message, '\n'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_docker_hub),
        cmocka_unit_test(test_registries),
        cmocka_unit_test(test_digests),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_message_is_printable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
