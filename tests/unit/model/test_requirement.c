#include "check.h"

#include "model/requirement.h"

static void check_pip(const char *text)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (pip_requirement_check(text, &err) < 0)
        fail_msg("%s", err.message);
}

static void check_pip_refused(const char *text, const char *part)
{
    struct error err = ERROR_INIT;

    assert_refused(pip_requirement_check(text, &err), err, part);
}

static void test_pip_names_and_extras(void **state)
{
    check_pip("numpy");
    check_pip("A");
    check_pip("zope.interface");
    check_pip("a--b_.c");
    check_pip("requests[security]");
    check_pip("requests [ security , socks ]");
    check_pip("requests[]");
    check_pip("  numpy  ");
    check_pip_refused("", "a package name was expected");
    check_pip_refused("-r requirements.txt", "a package name was expected");
    check_pip_refused("./local", "a package name was expected");
    check_pip_refused("numpy-", "ends in a letter");
    check_pip_refused("a[b", "']'");
    check_pip_refused("a[b,]", "name of an extra");
    check_pip_refused("a[,b]", "name of an extra");
    check_pip_refused("a[b c]", "']'");
    check_pip_refused("numpy,pandas", "expected");
    check_pip_refused("numpy pandas", "expected");
}

/* What pip would look for among the files, and not find in a build. */
static void test_pip_files(void **state)
{
    check_pip_refused("x.whl", "it names a file");
    check_pip_refused("x-1.0-py3-none-any.WHL", "it names a file");
    check_pip_refused("x.tar.gz[gpu]; os_name == 'posix'", "it names a file");
    check_pip("whl");
    check_pip("x.whl2");
    check_pip("x.zip==1.0");
    check_pip("x.zip @ https://host/x");
    check_pip("x.zip[a] @ https://host/x");
    char text[5000];
    memset(text, 'a', sizeof(text));
    memcpy(text, "x.whl[", 6);
    memcpy(text + sizeof(text) - 2, "]", 2);
    _cleanup_(strv_release) struct strv found = STRV_INIT;
    struct error err = ERROR_INIT;
    assert_refused(pip_requirements_from_words(text, &found, &err), err, "it names a file");
}

static void test_pip_versions(void **state)
{
    check_pip("numpy==1.26.4");
    check_pip("numpy >= 1.24, < 2");
    check_pip("numpy (>=1.24)");
    check_pip("numpy( >= 1.24 , <2 )");
    check_pip("a==1.*");
    check_pip("a!=1.2.*");
    check_pip("a~=2.1");
    check_pip("a==2!1.0a1.post2.dev3+cu118.7");
    check_pip("a==v1.0RC1");
    check_pip("a==1.0-1");
    check_pip("a>=1.0-alpha-2");
    check_pip("a===weird+version_1*");
    check_pip("torch==2.6.0+cu124");
    check_pip_refused("a==", "a version was expected");
    check_pip_refused("a=1", "'==' or '>='");
    check_pip_refused("a>=1.*", "'.*'");
    check_pip_refused("a~=2", "two numbers");
    check_pip_refused("a>=1+cu118", "'+'");
    check_pip_refused("a==1+", "letter or digit");
    check_pip_refused("a==1,", "'==' or '>='");
    check_pip_refused("a (==1", "')'");
    check_pip_refused("a==x", "a version was expected");
    check_pip_refused("a=>1", "'==' or '>='");
    check_pip_refused("a==1 2", "expected");
    check_pip_refused("a===", "a version was expected");
}

static void test_pip_urls(void **state)
{
    check_pip("pip @ https://github.com/pypa/pip/archive/1.3.1.zip#sha1=da9234ee");
    check_pip("x@git+https://host/x.git@v1.0");
    check_pip("x @ file:///tmp/x.whl ; python_version < '3.9'");
    check_pip_refused("https://host/x.whl", "expected");
    check_pip_refused("x @ nonsense", "a URL was expected");
    check_pip_refused("x @", "a URL was expected");
    check_pip_refused("x @ https://", "a URL was expected");
    check_pip_refused("x @ https://a/'b'", "cannot be in a URL");
    check_pip_refused("x @ https://a/`b`", "cannot be in a URL");
    check_pip_refused("x @ https://a/\\b", "cannot be in a URL");
}

