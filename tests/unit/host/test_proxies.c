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
    struct proxies set = {.https = (char *)"s", .none = (char *)"n"};
    struct proxies environment = {.http = (char *)"e"};

    assert_found(none, none, "");
    assert_found(none, environment, "HTTP_PROXY=e http_proxy=e");
    assert_found(none, (struct proxies){.none = (char *)"lonely"}, "");
    write_docker_config("{\"proxies\":{\"default\":{\"httpProxy\":\"d\",\"noProxy\":\"x,y\"}}}");
    assert_found(none, environment, "HTTP_PROXY=d http_proxy=d NO_PROXY=x,y no_proxy=x,y");
    assert_found(set, environment, "HTTPS_PROXY=s https_proxy=s NO_PROXY=n no_proxy=n");
    assert_found((struct proxies){.none = (char *)"n"}, environment,
        "HTTP_PROXY=d http_proxy=d NO_PROXY=n no_proxy=n");
    write_docker_config("{\"auths\":{}}");
    assert_found(none, environment, "HTTP_PROXY=e http_proxy=e");
}

static int prepare(void **state)
{
    return playground_make(state) || unsetenv("DOCKER_CONFIG");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_who_goes_first)};

    return cmocka_run_group_tests(tests, prepare, playground_remove);
}
