#include "check.h"

#include "model/requirements_file.h"

/* "KIND LINE TEXT [PATH]", one a line: P package, U URL, F file, I -r, C -c, L links, O option. */
static char *describe(const struct requirements_file *file)
{
    static const char letters[] = "PUFICLO";
    _cleanup_(strv_release) struct strv lines = STRV_INIT;

    for (size_t i = 0; i < file->count; i++) {
        const struct requirements_line *line = &file->lines[i];
        strv_take(&lines, xasprintf("%c %zu %s%s%s", letters[line->kind], line->line, line->text,
                              line->path ? " -> " : "", line->path ? line->path : ""));
    }
    return strv_join(&lines, "\n");
}

static void assert_in(const char *folder, const char *text, const char *expected)
{
    _cleanup_(requirements_file_release) struct requirements_file file = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (requirements_file_parse(text, strlen(text), folder, &file, &err) < 0)
        fail_msg("%s: %s", text, err.message);
    _cleanup_free_ char *found = describe(&file);
    assert_string_equal(found, expected);
}

static void assert_read(const char *text, const char *expected)
{
    assert_in("", text, expected);
}

static void assert_refused_text(const char *text, const char *part)
{
    struct requirements_file file = {0};
    struct error err = ERROR_INIT;

    assert_refused(requirements_file_parse(text, strlen(text), "", &file, &err), err, part);
    assert_int_equal(file.count, 0);
}

static void test_packages(void **state)
{
    assert_read("", "");
    assert_read("numpy", "P 1 numpy");
    assert_read("numpy>=1.24 , <2\r\npandas[excel] ==2.*\rscipy\n",
        "P 1 numpy>=1.24 , <2\nP 2 pandas[excel] ==2.*\nP 3 scipy");
    assert_read("\n  torch==2.6.0+cu124 ; python_version < '3.12'  \n",
        "P 2 torch==2.6.0+cu124 ; python_version < '3.12'");
    assert_read("pip @ https://example.org/pip.whl", "P 1 pip @ https://example.org/pip.whl");
    assert_read("a @ git+https://example.org/a.git@v1", "P 1 a @ git+https://example.org/a.git@v1");
    assert_read("\xef\xbb\xbfnumpy\n", "P 1 numpy");
}

static void test_comments(void **state)
{
    assert_read("# only this", "");
    assert_read("  # and this\nnumpy # why\n", "P 2 numpy");
    assert_read("numpy\t# why\nscipy #\n", "P 1 numpy\nP 2 scipy");
    assert_read(
        "git+https://example.org/a.git#egg=a # it", "U 1 git+https://example.org/a.git#egg=a");
    assert_read("# caf\xc3\xa9\nnumpy", "P 2 numpy");
    assert_read("# not continued \\\nnumpy", "P 2 numpy");
}

static void test_continued_lines(void **state)
{
    assert_read("numpy \\\n  >=1.24 \\\n  ,<2\nscipy", "P 1 numpy   >=1.24   ,<2\nP 4 scipy");
    assert_read("numpy \\\n# a comment ends it\nscipy", "P 1 numpy\nP 3 scipy");
    assert_read("numpy \\\n", "P 1 numpy");
    assert_read(
        "numpy==1.0 \\\n    --hash=sha256:ab12 \\\n    --hash sha512:cd\n", "P 1 numpy==1.0");
    assert_read("num\\\r\npy", "P 1 numpy");
}

