#include "check.h"

#include <dirent.h>
#include <fcntl.h>

#include "base/file.h"
#include "model/lab_network.h"

#define FIXTURE_MAX ((size_t)256 << 10)

static const char *directory; /* of Dockerfiles of every style */

static const struct lab_network whole = {
    .pip_index_url = "http://user:word@pypi.lab:8080/simple/",
    .pip_extra_index_url = "https://one.lab/simple http://two.lab/x",
    .apt_mirror = "http://mirror.lab/pub//",
    .certificates = "-----BEGIN CERTIFICATE-----\nTUlJ\r\nQ29v\n-----END CERTIFICATE-----\n",
};

static char *file_of(const struct lab_network *network, const char *name)
{
    struct lab_file files[LAB_FILES_MAX];
    size_t count = lab_network_files(network, files);
    char *found = NULL;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(files[i].name, name) == 0)
            found = files[i].text;
        else
            free(files[i].text);
    }
    return found;
}

static void test_files(void **state)
{
    const struct lab_network only_index = {.pip_index_url = "https://pypi.lab/simple"};
    const struct lab_network nothing = {0};
    struct lab_file files[LAB_FILES_MAX];
    _cleanup_free_ char *pip = file_of(&whole, "pip.conf");
    _cleanup_free_ char *apt = file_of(&whole, "apt.conf");
    _cleanup_free_ char *mirror = file_of(&whole, "apt-mirror");
    _cleanup_free_ char *small = file_of(&only_index, "pip.conf");

    assert_string_equal(pip, "[global]\n"
                             "extra-index-url =\n"
                             "    https://one.lab/simple\n"
                             "    http://two.lab/x\n"
                             "index-url = http://user:word@pypi.lab:8080/simple/\n"
                             "trusted-host =\n"
                             "    two.lab\n"
                             "    pypi.lab:8080\n"
                             "cert = /dev/ds01/ca.crt\n");
    assert_non_null(strstr(apt, "Acquire::https::CAInfo \"/dev/ds01/ca.crt\";\n"));
    assert_string_equal(mirror, "http://mirror.lab/pub");
    assert_string_equal(small, "[global]\nindex-url = https://pypi.lab/simple\n");
    assert_null(file_of(&only_index, "apt.conf"));
    assert_int_equal(lab_network_files(&nothing, files), 0);
}

static void test_settings_that_are_none(void **state)
{
    static const struct {
        struct lab_network network;
        const char *sentence;
    } cases[] = {
        {{.pip_index_url = "pypi.lab/simple"}, "pip_index_url is no URL"},
        {{.pip_index_url = "ftp://pypi.lab/"}, "pip_index_url is no URL"},
        {{.pip_index_url = "http://a/ http://b/"}, "pip_index_url holds a blank"},
        {{.pip_extra_index_url = "http://a/ b"}, "pip_extra_index_url is no URL"},
        {{.apt_mirror = "http:///pub"}, "apt_mirror is no URL"},
        {{.apt_mirror = "http://a\";x"}, "apt_mirror is no URL"},
        {{.certificates = "DER"}, "no whole certificate"},
        {{.certificates = "-----BEGIN CERTIFICATE-----\nTUlJ\n"}, "no whole certificate"},
        {{.certificates = "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n"},
            "no whole certificate"},
        {{.certificates = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"},
            "no whole certificate"},
        {{.certificates = "-----BEGIN CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY-----\n"},
            "a private key"},
    };

    assert_int_equal(lab_network_check(&whole, NULL), 0);
    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        assert_int_equal(lab_network_check(&cases[i].network, &err), -1);
        assert_int_equal(err.code, ERROR_FAILED);
        if (!strstr(err.message, cases[i].sentence))
            fail_msg("%s", err.message);
    }
}

static void test_proxies(void **state)
{
    static const char *const taken[] = {"http://proxy.lab:3128", "HTTPS://proxy.lab/",
        "proxy.lab:3128", "socks5h://10.0.0.1:1080", "http://lab:s3cret;@10.0.0.1:3128/",
        "http://[::1]:3128", "http://u:p%40w@proxy", ""};
    static const char *const refused[] = {"nonsense", "nonsense with spaces", "ftp://x",
        "ftp://x:1", "http://x\"; touch /pwn; \"", "http://", "http://:3128",
        "http://x:", "http://x:0", "http://x:65536", "http://x:1y", "http://[::1", "http://x\n",
        "http://u:p w@x:1"};

    assert_int_equal(lab_network_check_proxy("x", NULL, NULL), 0);
    for (size_t i = 0; i < ELEMENTS(taken); i++)
        if (lab_network_check_proxy("x", taken[i], NULL) < 0)
            fail_msg("refused: %s", taken[i]);
    for (size_t i = 0; i < ELEMENTS(refused); i++) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        if (lab_network_check_proxy("the setting http_proxy", refused[i], &err) == 0)
            fail_msg("taken: %s", refused[i]);
        assert_string_equal(err.message, "the setting http_proxy is no address of a proxy");
    }
}

static void cut_out(char *text, const char *part)
{
    for (char *at = text; (at = strstr(at, part));)
        memmove(at, at + strlen(part), strlen(at + strlen(part)) + 1);
}