static void test_pip_markers(void **state)
{
    check_pip("a; python_version < '3.9'");
    check_pip("a;python_version<\"3.9\"and os_name=='posix'");
    check_pip("a; (sys_platform == 'linux' or extra == 'x') and python_version not in '3.1,3.2'");
    check_pip("a; 'linux' in sys_platform");
    check_pip("a>=1; platform.machine == 'x86_64'");
    check_pip("a; platform_python_implementation == 'CPython'");
    check_pip_refused("numpy; rm -rf /", "a marker was expected after ';'");
    check_pip_refused("a;", "a marker was expected after ';'");
    check_pip_refused("a; python_version", "a comparison");
    check_pip_refused("a; python_version <", "a marker variable");
    check_pip_refused("a; python_version < '3.9", "never closed");
    check_pip_refused("a; python_version < '3.9' rm", "'and', 'or'");
    check_pip_refused("a; python_version < '3.9' and", "a marker variable");
    check_pip_refused("a; (python_version < '3.9'", "')'");
    check_pip_refused("a; os_name == '$(reboot)'", "quoted word");
    check_pip_refused("a; os_name == '`reboot`'", "quoted word");
    check_pip_refused("a; os_name == '\\'", "quoted word");
    check_pip_refused("a; os_named == 'x'", "a marker was expected");
    check_pip_refused("a; os_name inside 'x'", "a comparison");
    check_pip_refused("a; os_name not 'x'", "'in' was expected");
    check_pip_refused("a; ((((((((((((((((((os_name=='x'))))))))))))))))))", "too many");
}

static void test_pip_never_passes(void **state)
{
    check_pip_refused("a\n", "printable");
    check_pip_refused("a==1\nRUN reboot", "printable");
    check_pip_refused("a\r", "printable");
    check_pip_refused("a\033", "printable");
    check_pip_refused("n\u00FCmpy", "printable");
    check_pip_refused("a'b", "expected");
    check_pip_refused("a\"b", "expected");
    check_pip_refused("a`b`", "expected");
    check_pip_refused("a$(b)", "expected");
    check_pip_refused("a|b", "expected");
    check_pip_refused("a&b", "expected");
    check_pip_refused("a\\b", "expected");
    check_pip_refused("a<<EOF", "a version was expected");
}

static void check_pip_message(const char *text, const char *message)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    assert_int_equal(pip_requirement_check(text, &err), -1);
    assert_string_equal(err.message, message);
    assert_non_null(err.hint);
}

static void test_error_shows_the_place(void **state)
{
    check_pip_message("numpy; rm -rf /",
        "'numpy; rm -rf /' is not a package requirement: a marker was expected after ';'\n"
        "  numpy; rm -rf /\n"
        "         ^");
    check_pip_message("a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a\u00E9\u00E9",
        "'a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a\u00E9...' is not a package "
        "requirement: only printable ASCII can be in it\n"
        "  a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a\u00E9\u00E9\n"
        "                                                             ^");
    /* A letter of two bytes is one, and takes one place; what steers a terminal is not repeated. */
    check_pip_message("caf\u00E9",
        "'caf\u00E9' is not a package requirement: only printable ASCII can be in it\n"
        "  caf\u00E9\n"
        "     ^");
    check_pip_message("a\xC3\033[2J\u202E\u4E2Db",
        "'a??[2J?\u4E2Db' is not a package requirement: only printable ASCII can be in it\n"
        "  a??[2J?\u4E2Db\n"
        "   ^");
}

static void check_pip_hint(const char *words, const char *hint)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_(strv_release) struct strv found = STRV_INIT;

    assert_int_equal(pip_requirements_from_words(words, &found, &err), -1);
    assert_string_equal(err.hint, hint);
}