static void test_options(void **state)
{
    assert_read("--index-url https://pypi.example.org/simple\n-i https://example.org\n"
                "--extra-index-url=https://x.org\n--no-index\n--pre\n--require-hashes\n"
                "--no-binary :all:\n--only-binary=numpy\n--prefer-binary\n"
                "--trusted-host x.org\n--use-feature=fast-deps\n",
        "O 1 --index-url\nO 2 --index-url\nO 3 --extra-index-url\nO 4 --no-index\nO 5 --pre\n"
        "O 6 --require-hashes\nO 7 --no-binary\nO 8 --only-binary\nO 9 --prefer-binary\n"
        "O 10 --trusted-host\nO 11 --use-feature");
    assert_read("--no-index --find-links ./wheels", "O 1 --no-index\nL 1 ./wheels -> wheels");
    assert_read("-f https://example.org/links.html", "U 1 https://example.org/links.html");
    assert_read("--extra https://x.org", "O 1 --extra-index-url");
    assert_read("a --global-option=\"-O 2\" --config-settings 'k=v w'", "P 1 a");
    assert_read("a -C k=v", "P 1 a");
}

static void test_other_files(void **state)
{
    assert_read("-r base.txt\n-rmore/gpu.txt\n--requirement=./x.txt\n-c limits.txt\n",
        "I 1 base.txt -> base.txt\nI 2 more/gpu.txt -> more/gpu.txt\nI 3 ./x.txt -> x.txt\n"
        "C 4 limits.txt -> limits.txt");
    assert_read("-r 'with blank.txt'", "I 1 with blank.txt -> with blank.txt");
    assert_read("-r https://example.org/r.txt", "U 1 https://example.org/r.txt");
    assert_read("-e ./pkg[gpu]\n-e .\n", "F 1 ./pkg -> pkg\nF 2 . -> .");
    assert_read(
        "-e git+https://example.org/a.git#egg=a", "U 1 git+https://example.org/a.git#egg=a");
    assert_read("./pkg\n./pkg[x] ; python_version > '3'\nwheels/a-1-py3-none-any.whl\nb-1.tar.gz",
        "F 1 ./pkg -> pkg\nF 2 ./pkg -> pkg\n"
        "F 3 wheels/a-1-py3-none-any.whl -> wheels/a-1-py3-none-any.whl\nF 4 b-1.tar.gz -> "
        "b-1.tar.gz");
    assert_read("https://example.org/a.whl ; python_version > '3'",
        "U 1 https://example.org/a.whl ; python_version > '3'");
    assert_read("a/./b//../c/pkg.zip", "F 1 a/./b//../c/pkg.zip -> a/c/pkg.zip");
}

/* -r, -c and --find-links start at their own file, packages at the first one's folder. */
static void test_a_file_in_a_folder(void **state)
{
    assert_in("sub", "-r ../base.txt\n-c limits.txt\n-e ./pkg\n-f wheels\n",
        "I 1 ../base.txt -> base.txt\nC 2 limits.txt -> sub/limits.txt\nF 3 ./pkg -> pkg\n"
        "L 4 wheels -> sub/wheels");
}

static void test_outside(void **state)
{
    assert_refused_text("numpy\n-r ../base.txt", "line 2: this lies outside the folder");
    assert_refused_text("-c /etc/limits.txt", "line 1: this lies outside");
    assert_refused_text("-e a/../../b", "line 1: this lies outside");
    assert_refused_text("/home/ada/pkg.whl", "line 1: this lies outside");
    assert_refused_text("file:///home/ada/pkg.whl", "line 1: this lies outside");
    assert_refused_text("a @ file:///home/ada/pkg.whl", "line 1: this lies outside");
    assert_refused_text("-e file:.", "line 1: this lies outside");
    assert_refused_text("-r file:base.txt", "line 1: this lies outside");
    assert_refused_text("-r ${FOLDER}/base.txt", "line 1: a path cannot hold a variable");
    assert_refused_text("numpy==${NPV}",
        "line 1: a package cannot hold a variable: nobody sets it in the build\n"
        "  numpy==${NPV}\n"
        "         ^");
    assert_refused_text("numpy==1.${MINOR}", "a package cannot hold a variable");
    assert_refused_text("${NAME}==1", "a package cannot hold a variable");
    assert_refused_text("a @ https://${TOKEN}@b.org/a.whl", "a package cannot hold a variable");
    assert_refused_text("numpy==${lower}", "a version was expected");
}

