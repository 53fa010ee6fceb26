#include "host/proxies.h"

#include "base/json.h"
#include "base/xalloc.h"
#include "host/docker_config.h"
#include "model/lab_network.h"

static const struct json_field docker_fields[] = {
    {"proxies/default/httpProxy", FIELD_STRING, offsetof(struct proxies, http), 0},
    {"proxies/default/httpsProxy", FIELD_STRING, offsetof(struct proxies, https), 0},
    {"proxies/default/noProxy", FIELD_STRING, offsetof(struct proxies, none), 0},
};

static bool name_any(const struct proxies *proxies)
{
    return proxies->http || proxies->https;
}

static void set_both(struct strmap *map, const char *capital, const char *small, const char *value)
{
    if (!value || !*value)
        return;
    strmap_set(map, capital, value);
    strmap_set(map, small, value);
}

/* `http` and `https` are what an error calls them. */
static int set_all(struct strmap *map, const struct proxies *proxies, const char *http,
    const char *https, struct error *err)
{
    if (lab_network_check_proxy(http, proxies->http, err) < 0 ||
        lab_network_check_proxy(https, proxies->https, err) < 0)
        return -1;
    set_both(map, "HTTP_PROXY", "http_proxy", proxies->http);
    set_both(map, "HTTPS_PROXY", "https_proxy", proxies->https);
    set_both(map, "NO_PROXY", "no_proxy", proxies->none);
    return 0;
}

/* *ret stays empty where there is no such file. */
static int read_docker(const struct caller *caller, struct proxies *ret, struct error *err)
{
    _cleanup_(json_put) struct json_object *docker = NULL;
    _cleanup_free_ char *path = docker_config_path(caller);

    if (docker_config_read(caller, &docker, err) < 0)
        return -1;
    if (!docker || json_decode(docker, docker_fields, ELEMENTS(docker_fields), ret, err) == 0)
        return 0;
    error_prefix(err, "%s", path);
    return error_hint(err, "mend that field in the file, or take it out");
}

static int set_docker(struct strmap *map, const struct caller *caller,
    const struct proxies *proxies, struct error *err)
{
    _cleanup_free_ char *path = docker_config_path(caller);
    _cleanup_free_ char *http = xasprintf("%s: httpProxy", path);
    _cleanup_free_ char *https = xasprintf("%s: httpsProxy", path);

    return set_all(map, proxies, http, https, err);
}

int proxies_find(
    const struct config *config, const struct caller *caller, struct strmap *ret, struct error *err)
{
    _cleanup_(proxies_release) struct proxies of_docker = {0};
    const struct proxies *environment = &config->environment_proxies;

    if (name_any(&config->proxies))
        return set_all(
            ret, &config->proxies, "the setting http_proxy", "the setting https_proxy", err);
    if (read_docker(caller, &of_docker, err) < 0)
        return -1;
    if (name_any(&of_docker)) {
        if (set_docker(ret, caller, &of_docker, err) < 0)
            return -1;
    } else if (name_any(environment) && set_all(ret, environment, "http_proxy of the environment",
                                            "https_proxy of the environment", err) < 0) {
        return -1;
    }
    if (ret->count > 0)
        set_both(ret, "NO_PROXY", "no_proxy", config->proxies.none);
    return 0;
}