static void test_hints(void **state)
{
    static const char url[] = "put the package's name in front: NAME @ URL";
    static const char commas[] = "put blanks between packages, not commas";
    static const char file[] = "what a requirements.txt names is installed with -r FILE";
    static const char package_file[] = "a package in a file is installed with -r: name its path, "
                                       "as in ./x.whl, in a requirements.txt";
    static const char form[] = "write NAME, NAME==1.2, 'NAME>=1.2,<2' or 'NAME[EXTRA]'";
    static const char names[] = "type only the names of the packages";
    _cleanup_(error_release) struct error err = ERROR_INIT;

    check_pip_hint("https://a.org/b-1.0.whl", url);
    check_pip_hint("git+https://a.org/b@main", url);
    check_pip_hint("git+ssh://git@a.org/b", url);
    check_pip_hint("numpy, pandas", commas);
    check_pip_hint("numpy,pandas", commas);
    check_pip_hint("-e .", "options of pip have no place here; name packages only");
    check_pip_hint("numpy==1.26, pandas", commas);
    check_pip_hint("numpy==1.26,pandas", commas);
    check_pip_hint("numpy==1.26,", commas);
    check_pip_hint("numpy==1.26\n# and\npandas", file);
    check_pip_hint("numpy==1.26  # pinned", file);
    check_pip_hint("./x.whl", package_file);
    check_pip_hint("../x", package_file);
    check_pip_hint("numpy x.whl", package_file);
    check_pip_hint("numpy ~/x", package_file);
    check_pip_hint("numpy~1.26", form);
    check_pip_hint("numpy==1.26.", form);
    check_pip_hint("numpy==1.x", form);
    check_pip_hint("conda-forge/numpy", form);
    check_pip_hint("pip install numpy", names);
    check_pip_hint("python -m pip install numpy", names);
    check_pip_hint("numpy>=1,,<2", form);
    assert_int_equal(apt_package_check("git,vim", &err), -1);
    assert_string_equal(err.hint, commas);
}

static void test_error_is_bounded(void **state)
{
    char text[2001];
    _cleanup_(error_release) struct error err = ERROR_INIT;

    memset(text, 'a', sizeof(text));
    text[1500] = '!';
    text[2000] = '\0';
    assert_int_equal(pip_requirement_check(text, &err), -1);
    assert_true(strlen(err.message) < 400);
    const char *shown = strchr(err.message, '\n') + 1;
    const char *caret = strchr(shown, '\n') + 1;
    assert_int_equal(shown[strcspn(caret, "^")], '!');
}

static void check_words(const char *text, const char *expected)
{
    _cleanup_(strv_release) struct strv found = STRV_INIT;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (pip_requirements_from_words(text, &found, &err) < 0)
        fail_msg("%s", err.message);
    _cleanup_free_ char *joined = strv_join(&found, "|");
    assert_string_equal(joined, expected);
}

static void test_pip_words(void **state)
{
    check_words("", "");
    check_words("  ", "");
    check_words("numpy", "numpy");
    check_words("numpy pandas\tscipy ", "numpy|pandas|scipy");
    check_words("numpy >= 1.24 pandas", "numpy>=1.24|pandas");
    check_words("numpy>=1.24, <2 pandas==2.*", "numpy>=1.24,<2|pandas==2.*");
    check_words("numpy (>= 1.24) pandas", "numpy>=1.24|pandas");
    check_words("requests [ security , socks ] x", "requests[security,socks]|x");
    check_words("x @ https://host/x.whl y", "x @ https://host/x.whl|y");
    check_words("x @ https://host/x.whl ; os_name=='nt'", "x @ https://host/x.whl ; os_name=='nt'");
    check_words("\na==1\r\n\n b;os_name=='nt'\nc\n", "a==1|b; os_name=='nt'|c");
    check_words("a b;python_version < '3.9' ", "a|b; python_version < '3.9'");
}

static void test_pip_words_refused(void **state)
{
    _cleanup_(strv_release) struct strv found = STRV_INIT;
    struct error err = ERROR_INIT;

    strv_push(&found, "kept");
    assert_refused(
        pip_requirements_from_words("a; os_name=='nt' b", &found, &err), err, "'and', 'or'");
    assert_refused(pip_requirements_from_words("a b,c", &found, &err), err, "expected");
    assert_refused(pip_requirements_from_words("a\vb", &found, &err), err, "printable");
    assert_refused(pip_requirements_from_words("-r file", &found, &err), err, "expected");
    /* Nothing of a value that is refused is taken. */
    assert_int_equal(found.count, 1);
}