/* Every instruction is where it was and says what it said, but for the flags behind RUN. */
static void check_mounted(const struct dockerfile *file, const char *text, size_t length,
    const struct strv *flags, const char *name)
{
    _cleanup_(dockerfile_freep) struct dockerfile *mounted = NULL;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (dockerfile_parse(text, length, &mounted, &err) < 0)
        fail_msg("%s: %s", name, err.message);
    assert_int_equal(mounted->count, file->count);
    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *before = &file->instructions[i];
        const struct dockerfile_instruction *after = &mounted->instructions[i];
        _cleanup_free_ char *rest = xstrdup(after->arguments);
        assert_int_equal(after->first_line, before->first_line);
        assert_int_equal(after->last_line, before->last_line);
        assert_string_equal(after->keyword, before->keyword);
        bool is_run = strcmp(before->keyword, "RUN") == 0;
        assert_int_equal(is_run, strstr(rest, "from=ds01-network:1,") != NULL);
        for (size_t k = 0; k < flags->count; k++)
            cut_out(rest, flags->items[k] + 1);
        assert_string_equal(rest + strspn(rest, " \t"), before->arguments);
    }
}

static void check_fixture(int folder, const char *name)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_(strv_release) struct strv flags = STRV_INIT;
    _cleanup_(strbuf_release) struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_free_ char *text = NULL;
    size_t length;

    if (file_read_at(folder, name, FIXTURE_MAX, &text, &length, &err) < 0)
        fail_msg("%s: %s", name, err.message);
    if (dockerfile_parse(text, length, &file, NULL) < 0)
        return; /* no Dockerfile, or a broken one */
    lab_network_mount(file, &whole, "ds01-network:1", &out, &flags);
    check_mounted(file, strbuf_text(&out), out.length, &flags, name);
}

static void test_every_style(void **state)
{
    DIR *stream = opendir(directory);
    int count = 0;

    assert_non_null(stream);
    for (struct dirent *entry; (entry = readdir(stream));)
        if (entry->d_type == DT_REG) {
            check_fixture(dirfd(stream), entry->d_name);
            count++;
        }
    closedir(stream);
    assert_true(count > 60);
}

static void assert_mounted(
    const struct lab_network *network, const char *text, const char *expected)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
    _cleanup_(strv_release) struct strv flags = STRV_INIT;
    _cleanup_(strbuf_release) struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);

    assert_int_equal(dockerfile_parse(text, strlen(text), &file, NULL), 0);
    lab_network_mount(file, network, "n:1", &out, &flags);
    assert_string_equal(strbuf_text(&out), expected);
}

#define FOLDER " --mount=type=bind,from=n:1,target=/dev/ds01"
#define PIP    " --mount=type=bind,from=n:1,source=/pip.conf,target=/etc/xdg/pip/pip.conf"
#define APT    " --mount=type=bind,from=n:1,source=/apt.conf,target=/etc/apt/apt.conf.d/99ds01"

static void test_places(void **state)
{
    const struct lab_network pip = {.pip_index_url = "http://a/"};
    const struct lab_network apt = {.apt_mirror = "http://a/"};

    assert_mounted(&whole, "FROM x\nRUN a\n", "FROM x\nRUN" FOLDER PIP APT " a\n");
    assert_mounted(&pip, "FROM x\n  run\ta", "FROM x\n  run" FOLDER PIP "\ta");
    assert_mounted(&apt, "FROM x\nRUN\\\n a\n", "FROM x\nRUN" FOLDER APT " \\\n a\n");
    assert_mounted(&pip, "FROM x\nRUN --mount=type=cache,target=/c \\\n# no\n a\n",
        "FROM x\nRUN" FOLDER PIP " --mount=type=cache,target=/c \\\n# no\n a\n");
    assert_mounted(&pip, "FROM x\nONBUILD RUN a\nCOPY RUN /\nRUN [\"a\"]\n",
        "FROM x\nONBUILD RUN a\nCOPY RUN /\nRUN" FOLDER PIP " [\"a\"]\n");
    /* Who writes the file itself must find it writable. */
    assert_mounted(&pip, "FROM x\nRUN echo >/etc/xdg/pip/pip.conf\n",
        "FROM x\nRUN" FOLDER " echo >/etc/xdg/pip/pip.conf\n");
    assert_mounted(&pip, "FROM x\n", "FROM x\n");
}

static void test_servers_on_this_machine(void **state)
{
    static const struct {
        const char *url;
        bool local;
    } cases[] = {
        {"http://127.0.0.1:3128", true},
        {"http://127.1.2.3", true},
        {"http://localhost/simple/", true},
        {"LOCALHOST:3128", true},
        {"https://user:a@b@localhost:8/", true},
        {"http://[::1]:80/", true},
        {"http://localhost.lab:3128", false},
        {"http://proxy.lab:3128/?localhost", false},
        {"http://proxy.lab/@localhost/", false},
        {"http://10.127.0.1", false},
        {"", false},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++)
        if (lab_network_is_local(cases[i].url) != cases[i].local)
            fail_msg("%s", cases[i].url);
}

static unsigned declared_at(const char *text)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (dockerfile_parse(text, strlen(text), &file, &err) < 0)
        fail_msg("%s", err.message);
    const struct dockerfile_instruction *found = lab_network_find_declared_proxy(file);
    return found ? found->first_line : 0;
}

static void test_declared_proxies(void **state)
{
    assert_int_equal(declared_at("FROM x\nARG A\nARG http_proxy\n"), 3);
    assert_int_equal(declared_at("ARG HTTPS_PROXY=\nFROM x\n"), 1);
    assert_int_equal(declared_at("FROM x\narg A=1 B\tNo_Proxy=x\n"), 2);
    assert_int_equal(declared_at("FROM x\nARG http_proxy_port=1\nRUN echo ARG http_proxy\n"), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_settings_that_are_none),
        cmocka_unit_test(test_proxies),
        cmocka_unit_test(test_every_style),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_servers_on_this_machine),
        cmocka_unit_test(test_declared_proxies),
    };

    if (argc < 2)
        return 2;
    directory = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
