#include "check.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "host/proxies.h"
#include "playground.h"

static void write_docker_config(const char *text)
{
    _cleanup_free_ char *path = in_playground(".docker");
    _cleanup_close_ int dir = dir_make_at(AT_FDCWD, path, 0700, NULL, NULL);

    assert_int_equal(file_write_at(dir, "config.json", text, strlen(text), 0600, NULL), 0);
}

/* "HTTP_PROXY=a http_proxy=a", for this configuration. */
static char *found(struct proxies settings, struct proxies environment)
{
    const struct config config = {.proxies = settings, .environment_proxies = environment};
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_(strmap_release) struct strmap map = STRMAP_INIT;
    _cleanup_(strv_release) struct strv words = STRV_INIT;

    if (proxies_find(&config, &caller, &map, &err) < 0)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < map.count; i++)
        strv_take(&words, xasprintf("%s=%s", map.entries[i].key, map.entries[i].value));
    return strv_join(&words, " ");
}

static void assert_found(struct proxies settings, struct proxies environment, const char *expected)
{
    _cleanup_free_ char *seen = found(settings, environment);

    assert_string_equal(seen, expected);
}

static void test_who_goes_first(void **state)
{
    struct proxies none = {0};
    struct proxies set = {.https = (char *)"s:1", .none = (char *)"n"};
    struct proxies environment = {.http = (char *)"e:1"};

    assert_found(none, none, "");
    assert_found(none, environment, "HTTP_PROXY=e:1 http_proxy=e:1");
    assert_found(none, (struct proxies){.none = (char *)"lonely"}, "");
    write_docker_config("{\"proxies\":{\"default\":{\"httpProxy\":\"d:1\",\"noProxy\":\"x,y\"}}}");
    assert_found(none, environment, "HTTP_PROXY=d:1 http_proxy=d:1 NO_PROXY=x,y no_proxy=x,y");
    assert_found(set, environment, "HTTPS_PROXY=s:1 https_proxy=s:1 NO_PROXY=n no_proxy=n");
    assert_found((struct proxies){.none = (char *)"n"}, environment,
        "HTTP_PROXY=d:1 http_proxy=d:1 NO_PROXY=n no_proxy=n");
    write_docker_config("{\"auths\":{}}");
    assert_found(none, environment, "HTTP_PROXY=e:1 http_proxy=e:1");
}

/* An empty variable says that there is none, whatever the file, docker or the environment name. */
static void test_empty_variable(void **state)
{
    static const char text[] = "http_proxy: lab:1\nhttps_proxy: lab:2\n";
    _cleanup_free_ char *path = in_playground(".ds01-config");
    _cleanup_close_ int dir = dir_make_at(AT_FDCWD, path, 0700, NULL, NULL);

    write_docker_config("{\"proxies\":{\"default\":{\"httpProxy\":\"d:1\"}}}");
    assert_int_equal(file_write_at(dir, "config.yaml", text, strlen(text), 0600, NULL), 0);
    setenv("http_proxy", "e:1", 1);
    for (int i = 0; i < 3; i++) {
        _cleanup_(config_release) struct config config = {0};
        _cleanup_(strmap_release) struct strmap map = STRMAP_INIT;
        assert_int_equal(config_load(&caller, &config, NULL), 0);
        assert_int_equal(proxies_find(&config, &caller, &map, NULL), 0);
        assert_int_equal(map.count, 4 - 2 * i);
        setenv(i == 0 ? "DS01_HTTP_PROXY" : "DS01_HTTPS_PROXY", "", 1);
    }
    unsetenv("http_proxy");
    unsetenv("DS01_HTTP_PROXY");
    unsetenv("DS01_HTTPS_PROXY");
    assert_int_equal(unlinkat(dir, "config.yaml", 0), 0);
}

static void assert_no_proxy(struct proxies settings, struct proxies environment, const char *part)
{
    const struct config config = {.proxies = settings, .environment_proxies = environment};
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_(strmap_release) struct strmap map = STRMAP_INIT;

    assert_int_equal(proxies_find(&config, &caller, &map, &err), -1);
    assert_non_null(strstr(err.message, part));
    assert_non_null(err.hint);
    assert_int_equal(map.count, 0);
}

static void test_what_is_no_proxy(void **state)
{
    struct proxies none = {0};
    struct proxies wrong = {.https = (char *)"non sense"};

    write_docker_config("{}");
    assert_no_proxy(wrong, none, "the setting https_proxy is no address of a proxy");
    assert_no_proxy(none, wrong, "https_proxy of the environment is no address of a proxy");
    write_docker_config("{\"proxies\":{\"default\":{\"httpProxy\":\"ftp://x\"}}}");
    assert_no_proxy(none, none, ".docker/config.json: httpProxy is no address of a proxy");
    write_docker_config("{\"proxies\":{\"default\":{\"httpProxy\":3128}}}");
    assert_no_proxy(none, none, ".docker/config.json: the field proxies/default/httpProxy");
    write_docker_config("{");
    assert_no_proxy(none, none, ".docker/config.json");
}

static int prepare(void **state)
{
    return playground_make(state) || unsetenv("DOCKER_CONFIG");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_goes_first),
        cmocka_unit_test(test_empty_variable),
        cmocka_unit_test(test_what_is_no_proxy),
    };

    return cmocka_run_group_tests(tests, prepare, playground_remove);
}
