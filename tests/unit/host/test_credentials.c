#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/file.h"
#include "host/credentials.h"
#include "playground.h"

static void write_config(const char *text)
{
    _cleanup_free_ char *path = in_playground("config.json");

    assert_int_equal(file_write_at(AT_FDCWD, path, text, strlen(text), 0600, NULL), 0);
}

/* What is sent for a registry, decoded; NULL where nothing is. */
static char *sent_for(const char *domain)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *header = NULL;
    char *text = NULL;
    size_t length;

    if (credentials_for(&caller, domain, &header, &err) < 0)
        fail_msg("%s", err.message);
    if (!header)
        return NULL;
    for (char *at = header; *at; at++)
        *at = *at == '-' ? '+' : *at == '_' ? '/' : *at;
    assert_int_equal(base64_decode(header, strlen(header), &text, &length, NULL), 0);
    return text;
}

static void assert_sent(const char *domain, const char *part)
{
    _cleanup_free_ char *sent = sent_for(domain);

    if (!part && sent)
        fail_msg("%s was sent %s", domain, sent);
    if (part)
        assert_says(sent, part);
}

static void test_entries_as_docker_finds_them(void **state)
{
    /* user:word, u:1, u:2 */
    write_config("{\"auths\":{\"https://reg.lab:5000/v1/\":{\"auth\":\"dXNlcjp3b3Jk\"},"
                 "\"http://old.lab\":{\"auth\":\"dTox\"},\"plain.lab\":{\"auth\":\"dToy\"},"
                 "\"https://index.docker.io/v1/\":{\"auth\":\"dTox\"},"
                 "\"typed.lab/path\":{\"username\":\"me\",\"password\":\"p:w\"},"
                 "\"token.lab\":{\"auth\":\"dTox\",\"identitytoken\":\"t0\"},"
                 "\"empty.lab\":{}}}");
    assert_sent("reg.lab:5000", "\"username\":\"user\",\"password\":\"word\"");
    assert_sent("old.lab", "\"password\":\"1\"");
    assert_sent("plain.lab", "\"password\":\"2\"");
    assert_sent("docker.io", "\"serveraddress\":\"https:\\/\\/index.docker.io\\/v1\\/\"");
    assert_sent("typed.lab", "\"username\":\"me\",\"password\":\"p:w\"");
    assert_sent("token.lab", "\"identitytoken\":\"t0\"");
    assert_sent("empty.lab", NULL);
    assert_sent("reg.lab", NULL);
    assert_sent("lab:5000", NULL);
}

static void test_no_file_is_no_password(void **state)
{
    _cleanup_free_ char *path = in_playground("config.json");

    unlink(path);
    assert_sent("reg.lab", NULL);
}

static void put_program(const char *name, const char *script)
{
    _cleanup_free_ char *path = in_playground(name);

    assert_int_equal(file_write_at(AT_FDCWD, path, script, strlen(script), 0755, NULL), 0);
}

static void test_stores_are_asked(void **state)
{
    put_program("docker-credential-vault",
        "#!/bin/sh\nread -r registry; [ \"$registry\" = reg.lab ] ||\n"
        "{ echo 'credentials not found in native keychain'; exit 1; }\n"
        "echo '{\"Username\":\"v\",\"Secret\":\"s\"}'\n");
    put_program("docker-credential-other", "#!/bin/sh\n"
                                           "echo '{\"Username\":\"<token>\",\"Secret\":\"t1\"}'\n");
    write_config("{\"auths\":{\"reg.lab\":{},\"none.lab\":{}},\"credsStore\":\"vault\","
                 "\"credHelpers\":{\"other.lab\":\"other\"}}");
    assert_sent("reg.lab", "\"username\":\"v\",\"password\":\"s\"");
    assert_sent("other.lab", "\"identitytoken\":\"t1\"");
    assert_sent("none.lab", NULL);
}

static void test_failures_name_the_cure(void **state)
{
    static const char *const configs[] = {
        "{\"auths\":{\"reg.lab\":{\"auth\":\"!\"}}}",
        "{\"auths\":{\"reg.lab\":{\"auth\":\"dXNlcg==\"}}}",
        "{\"credsStore\":\"absent\"}",
        "{\"credsStore\":\"../x\"}",
    };

    for (size_t i = 0; i < ELEMENTS(configs); i++) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        _cleanup_free_ char *header = NULL;
        write_config(configs[i]);
        assert_int_equal(credentials_for(&caller, "reg.lab", &header, &err), -1);
        assert_says(err.message, "cannot tell the password for reg.lab");
        assert_says(err.hint, "docker login reg.lab");
        assert_null(header);
    }
}

static void test_damaged_file(void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *header = NULL;

    write_config("{");
    assert_int_equal(credentials_for(&caller, "reg.lab", &header, &err), -1);
    assert_says(err.message, "/config.json");
}

static int prepare(void **state)
{
    if (playground_make(state) < 0)
        return -1;
    _cleanup_free_ char *path = xasprintf("%s:%s", playground, getenv("PATH"));
    return setenv("DOCKER_CONFIG", playground, 1) || setenv("PATH", path, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries_as_docker_finds_them),
        cmocka_unit_test(test_no_file_is_no_password),
        cmocka_unit_test(test_stores_are_asked),
        cmocka_unit_test(test_failures_name_the_cure),
        cmocka_unit_test(test_damaged_file),
    };

    return cmocka_run_group_tests(tests, prepare, playground_remove);
}