static void test_variables(void **state)
{
    static const char text[] = "--index-url https://${USER_NAME}:${TOKEN_1}@example.org/simple\n"
                               "--extra-index-url https://${lower}.org/${} # ${COMMENT}\n"
                               "git+https://${TOKEN_1}@example.org/a.git\n";
    _cleanup_(requirements_file_release) struct requirements_file file = {0};

    assert_int_equal(requirements_file_parse(text, strlen(text), "", &file, NULL), 0);
    _cleanup_free_ char *names = strv_join(&file.variables, " ");
    assert_string_equal(names, "USER_NAME TOKEN_1");
}

static void test_carets(void **state)
{
    assert_refused_text("numpy\npandas=1.0\n", "line 2: ");
    assert_refused_text("numpy\npandas=1.0\n", "\n  pandas=1.0\n        ^");
    assert_refused_text("numpy \\\n  >=1 \\\n  !2\n", "line 3: ");
    assert_refused_text("numpy \\\n  >=1 \\\n  !2\n", "\n    !2\n    ^");
    assert_refused_text("  --nonsense x", "line 1: pip knows no such option in this file\n"
                                          "    --nonsense x\n    ^");
    assert_refused_text("a --hash=md5:12", "line 1: a hash is written --hash=sha256:DIGITS");
    assert_refused_text("caf\xc3\xa9", "\n  caf\xc3\xa9\n     ^");
}

static void test_refused(void **state)
{
    assert_refused_text("numpy pandas", "line 1: a version, an extra in '[]'");
    assert_refused_text("numpy --no-index", "line 1: this option needs a line of its own");
    assert_refused_text("--hash=sha256:ab", "line 1: this belongs behind a package");
    assert_refused_text("-r a.txt b.txt", "line 1: pip would not read this");
    assert_refused_text("-r a.txt -r b.txt", "line 1: pip reads nothing beside -r, -c or -e");
    assert_refused_text("--pre -e ./a", "line 1: pip reads nothing beside -r, -c or -e");
    assert_refused_text("-r", "line 1: this option needs a value");
    assert_refused_text("--no-index=1", "line 1: this option takes no value");
    assert_refused_text("--no https://x", "line 1: pip knows no such option");
    assert_refused_text("-r 'a.txt", "line 1: this quote is never closed");
    assert_refused_text("-e https://example.org/a", "line 1: -e takes a folder");
    assert_refused_text("https://example.org/a b", "line 1: a URL ends at a blank");
    assert_refused_text("-", "line 1: pip knows no such option");
    assert_refused_text("--", "line 1: pip knows no such option");
    assert_refused_text("numpy\n\x1b[31m", "line 2: there is a character that is no text");
    assert_refused_text("numpy \\ \n>=1", "line 1: ");
}

static void test_bounds(void **state)
{
    struct requirements_file file = {0};
    struct error err = ERROR_INIT;
    _cleanup_free_ char *large = xcalloc(REQUIREMENTS_TEXT_MAX + 1, 1);

    assert_refused(requirements_file_parse(large, REQUIREMENTS_TEXT_MAX + 1, "", &file, &err), err,
        "larger than");
    assert_refused(requirements_file_parse("a\0b", 3, "", &file, &err), err, "no text");
    memset(large, 'a', REQUIREMENTS_TEXT_MAX);
    assert_refused(requirements_file_parse(large, REQUIREMENTS_TEXT_MAX, "", &file, &err), err,
        "line 1: it is too long");
    for (size_t i = 1; i < REQUIREMENTS_TEXT_MAX; i += 2)
        large[i] = '\n';
    assert_refused(requirements_file_parse(large, REQUIREMENTS_TEXT_MAX, "", &file, &err), err,
        "line 10001: there are more lines");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packages),
        cmocka_unit_test(test_comments),
        cmocka_unit_test(test_continued_lines),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_other_files),
        cmocka_unit_test(test_a_file_in_a_folder),
        cmocka_unit_test(test_outside),
        cmocka_unit_test(test_variables),
        cmocka_unit_test(test_carets),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