static void check_name(const char *text, const char *expected)
{
    _cleanup_free_ char *name = pip_requirement_name(text);

    assert_string_equal(name, expected);
}

static void test_normalised_names(void **state)
{
    check_name("numpy", "numpy");
    check_name("Friendly-._.Bard>=1", "friendly-bard");
    check_name("Zope.Interface [x]", "zope-interface");
    check_name(" a_b; os_name=='nt'", "a-b");
    check_name("", "");
}

static void check_apt(const char *text)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (apt_package_check(text, &err) < 0)
        fail_msg("%s", err.message);
}

static void check_apt_refused(const char *text, const char *part)
{
    struct error err = ERROR_INIT;

    assert_refused(apt_package_check(text, &err), err, part);
}

static void test_apt(void **state)
{
    check_apt("git");
    check_apt("g++");
    check_apt("libstdc++6");
    check_apt("7zip");
    check_apt("libc6:i386");
    check_apt("git=1:2.39.2-1~bpo11+1");
    check_apt("git:amd64=2.39");
    check_apt("git/bookworm-backports");
    check_apt("libcudnn8=8.9.*");
    check_apt("git=*");
    check_apt_refused("", "begins with");
    check_apt_refused("-y", "begins with");
    check_apt_refused("Git", "begins with");
    check_apt_refused("g", "two characters");
    check_apt_refused("a_b", "this cannot be in");
    check_apt_refused("./x.deb", "it names a file");
    check_apt_refused("x_1.0_amd64.deb", "it names a file");
    check_apt_refused("x.deb", "it names a file");
    check_apt_refused("linux-image-*", "this cannot be in");
    check_apt_refused("git-", "end in '-'");
    check_apt_refused("git=", "version");
    check_apt_refused("git:", "architecture");
    check_apt_refused("git/", "release");
    check_apt_refused("git;reboot", "cannot be");
    check_apt_refused("git$(x)", "cannot be");
    check_apt_refused("git=1/stable", "cannot be");
    check_apt_refused("gi*", "cannot be");
    check_apt_refused("git:*", "architecture");
    check_apt_refused("git/book*", "cannot be");
    check_apt_refused("git\n", "printable");
    check_apt_refused("git curl", "cannot be");
}

static void test_apt_words(void **state)
{
    _cleanup_(strv_release) struct strv found = STRV_INIT;
    struct error err = ERROR_INIT;

    assert_int_equal(apt_packages_from_words(" git  curl=1.2 ", &found, NULL), 0);
    assert_int_equal(found.count, 2);
    assert_string_equal(found.items[1], "curl=1.2");
    assert_refused(apt_packages_from_words("vim git;x", &found, &err), err, "'git;x'");
    assert_refused(apt_packages_from_words("vim\ag", &found, &err), err, "printable");
    assert_refused(apt_packages_from_words("sudo apt-get install -y git", &found, &err), err,
        "'apt-get install' is a command");
    assert_int_equal(found.count, 2);
    assert_int_equal(apt_packages_from_words("vim\n\ngit\r\n", &found, NULL), 0);
    assert_int_equal(found.count, 4);
    assert_string_equal(found.items[3], "git");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pip_names_and_extras),
        cmocka_unit_test(test_pip_files),
        cmocka_unit_test(test_pip_versions),
        cmocka_unit_test(test_pip_urls),
        cmocka_unit_test(test_pip_markers),
        cmocka_unit_test(test_pip_never_passes),
        cmocka_unit_test(test_error_shows_the_place),
        cmocka_unit_test(test_hints),
        cmocka_unit_test(test_error_is_bounded),
        cmocka_unit_test(test_pip_words),
        cmocka_unit_test(test_pip_words_refused),
        cmocka_unit_test(test_normalised_names),
        cmocka_unit_test(test_apt),
        cmocka_unit_test(test_apt_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
