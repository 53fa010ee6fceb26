/* The vectors follow the behaviour of moby/patternmatcher, which the docker CLI uses. */
#include "check.h"

#include "engine/dockerignore.h"

static void free_ignore(struct dockerignore **ignore)
{
    dockerignore_free(*ignore);
}

static void check(const char *patterns, const char *path, bool wanted)
{
    _cleanup_(free_ignore) struct dockerignore *ignore = NULL;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (dockerignore_new(patterns, strlen(patterns), &ignore, &err) < 0)
        fail_msg("%s: %s", patterns, err.message);
    if (dockerignore_excludes(ignore, path) != wanted)
        fail_msg("%s should %sleave %s out", patterns, wanted ? "" : "not ", path);
}

static const struct {
    const char *patterns, *path;
    bool excluded;
} exclusions[] = {
    {"", "file", false},
    {"file", "file", true},
    {"file", "dir/file", false},
    {"dir", "dir/sub/file", true},
    {"*", "file", true},
    {"*", "dir/file", true},
    {"*.txt", "a.txt", true},
    {"*.txt", "dir/a.txt", false},
    {"*.txt", "a.txt/b", true},
    {"a*b*c", "aXbYbZc", true},
    {"a*b*c", "aXbYbZ", false},
    {"a/*.txt", "a/b/c.txt", false},
    {"abc?def", "abcZdef", true},
    {"abc?def", "abc/def", false},
    {"a?b", "aéb", true},
    {"a??b", "aéb", false},
    {"a[b-d]e", "ace", true},
    {"a[b-d]e", "aae", false},
    {"a[^b-d]e", "aze", true},
    {"a[^b-d]e", "ace", false},
    {"[à-ü]x", "éx", true},
    {"[\\]a]", "]", true},
    {"a\\*b", "a*b", true},
    {"a\\*b", "aXb", false},
    {"**", "file", true},
    {"**", "a/b/c", true},
    {"**/", "file", true},
    {"**/**", "a/b", true},
    {"**/foo", "foo", true},
    {"**/foo", "a/b/foo", true},
    {"**/foo", "a/xfoo", false},
    {"**/foo", "a/foo/b", true},
    {"**/*.pyc", "a.pyc", true},
    {"**/*.pyc", "a/b/c.pyc", true},
    {"**.pyc", "a/b.pyc", true},
    {"**file", "dir/myfile", true},
    {"**/.foo", "bar.foo", false},
    {"dir/**", "dir", false},
    {"dir/**", "dir/a/b", true},
    {"a/**/b", "a/b", true},
    {"a/**/b", "a/x/y/b", true},
    {"a/**/b", "ab", false},
    {"a**/*.txt", "a/dir/file.txt", true},
    {"a/*.txt**", "a/file.txt", true},
    {"**/dir2/*", "dir/dir2/file", true},
    {"**/**/*.txt", "file.txt", true},
    {"**/**/*.txt2", "a/b/file.txt", false},
    {"abc.def", "abcZdef", false},
    {"a(b)c|$+{}", "a(b)c|$+{}", true},
    {"dir/", "dir/file", true},
    {"/dir", "dir/file", true},
    {"//dir//sub/", "dir/sub", true},
    {"./dir", "dir", true},
    {"a/../dir", "dir", true},
    {"/../dir", "dir", true},
    {"../dir", "dir", false},
    {".", "file", false},
    {"..", "file", false},
    {"/", "file", false},
    {"# file\n#file", "file", false},
    {" #file", "#file", true},
    {"  file \t\r\n", "file", true},
    {"\xEF\xBB\xBF"
     "file",
        "file", true},
    {"*.md\n!README.md", "README.md", false},
    {"*.md\n!README.md", "other.md", true},
    {"!README.md\n*.md", "README.md", true},
    {"docs\n!docs/README.md", "docs/README.md", false},
    {"docs\n! /docs/README.md ", "docs/README.md", false},
    {"docs\n!docs/README.md\ndocs/R*", "docs/README.md", true},
    {"**\n!util/docker/web", "util/docker/web/foo", false},
    {"**\n!util/docker/web\nutil/docker/web/foo", "util/docker/web/foo", true},
};

static void test_exclusions(_unused_ void **state)
{
    for (size_t i = 0; i < ELEMENTS(exclusions); i++)
        check(exclusions[i].patterns, exclusions[i].path, exclusions[i].excluded);
}

static void test_refused_lines(_unused_ void **state)
{
    static const char *const refused[] = {
        "!", "! ", "[", "a[", "[^", "[]a]", "[-]", "[x-]", "[a-b-c]", "[b-a]", "a\\", "[a\\"};

    for (size_t i = 0; i < ELEMENTS(refused); i++) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        struct dockerignore *ignore = NULL;
        char text[32];
        int length = snprintf(text, sizeof(text), "fine\n%s\n", refused[i]);
        assert_int_equal(dockerignore_new(text, (size_t)length, &ignore, &err), -1);
        assert_null(ignore);
        assert_int_equal(err.code, ERROR_USAGE);
        assert_non_null(strstr(err.message, "line 2"));
    }
}

static void test_nul_and_long_lines_are_refused(_unused_ void **state)
{
    struct dockerignore *ignore = NULL;
    char text[5000];

    assert_int_equal(dockerignore_new("a\0b", 3, &ignore, NULL), -1);
    memset(text, 'a', sizeof(text));
    assert_int_equal(dockerignore_new(text, sizeof(text), &ignore, NULL), -1);
}

static void test_below(_unused_ void **state)
{
    static const struct {
        const char *patterns, *path;
        bool may;
    } vectors[] = {
        {"data", "data", false},
        {"data\n!data/keep", "data", true},
        {"data\n!data/a/b/keep", "data/a", true},
        {"data\n!data/a/b/keep", "data/c", false},
        {"data\n!other", "data", false},
        {"data\n!datax/y", "data", false},
        {"data\n!**/keep", "data/deep/deeper", true},
        {"data\n!*/keep", "data", true},
        {"data\n!*/keep", "data/deep", false},
        {"**\n!data", "data", true},
    };

    for (size_t i = 0; i < ELEMENTS(vectors); i++) {
        _cleanup_(free_ignore) struct dockerignore *ignore = NULL;
        const char *patterns = vectors[i].patterns;
        assert_int_equal(dockerignore_new(patterns, strlen(patterns), &ignore, NULL), 0);
        if (dockerignore_may_include_below(ignore, vectors[i].path) != vectors[i].may)
            fail_msg("%s below %s", patterns, vectors[i].path);
    }
}

/* A backtracking matcher would need longer than anyone waits. */
static void test_many_stars(_unused_ void **state)
{
    char path[4000];

    for (size_t i = 0; i < sizeof(path); i++)
        path[i] = i % 2 ? '/' : 'a';
    path[sizeof(path) - 1] = '\0';
    check("**/a**/a**/a**/a**/a**/a**/a*a*a*a*a*a*a*a*a*a*/a**/b", path, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exclusions),
        cmocka_unit_test(test_refused_lines),
        cmocka_unit_test(test_nul_and_long_lines_are_refused),
        cmocka_unit_test(test_below),
        cmocka_unit_test(test_many_stars),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
